"""Amazon S3 says whether a bucket sends its events to EventBridge; moto keeps it and does not say it."""

from typing import Any

from moto.s3.models import s3_backends

from aws_sandbox.account import ACCOUNT
from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction

_TARGETS = {
    "TopicConfigurations": ("topic", "TopicArn"),
    "QueueConfigurations": ("queue", "QueueArn"),
    "LambdaFunctionConfigurations": ("cloud_function", "LambdaFunctionArn"),
}


def _target(target: Any, arn: str) -> dict[str, Any]:
    written = {"Id": target.id, arn: target.arn, "Events": target.events}
    if target.filters:
        written["Filter"] = {"Key": {"FilterRules": target.filters["S3Key"]["FilterRule"]}}
    return written


def _get_notifications(call: Operation) -> Result:
    bucket = s3_backends[ACCOUNT]["aws"].buckets.get(call.params["Bucket"])
    if bucket is None:
        raise AwsError("NoSuchBucket", "The specified bucket does not exist")
    configuration = bucket.notification_configuration
    if configuration is None:
        return {}
    targets: dict[str, Any] = {
        key: [_target(target, arn) for target in getattr(configuration, kind)]
        for key, (kind, arn) in _TARGETS.items()
    }
    return targets if configuration.event_bridge is None else {**targets, "EventBridgeConfiguration": {}}


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html",
    handlers={("s3", "GetBucketNotificationConfiguration"): _get_notifications},
)
