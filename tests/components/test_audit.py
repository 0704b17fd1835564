"""The audit trail: what is made, what is said, and what is refused before anything is made."""

from typing import Any

import pulumi
import pytest

from tests.components.arns import ACCOUNT, REGION, key_arn
from tests.components.recorder import UNKNOWN, Deployment, deploy
from timestream_baseline.audit import AuditTrail
from timestream_baseline.documents import trails
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs, Place
from timestream_baseline.inputs.audit import Audit, AuditTrailPart
from timestream_baseline.inputs.records import Record
from timestream_baseline.location import Location
from timestream_baseline.part import checked

TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail"
THEIRS = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/theirs"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:baseline"
EXISTING: Any = {"trail": "existing", "trail_arn": THEIRS}
KEY, LOG_KEY = key_arn("baseline-trail"), key_arn("baseline-logGroup")
BUCKET, GROUP = "baseline-trail-1a2b3c4", "baseline-trail-1a2b3c4"


def audit(args: Any = {}, *, unknown: bool = False) -> Deployment:  # noqa: B006 - only read
    return deploy(lambda: AuditTrail("baseline", args).outputs(), unknown=unknown)


def made_by(deployment: Deployment) -> list[str]:
    return sorted(f"{it.type.rsplit(':', 1)[1]} {it.name}" for it in deployment.registrations)


def trail(deployment: Deployment) -> dict[str, Any]:
    return deployment.named("Trail", "baseline-trail").inputs


def warnings(deployment: Deployment) -> list[str]:
    return [message for level, message in deployment.log if level == "warning"]


WITH_EVERYTHING = [
    "Alias baseline-logGroup",
    "Alias baseline-trail",
    "AuditTrail baseline",
    "Bucket baseline-access-logs",
    "Bucket baseline-trail",
    "BucketLifecycleConfiguration baseline-accessLogs",
    "BucketLifecycleConfiguration baseline-trail",
    "BucketLogging baseline-trail",
    "BucketObjectLockConfiguration baseline-trail",
    "BucketOwnershipControls baseline-accessLogs",
    "BucketOwnershipControls baseline-trail",
    "BucketPolicy baseline-accessLogs",
    "BucketPolicy baseline-trail",
    "BucketPublicAccessBlock baseline-accessLogs",
    "BucketPublicAccessBlock baseline-trail",
    "BucketServerSideEncryptionConfiguration baseline-accessLogs",
    "BucketServerSideEncryptionConfiguration baseline-trail",
    "BucketVersioning baseline-accessLogs",
    "BucketVersioning baseline-trail",
    "EncryptionKey baseline-logGroup",
    "EncryptionKey baseline-trail",
    "Key baseline-logGroup",
    "Key baseline-trail",
    "LogGroup baseline-trail",
    "Role baseline-trail-delivery",
    "RolePolicy baseline-trail-delivery",
    "Trail baseline-trail",
]


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
            source_arn="arn:aws:s3:::baseline-trail-*",
            prefix="trail/",
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


def without(*parts: str) -> list[str]:
    return [name for name in WITH_EVERYTHING if not any(part in name for part in parts)]


LOG_GROUP_PARTS = ("logGroup", "LogGroup", "delivery")


@pytest.mark.parametrize(
    ("args", "made", "said"),
    [
        pytest.param(
            {"data_events": False},
            WITH_EVERYTHING,
            ["data_events is false (default true): queries are not recorded"],
            id="queries",
        ),
        pytest.param(
            {"management_events": False},
            WITH_EVERYTHING,
            [
                "insights is dropped (default true): CloudTrail looks at management events only, and "
                "management_events is false"
            ],
            id="management events, and insights with them",
        ),
        pytest.param(
            {"management_events": False, "insights": False},
            WITH_EVERYTHING,
            [],
            id="both, as it was asked for",
        ),
        pytest.param(
            {"insights": False},
            WITH_EVERYTHING,
            ["insights is false (default true): nobody is told of unusual rates of calls and errors"],
            id="insights",
        ),
        pytest.param(
            {"multi_region": False},
            WITH_EVERYTHING,
            ["multi_region is false (default true): calls in other regions are not recorded"],
            id="other regions",
        ),
        pytest.param(
            {"log_group": False},
            without(*LOG_GROUP_PARTS),
            ["log_group is false (default true): no alarm can watch the trail"],
            id="the log group",
        ),
        pytest.param(
            {"log_retention_days": 365},
            WITH_EVERYTHING,
            ["log_retention_days is 365 (default 400): the log group forgets events earlier"],
            id="days in the log group",
        ),
        pytest.param(
            {"object_lock_mode": "none"},
            without("ObjectLock"),
            ["object_lock_mode is none (default governance): whoever may write to S3 can delete log files"],
            id="the lock",
        ),
        pytest.param(
            {"object_lock_mode": "compliance"}, WITH_EVERYTHING, [], id="nothing, by a stronger lock"
        ),
        pytest.param(
            {"object_lock_days": 30},
            WITH_EVERYTHING,
            ["object_lock_days is 30 (default 365): log files can be deleted earlier"],
            id="days of the lock",
        ),
        pytest.param(
            {"access_logs": False},
            without("access", "BucketLogging"),
            ["access_logs is false (default true): nobody can tell who read or deleted log files"],
            id="access logs",
        ),
    ],
)
def test_what_is_turned_off_is_gone_and_announced(args: Any, made: list[str], said: list[str]) -> None:
    deployment = audit(args)
    assert made_by(deployment) == made
    assert warnings(deployment) == said


