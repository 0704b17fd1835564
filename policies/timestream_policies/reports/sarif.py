"""The report as SARIF 2.1.0, for code scanning."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import msgspec

from timestream_policies import __version__
from timestream_policies.evaluation import Verdict, sentence
from timestream_policies.report import Entry, Report
from timestream_policies.reports.printable import in_json, printable
from timestream_policies.rule import RULES, Rule, Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
# The scale of CVSS, by which code scanning sorts.
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}
_ROOT = "project:///"


def render(report: Report) -> str:
    """Return the report as one run of SARIF."""
    rules = sorted(report.counts)
    places = {id_: number for number, id_ in enumerate(rules)}
    driver = {
        "name": "timestream-policies",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(RULES[id_]) for id_ in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [
            {
                "location": _artifact(state.source),
                "hashes": {"sha-256": state.sha256},
                "roles": ["analysisTarget"],
            }
            for state in report.states
        ],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notes(report.warnings)}],
        "results": [_result(entry, places, report.source_root) for entry in report.entries],
    }
    content = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return in_json(msgspec.json.format(msgspec.json.encode(content), indent=2).decode()) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    tags = [f"{name}: {control}" for name, controls in sorted(rule.controls.items()) for control in controls]
    return {
        "id": rule.id,
        "name": rule.id.replace("-", ""),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": f"{rule.fix}\n\n{rule.snippet}",
            "markdown": f"{rule.fix}\n\n```python\n{rule.snippet}\n```",
        },
        **({"helpUri": rule.links[0]} if rule.links else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "security-severity": _SCORES[rule.severity],
            "precision": "very-high",
            "tags": list(dict.fromkeys(["security", *tags])),
        },
    }


def _result(entry: Entry, places: dict[str, int], source_root: str) -> dict[str, Any]:
    finding, accepted = entry.finding, entry.suppressed
    undecided = entry.verdict is Verdict.UNDECIDED
    identity = "\n".join(entry.identity)
    return {
        "ruleId": entry.rule.id,
        "ruleIndex": places[entry.rule.id],
        # What nobody could tell is no failure and no pass: SARIF calls it open, which has no level.
        "kind": "open" if undecided else "fail",
        "level": "none" if undecided else _level(entry),
        "message": {"text": printable(f"{sentence(finding)}. {entry.rule.fix}")},
        "locations": [_location(entry, source_root)],
        "partialFingerprints": {
            "timestreamPolicies/v1": sha256(identity.encode(errors="replace")).hexdigest()
        },
        "properties": {
            "stack": entry.stack,
            "severity": entry.rule.severity.value,
            "verdict": entry.verdict.value,
            "at": finding.at,
            "key": finding.key,
        },
        "suppressions": [
            {
                "kind": "external",
                "status": "accepted",
                "justification": accepted.reason,
                "properties": {"owner": accepted.owner, "expires": accepted.expires},
            }
        ]
        if accepted
        else [],
    }


def _level(entry: Entry) -> str:
    return "error" if entry.verdict is Verdict.ERROR else _LEVELS[entry.rule.severity]


def _location(entry: Entry, source_root: str) -> dict[str, Any]:
    """Return where it is: the line of the program if that is known, else the file that was judged."""
    finding = entry.finding
    file, _, line = entry.source.removeprefix(_ROOT).rpartition("#")
    physical: dict[str, Any] = {"artifactLocation": _artifact(entry.state)}
    if file and line.isdigit() and int(line) > 0:
        file = PurePosixPath(source_root, file).as_posix()
        physical = {"artifactLocation": _artifact(file), "region": {"startLine": int(line)}}
    return {
        "physicalLocation": physical,
        "logicalLocations": [
            {
                "name": printable(finding.name),
                "fullyQualifiedName": printable(finding.urn),
                "kind": "resource",
            }
        ],
    }


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote("stdin" if path == "-" else path, safe="/", errors="replace")}


def _notes(warnings: Iterable[str]) -> list[dict[str, Any]]:
    return [{"level": "warning", "message": {"text": printable(warning)}} for warning in warnings]
