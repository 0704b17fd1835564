"""What a trail records, and what an existing one leaves out."""

from typing import Any

import pytest

from timestream_baseline.documents.limits import SELECTOR_VALUES
from timestream_baseline.documents.selectors import event_selectors, shortcomings


def test_a_trail_selects_management_events_and_every_query_without_an_arn() -> None:
    assert event_selectors(management_events=True, data_events=True) == [
        {
            "name": "Management events",
            "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}],
        },
        {
            "name": "Queries: AWS::Timestream::Database",
            "field_selectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": ["AWS::Timestream::Database"]},
            ],
        },
        {
            "name": "Queries: AWS::Timestream::Table",
            "field_selectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": ["AWS::Timestream::Table"]},
            ],
        },
    ]


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        pytest.param(
            {"management_events": False, "data_events": True},
            ["Queries: AWS::Timestream::Database", "Queries: AWS::Timestream::Table"],
            id="queries only",
        ),
        pytest.param(
            {"management_events": True, "data_events": False},
            ["Management events"],
            id="management events only",
        ),
    ],
)
def test_either_kind_of_events_can_be_left_out(chosen: dict[str, bool], names: list[str]) -> None:
    assert [selector["name"] for selector in event_selectors(**chosen)] == names


def test_the_selectors_stay_within_the_limit_of_cloudtrail() -> None:
    selectors = event_selectors(management_events=True, data_events=True)
    values = [value for it in selectors for field in it["field_selectors"] for value in field["equals"]]
    assert len(values) < SELECTOR_VALUES


def advanced(*fields: tuple[str, str, str]) -> dict[str, Any]:
    return {"field_selectors": [{"field": field, operator: [value]} for field, operator, value in fields]}


MANAGEMENT = ("eventCategory", "equals", "Management")
DATA = ("eventCategory", "equals", "Data")
DATABASES = ("resources.type", "equals", "AWS::Timestream::Database")
TABLES = ("resources.type", "equals", "AWS::Timestream::Table")
GOOD: dict[str, Any] = {
    "enable_logging": True,
    "enable_log_file_validation": True,
    "is_multi_region_trail": True,
    "kms_key_id": "arn:aws:kms:eu-west-1:000000000000:key/1",
    "cloud_watch_logs_group_arn": "arn:aws:logs:eu-west-1:000000000000:log-group:audit:*",
    "event_selectors": [],
    "advanced_event_selectors": event_selectors(management_events=True, data_events=True),
}


def selecting(*selectors: dict[str, Any]) -> dict[str, Any]:
    return {"advanced_event_selectors": [*selectors]}


QUERIES = [advanced(DATA, DATABASES), advanced(DATA, TABLES)]
NO_QUERIES = [
    "it records no queries as data events of AWS::Timestream::Database",
    "it records no queries as data events of AWS::Timestream::Table",
]


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"enable_logging": False}, ["it is stopped and records nothing"], id="logging"),
        pytest.param(
            {"enable_log_file_validation": False},
            ["log file validation is off, so changed log files go unnoticed"],
            id="validation",
        ),
        pytest.param({"is_multi_region_trail": False}, ["it records one region only"], id="regions"),
        pytest.param(
            {"kms_key_id": None},
            ["its log files are not encrypted with a customer managed key"],
            id="key",
        ),
        pytest.param(
            {"cloud_watch_logs_group_arn": ""},
            ["it sends nothing to a log group, so no alarm can watch it"],
            id="log group",
        ),
        pytest.param({"advanced_event_selectors": []}, NO_QUERIES, id="queries, with the selectors of AWS"),
        pytest.param(
            {
                "advanced_event_selectors": [],
                "event_selectors": [{"include_management_events": False, "read_write_type": "All"}],
            },
            ["it records no management events", *NO_QUERIES],
            id="management events, with basic selectors",
        ),
        pytest.param(
            {"advanced_event_selectors": [], "event_selectors": [{"read_write_type": "WriteOnly"}]},
            ["it records some management events only", *NO_QUERIES],
            id="management events that read",
        ),
        pytest.param(
            {
                "advanced_event_selectors": [],
                "event_selectors": [{"exclude_management_event_sources": ["kms.amazonaws.com"]}],
            },
            ["it records some management events only", *NO_QUERIES],
            id="management events of KMS",
        ),
        pytest.param(selecting(*QUERIES), ["it records no management events"], id="management events"),
        pytest.param(
            selecting(advanced(MANAGEMENT, ("readOnly", "equals", "false")), *QUERIES),
            ["it records some management events only"],
            id="management events that read, with advanced selectors",
        ),
        pytest.param(
            selecting(advanced(MANAGEMENT), advanced(DATA, TABLES)),
            ["it records no queries as data events of AWS::Timestream::Database"],
            id="queries that touch no table",
        ),
        pytest.param(
            selecting(
                advanced(MANAGEMENT),
                advanced(DATA, DATABASES, ("resources.ARN", "starts_withs", "arn:aws:timestream")),
                advanced(DATA, TABLES),
            ),
            ["it records some queries as data events of AWS::Timestream::Database only"],
            id="queries that touch no database",
        ),
        pytest.param(
            selecting(
                advanced(MANAGEMENT),
                *QUERIES,
                advanced(DATA, TABLES, ("resources.ARN", "starts_withs", "arn:aws:timestream")),
            ),
            [],
            id="nothing, although one selector of several is narrow",
        ),
    ],
)
def test_what_an_existing_trail_lacks_is_said(change: dict[str, Any], lacks: list[str]) -> None:
    assert shortcomings({**GOOD, **change}) == lacks


def test_what_nobody_asks_of_an_existing_trail_is_not_said() -> None:
    trail = {
        **GOOD,
        "advanced_event_selectors": [],
        "event_selectors": [{"include_management_events": False}],
    }
    assert shortcomings(trail, management_events=False, data_events=False) == []
