"""The result of a check: the contract that every report format is made from.

Each state is judged alone (`judge_state`), in any process; `merge` puts the results into one report
and takes out what is accepted or known.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from timestream_policies.evaluation import Judgement, Verdict, evaluate_but_passes, sentence
from timestream_policies.evidence import evidence
from timestream_policies.model import Finding
from timestream_policies.packs import DEFAULT, rules_of
from timestream_policies.rule import Rule, Severity
from timestream_policies.settings import DEFAULTS, Settings, Suppression
from timestream_policies.stack import Stack
from timestream_policies.states import State
from timestream_policies.suppressions import Suppressions, expiry_note, from_program, unmatched_note
from timestream_policies.types import STACK
from timestream_policies.undecided import Assumption

Identity = tuple[str, str, str, str]
"""Stack, rule, URN and key: by these a finding is known again, never by its message."""


class Entry(msgspec.Struct, frozen=True):
    """One line of a report: a finding, or something that could not be decided."""

    stack: str
    rule: Rule
    verdict: Verdict
    finding: Finding
    suppressed: Suppression | None = None
    source: str = ""
    """Where the program made the resource, if that is known."""
    state: str = ""
    """The file that was read."""
    evidence: str = ""
    """The value that the finding is about, without secrets."""

    @property
    def identity(self) -> Identity:
        """What a finding is known by from one run to the next."""
        return self.stack, self.rule.id, self.finding.urn, self.finding.key


class Assumed(msgspec.Struct, frozen=True):
    """What a rule took for granted in one stack."""

    stack: str
    rule: str
    assumption: Assumption


class JudgedState(msgspec.Struct):
    """What the rules said of one state, before anything is accepted."""

    stack: str
    source: str
    is_preview: bool
    sha256: str
    resources: int = 0
    unchecked_types: Counter[str] = msgspec.field(default_factory=Counter)
    counts: dict[str, Counter[Verdict]] = msgspec.field(default_factory=dict)
    groups: list[tuple[Entry, ...]] = msgspec.field(default_factory=list)
    """The entries of each verdict that is not a pass; after findings, what stayed undecided beside them."""
    assumptions: list[Assumed] = msgspec.field(default_factory=list)
    accepted: tuple[Suppression, ...] = ()
    """The risks that the program itself accepts."""


class Report(msgspec.Struct):
    """What the rules said of some stacks."""

    selection: str = ""
    """Which rules ran, as it reads on from "31 rules"."""
    packs: tuple[str, ...] = ()
    entries: list[Entry] = msgspec.field(default_factory=list)
    counts: dict[str, Counter[Verdict]] = msgspec.field(default_factory=dict)
    suppressed_counts: Counter[str] = msgspec.field(default_factory=Counter)
    """How many verdicts of each rule are accepted altogether; `counts` has the others."""
    known: Counter[str] = msgspec.field(default_factory=Counter)
    """How many findings of each rule were left out, since they are known already."""
    states: list[JudgedState] = msgspec.field(default_factory=list)
    resources: int = 0
    unchecked_types: Counter[str] = msgspec.field(default_factory=Counter)
    assumptions: list[Assumed] = msgspec.field(default_factory=list)
    warnings: list[str] = msgspec.field(default_factory=list)
    seconds: float = 0.0
    undecided_fails: bool = False
    """Whether what is undecided makes the check fail."""
    source_root: str = ""
    """Where the program lies in the repository; places in it are told from there."""

    @property
    def failed(self) -> list[Entry]:
        """What must be mended."""
        return [e for e in self.entries if e.verdict is not Verdict.UNDECIDED and e.suppressed is None]

    @property
    def undecided(self) -> list[Entry]:
        """What could not be told."""
        return [e for e in self.entries if e.verdict is Verdict.UNDECIDED and e.suppressed is None]

    @property
    def suppressed(self) -> list[Entry]:
        """What somebody accepted."""
        return [entry for entry in self.entries if entry.suppressed is not None]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many verdicts of each kind were given, without those that are accepted."""
        return sum(self.counts.values(), Counter())

    @property
    def previews_only(self) -> bool:
        """Whether nothing but previews was read."""
        return all(state.is_preview for state in self.states)

    @property
    def sha256(self) -> list[str]:
        """The hash of each input."""
        return [state.sha256 for state in self.states]

    def by_severity(self) -> dict[Severity, int]:
        """Return how many findings there are of each severity."""
        found = Counter(entry.rule.severity for entry in self.failed)
        return {severity: found[severity] for severity in Severity}

    def open_questions(self) -> dict[str, list[str]]:
        """Return what could not be told, each with the rules that wait for it."""
        questions: dict[str, dict[str, None]] = {}
        for entry in self.undecided:
            questions.setdefault(sentence(entry.finding), {})[entry.rule.id] = None
        return {question: list(rules) for question, rules in questions.items()}


