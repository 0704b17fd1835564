"""The pytest plug-in: a fixture that judges what a Pulumi program makes, without an engine or a cloud.

    def test_our_component_is_clean(timestream_policies):
        timestream_policies.assert_clean(lambda: OurComponent("metrics"))

Every pytest run loads this file, so whatever takes time is loaded when the fixture is used.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from timestream_policies.report import Report
    from timestream_policies.settings import Settings, Suppression, UndecidedAnswer
    from timestream_policies.suppressions import Suppressions

Program = Callable[[], Any]


class UndecidedWarning(UserWarning):
    """Something could not be judged, because its value is not known before the stack is made."""


class TimestreamPolicies:
    """Runs programs as `pulumi preview` would before anything exists, and judges what they make."""

    def check(
        self,
        program: Program,
        *,
        pack: str | Iterable[str] | None = None,
        settings: "Settings | Mapping[str, Any] | None" = None,
        suppressions: "str | Path | Iterable[Suppression]" = (),
        config: Mapping[str, str] | None = None,
        calls: Mapping[str, Mapping[str, Any]] | None = None,
        project: str = "project",
        stack: str = "test",
    ) -> "Report":
        """Return the report on what a program makes.

        `calls` answers the functions of providers that the program calls, by their tokens; `config`
        is what `pulumi.Config` reads, by names such as `project:name`.
        """
        from timestream_policies.mocked import preview
        from timestream_policies.packs import rules_of
        from timestream_policies.report import check
        from timestream_policies.settings import WrongSettings
        from timestream_policies.states import State
        from timestream_policies.suppressions import WrongSuppressions

        __tracebackhide__ = True  # what is wrong stands in the test
        try:
            decided = _settings(settings)
            accepted = _accepted(decided, suppressions)
        except (WrongSettings, WrongSuppressions) as problem:
            raise problem.with_traceback(None) from None
        packs = (pack,) if isinstance(pack, str) else tuple(pack or decided.packs)
        made = preview(
            program, project=project, stack=stack, config=config or {}, calls=calls or {}, settings=decided
        )
        return check(
            [State(made, "program", is_preview=True, sha256="")],
            rules=rules_of(*packs),
            settings=decided,
            suppressions=accepted,
        )

    def assert_clean(
        self, program: Program, *, undecided: "UndecidedAnswer | None" = None, **more: Any
    ) -> "Report":
        """Fail the test with the report if a program makes something that a rule objects to.

        `undecided` says what a verdict that waits for a value does: `fail`, `warn` (default) or
        `ignore`. Everything else is what `check` takes.
        """
        from timestream_policies.reports import text

        __tracebackhide__ = True
        report = self.check(program, **more)
        answer = undecided or _settings(more.get("settings")).undecided
        if report.failed or (report.undecided and answer == "fail"):
            pytest.fail(f"the stack is not clean\n\n{text.render(report)}", pytrace=False)
        if report.undecided and answer == "warn":
            waiting = "; ".join(report.open_questions())
            warnings.warn(
                f"cannot be judged before the stack is made: {waiting}", UndecidedWarning, stacklevel=2
            )
        return report


@pytest.fixture
def timestream_policies() -> TimestreamPolicies:
    """Judge what a Pulumi program or component makes, by the Timestream policies."""
    return TimestreamPolicies()


def _settings(given: "Settings | Mapping[str, Any] | None") -> "Settings":
    from timestream_policies.settings import Settings, read_settings

    return given if isinstance(given, Settings) else read_settings(dict(given or {}))


def _accepted(settings: "Settings", suppressions: "str | Path | Iterable[Suppression]") -> "Suppressions":
    from timestream_policies.suppressions import Suppressions, read_suppressions

    entries: list[Suppression] = []
    for source in (settings.suppressions, suppressions):
        entries.extend(read_suppressions(source, settings) if isinstance(source, str | Path) else source)
    return Suppressions(entries, settings)
