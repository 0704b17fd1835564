"""The audit trail: what is turned off, what exists already, and what is said of both."""

from typing import Any

import pulumi
import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.audits import EXISTING, GROUP, THEIRS, WITH_EVERYTHING, audit, made_by, trail, warnings
from tests.components.recorder import deploy
from timestream_baseline.audit import AuditTrail
from timestream_baseline.inputs.audit import AuditTrailPart
from timestream_baseline.location import Location
from timestream_baseline.part import checked


def without(*parts: str) -> list[str]:
    return [name for name in WITH_EVERYTHING if not any(part in name for part in parts)]


LOG_GROUP_PARTS = ("logGroup", "LogGroup", "delivery")


@pytest.mark.parametrize(
    ("args", "made", "said"),
    [
        pytest.param(
            {"data_events": False},
            WITH_EVERYTHING,
            ["data_events is false (default true): queries are not recorded (TS-CT-013)"],
            id="queries",
        ),
        pytest.param(
            {"management_events": False},
            WITH_EVERYTHING,
            [
                "insights is dropped (default true): CloudTrail looks at management events only, and "
                "management_events is false (TS-CT-015)"
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
            [
                "insights is false (default true): nobody is told of unusual rates of calls and errors "
                "(TS-CT-010)"
            ],
            id="insights",
        ),
        pytest.param(
            {"multi_region": False},
            WITH_EVERYTHING,
            ["multi_region is false (default true): calls in other regions are not recorded (TS-CT-003)"],
            id="other regions",
        ),
        pytest.param(
            {"log_group": False},
            without(*LOG_GROUP_PARTS),
            ["log_group is false (default true): no alarm can watch the trail (TS-CT-004)"],
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
            [
                "access_logs is false (default true): nobody can tell who read or deleted log files, nor who "
                "used the other buckets (TS-S3-010)"
            ],
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
        "no trail that does not ask for them (TS-CT-013)"
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
    assert warnings(made) == [
        "audit.data_events is false (default true): queries are not recorded (TS-CT-013)"
    ]
