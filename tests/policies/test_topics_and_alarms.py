from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.examples.alarms import alarm
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.topics import ALARMS
from timestream_policies.rules import alarms, topics
from timestream_policies.settings import Settings
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DATABASE,
    DB_CLUSTER,
    INFLUXDB,
    KEY,
    METRIC_ALARM,
    TABLE,
    TOPIC,
    TOPIC_POLICY,
)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(KEY_ARN, [], id="good"),
        pytest.param("alias/alarms", [], id="a customer's alias"),
        pytest.param("1234abcd-12ab-34cd-56ef-1234567890ab", [], id="a key id"),
        pytest.param(None, ["is not encrypted with a key"], id="no key"),
        pytest.param(
            "alias/aws/sns",
            ["is encrypted with the key that AWS manages (alias/aws/sns)"],
            id="the key of AWS",
        ),
        pytest.param("foo", ["is encrypted with something that is no key (foo)"], id="nonsense"),
        pytest.param(UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
def test_topics_use_a_customer_key(key: Any, expected: Any) -> None:
    assert (
        messages(topics.topics_use_a_customer_key, TOPIC, {"name": "t"}, {"kmsMasterKeyId": key}) == expected
    )


def test_the_key_of_a_topic_is_decided_by_reference() -> None:
    found = messages(
        topics.topics_use_a_customer_key, TOPIC, {}, {"kmsMasterKeyId": UNKNOWN}, Given(KEY, {}, "key"),
        depends={"kmsMasterKeyId": ("key",)},
    )  # fmt: skip
    assert found == []


OPEN = "is open to everybody: statement It allows a wildcard principal, and no condition keeps strangers out"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"Principal": "*", "Condition": None}, [OPEN], id="everybody"),
        pytest.param(
            {"Principal": {"AWS": "arn:aws:iam::*:root"}, "Condition": None}, [OPEN], id="any account"
        ),
        pytest.param(
            {"Principal": "*", "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}},
            [],
            id="one owner",
        ),
        pytest.param(
            {"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, [OPEN], id="with TLS"
        ),
        pytest.param({"Principal": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
@pytest.mark.parametrize("type_", [TOPIC, TOPIC_POLICY])
def test_topic_policies_are_closed(type_: Any, change: Any, expected: Any) -> None:
    statement = {**ALARMS, "Sid": "It", **change}
    assert (
        messages(topics.topic_policies_are_closed, type_, {}, {"policy": {"Statement": statement}})
        == expected
    )


NEVER = "never fires: it watches {} by {}, but it is published by {} only"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(
            {"dimensions": {"DatabaseName": "metrics"}},
            [NEVER.format("SystemErrors", "DatabaseName", "Operation")],
            id="errors by database",
        ),
        pytest.param(
            {"dimensions": None},
            [NEVER.format("SystemErrors", "no dimension", "Operation")],
            id="no dimension",
        ),
        pytest.param(
            {
                "metricName": "SuccessfulRequestLatency",
                "dimensions": {"Operation": "Query", "DatabaseName": "m"},
            },
            [
                NEVER.format(
                    "SuccessfulRequestLatency",
                    "DatabaseName + Operation",
                    "Operation or DatabaseName + Operation + TableName",
                )
            ],
            id="half of the dimensions",
        ),
        pytest.param(
            {"metricName": "CPUUtilization"},
            ["never fires: it watches CPUUtilization, which Timestream does not publish"],
            id="an invented metric",
        ),
        pytest.param(
            {"namespace": "AWS/TimestreamInfluxDB"},
            [
                "never fires: it watches the namespace AWS/TimestreamInfluxDB, "
                "which does not exist: it is AWS/Timestream/InfluxDB"
            ],
            id="an invented namespace",
        ),
        pytest.param({"namespace": "AWS/EC2", "metricName": "CPUUtilization"}, [], id="another service"),
        pytest.param({"dimensions": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param(
            {"metricName": None, "namespace": None, "metricQueries": [{"expression": "SEARCH('x', 'Sum')"}]},
            ["never fires: an alarm cannot use SEARCH()"],
            id="a search",
        ),
    ],
)
def test_alarms_can_fire(change: Any, expected: Any) -> None:
    assert messages(alarms.alarms_can_fire, METRIC_ALARM, alarm("SystemErrors"), change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"alarmActions": []}, ["tells nobody when it goes off"], id="no action"),
        pytest.param(
            {"alarmActions": None, "okActions": ["arn"]},
            ["tells nobody when it goes off"],
            id="only when over",
        ),
        pytest.param({"alarmActions": [UNKNOWN]}, [UNDECIDED], id="not known yet, and from nowhere"),
    ],
)
def test_alarms_have_an_action(change: Any, expected: Any) -> None:
    assert messages(alarms.alarms_have_an_action, METRIC_ALARM, alarm("SystemErrors"), change) == expected


def test_an_action_of_the_stack_counts_before_it_is_known() -> None:
    found = messages(
        alarms.alarms_have_an_action, METRIC_ALARM, alarm("SystemErrors"), {"alarmActions": [UNKNOWN]},
        Given(TOPIC, {}, "topic"), depends={"alarmActions": ("topic",)},
    )  # fmt: skip
    assert found == []


@pytest.mark.parametrize(
    ("enabled", "expected"),
    [(None, []), (True, []), (False, ["has its actions switched off"]), (UNKNOWN, [UNDECIDED])],
)
def test_alarm_actions_are_on(enabled: Any, expected: Any) -> None:
    found = messages(
        alarms.alarm_actions_are_on, METRIC_ALARM, alarm("SystemErrors"), {"actionsEnabled": enabled}
    )
    assert found == expected


def watch(name: Any, metric: Any, **changes: Any) -> Any:
    return Given(METRIC_ALARM, alarm(metric, **changes), name)


SYSTEM, USER = "has nobody watching SystemErrors", "has nobody watching UserErrors"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([watch("a", "SystemErrors"), watch("b", "UserErrors")], [], id="good"),
        pytest.param([], [SYSTEM, USER], id="no alarm"),
        pytest.param([watch("a", "SystemErrors")], [USER], id="one is missing"),
        pytest.param(
            [watch("a", "SystemErrors", dimensions={"DatabaseName": "metrics"}), watch("b", "UserErrors")],
            [SYSTEM],
            id="an alarm that never fires does not count",
        ),
        pytest.param(
            [watch("a", "SystemErrors"), watch("b", UNKNOWN)], [UNDECIDED], id="nobody knows what it watches"
        ),
    ],
)
def test_errors_are_watched(others: Any, expected: Any) -> None:
    assert messages(alarms.errors_are_watched, DATABASE, {"databaseName": "metrics"}, {}, *others) == expected


