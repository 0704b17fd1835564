"""Rules on what a trail is: its key, its regions, where it delivers."""

from collections.abc import Iterator

import timestream_policies.examples.trails as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.references import customer_key_problem, names_something
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.trails import is_recording
from timestream_policies.types import TRAIL

GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide"


@rule(
    "TS-CT-001",
    title="Trails are encrypted with a customer managed key",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="Whoever can read the bucket can read who did what, unless a key stands between.",
    fix="Set kms_key_id to the ARN of a customer managed key that admits CloudTrail.",
    snippet=examples.SNIPPET,
    good=examples.KMS_GOOD,
    bad=examples.KMS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "cis-aws-3.0.0": ["3.5"],
        "cis-aws-5.0.0": ["3.5"],
        "cis-aws-7.0.0": ["4.5"],
        "nist-800-53-r5": ["AU-9(3)", "SC-28"],
        "aws-fsbp": ["CloudTrail.2"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "checkov": ["CKV_AWS_35"],
        "cdk-nag": ["CloudTrailEncryptionEnabled"],
        "prowler": ["cloudtrail_kms_encryption_enabled"],
        "kics": ["5d9e3164"],
        "trivy": ["AWS-0015"],
        "guard": ["CLOUD_TRAIL_ENCRYPTION_ENABLED"],
        "security-hub": ["CloudTrail.2"],
    },
    catalogue=["CT-01", "TS-02", "TS-04"],
    links=[f"{GUIDE}/encrypting-cloudtrail-log-files-with-aws-kms.html"],
)
def trails_use_a_customer_key(trail: Resource) -> Iterator[Finding]:
    """Judge the key by value, or by reference while the value is unknown."""
    if problem := customer_key_problem(trail, "kmsKeyId"):
        yield trail.finding(problem, at="kmsKeyId")


@rule(
    "TS-CT-002",
    title="The log files of trails can be validated",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="Without digests nobody can tell whether a log file was changed or taken away.",
    fix="Set enable_log_file_validation=True.",
    snippet=examples.SNIPPET,
    good=examples.VALIDATION_GOOD,
    bad=examples.VALIDATION_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "cis-aws-3.0.0": ["3.2"],
        "cis-aws-5.0.0": ["3.2"],
        "cis-aws-7.0.0": ["4.2"],
        "nist-800-53-r5": ["AU-9", "SI-7"],
        "pci-dss-4.0": ["10.3.2"],
        "hipaa": ["164.312(b)"],
        "aws-fsbp": ["CloudTrail.4"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "checkov": ["CKV_AWS_36"],
        "cdk-nag": ["CloudTrailLogFileValidationEnabled"],
        "prowler": ["cloudtrail_log_file_validation_enabled"],
        "kics": ["52ffcfa6"],
        "trivy": ["AWS-0016"],
        "guard": ["CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"],
        "security-hub": ["CloudTrail.4"],
    },
    catalogue=["CT-02"],
    links=[f"{GUIDE}/cloudtrail-log-file-validation-intro.html"],
    remedy=Remedy("enableLogFileValidation", True),
)
def log_files_are_validated(trail: Resource) -> Iterator[Finding]:
    """Judge the switch: it is off by default."""
    if not trail.flag("enableLogFileValidation"):
        yield trail.finding("writes no digests of its log files", at="enableLogFileValidation")


@rule(
    "TS-CT-003",
    title="Trails record all regions and the global services",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="What is done in another region, or to IAM, is seen by nobody.",
    fix="Set is_multi_region_trail=True, and leave include_global_service_events at its default.",
    snippet=examples.SNIPPET,
    good=examples.REGIONS_GOOD,
    bad=examples.REGIONS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "cis-aws-3.0.0": ["3.1"],
        "cis-aws-5.0.0": ["3.1"],
        "cis-aws-7.0.0": ["4.1"],
        "nist-800-53-r5": ["AU-10", "AU-12"],
        "hipaa": ["164.312(b)"],
        "soc-2": ["CC7.2"],
        "aws-fsbp": ["CloudTrail.1"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "checkov": ["CKV_AWS_67"],
        "prowler": [
            "cloudtrail_multi_region_enabled",
            "cloudtrail_multi_region_enabled_logging_management_events",
        ],
        "kics": ["8173d5eb"],
        "trivy": ["AWS-0014"],
        "guard": ["MULTI_REGION_CLOUD_TRAIL_ENABLED"],
        "security-hub": ["CloudTrail.1"],
    },
    catalogue=["CT-03", "TS-02"],
    links=[f"{GUIDE}/receive-cloudtrail-log-files-from-multiple-regions.html"],
    remedy=Remedy("isMultiRegionTrail", True),
)
def trails_record_all_regions(trail: Resource) -> Iterator[Finding]:
    """Judge both switches."""
    with trail:
        if not trail.flag("isMultiRegionTrail"):
            yield trail.finding("records one region only", at="isMultiRegionTrail")
    with trail:
        if not trail.flag("includeGlobalServiceEvents", default=True):
            yield trail.finding(
                "leaves out the global services, such as IAM and STS", at="includeGlobalServiceEvents"
            )


