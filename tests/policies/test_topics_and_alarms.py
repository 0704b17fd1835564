from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.alarms import alarm
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.topics import ALARMS
from timestream_policies.rules import alarms, topics
from timestream_policies.types import DATABASE, KEY, METRIC_ALARM, TOPIC, TOPIC_POLICY


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
