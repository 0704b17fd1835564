"""`make bench`: how long what people wait for takes, each with a peer in the same run.

Prints the table that docs/performance.md keeps; `--write` puts it there.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from rich.console import Console

from aws_sandbox.engine import find_or_build
from aws_sandbox.sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent
WITHOUT_ENDPOINTS = ROOT / "policies.without-endpoints.json"
UNWATCHED_GATE = "unwatched-gate.json"
sys.path.insert(0, str(ROOT))

from scripts import bench_offline, bench_policies  # noqa: E402 - as a script, only its own folder is known
from scripts.large_stacks import (  # noqa: E402
    large_rows,
    large_table,
    measure,
    missed,
)

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
BIN = Path(sys.executable).parent
PARTS = ("commands", "large", "policies", "offline")
NOWHERE = "127.0.0.1:1"  # an engine address that nobody answers; a plugin is ready before it needs it


@dataclass(frozen=True)
class Row:
    """One thing that people wait for."""

    what: str
    limit: float | None
    """Seconds that it may take at the most; None for a peer."""
    once: Callable[[], float]
    """Do it once and return its seconds."""


def seconds_of(argv: Sequence[str], env: dict[str, str], cwd: Path) -> float:
    """Return the seconds of a whole process that must end well."""
    began = time.perf_counter()
    done = subprocess.run(argv, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"bench: {' '.join(argv)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return taken


def seconds_to_port(argv: Sequence[str], env: dict[str, str], cwd: Path) -> float:
    """Return the seconds until a plugin has printed the port on which it answers."""
    began = time.perf_counter()
    with subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for
        line = process.stdout.readline()
        taken = time.perf_counter() - began
        process.terminate()
        process.communicate(timeout=10)
    if not line.strip().isdigit():
        raise SystemExit(f"bench: {' '.join(argv)} said {line!r} instead of a port")
    return taken


# The sandbox's stack without what is made beside databases, roles and alarms on errors.
WITHOUT_WATCH = {
    "timestream-baseline:audit": {"trail": "none"},
    "timestream-baseline:backup": {"enabled": False},
    "timestream-baseline:monitoring": {"changeEvents": False, "dashboard": False},
}


@contextmanager
def stack(directory: Path, env: dict[str, str]) -> Iterator[Path]:
    """Yield a copy of the root program whose stacks `sandbox` and `unwatched` are ready for preview."""
    for name in ("Pulumi.yaml", "Pulumi.sandbox.yaml", "__main__.py"):
        (directory / name).write_bytes((ROOT / name).read_bytes())
    settings = yaml.safe_load((ROOT / "Pulumi.sandbox.yaml").read_text(encoding="utf-8"))
    settings["config"].update(WITHOUT_WATCH)
    (directory / "Pulumi.unwatched.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    gate = {"settings": {"managed_elsewhere": ["endpoints", "trail", "backup", "alarms"]}}
    (directory / UNWATCHED_GATE).write_text(json.dumps({**gate, "TS-S3-010": "disabled"}), encoding="utf-8")
    (directory / ".venv").symlink_to(ROOT / ".venv")
    for name in ("sandbox", "unwatched"):
        seconds_of(["pulumi", "stack", "init", name, "--non-interactive"], env, directory)
    yield directory


def rows(program: Path, env: dict[str, str]) -> list[Row]:
    """Return what is measured, each peer after the thing that it is compared with."""
    preview = ["pulumi", "preview", "--stack", "sandbox", "--non-interactive"]
    unwatched = ["pulumi", "preview", "--stack", "unwatched", "--non-interactive"]
    pack = ["--policy-pack", str(ROOT / "policies"), "--policy-pack-config"]
    host = [str(find_or_build().path_entries[0] / "pulumi-language-python"), NOWHERE]
    directory_pack = [sys.executable, "-u", "-m", "pulumi.policy", NOWHERE, str(ROOT / "policies")]
    executable_pack = [str(BIN / "timestream-policies-pack"), NOWHERE]
    return [
        Row(
            "preview of the sandbox stack with the gate",
            5,
            lambda: seconds_of([*preview, *pack, str(WITHOUT_ENDPOINTS)], env, program),
        ),
        Row("peer: the same preview without the gate", None, lambda: seconds_of(preview, env, program)),
        Row(
            "the same without trail, backups, events and dashboard",
            3,
            lambda: seconds_of([*unwatched, *pack, UNWATCHED_GATE], env, program),
        ),
        Row("language host ready", 0.5, lambda: seconds_to_port(host, env, ROOT)),
        Row("executable pack ready", 0.25, lambda: seconds_to_port(executable_pack, env, ROOT)),
        Row("directory pack ready", 0.5, lambda: seconds_to_port(directory_pack, env, ROOT / "policies")),
        Row(
            "peer: a Python process that imports pulumi",
            None,
            lambda: seconds_of([sys.executable, "-c", "import pulumi"], env, ROOT),
        ),
        Row(
            "timestream-policies --version",
            0.15,
            lambda: seconds_of([str(BIN / "timestream-policies"), "--version"], env, ROOT),
        ),
        Row("peer: an empty Python process", None, lambda: seconds_of([sys.executable, "-c", ""], env, ROOT)),
    ]


def machine() -> str:
    """Return the machine in one line."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    python = platform.python_version()
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {python}"


