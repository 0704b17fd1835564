"""`timestream-policies check` on large states for `make bench`, beside checkov on the same resources."""

import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.large_states import export  # noqa: E402 - as a script, only its own folder is known
from scripts.terraform_plan import plan  # noqa: E402

FEW, MANY = 5_000, 50_000
SECONDS, MEGABYTES = 0.5, 80
"""So long and so much may a check of `FEW` resources take."""
TIMES = 11
"""So many times that may a check of `MANY` resources take."""
CHECKOV = "checkov==3.3.30"
COMMAND = Path(sys.executable).with_name("timestream-policies")

# A process counts what its parent held when it was made: this parent is small.
_MEASURE = """\
import resource, subprocess, sys, time
began = time.perf_counter()
quiet = subprocess.DEVNULL
code = subprocess.run(sys.argv[1:], stdout=quiet, stderr=quiet).returncode
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, code)
"""


@dataclass(frozen=True)
class Run:
    """What one run took."""

    seconds: float
    megabytes: float
    """The most memory that was resident."""


def measured(
    directory: Path, runs: int = 5, told: Callable[[str], None] = lambda _: None
) -> dict[str, list[Run]]:
    """Return the runs of each row; the first run of ours does not count. `told` hears what comes next."""
    taken: dict[str, list[Run]] = {}
    for resources in (FEW, MANY):
        state = directory / f"{resources}.json"
        state.write_bytes(export(resources))
        told(f"check of {resources:,} resources")
        command = [str(COMMAND), "check", "--pack", "strict", "--pack", "advisory", str(state)]
        taken[_ours(resources)] = [_run(command, directory) for _ in range(runs + 1)][1:]
    if checkov := _checkov(told):
        told(f"{CHECKOV} on the same {FEW:,} resources")
        (directory / "plan.json").write_bytes(plan(FEW))
        options = ["-f", "plan.json", "--framework", "terraform_plan", "--compact", "--quiet"]
        taken[f"peer: {CHECKOV} on a Terraform plan of the same {FEW:,}"] = [
            _run([str(checkov), *options], directory)
        ]
    return taken


def _ours(resources: int) -> str:
    return f"`timestream-policies check`, all rules, {resources:,} resources"


def table(taken: dict[str, list[Run]]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| offline | median | min to max | memory | at most |", "|---|---|---|---|---|"]
    limits = {_ours(FEW): f"{SECONDS:g} s, {MEGABYTES} MB", _ours(MANY): f"{TIMES} times that"}
    for what, runs in taken.items():
        seconds = [run.seconds for run in runs]
        lines.append(
            f"| {what} | {median(seconds):.2f} s | {min(seconds):.2f} to {max(seconds):.2f} s "
            f"| {max(run.megabytes for run in runs):.0f} MB | {limits.get(what, '')} |"
        )
    return "\n".join(lines)


def missed(taken: dict[str, list[Run]]) -> list[str]:
    """Say which limits our checks are over."""
    return list(_missed(taken[_ours(FEW)], taken[_ours(MANY)]))


def _missed(few: list[Run], many: list[Run]) -> Iterator[str]:
    seconds, memory = median(run.seconds for run in few), max(run.megabytes for run in few)
    if seconds > SECONDS:
        yield f"over its limit of {SECONDS:g} s: a check of {FEW:,} resources takes {seconds:.2f} s"
    if memory > MEGABYTES:
        yield f"over its limit of {MEGABYTES} MB: a check of {FEW:,} resources takes {memory:.0f} MB"
    times = median(run.seconds for run in many) / seconds
    if times > TIMES:
        yield f"over its limit of {TIMES} times: {MANY:,} resources take {times:.1f} times as long"


def _checkov(told: Callable[[str], None]) -> Path | None:
    """Return the peer, in an environment of its own that is kept; None if it cannot be had."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "timestream-bench" / CHECKOV
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        done = subprocess.run(
            [home / "bin" / "pip", "install", "--quiet", CHECKOV], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            told(f"left out: {CHECKOV} cannot be installed ({done.stderr.strip().splitlines()[-1:]})")
            return None
        (home / "ready").touch()
    return home / "bin" / "checkov"


def _run(command: Sequence[str], cwd: Path) -> Run:
    """Run a check, which ends with 0 or, if it finds something, with 1."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command], cwd=cwd, capture_output=True, text=True, check=True
    )
    seconds, kilobytes, code = done.stdout.split()
    if int(code) not in (0, 1):
        raise SystemExit(f"bench: {' '.join(command)} ended with {code}")
    return Run(float(seconds), int(kilobytes) / 1024)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        result = measured(Path(place), told=lambda what: print(what, file=sys.stderr))
    print(table(result))
    for line in missed(result):
        print(line, file=sys.stderr)
    sys.exit(len(missed(result)))
