import json
from typing import Any

import pytest

import timestream_policies.event_patterns as event_patterns
import timestream_policies.log_patterns as log_patterns
from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_baseline.documents.filters import FILTER_SETS
from timestream_policies.cis_events import ORGANIZATIONS, SUBJECTS, caught_by
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.events import TARGET, pattern, rule_on
from timestream_policies.examples.filters import (
    ALARM,
    EVERYTHING,
    GROUP,
    KEYS,
    ON_GROUP,
    WRITING,
    filter_on,
    names,
)
from timestream_policies.filters import call
from timestream_policies.log_patterns import ANY
from timestream_policies.rules import announcements, filters
from timestream_policies.settings import Settings
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DATABASE,
    EVENT_RULE,
    LOG_METRIC_FILTER,
    METRIC_ALARM,
    TRAIL,
)

EVENT = {
    "eventName": "DeleteTrail",
    "eventSource": "cloudtrail.amazonaws.com",
    "userIdentity": {"type": "Root", "mfa": True},
    "resources": ANY,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ $.eventName = DeleteTrail }", True),
        ('{ $.eventName = "Delete*" }', True),
        ("{ $.eventName = StopLogging }", False),
        ("{ $.eventName != StopLogging }", True),
        ("{ $.errorCode != AccessDenied }", False),
        ("{($.eventName=StopLogging)||($.eventName=DeleteTrail)}", True),
        ("{($.eventName=DeleteTrail) && ($.eventSource=s3.amazonaws.com)}", False),
        # && binds closer than ||.
        ("{$.eventName=DeleteTrail || $.eventName=A && $.eventName=B}", True),
        ("{($.eventName=DeleteTrail || $.eventName=A) && $.eventName=B}", False),
        ("{ $.errorCode NOT EXISTS }", True),
        ("{ $.userIdentity NOT EXISTS }", False),
        ("{ $.userIdentity.mfa IS TRUE }", True),
        ("{ $.userIdentity.mfa IS FALSE }", False),
        ("{ $.eventName = %Trail% }", True),
        ("{ $.eventName = %Stop|Delete% }", False),
        ('{ $.resources[0].ARN = "arn:aws:kms:*" }', True),
        ("ERROR", False),
        ("", False),
        ("{ $.eventName = }", False),
        ("{ ($.eventName = DeleteTrail }", False),
        ("{" + "(" * 500 + "$.eventName = DeleteTrail" + ")" * 500 + "}", False),
    ],
)
def test_filter_patterns(text: str, expected: bool) -> None:
    assert log_patterns.catches(text, EVENT) is expected


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ('{"eventName": ["DeleteTrail"]}', True),
        ('{"eventName": ["StopLogging"]}', False),
        ('{"eventName": [{"prefix": "Delete"}]}', True),
        ('{"eventName": [{"suffix": "Trail"}]}', True),
        ('{"eventName": [{"wildcard": "D*l"}]}', True),
        ('{"eventName": [{"equals-ignore-case": "deletetrail"}]}', True),
        ('{"eventName": [{"anything-but": ["StopLogging"]}]}', True),
        ('{"eventName": [{"anything-but": {"prefix": "Delete"}}]}', False),
        ('{"errorCode": [{"exists": false}]}', True),
        ('{"errorCode": [{"exists": true}]}', False),
        ('{"resources": {"ARN": ["arn:aws:kms:eu-west-1:1:key/1"]}}', True),
        ('{"userIdentity": {"type": ["IAMUser"]}}', False),
        ('{"$or": [{"eventName": ["A"]}, {"eventName": ["DeleteTrail"]}]}', True),
        ('{"eventName": "DeleteTrail"}', False),
        ("nonsense", False),
    ],
)
def test_event_patterns(detail: str, expected: bool) -> None:
    assert event_patterns.catches(f'{{"detail": {detail}}}', {"detail": EVENT}) is expected


