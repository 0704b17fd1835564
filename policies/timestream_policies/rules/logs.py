"""Rules on log groups and who may write to them."""

from collections.abc import Iterator

import timestream_policies.examples.logs as examples
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.references import customer_key_problem
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.types import LOG_GROUP, LOG_RESOURCE_POLICY

GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs"
RETENTION_PAGE = (
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"
)
FOR_EVER = 0
PERIODS = frozenset(
    {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
)
"""The periods that CloudWatch Logs takes."""
EMPTIED_BY_AWS = "DELIVERY"
"""The class of log groups that keeps everything for two days, whatever is said."""


@rule(
    "TS-CW-005",
    title="Log groups are encrypted with a customer managed key",
    severity=Severity.MEDIUM,
    applies_to=[LOG_GROUP],
    why="A log group holds what a trail holds; the key of AWS opens it to whoever may read logs.",
    fix="Set kms_key_id to the ARN of a key whose policy admits logs.<region>.amazonaws.com.",
    snippet=examples.SNIPPET,
    good=examples.KMS_GOOD,
    bad=examples.KMS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.8"],
        "nist-800-53-r5": ["AU-9(3)", "SC-28"],
        "hipaa": ["164.312(a)(2)(iv)"],
        "iso-27001-2022": ["A.8.15", "A.8.24"],
    },
    equivalents={
        "checkov": ["CKV_AWS_158"],
        "cdk-nag": ["CloudWatchLogGroupEncrypted"],
        "prowler": ["cloudwatch_log_group_kms_encryption_enabled"],
        "kics": ["0afbcfe9"],
        "trivy": ["AWS-0017"],
        "guard": ["CLOUDWATCH_LOG_GROUP_ENCRYPTED"],
    },
    catalogue=["CW-01"],
    links=[f"{GUIDE}/encrypt-log-data-kms.html"],
)
def log_groups_use_a_customer_key(group: Resource) -> Iterator[Finding]:
    """Judge the key by value, or by reference while the value is unknown."""
    if problem := customer_key_problem(group, "kmsKeyId"):
        yield group.finding(problem, at="kmsKeyId")


@rule(
    "TS-CW-006",
    title="Log groups say how long they keep events",
    severity=Severity.LOW,
    applies_to=[LOG_GROUP],
    why="Where nothing is said events are kept for ever, which nobody decided.",
    fix="Set retention_in_days to a period that CloudWatch Logs takes, such as 365, or to 0 for ever.",
    snippet=examples.SNIPPET,
    good=examples.RETENTION_GOOD,
    bad=examples.RETENTION_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.8"],
        "nist-800-53-r5": ["AU-11"],
        "hipaa": ["164.312(b)"],
        "aws-fsbp": ["CloudWatch.16"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "checkov": ["CKV_AWS_66"],
        "cdk-nag": ["CloudWatchLogGroupRetentionPeriod"],
        "prowler": ["cloudwatch_log_group_retention_policy_specific_days_enabled"],
        "kics": ["ef0b316a"],
        "guard": ["CW_LOGGROUP_RETENTION_PERIOD_CHECK"],
        "security-hub": ["CloudWatch.16"],
    },
    catalogue=["CW-02", "CW-03"],
    links=[RETENTION_PAGE],
    remedy=Remedy("retentionInDays", 365),
)
def log_groups_have_a_retention(group: Resource) -> Iterator[Finding]:
    """Look for a period that AWS takes."""
    at = "retentionInDays"
    days = group.number(at, -1)
    if days == -1:
        yield group.finding("does not say how long it keeps events", at=at)
    elif days != FOR_EVER and days not in PERIODS:
        yield group.finding(
            f"has a retention of {days:.15g} days, which CloudWatch Logs does not take", at=at
        )


@rule(
    "TS-CW-007",
    title="Log groups keep events for a year",
    severity=Severity.MEDIUM,
    applies_to=[LOG_GROUP],
    why="An intrusion is often found months later, and then the events of its beginning are asked for.",
    fix="Set retention_in_days to 365 or more, or to 0 for ever.",
    snippet=examples.SNIPPET,
    good=examples.YEAR_GOOD,
    bad=examples.YEAR_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.8"],
        "nist-800-53-r5": ["AU-11"],
        "pci-dss-4.0": ["10.5.1"],
        "hipaa": ["164.312(b)"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "checkov": ["CKV_AWS_338"],
        "prowler": ["cloudwatch_log_group_retention_policy_specific_days_enabled"],
    },
    catalogue=["CW-03"],
    links=[RETENTION_PAGE],
)
def log_groups_keep_a_year(group: Resource) -> Iterator[Finding]:
    """Compare the period with the threshold; 0 is for ever."""
    days = group.number("retentionInDays", FOR_EVER)
    least = group.settings.thresholds.log_retention_days
    if days == FOR_EVER or days >= least or group.get("logGroupClass") == EMPTIED_BY_AWS:
        return
    yield group.finding(f"keeps events for {days:g} days, less than {least}", at="retentionInDays")


@rule(
    "TS-CW-009",
    title="Policies on log groups admit no strangers",
    severity=Severity.HIGH,
    applies_to=[LOG_RESOURCE_POLICY],
    why="Anybody could fill the log group, or read what it holds.",
    fix="Name the service or the account, or add a condition on aws:SourceAccount.",
    snippet=examples.SNIPPET,
    good=examples.CLOSED_GOOD,
    bad=examples.CLOSED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.8"],
        "nist-800-53-r5": ["AC-3", "AC-6"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={"prowler": ["cloudwatch_log_group_not_publicly_accessible"], "kics": ["db0ec4c4"]},
    catalogue=["CW-07"],
    links=[f"{GUIDE}/iam-access-control-overview-cwl.html"],
)
def log_policies_are_closed(policy: Resource) -> Iterator[Finding]:
    """Judge each statement."""
    document = policy.document("policyDocument")
    for statement in document.statements if document else ():
        with statement:
            if statement.allows and is_open_to_anyone(statement):
                yield policy.finding(
                    f"lets everybody in: {statement} allows a wildcard principal, "
                    "and no condition keeps strangers out",
                    at="policyDocument",
                    key=f"policyDocument/{statement.key}",
                )
