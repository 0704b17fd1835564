"""A verdict given although a value is unknown must hold for every value that it could turn out to be.

For every example of every rule, each value that the rule read is made unknown. The verdict must be
undecided, or the same for every value of a pool: what is usual and unusual anywhere, and all that
any example gives the property. A reference stands for the resource that it depends on.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.policies.helpers import UNKNOWN, leaves, replaced, verdict
from timestream_policies.evaluation import Verdict, evaluate
from timestream_policies.examples import Example, build
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES
from timestream_policies.values import Properties

POOL: list[Any] = [None, False, True, 0, 1, 100000, "", "*", "foo", [], {}, ["*"], "Allow", "Deny"]
TOO_CAREFUL = Path(__file__).with_name("too_careful.txt")
"""Where a rule is undecided although no value of the pool changes its verdict."""
READS_NO_PROPERTY = {
    "TS-CHG-004",
    "TS-CHG-005",
    "TS-CHG-006",
    "TS-IAM-010",
    "TS-IAM-029",
    "TS-NET-015",
    "TS-OPT-001",
}
"""Rules that go by the type, the options or the removal of a resource alone."""

Place = tuple[Any, ...]


class Recorded(Properties):
    """Properties that remember which of them were read."""

    __slots__ = ("read",)

    def __init__(self, raw: Properties) -> None:
        super().__init__(lambda: raw.raw)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


def read_by(rule: Rule, example: Example) -> list[set[str]]:
    """Return the properties of each resource that the rule reads, also to find its way."""
    stack = build(example.resources)
    for resource in stack.resources:
        resource.inputs = Recorded(resource.inputs)
    for _ in evaluate(stack, [rule]):
        pass
    return [resource.inputs.read for resource in stack.resources if isinstance(resource.inputs, Recorded)]


def at(value: Any, path: Place) -> tuple[Any, ...]:
    """Return the value at a place, as a list of one; nothing if there is no such place."""
    for key in path:
        items = dict(enumerate(value)) if isinstance(value, list) else value
        if not isinstance(items, dict) or key not in items:
            return ()
        value = items[key]
    return (value,)


@cache
def given_anywhere() -> dict[tuple[str, Place], list[Any]]:
    """Return every value that any example gives a property of a type, by its place."""
    found: defaultdict[tuple[str, Place], list[Any]] = defaultdict(list)
    for rule in RULES.values():
        for example in (*rule.good, *rule.bad):
            for given in example.resources:
                for path in leaves(given.properties):
                    (value,) = at(given.properties, path) or (None,)
                    known = found[given.type, path]
                    if value != UNKNOWN and value not in known:
                        known.append(value)
    return dict(found)


def changed(example: Example, number: int, path: Place, by: Any) -> Example:
    given = example.resources[number]
    resources = list(example.resources)
    resources[number] = replace(given, properties=replaced(dict(given.properties), path, by))
    return Example(example.title, tuple(resources))


def agrees(known: Verdict, decided: Verdict) -> bool:
    """A value that no rule can read is an error of its own; where nothing applies nothing is wrong."""
    nothing_wrong = (Verdict.NOT_APPLICABLE, Verdict.PASS)
    return (
        known in (decided, Verdict.ERROR)
        or (known in nothing_wrong and decided in nothing_wrong)
        or known is Verdict.UNDECIDED
    )


def values_for(example: Example, number: int, path: Place) -> list[Any]:
    given = example.resources[number]
    own = at(given.properties, path)
    if given.depends.get(str(path[0])) and not isinstance(own[0] if own else None, dict):
        return list(own)  # the reference says what it will be
    return [*POOL, *given_anywhere().get((given.type, path), ())]


def unknown_places(rule: Rule, example: Example) -> Iterator[tuple[int, Place, Verdict]]:
    for number, names in enumerate(read_by(rule, example)):
        for path in leaves(example.resources[number].properties):
            if path[0] in names:
                yield number, path, verdict(rule, changed(example, number, path, UNKNOWN))


def test_what_rules_read_is_recorded() -> None:
    """Else the tests below have nothing to try, and pass."""
    silent = {
        rule.id
        for rule in RULES.values()
        if not any(any(read_by(rule, example)) for example in (*rule.good, *rule.bad))
    }
    assert silent == READS_NO_PROPERTY


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_value_that_is_not_known_never_hides_another_verdict(rule: Rule) -> None:
    wrong = []
    for example in (*rule.good, *rule.bad):
        for number, path, decided in unknown_places(rule, example):
            if decided is Verdict.UNDECIDED:
                continue
            for value in values_for(example, number, path):
                known = verdict(rule, changed(example, number, path, value))
                if not agrees(known, decided):
                    name = example.resources[number].name
                    wrong.append(
                        f"{example.title}: {name}.{path} unknown: {decided.value}, "
                        f"but {value!r}: {known.value}"
                    )
                    break
    assert wrong == []


def too_careful(rule: Rule) -> list[str]:
    found = []
    for example in (*rule.good, *rule.bad):
        for number, path, decided in unknown_places(rule, example):
            if decided is not Verdict.UNDECIDED:
                continue
            given = example.resources[number]
            if given.depends.get(str(path[0])):
                continue
            verdicts = {
                verdict(rule, changed(example, number, path, value))
                for value in values_for(example, number, path)
            } - {Verdict.ERROR}
            if len(verdicts) == 1 and Verdict.UNDECIDED not in verdicts:
                place = ".".join(str(key) for key in path)
                found.append(f"{rule.id}: {example.title}: {given.name}.{place}")
    return found


def test_where_rules_are_too_careful_is_listed() -> None:
    """More care than needed is safe, but it is noise at preview: a new line here is a decision."""
    listed = TOO_CAREFUL.read_text(encoding="utf-8").splitlines()
    assert [line for rule in RULES.values() for line in too_careful(rule)] == listed


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
