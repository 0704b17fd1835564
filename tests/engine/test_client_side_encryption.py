"""The example that encrypts a value before it is sent, on the sandbox: written, stored, read back."""

import json
import subprocess
from pathlib import Path

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import ROOT
from tests.engine.test_examples import example


def test_a_record_with_an_encrypted_value(tmp_path: Path, sandbox: Sandbox) -> None:
    project = example("client_side_encryption", tmp_path / "example", sandbox)
    project.up(gate=True).ok()

    done = subprocess.run(
        [ROOT / ".venv/bin/python", "write_and_read.py"],
        cwd=project.directory,
        env=sandbox.aws_env,
        input=json.dumps(project.outputs()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["heartRate"], found["diagnosis"]) == ("88", "acute appendicitis")
    (row,) = sandbox.client("timestream-query").query(QueryString='SELECT * FROM "clinic"."visits"')["Rows"]
    stored = json.dumps(row)
    assert "appendicitis" not in stored
    assert '"88"' in stored
    # One data key was made, and opened once.
    calls = [call for call in sandbox.calls("kms") if call.action in ("GenerateDataKey", "Decrypt")]
    assert [call.action for call in calls] == ["GenerateDataKey", "Decrypt"]
