"""The audit trail: what is made by default."""

from typing import Any

import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.audits import (
    BUCKET,
    EXISTING,
    GROUP,
    KEY,
    LOG_KEY,
    TOPIC,
    TRAIL,
    WITH_EVERYTHING,
    audit,
    made_by,
    trail,
    warnings,
)
from tests.components.recorder import UNKNOWN
from timestream_baseline.documents import trails


def test_by_default_everything_is_made_and_nothing_is_to_be_said() -> None:
    made = audit()
    assert made_by(made) == WITH_EVERYTHING
    assert warnings(made) == []
    assert made.outputs == {
        "trailArn": TRAIL,
        "logBucket": BUCKET,
        "logGroupName": GROUP,
        "keyArns": {"trail": KEY, "logGroup": LOG_KEY},
    }


def test_the_trail_records_everything_and_proves_it() -> None:
    made = audit({"topic_arn": TOPIC, "tags": {"owner": "platform"}})
    assert trail(made) == {
        "name": "baseline-trail",
        "s3BucketName": BUCKET,
        "kmsKeyId": KEY,
        "enableLogging": True,
        "enableLogFileValidation": True,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": True,
        "advancedEventSelectors": [
            {
                "name": "Management events",
                "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}],
            },
            *(
                {
                    "name": f"Queries: AWS::Timestream::{kind}",
                    "fieldSelectors": [
                        {"field": "eventCategory", "equals": ["Data"]},
                        {"field": "resources.type", "equals": [f"AWS::Timestream::{kind}"]},
                    ],
                }
                for kind in ("Database", "Table")
            ),
        ],
        "insightSelectors": [{"insightType": "ApiCallRateInsight"}, {"insightType": "ApiErrorRateInsight"}],
        "cloudWatchLogsGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}:*",
        "cloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/baseline-trail-delivery",
        "snsTopicName": "baseline",
        "tags": {"owner": "platform"},
        "region": REGION,
    }


def test_a_topic_elsewhere_keeps_its_arn() -> None:
    elsewhere = "arn:aws:sns:us-east-1:111122223333:security"
    assert trail(audit({"topic_arn": elsewhere}))["snsTopicName"] == elsewhere


def test_documents_name_the_trail_and_the_key_before_the_trail_exists() -> None:
    made = audit()
    place: Any = {"partition": "aws", "region": REGION, "account": ACCOUNT}
    key_place: Any = {**place, "dns_suffix": "amazonaws.com", "administrators": ()}
    documents = {
        ("Key", "baseline-trail"): trails.trail_key_policy(
            **key_place, trail_arn=TRAIL, buckets="arn:aws:s3:::baseline-trail-*"
        ),
        ("Key", "baseline-logGroup"): trails.log_group_key_policy(**key_place, log_groups="baseline-trail-*"),
        ("BucketPolicy", "baseline-trail"): trails.log_bucket_policy(
            bucket_arn=f"arn:aws:s3:::{BUCKET}", account=ACCOUNT, trail_arn=TRAIL, key_arn=KEY
        ),
        ("BucketPolicy", "baseline-accessLogs"): trails.access_log_bucket_policy(
            bucket_arn="arn:aws:s3:::baseline-access-logs-1a2b3c4",
            account=ACCOUNT,
            sources={"trail": "arn:aws:s3:::baseline-trail-*"},
        ),
        ("RolePolicy", "baseline-trail-delivery"): trails.delivery_policy(**place, log_group=GROUP),
    }
    assert {path: made.named(*path).document() for path in documents} == documents
    role = made.named("Role", "baseline-trail-delivery")
    assert role.document("assumeRolePolicy") == trails.delivery_trust_policy()


