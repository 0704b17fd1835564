"""The result of a check: the contract that every report format is made from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from timestream_policies.evaluation import Judgement, Verdict, evaluate, sentence
from timestream_policies.model import Finding
from timestream_policies.packs import rules_of
from timestream_policies.rule import Rule, Severity
from timestream_policies.states import State


@dataclass(frozen=True)
class Entry:
    """One line of a report: a finding, or something that could not be decided."""

    stack: str
    rule: Rule
    verdict: Verdict
    finding: Finding


@dataclass
class Report:
    """What the rules of a pack said of some stacks."""

    pack: str
    entries: list[Entry] = field(default_factory=list)
    counts: dict[str, Counter[Verdict]] = field(default_factory=dict)
    resources: int = 0
    unchecked_types: Counter[str] = field(default_factory=Counter)
    sha256: list[str] = field(default_factory=list)
    seconds: float = 0.0
    previews_only: bool = True

    @property
    def failed(self) -> list[Entry]:
        """What must be mended."""
        return [entry for entry in self.entries if entry.verdict is not Verdict.UNDECIDED]

    @property
    def undecided(self) -> list[Entry]:
        """What could not be told."""
        return [entry for entry in self.entries if entry.verdict is Verdict.UNDECIDED]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many verdicts of each kind were given."""
        return sum(self.counts.values(), Counter())

    def by_severity(self) -> dict[Severity, int]:
        """Return how many findings there are of each severity."""
        found = Counter(entry.rule.severity for entry in self.failed)
        return {severity: found[severity] for severity in Severity}

    def open_questions(self) -> dict[str, list[str]]:
        """Return what could not be told, each with the rules that wait for it."""
        questions: dict[str, list[str]] = {}
        for entry in self.undecided:
            questions.setdefault(sentence(entry.finding), []).append(entry.rule.id)
        return questions


def check(states: Iterable[State], pack: str) -> Report:
    """Judge every state alone by the rules of a pack, and put the results into one report."""
    rules = rules_of(pack)
    report = Report(pack, counts={rule.id: Counter() for rule in rules})
    known_types = {type_ for rule in rules for type_ in rule.applies_to}
    for state in states:
        report.previews_only &= state.is_preview
        report.sha256.append(state.sha256)
        for resource in state.stack.resources:
            report.resources += 1
            if resource.type not in known_types:
                report.unchecked_types[resource.type] += 1
        for judgement in evaluate(state.stack, rules):
            report.counts[judgement.rule.id][judgement.verdict] += 1
            report.entries.extend(_entries(judgement, state.stack.name))
    report.entries.sort(key=_order)
    return report


def _entries(judgement: Judgement, stack: str) -> Iterable[Entry]:
    for finding in judgement.findings:
        yield Entry(stack, judgement.rule, judgement.verdict, finding)
    if judgement.verdict is Verdict.UNDECIDED:
        finding = judgement.resource.finding(f"cannot be judged: {judgement.reason}")
        yield Entry(stack, judgement.rule, judgement.verdict, finding)


def _order(entry: Entry) -> tuple[int, str, str, str]:
    return entry.rule.severity.rank, entry.rule.id, entry.finding.urn, entry.finding.key
