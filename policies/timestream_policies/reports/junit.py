"""The report as JUnit XML: a suite for each stack, a case for each rule and each finding."""

from io import BytesIO

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from timestream_policies.evaluation import Verdict, sentence
from timestream_policies.report import Entry, JudgedState, Report
from timestream_policies.reports.printable import printable
from timestream_policies.rule import RULES


def render(report: Report) -> str:
    """Return the suites. What is undecided is skipped, or an error where it makes the check fail."""
    suites = JUnitXml("timestream-policies")
    for state in report.states:
        suites.add_testsuite(_suite(report, state))
    suites.update_statistics()  # type: ignore[no-untyped-call]
    written = BytesIO()
    suites.write(written, pretty=True)
    return written.getvalue().decode()


def _suite(report: Report, state: JudgedState) -> TestSuite:
    suite = TestSuite(printable(state.stack) or "stack")
    suite.add_property("state", printable(state.source))
    suite.add_property("sha256", state.sha256)
    entries = [entry for entry in report.entries if (entry.stack, entry.state) == (state.stack, state.source)]
    with_entries = {entry.rule.id for entry in entries}
    for entry in entries:
        suite.add_testcase(_case(entry, undecided_fails=report.undecided_fails))
    for id_, counts in sorted(state.counts.items()):
        if counts[Verdict.PASS] and id_ not in with_entries and not _is_known(state, id_):
            suite.add_testcase(TestCase(f"{id_} {RULES[id_].title}", printable(state.stack)))
    return suite


def _is_known(state: JudgedState, rule: str) -> bool:
    """Tell whether the rule has findings here, all of which are known from before."""
    return any(entry.rule.id == rule for group in state.groups for entry in group)


def _case(entry: Entry, *, undecided_fails: bool) -> TestCase:
    finding = entry.finding
    where = f" {finding.key}" if finding.key else ""
    case = TestCase(printable(f"{entry.rule.id} {finding.name}{where}"), printable(entry.stack))
    case.result = [_result(entry, undecided_fails=undecided_fails)]
    return case


def _result(entry: Entry, *, undecided_fails: bool) -> FinalResult:
    rule, message = entry.rule, printable(sentence(entry.finding))
    if accepted := entry.suppressed:
        until = accepted.expires.isoformat()
        return Skipped(
            printable(f"{message}: {accepted.reason} ({accepted.owner}, until {until})"), "accepted"
        )
    if entry.verdict is Verdict.UNDECIDED:
        return Error(message, "undecided") if undecided_fails else Skipped(message, "undecided")
    if entry.verdict is Verdict.ERROR:
        result: FinalResult = Error(message, "error")
    else:
        result = Failure(message, rule.severity.value)
    result.text = f"{printable(entry.finding.urn)}\nfix: {rule.fix}"
    return result
