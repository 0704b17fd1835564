"""The report as Markdown, for a comment on a pull request."""

import re

from timestream_policies.evaluation import sentence
from timestream_policies.report import Entry, Report
from timestream_policies.reports.text import summary


def render(report: Report) -> str:
    """Return the counts, and a table of findings if there are any."""
    lines = ["## Timestream policies", "", escaped(summary(report))]
    if report.failed:
        lines += ["", "| severity | rule | what is wrong | fix |", "|---|---|---|---|"]
        lines += [_row(entry) for entry in report.failed]
    if report.undecided:
        lines += ["", "Undecided, which is never a pass:", ""]
        lines += [
            f"- {escaped(question)} ({', '.join(rules)})"
            for question, rules in report.open_questions().items()
        ]
    return "\n".join([*lines, ""])


def _row(entry: Entry) -> str:
    rule = entry.rule
    return f"| {rule.severity.value} | {rule.id} | {escaped(sentence(entry.finding))} | {escaped(rule.fix)} |"


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~])", r"\\\1", " ".join(text.split()))