def test_what_is_not_recorded_is_not_selected() -> None:
    queries = trail(audit({"management_events": False}))
    assert [it["name"].partition(":")[0] for it in queries["advancedEventSelectors"]] == [
        "Queries",
        "Queries",
    ]
    assert queries["insightSelectors"] == []
    management = trail(audit({"data_events": False}))
    assert [it["name"] for it in management["advancedEventSelectors"]] == ["Management events"]


def test_turning_the_lock_off_does_not_replace_the_bucket() -> None:
    made = audit({"object_lock_mode": "none"})
    assert made.named("Bucket", "baseline-trail").inputs["objectLockEnabled"] is True


def test_a_trail_delivers_into_a_log_group_that_exists_already() -> None:
    made = audit({"existing_log_group_name": "organization/audit"})
    assert made_by(made) == without("logGroup", "LogGroup")
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:organization/audit"
    assert trail(made)["cloudWatchLogsGroupArn"] == f"{group}:*"
    (statement,) = made.named("RolePolicy", "baseline-trail-delivery").statements().values()
    assert statement["Resource"] == f"{group}:log-stream:{ACCOUNT}_CloudTrail_{REGION}*"
    assert made.outputs["logGroupName"] == "organization/audit"
    assert sorted(made.outputs["keyArns"]) == ["trail"]


@pytest.mark.parametrize(
    ("args", "log_group"),
    [
        pytest.param({}, GROUP, id="ours"),
        pytest.param({"log_group": False}, None, id="none"),
        pytest.param({"management_events": False}, None, id="ours, which gets queries only"),
        pytest.param(
            {"management_events": False, "existing_log_group_name": "audit"},
            "audit",
            id="that of another trail",
        ),
        pytest.param({"trail": "none", "existing_log_group_name": "audit"}, "audit", id="without a trail"),
        pytest.param(EXISTING, None, id="that of a trail that is only read"),
    ],
)
def test_it_is_known_where_alarms_see_management_events(args: Any, log_group: str | None) -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        made = AuditTrail("baseline", args)
        return {"found": pulumi.Output.from_input(made.management_log_group)}

    assert deploy(program).outputs == {"found": log_group}


def test_no_trail_is_announced_and_makes_nothing() -> None:
    made = audit({"trail": "none"})
    assert made_by(made) == ["AuditTrail baseline"]
    assert made.outputs == {"keyArns": {}}
    assert warnings(made) == [
        "trail is none (default create): this baseline records nothing of who did what, and queries are in "
        "no trail that does not ask for them"
    ]


def test_an_existing_trail_is_read_and_what_it_lacks_is_said_once() -> None:
    made = audit({**EXISTING, "existing_log_group_name": "audit"})
    assert made_by(made) == ["AuditTrail baseline"]
    assert made.outputs == {"trailArn": THEIRS, "logGroupName": "audit", "keyArns": {}}
    assert warnings(made) == [
        f"{THEIRS} is used as it is, and nothing of it is changed. What it lacks: it is stopped and records "
        "nothing; log file validation is off, so changed log files go unnoticed; it records one region only; "
        "its log files are not encrypted with a customer managed key; it records no queries as data events "
        "of AWS::Timestream::Database; it records no queries as data events of AWS::Timestream::Table; it "
        "sends nothing to a log group, so no alarm can watch it"
    ]


def test_nothing_is_said_of_events_that_an_existing_trail_need_not_record() -> None:
    (warning,) = warnings(audit({**EXISTING, "data_events": False, "management_events": False}))
    assert "queries" not in warning
    assert "management events" not in warning


def test_a_trail_of_another_account_could_not_be_read() -> None:
    theirs = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/organization"
    made = audit({"trail": "existing", "trail_arn": theirs})
    assert made.outputs == {"trailArn": theirs, "keyArns": {}}
    assert warnings(made) == [
        f"{theirs} belongs to account 111122223333 and could not be read from {ACCOUNT}; see to it there "
        "that it records management events and queries"
    ]


