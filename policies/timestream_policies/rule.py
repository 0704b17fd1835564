"""What a rule is: one function, and one record that says everything about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

import msgspec

from timestream_policies.examples import Example
from timestream_policies.model import Finding

Check = Callable[..., Iterator[Finding]]


class Severity(Enum):
    """How bad a finding is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


NEEDS = {
    "previous": "it compares with the state before, which a policy pack never sees; "
    "use `timestream-policies check` on preview JSON, or with --previous",
    "retain_on_delete": "whether a resource is retained is not told to a policy pack; "
    "use `timestream-policies check`",
    "options": "this file does not hold the options of resources",
}
"""What a rule may need beyond properties, and why it does not apply where a front end lacks it."""


class Remedy(msgspec.Struct, frozen=True):
    """The certain fix: one top-level input and the value that makes the rule pass."""

    path: str
    value: Any


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule. `on_stack` rules are judged once the whole stack is known, others for each resource."""

    id: str
    title: str
    severity: Severity
    applies_to: tuple[str, ...]
    why: str
    fix: str
    snippet: str
    good: tuple[Example, ...]
    bad: tuple[Example, ...]
    controls: Mapping[str, tuple[str, ...]]
    equivalents: Mapping[str, tuple[str, ...]]
    catalogue: tuple[str, ...]
    links: tuple[str, ...]
    check: Check
    on_stack: bool = False
    needs: tuple[str, ...] = ()
    remedy: Remedy | None = None

    def __reduce__(self) -> "tuple[Callable[[str], Rule], tuple[str]]":
        """Travel between processes by id: a rule is the same everywhere."""
        return _of_id, (self.id,)


def _of_id(id_: str) -> Rule:
    from timestream_policies.rules import RULES

    return RULES[id_]


RULES: dict[str, Rule] = {}
"""All rules by id, filled when `timestream_policies.rules` is imported."""


def rule(
    id_: str,
    *,
    title: str,
    severity: Severity,
    applies_to: Iterable[str],
    why: str,
    fix: str,
    snippet: str,
    good: Iterable[Example],
    bad: Iterable[Example],
    links: Iterable[str],
    controls: Mapping[str, Iterable[str]] | None = None,
    equivalents: Mapping[str, Iterable[str]] | None = None,
    catalogue: Iterable[str] = (),
    needs: Iterable[str] = (),
    remedy: Remedy | None = None,
) -> Callable[[Check], Rule]:
    """Register the function as a rule. `(resource)` or `(resource, stack)` decides when it runs.

    `needs` names keys of `NEEDS`; such rules take the stack too. `remedy` is the one input that
    mends every finding whose `at` is its path.
    """

    def register(check: Check) -> Rule:
        if id_ in RULES:
            raise ValueError(f"two rules are called {id_}")
        RULES[id_] = Rule(
            id=id_,
            title=title,
            severity=severity,
            applies_to=tuple(applies_to),
            why=why,
            fix=fix,
            snippet=snippet,
            good=tuple(good),
            bad=tuple(bad),
            controls=_tuples(controls),
            equivalents=_tuples(equivalents),
            catalogue=tuple(catalogue),
            links=tuple(links),
            check=check,
            on_stack=_arguments(check) == 2,
            needs=tuple(needs),
            remedy=remedy,
        )
        if set(needs) - NEEDS.keys() or (needs and not RULES[id_].on_stack):
            raise ValueError(f"{id_} needs what there is not, or takes no stack")
        return RULES[id_]

    return register


def _arguments(check: Any) -> int:
    return int(check.__code__.co_argcount)


def _tuples(table: Mapping[str, Iterable[str]] | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(items) for name, items in (table or {}).items()}
