"""Physical names come from one function, whatever the names that they are made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timestream_baseline.naming import (
    ALARM,
    ALIAS,
    BUCKET,
    DASHBOARD,
    EVENT_RULE,
    METRIC_FILTER,
    QUEUE,
    ROLE,
    TOPIC,
    NameRule,
    physical_name,
    role_name,
    trail_name,
)

RULES = [ALARM, ALIAS, BUCKET, DASHBOARD, EVENT_RULE, METRIC_FILTER, QUEUE, ROLE, TOPIC]


@pytest.mark.parametrize(
    ("rule", "parts", "expected"),
    [
        pytest.param(ROLE, ("baseline", "writers", "ingest"), "baseline-writers-ingest", id="as it is"),
        pytest.param(ALIAS, ("baseline",), "alias/baseline", id="with the prefix of the service"),
        pytest.param(TOPIC, ("team a",), "team-a-35a62206", id="refused characters become a dash and a hash"),
    ],
)
def test_names(rule: NameRule, parts: tuple[str, ...], expected: str) -> None:
    assert physical_name(*parts, rule=rule) == expected


def test_an_over_long_name_is_cut_and_stays_apart_from_its_neighbour() -> None:
    first, second = (role_name("baseline", "writers", "x" * 80 + end) for end in "ab")
    assert len(first) == len(second) == 64
    assert first != second
    assert first[:55] == second[:55]


@pytest.mark.parametrize("rule", RULES)
@given(parts=st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=3))
def test_every_name_is_one_that_the_service_takes(rule: NameRule, parts: list[str]) -> None:
    name = physical_name(*parts, rule=rule)
    assert re.fullmatch(rf"{rule.prefix}[{rule.allowed}]+", name)
    assert len(name) <= rule.longest


@given(parts=st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=3))
def test_a_bucket_begins_with_a_letter_or_a_digit(parts: list[str]) -> None:
    assert re.match(r"[a-z0-9]", physical_name(*parts, rule=BUCKET))


@given(component=st.text(min_size=1, max_size=200) | st.text("a._-", min_size=1, max_size=200))
def test_no_two_marks_stand_beside_each_other_in_the_name_of_a_trail(component: str) -> None:
    name = trail_name(component)
    assert re.fullmatch(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)+", name)
    assert len(name) <= 128


@given(pair=st.lists(st.text("a._-", min_size=1, max_size=6), min_size=2, max_size=2, unique=True))
def test_the_trails_of_two_components_have_two_names(pair: list[str]) -> None:
    assert trail_name(pair[0]) != trail_name(pair[1])
