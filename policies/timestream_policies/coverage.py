"""What a report shows of the controls of each framework."""

from collections import Counter, defaultdict
from typing import Literal

import msgspec

from timestream_policies.evaluation import Verdict
from timestream_policies.frameworks import Control, Framework, frameworks_of
from timestream_policies.report import Report
from timestream_policies.rule import RULES

State = Literal["failed", "undecided", "accepted", "met", "nothing to judge", "did not run", "no rule"]


class ControlCoverage(msgspec.Struct, frozen=True):
    """One control: the rules that answer it, and what they said."""

    control: Control
    rules: tuple[str, ...]
    state: State
    findings: int


class FrameworkCoverage(msgspec.Struct, frozen=True):
    """One framework with all of its controls."""

    framework: Framework
    controls: tuple[ControlCoverage, ...]

    @property
    def states(self) -> Counter[State]:
        """How many controls are in each state."""
        return Counter(control.state for control in self.controls)


def coverage(report: Report) -> list[FrameworkCoverage]:
    """Return the coverage of every framework by the rules that ran."""
    findings = Counter(entry.rule.id for entry in report.failed)
    answering = _answering()
    return [
        FrameworkCoverage(
            framework,
            tuple(
                _covered(control, sorted(answering.get((framework.id, control.id), ())), report, findings)
                for control in framework.controls
            ),
        )
        for framework in frameworks_of(RULES.values()).values()
        if framework.controls
    ]


def _covered(
    control: Control, answering: list[str], report: Report, findings: Counter[str]
) -> ControlCoverage:
    ran = tuple(id_ for id_ in answering if id_ in report.counts)
    total = sum(findings[id_] for id_ in ran)
    return ControlCoverage(control, ran or tuple(answering), _state(answering, ran, report), total)


def _state(answering: list[str], ran: tuple[str, ...], report: Report) -> State:
    if not answering:
        return "no rule"
    if not ran:
        return "did not run"
    verdicts: Counter[Verdict] = sum((report.counts[id_] for id_ in ran), Counter())
    if verdicts[Verdict.FAIL] or verdicts[Verdict.ERROR] or any(report.known[id_] for id_ in ran):
        return "failed"
    if verdicts[Verdict.UNDECIDED]:
        return "undecided"
    if any(report.suppressed_counts[id_] for id_ in ran):
        return "accepted"
    return "met" if verdicts[Verdict.PASS] else "nothing to judge"


def _answering() -> dict[tuple[str, str], set[str]]:
    answering: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for rule in RULES.values():
        for framework, controls in rule.controls.items():
            for control in controls:
                answering[framework, control].add(rule.id)
    return answering
