"""The report as people read it in a terminal."""

from timestream_policies.evaluation import Verdict, sentence
from timestream_policies.report import Entry, Report
from timestream_policies.rule import Severity

_COLOURS = {Severity.CRITICAL: "1;31", Severity.HIGH: "31", Severity.MEDIUM: "33", Severity.LOW: "36"}
_BOLD = "1"


def render(report: Report, *, colours: bool = False) -> str:
    """Return findings first, then what was not decided, then the counts."""
    lines: list[str] = []
    for entry in report.failed:
        lines.extend([*_entry(entry, colours=colours), ""])
    if report.undecided:
        lines.append(_styled("Undecided, which is never a pass:", _BOLD, colours=colours))
        lines.extend(
            f"  {question} ({', '.join(rules)})" for question, rules in report.open_questions().items()
        )
        lines.append("")
    return "\n".join([*lines, summary(report), ""])


def _entry(entry: Entry, *, colours: bool) -> list[str]:
    rule, finding = entry.rule, entry.finding
    label = rule.severity.value.upper() if entry.verdict is not Verdict.ERROR else "ERROR"
    place = f"{entry.stack}: {finding.urn}" if entry.stack else finding.urn
    return [
        f"{_styled(f'{label:8}', _COLOURS[rule.severity], colours=colours)} {rule.id}  {sentence(finding)}",
        f"         urn: {place}",
        *([f"         at:  {finding.at}"] if finding.at else []),
        f"         fix: {rule.fix}",
    ]


def summary(report: Report) -> str:
    """Return one line of counts."""
    failed, undecided = len(report.failed), len(report.undecided)
    severities = ", ".join(
        f"{count} {severity.value}" for severity, count in report.by_severity().items() if count
    )
    parts = [f"{failed} finding{'' if failed == 1 else 's'}" + (f" ({severities})" if severities else "")]
    if undecided:
        parts.append(f"{undecided} undecided")
    rules = f"{len(report.counts)} rules of the pack {report.pack}"
    return f"{', '.join(parts)}; {rules}, {report.resources} resources."


def _styled(text: str, style: str, *, colours: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if colours else text
