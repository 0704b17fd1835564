"""Amazon SQS: queues and their policies."""

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, from_aws, to_aws
from aws_sandbox.services._messaging import fifo_name, named_type, policy_type, text

_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_POLICY_LIMIT = SizeLimit(
    property="policy",
    characters=8_192,
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html",
)
_BOOLEANS = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "fifoQueue": "FifoQueue",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
}
_NUMBERS = {
    "delaySeconds": "DelaySeconds",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
_TEXTS = {
    "deduplicationScope": "DeduplicationScope",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
}
_QUEUE = _BOOLEANS | _NUMBERS | _TEXTS


def _attributes(inputs: Properties) -> dict[str, str]:
    values = {name: value for name, value in inputs.items() if value not in ("", False)}
    # With a key of the customer, SQS's own encryption is off; stating both is refused by AWS.
    if inputs.get("sqsManagedSseEnabled") is False and not inputs.get("kmsMasterKeyId"):
        values["sqsManagedSseEnabled"] = False
    return {name: text(value) for name, value in to_aws(_QUEUE, values).items()}


def _create_queue(aws: Aws, inputs: Properties) -> str:
    answer = aws.client("sqs").create_queue(
        QueueName=fifo_name(inputs, "fifoQueue"),
        Attributes=_attributes(inputs),
        tags=inputs.get("tagsAll") or {},
    )
    return str(answer["QueueUrl"])


def _attributes_of(aws: Aws, url: str) -> dict[str, str] | None:
    client = aws.client("sqs")
    answer = found(lambda: client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]), *_GONE)
    return None if answer is None else answer.get("Attributes", {})


def _read_queue(aws: Aws, url: str, state: Properties) -> Properties | None:
    attributes = _attributes_of(aws, url)
    if attributes is None:
        return None
    return {
        **{name: value == "true" for name, value in from_aws(_BOOLEANS, attributes).items()},
        **{name: int(value) for name, value in from_aws(_NUMBERS, attributes).items()},
        **{name: value for name, value in from_aws(_TEXTS, attributes).items() if value},
        "fifoQueue": attributes.get("FifoQueue") == "true",
        "contentBasedDeduplication": attributes.get("ContentBasedDeduplication") == "true",
        "arn": attributes["QueueArn"],
        "name": attributes["QueueArn"].rsplit(":", 1)[1],
        "url": url,
        "tagsAll": _tags.own(aws.client("sqs").list_queue_tags(QueueUrl=url).get("Tags")),
    }


def _update_queue(aws: Aws, url: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("sqs")
    new = _attributes(inputs)
    attributes = {
        attribute: new.get(attribute, "")
        for name, attribute in _QUEUE.items()
        if changed(state, inputs, name)
    }
    # What the program does not state and AWS decides is no change.
    attributes = {
        attribute: value
        for attribute, value in attributes.items()
        if value or attribute in ("KmsMasterKeyId", "Policy", "RedrivePolicy", "RedriveAllowPolicy")
    }
    if attributes:
        client.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.untag_queue(QueueUrl=url, TagKeys=to_remove)
    if to_set:
        client.tag_queue(QueueUrl=url, Tags=to_set)


def _delete_queue(aws: Aws, url: str, state: Properties) -> None:
    client = aws.client("sqs")
    found(lambda: client.delete_queue(QueueUrl=url), *_GONE)


def _put_policy(aws: Aws, url: str, policy: str) -> None:
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _read_policy(aws: Aws, url: str, state: Properties) -> Properties | None:
    attributes = _attributes_of(aws, url)
    if not attributes or not attributes.get("Policy"):
        return None
    return {"queueUrl": url, "policy": attributes["Policy"]}


def _delete_policy(aws: Aws, url: str, state: Properties) -> None:
    found(lambda: _put_policy(aws, url, ""), *_GONE)


TYPES: tuple[ResourceType, ...] = (
    named_type(
        "aws:sqs/queue:Queue",
        fifo="fifoQueue",
        create=_create_queue,
        read=_read_queue,
        update=_update_queue,
        delete=_delete_queue,
        defaults={
            "contentBasedDeduplication": False,
            "delaySeconds": 0,
            "fifoQueue": False,
            "maxMessageSize": 262_144,
            "messageRetentionSeconds": 345_600,
            "receiveWaitTimeSeconds": 0,
            "visibilityTimeoutSeconds": 30,
        },
        json_documents=frozenset({"redriveAllowPolicy", "redrivePolicy"}),
        limit=_POLICY_LIMIT,
    ),
    policy_type(
        "aws:sqs/queuePolicy:QueuePolicy",
        of="queueUrl",
        put=_put_policy,
        read=_read_policy,
        delete=_delete_policy,
        limit=_POLICY_LIMIT,
    ),
)
