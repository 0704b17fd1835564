"""What the analyzer says to the engine: diagnostics, and why a rule says nothing."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from timestream_policies import __version__
from timestream_policies.evaluation import Judgement, sentence
from timestream_policies.listing import PACK, SEVERITIES
from timestream_policies.model import Finding
from timestream_policies.protocol import analyzer_pb2
from timestream_policies.rule import Rule
from timestream_policies.settings import Suppression
from timestream_policies.suppressions import expiry_note

if TYPE_CHECKING:
    from timestream_policies.protocol import Level

UNDECIDED = "undecided"
"""The name under which a preview says what it could not decide."""
SUPPRESSIONS = "suppressions"
"""The name under which the pack speaks of accepted risks."""
_RULES_AT_MOST = 3
_RESOURCES_AT_MOST = 5
GIVE_THE_VALUE = "Give the value in the program, or refer to the resource that it comes from."
"""The way out for who has a verdict that is undecided."""


def diagnostic(
    rule: Rule, level: "Level", finding: Finding, *, fix: str, expired: Suppression | None = None
) -> "analyzer_pb2.AnalyzeDiagnostic":
    """Return a finding as the engine shows it. A rule that also mends is mandatory where it judges."""
    note = f"; {expiry_note(expired)}" if expired else ""
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=rule.id,
        policyPackName=PACK,
        policyPackVersion=__version__,
        description=rule.title,
        message=f"{rule.id}: {sentence(finding)}{note}.\nFix: {fix}",
        enforcementLevel=analyzer_pb2.MANDATORY if level == analyzer_pb2.REMEDIATE else level,
        urn=finding.urn,
        severity=SEVERITIES[rule.severity],
    )


def undecided(judgement: Judgement) -> Finding:
    """Return what could not be decided as a finding, so that it can be accepted like any other."""
    return judgement.resource.finding(f"cannot be judged: {judgement.reason}")


def accepted(entry: Suppression) -> str:
    """Return the reason for which a rule says nothing of what it found."""
    return f"accepted by {entry.owner} until {entry.expires.isoformat()}: {entry.reason}"


def remark(
    name: str, message: str, urn: str = "", *, level: "Level" = analyzer_pb2.ADVISORY
) -> "analyzer_pb2.AnalyzeDiagnostic":
    """Return a line of the pack itself; advisory unless a level is given."""
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=name,
        policyPackName=PACK,
        policyPackVersion=__version__,
        description="A word of the pack itself",
        message=message,
        enforcementLevel=level,
        urn=urn,
    )


def waiting(judgements: Iterable[Judgement]) -> str:
    """Return the one line about what a preview could not decide."""
    rules: defaultdict[str, list[str]] = defaultdict(list)
    for judgement in sorted(judgements, key=lambda j: (j.resource.name, j.rule.id)):
        rules[judgement.resource.name].append(judgement.rule.id)
    named = [f"{name!r} ({_shortened(ids, _RULES_AT_MOST)})" for name, ids in rules.items()]
    return (
        f"{sum(len(ids) for ids in rules.values())} undecided, because values are not known yet: "
        f"{_shortened(named, _RESOURCES_AT_MOST)}. They are judged again during `pulumi up`."
    )


def _shortened(names: list[str], at_most: int) -> str:
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + more