def check(
    states: Iterable[State],
    *,
    rules: Sequence[Rule] | None = None,
    settings: Settings = DEFAULTS,
    suppressions: Suppressions | None = None,
) -> Report:
    """Judge every state alone, and put the results into one report."""
    chosen = rules_of(DEFAULT) if rules is None else rules
    judged = [judge_state(state, chosen) for state in states]
    return merge(judged, chosen, settings=settings, suppressions=suppressions)


def judge_state(
    state: State, rules: Sequence[Rule], *, with_evidence: bool = False, share: int = 0, shares: int = 1
) -> JudgedState:
    """Let the rules judge one state, or one of several shares of it, by the settings it was read with."""
    stack = state.stack
    judged = JudgedState(stack.name, state.source, state.is_preview, state.sha256)
    judged.counts = {rule.id: Counter() for rule in rules}
    judged.resources = len(stack.resources)
    known_types = {type_ for rule in rules for type_ in rule.applies_to}
    types = Counter(resource.type for resource in stack.resources)
    judged.unchecked_types = Counter({t: count for t, count in types.items() if t not in known_types})
    assumed: dict[Assumed, None] = {}
    passes: Counter[str] = Counter()
    for judgement in evaluate_but_passes(stack, rules, passes, share=share, shares=shares):
        judged.counts[judgement.rule.id][judgement.verdict] += 1
        for assumption in judgement.assumptions:
            assumed[Assumed(stack.name, judgement.rule.id, _scrubbed(assumption, stack))] = None
        if judgement.findings or judgement.verdict is Verdict.UNDECIDED:
            judged.groups.append(tuple(_entries(judgement, state, with_evidence=with_evidence)))
    for id_, count in passes.items():
        judged.counts[id_][Verdict.PASS] += count
    judged.assumptions = list(assumed)
    judged.accepted = from_program(stack.resources, stack.settings)
    return judged


def joined(shares: Sequence[JudgedState]) -> JudgedState:
    """Return the shares of one state as a whole."""
    whole = shares[0]
    for share in shares[1:]:
        for rule, counts in share.counts.items():
            whole.counts[rule].update(counts)
        whole.groups.extend(share.groups)
        whole.assumptions.extend(share.assumptions)
    whole.assumptions = list(dict.fromkeys(whole.assumptions))
    return whole


def merge(
    judged: Sequence[JudgedState],
    rules: Sequence[Rule],
    *,
    settings: Settings = DEFAULTS,
    suppressions: Suppressions | None = None,
    use_program: bool = True,
    known: AbstractSet[tuple[Identity, bool]] = frozenset(),
) -> Report:
    """Put the results into one report. `known` are findings of an older one, and if they were undecided."""
    report = Report(counts={rule.id: Counter() for rule in rules}, states=list(judged))
    lists = [suppressions or Suppressions((), settings)]
    for state in judged:
        own = Suppressions(state.accepted if use_program else (), settings)
        lists.append(own)
        report.resources += state.resources
        report.unchecked_types.update(state.unchecked_types)
        report.assumptions.extend(state.assumptions)
        for rule, counts in state.counts.items():
            report.counts[rule].update(counts)
        for group in state.groups:
            _add(report, [_settled(entry, (lists[0], own)) for entry in group], known)
    for entries in lists:
        report.warnings.extend(unmatched_note(entry) for entry in entries.unmatched(report.counts))
    report.entries.sort(key=_order)
    report.assumptions.sort(key=_order_of_assumptions)
    return report


