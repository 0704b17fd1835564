"""The report as JSON: the contract that others build on."""

from typing import Any

import msgspec

from timestream_policies import __version__
from timestream_policies.evaluation import Verdict, sentence
from timestream_policies.packs import PACKS
from timestream_policies.report import Entry, Report
from timestream_policies.reports.contract import (
    SCHEMA,
    Accepted,
    AssumedJson,
    FoundJson,
    ReportJson,
    RuleJson,
    SummaryJson,
    ToolJson,
)
from timestream_policies.reports.printable import in_json
from timestream_policies.rule import Rule


def render(report: Report) -> str:
    """Return the report as indented JSON."""
    return _indented(
        ReportJson(
            version=SCHEMA,
            summary=_summary(report),
            findings=tuple(_finding(entry) for entry in report.entries),
            rules=tuple(_rule(report, id_) for id_ in sorted(report.counts)),
            assumptions=tuple(
                AssumedJson(found.stack, found.rule, made.urn, made.at, made.text)
                for found in report.assumptions
                for made in [found.assumption]
            ),
            unchecked_types=dict(sorted(report.unchecked_types.items())),
            tool=ToolJson("timestream-policies", __version__),
            front_end="check",
            input_sha256=tuple(report.sha256),
            warnings=tuple(report.warnings),
        )
    )


def render_rules(rules: list[Rule]) -> str:
    """Return all that is known of the rules as JSON."""
    return _indented({"schema": SCHEMA, "rules": [_metadata(rule) for rule in rules]})


def _summary(report: Report) -> SummaryJson:
    verdicts = report.verdicts
    severities = {severity.value: count for severity, count in report.by_severity().items()}
    return SummaryJson(
        passed=verdicts[Verdict.PASS],
        fail=verdicts[Verdict.FAIL],
        not_applicable=verdicts[Verdict.NOT_APPLICABLE],
        undecided=verdicts[Verdict.UNDECIDED],
        error=verdicts[Verdict.ERROR],
        suppressed=report.suppressed_counts.total(),
        known=report.known.total(),
        **severities,
        rules=len(report.counts),
        resources=report.resources,
        seconds=round(report.seconds, 3),
    )


def _rule(report: Report, id_: str) -> RuleJson:
    counts = report.counts[id_]
    return RuleJson(
        id=id_,
        passed=counts[Verdict.PASS],
        fail=counts[Verdict.FAIL],
        undecided=counts[Verdict.UNDECIDED],
        not_applicable=counts[Verdict.NOT_APPLICABLE],
        error=counts[Verdict.ERROR],
        suppressed=report.suppressed_counts[id_],
    )


def _metadata(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "packs": sorted(name for name, ids in PACKS.items() if rule.id in ids),
        "applies_to": rule.applies_to,
        "why": rule.why,
        "fix": rule.fix,
        "snippet": rule.snippet,
        "timing": "stack" if rule.on_stack else "resource",
        "needs": rule.needs,
        "remedy": {"path": rule.remedy.path, "value": rule.remedy.value} if rule.remedy else None,
        "controls": rule.controls,
        "equivalents": rule.equivalents,
        "catalogue": rule.catalogue,
        "links": rule.links,
    }


def _finding(entry: Entry) -> FoundJson:
    finding, accepted = entry.finding, entry.suppressed
    return FoundJson(
        stack=entry.stack,
        rule=entry.rule.id,
        catalogue=entry.rule.catalogue,
        severity=entry.rule.severity.value,
        verdict=entry.verdict.value,  # type: ignore[arg-type] # an entry is never a pass
        urn=finding.urn,
        type=finding.type,
        name=finding.name,
        at=finding.at,
        key=finding.key,
        message=sentence(finding),
        fix=entry.rule.fix,
        suppressed=Accepted(accepted.reason, accepted.owner, accepted.expires) if accepted else None,
    )


def _indented(content: Any) -> str:
    return in_json(msgspec.json.format(msgspec.json.encode(content), indent=2).decode()) + "\n"
