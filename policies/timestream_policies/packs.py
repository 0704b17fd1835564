"""Packs: named lists of rule ids. What a rule is about decides, so that no rule is left out by hand."""

from timestream_policies.rule import Rule, Severity
from timestream_policies.rules import RULES
from timestream_policies.types import INFLUXDB

DEFAULT = "baseline"
ADVISORY_ROWS = frozenset({"IAM-18", "KMS-08", "S3-12", "S3-14", "S3-17", "CT-10", "CT-11", "TS-08"})
"""The rows of the catalogue that are opinion or cost. A rule answers only these, or none of them."""
_CIS = "cis-aws-db-2.0.0"
_AWS = "aws-timestream-security"
_LOWEST_IN_BASELINE = Severity.MEDIUM


def is_advisory(rule: Rule) -> bool:
    """Tell whether a rule is about opinion or cost."""
    return bool(rule.catalogue) and set(rule.catalogue) <= ADVISORY_ROWS


def _packs() -> dict[str, tuple[str, ...]]:
    rules = sorted(RULES.values(), key=lambda rule: rule.id)
    strict = [rule for rule in rules if not is_advisory(rule)]
    packs = {
        "advisory": [rule for rule in rules if is_advisory(rule)],
        "strict": strict,
        "baseline": [rule for rule in strict if rule.severity.rank <= _LOWEST_IN_BASELINE.rank],
        _CIS: [rule for rule in strict if _CIS in rule.controls],
        _AWS: [rule for rule in strict if _AWS in rule.controls],
        "influxdb": [rule for rule in strict if set(rule.applies_to) & set(INFLUXDB)],
    }
    return {name: tuple(rule.id for rule in listed) for name, listed in packs.items()}


PACKS: dict[str, tuple[str, ...]] = _packs()
"""`strict` is every rule but the advisory ones, `baseline` those of medium severity or higher."""


def rules_of(*packs: str) -> list[Rule]:
    """Return the rules of some packs, each once."""
    ids = dict.fromkeys(id_ for pack in packs for id_ in PACKS[pack])
    return [RULES[id_] for id_ in ids]
