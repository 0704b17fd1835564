"""Rules on what a program says beside the values: changes that it ignores, secrets that it shows."""

import re
from collections.abc import Iterator

import timestream_policies.examples.options as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BACKUP_PLAN,
    BACKUP_VAULT,
    BACKUP_VAULT_LOCK,
    BACKUP_VAULT_POLICY,
    BUCKET,
    BUCKET_ENCRYPTION,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_VERSIONING,
    CUSTOMER_KEYS,
    DATABASE,
    EVENT_DATA_STORE,
    GROUP_POLICY,
    INFLUXDB,
    KEY_POLICY,
    LOG_GROUP,
    MANAGED_POLICY,
    METRIC_ALARM,
    QUEUE,
    QUEUE_POLICY,
    ROLE,
    ROLE_POLICY,
    SCHEDULED_QUERY,
    SECRET,
    SECRET_POLICY,
    SECRET_VERSION,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    TABLE,
    TOPIC,
    TOPIC_POLICY,
    TOPIC_SUBSCRIPTION,
    TRAIL,
    USER_POLICY,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
)

AWS_PROVIDER = "pulumi:providers:aws"
_POLICY = frozenset({"policy"})
_SOURCES = frozenset({"cidrBlocks", "cidrIpv4", "cidrIpv6", "fromPort", "toPort", "ipProtocol", "protocol"})
_SECURITY_INPUTS: dict[str, frozenset[str]] = {
    DATABASE: frozenset({"kmsKeyId", "tags"}),
    TABLE: frozenset({"retentionProperties", "magneticStoreWriteProperties", "tags"}),
    SCHEDULED_QUERY: frozenset({"executionRoleArn", "kmsKeyId", "errorReportConfiguration", "tags"}),
    **dict.fromkeys(
        INFLUXDB,
        frozenset(
            {
                "publiclyAccessible",
                "vpcSecurityGroupIds",
                "vpcSubnetIds",
                "logDeliveryConfiguration",
                "dbParameterGroupIdentifier",
                "tags",
            }
        ),
    ),
    **dict.fromkeys(
        CUSTOMER_KEYS,
        frozenset(
            {
                "policy",
                "enableKeyRotation",
                "rotationPeriodInDays",
                "deletionWindowInDays",
                "isEnabled",
                "enabled",
            }
        ),
    ),
    **dict.fromkeys(
        (
            KEY_POLICY,
            MANAGED_POLICY,
            ROLE_POLICY,
            USER_POLICY,
            GROUP_POLICY,
            BUCKET_POLICY,
            TOPIC_POLICY,
            QUEUE_POLICY,
            SECRET_POLICY,
            VPC_ENDPOINT_POLICY,
            BACKUP_VAULT_POLICY,
        ),
        _POLICY,
    ),
    ROLE: frozenset({"assumeRolePolicy", "inlinePolicies", "managedPolicyArns", "permissionsBoundary"}),
    # Not what has resources of its own: programs that use these must ignore it here.
    BUCKET: frozenset({"policy", "acl", "forceDestroy"}),
    BUCKET_ENCRYPTION: frozenset({"rules"}),
    BUCKET_VERSIONING: frozenset({"versioningConfiguration"}),
    BUCKET_PUBLIC_ACCESS_BLOCK: frozenset(
        {"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"}
    ),
    SECURITY_GROUP: frozenset({"ingress", "egress"}),
    **dict.fromkeys((SECURITY_GROUP_RULE, SECURITY_GROUP_INGRESS_RULE, SECURITY_GROUP_EGRESS_RULE), _SOURCES),
    VPC_ENDPOINT: frozenset({"policy", "securityGroupIds", "privateDnsEnabled"}),
    TRAIL: frozenset(
        {
            "enableLogging",
            "eventSelectors",
            "advancedEventSelectors",
            "kmsKeyId",
            "enableLogFileValidation",
            "isMultiRegionTrail",
        }
    ),
    EVENT_DATA_STORE: frozenset({"advancedEventSelectors", "kmsKeyId", "terminationProtectionEnabled"}),
    LOG_GROUP: frozenset({"kmsKeyId", "retentionInDays"}),
    METRIC_ALARM: frozenset({"actionsEnabled", "alarmActions", "threshold"}),
    TOPIC: frozenset({"policy", "kmsMasterKeyId"}),
    QUEUE: frozenset({"policy", "kmsMasterKeyId", "sqsManagedSseEnabled"}),
    SECRET: frozenset({"policy", "kmsKeyId"}),
    BACKUP_VAULT: frozenset({"kmsKeyArn", "forceDestroy"}),
    BACKUP_VAULT_LOCK: frozenset({"minRetentionDays", "maxRetentionDays", "changeableForDays"}),
    BACKUP_PLAN: frozenset({"rules"}),
}
"""What other rules judge; a change to it that is ignored is neither made nor seen."""
_FIRST_NAME = re.compile(r"\W*(\w+)")
_PLAIN_SECRETS = {
    SECRET_VERSION: ("secretString", "secretBinary"),
    AWS_PROVIDER: ("secretKey", "token"),
}
_PASSWORD_IN_ADDRESS = re.compile(r"[a-z]+://[^/?#@]*:[^/?#@]+@", re.IGNORECASE)


