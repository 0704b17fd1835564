"""Who publishes on a topic, and whether the topic's policy and key let them."""

from collections.abc import Iterator

from timestream_policies.documents import PolicyDocument
from timestream_policies.model import Resource
from timestream_policies.resource_policies import admits
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BACKUP_VAULT_NOTIFICATIONS,
    COMPOSITE_ALARM,
    CUSTOMER_KEYS,
    EVENT_TARGET,
    KEY_POLICY,
    METRIC_ALARM,
    TOPIC_POLICY,
    TRAIL,
)
from timestream_policies.undecided import all_of, any_of

CLOUDWATCH = "cloudwatch.amazonaws.com"
_ACTIONS = ("alarmActions", "okActions", "insufficientDataActions")
PUBLISHERS = {
    CLOUDWATCH: tuple(
        (METRIC_ALARM if metric else COMPOSITE_ALARM, path) for metric in (True, False) for path in _ACTIONS
    ),
    "events.amazonaws.com": ((EVENT_TARGET, "arn"),),
    "cloudtrail.amazonaws.com": ((TRAIL, "snsTopicName"),),
    "backup.amazonaws.com": ((BACKUP_VAULT_NOTIFICATIONS, "snsTopicArn"),),
}
"""The services that publish by themselves, and the properties that name the topic."""
WITHOUT_SOURCE = frozenset({"events.amazonaws.com", "backup.amazonaws.com"})
"""Services whose documentation has no source condition for topics."""
USES_OF_KEY = ("kms:decrypt", "kms:generatedatakey")


def is_publisher(service: str, topic: Resource, stack: Stack) -> bool:
    """Tell whether something in this stack makes the service publish on the topic."""
    return any_of(PUBLISHERS[service], lambda place: bool(stack.referring(topic, *place)))


def policies(topic: Resource, stack: Stack) -> Iterator[PolicyDocument]:
    """Yield the policies of the topic."""
    if inline := topic.document("policy"):
        yield inline
    for apart in stack.each_referring(topic, TOPIC_POLICY, "arn"):
        if document := apart.document("policy"):
            yield document


def may_publish(service: str, topic: Resource, stack: Stack) -> bool:
    """Tell whether the topic's policy admits the service; the default policy admits alarms of the account."""
    documents = list(policies(topic, stack))
    if not documents:
        return service == CLOUDWATCH
    return any_of(documents, lambda document: admits(document, service, "sns:publish"))


def may_use_key(service: str, key: Resource, stack: Stack) -> bool:
    """Tell whether the policies of a key let a service encrypt what it publishes."""

    def allows(action: str) -> bool:
        return any_of(_key_policies(key, stack), lambda document: admits(document, service, action))

    return all_of(USES_OF_KEY, allows)


def _key_policies(key: Resource, stack: Stack) -> Iterator[PolicyDocument]:
    if inline := key.document("policy"):
        yield inline
    for apart in stack.each_referring(key, KEY_POLICY, "keyId"):
        if document := apart.document("policy"):
            yield document


def keys(topic: Resource, stack: Stack) -> list[Resource]:
    """Return the key of this stack that encrypts the topic."""
    return stack.behind(topic, "kmsMasterKeyId", *CUSTOMER_KEYS)
