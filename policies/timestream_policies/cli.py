"""The command `timestream-policies`."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timestream_policies import __version__

if TYPE_CHECKING:
    from timestream_policies.report import Report

FORMATS = ("text", "json", "markdown")
UNDECIDED = ("fail", "warn", "ignore")
FOUND, USAGE, OPEN = 1, 2, 3


@click.group(
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
  timestream-policies check --format json --output report.json dev.json prod.json
""",
)
@click.argument("states", nargs=-1, required=True, metavar="STATE...")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="Format of the report.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file."
)
@click.option("--pack", default="baseline", help="The rules to run: baseline (default) or strict.")
@click.option(
    "--undecided",
    type=click.Choice(UNDECIDED),
    help="What an undecided verdict does. Default: warn for previews, fail for states.",
)
def check(
    states: tuple[str, ...], format_: str, output: Path | None, pack: str, undecided: str | None
) -> None:
    """Judge the stacks in STATE files, of `pulumi stack export` or `preview --json`; - is standard input."""
    from timestream_policies.packs import PACKS
    from timestream_policies.report import check as judge_states
    from timestream_policies.states import Unreadable, read

    if pack not in PACKS:
        raise click.UsageError(f"there is no pack {pack!r}; there are {', '.join(sorted(PACKS))}")
    started = time.perf_counter()
    try:
        report = judge_states([read(state) for state in states], pack)
    except Unreadable as problem:
        click.echo(f"error: {problem}", err=True)
        sys.exit(USAGE)
    report.seconds = time.perf_counter() - started
    colours = output is None and sys.stdout.isatty()
    _write(_rendered(report, format_, colours=colours), output)
    if report.failed:
        sys.exit(FOUND)
    how = undecided or ("warn" if report.previews_only else "fail")
    if report.undecided and how == "fail":
        sys.exit(OPEN)
    if report.undecided and how == "warn":
        click.echo(
            f"warning: {len(report.undecided)} verdicts wait for values that are not known yet", err=True
        )


def _rendered(report: "Report", format_: str, *, colours: bool) -> str:
    from timestream_policies.reports import json, markdown, text

    if format_ == "text":
        return text.render(report, colours=colours)
    return json.render(report) if format_ == "json" else markdown.render(report)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise click.UsageError(f"cannot write {output}: {problem.strerror}") from None


@main.command("list")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Format of the list."
)
def list_rules(format_: str) -> None:
    """List all rules."""
    from timestream_policies.packs import PACKS
    from timestream_policies.reports import json
    from timestream_policies.rules import RULES

    rules = [RULES[id_] for id_ in sorted(RULES)]
    if format_ == "json":
        click.echo(json.render_rules(rules), nl=False)
        return
    for rule in rules:
        packs = ", ".join(name for name, ids in sorted(PACKS.items()) if rule.id in ids)
        click.echo(f"{rule.id:11}  {rule.severity.value:8}  {rule.title}  [{packs}]")


@main.command(short_help="Say what a RULE wants, why, and how to fix it.")
@click.argument("rule", metavar="RULE")
def explain(rule: str) -> None:
    """Say what a RULE wants, why, how to fix it, and which controls and other tools know it."""
    from timestream_policies.rules import RULES
    from timestream_policies.types import short

    found = RULES.get(rule.upper())
    if found is None:
        raise click.UsageError(f"there is no rule {rule!r}; 'timestream-policies list' shows all")
    click.echo(f"{found.id}  {found.title}  ({found.severity.value})\n")
    click.echo(f"Why:    {found.why}\nFix:    {found.fix}")
    click.echo(f"Judges: {', '.join(short(type_) for type_ in found.applies_to)}")
    for title, table in (("Controls", found.controls), ("Known elsewhere as", found.equivalents)):
        if table:
            click.echo(f"\n{title}:")
            for name, ids in sorted(table.items()):
                click.echo(f"  {name}: {', '.join(ids)}")
    click.echo("\nHow it looks:\n")
    click.echo("\n".join(f"  {line}".rstrip() for line in found.snippet.splitlines()))
    click.echo(f"\n{chr(10).join(found.links)}")


if __name__ == "__main__":
    main()
