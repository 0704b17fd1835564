"""The audit trail in AWS: what stands there, what turning it off leaves, and a trail that exists already."""

import json
import re
import shlex
from collections.abc import Callable
from typing import Any

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project

ACCOUNT = "000000000000"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/baseline-trail"
LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:announcements"
THEIRS = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/theirs"


def audit(**args: Any) -> str:
    return f"""
import pulumi
from timestream_baseline.audit import AuditTrail

for name, output in AuditTrail("baseline", {args!r}).outputs().items():
    pulumi.export(name, output)
"""


def write(project: Project, **args: Any) -> None:
    (project.directory / "__main__.py").write_text(audit(**args), encoding="utf-8")


def assert_stands_in_aws(sandbox: Sandbox, outputs: dict[str, Any]) -> None:
    trail_is_right(sandbox, outputs)
    buckets_are_right(sandbox, outputs)
    group, key = outputs["logGroupName"], outputs["keyArns"]["logGroup"]
    (found,) = sandbox.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert (found["retentionInDays"], found["kmsKeyId"]) == (400, key)
    policy = sandbox.client("iam").get_role_policy(
        RoleName="baseline-trail-delivery", PolicyName="log-group"
    )["PolicyDocument"]
    (statement,) = policy["Statement"]
    assert statement["Resource"] == (f"{LOGS}:{group}:log-stream:{ACCOUNT}_CloudTrail_eu-west-1*")


def trail_is_right(sandbox: Sandbox, outputs: dict[str, Any]) -> None:
    cloudtrail = sandbox.client("cloudtrail")
    trail = cloudtrail.get_trail(Name="baseline-trail")["Trail"]
    assert {name: trail[name] for name in trail if not name.startswith("Has")} == {
        "Name": "baseline-trail",
        "TrailARN": TRAIL,
        "S3BucketName": outputs["logBucket"],
        "KmsKeyId": outputs["keyArns"]["trail"],
        "LogFileValidationEnabled": True,
        "IsMultiRegionTrail": True,
        "IncludeGlobalServiceEvents": True,
        "IsOrganizationTrail": False,
        "CloudWatchLogsLogGroupArn": f"{LOGS}:{outputs['logGroupName']}:*",
        "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/baseline-trail-delivery",
        "SnsTopicName": "announcements",
        "SnsTopicARN": TOPIC,
    }
    assert cloudtrail.get_trail_status(Name="baseline-trail")["IsLogging"] is True
    selectors = cloudtrail.get_event_selectors(TrailName="baseline-trail")["AdvancedEventSelectors"]
    assert [
        {field["Field"]: field["Equals"] for field in selector["FieldSelectors"]} for selector in selectors
    ] == [
        {"eventCategory": ["Management"]},
        {"eventCategory": ["Data"], "resources.type": ["AWS::Timestream::Database"]},
        {"eventCategory": ["Data"], "resources.type": ["AWS::Timestream::Table"]},
    ]
    insights = cloudtrail.get_insight_selectors(TrailName="baseline-trail")["InsightSelectors"]
    assert [it["InsightType"] for it in insights] == ["ApiCallRateInsight", "ApiErrorRateInsight"]
    kms = sandbox.client("kms")
    for purpose, key in outputs["keyArns"].items():
        assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True, purpose
        assert kms.describe_key(KeyId=f"alias/baseline/{purpose}")["KeyMetadata"]["Arn"] == key


def buckets_are_right(sandbox: Sandbox, outputs: dict[str, Any]) -> None:
    s3 = sandbox.client("s3")
    bucket = outputs["logBucket"]
    lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    assert lock["Rule"]["DefaultRetention"]["Mode"] == "GOVERNANCE"
    assert lock["Rule"]["DefaultRetention"]["Days"] == 365
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    assert [(it["Sid"], it["Effect"]) for it in policy["Statement"]] == [
        ("TrailChecksTheBucket", "Allow"),
        ("TrailDelivers", "Allow"),
        ("NobodyUsesTheBucketWithoutTls", "Deny"),
        ("NobodyWritesButTheTrail", "Deny"),
        ("NoLogFileWithoutAKeyOfKms", "Deny"),
        ("NobodyWritesWithAnotherKey", "Deny"),
        ("NobodyWritesWithAKeyThatOnlyTheCallerHas", "Deny"),
    ]
    logging = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    assert logging["TargetPrefix"] == "trail/"
    encryption = {bucket: "aws:kms", logging["TargetBucket"]: "AES256"}
    for name, algorithm in encryption.items():
        assert all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
        ownership = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
        assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == algorithm


