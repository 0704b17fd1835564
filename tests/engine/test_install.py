"""Door one of the README with plain Pulumi commands, in a fresh copy of the checkout."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import ROOT, copy_of_checkout

OURS = (
    "timestream-baseline",
    "timestream-policies",
    "aws-sandbox",
    "timestream_baseline",
    "timestream_policies",
)


def door_one() -> list[str]:
    """Return the commands under the README's first door."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("### 1 ", 1)[1].split("### 2 ", 1)[0]
    block = re.findall(r"```console\n(.*?)```", section, re.DOTALL)[0]
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def environment(directory: Path) -> Path:
    """Make an environment that already sees every locked package, so that pip needs no network.

    Our own packages are not seen: pip has to install them from the copy.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(directory)], check=True)
    site = next((directory / "lib").glob("python*/site-packages"))
    installed = next((ROOT / ".venv" / "lib").glob("python*/site-packages"))
    for entry in installed.iterdir():
        ours = entry.name.lower().lstrip("_").startswith(OURS) or "editable_impl" in entry.name
        if not ours and entry.name != "__pycache__":
            (site / entry.name).symlink_to(entry)
    return directory


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the checkout with environments that pip fills without a network."""
    copy = copy_of_checkout(tmp_path / "checkout")
    environment(copy / ".venv")
    environment(copy / "policies" / ".venv")
    return copy


def test_the_commands_of_the_readme_deploy_through_the_gate(checkout: Path, sandbox: Sandbox) -> None:
    env = {**sandbox.env, "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    env.pop("VIRTUAL_ENV", None)
    outputs = []
    for command in door_one():
        more = ["--yes"] if " up " in f" {command} " else []
        done = subprocess.run(
            [*shlex.split(command), *more, "--non-interactive"],
            cwd=checkout,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        outputs.append(done.stdout)
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
    everything = "\n".join(outputs)
    for name in OURS:
        assert not re.search(rf"(download|install)\w* plugin\W+{name}", everything, re.IGNORECASE), everything
        assert f"pulumi-resource-{name}" not in everything
    assert "timestream-policies" in outputs[-1], "the gate did not run"

    made = sandbox.client("timestream-write").list_databases()["Databases"]
    assert [database["DatabaseName"] for database in made] == ["metrics"]
    settings = yaml.safe_load((checkout / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    assert settings["config"]["aws:region"] == "eu-west-1"
    for inner in (checkout, checkout / "policies"):
        installed = next((inner / ".venv" / "lib").glob("python*/site-packages"))
        assert any("timestream_policies" in entry.name for entry in installed.iterdir()), inner
