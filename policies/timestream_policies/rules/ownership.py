"""The rule on settings that two resources claim."""

from collections.abc import Iterator, Mapping

import timestream_policies.examples.ownership as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.references import names_something
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BACKUP_VAULT,
    BACKUP_VAULT_LOCK,
    BACKUP_VAULT_POLICY,
    BUCKET,
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
    CUSTOMER_KEYS,
    KEY_POLICY,
    QUEUE,
    QUEUE_POLICY,
    QUEUE_REDRIVE,
    QUEUE_REDRIVE_ALLOW,
    SECRET,
    SECRET_POLICY,
    SECRET_ROTATION,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    TOPIC,
    TOPIC_POLICY,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
    short,
)

# The property of the owner ("" if it has none), the type that sets the same, its reference to the
# owner, and whether several of that type may stand side by side.
Sibling = tuple[str, str, str, bool]

_KEY: tuple[Sibling, ...] = (("policy", KEY_POLICY, "keyId", False),)
SIBLINGS: Mapping[str, tuple[Sibling, ...]] = {
    **dict.fromkeys(CUSTOMER_KEYS, _KEY),
    BUCKET: (
        ("policy", BUCKET_POLICY, "bucket", False),
        ("", BUCKET_PUBLIC_ACCESS_BLOCK, "bucket", False),
        ("", BUCKET_OWNERSHIP, "bucket", False),
        ("", BUCKET_NOTIFICATION, "bucket", False),
        ("acl", BUCKET_ACL, "bucket", False),
        ("corsRules", BUCKET_CORS, "bucket", False),
        ("serverSideEncryptionConfiguration", BUCKET_ENCRYPTION, "bucket", False),
        ("lifecycleRules", BUCKET_LIFECYCLE, "bucket", False),
        ("logging", BUCKET_LOGGING, "bucket", False),
        ("objectLockConfiguration", BUCKET_OBJECT_LOCK, "bucket", False),
        ("replicationConfiguration", BUCKET_REPLICATION, "bucket", False),
        ("versioning", BUCKET_VERSIONING, "bucket", False),
        ("website", BUCKET_WEBSITE, "bucket", False),
    ),
    TOPIC: (("policy", TOPIC_POLICY, "arn", False),),
    QUEUE: (
        ("policy", QUEUE_POLICY, "queueUrl", False),
        ("redrivePolicy", QUEUE_REDRIVE, "queueUrl", False),
        ("redriveAllowPolicy", QUEUE_REDRIVE_ALLOW, "queueUrl", False),
    ),
    SECRET: (
        ("policy", SECRET_POLICY, "secretArn", False),
        ("", SECRET_ROTATION, "secretId", False),
    ),
    VPC_ENDPOINT: (("policy", VPC_ENDPOINT_POLICY, "vpcEndpointId", False),),
    BACKUP_VAULT: (
        ("", BACKUP_VAULT_LOCK, "backupVaultName", False),
        ("", BACKUP_VAULT_POLICY, "backupVaultName", False),
    ),
    SECURITY_GROUP: (
        ("ingress", SECURITY_GROUP_INGRESS_RULE, "securityGroupId", True),
        ("egress", SECURITY_GROUP_EGRESS_RULE, "securityGroupId", True),
    ),
}


@rule(
    "TS-GEN-005",
    title="Each setting has one owner",
    severity=Severity.MEDIUM,
    applies_to=SIBLINGS,
    why="Of two resources that set the same the last writer wins: what was checked is not what holds.",
    fix="Keep the setting in one resource, and remove it from the other.",
    snippet=examples.SNIPPET,
    good=examples.ONE_GOOD,
    bad=examples.ONE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.9"], "nist-800-53-r5": ["CM-2", "CM-6"]},
    catalogue=["GAP-76"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html"],
)
def settings_have_one_owner(owner: Resource, stack: Stack) -> Iterator[Finding]:
    """Count who sets the same for the resource."""
    present = stack.once(f"siblings of {owner.type}", lambda: _present(owner.type, stack))
    for name, type_, path, may_be_several in present:
        with owner:
            yield from _twice(owner, stack, name, (type_, path), may_be_several=may_be_several)
    if owner.type == SECURITY_GROUP:
        with owner:
            yield from _classic_rules(owner, stack)


def _present(type_: str, stack: Stack) -> tuple[Sibling, ...]:
    """Return the siblings of a type that the stack has any of."""
    return tuple(row for row in SIBLINGS[type_] if any(True for _ in stack.of_type(row[1])))


def _twice(
    owner: Resource, stack: Stack, name: str, sibling: tuple[str, str], *, may_be_several: bool
) -> Iterator[Finding]:
    type_, path = sibling
    beside = stack.each_referring(owner, type_, path)
    first = next(beside, None)
    if first is None:
        return
    if name and names_something(owner, name):
        yield owner.finding(
            f"sets {name} itself, and {short(type_)} {first.name!r} sets it too",
            at=name,
            key=f"twice/{type_}",
        )
    elif not may_be_several:
        for second in beside:
            yield owner.finding(
                f"has two resources that set the same: {short(type_)} {first.name!r} and {second.name!r}",
                key=f"twice/{type_}/{second.name}",
            )


def _classic_rules(group: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for rules of the older type beside rules in the group, in the same direction."""
    for other in stack.each_referring(group, SECURITY_GROUP_RULE, "securityGroupId"):
        with other:
            direction = "egress" if str(other.get("type")).lower() == "egress" else "ingress"
            if names_something(group, direction):
                yield group.finding(
                    f"sets {direction} itself, and {short(SECURITY_GROUP_RULE)} {other.name!r} sets it too",
                    at=direction,
                    key=f"twice/{other.name}",
                )