def _add(report: Report, group: list[Entry], known: AbstractSet[tuple[Identity, bool]]) -> None:
    """Add the entries of one verdict, which counts by what is left of it.

    What stayed undecided beside findings shows once all of these are accepted: who accepts what is
    known has not accepted what is not.
    """
    rule, verdict = group[0].rule.id, group[0].verdict
    if verdict is not group[-1].verdict:
        found = group[:-1]
        settled = all(entry.suppressed or (entry.identity, False) in known for entry in found)
        if settled and any(entry.suppressed for entry in found):
            report.counts[rule].update({verdict: -1, Verdict.UNDECIDED: 1})
            verdict = Verdict.UNDECIDED
        else:
            group = found
    new = [
        entry
        for entry in group
        if entry.suppressed or (entry.identity, entry.verdict is Verdict.UNDECIDED) not in known
    ]
    report.entries.extend(new)
    report.known[rule] += len(group) - len(new)
    if all(entry.suppressed for entry in new):
        report.counts[rule][verdict] -= 1
        if new:
            report.suppressed_counts[rule] += 1


def _settled(entry: Entry, lists: tuple[Suppressions, ...]) -> Entry:
    """Return the entry with what accepts it, or with the note that this has expired."""
    expired = None
    for entries in lists:
        if found := entries.covering(entry.rule, entry.finding):
            return msgspec.structs.replace(entry, suppressed=found)
        expired = expired or entries.expired(entry.rule, entry.finding)
    if expired is None:
        return entry
    message = f"{entry.finding.message}; {expiry_note(expired)}"
    return msgspec.structs.replace(entry, finding=msgspec.structs.replace(entry.finding, message=message))


def _entries(judgement: Judgement, state: State, *, with_evidence: bool) -> Iterable[Entry]:
    stack = state.stack
    findings = [(found, judgement.verdict) for found in judgement.findings]
    if judgement.leaves_open:
        open_ = judgement.resource.finding(f"cannot be judged: {judgement.reason}")
        findings.append((open_, Verdict.UNDECIDED))
    for found, verdict in findings:
        finding = found if found.urn else msgspec.structs.replace(found, urn=_root(stack))
        about = stack.by_urn.get(finding.urn)
        source = about.source if about is not None else ""
        shown = evidence(about, finding.at, stack.scrub) if with_evidence and about is not None else ""
        yield Entry(stack.name, judgement.rule, verdict, finding, None, source, state.source, shown)


def _root(stack: Stack) -> str:
    """Return the URN of the stack itself, as Pulumi would make it if the file does not show it."""
    if stack.urn:
        return stack.urn
    project = next((r.urn.split("::")[1] for r in stack.resources if r.urn.count("::") > 1), "project")
    name = stack.name or "stack"
    return f"urn:pulumi:{name}::{project}::{STACK}::{project}-{name}"


def _scrubbed(assumption: Assumption, stack: Stack) -> Assumption:
    return msgspec.structs.replace(assumption, text=stack.scrub(assumption.text))


def _order(entry: Entry) -> tuple[int, str, str, str, str]:
    return entry.rule.severity.rank, entry.rule.id, entry.stack, entry.finding.urn, entry.finding.key


def _order_of_assumptions(assumed: Assumed) -> tuple[str, str, str, str, str]:
    made = assumed.assumption
    return assumed.stack, assumed.rule, made.urn, made.at, made.text