@pytest.mark.parametrize("text", FILTER_SETS)
def test_the_filters_of_the_benchmark_and_of_security_hub_catch_what_is_asked_for(text: str) -> None:
    caught = set().union(*(caught_by(one.pattern) for one in FILTER_SETS[text].filters))
    asked_for = {
        (subject.number, index)
        for subject in SUBJECTS
        for index in range(len(subject.events))
        if text == "cis" or subject.number != ORGANIZATIONS
    }
    assert asked_for <= caught


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: str(subject.number))
def test_no_other_filter_of_the_benchmark_stands_in_for_one_that_is_missing(subject: Any) -> None:
    others = [f for number, f in enumerate(FILTER_SETS["cis"].filters, start=1) if number != subject.number]
    caught = set().union(*(caught_by(one.pattern) for one in others))
    assert not {(subject.number, index) for index in range(len(subject.events))} <= caught


def on_trail(rule: Any, *others: Given, change: Any = None) -> list[str]:
    return messages(rule, TRAIL, WRITING, change or {}, GROUP, *others, depends=ON_GROUP)


def some_filter(text: str = EVERYTHING, **changes: Any) -> Given:
    return Given(LOG_METRIC_FILTER, filter_on(text, **changes), "filter")


def test_a_trail_has_the_filters_of_cis() -> None:
    rule = filters.trails_have_the_filters_of_cis
    numbers = [s.number for s in SUBJECTS if s.number != ORGANIZATIONS]
    missing = [
        f"has no filter with an alarm for {s.meaning} (CIS 4.{s.number})"
        for s in SUBJECTS
        if s.number in numbers
    ]
    deaf = Given(METRIC_ALARM, {**ALARM.properties, "alarmActions": []}, "alarm")
    assert on_trail(rule, some_filter(), ALARM) == []
    assert on_trail(rule) == missing
    assert on_trail(rule, some_filter()) == missing
    assert on_trail(rule, some_filter(), deaf) == missing
    assert on_trail(rule, some_filter(logGroupName="another"), ALARM) == missing
    assert on_trail(rule, some_filter(KEYS), ALARM) == [m for m in missing if "(CIS 4.7)" not in m]
    assert on_trail(rule, some_filter(UNKNOWN), ALARM) == [UNDECIDED]
    assert on_trail(rule, change={"cloudWatchLogsGroupArn": None}) == []


def test_the_trail_of_an_organization_needs_one_filter_more() -> None:
    rule = filters.trails_have_the_filters_of_cis
    found = on_trail(rule, change={"isOrganizationTrail": True})
    assert len(found) == len(SUBJECTS)
    assert found[-1] == "has no filter with an alarm for changes to the organization (CIS 4.15)"


def test_alarms_of_another_stack_are_assumed() -> None:
    known = build((Given(TRAIL, WRITING, "main", ON_GROUP), GROUP)).resources
    stack = Stack(known, settings=Settings(managed_elsewhere=frozenset({"alarms"})))
    for rule in (filters.trails_have_the_filters_of_cis, announcements.changes_of_trails_are_announced):
        judgement = judge(rule, stack.resources[0], stack)
        assert said(judgement) == []
        assert "alarms are managed elsewhere, as the settings say" in [a.text for a in judgement.assumptions]


UNNOTICED = "can be changed unnoticed: nobody is told of {}"
CALLS = ("StopLogging", "DeleteTrail", "PutEventSelectors")


def some_rule(*calls: str, **changes: Any) -> Given:
    return Given(EVENT_RULE, {**rule_on(*calls), **changes}, "rule")


def detail(**wanted: Any) -> str:
    return json.dumps({"detail": wanted})


def test_changes_of_a_trail_are_announced() -> None:
    rule = announcements.changes_of_trails_are_announced
    everything = [UNNOTICED.format(name) for name in CALLS]
    assert on_trail(rule) == everything
    assert on_trail(rule, some_rule(*CALLS), TARGET) == []
    assert on_trail(rule, some_rule(*CALLS)) == everything
    assert on_trail(rule, some_rule(*CALLS, state="DISABLED"), TARGET) == everything
    assert on_trail(rule, some_rule(*CALLS[:2]), TARGET) == everything[2:]
    assert on_trail(rule, some_rule(eventPattern=UNKNOWN), TARGET) == [UNDECIDED]
    # CIS's own filter says nothing of selectors.
    cis = some_filter(FILTER_SETS["cis"].filters[4].pattern)
    assert on_trail(rule, cis, ALARM) == everything[2:]
    assert on_trail(rule, cis) == everything


