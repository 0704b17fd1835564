"""The defects: for every rule one that is planted beside or into the clean blocks.

Most are the rule's own first bad example, put into the stack under names of its own. What a rule
misses in the whole stack cannot be planted so, since the surroundings have it: there something is
taken out or changed instead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from timestream_policies.examples import Given
from timestream_policies.rule import Rule

Stack = list[Given]


@dataclass(frozen=True)
class Planted:
    """A stack with one defect, and the names of the resources on one of which it must be found."""

    resources: tuple[Given, ...]
    names: frozenset[str]


def beside(rule: Rule, stack: Stack) -> Planted:
    """Plant the rule's first bad example under names of its own."""
    mark = f"planted-{rule.id.lower()}"
    example = rule.bad[0].resources
    renamed = {given.name: f"{mark}-{given.name}" for given in example}
    planted = tuple(
        replace(
            given,
            name=renamed[given.name],
            depends={path: tuple(renamed[name] for name in names) for path, names in given.depends.items()},
        )
        for given in example
    )
    return Planted((*stack, *planted), frozenset(renamed.values()))


def without(*names: str) -> Callable[[Stack], Stack]:
    """Take resources out."""
    return lambda stack: [given for given in stack if given.name not in names]


def changed(name: str, change: Mapping[str, Any]) -> Callable[[Stack], Stack]:
    """Change inputs of one resource; None takes an input out."""

    def apply(stack: Stack) -> Stack:
        return [
            replace(
                given,
                properties={k: v for k, v in {**given.properties, **change}.items() if v is not None},
            )
            if given.name == name
            else given
            for given in stack
        ]

    return apply


@dataclass(frozen=True)
class Into:
    """A change of the stack itself, and the resource on which the rule must find it."""

    change: Callable[[Stack], Stack]
    found_on: str


IN_PLACE: dict[str, Into] = {
    "TS-BK-002": Into(without("tables"), "metrics0-cpu"),
    "TS-CT-013": Into(changed("trail", {"advancedEventSelectors": None}), "metrics0"),
    "TS-CT-011": Into(list, "trail"),  # only the root user can mend that: the surroundings have it
    "TS-CW-014": Into(without("filter-KeyDisabledOrDeleted"), "metrics0"),
    "TS-IAM-048": Into(without("writer-0-writes", "reader-0-reads", "backups-role-reads"), "metrics0"),
    "TS-EP-001": Into(without("endpoint-ingest"), "metrics0"),
    "TS-CW-001": Into(without("alarm-SystemErrors-WriteRecords", "alarm-SystemErrors-Query"), "metrics0"),
}
"""The rules on what the whole stack lacks."""


def plant(rule: Rule, stack: Stack) -> Planted:
    """Return the stack with a defect that this rule must find."""
    into = IN_PLACE.get(rule.id)
    if into is None:
        return beside(rule, stack)
    return Planted(tuple(into.change(stack)), frozenset({into.found_on}))
