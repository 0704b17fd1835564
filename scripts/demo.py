"""`make demo`: the whole story on this machine, without a cloud account.

Starts AWS on this machine, deploys the root program with the policy gate, uses what it made as an
application would, deploys again, shows how the gate stops an insecure program, and throws it all away.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt while modules are loaded ends without a traceback

import argparse
import json
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from aws_sandbox.engine import EngineError, find_or_build
from aws_sandbox.sandbox import Sandbox, SandboxError

ROOT = Path(__file__).resolve().parent.parent
STACK = "sandbox"
# This machine has no network to put endpoints into, so the gate is told that they are elsewhere.
GATE = ("--policy-pack", "policies", "--policy-pack-config", "policies.without-endpoints.json")
# What the sandbox stack calls them (Pulumi.sandbox.yaml).
TABLE, WRITER, READER = "metrics/machines", "writers/plant", "readers/dashboards"
# How wide lines get that are made here.
WIDTH = 110
REPORT = ROOT / "build" / "demo" / "gate.md"
NEXT_STEPS = """\
Next, three doors (README.md shows each):
  a new environment   pulumi up --policy-pack policies                            docs/new-environment.md
  another stack       from timestream_baseline import TimestreamBaseline          docs/use-in-a-stack.md
  the gate            pulumi preview --policy-pack policies, on any stack         docs/gate.md\
"""
OWN_ENGINE = """

For the engine that was built here and the commands of this checkout:
  export PATH="$PWD/.venv/bin:$(.venv/bin/python -m aws_sandbox.engine):$PATH"\
