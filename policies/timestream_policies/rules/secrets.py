"""Rules on secrets, such as the tokens of InfluxDB."""

import re
from collections.abc import Iterator

import timestream_policies.examples.secrets as examples
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.references import customer_key_problem
from timestream_policies.resource_policies import account_in, allowing, strangers, too_wide
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.key_use import SHORTEST_DESCRIPTION
from timestream_policies.stack import Stack
from timestream_policies.types import SECRET, SECRET_POLICY, SECRET_ROTATION
from timestream_policies.undecided import any_of

_RATE = re.compile(r"rate\((\d+) (hour|day)s?\)")
_OF_SERVICE = "READONLY-InfluxDB-auth-parameters-"
_SHORTEST_WINDOW = 7
_DEFAULT_WINDOW = 30
_HOURS_OF_A_DAY = 24


@rule(
    "TS-SM-001",
    title="Secrets are encrypted with a customer managed key",
    severity=Severity.MEDIUM,
    applies_to=[SECRET],
    why="The key that AWS manages cannot be restricted, watched or revoked by you.",
    fix="Set kms_key_id=key.arn.",
    snippet=examples.SNIPPET,
    good=examples.KEY_GOOD,
    bad=examples.KEY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["SC-12", "SC-28"]},
    equivalents={
        "checkov": ["CKV_AWS_149"],
        "cdk-nag": ["SecretsManagerUsingKMSKey"],
        "kics": ["a2f548f2", "b0d3ef3f"],
        "guard": ["SECRETSMANAGER_USING_CMK"],
        "compliance-policies": ["aws-secretsmanager-secret-configure-customer-managed-key"],
    },
    catalogue=["SM-01"],
    links=["https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"],
)
def secrets_use_a_customer_key(secret: Resource) -> Iterator[Finding]:
    """Judge the key."""
    if problem := customer_key_problem(secret, "kmsKeyId"):
        yield secret.finding(problem, at="kmsKeyId")