LATE = {"databaseName": "metrics", "magneticStoreWriteProperties": {"enableMagneticStoreWrites": True}}
LATE_METRICS = ("MagneticStoreRejectedRecordCount", "MagneticStoreRejectedUploadUserFailures")


def on_errors(*others: Given) -> list[str]:
    watched = [Given(METRIC_ALARM, alarm(metric), metric) for metric in ("SystemErrors", "UserErrors")]
    return messages(alarms.errors_are_watched, DATABASE, {"databaseName": "metrics"}, {}, *watched, *others)


def test_late_records_are_watched_where_a_table_takes_them() -> None:
    by_table = {"DatabaseName": "metrics", "TableName": "cpu", "Operation": "WriteRecords"}
    watched = [Given(METRIC_ALARM, alarm(m, dimensions=by_table), m) for m in LATE_METRICS]
    table = Given(TABLE, LATE, "table")
    missing = [f"has nobody watching {metric}" for metric in LATE_METRICS]
    assert on_errors() == []
    assert on_errors(Given(TABLE, {"databaseName": "metrics"}, "table")) == []
    assert on_errors(Given(TABLE, {**LATE, "databaseName": "another"}, "table")) == []
    assert on_errors(table) == missing
    assert on_errors(table, watched[0]) == missing[1:]
    assert on_errors(table, *watched) == []


@pytest.mark.parametrize("type_", INFLUXDB)
def test_influxdb_is_watched(type_: str) -> None:
    metrics = ("CPUUtilization", "MemoryUtilization", "DiskUtilization")
    place = {"namespace": "AWS/Timestream/InfluxDB", "dimensions": {"DbInstanceName": "plant"}}
    watched = [Given(METRIC_ALARM, alarm(metric, **place), metric) for metric in metrics]
    missing = [f"has nobody watching {metric}" for metric in metrics]
    good = {"name": "plant"}
    assert messages(alarms.errors_are_watched, type_, good, {}, *watched) == []
    assert messages(alarms.errors_are_watched, type_, good, {}, *watched[1:]) == missing[:1]
    assert messages(alarms.errors_are_watched, type_, good, {}) == missing
    other = [Given(METRIC_ALARM, alarm(metric), metric) for metric in metrics]
    assert messages(alarms.errors_are_watched, type_, good, {}, *other) == missing


def test_influxdb_3_publishes_nothing_of_its_disk() -> None:
    third = {"name": "lab", "dbParameterGroupIdentifier": "InfluxDBV3Core"}
    found = messages(alarms.errors_are_watched, DB_CLUSTER, third, {})
    assert found == ["has nobody watching CPUUtilization", "has nobody watching MemoryUtilization"]


def test_alarms_of_another_stack_are_assumed() -> None:
    known = build((Given(DATABASE, {"databaseName": "metrics"}),)).resources
    stack = Stack(known, settings=Settings(managed_elsewhere=frozenset({"alarms"})))
    judgement = judge(alarms.errors_are_watched, stack.resources[0], stack)
    assert said(judgement) == []
    assert len(judgement.assumptions) == 1
