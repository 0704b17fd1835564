"""Packs: named lists of rule ids."""

from timestream_policies.rule import Rule, Severity
from timestream_policies.rules import RULES

DEFAULT = "baseline"
_LOWEST_IN_BASELINE = Severity.MEDIUM


def _baseline() -> tuple[str, ...]:
    return tuple(id_ for id_, rule in RULES.items() if rule.severity.rank <= _LOWEST_IN_BASELINE.rank)


PACKS: dict[str, tuple[str, ...]] = {
    "strict": tuple(sorted(RULES)),
    "baseline": tuple(sorted(_baseline())),
}
"""`strict` is every rule, `baseline` those of medium severity or higher."""


def rules_of(pack: str) -> list[Rule]:
    """Return the rules of a pack."""
    return [RULES[id_] for id_ in PACKS[pack]]
