"""Amazon SNS: topics, their policies and subscriptions."""

import json
from collections.abc import Mapping

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, from_aws, to_aws
from aws_sandbox.services._messaging import fifo_name, named_type, policy_type, text

_POLICY_LIMIT = SizeLimit(
    property="policy",
    characters=30_720,
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html",
)

_FEEDBACK = {
    f"{protocol}{kind}": f"{aws}{kind[0].upper()}{kind[1:]}"
    for protocol, aws in {
        "application": "Application",
        "firehose": "Firehose",
        "http": "HTTP",
        "lambda": "Lambda",
        "sqs": "SQS",
    }.items()
    for kind in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
}
_TOPIC = {
    "archivePolicy": "ArchivePolicy",
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoThroughputScope": "FifoThroughputScope",
    "fifoTopic": "FifoTopic",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
    **_FEEDBACK,
}
_TOPIC_COMPUTED = {"arn": "TopicArn", "owner": "Owner", "beginningArchiveTime": "BeginningArchiveTime"}
_SUBSCRIPTION = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "replayPolicy": "ReplayPolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}
_SUBSCRIPTION_COMPUTED = {
    "arn": "SubscriptionArn",
    "endpoint": "Endpoint",
    "ownerId": "Owner",
    "protocol": "Protocol",
    "topic": "TopicArn",
    "confirmationWasAuthenticated": "ConfirmationWasAuthenticated",
    "pendingConfirmation": "PendingConfirmation",
}
_BOOLEANS = frozenset(
    {
        "contentBasedDeduplication",
        "fifoTopic",
        "rawMessageDelivery",
        "confirmationWasAuthenticated",
        "pendingConfirmation",
    }
)
_NUMBERS = frozenset({"signatureVersion", *(name for name in _FEEDBACK if name.endswith("SampleRate"))})


def _attributes(names: Mapping[str, str], inputs: Properties) -> dict[str, str]:
    return {name: text(value) for name, value in to_aws(names, inputs).items() if value not in ("", False)}


def _properties(names: Mapping[str, str], attributes: Mapping[str, str]) -> Properties:
    properties = from_aws(names, attributes)
    for name in properties.keys() & _BOOLEANS:
        properties[name] = str(properties[name]).lower() == "true"
    for name in properties.keys() & _NUMBERS:
        properties[name] = int(properties[name])
    return {name: value for name, value in properties.items() if value != ""}


def _create_topic(aws: Aws, inputs: Properties) -> str:
    answer = aws.client("sns").create_topic(
        Name=fifo_name(inputs, "fifoTopic"),
        Attributes=_attributes(_TOPIC, inputs),
        Tags=_tags.to_list(inputs.get("tagsAll")),
    )
    return str(answer["TopicArn"])


def _read_topic(aws: Aws, topic: str, state: Properties) -> Properties | None:
    client = aws.client("sns")
    answer = found(lambda: client.get_topic_attributes(TopicArn=topic), "NotFound", "NotFoundException")
    if answer is None:
        return None
    tags = client.list_tags_for_resource(ResourceArn=topic)["Tags"]
    return {
        "fifoTopic": False,
        "contentBasedDeduplication": False,
        **_properties(_TOPIC | _TOPIC_COMPUTED, answer["Attributes"]),
        "name": topic.rsplit(":", 1)[1],
        "tagsAll": _tags.from_list(tags),
    }


def _update_topic(aws: Aws, topic: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("sns")
    for name, attribute in _TOPIC.items():
        # A policy that the program no longer states stays as AWS has it, as with the real provider.
        if changed(state, inputs, name) and not (name == "policy" and inputs.get(name) is None):
            value = text(inputs[name]) if inputs.get(name) is not None else ""
            client.set_topic_attributes(TopicArn=topic, AttributeName=attribute, AttributeValue=value)
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.untag_resource(ResourceArn=topic, TagKeys=to_remove)
    if to_set:
        client.tag_resource(ResourceArn=topic, Tags=_tags.to_list(to_set))


def _delete_topic(aws: Aws, topic: str, state: Properties) -> None:
    client = aws.client("sns")
    found(lambda: client.delete_topic(TopicArn=topic), "NotFound", "NotFoundException")


def _default_policy(topic: str, owner: str) -> str:
    """Return the policy a topic has when nobody set one.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    """
    actions = [
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
        "ListSubscriptionsByTopic",
        "Publish",
    ]
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def _put_topic_policy(aws: Aws, topic: str, policy: str) -> None:
    aws.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)


