"""A verdict given although a value is unknown must hold for every value that it could turn out to be."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.policies.helpers import UNKNOWN, leaves, replaced, verdict
from timestream_policies.evaluation import Verdict
from timestream_policies.examples import Example
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES

ANYTHING: list[Any] = [None, False, True, 0, 1, 100000, "", "*", "foo", [], {}, ["*"], "Allow", "Deny"]


def cases() -> Iterator[Any]:
    for rule in RULES.values():
        for example in (*rule.good, *rule.bad):
            yield pytest.param(rule, example, id=f"{rule.id}: {example.title}")


def values_of(rule: Rule, path: tuple[Any, ...]) -> list[Any]:
    """Return every value that an example of the rule has at a place."""
    found = []
    for example in (*rule.good, *rule.bad):
        value: Any = example.resources[0].properties
        for key in path:
            if (isinstance(value, dict) and key in value) or (
                isinstance(value, list) and isinstance(key, int) and key < len(value)
            ):
                value = value[key]
            else:
                break
        else:
            found.append(value)
    return found


def changed(example: Example, number: int, path: tuple[Any, ...], by: Any) -> Example:
    given = example.resources[number]
    properties = replaced(dict(given.properties), path, by)
    resources = list(example.resources)
    resources[number] = replace(given, properties=properties)
    return Example(example.title, tuple(resources))


@pytest.mark.parametrize(("rule", "example"), list(cases()))
def test_an_unknown_leaf_never_hides_another_verdict(rule: Rule, example: Example) -> None:
    wrong = []
    for number, given in enumerate(example.resources):
        for path in leaves(given.properties):
            if given.depends.get(str(path[0])):
                continue  # the reference says what it will be
            decided = verdict(rule, changed(example, number, path, UNKNOWN))
            if decided is Verdict.UNDECIDED:
                continue
            for value in (*ANYTHING, *values_of(rule, path)):
                known = verdict(rule, changed(example, number, path, value))
                if known not in (decided, Verdict.ERROR) and not (
                    known is Verdict.NOT_APPLICABLE and decided is Verdict.PASS
                ):
                    wrong.append(
                        f"{given.name}.{path} unknown: {decided.value}, but {value!r}: {known.value}"
                    )
    assert wrong == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_an_unknown_property_of_a_failing_example_is_never_a_pass(rule: Rule) -> None:
    for example in rule.bad:
        for name in example.resources[0].properties:
            everything_unknown = changed(example, 0, (name,), UNKNOWN)
            if verdict(rule, changed(example, 0, (name,), None)) is Verdict.PASS:
                continue  # not what the rule is about
            assert verdict(rule, everything_unknown) is not Verdict.PASS, f"{example.title}: {name}"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_document_as_text_is_judged_like_the_same_document_as_an_object(rule: Rule) -> None:
    for example in (*rule.good, *rule.bad):
        properties = dict(example.resources[0].properties)
        for name in ("policy", "assumeRolePolicy"):
            if isinstance(properties.get(name), dict):
                as_text = changed(example, 0, (name,), json.dumps(properties[name]))
                assert verdict(rule, as_text) is verdict(rule, example), example.title
