"""The arguments of the audit trail: what is refused before anything is made."""

from typing import Any

import pytest

from tests.components.audits import EXISTING, THEIRS, TOPIC, audit
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs, Place
from timestream_baseline.inputs.audit import Audit
from timestream_baseline.inputs.records import Record


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