def table(measured: dict[Row, list[float]]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| what | median | min to max | at most |", "|---|---|---|---|"]
    for row, taken in measured.items():
        limit = "" if row.limit is None else f"{row.limit:g} s"
        median, low, high = statistics.median(taken), min(taken), max(taken)
        lines.append(f"| {row.what} | {median:.2f} s | {low:.2f} to {high:.2f} s | {limit} |")
    return "\n".join(lines)


def measured_parts(parts: Sequence[str], runs: int, large_runs: int) -> tuple[list[str], list[str]]:
    """Return the table of each part, and what is over its limit."""
    progress = Console(stderr=True)

    def told(what: str) -> None:
        progress.print(f"{what} …", highlight=False)

    tables: list[str] = []
    slow: list[str] = []
    with (
        Sandbox() as sandbox,
        tempfile.TemporaryDirectory() as directory,
        stack(Path(directory), sandbox.env) as program,
    ):
        places = {part: Path(directory) / f"bench-{part}" for part in parts}
        for place in places.values():
            place.mkdir()
        if "commands" in parts:
            measured: dict[Row, list[float]] = {}
            for row in rows(program, sandbox.env):
                told(row.what)
                row.once()
                measured[row] = [row.once() for _ in range(runs)]
            tables.append(table(measured))
            slow += over_limit(measured)
        if "large" in parts:
            large = {}
            for row_of_large in large_rows(program, sandbox):
                told(f"preview of {row_of_large.what}")
                large[row_of_large] = measure(row_of_large, large_runs)
            tables.append(large_table(large))
            slow += missed(large)
        if "policies" in parts:
            told("policy analyze of a large state")
            analyzed = bench_policies.measured(places["policies"], sandbox.env, runs)
            tables.append(bench_policies.table(analyzed))
            slow += bench_policies.missed(analyzed)
        if "offline" in parts:
            checked = bench_offline.measured(places["offline"], runs, told)
            tables.append(bench_offline.table(checked))
            slow += bench_offline.missed(checked)
    return tables, slow


def over_limit(measured: dict[Row, list[float]]) -> list[str]:
    """Say which rows take too long."""
    return [
        f"over its limit of {row.limit:g} s: {row.what}"
        for row, taken in measured.items()
        if row.limit and statistics.median(taken) > row.limit
    ]


def main() -> int:
    """Measure everything; 1 when a median is over its limit."""
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=__doc__,
        epilog="examples:\n  make bench\n  .venv/bin/python scripts/bench.py --only offline\n"
        "  .venv/bin/python scripts/bench.py --runs 9 --write",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--runs", type=int, default=5, help="runs of each row after one that does not count (5)"
    )
    parser.add_argument("--large-runs", type=int, default=3, help="runs of each large stack (3)")
    parser.add_argument("--only", choices=PARTS, help="measure this part alone, and write nothing")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args()
    # People run compiled modules; where this is set, the run that does not count would leave none.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if options.only and options.write:
        parser.error("--write needs all parts; leave --only out")
    parts = (options.only,) if options.only else PARTS
    tables, slow = measured_parts(parts, options.runs, options.large_runs)
    text = (
        f"{date.today().isoformat()}, {machine()}; {options.runs} runs after a warm-up, "
        f"{options.large_runs} of each large stack.\n\n" + "\n\n".join(tables)
    )
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    for line in slow:
        Console(stderr=True).print(line, style="red", highlight=False)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
