"""Where a bucket sends its events."""

from typing import Any

from aws_sandbox.resource import Properties, ResourceType
from aws_sandbox.services.s3.setting import setting

_TARGETS = {
    "lambdaFunctions": ("LambdaFunctionConfigurations", "lambdaFunctionArn", "LambdaFunctionArn"),
    "queues": ("QueueConfigurations", "queueArn", "QueueArn"),
    "topics": ("TopicConfigurations", "topicArn", "TopicArn"),
}
_FILTERS = {"filterPrefix": "prefix", "filterSuffix": "suffix"}


def _target_to_aws(target: Properties, name: str, aws_name: str) -> dict[str, Any]:
    written = {aws_name: target[name], "Events": target["events"]}
    if target.get("id"):
        written["Id"] = target["id"]
    rules = [{"Name": part, "Value": target[key]} for key, part in _FILTERS.items() if target.get(key)]
    return {**written, "Filter": {"Key": {"FilterRules": rules}}} if rules else written


def _target_from_aws(target: dict[str, Any], name: str, aws_name: str) -> Properties:
    rules = target.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    values = {rule["Name"].lower(): rule["Value"] for rule in rules}
    return {
        "id": target["Id"],
        name: target[aws_name],
        "events": target["Events"],
        **{key: values[part] for key, part in _FILTERS.items() if part in values},
    }


def _put(client: Any, bucket: str, inputs: Properties) -> None:
    configuration: dict[str, Any] = {
        group: [_target_to_aws(target, name, aws_name) for target in inputs[kind]]
        for kind, (group, name, aws_name) in _TARGETS.items()
        if inputs.get(kind)
    }
    if inputs.get("eventbridge"):
        configuration["EventBridgeConfiguration"] = {}
    client.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)


def _get(client: Any, bucket: str, state: Properties) -> Properties | None:
    answer = client.get_bucket_notification_configuration(Bucket=bucket)
    found: Properties = {
        kind: [_target_from_aws(target, name, aws_name) for target in answer[group]]
        for kind, (group, name, aws_name) in _TARGETS.items()
        if answer.get(group)
    }
    for kind, targets in found.items():
        stated = state.get(kind) or []
        if len(stated) == len(targets):
            # S3 makes up an id where none is stated.
            for given, target in zip(stated, targets, strict=True):
                if not given.get("id"):
                    del target["id"]
    eventbridge = "EventBridgeConfiguration" in answer
    return {**found, "eventbridge": eventbridge} if found or eventbridge else None


def _remove(client: Any, bucket: str, state: Properties) -> None:
    client.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})


TYPES: tuple[ResourceType, ...] = (
    setting(
        "aws:s3/bucketNotification:BucketNotification",
        put=_put,
        get=_get,
        remove=_remove,
        missing="NoSuchBucket",
        defaults={"eventbridge": False},
    ),
)