def test_the_trail_stands_in_aws_and_can_be_turned_off_and_on_again(
    sandbox: Sandbox, program: Callable[[str], Project]
) -> None:
    sandbox.client("sns").create_topic(Name="announcements")
    project = program(audit(topic_arn=TOPIC, protect_data=False))
    result = project.up(gate=True).ok()
    assert "violation" not in result.output
    first = project.outputs()
    assert_stands_in_aws(sandbox, first)
    project.up("--expect-no-changes").ok()

    write(project, trail="none", protect_data=False)
    assert "trail is none (default create)" in project.up().ok().output
    assert sandbox.client("cloudtrail").describe_trails()["trailList"] == []
    assert sandbox.client("s3").list_buckets()["Buckets"] == []
    assert sandbox.client("logs").describe_log_groups()["logGroups"] == []
    assert project.outputs() == {"keyArns": {}}

    write(project, topic_arn=TOPIC, protect_data=False)
    project.up().ok()
    again = project.outputs()
    assert again["trailArn"] == TRAIL
    assert again["logBucket"] != first["logBucket"]
    assert_stands_in_aws(sandbox, again)


def test_a_retained_trail_in_the_way_is_imported_as_the_error_says(
    sandbox: Sandbox, program: Callable[[str], Project]
) -> None:
    sandbox.client("sns").create_topic(Name="announcements")
    project = program(audit(topic_arn=TOPIC))
    project.up().ok()
    first = project.outputs()

    write(project, trail="none")
    refused = project.up().failed()
    assert "protect" in refused.output
    assert sandbox.client("cloudtrail").get_trail_status(Name="baseline-trail")["IsLogging"] is True

    project.pulumi("state", "unprotect", "--all", "--yes").ok()
    project.up().ok()
    assert sandbox.client("cloudtrail").get_trail(Name="baseline-trail")["Trail"]["TrailARN"] == TRAIL

    write(project, topic_arn=TOPIC)
    taken = project.up().failed().output
    assert "A trail named baseline-trail exists already in eu-west-1, perhaps one that was retained." in taken
    assert f"aws cloudtrail delete-trail --name {TRAIL} --region eu-west-1" in taken
    (command,) = set(re.findall(r"pulumi (import aws:cloudtrail/trail:Trail .*)", taken))
    project.pulumi(*shlex.split(command), "--yes", "--skip-preview").ok()
    project.up().ok()
    again = project.outputs()
    assert_stands_in_aws(sandbox, again)
    # The bucket of the years before stays beside the new one.
    buckets = {it["Name"] for it in sandbox.client("s3").list_buckets()["Buckets"]}
    assert {first["logBucket"], again["logBucket"]} <= buckets


def test_an_existing_trail_is_read_and_nothing_of_it_is_changed(
    sandbox: Sandbox, program: Callable[[str], Project]
) -> None:
    cloudtrail = sandbox.client("cloudtrail")
    sandbox.client("s3").create_bucket(
        Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    cloudtrail.create_trail(Name="theirs", S3BucketName="theirs", IsMultiRegionTrail=True)
    cloudtrail.start_logging(Name="theirs")
    fields = {"eventCategory": "Data", "resources.type": "AWS::Timestream::Table"}
    cloudtrail.put_event_selectors(
        TrailName="theirs",
        AdvancedEventSelectors=[
            {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
            {"FieldSelectors": [{"Field": field, "Equals": [value]} for field, value in fields.items()]},
        ],
    )
    before = cloudtrail.get_trail(Name="theirs")["Trail"]
    project = program(audit(trail="existing", trail_arn=THEIRS))

    warning = (
        f"{THEIRS} is used as it is, and nothing of it is changed. What it lacks: log file validation is "
        "off, so changed log files go unnoticed; its log files are not encrypted with a customer managed "
        "key; it records no queries as data events of AWS::Timestream::Database; it sends nothing to a log "
        "group, so no alarm can watch it"
    )
    assert warning in project.preview().ok().output
    assert warning in project.up(gate=True).ok().output
    assert project.outputs() == {"trailArn": THEIRS, "keyArns": {}}
    project.destroy().ok()
    assert cloudtrail.get_trail(Name="theirs")["Trail"] == before
    assert cloudtrail.get_trail_status(Name="theirs")["IsLogging"] is True
