"""The report as one HTML file: no external asset, no script, everything escaped."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, Template

from timestream_policies import __version__
from timestream_policies.coverage import coverage
from timestream_policies.evaluation import Verdict, sentence
from timestream_policies.report import Assumed, Entry, Report
from timestream_policies.reports.printable import printable
from timestream_policies.reports.text import summary
from timestream_policies.rule import RULES, Severity

_COUNTED = 10
"""So many resources of one rule are shown open; more are folded away."""


def render(report: Report) -> str:
    """Return the page."""
    return _template().render(
        report=report,
        version=__version__,
        summary=summary(report),
        severities=report.by_severity(),
        verdicts=report.verdicts,
        Verdict=Verdict,
        findings=_by_rule(report.failed),
        undecided=_by_rule(report.undecided),
        suppressed=sorted(report.suppressed, key=_expiry),
        coverage=coverage(report),
        assumptions=_assumptions(report.assumptions),
        rules=RULES,
        counted=_COUNTED,
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_shown)
    environment.filters["sentence"] = sentence
    text = files("timestream_policies.reports").joinpath("template.html").read_text(encoding="utf-8")
    return environment.from_string(text)


def _shown(value: object) -> object:
    """Return what is put into the page: text of unknown origin without what nobody can see."""
    return printable(value) if type(value) is str else value


def _by_rule(entries: Iterable[Entry]) -> list[tuple[Severity, list[tuple[str, list[Entry]]]]]:
    """Return entries, which come sorted, by severity and then by rule."""
    return [
        (severity, [(id_, list(same)) for id_, same in groupby(group, key=lambda entry: entry.rule.id)])
        for severity, group in groupby(entries, key=lambda entry: entry.rule.severity)
    ]


def _expiry(entry: Entry) -> str:
    return entry.suppressed.expires.isoformat() if entry.suppressed else ""


def _assumptions(assumed: Iterable[Assumed]) -> dict[str, list[Assumed]]:
    """Return assumptions by what they say: one is often made for many resources."""
    by_text: dict[str, list[Assumed]] = {}
    for found in assumed:
        by_text.setdefault(found.assumption.text, []).append(found)
    return by_text