def test_a_rule_on_another_trail_does_not_count() -> None:
    rule = announcements.changes_of_trails_are_announced

    def naming(name: str) -> Given:
        return some_rule(
            eventPattern=detail(eventName=CALLS, requestParameters={"name": [name, {"exists": False}]})
        )

    assert on_trail(rule, naming("calls"), TARGET) == []
    assert on_trail(rule, naming("another"), TARGET) == [UNNOTICED.format(name) for name in CALLS]


LOST = "can lose its key unnoticed: nobody is told of {}"


def on_database(*others: Given, key: Any = KEY_ARN) -> list[str]:
    good = {"databaseName": "metrics", "kmsKeyId": key}
    return messages(announcements.changes_of_keys_are_announced, DATABASE, good, {}, *others)


def test_changes_of_a_key_are_announced() -> None:
    calls = ("DisableKey", "ScheduleKeyDeletion")
    both = [LOST.format(name) for name in calls]

    def naming(arn: str) -> Given:
        return some_rule(eventPattern=detail(eventName=calls, resources={"ARN": [arn]}))

    assert on_database() == both
    assert on_database(some_rule(*calls), TARGET) == []
    assert on_database(some_rule("DisableKey"), TARGET) == both[1:]
    assert on_database(some_filter(KEYS), ALARM) == []
    assert on_database(some_filter(KEYS)) == both
    assert on_database(naming(KEY_ARN), TARGET) == []
    assert on_database(naming("another"), TARGET) == both
    assert on_database(some_rule(eventPattern=UNKNOWN), some_filter(KEYS), TARGET, ALARM) == []
    assert on_database(key=None) == []
    assert on_database(key="alias/aws/timestream") == []


def test_filters_are_on_the_log_group_of_a_trail() -> None:
    rule = filters.filters_are_on_a_trail
    good, trail = filter_on(KEYS), Given(TRAIL, WRITING, "trail", ON_GROUP)
    problem = "finds nothing: no trail writes to the log group 'group'"
    assert messages(rule, LOG_METRIC_FILTER, good, {}, GROUP, trail) == []
    assert messages(rule, LOG_METRIC_FILTER, good, {}, GROUP) == [problem]
    assert messages(rule, LOG_METRIC_FILTER, good, {"pattern": "ERROR"}, GROUP) == []
    assert messages(rule, LOG_METRIC_FILTER, good, {"logGroupName": "of another stack"}, GROUP) == []


def test_what_filters_count_is_watched() -> None:
    rule = filters.filters_have_an_alarm
    good = filter_on(KEYS)
    query = {"metricQueries": [{"metric": {"namespace": "CISBenchmark", "metricName": "Seen"}}]}
    assert messages(rule, LOG_METRIC_FILTER, good, {}, ALARM) == []
    assert messages(rule, LOG_METRIC_FILTER, good, {}, Given(METRIC_ALARM, query, "alarm")) == []
    assert messages(rule, LOG_METRIC_FILTER, good, {}) == ["counts Seen, which no alarm watches"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{{{names('DeleteTable')}}}", ["catches DeleteTable of dynamodb too"]),
        (f"{{{names('CreateDatabase')}}}", ["catches CreateDatabase of glue too"]),
        (f"{{($.eventSource=timestream.amazonaws.com) && ({names('DeleteTable')})}}", []),
        (f"{{($.eventSource=dynamodb.amazonaws.com) && ({names('DeleteTable')})}}", []),
        (KEYS, []),
        (UNKNOWN, [UNDECIDED]),
    ],
)
def test_filters_name_the_service(text: str, expected: list[str]) -> None:
    assert messages(filters.filters_name_the_service, LOG_METRIC_FILTER, filter_on(text), {}) == expected


def test_rules_name_the_service() -> None:
    rule = filters.filters_name_the_service
    of_any, ours = pattern("DeleteTable"), pattern("DeleteTable", source="timestream.amazonaws.com")
    assert messages(rule, EVENT_RULE, {}, {"eventPattern": of_any}) == ["catches DeleteTable of dynamodb too"]
    assert messages(rule, EVENT_RULE, {}, {"eventPattern": ours}) == []


def test_a_call_has_what_filters_ask_for() -> None:
    assert call("kms", "DisableKey")["eventSource"] == "kms.amazonaws.com"
