from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given, document
from timestream_policies.examples.events import ANYONE, ORGANIZATION, QUEUE_ARN, TARGET, TOPIC_ARN, rule_on
from timestream_policies.rules import events
from timestream_policies.types import (
    EVENT_BUS,
    EVENT_BUS_POLICY,
    EVENT_PERMISSION,
    EVENT_RULE,
    EVENT_TARGET,
    QUEUE,
)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param({"arn": QUEUE_ARN}, [], id="good"),
        pytest.param([{"arn": QUEUE_ARN}], [], id="as a list"),
        pytest.param(None, ["drops what it cannot deliver"], id="none"),
        pytest.param({"arn": ""}, ["drops what it cannot deliver"], id="an empty one"),
        pytest.param(UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
def test_targets_have_a_dead_letter_queue(config: Any, expected: Any) -> None:
    good = {"rule": "changes", "arn": TOPIC_ARN}
    rule = events.targets_have_a_dead_letter_queue
    assert messages(rule, EVENT_TARGET, good, {"deadLetterConfig": config}) == expected


def test_a_queue_is_known_by_reference() -> None:
    found = messages(
        events.targets_have_a_dead_letter_queue, EVENT_TARGET, {}, {"deadLetterConfig": {"arn": UNKNOWN}},
        Given(QUEUE, {}, "queue"), depends={"deadLetterConfig": ("queue",)},
    )  # fmt: skip
    assert found == []


OPEN = "lets everybody in: statement Open allows a wildcard principal, and no condition keeps strangers out"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (ORGANIZATION, []),
        (ANYONE, [OPEN]),
        ({**ANYONE, "Principal": {"AWS": "*"}}, [OPEN]),
        ({**ANYONE, "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}, []),
        ({**ANYONE, "Condition": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_policies_of_buses_are_closed(statement: Any, expected: Any) -> None:
    change = {"policy": document(statement)}
    assert messages(events.buses_are_closed, EVENT_BUS_POLICY, {}, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"principal": "*"}, ["lets everybody send events: its principal is *"]),
        ({"principal": "*", "condition": {"key": "aws:PrincipalOrgID", "value": "o-a1b2c3d4e5"}}, []),
        ({"principal": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_permissions_are_closed(change: Any, expected: Any) -> None:
    good = {"principal": "444455556666", "statementId": "Them"}
    assert messages(events.buses_are_closed, EVENT_PERMISSION, good, change) == expected


def test_buses_have_a_policy() -> None:
    bus = {"name": "changes"}
    for type_ in (EVENT_BUS_POLICY, EVENT_PERMISSION):
        grant = Given(type_, {"eventBusName": "changes"}, "grant")
        other = Given(type_, {"eventBusName": "another"}, "grant")
        assert messages(events.buses_have_a_policy, EVENT_BUS, bus, {}, grant) == []
        assert messages(events.buses_have_a_policy, EVENT_BUS, bus, {}, other) == ["has no policy of its own"]


def test_rules_have_a_target() -> None:
    good, unknown = rule_on("DeleteTable"), Given(EVENT_TARGET, {"rule": UNKNOWN}, "target")
    other = Given(EVENT_TARGET, {"rule": "another"}, "target")
    known = Given(EVENT_TARGET, {"rule": UNKNOWN}, "target", {"rule": ("main",)})
    assert messages(events.rules_have_a_target, EVENT_RULE, good, {}, TARGET) == []
    assert messages(events.rules_have_a_target, EVENT_RULE, good, {}, known) == []
    assert messages(events.rules_have_a_target, EVENT_RULE, good, {}) == ["tells nobody: it has no target"]
    assert messages(events.rules_have_a_target, EVENT_RULE, good, {}, other) == [
        "tells nobody: it has no target"
    ]
    assert messages(events.rules_have_a_target, EVENT_RULE, good, {}, unknown) == [UNDECIDED]