@rule(
    "TS-SM-002",
    title="Secrets are rotated",
    severity=Severity.HIGH,
    applies_to=[SECRET],
    why="A secret that leaked once opens the door until somebody changes it.",
    fix="Add an aws.secretsmanager.SecretRotation for the secret.",
    snippet=examples.SNIPPET,
    good=examples.ROTATED_GOOD,
    bad=examples.ROTATED_BAD,
    controls={
        "nist-800-53-r5": ["IA-5(1)", "AC-2(1)"],
        "pci-dss-4.0": ["8.6.3"],
        "aws-fsbp": ["SecretsManager.1"],
        "cis-aws-db-2.0.0": ["10.4"],
    },
    equivalents={
        "checkov": ["CKV2_AWS_57"],
        "cdk-nag": ["AwsSolutions-SMG4", "SecretsManagerRotationEnabled"],
        "prowler": ["secretsmanager_automatic_rotation_enabled"],
        "guard": ["SECRETSMANAGER_ROTATION_ENABLED_CHECK"],
    },
    catalogue=["SM-02"],
    links=["https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html"],
)
def secrets_are_rotated(secret: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a rotation that refers to the secret."""
    if not stack.referring(secret, SECRET_ROTATION, "secretId"):
        yield secret.finding("is never rotated", at="name")


@rule(
    "TS-SM-003",
    title="Secrets are rotated often enough",
    severity=Severity.MEDIUM,
    applies_to=[SECRET_ROTATION],
    why="The longer a secret lives, the longer a leaked one is of use.",
    fix="Set automatically_after_days to 90 or below.",
    snippet=examples.SNIPPET,
    good=examples.PERIOD_GOOD,
    bad=examples.PERIOD_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "pci-dss-4.0": ["8.3.9"], "aws-fsbp": ["SecretsManager.4"]},
    equivalents={"checkov": ["CKV_AWS_304"], "prowler": ["secretsmanager_secret_rotated_periodically"]},
    catalogue=["SM-03"],
    links=["https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html"],
)
def rotation_is_frequent(rotation: Resource) -> Iterator[Finding]:
    """Compare the period; a cron expression comes at least once a year and is left alone."""
    longest = rotation.settings.thresholds.secret_rotation_days
    days = rotation.number("rotationRules.automaticallyAfterDays", 0)
    if days > longest:
        yield rotation.finding(f"rotates only every {days:g} days", at="rotationRules.automaticallyAfterDays")
        return
    schedule = str(rotation.get("rotationRules.scheduleExpression", ""))
    rate = _RATE.fullmatch(schedule)
    if rate and int(rate[1]) > longest * (_HOURS_OF_A_DAY if rate[2] == "hour" else 1):
        yield rotation.finding(f"rotates only at {schedule}", at="rotationRules.scheduleExpression")


@rule(
    "TS-SM-004",
    title="Policies of secrets let nobody in but named principals of ours",
    severity=Severity.HIGH,
    applies_to=[SECRET_POLICY, SECRET],
    why="Whoever reads the secret is the database's user from then on.",
    fix="Name the principals and the actions that they need.",
    snippet=examples.SNIPPET,
    good=examples.POLICY_GOOD,
    bad=examples.POLICY_BAD,
    controls={"cis-aws-7.0.0": ["2.21"], "cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-3", "AC-6"]},
    equivalents={
        "prowler": [
            "secretsmanager_not_publicly_accessible",
            "secretsmanager_has_restrictive_resource_policy",
        ],
        "kics": ["fa00ce45"],
    },
    catalogue=["SM-04"],
    links=[
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html"
    ],
)
def secret_policies_are_narrow(holder: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge each Allow, on the secret or on the separate policy."""
    named = holder.words("secretArn").known if holder.type == SECRET_POLICY else ()
    arns = [holder.output("arn") or "", *map(str, named)]
    own = next((account for arn in arns if (account := account_in(arn))), "")
    for statement in allowing(holder):
        at = f"policy/{statement.key}"
        with statement:
            for account in strangers(statement, holder, stack, own):
                yield holder.finding(f"lets {account} in by {statement}", at="policy", key=f"{at}/{account}")
        for problem in too_wide(statement, "secretsmanager"):
            yield holder.finding(f"{problem} in {statement}", at="policy", key=f"{at}/{problem}")


@rule(
    "TS-SM-005",
    title="Secrets say what they are for",
    severity=Severity.LOW,
    applies_to=[SECRET],
    why="A secret that nobody knows is never changed, and never deleted.",
    fix="Set description to what the secret opens, and for whom.",
    snippet=examples.SNIPPET,
    good=examples.DESCRIBED_GOOD,
    bad=examples.DESCRIBED_BAD,
    controls={"iso-27001-2022": ["A.8.24"]},
    equivalents={"compliance-policies": ["aws-secretsmanager-secret-missing-description"]},
    catalogue=["SM-05"],
    links=["https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html"],
)
def secrets_are_described(secret: Resource) -> Iterator[Finding]:
    """Judge the description."""
    text = str(secret.get("description", "")).strip()
    if not text:
        yield secret.finding("has no description", at="description")
    elif len(text) < SHORTEST_DESCRIPTION:
        yield secret.finding(f"says only {text!r} about what it is for", at="description")


@rule(
    "TS-SM-006",
    title="Secrets of InfluxDB are well kept",
    severity=Severity.MEDIUM,
    applies_to=[SECRET],
    why="The token in the secret opens all data of the database.",
    fix="Give it a customer key, rotation, a recovery window of 7 days or more, and no public policy.",
    snippet=examples.SNIPPET,
    good=examples.TOKEN_GOOD,
    bad=examples.TOKEN_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["IA-5"]},
    equivalents={},
    catalogue=["GAP-75"],
    links=[
        "https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influx-security.html"
    ],
)
def influxdb_tokens_are_kept(secret: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the secrets whose name or description speaks of InfluxDB."""
    if not any_of(
        ("name", "namePrefix", "description"), lambda at: "influx" in str(secret.get(at, "")).lower()
    ):
        return
    with secret:
        if str(secret.get("name", "")).startswith(_OF_SERVICE):
            yield secret.finding("is made by hand, but Timestream makes the secrets of that name", at="name")
    with secret:
        if problem := customer_key_problem(secret, "kmsKeyId"):
            yield secret.finding(problem, at="kmsKeyId")
    with secret:
        if not stack.referring(secret, SECRET_ROTATION, "secretId"):
            yield secret.finding("is never rotated", at="name", key="rotation")
    with secret:
        days = secret.number("recoveryWindowInDays", _DEFAULT_WINDOW)
        if days < _SHORTEST_WINDOW:
            yield secret.finding(f"is gone {days:g} days after it is deleted", at="recoveryWindowInDays")
    holders = [secret, *stack.each_referring(secret, SECRET_POLICY, "secretArn")]
    for holder in holders:
        for statement in allowing(holder):
            with statement:
                if is_open_to_anyone(statement):
                    yield secret.finding(
                        f"is open to everybody by {statement}", at="policy", key=f"policy/{statement.key}"
                    )
