"""The report as people read it in a terminal."""

from timestream_policies.evaluation import Verdict, sentence
from timestream_policies.report import Entry, Report
from timestream_policies.reports.printable import printable
from timestream_policies.rule import Severity

_COLOURS = {Severity.CRITICAL: "1;31", Severity.HIGH: "31", Severity.MEDIUM: "33", Severity.LOW: "36"}
_BOLD = "1"


def render(report: Report, *, colours: bool = False) -> str:
    """Return findings first, then what was accepted and not decided, then the counts."""
    lines: list[str] = []
    for entry in report.failed:
        lines.extend([*_entry(entry, colours=colours), ""])
    sections = (
        ("Undecided, which is never a pass:", _undecided(report)),
        ("Accepted risks:", [accepted(entry) for entry in report.suppressed]),
        ("Warnings:", report.warnings),
    )
    for title, items in sections:
        if items:
            lines.append(_styled(title, _BOLD, colours=colours))
            lines.extend(f"  {printable(item)}" for item in items)
            lines.append("")
    return "\n".join([*lines, printable(summary(report)), ""])


def _entry(entry: Entry, *, colours: bool) -> list[str]:
    rule, finding = entry.rule, entry.finding
    label = rule.severity.value.upper() if entry.verdict is not Verdict.ERROR else "ERROR"
    label = _styled(f"{label:8}", _COLOURS[rule.severity], colours=colours)
    return [
        f"{label} {rule.id}  {printable(sentence(finding))}",
        f"         urn: {printable(finding.urn)}",
        *([f"         at:  {printable(finding.at)}"] if finding.at else []),
        f"         fix: {rule.fix}",
    ]


def _undecided(report: Report) -> list[str]:
    return [f"{question} ({', '.join(rules)})" for question, rules in report.open_questions().items()]


def accepted(entry: Entry) -> str:
    """Return one line about what somebody accepted."""
    risk = entry.suppressed
    if risk is None:
        raise ValueError("this is not accepted")
    until = risk.expires.isoformat()
    return f"{entry.rule.id} {sentence(entry.finding)}: {risk.reason} ({risk.owner}, until {until})"


def summary(report: Report) -> str:
    """Return one line of counts."""
    severities = ", ".join(
        f"{count} {severity.value}" for severity, count in report.by_severity().items() if count
    )
    parts = [_count(len(report.failed), "finding") + (f" ({severities})" if severities else "")]
    others = (
        (len(report.undecided), "undecided"),
        (len(report.suppressed), "accepted"),
        (report.known.total(), "known before"),
    )
    parts += [f"{count} {what}" for count, what in others if count]
    rules = " ".join(word for word in (_count(len(report.counts), "rule"), report.selection) if word)
    about = [rules, _count(report.resources, "resource")]
    if len(report.states) > 1:
        about.append(_count(len(report.states), "state"))
    if report.assumptions:
        about.append(_count(len(report.assumptions), "assumption"))
    return f"{', '.join(parts)}; {', '.join(about)}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _styled(text: str, style: str, *, colours: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if colours else text
