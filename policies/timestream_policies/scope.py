"""What belongs to Timestream in a stack: all that `scope: timestream` judges.

When in doubt a resource belongs: a scope that is too wide costs a finding, one too narrow hides it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from timestream_policies.model import Resource
from timestream_policies.types import (
    BACKUP_VAULT_LOCK,
    BACKUP_VAULT_NOTIFICATIONS,
    BACKUP_VAULT_POLICY,
    BUCKET_ACL,
    BUCKET_CORS,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_NOTIFICATION,
    BUCKET_OBJECT_LOCK,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
    BUCKET_WEBSITE,
    EVENT_RULE,
    IDENTITY_POLICIES,
    KEY_ALIAS,
    KEY_GRANT,
    KEY_POLICY,
    METRIC_ALARM,
    NAME_PROPERTY,
    QUEUE_POLICY,
    QUEUE_REDRIVE,
    QUEUE_REDRIVE_ALLOW,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    SECRET_POLICY,
    SECRET_ROTATION,
    SECRET_VERSION,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    STACK,
    TIMESTREAM,
    TOPIC_POLICY,
    TOPIC_SUBSCRIPTION,
    TRAIL,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
    VPC_ENDPOINT_SUBNET,
)

if TYPE_CHECKING:
    from timestream_policies.stack import Stack

_CONFIGURES = {
    **dict.fromkeys(
        (
            BUCKET_ACL,
            BUCKET_CORS,
            BUCKET_ENCRYPTION,
            BUCKET_LIFECYCLE,
            BUCKET_LOGGING,
            BUCKET_NOTIFICATION,
            BUCKET_OBJECT_LOCK,
            BUCKET_OWNERSHIP,
            BUCKET_POLICY,
            BUCKET_PUBLIC_ACCESS_BLOCK,
            BUCKET_REPLICATION,
            BUCKET_VERSIONING,
            BUCKET_WEBSITE,
        ),
        "bucket",
    ),
    **dict.fromkeys((BACKUP_VAULT_LOCK, BACKUP_VAULT_NOTIFICATIONS, BACKUP_VAULT_POLICY), "backupVaultName"),
    **dict.fromkeys((QUEUE_POLICY, QUEUE_REDRIVE, QUEUE_REDRIVE_ALLOW), "queueUrl"),
    **dict.fromkeys((ROLE_POLICY, ROLE_POLICY_ATTACHMENT), "role"),
    **dict.fromkeys((SECRET_POLICY, SECRET_ROTATION, SECRET_VERSION), "secretId"),
    **dict.fromkeys(
        (SECURITY_GROUP_RULE, SECURITY_GROUP_INGRESS_RULE, SECURITY_GROUP_EGRESS_RULE), "securityGroupId"
    ),
    **dict.fromkeys((VPC_ENDPOINT_POLICY, VPC_ENDPOINT_SUBNET), "vpcEndpointId"),
    **dict.fromkeys((KEY_POLICY, KEY_GRANT), "keyId"),
    KEY_ALIAS: "targetKeyId",
    TOPIC_POLICY: "arn",
    TOPIC_SUBSCRIPTION: "topic",
}
"""The types that only say more of another resource, and the property that names it."""
_MAY_BE_ABOUT = frozenset({METRIC_ALARM, VPC_ENDPOINT, TRAIL, EVENT_RULE, *IDENTITY_POLICIES})
"""They are of Timestream if they speak of it, even if they refer to nothing in the stack."""


def timestream_scope(stack: "Stack") -> frozenset[str]:
    """Return the URNs of all that a Timestream resource depends on or is reached by."""
    inside = _inside(stack)
    depends = _dependencies(stack, inside)
    reached_by: defaultdict[str, set[str]] = defaultdict(set)
    for source, targets in depends.items():
        for target in targets:
            reached_by[target].add(source)
    data = {resource.urn for resource in stack.resources if resource.type in TIMESTREAM}
    about = {resource.urn for resource in stack.resources if _is_about(resource)}
    scope = _closure(data | about, depends) | _closure(data, reached_by)
    scope |= {
        resource.urn
        for resource in stack.resources
        if resource.type in _CONFIGURES and _configured(resource, depends, inside) & scope
    }
    # The root is asked what is deleted, so it belongs although nothing else is left.
    if not scope and not any(resource.type in TIMESTREAM for resource in stack.deleted):
        return frozenset()
    return frozenset(scope | {root.urn for root in stack.of_type(STACK)})


def _closure(start: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    found = set(start)
    pending = list(found)
    while pending:
        new = edges.get(pending.pop(), set()) - found
        found |= new
        pending.extend(new)
    return found


def _inside(stack: "Stack") -> dict[str, set[str]]:
    """Return the children of each component: what refers to a component refers to what is in it."""
    children: defaultdict[str, set[str]] = defaultdict(set)
    for resource in stack.resources:
        children[resource.parent].add(resource.urn)
    # Only tokens of custom resources have a slash.
    components = [r.urn for r in stack.resources if "/" not in r.type and r.type != STACK]
    return {urn: children[urn] for urn in components if urn in children}


def _dependencies(stack: "Stack", inside: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return whom each resource depends on: by reference, or by a name, id or ARN."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for resource in stack.resources:
        given = resource.inputs.get(NAME_PROPERTY.get(resource.type, "name"))
        for text in (resource.id, resource.output("arn"), given):
            if isinstance(text, str) and text:
                named[text].add(resource.urn)
    depends: dict[str, set[str]] = {}
    for resource in stack.resources:
        targets = set(resource.dependencies)
        targets.update(urn for urns in resource.property_dependencies.values() for urn in urns)
        for text in _texts(dict(resource.inputs)):
            targets |= named.get(text, set())
        depends[resource.urn] = _closure(targets, inside) - {resource.urn}
    return depends


def _configured(
    resource: Resource, depends: Mapping[str, set[str]], inside: Mapping[str, set[str]]
) -> set[str]:
    """Return whom a resource configures; all that it depends on if it does not say which of these."""
    stated = resource.property_dependencies.get(_CONFIGURES[resource.type], ())
    return _closure(stated, inside) or depends[resource.urn]


def _is_about(resource: Resource) -> bool:
    return resource.type in _MAY_BE_ABOUT and any(
        "timestream" in text.lower() for text in _texts(dict(resource.inputs))
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
