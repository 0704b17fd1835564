"""Rules on the KMS keys that protect Timestream data."""

from collections.abc import Iterator

import timestream_policies.examples.keys as examples
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.references import names_something
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import CUSTOMER_KEYS, KEY, KEY_POLICY
from timestream_policies.undecided import any_of
from timestream_policies.wildcards import matches

WITH_POLICY = (*CUSTOMER_KEYS, KEY_POLICY)
KEY_POLICIES_PAGE = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"
DEFAULT_PERIOD = 365
DEFAULT_WINDOW = 30
LONGEST_WINDOW = 30


@rule(
    "TS-KMS-001",
    title="Key policies grant nothing to everybody",
    severity=Severity.CRITICAL,
    applies_to=WITH_POLICY,
    why="A key that anybody may use protects nothing that it encrypts.",
    fix="Name the principals, or add a condition on aws:PrincipalOrgID or aws:PrincipalAccount.",
    snippet=examples.KEY_SNIPPET,
    good=examples.NOT_PUBLIC_GOOD,
    bad=examples.NOT_PUBLIC_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "cis-aws-7.0.0": ["2.21"],
        "aws-fsbp": ["KMS.5"],
        "iso-27001-2022": ["A.8.1"],
    },
    equivalents={
        "checkov": ["CKV_AWS_33"],
        "prowler": ["kms_key_not_publicly_accessible"],
        "guard": ["KMS_NO_WILDCARD_PRINCIPAL"],
        "kics": ["7ebc9038"],
        "security-hub": ["KMS.5"],
        "starchitect": ["aws_kms_keys_not_public"],
    },
    catalogue=["KMS-02", "GAP-17"],
    links=[KEY_POLICIES_PAGE],
)
def key_policy_is_not_public(key: Resource) -> Iterator[Finding]:
    """Judge each statement of the key's policy."""
    document = key.document("policy")
    for statement in document.statements if document else ():
        with statement:
            if statement.allows and is_open_to_anyone(statement):
                yield key.finding(
                    f"lets everybody in: {statement} of its policy allows a wildcard principal, "
                    "and no condition keeps strangers out",
                    at="policy",
                    key=f"policy/{statement.key}",
                )


@rule(
    "TS-KMS-002",
    title="Keys that protect Timestream data rotate at least once a year",
    severity=Severity.HIGH,
    applies_to=[KEY],
    why="Without rotation one leaked key version opens everything ever written.",
    fix="Set enable_key_rotation=True and keep rotation_period_in_days at 365 or below.",
    snippet=examples.KEY_SNIPPET,
    good=examples.ROTATES_GOOD,
    bad=examples.ROTATES_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "cis-aws-7.0.0": ["4.6"],
        "cis-aws-5.0.0": ["3.6"],
        "cis-aws-3.0.0": ["3.6"],
        "nist-800-53-r5": ["SC-12"],
        "hipaa": ["164.312(a)(2)(iv)"],
        "pci-dss-4.0": ["3.7.4"],
        "aws-fsbp": ["KMS.4"],
    },
    equivalents={
        "checkov": ["CKV_AWS_7"],
        "cdk-nag": ["AwsSolutions-KMS5", "KMSBackingKeyRotationEnabled"],
        "prowler": ["kms_cmk_rotation_enabled"],
        "trivy": ["AWS-0065"],
        "guard": ["CMK_BACKING_KEY_ROTATION_ENABLED"],
        "kics": ["22fbfeac"],
        "awsguard": ["cmk-backing-key-rotation-enabled"],
        "compliance-policies": ["aws-kms-key-enable-key-rotation"],
        "security-hub": ["KMS.4"],
        "starchitect": ["aws_kms_key_rotation"],
    },
    catalogue=["KMS-01"],
    remedy=Remedy("enableKeyRotation", value=True),
    links=["https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"],
)
def keys_rotate(key: Resource) -> Iterator[Finding]:
    """Judge the keys that KMS can rotate."""
    if not can_rotate(key):
        return
    if not key.flag("enableKeyRotation"):
        yield key.finding("is never rotated", at="enableKeyRotation")
        return
    days = key.number("rotationPeriodInDays", DEFAULT_PERIOD)
    if days > key.settings.thresholds.key_rotation_days:
        yield key.finding(f"rotates only every {days:g} days", at="rotationPeriodInDays")