"""


@dataclass
class Screen:
    """What a person sees: a spinner on a terminal, plain lines in a pipe."""

    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    steps: int = 6
    step: int = 0

    def title(self, text: str) -> None:
        """Announce the next step."""
        self.step += 1
        self.console.print(f"\n[bold][{self.step}/{self.steps}][/bold] {escape(text)}")

    def say(self, text: str = "", style: str = "") -> None:
        """Print text, indented under its step."""
        for line in text.splitlines() or [""]:
            self.console.print(f"      {line}".rstrip(), style=style or None, markup=False)

    def command(self, argv: Sequence[str], where: str = "") -> None:
        """Show a command as a person would type it."""
        self.say(f"$ {' '.join(argv)}" + (f"    (in {where})" if where else ""), style="cyan")

    @contextmanager
    def working(self, text: str) -> Iterator[Status | None]:
        """Show that something is under way; yields the spinner where a person watches."""
        if not self.console.is_terminal:
            yield None
            return
        with self.console.status(f"      {escape(text)}") as status:
            yield status


class DemoFailed(Exception):
    """A step did not do what the demo promises."""


@dataclass(frozen=True)
class Pulumi:
    """The real CLI against the sandbox."""

    screen: Screen
    env: dict[str, str]

    def run(self, *args: str, cwd: Path = ROOT, show: bool = True) -> tuple[int, str]:
        """Run `pulumi args`, follow its progress, and return its exit code and output."""
        argv = ["pulumi", *args]
        if show:
            self.screen.command(argv, "" if cwd == ROOT else str(cwd.relative_to(ROOT)))
        lines: list[str] = []
        with (
            self.screen.working(f"pulumi {args[0]} …") as status,
            subprocess.Popen(
                [*argv, "--non-interactive"],
                cwd=cwd,
                env=self.env,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            ) as process,
        ):
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            try:
                for line in process.stdout:
                    lines.append(line.rstrip())
                    if status and line.strip():
                        status.update(f"      {escape(line.strip()[:100])}")
            except BaseException:
                process.send_signal(signal.SIGINT)
                raise
        return process.returncode, "\n".join(lines)

    def must(self, *args: str, cwd: Path = ROOT, show: bool = True) -> str:
        """Run `pulumi args`; a failure ends the demo with its output."""
        code, output = self.run(*args, cwd=cwd, show=show)
        if code != 0:
            raise DemoFailed(f"'pulumi {' '.join(args)}' ended with {code}:\n{output}")
        return output


def deploy(screen: Screen, pulumi: Pulumi) -> dict[str, Any]:
    """Deploy the root program with the gate, show what stands, and return its outputs."""
    screen.title("A new environment: pulumi up, gated by the policies in the same run")
    pulumi.must("stack", "init", STACK)
    output = pulumi.must("up", "--yes", "--stack", STACK, *GATE)
    screen.say(section(output, "Policies:"))
    screen.say(section(output, "Resources:"))
    screen.say()
    screen.say("What stands, part by part:")
    state = json.loads(pulumi.must("stack", "export", "--stack", STACK, show=False))
    for line in parts(state["deployment"]["resources"]):
        screen.say(f"  {line}")
    outputs: dict[str, Any] = json.loads(
        pulumi.must("stack", "output", "--json", "--stack", STACK, show=False)
    )
    screen.say()
    screen.say("What applications need:")
    for name in ("databaseArns", "endpointUrls", "roleArns", "keyArns", "topicArn"):
        value = outputs[name]
        rows = value.items() if isinstance(value, dict) else [("", value)]
        for key, text in rows:
            screen.say(f"  {name + (f'[{key}]' if key else ''):34} {text}")
    return outputs


def assume(sandbox: Sandbox, role_arn: str, service: str, endpoint_url: str) -> Any:
    """Return a client with the role's credentials on the endpoint URL that the outputs name."""
    credentials = sandbox.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="demo")["Credentials"]
    return sandbox.client(
        service,
        endpoint_url=endpoint_url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def use(screen: Screen, sandbox: Sandbox, outputs: dict[str, Any]) -> None:
    """Write a record as the writer and read it back as the reader, with boto3."""
    screen.title("An application: assume the roles, write a record, read it back (boto3)")
    urls, roles = outputs["endpointUrls"], outputs["roleArns"]
    database, table = TABLE.split("/")
    writer = assume(sandbox, roles[WRITER], "timestream-write", urls["ingest"])
    now = str(int(time.time() * 1000))
    record = {
        "Dimensions": [{"Name": "machine", "Value": "press-7"}],
        "MeasureName": "temperature",
        "MeasureValue": "71.5",
        "MeasureValueType": "DOUBLE",
        "Time": now,
    }
    writer.write_records(DatabaseName=database, TableName=table, Records=[record])
    screen.say(f"{WRITER} wrote to {TABLE} through {urls['ingest']}")
    reader = assume(sandbox, roles[READER], "timestream-query", urls["query"])
    statement = (
        f'SELECT machine, measure_value::double FROM "{database}"."{table}" WHERE machine = \'press-7\''  # noqa: S608
    )
    answer = reader.query(QueryString=statement)
    rows = [[datum.get("ScalarValue") for datum in row["Data"]] for row in answer["Rows"]]
    if rows != [["press-7", "71.5"]]:
        raise DemoFailed(f"the reader was given {rows} instead of the record that was written")
    screen.say(f"{READER} read {rows[0]} through {urls['query']}")


def again(screen: Screen, pulumi: Pulumi) -> None:
    """Deploy again: nothing may change."""
    screen.title("The same again: nothing changes")
    output = pulumi.must("up", "--yes", "--stack", STACK, *GATE, "--skip-preview", "--expect-no-changes")
    screen.say(section(output, "Resources:"))


def gate(screen: Screen, pulumi: Pulumi) -> None:
    """Preview the insecure example: the gate must stop it, and the report is kept."""
    screen.title("The gate: a stack with realistic mistakes is stopped before anything exists")
    insecure = ROOT / "examples" / "insecure"
    pulumi.must("stack", "init", STACK, cwd=insecure, show=False)
    code, output = pulumi.run("preview", "--stack", STACK, "--policy-pack", "../../policies", cwd=insecure)
    if code == 0:
        raise DemoFailed("the gate let the insecure example pass")
    screen.say(section(output, "Policies:"))
    screen.say()
    screen.say(f"pulumi preview ended with exit code {code}: the gate is closed, nothing was made.")
    _, preview = pulumi.run("preview", "--json", "--show-sames", "--stack", STACK, cwd=insecure, show=False)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        state = Path(directory) / "preview.json"
        state.write_text(preview[preview.index("{") :], encoding="utf-8")
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("timestream-policies")),
                "check",
                str(state),
                "--format",
                "markdown",
                "--output",
                str(REPORT),
            ],
            env=pulumi.env,
            text=True,
            capture_output=True,
            check=False,
        )
    if done.returncode != 1:  # 1: findings, which the report must hold
        raise DemoFailed(
            f"timestream-policies check ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )


def section(output: str, heading: str) -> str:
    """Return the last section of the CLI's output with this heading, up to the next one."""
    lines = output.splitlines()
    first = max((i for i, line in enumerate(lines) if line.startswith(heading)), default=len(lines))
    until = next((i for i in range(first + 1, len(lines)) if lines[i] and not lines[i].startswith(" ")), None)
    return "\n".join(lines[first:until]).rstrip()


def parts(resources: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Count what each part of the baseline is made of, from the resources of a state."""
    made: dict[str, Counter[str]] = {}
    for resource in resources:
        components = resource["urn"].split("::")[2].split("$")[1:-1]
        if resource["type"].startswith("aws:") and components:
            part = components[0].rsplit(":", 1)[1]
            made.setdefault(part, Counter())[_short(resource["type"].rsplit(":", 1)[1])] += 1
    width = max(map(len, made), default=0)
    for part, types in sorted(made.items()):
        # A count stays on the line of what it counts.
        counted = ", ".join(f"{count}\u00a0{name}" for name, count in sorted(types.items()))
        for line in textwrap.wrap(f"{part:{width}}  {counted}", WIDTH, subsequent_indent=" " * (width + 2)):
            yield line.replace("\u00a0", " ")


def _short(name: str) -> str:
    """Name the many settings of buckets as one."""
    return "bucket\u00a0settings" if name.startswith("Bucket") and name != "Bucket" else name


def stop_on_terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Turn SIGTERM into an orderly end, so that the sandbox is thrown away."""
    raise KeyboardInterrupt


def main() -> int:
    """Run the demo; 0 when every step did what it promises."""
    argparse.ArgumentParser(
        prog="make demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, stop_on_terminate)
    screen = Screen()
    began = time.monotonic()
    screen.console.print(
        "[bold]Timestream Baseline[/bold]: the demo. No cloud account is needed; no call leaves this machine."
    )
    try:
        screen.title("The engine and AWS on this machine")
        engine = find_or_build()
        origin = "from PATH" if engine.official else "built here, kept in the user's cache"
        screen.say(f"pulumi {engine.version}, {origin}")
        with Sandbox() as sandbox:
            screen.say("AWS: moto behind the sandbox's own provider, account 000000000000, region eu-west-1")
            pulumi = Pulumi(screen, sandbox.env)
            outputs = deploy(screen, pulumi)
            use(screen, sandbox, outputs)
            again(screen, pulumi)
            gate(screen, pulumi)
            screen.title("The end: the sandbox is thrown away, state included")
    except (DemoFailed, EngineError, SandboxError) as problem:
        screen.console.print(f"\nThe demo failed: {problem}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        screen.console.print("\nStopped; nothing is left.", style="yellow")
        return 130
    screen.say(f"Done in {time.monotonic() - began:.0f} s. The gate's report: {REPORT.relative_to(ROOT)}")
    screen.console.print(f"\n{NEXT_STEPS}" + ("" if engine.official else OWN_ENGINE), markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