@rule(
    "TS-CT-004",
    title="Trails deliver to CloudWatch Logs",
    severity=Severity.LOW,
    applies_to=[TRAIL],
    why="Files in a bucket set off no alarm: metric filters need a log group.",
    fix="Set cloud_watch_logs_group_arn (ending in :*) and cloud_watch_logs_role_arn.",
    snippet=examples.SNIPPET,
    good=examples.DELIVERED_GOOD,
    bad=examples.DELIVERED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-6", "SI-4"],
        "hipaa": ["164.312(b)"],
        "soc-2": ["CC7.2", "CC7.3"],
        "aws-fsbp": ["CloudTrail.5"],
    },
    equivalents={
        "checkov": ["CKV2_AWS_10"],
        "cdk-nag": ["CloudTrailCloudWatchLogsEnabled"],
        "prowler": ["cloudtrail_cloudwatch_logging_enabled"],
        "kics": ["17b30f8f"],
        "trivy": ["AWS-0162"],
        "guard": ["CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED"],
        "security-hub": ["CloudTrail.5"],
    },
    catalogue=["CT-04", "TS-02", "TS-04"],
    links=[f"{GUIDE}/send-cloudtrail-events-to-cloudwatch-logs.html"],
)
def trails_deliver_to_logs(trail: Resource) -> Iterator[Finding]:
    """Look for the log group; AWS itself refuses one without a role."""
    at = "cloudWatchLogsGroupArn"
    if not names_something(trail, at):
        yield trail.finding("delivers to no log group, so that no alarm can watch it", at=at)


@rule(
    "TS-CT-005",
    title="Trails are switched on",
    severity=Severity.HIGH,
    applies_to=[TRAIL],
    why="A trail that is switched off records nothing, and looks as if there were one.",
    fix="Set enable_logging=True, or leave it out.",
    snippet=examples.SNIPPET,
    good=examples.LOGGING_GOOD,
    bad=examples.LOGGING_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-12"],
        "aws-fsbp": ["CloudTrail.3"],
        "aws-timestream-security": ["security-best-practices"],
    },
    equivalents={
        "checkov": ["CKV_AWS_251"],
        "kics": ["4bb76f17"],
        "guard": ["CLOUD_TRAIL_ENABLED"],
        "security-hub": ["CloudTrail.3"],
    },
    catalogue=["CT-05"],
    links=[f"{GUIDE}/cloudtrail-turning-off-logging.html"],
    remedy=Remedy("enableLogging", True),
)
def trails_are_on(trail: Resource) -> Iterator[Finding]:
    """Judge the switch."""
    if not is_recording(trail):
        yield trail.finding("is switched off", at="enableLogging")


@rule(
    "TS-CT-006",
    title="Trails announce what they deliver",
    severity=Severity.LOW,
    applies_to=[TRAIL],
    why="Who evaluates log files must be told when there is a new one.",
    fix="Set sns_topic_name to a topic that admits cloudtrail.amazonaws.com.",
    snippet=examples.SNIPPET,
    good=examples.TOPIC_GOOD,
    bad=examples.TOPIC_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-6"]},
    equivalents={"checkov": ["CKV_AWS_252"], "kics": ["482b7d26"]},
    catalogue=["CT-06"],
    links=[f"{GUIDE}/configure-sns-notifications-for-cloudtrail.html"],
)
def trails_announce_delivery(trail: Resource) -> Iterator[Finding]:
    """Look for a topic, by value or by reference."""
    if not names_something(trail, "snsTopicName"):
        yield trail.finding("tells no topic when it delivers", at="snsTopicName")


@rule(
    "TS-CT-010",
    title="Trails look for unusual activity",
    severity=Severity.LOW,
    applies_to=[TRAIL],
    why="Insights tell of bursts of calls and errors that no filter was written for.",
    fix="Add insight_selectors for ApiCallRateInsight and ApiErrorRateInsight.",
    snippet=examples.SNIPPET,
    good=examples.INSIGHTS_GOOD,
    bad=examples.INSIGHTS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "pci-dss-4.0": ["10.3.2"]},
    equivalents={"prowler": ["cloudtrail_insights_exist"]},
    catalogue=["CT-10"],
    links=[f"{GUIDE}/logging-insights-events-with-cloudtrail.html"],
)
def trails_look_for_unusual_activity(trail: Resource) -> Iterator[Finding]:
    """Look for any insight selector."""
    if not trail.words("insightSelectors"):
        yield trail.finding("looks for no unusual activity", at="insightSelectors")