def _read_topic_policy(aws: Aws, topic: str, state: Properties) -> Properties | None:
    client = aws.client("sns")
    answer = found(lambda: client.get_topic_attributes(TopicArn=topic), "NotFound", "NotFoundException")
    if answer is None:
        return None
    attributes = answer["Attributes"]
    return {"arn": topic, "policy": attributes["Policy"], "owner": attributes["Owner"]}


def _delete_topic_policy(aws: Aws, topic: str, state: Properties) -> None:
    # AWS has no call that removes a topic's policy; the real provider puts the default one back.
    policy = _default_policy(topic, aws.account)
    found(lambda: _put_topic_policy(aws, topic, policy), "NotFound", "NotFoundException")


def _subscribe(aws: Aws, inputs: Properties) -> str:
    answer = aws.client("sns").subscribe(
        TopicArn=inputs["topic"],
        Protocol=inputs["protocol"],
        Endpoint=inputs["endpoint"],
        Attributes=_attributes(_SUBSCRIPTION, inputs),
        ReturnSubscriptionArn=True,
    )
    return str(answer["SubscriptionArn"])


def _read_subscription(aws: Aws, subscription: str, state: Properties) -> Properties | None:
    client = aws.client("sns")
    answer = found(
        lambda: client.get_subscription_attributes(SubscriptionArn=subscription),
        "NotFound",
        "NotFoundException",
    )
    if answer is None:
        return None
    return {
        "rawMessageDelivery": False,
        **_properties(_SUBSCRIPTION | _SUBSCRIPTION_COMPUTED, answer["Attributes"]),
    }


def _update_subscription(aws: Aws, subscription: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("sns")
    for name, attribute in _SUBSCRIPTION.items():
        if changed(state, inputs, name):
            value = text(inputs[name]) if inputs.get(name) is not None else ""
            client.set_subscription_attributes(
                SubscriptionArn=subscription, AttributeName=attribute, AttributeValue=value
            )


def _unsubscribe(aws: Aws, subscription: str, state: Properties) -> None:
    client = aws.client("sns")
    found(lambda: client.unsubscribe(SubscriptionArn=subscription), "NotFound", "NotFoundException")


TYPES: tuple[ResourceType, ...] = (
    named_type(
        "aws:sns/topic:Topic",
        fifo="fifoTopic",
        create=_create_topic,
        read=_read_topic,
        update=_update_topic,
        delete=_delete_topic,
        defaults={"fifoTopic": False, "contentBasedDeduplication": False},
        json_documents=frozenset({"deliveryPolicy", "archivePolicy"}),
        limit=_POLICY_LIMIT,
    ),
    policy_type(
        "aws:sns/topicPolicy:TopicPolicy",
        of="arn",
        put=_put_topic_policy,
        read=_read_topic_policy,
        delete=_delete_topic_policy,
        limit=_POLICY_LIMIT,
    ),
    ResourceType(
        token="aws:sns/topicSubscription:TopicSubscription",
        create=_subscribe,
        read=_read_subscription,
        update=_update_subscription,
        delete=_unsubscribe,
        replaces=frozenset({"endpoint", "protocol", "topic"}),
        defaults={
            "confirmationTimeoutInMinutes": 1,
            "endpointAutoConfirms": False,
            "rawMessageDelivery": False,
        },
        write_only=frozenset({"confirmationTimeoutInMinutes", "endpointAutoConfirms"}),
        json_documents=frozenset({"deliveryPolicy", "filterPolicy", "redrivePolicy", "replayPolicy"}),
    ),
)