def test_cloudtrail_may_write_before_the_trail_is_made() -> None:
    made = audit({"topic_arn": TOPIC})
    needed = {
        urn.split("::", 2)[2].split("$")[-1] for urn in made.named("Trail", "baseline-trail").dependencies
    }
    assert {
        "aws:kms/key:Key::baseline-trail",
        "aws:s3/bucketPolicy:BucketPolicy::baseline-trail",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration::baseline-trail",
        "aws:s3/bucketLogging:BucketLogging::baseline-trail",
        "aws:iam/rolePolicy:RolePolicy::baseline-trail-delivery",
        "aws:cloudwatch/logGroup:LogGroup::baseline-trail",
    } <= needed
    (logging,) = made.of("BucketLogging")
    assert any("BucketPolicy::baseline-accessLogs" in urn for urn in logging.dependencies)


def test_log_files_are_locked_for_a_year_and_never_expire() -> None:
    made = audit()
    assert made.named("Bucket", "baseline-trail").inputs["objectLockEnabled"] is True
    (lock,) = made.of("BucketObjectLockConfiguration")
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 365}}
    rules = made.named("BucketLifecycleConfiguration", "baseline-trail").inputs["rules"]
    assert [rule["id"] for rule in rules] == ["end-incomplete-uploads"]
    assert "expiration" not in rules[0]


def test_access_logs_go_to_a_bucket_that_s3_can_deliver_to() -> None:
    made = audit()
    assert "objectLockEnabled" not in made.named("Bucket", "baseline-access-logs").inputs
    encryption = made.named("BucketServerSideEncryptionConfiguration", "baseline-accessLogs").inputs["rules"]
    assert encryption[0]["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    (logging,) = made.of("BucketLogging")
    assert (logging.inputs["targetBucket"], logging.inputs["targetPrefix"]) == (
        "baseline-access-logs-1a2b3c4",
        "trail/",
    )
    rules = made.named("BucketLifecycleConfiguration", "baseline-accessLogs").inputs["rules"]
    assert rules[0]["expiration"] == {"days": 400}


def test_the_log_group_is_encrypted_and_forgets_after_the_retention() -> None:
    group = audit({"log_retention_days": 731, "tags": {"owner": "platform"}}).named(
        "LogGroup", "baseline-trail"
    )
    assert group.inputs == {
        "kmsKeyId": LOG_KEY,
        "retentionInDays": 731,
        "tags": {"owner": "platform"},
        "region": REGION,
    }


KEPT = {
    "Bucket baseline-access-logs",
    "Bucket baseline-trail",
    "Key baseline-logGroup",
    "Key baseline-trail",
    "LogGroup baseline-trail",
    "Trail baseline-trail",
}


def test_what_holds_records_is_protected_and_retained() -> None:
    made = audit()
    protected = {f"{it.type.rsplit(':', 1)[1]} {it.name}" for it in made.registrations if it.protect}
    assert protected == KEPT
    retained = {f"{it.type.rsplit(':', 1)[1]} {it.name}" for it in made.registrations if it.retain_on_delete}
    # A bucket that stays keeps its guards.
    assert {it for it in retained if not it.startswith("Bucket")} == {it for it in KEPT if "Bucket" not in it}
    assert {it for it in retained if "-trail" in it and it.startswith("Bucket")} == {
        it for it in WITH_EVERYTHING if it.startswith("Bucket") and "-trail" in it
    }


def test_without_protection_nothing_is_kept_and_buckets_go_with_their_objects() -> None:
    made = audit({"protect_data": False})
    assert not any(it.protect or it.retain_on_delete for it in made.registrations)
    assert [bucket.inputs["forceDestroy"] for bucket in made.of("Bucket")] == [True, True]


@pytest.mark.parametrize("args", [{}, {"existing_log_group_name": "audit"}, EXISTING])
def test_a_first_preview_knows_enough(args: Any) -> None:
    made = audit(args, unknown=True)
    if args is not EXISTING:
        assert made.named("Key", "baseline-trail").document()["Version"] == "2012-10-17"
        assert trail(made)["name"] == "baseline-trail"
        assert trail(made)["s3BucketName"] == UNKNOWN
