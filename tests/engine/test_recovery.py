"""What happens when `pulumi up` is stopped half-way: docs/recovery.md is followed to the letter."""

import json
import os
import re
import shlex
import signal
from pathlib import Path

from tests.engine.leftovers import wait_for_none
from tests.engine.project import ROOT, Project
from tests.engine.test_lifecycle import databases, mutations, tables

UP = ("up", "--yes", "--skip-preview")


def commands(page: Path) -> list[str]:
    """Return the commands that a page tells the reader to type, in their order."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def test_after_an_interrupt_the_next_up_converges(baseline: Project) -> None:
    sandbox = baseline.sandbox
    with sandbox.hold("timestream-write", "CreateDatabase") as held, baseline.started(*UP) as process:
        held.wait()
        os.killpg(process.pid, signal.SIGINT)
        held.release()
        output, _ = process.communicate(timeout=60)
    assert process.returncode != 0, output
    assert "Traceback" not in output
    wait_for_none(sandbox)
    baseline.up().ok()
    assert set(tables(sandbox, "metrics")) == {"cpu", "disk"}
    baseline.up("--expect-no-changes").ok()


def test_after_a_kill_during_create_database_the_recovery_page_converges(baseline: Project) -> None:
    sandbox = baseline.sandbox
    # One call at a time, so that the database is all that is pending.
    killed = (*UP, "--parallel", "1")
    with sandbox.hold("timestream-write", "CreateDatabase") as held, baseline.started(*killed) as process:
        held.wait()
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        held.release()
    wait_for_none(sandbox)
    assert set(databases(sandbox)) == {"metrics"}  # it was made, and Pulumi never heard of it
    assert "locked" in baseline.up().failed().output

    exported = json.loads(baseline.pulumi("stack", "export").ok().output)
    (pending,) = (operation["resource"] for operation in exported["deployment"]["pending_operations"])
    assert pending["type"] == "aws:timestreamwrite/database:Database"
    words = {
        "TYPE": pending["type"],
        "NAME": pending["urn"].rsplit("::", 1)[1],
        "ID": "metrics",
        "parent=PARENT": f"parent={pending['parent']}",
    }
    followed = commands(ROOT / "docs" / "recovery.md")
    assert followed
    for command in followed:
        baseline.pulumi(*[words.get(word, word) for word in shlex.split(command)[1:]]).ok()
    baseline.up("--expect-no-changes").ok()

    assert set(tables(sandbox, "metrics")) == {"cpu", "disk"}
    recorded = [resource for resource in baseline.resources() if resource.get("custom")]
    keys = sandbox.client("kms").list_keys()["Keys"]
    known = {resource["outputs"]["keyId"] for resource in recorded if resource["type"] == "aws:kms/key:Key"}
    assert {key["KeyId"] for key in keys} == known
    assert mutations(sandbox).count("timestream-write:CreateDatabase") == 1
