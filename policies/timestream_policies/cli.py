"""The command `timestream-policies`."""

import atexit
import gc
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timestream_policies import __version__

if TYPE_CHECKING:
    from timestream_policies.report import Report
    from timestream_policies.rule import Rule

FORMATS = ("text", "json", "sarif", "junit", "markdown", "html")
UNDECIDED = ("fail", "warn", "ignore")
SEVERITIES = ("critical", "high", "medium", "low")
SCHEMAS = ("settings", "suppressions", "report")
FOUND, USAGE, OPEN = 1, 2, 3
_FILE = click.Path(dir_okay=False, allow_dash=True)


class _OfAProcess(click.Group):
    """The command as a process calls it: as that ends soon, nobody looks for cycles in its memory.

    It would take as long as judging does.
    """

    def __call__(self, *args: Any, **more: Any) -> Any:
        """Run the command."""
        gc.disable()
        atexit.register(gc.freeze)  # else the interpreter looks for cycles once more when it ends
        return super().__call__(*args, **more)


@click.group(
    cls=_OfAProcess,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  pulumi stack export > state.json && timestream-policies check state.json
  pulumi preview --json --show-sames | timestream-policies check -
  timestream-policies explain TS-DB-001
""",
)
@click.version_option(__version__, prog_name="timestream-policies")
def main() -> None:
    """Judge Pulumi stacks that touch Amazon Timestream."""


@main.command(
    short_help="Judge stacks in state files and previews.",
    epilog="""\b
Exit codes: 0 clean, 1 findings, 2 wrong usage or unreadable input, 3 something is undecided.

\b
Examples:
  timestream-policies check state.json
  timestream-policies check --format html --output report.html dev.json prod.json
  timestream-policies check --pack strict --suppressions accepted-risks.yaml state.json
  timestream-policies check --baseline report.json state.json
""",
)
@click.argument("states", nargs=-1, required=True, metavar="STATE...")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="Format of the report.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write it to this file; - is standard output.",
)
@click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="PACK",
    help="The rules to run; may be repeated. Default: baseline.",
)
@click.option("--only", multiple=True, metavar="RULE", help="Run only this rule; may be repeated.")
@click.option(
    "--except", "without", multiple=True, metavar="RULE", help="Leave this rule out; may be repeated."
)
@click.option(
    "--severity", type=click.Choice(SEVERITIES), help="Findings below this do not change the exit code."
)
@click.option("--framework", metavar="NAME", help="Run the rules that answer a control of this framework.")
@click.option("--settings", type=_FILE, help="Settings of your team, YAML or JSON.")
@click.option("--suppressions", type=_FILE, help="Accepted risks, YAML.")
@click.option("--no-suppressions", is_flag=True, help="Show what is accepted too, wherever that is written.")
@click.option(
    "--previous", type=_FILE, metavar="OLD", help="The state before, for guards on change (one STATE)."
)
@click.option(
    "--state", type=_FILE, metavar="FILE", help="The resources that a preview leaves out (one STATE)."
)
@click.option(
    "--undecided",
    type=click.Choice(UNDECIDED),
    help="What an undecided verdict does. Default: warn for previews, fail for states.",
)
@click.option(
    "--source-root",
    default="",
    metavar="DIR",
    help="Where the program lies in the repository: SARIF's places in the program begin with it.",
)
@click.option("--baseline", type=_FILE, metavar="REPORT", help="An older JSON report: tell only what is new.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=0),
    default=0,
    help="Processes for several states, or for a large one. Default: one for each CPU.",
)
def check(
    states: tuple[str, ...],
    format_: str,
    output: Path | None,
    packs: tuple[str, ...],
    only: tuple[str, ...],
    without: tuple[str, ...],
    severity: str | None,
    framework: str | None,
    settings: str | None,
    suppressions: str | None,
    no_suppressions: bool,
    previous: str | None,
    state: str | None,
    undecided: str | None,
    source_root: str,
    baseline: str | None,
    jobs: int,
) -> None:
    """Judge the stacks in STATE files, each alone, and make one report.

    STATE is what `pulumi stack export` or `pulumi preview --json --show-sames` prints, a checkpoint,
    a directory of checkpoints, or - for standard input.
    """
    from timestream_policies.checking import Request, WrongRequest, run
    from timestream_policies.progress import progress
    from timestream_policies.states import Unreadable
    from timestream_policies.suppressions import WrongSuppressions

    output = None if output == Path("-") else output
    request = Request(
        states=states,
        packs=packs,
        only=only,
        without=without,
        framework=framework,
        settings=settings,
        suppressions=suppressions,
        suppress=not no_suppressions,
        previous=previous,
        state=state,
        baseline=baseline,
        jobs=jobs or os.cpu_count() or 1,
        with_evidence=format_ == "html",
        output=None if output is None else str(output),
    )
    started = time.perf_counter()
    try:
        with progress(states) as told:
            report, how = run(request, told)
    except (WrongRequest, WrongSuppressions, Unreadable) as problem:
        _refuse(str(problem))
    report.seconds = time.perf_counter() - started
    answer = undecided or (how.undecided if report.previews_only else "fail")
    report.undecided_fails = answer == "fail"
    report.source_root = source_root
    _write(_rendered(report, format_, colours=output is None and _takes_colours()), output)
    _exit(report, severity, answer)


def _exit(report: "Report", severity: str | None, undecided: str) -> None:
    lowest = SEVERITIES.index(severity) if severity else len(SEVERITIES)
    # A rule that broke may have missed anything, so it counts whatever its severity.
    if any(entry.rule.severity.rank <= lowest or entry.verdict.value == "error" for entry in report.failed):
        sys.exit(FOUND)
    if report.undecided and undecided == "fail":
        sys.exit(OPEN)
    if report.undecided and undecided == "warn":
        count = len(report.undecided)
        verdicts = "1 verdict waits" if count == 1 else f"{count} verdicts wait"
        click.echo(f"warning: {verdicts} for values that are not known yet", err=True)


def _takes_colours() -> bool:
    # https://no-color.org: people who cannot read colours say so in this variable.
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _rendered(report: "Report", format_: str, *, colours: bool) -> str:
    if format_ == "text":
        from timestream_policies.reports import text

        return text.render(report, colours=colours)
    from importlib import import_module

    rendered: str = import_module(f"timestream_policies.reports.{format_}").render(report)
    return rendered


def _write(text: str, output: Path | None) -> None:
    if output is None:
        # Names may hold what the terminal's encoding does not: that is no reason to fail.
        sys.stdout.flush()
        click.echo(text.encode(), nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as problem:
        _refuse(f"cannot write {output}: {problem.strerror}")


def _refuse(problem: str) -> None:
    from timestream_policies.reports.printable import printable

    for line in problem.splitlines():
        click.echo(f"error: {printable(line)}", err=True)
    sys.exit(USAGE)


@main.command("list")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Format of the list."
)
@click.option(
    "--pack", "packs", multiple=True, metavar="PACK", help="Only the rules of this pack; may be repeated."
)
def list_rules(format_: str, packs: tuple[str, ...]) -> None:
    """List all rules."""
    from timestream_policies.packs import PACKS
    from timestream_policies.rules import RULES

    chosen = sorted({id_ for pack in packs for id_ in _pack(pack)} if packs else RULES)
    rules = [RULES[id_] for id_ in chosen]
    if format_ == "json":
        from timestream_policies.reports import json

        click.echo(json.render_rules(rules), nl=False)
        return
    for rule in rules:
        names = ", ".join(name for name, ids in sorted(PACKS.items()) if rule.id in ids)
        click.echo(f"{rule.id:11}  {rule.severity.value:8}  {rule.title}  [{names}]")


@main.command(short_help="Say what a RULE wants, why, and how to fix it.")
@click.argument("rule", metavar="RULE")
def explain(rule: str) -> None:
    """Say what a RULE wants, why, how to fix it, and which controls and other tools know it."""
    from timestream_policies.explaining import explained

    click.echo(explained(_rule(rule)))


@main.command(short_help="Write an entry that accepts a risk, to fill in.")
@click.argument("rule", metavar="RULE")
@click.argument("resource", metavar="RESOURCE")
@click.option("--key", help="Key of one finding; without it the entry is for all of the rule's findings.")
def suppress(rule: str, resource: str, key: str | None) -> None:
    """Write a YAML entry that accepts what RULE finds on RESOURCE (URN or name), to be filled in.

    Reason and owner stay empty: as it is, the entry is refused.
    """
    from timestream_policies.explaining import suppression_entry
    from timestream_policies.suppressions import wrong_pattern

    if mistake := wrong_pattern(resource):
        raise click.UsageError(f"RESOURCE {mistake}")
    click.echo(suppression_entry(_rule(rule), resource, key), nl=False)


@main.command("packs")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Format of the list."
)
def list_packs(format_: str) -> None:
    """List the packs, and what is in them."""
    from timestream_policies.explaining import packs_as_json, packs_as_text

    click.echo(packs_as_json() if format_ == "json" else packs_as_text(), nl=False)


@main.command(short_help="Print the JSON Schema of settings, suppressions or report.")
@click.argument("what", type=click.Choice(SCHEMAS))
def schema(what: str) -> None:
    """Print the JSON Schema of the settings, of a file of suppressions, or of the JSON report."""
    from timestream_policies.schemas import schema_of

    click.echo(schema_of(what), nl=False)


def _pack(name: str) -> tuple[str, ...]:
    from timestream_policies.packs import PACKS

    if name not in PACKS:
        raise click.UsageError(f"there is no pack {name!r}; there are {', '.join(sorted(PACKS))}")
    return PACKS[name]


def _rule(id_: str) -> "Rule":
    from timestream_policies.rules import RULES
    from timestream_policies.settings import no_rule

    found = RULES.get(id_.upper())
    if found is None:
        raise click.UsageError(no_rule(id_, RULES))
    return found


if __name__ == "__main__":
    main()
