"""The programs that the pages show, deployed as they are."""

import json
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
    alone = {"reportsRole": "arn:aws:iam::000000000000:role/exports-readers-reports"}
    assert project.outputs() == {
        **(alone if name == "yaml" else {}),
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


def test_one_part_alone(tmp_path: Path, sandbox: Sandbox) -> None:
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    project = example("one_part", tmp_path / "one_part", sandbox)
    project.pulumi("config", "set", "keyArn", key).ok()
    project.up(gate=True).ok()
    assert project.outputs() == {
        "roleArns": {
            "readers/dashboards": "arn:aws:iam::000000000000:role/metrics-readers-dashboards",
            "writers/ingest": "arn:aws:iam::000000000000:role/metrics-writers-ingest",
        }
    }
    policy = sandbox.client("iam").get_role_policy(RoleName="metrics-writers-ingest", PolicyName="timestream")
    written = policy["PolicyDocument"]["Statement"][0]
    assert written["Resource"] == ["arn:aws:timestream:eu-west-1:000000000000:database/metrics/table/cpu"]
    project.up("--expect-no-changes").ok()


def test_outputs_read_by_another_stack(baseline: Project, tmp_path: Path, sandbox: Sandbox) -> None:
    baseline.up().ok()
    project = example("stack_reference", tmp_path / "stack_reference", sandbox)
    project.pulumi("config", "set", "baseline", f"organization/timestream-baseline/{STACK}").ok()
    project.up().ok()
    value = sandbox.client("secretsmanager").get_secret_value(SecretId=project.outputs()["settingsArn"])
    assert json.loads(value["SecretString"]) == {
        "endpoint_url": "https://ingest-cell2.timestream.eu-west-1.amazonaws.com",
        "role_arn": "arn:aws:iam::000000000000:role/baseline-writers-ingest",
    }