@rule(
    "TS-OPT-001",
    title="Changes to what keeps a resource secure are not ignored",
    severity=Severity.LOW,
    applies_to=_SECURITY_INPUTS,
    why="What somebody changed by hand is never set right, and a later fix in the program does nothing.",
    fix="Take the property out of ignore_changes.",
    snippet=examples.SNIPPET,
    good=examples.IGNORES_GOOD,
    bad=examples.IGNORES_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.9"],
        "nist-800-53-r5": ["CM-3", "CM-6"],
        "soc-2": ["CC8.1"],
        "iso-27001-2022": ["A.8.9"],
    },
    catalogue=["GAP-78"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/best-practices-security.html"],
    needs=["options"],
)
def security_inputs_are_not_ignored(resource: Resource, stack: Stack) -> Iterator[Finding]:  # noqa: ARG001
    """Look at the first name of each path: whoever ignores a part of a property hides that part."""
    for path in resource.options.ignore_changes:
        name = _property(path)
        if name in _SECURITY_INPUTS[resource.type] or path.startswith("*"):
            yield resource.finding(
                f"ignores changes to {path}, so a later fix is dropped", at=name, key=f"ignoreChanges/{path}"
            )


def _property(path: str) -> str:
    """Return the top-level property of a path such as `ingress[0].cidrBlocks`, as Pulumi writes it."""
    found = _FIRST_NAME.match(path)
    first, *rest = (found[1] if found else "").split("_")
    return first + "".join(word.capitalize() for word in rest)


@rule(
    "TS-OPT-002",
    title="Secrets are marked as secrets",
    severity=Severity.HIGH,
    applies_to=[*_PLAIN_SECRETS, TOPIC_SUBSCRIPTION],
    why="A value that is not marked lies readable in the state, in previews and in the logs of the CI.",
    fix="Take the value from pulumi.Config().require_secret, or wrap it in pulumi.Output.secret.",
    snippet=examples.MARKED_SNIPPET,
    good=examples.PLAIN_GOOD,
    bad=examples.PLAIN_BAD,
    controls={
        "nist-800-53-r5": ["IA-5(7)", "SC-28"],
        "pci-dss-4.0": ["8.6.2"],
        "soc-2": ["CC6.1"],
        "iso-27001-2022": ["A.8.24"],
    },
    links=["https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html"],
)
def secrets_are_marked(resource: Resource) -> Iterator[Finding]:
    """Judge the properties that hold nothing but a secret, and addresses with a password in them."""
    names = _PLAIN_SECRETS.get(resource.type, ())
    for name in names:
        if resource.is_secret(name):
            continue
        with resource.part(name):
            if resource.get(name):
                yield resource.finding(f"shows its {name} to whoever can read the state", at=name)
    if resource.type != TOPIC_SUBSCRIPTION or resource.is_secret("endpoint"):
        return
    if _PASSWORD_IN_ADDRESS.match(str(resource.get("endpoint", ""))):
        yield resource.finding(
            "shows the password in its endpoint to whoever can read the state", at="endpoint"
        )
