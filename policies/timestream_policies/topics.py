"""Who publishes on a topic, and whether the topic's policy and key let them."""

from timestream_policies.documents import Principal, Statement
from timestream_policies.key_policies import covers
from timestream_policies.model import Resource
from timestream_policies.resource_policies import admits, policies, policy_statements
from timestream_policies.roles import aws_policies_of, names_of, statements_of
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BACKUP_VAULT_NOTIFICATIONS,
    BUCKET_NOTIFICATION,
    COMPOSITE_ALARM,
    CUSTOMER_KEYS,
    EVENT_TARGET,
    METRIC_ALARM,
    TRAIL,
)
from timestream_policies.undecided import all_of, any_of, holds
from timestream_policies.wildcards import has_wildcard, matches

CLOUDWATCH = "cloudwatch.amazonaws.com"
_ACTIONS = ("alarmActions", "okActions", "insufficientDataActions")
PUBLISHERS = {
    CLOUDWATCH: tuple(
        (METRIC_ALARM if metric else COMPOSITE_ALARM, path) for metric in (True, False) for path in _ACTIONS
    ),
    "events.amazonaws.com": ((EVENT_TARGET, "arn"),),
    "cloudtrail.amazonaws.com": ((TRAIL, "snsTopicName"),),
    "backup.amazonaws.com": ((BACKUP_VAULT_NOTIFICATIONS, "snsTopicArn"),),
    "s3.amazonaws.com": ((BUCKET_NOTIFICATION, "topics[].topicArn"),),
}
"""The services that publish by themselves, and the properties that name the topic."""
WITHOUT_SOURCE = frozenset({"events.amazonaws.com", "backup.amazonaws.com"})
"""Services whose documentation has no source condition for topics."""
USES_OF_KEY = ("kms:decrypt", "kms:generatedatakey")


def is_publisher(service: str, topic: Resource, stack: Stack) -> bool:
    """Tell whether something in this stack makes the service publish on the topic."""
    return any_of(PUBLISHERS[service], lambda place: bool(stack.referring(topic, *place)))


def may_publish(service: str, topic: Resource, stack: Stack) -> bool:
    """Tell whether the topic's policy admits the service; the default policy admits alarms of the account."""
    documents = list(policies(topic, stack))
    if not documents:
        return service == CLOUDWATCH
    return any_of(documents, lambda document: admits(document, service, "sns:publish"))


def may_use_key(service: str, key: Resource, stack: Stack) -> bool:
    """Tell whether the policies of a key let a service encrypt what it publishes."""

    def allows(action: str) -> bool:
        return any_of(policies(key, stack), lambda document: admits(document, service, action))

    return all_of(USES_OF_KEY, allows)


def role_may_use_key(role: Resource, key: Resource, stack: Stack) -> bool:
    """Tell whether a role can encrypt what it publishes: its own policies say so, or those of the key."""
    return all_of(USES_OF_KEY, lambda action: _role_may(role, key, action, stack))


def _role_may(role: Resource, key: Resource, action: str, stack: Stack) -> bool:
    def by_its_policies() -> bool:
        return any_of(statements_of(role, stack), lambda statement: _grants(statement, action, key))

    def by_a_policy_of_aws() -> bool:
        return any(True for _ in aws_policies_of(role, stack))

    def by_the_key() -> bool:
        return any_of(
            policy_statements(key, stack),
            lambda statement: holds(
                statement,
                lambda s: s.allows,
                lambda s: covers(s, action),
                lambda s: any_of(s.principals, lambda principal: _is_role(principal, role)),
            ),
        )

    return any_of((by_its_policies, by_a_policy_of_aws, by_the_key), lambda way: way())


def _grants(statement: Statement, action: str, key: Resource) -> bool:
    return holds(
        statement,
        lambda s: s.allows,
        lambda s: covers(s, action),
        lambda s: bool(s.not_resources) or any_of(s.resources, lambda pattern: _may_name(pattern, key)),
    )


def _may_name(pattern: str, key: Resource) -> bool:
    # The id of a key that does not exist yet is known to nobody, so that only a wildcard covers it.
    arn = key.output("arn")
    return matches(pattern, arn) if arn else has_wildcard(pattern)


def _is_role(principal: Principal, role: Resource) -> bool:
    if principal.kind.lower() != "aws":
        return False
    arn = role.output("arn")
    if arn is not None:
        return principal.value == arn
    return any_of(names_of(role), lambda name: principal.value.endswith(f"/{name}"))


def keys(topic: Resource, stack: Stack) -> list[Resource]:
    """Return the key of this stack that encrypts the topic."""
    return stack.behind(topic, "kmsMasterKeyId", *CUSTOMER_KEYS)
