"""`make demo` as a pipe sees it."""

import subprocess
import sys

from tests.engine.project import ROOT

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


def test_the_demo_tells_its_story_in_plain_lines_and_leaves_nothing() -> None:
    before = status()
    done = subprocess.run(
        [sys.executable, "scripts/demo.py"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    told = [line.split("] ", 1)[1] for line in done.stdout.splitlines() if line.startswith("[")]
    assert [next(line for line in told if line.startswith(step)) for step in STEPS] == told
    assert "\x1b" not in done.stdout
    assert "press-7" in done.stdout  # what the writer wrote, the reader read
    assert "TS-" in done.stdout  # the gate names its rules
    assert "build/demo/gate.md" in done.stdout
    assert "TS-" in (ROOT / "build" / "demo" / "gate.md").read_text(encoding="utf-8")
    assert status() == before
