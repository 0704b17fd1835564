"""The JSON report and the list of rules: what others build on, described and versioned."""

from datetime import date
from typing import Literal

import msgspec

SCHEMA: Literal[1] = 1
"""Raised when something is taken away or means another thing; what is added does not raise it."""


class Accepted(msgspec.Struct, frozen=True):
    """Why a finding does not count."""

    reason: str
    """Why the risk is accepted."""
    owner: str
    """Who answers for it."""
    expires: date
    """The last day on which it holds."""


class FoundJson(msgspec.Struct, frozen=True):
    """A finding, or something that could not be decided."""

    stack: str
    """Name of the stack."""
    rule: str
    """Id of the rule."""
    catalogue: tuple[str, ...]
    """The checks of the catalogue that the rule answers."""
    severity: Literal["critical", "high", "medium", "low"]
    """How bad it is."""
    verdict: Literal["fail", "undecided", "error"]
    """`error`: the rule broke, which counts as a failure."""
    urn: str
    """The resource; the root stack for a finding on the whole stack."""
    type: str
    """Type of the resource, as the program wrote it."""
    name: str
    """Name of the resource."""
    at: str
    """The property that the finding is about; empty for the whole resource."""
    key: str
    """What tells several findings of the rule on one resource apart."""
    message: str
    """What is wrong, for people; may change from one version to the next."""
    fix: str
    """How it is mended, in one sentence."""
    suppressed: Accepted | None
    """Why it does not count, or null."""


class RuleJson(msgspec.Struct, frozen=True):
    """How often one rule gave each verdict. A verdict counts once, under what became of it."""

    id: str
    """Id of the rule."""
    passed: int = msgspec.field(name="pass")
    """Resources that are as they should be."""
    fail: int
    """Resources with findings."""
    undecided: int
    """Resources of which it could not be told."""
    not_applicable: int
    """Resources that the rule is not about after all."""
    error: int
    """Resources on which the rule broke."""
    suppressed: int
    """Resources whose findings are all accepted."""


class SummaryJson(msgspec.Struct, frozen=True):
    """Counts of verdicts, then of findings that count by severity."""

    passed: int = msgspec.field(name="pass")
    """Verdicts that are passes."""
    fail: int
    """Verdicts that are failures."""
    not_applicable: int
    """Verdicts of rules that are not about the resource after all."""
    undecided: int
    """Verdicts that wait for a value."""
    error: int
    """Verdicts of rules that broke."""
    suppressed: int
    """Verdicts whose findings are all accepted."""
    known: int
    """Findings left out since the report given as --baseline has them."""
    critical: int
    """Findings of this severity that count."""
    high: int
    """Findings of this severity that count."""
    medium: int
    """Findings of this severity that count."""
    low: int
    """Findings of this severity that count."""
    rules: int
    """Rules that ran."""
    resources: int
    """Resources that were read."""
    seconds: float
    """How long it took."""


class AssumedJson(msgspec.Struct, frozen=True):
    """What a rule took for granted."""

    stack: str
    """Name of the stack."""
    rule: str
    """Id of the rule."""
    urn: str
    """The resource."""
    at: str
    """The property; empty for the whole resource."""
    text: str
    """What is taken for granted."""


class ToolJson(msgspec.Struct, frozen=True):
    """What made the report."""

    name: str
    """Name of the tool."""
    version: str
    """Its version."""


class ReportJson(msgspec.Struct, frozen=True):
    """The report of `timestream-policies check --format json`."""

    version: Literal[1] = msgspec.field(name="schema")
    """Version of this schema."""
    summary: SummaryJson
    """The counts."""
    findings: tuple[FoundJson, ...]
    """By severity, rule, stack, URN and key."""
    rules: tuple[RuleJson, ...]
    """Every rule that ran."""
    assumptions: tuple[AssumedJson, ...]
    """What the verdicts take for granted."""
    unchecked_types: dict[str, int]
    """Types of resources that no rule which ran is about, with how many there are."""
    tool: ToolJson
    """What made the report."""
    front_end: Literal["check"]
    """Where the rules ran."""
    input_sha256: tuple[str, ...]
    """SHA-256 of each file, in the order in which they were given."""
    warnings: tuple[str, ...]
    """What somebody should look at, such as suppressions that meet no finding."""
