"""Rules applied to resources: one verdict for each pair, and never a pass by silence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import islice

import msgspec

from timestream_policies.checkpoints import Unreadable
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import NEEDS, Rule
from timestream_policies.scope import timestream_scope
from timestream_policies.scrubbing import Scrub
from timestream_policies.stack import Stack
from timestream_policies.types import short
from timestream_policies.undecided import Assumption, NotApplicable, Notes, Undecided


class Verdict(Enum):
    """What a rule says of a resource. Only `PASS` is a pass; `ERROR` counts as a failure."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNDECIDED = "undecided"
    ERROR = "error"

    # Verdicts are counted by the ten thousand; an Enum hashes its name in Python.
    __hash__ = object.__hash__


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """The verdict of one rule on one resource, with the findings or the reason.

    A failure with a reason is incomplete: more may be found once that value is known.
    """

    rule: Rule
    resource: Resource
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    assumptions: tuple[Assumption, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether this must stop a deployment."""
        return self.verdict in (Verdict.FAIL, Verdict.ERROR)

    @property
    def leaves_open(self) -> bool:
        """Whether some of it could not be told; of a failure, beside what was found."""
        return self.verdict is Verdict.UNDECIDED or (self.verdict is Verdict.FAIL and bool(self.reason))


def judge(rule: Rule, resource: Resource, stack: Stack | None = None) -> Judgement:
    """Let one rule judge one resource. A rule of the stack needs the stack."""
    with Notes() as notes:
        return _judge(rule, resource, stack, notes) or Judgement(rule, resource, Verdict.PASS)


def _judge(rule: Rule, resource: Resource, stack: Stack | None, notes: Notes) -> Judgement | None:
    """Return the judgement of one rule on one resource; None if it is a pass, and nothing more to say.

    What the rule notes is taken out of the notes.
    """
    if rule.needs and stack is not None and not stack.offers.issuperset(rule.needs):
        lacking = next(need for need in rule.needs if need not in stack.offers)
        return Judgement(rule, resource, Verdict.NOT_APPLICABLE, reason=NEEDS[lacking])
    findings: list[Finding] = []
    error = ""
    excluded = ""
    try:
        for finding in rule.check(resource, stack) if rule.on_stack else rule.check(resource):
            findings.append(finding)  # noqa: PERF402 - what was found before an exception stays
    except Undecided as undecided:
        notes.undecided.append(undecided)
    except NotApplicable as reason:
        excluded = str(reason)
    except Unreadable:
        raise  # the fault of the file, not of the rule
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"
    if not (findings or error or excluded or notes.undecided or notes.assumptions):
        return None
    unclear, assumptions = notes.taken()
    if not (error or findings or unclear or excluded):
        return Judgement(rule, resource, Verdict.PASS, assumptions=assumptions)
    scrub = stack.scrub if stack is not None else Scrub([resource])
    if error:
        broken = resource.finding(scrub(f"could not be judged: the rule broke ({error})"), key="error")
        return Judgement(
            rule, resource, Verdict.ERROR, (*_scrubbed(findings, scrub), broken), scrub(error), assumptions
        )
    if findings:
        incomplete = scrub(_reasons(unclear))
        return Judgement(rule, resource, Verdict.FAIL, _scrubbed(findings, scrub), incomplete, assumptions)
    if unclear:
        return Judgement(rule, resource, Verdict.UNDECIDED, (), scrub(_reasons(unclear)), assumptions)
    return Judgement(rule, resource, Verdict.NOT_APPLICABLE, (), scrub(excluded), assumptions)


def evaluate(stack: Stack, rules: Iterable[Rule]) -> Iterator[Judgement]:
    """Let every rule judge every resource of its types. External resources are context only."""
    by_type = rules_by_type(rules)
    for resource in judged(stack):
        for rule in by_type.get(resource.type, ()):
            yield judge(rule, resource, stack)
        resource.forget()


def evaluate_but_passes(
    stack: Stack, rules: Iterable[Rule], passes: Counter[str], *, share: int = 0, shares: int = 1
) -> Iterator[Judgement]:
    """Yield the judgements that `evaluate` does, but not the tens of thousands that say nothing but "pass".

    Of these only the number is added to `passes` for each rule, once everything is judged. Of several
    shares of the resources one can be judged alone.
    """
    by_type = rules_by_type(rules)
    resources: Counter[str] = Counter()
    # Neighbours refer to each other: what one share reads of them the others need not.
    size = -(-len(stack.resources) // shares)
    for resource in islice(judged(stack), share * size, (share + 1) * size):
        resources[resource.type] += 1
        with Notes() as notes:
            judgements = [
                judgement
                for rule in by_type.get(resource.type, ())
                if (judgement := _judge(rule, resource, stack, notes)) is not None
            ]
        for judgement in judgements:
            passes[judgement.rule.id] -= 1
            yield judgement
        resource.forget()
    for type_, count in resources.items():
        for rule in by_type.get(type_, ()):
            passes[rule.id] += count


def judged(stack: Stack) -> Iterator[Resource]:
    """Yield the resources that are judged: not those only read, nor those outside the scope."""
    everything = stack.settings.scope == "all"
    scope = frozenset() if everything else timestream_scope(stack)
    for resource in stack.resources:
        if not resource.external and (everything or resource.urn in scope):
            yield resource


def rules_by_type(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Return the rules that apply to each type."""
    by_type: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for type_ in rule.applies_to:
            by_type[type_].append(rule)
    return dict(by_type)


def sentence(finding: Finding) -> str:
    """Return a finding as people read it: the resource, and what is wrong with it."""
    return f"{short(finding.type)} {finding.name!r} {finding.message}"


def _reasons(notes: Iterable[Undecided]) -> str:
    return "; ".join(dict.fromkeys(str(note) for note in notes))


def _scrubbed(findings: list[Finding], scrub: Scrub) -> tuple[Finding, ...]:
    return tuple(_without_secrets(finding, scrub) for finding in findings)


def _without_secrets(found: Finding, scrub: Scrub) -> Finding:
    message, at, key = scrub(found.message), scrub(found.at), scrub(found.key)
    if (message, at, key) == (found.message, found.at, found.key):
        return found
    return msgspec.structs.replace(found, message=message, at=at, key=key)
