"""The command `aws-sandbox`: AWS on this machine for any program."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
import msgspec

from aws_sandbox.calls import Call, read_calls
from aws_sandbox.sandbox import Sandbox, SandboxError

DEFAULT_DIRECTORY = ".aws-sandbox"

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def _directory_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--directory",
        "-d",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="AWS_SANDBOX_DIRECTORY",
        show_envvar=True,
        help=text,
    )


_engine = click.option(
    "--engine/--no-engine", default=True, show_default=True, help="Put Pulumi on PATH, built if need be."
)
_kept_directory = _directory_option(f"The sandbox's directory.  [default: {DEFAULT_DIRECTORY}]")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aws-sandbox")
def main() -> None:
    """AWS on this machine: no account, no network, nothing real can be touched.

    \b
    Examples:
      aws-sandbox run -- sh -c 'pulumi stack init dev && pulumi up --yes'
                                        one command, a new AWS, thrown away at the end
      aws-sandbox run -d box -- …       the same, and AWS is kept in the directory box
      aws-sandbox start                 AWS that stays, kept in .aws-sandbox
      eval "$(aws-sandbox env)"         lead this shell to it
      aws-sandbox calls --service kms   what was called there
      aws-sandbox stop

    A new AWS has no Pulumi stacks. Install dependencies before: nothing leaves a sandbox.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines


@main.command(context_settings={"ignore_unknown_options": True})
@_directory_option(
    "Keep AWS and Pulumi's state in this directory, and find them there.  [default: a temporary one]"
)
@click.option("--region", help="The default region of the command.")
@_engine
@click.argument("command", nargs=-1, type=click.UNPROCESSED, required=True)
def run(directory: Path | None, region: str | None, engine: bool, command: tuple[str, ...]) -> None:
    """Run a command with AWS on this machine; its exit code is ours.

    \b
    Examples:
      aws-sandbox run -- sh -c 'pulumi stack init dev && pulumi preview --policy-pack policies'
      aws-sandbox run --region eu-west-1 --no-engine -- python app.py
      aws-sandbox run -d box -- sh -c 'pulumi stack init dev && pulumi up'
    """  # noqa: D301
    with _reported(), Sandbox(directory, region) as sandbox:
        environment = _environment(sandbox, engine, command[0])
        code = _run(command, environment)
    sys.exit(code)


@main.command()
@_kept_directory
def start(directory: Path | None) -> None:
    """Start an AWS that stays until it is stopped; starting it again changes nothing."""
    with _reported():
        sandbox = Sandbox(_kept(directory)).start(detached=True)
    click.echo(f"AWS runs in {sandbox.directory} (port {sandbox.port}).")
    click.echo(f'Lead a shell to it:  eval "$(aws-sandbox env -d {shlex.quote(str(sandbox.directory))})"')


@main.command()
@_kept_directory
def stop(directory: Path | None) -> None:
    """Stop it. The directory keeps the state for the next start."""
    sandbox = Sandbox(_kept(directory))
    if not sandbox.running:
        click.echo(f"No AWS runs in {sandbox.directory}.")
        return
    with _reported():
        sandbox.stop()
    click.echo(f"AWS in {sandbox.directory} is stopped; its state is kept.")


@main.command()
@_kept_directory
def status(directory: Path | None) -> None:
    """Say whether it runs; the exit code is 1 if it does not."""
    sandbox = Sandbox(_kept(directory))
    if not sandbox.running:
        click.echo(f"No AWS runs in {sandbox.directory}.")
        sys.exit(1)
    calls = len(sandbox.calls())
    click.echo(f"AWS runs in {sandbox.directory} (port {sandbox.port}), {calls} calls so far.")


@main.command()
@_kept_directory
@click.option("--region", help="The default region of programs.")
@_engine
@click.option("--format", "form", type=click.Choice(["shell", "json"]), default="shell", show_default=True)
def env(directory: Path | None, region: str | None, engine: bool, form: str) -> None:
    """Print the environment of programs that use it.

    For a shell: what to export, and what to take away, so that nothing leads to a real account.

    \b
    Examples:
      eval "$(aws-sandbox env)"
      aws-sandbox env --format json
    """  # noqa: D301
    with _reported():
        sandbox = Sandbox(_kept(directory), region)
        environment = _environment(sandbox, engine, "")
    if form == "json":
        click.echo(json.dumps(environment, indent=2, sort_keys=True))
        return
    for name in sorted(set(os.environ) - set(environment)):
        click.echo(f"unset {name}")
    for name, value in sorted(environment.items()):
        if os.environ.get(name) != value:
            click.echo(f"export {name}={shlex.quote(value)}")


@main.command()
@_kept_directory
@click.option("--service", help="Only calls of this service, named as in boto3.")
@click.option("--action", help="Only calls of this operation.")
@click.option("--errors", is_flag=True, help="Only calls that were answered with an error.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def calls(directory: Path | None, service: str | None, action: str | None, errors: bool, form: str) -> None:
    """Print the calls that were made, oldest first.

    \b
    Examples:
      aws-sandbox calls --service timestream-write
      aws-sandbox calls --errors
      aws-sandbox calls --action CreateKey --format json
    """  # noqa: D301
    for call in read_calls(_kept(directory) / "calls.jsonl", service, action):
        if not errors or call.error:
            click.echo(msgspec.json.encode(call) if form == "json" else _line(call))


def _line(call: Call) -> str:
    result = f"{call.error}: {call.message}" if call.error else "ok"
    return f"{call.service:20} {call.action:32} {call.region:15} {call.principal}  {result}"


def _kept(directory: Path | None) -> Path:
    return directory or Path(DEFAULT_DIRECTORY)


def _environment(sandbox: Sandbox, engine: bool, program: str) -> dict[str, str]:
    """Return the environment; a program other than Pulumi can do without the engine."""
    if not engine:
        return sandbox.aws_env
    from aws_sandbox.engine_sources import EngineError

    try:
        return sandbox.env
    except EngineError as error:
        if Path(program).name == "pulumi":
            raise SandboxError(str(error)) from error
        click.echo(f"aws-sandbox: without Pulumi on PATH: {error}", err=True)
        return sandbox.aws_env


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run a command to its end, pass signals on, return its exit code as a shell would."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        click.echo(f"aws-sandbox: {command[0]}: {error.strerror}", err=True)
        return 127 if isinstance(error, FileNotFoundError) else 126
    with _passing_signals_to(process):
        code = process.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def _passing_signals_to(process: subprocess.Popen[bytes]) -> Iterator[None]:
    def pass_on(number: int, _: FrameType | None) -> None:
        # The keys of a terminal reach the command by themselves: it is in the foreground as well.
        if number not in (signal.SIGINT, signal.SIGQUIT) or not _in_foreground():
            process.send_signal(number)

    previous = {number: signal.signal(number, pass_on) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    """Tell whether this process is of the group that the terminal's keys go to."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except SandboxError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