def test_inside_a_baseline_arguments_are_named_as_they_are_written_there() -> None:
    location = Location(partition="aws", region=REGION, account=ACCOUNT, caller_arn="")
    settings = AuditTrailPart(data_events=False, protect_data=False, given=frozenset({"data_events"}))
    made = deploy(lambda: AuditTrail("baseline", checked(settings, location)).outputs())
    assert warnings(made) == ["audit.data_events is false (default true): queries are not recorded"]


@pytest.mark.parametrize("args", [{}, {"existing_log_group_name": "audit"}, EXISTING])
def test_a_first_preview_knows_enough(args: Any) -> None:
    made = audit(args, unknown=True)
    if args is not EXISTING:
        assert made.named("Key", "baseline-trail").document()["Version"] == "2012-10-17"
        assert trail(made)["name"] == "baseline-trail"
        assert trail(made)["s3BucketName"] == UNKNOWN


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(
            {"trail": "existing"}, ["trail_arn: is missing; name the trail that exists"], id="no trail"
        ),
        pytest.param(
            {"trail_arn": THEIRS},
            ['trail_arn: names a trail, but trail is "create"; set trail to existing or leave it out'],
            id="a trail that is not used",
        ),
        pytest.param(
            {"management_events": False, "insights": True},
            [
                "insights: needs management_events, which is false: CloudTrail looks at management events "
                "only; leave it out"
            ],
            id="insights without management events",
        ),
        pytest.param(
            CamelCaseArgs(managementEvents=False, insights=True),
            [
                "insights: needs managementEvents, which is false: CloudTrail looks at management events "
                "only; leave it out"
            ],
            id="insights without management events, in another language",
        ),
        pytest.param(
            {"management_events": False, "data_events": False},
            [
                "has neither management_events nor data_events, so its trail would record nothing; set trail "
                "to none"
            ],
            id="a trail of nothing",
        ),
        pytest.param(
            {"log_retention_days": 100},
            ["log_retention_days: is 100, which CloudWatch does not offer; give 90 or 120"],
            id="a retention that CloudWatch lacks",
        ),
        pytest.param(
            {"log_retention_days": 5000},
            ["log_retention_days: is the number 5000; give a whole number from 1 to 3653"],
            id="a retention beyond the longest",
        ),
        pytest.param(
            {"log_group": False, "log_retention_days": 400},
            [
                "log_retention_days: describes a log group that is made here, but log_group is false; "
                "leave it out"
            ],
            id="the retention of no log group",
        ),
        pytest.param(
            {"existing_log_group_name": "audit", "log_retention_days": 400},
            [
                "log_retention_days: describes a log group that is made here, but existing_log_group_name is "
                "given; leave it out"
            ],
            id="the retention of an existing log group",
        ),
        pytest.param(
            {"object_lock_mode": "none", "object_lock_days": 30},
            ["object_lock_days: needs a lock, but object_lock_mode is none; leave it out"],
            id="days of no lock",
        ),
        pytest.param(
            {"trail": "none", "insights": True, "object_lock_mode": "compliance", "data_events": True},
            [
                f'{name}: describes a trail that is made here, but trail is "none"; leave it out'
                for name in ("insights", "object_lock_mode", "data_events")
            ],
            id="what no trail can have",
        ),
        pytest.param(
            {**EXISTING, "multi_region": True, "access_logs": False, "topic_arn": TOPIC},
            [
                *(
                    f'{name}: describes a trail that is made here, but trail is "existing"; leave it out'
                    for name in ("multi_region", "access_logs")
                ),
                "topic_arn: is where a trail that is made here announces deliveries, but trail is "
                '"existing"; leave it out',
            ],
            id="what an existing trail has already",
        ),
        pytest.param(
            {"trail": "some", "object_lock_mode": "GOVERNANCE", "trail_arn": "theirs"},
            [
                'trail: is the text "some"; give "create" or "existing" or "none"',
                'object_lock_mode: is the text "GOVERNANCE"; give "governance" or "compliance" or "none"',
                'trail_arn: is the text "theirs"; give the ARN of a trail '
                "(arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME)",
            ],
            id="several mistakes at once",
        ),
    ],
)
def test_mistakes_are_reported_all_at_once(args: Any, expected: list[str]) -> None:
    with pytest.raises(ArgumentsError) as error:
        audit(args)
    assert [str(mistake) for mistake in error.value.mistakes] == expected


def test_settings_know_what_was_given() -> None:
    read = Record(Audit).read({"insights": True, "accessLogs": None, "multiRegion": False}, Place([]))
    assert read.given == {"insights", "multi_region"}
