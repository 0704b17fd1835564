"""`make demo` as a pipe sees it."""

import subprocess
import sys

from tests.engine.project import ROOT
from tests.sandbox.loopback import run_on_loopback

STEPS = (
    "The engine and AWS on this machine",
    "A new environment",
    "An application",
    "The same again: nothing changes",
    "The gate",
    "The end",
)


def status() -> str:
    return subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_the_demo_tells_its_story_in_plain_lines_leaves_nothing_and_never_leaves_this_machine() -> None:
    before = status()
    # Where the kernel has no way out and counts the attempts: engine, program, provider, gate and boto3.
    done = run_on_loopback([sys.executable, "scripts/demo.py"], cwd=ROOT, timeout=240)
    assert done.exit_code == 0, done.output
    assert done.attempts == {}
    told = [line.split("] ", 1)[1] for line in done.output.splitlines() if line.startswith("[")]
    assert [next(line for line in told if line.startswith(step)) for step in STEPS] == told
    assert "\x1b" not in done.output
    assert "press-7" in done.output  # what the writer wrote, the reader read
    assert "TS-" in done.output  # the gate names its rules
    assert "build/demo/gate.md" in done.output
    assert "TS-" in (ROOT / "build" / "demo" / "gate.md").read_text(encoding="utf-8")
    assert status() == before
