"""The report as Markdown, for a comment on a pull request."""

import re

from timestream_policies.evaluation import sentence
from timestream_policies.report import Entry, Report
from timestream_policies.reports.printable import printable
from timestream_policies.reports.text import accepted, summary

_MOST_ROWS = 200
"""A comment on a pull request holds 65,536 characters."""


def render(report: Report) -> str:
    """Return the counts, and a table of findings if there are any."""
    lines = ["## Timestream policies", "", escaped(summary(report))]
    if report.failed:
        lines += ["", "| severity | rule | what is wrong | fix |", "|---|---|---|---|"]
        lines += [_row(entry) for entry in report.failed[:_MOST_ROWS]]
        if (more := len(report.failed) - _MOST_ROWS) > 0:
            lines += ["", f"{more} more findings are not shown here; see another format of the report."]
    lines += _list("Undecided, which is never a pass:", _undecided(report))
    lines += _list("Accepted risks:", [escaped(accepted(entry)) for entry in report.suppressed])
    lines += _list("Warnings:", [escaped(warning) for warning in report.warnings])
    lines += _list("Taken for granted:", _assumptions(report))
    return "\n".join([*lines, ""])


def _list(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    more = len(items) - _MOST_ROWS
    shown = [f"- {item}" for item in items[:_MOST_ROWS]]
    return ["", title, "", *shown, *([f"- and {more} more"] if more > 0 else [])]


def _undecided(report: Report) -> list[str]:
    return [f"{escaped(question)} ({', '.join(ids)})" for question, ids in report.open_questions().items()]


def _assumptions(report: Report) -> list[str]:
    texts: dict[str, dict[str, None]] = {}
    for found in report.assumptions:
        name = found.assumption.urn.rpartition("::")[2]
        texts.setdefault(f"{name}: {found.assumption.text}", {})[found.rule] = None
    return [f"{escaped(text)} ({', '.join(rules)})" for text, rules in texts.items()]


def _row(entry: Entry) -> str:
    rule = entry.rule
    return f"| {rule.severity.value} | {rule.id} | {escaped(sentence(entry.finding))} | {escaped(rule.fix)} |"


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, in one line: no markup, no link, nobody called by name."""
    shown = re.sub(r"([\\`*_{}\[\]<>()#+!|~&])", r"\\\1", printable(text))
    return re.sub(r"@(?=\w)|(?<=\w):(?=//)|(?<=www)\.", lambda found: f"&#{ord(found[0])};", shown)
