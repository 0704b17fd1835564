"""The programs that the pages show, deployed as they are."""

import shutil
from pathlib import Path

import pytest
import yaml

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import ROOT, STACK, Project, initialised


def example(name: str, directory: Path, sandbox: Sandbox) -> Project:
    """Copy an example; what its project file names relative to the checkout is named absolutely."""
    shutil.copytree(
        ROOT / "examples" / name, directory, ignore=shutil.ignore_patterns(".venv", "__pycache__")
    )
    path = directory / "Pulumi.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("../../.venv", ".venv").replace("../../", f"{ROOT}/"), encoding="utf-8")
    settings = {"config": {"aws:region": "eu-west-1", "aws:allowedAccountIds": ["000000000000"]}}
    (directory / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return initialised(directory, sandbox)


@pytest.mark.parametrize("name", ["component", "yaml"])
def test_the_baseline_in_a_program_of_ones_own(name: str, tmp_path: Path, sandbox: Sandbox) -> None:
    project = example(name, tmp_path / name, sandbox)
    project.up(gate=True).ok()
    assert project.outputs() == {
        "writerRole": "arn:aws:iam::000000000000:role/telemetry-writers-ingest",
        "endpointUrls": {
            "ingest": "https://ingest-cell2.timestream.eu-west-1.amazonaws.com",
            "query": "https://query-cell3.timestream.eu-west-1.amazonaws.com",
        },
    }
    table = sandbox.client("timestream-write").describe_table(DatabaseName="metrics", TableName="cpu")[
        "Table"
    ]
    assert table["RetentionProperties"]["MagneticStoreRetentionPeriodInDays"] == 90
    project.up("--expect-no-changes", gate=True).ok()
