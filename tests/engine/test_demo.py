"""`make demo` as a pipe sees it."""

import sys
from pathlib import Path

from tests.engine.project import ROOT, copy_of_checkout
from tests.sandbox.loopback import run_on_loopback

IGNORED = {".venv", "__pycache__", "build"}
STEPS = (
    "The engine and AWS on this machine",
    "A new environment",
    "An application",
    "The same again: nothing changes",
    "The gate",
    "The end",
)


def files(checkout: Path) -> dict[Path, bytes]:
    """Return what git would see of a checkout: everything but what .gitignore names."""
    found = (path.relative_to(checkout) for path in checkout.rglob("*") if path.is_file())
    return {path: (checkout / path).read_bytes() for path in found if not IGNORED & set(path.parts)}


def test_the_demo_tells_its_story_in_plain_lines_leaves_nothing_and_stays_on_loopback(tmp_path: Path) -> None:
    checkout = copy_of_checkout(tmp_path / "checkout")
    for environment in (".venv", "components/.venv", "policies/.venv"):
        (checkout / environment).symlink_to(ROOT / ".venv")
    before = files(checkout)
    # Where the kernel has no way out and counts the attempts: engine, program, provider, gate and boto3.
    done = run_on_loopback([sys.executable, "scripts/demo.py"], cwd=checkout, timeout=240)
    assert done.exit_code == 0, done.output
    assert done.attempts == {}
    told = [line.split("] ", 1)[1] for line in done.output.splitlines() if line.startswith("[")]
    assert [next(line for line in told if line.startswith(step)) for step in STEPS] == told
    assert "\x1b" not in done.output
    assert "press-7" in done.output  # what the writer wrote, the reader read
    assert "TS-" in done.output  # the gate names its rules
    assert "build/demo/gate.md" in done.output
    assert "TS-" in (checkout / "build" / "demo" / "gate.md").read_text(encoding="utf-8")
    assert files(checkout) == before
