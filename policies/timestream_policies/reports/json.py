"""The report as JSON: the contract that others build on."""

from typing import Any

import msgspec

from timestream_policies import __version__
from timestream_policies.evaluation import Verdict, sentence
from timestream_policies.report import Entry, Report
from timestream_policies.rule import Rule

SCHEMA = 1


def render(report: Report) -> str:
    """Return the report as indented JSON."""
    verdicts = report.verdicts
    content = {
        "schema": SCHEMA,
        "summary": {
            **{verdict.value: verdicts[verdict] for verdict in Verdict},
            **{severity.value: count for severity, count in report.by_severity().items()},
            "rules": len(report.counts),
            "resources": report.resources,
            "seconds": round(report.seconds, 3),
        },
        "findings": [_finding(entry) for entry in report.entries],
        "rules": [
            {"id": id_, **{verdict.value: counts[verdict] for verdict in Verdict}, "suppressed": 0}
            for id_, counts in sorted(report.counts.items())
        ],
        "assumptions": [],
        "unchecked_types": dict(sorted(report.unchecked_types.items())),
        "tool": {"name": "timestream-policies", "version": __version__},
        "front_end": "check",
        "input_sha256": report.sha256,
    }
    return _indented(content)


def render_rules(rules: list[Rule]) -> str:
    """Return all that is known of the rules as JSON."""
    listed = [
        {
            "id": rule.id,
            "title": rule.title,
            "severity": rule.severity.value,
            "applies_to": list(rule.applies_to),
            "why": rule.why,
            "fix": rule.fix,
            "snippet": rule.snippet,
            "timing": "stack" if rule.on_stack else "resource",
            "controls": {name: list(ids) for name, ids in rule.controls.items()},
            "equivalents": {name: list(ids) for name, ids in rule.equivalents.items()},
            "catalogue": list(rule.catalogue),
            "links": list(rule.links),
        }
        for rule in rules
    ]
    return _indented({"schema": SCHEMA, "rules": listed})


def _finding(entry: Entry) -> dict[str, Any]:
    finding = entry.finding
    return {
        "stack": entry.stack,
        "rule": entry.rule.id,
        "catalogue": list(entry.rule.catalogue),
        "severity": entry.rule.severity.value,
        "verdict": entry.verdict.value,
        "urn": finding.urn,
        "type": finding.type,
        "name": finding.name,
        "at": finding.at,
        "key": finding.key,
        "message": sentence(finding),
        "fix": entry.rule.fix,
        "suppressed": None,
    }


def _indented(content: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