def can_rotate(key: Resource) -> bool:
    """Tell whether KMS rotates such keys: symmetric ones for encryption, in its own key store."""
    return (
        key.get("customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
        and key.get("keyUsage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"
        and not key.get("customKeyStoreId")
    )


@rule(
    "TS-KMS-003",
    title="Deleting a key leaves 30 days to change one's mind",
    severity=Severity.MEDIUM,
    applies_to=CUSTOMER_KEYS,
    why="Once a key is deleted, what it encrypted is lost for ever.",
    fix="Set deletion_window_in_days=30, or leave it out: 30 is the default.",
    snippet=examples.KEY_SNIPPET,
    good=examples.WINDOW_GOOD,
    bad=examples.WINDOW_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "pci-dss-4.0": ["3.6.1"], "aws-fsbp": ["KMS.3"]},
    equivalents={
        "kics": ["0b530315"],
        "prowler": ["kms_cmk_not_deleted_unintentionally"],
        "security-hub": ["KMS.3"],
    },
    catalogue=["KMS-05"],
    remedy=Remedy("deletionWindowInDays", 30),
    links=["https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"],
)
def deletion_waits(key: Resource) -> Iterator[Finding]:
    """Judge the waiting period."""
    days = key.number("deletionWindowInDays", DEFAULT_WINDOW)
    if days < key.settings.thresholds.key_deletion_days:
        yield key.finding(f"is gone {days:g} days after it is deleted", at="deletionWindowInDays")
    elif days > LONGEST_WINDOW:
        yield key.finding(
            f"waits {days:g} days before it is deleted, but KMS takes 7 to 30", at="deletionWindowInDays"
        )


@rule(
    "TS-KMS-004",
    title="Keys are enabled",
    severity=Severity.HIGH,
    applies_to=CUSTOMER_KEYS,
    why="With a disabled key nobody can read or write the data that it protects.",
    fix="Set is_enabled=True (enabled=True on replicas and external keys), or leave it out.",
    snippet=examples.KEY_SNIPPET,
    good=examples.ENABLED_GOOD,
    bad=examples.ENABLED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "iso-27001-2022": ["A.8.24"]},
    equivalents={"checkov": ["CKV_AWS_227"], "prowler": ["kms_cmk_are_used"], "kics": ["7350fa23"]},
    catalogue=["KMS-03"],
    remedy=Remedy("isEnabled", value=True),
    links=["https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html"],
)
def keys_are_enabled(key: Resource) -> Iterator[Finding]:
    """Judge the state of the key."""
    at = "isEnabled" if key.type == KEY else "enabled"
    if not key.flag(at, default=True):
        yield key.finding("is disabled", at=at)


@rule(
    "TS-KMS-005",
    title="The lockout check on key policies stays on",
    severity=Severity.CRITICAL,
    applies_to=WITH_POLICY,
    why="Without the check a mistaken policy leaves a key that nobody can manage any more.",
    fix="Remove bypass_policy_lockout_safety_check.",
    snippet=examples.KEY_SNIPPET,
    good=examples.LOCKOUT_GOOD,
    bad=examples.LOCKOUT_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"]},
    equivalents={"compliance-policies": ["aws-kms-key-disallow-bypass-policy-lockout-safety-check"]},
    catalogue=["KMS-06"],
    remedy=Remedy("bypassPolicyLockoutSafetyCheck", value=False),
    links=["https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"],
)
def lockout_check_is_on(key: Resource) -> Iterator[Finding]:
    """Judge the flag."""
    if key.flag("bypassPolicyLockoutSafetyCheck"):
        yield key.finding("switches the lockout check off", at="bypassPolicyLockoutSafetyCheck")


@rule(
    "TS-KMS-006",
    title="Keys have a policy of their own",
    severity=Severity.MEDIUM,
    applies_to=CUSTOMER_KEYS,
    why="The default policy hands the key to whatever IAM in the account allows.",
    fix="Give the key a policy, or add an aws.kms.KeyPolicy for it.",
    snippet=examples.KEY_SNIPPET,
    good=examples.EXPLICIT_GOOD,
    bad=examples.EXPLICIT_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"]},
    equivalents={"checkov": ["CKV2_AWS_64"]},
    catalogue=["KMS-04"],
    links=[KEY_POLICIES_PAGE],
)
def keys_have_a_policy(key: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a policy on the key or beside it."""

    def beside(place: str) -> bool:
        if place == "inline":
            return names_something(key, "policy")
        return bool(stack.referring(key, KEY_POLICY, "keyId"))

    if not any_of(("inline", "separate"), beside):
        yield key.finding("has no key policy of its own", at="policy")


@rule(
    "TS-KMS-007",
    title="Key policies leave somebody who can change them",
    severity=Severity.HIGH,
    applies_to=WITH_POLICY,
    why="A key whose policy nobody may change can only be rescued by AWS support.",
    fix="Allow kms:* to the account root, or kms:PutKeyPolicy to an administrator role.",
    snippet=examples.KEY_SNIPPET,
    good=examples.ADMINISTRABLE_GOOD,
    bad=examples.ADMINISTRABLE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"]},
    catalogue=["KMS-06"],
    links=["https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"],
)
def key_policy_can_be_changed(key: Resource) -> Iterator[Finding]:
    """Look for a statement that lets an IAM principal change the policy."""
    document = key.document("policy")
    if document is None:
        return
    changes = any_of(
        document.statements,
        lambda statement: (
            statement.allows
            and any_of(statement.actions, lambda action: matches(action, "kms:putkeypolicy"))
            and any_of(statement.principals, lambda principal: principal.kind in ("AWS", "*"))
        ),
    )
    if not changes:
        yield key.finding("cannot be managed: its policy lets nobody change it", at="policy")
