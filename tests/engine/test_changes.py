"""Changes that lose data, through the real engine: what is refused, and what an acknowledgement does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import ROOT, Project, program
from tests.engine.test_lifecycle import databases, mutations, tables

LOSSES = (
    'before hook "guard of the data of solo" failed: metrics/cpu: this change loses data\n'
    "      memory_retention_hours: 24 -> 12: records older than 12 hours leave the memory store and never "
    "come back to it, and each record is deleted that much earlier\n"
    "      magnetic_retention_days: 365 -> 30: records older than 30 days are deleted from the magnetic "
    "store\n"
    "      magnetic_writes: true -> false: records that are older than the memory retention when they arrive "
    "are refused from then on\n"
    "      To keep what exists, write databases.metrics.tables.cpu: {'memory_retention_hours': 24, "
    "'magnetic_retention_days': 365, 'magnetic_writes': True}\n"
    '      If the change is meant, add to acknowledge: "metrics/cpu: memory_retention_hours=12", '
    '"metrics/cpu: magnetic_retention_days=30", "metrics/cpu: magnetic_writes=false"\n'
)
PROGRAM = """
import pulumi
from timestream_baseline import LiveAnalytics

config = pulumi.Config()
arguments = config.require_object("arguments")
if config.get("key"):
    arguments["databases"]["metrics"]["key_arn"] = pulumi.Output.secret(config.require("key"))
LiveAnalytics("solo", arguments)
"""


@pytest.fixture
def solo(tmp_path: Path, sandbox: Sandbox) -> Project:
    """Return a program with two tables, made; protection off."""
    arguments = {"databases": {"metrics": {"tables": {"cpu": {}, "disk": {}}}}, "protect_data": False}
    made = program(tmp_path / "solo", sandbox, PROGRAM, config={"small:arguments": arguments})
    made.up().ok()
    return made


def change(project: Project, change: Callable[[dict[str, Any]], None]) -> Project:
    """Change the arguments."""
    project.configure(lambda config: change(config["small:arguments"]))
    return project


def with_arguments(project: Project, **arguments: Any) -> Project:
    return change(project, lambda mine: mine.update(arguments))


def with_table(project: Project, name: str, **arguments: Any) -> Project:
    return change(project, lambda mine: mine["databases"]["metrics"]["tables"].update({name: arguments}))


def retention(project: Project, table: str) -> tuple[int, int, bool]:
    found = tables(project.sandbox, "metrics")[table]
    periods = found["RetentionProperties"]
    return (
        periods["MemoryStoreRetentionPeriodInHours"],
        periods["MagneticStoreRetentionPeriodInDays"],
        found["MagneticStoreWriteProperties"]["EnableMagneticStoreWrites"],
    )


def test_what_shrinks_is_refused_until_exactly_that_is_acknowledged(solo: Project) -> None:
    before = mutations(solo.sandbox)
    with_table(solo, "cpu", memory_retention_hours=12, magnetic_retention_days=30, magnetic_writes=False)
    for refused in (solo.preview().failed(), solo.up().failed()):
        assert LOSSES in refused.output
        assert "Traceback" not in refused.output
    assert mutations(solo.sandbox) == before

    meant = ["memory_retention_hours=12", "magneticRetentionDays=30", "magnetic_writes=false"]
    with_arguments(solo, acknowledge=[f"metrics/cpu: {change}" for change in meant]).up().ok()
    assert retention(solo, "cpu") == (12, 30, False)

    # What was acknowledged authorises no later change, and what grows needs no acknowledgement.
    with_table(solo, "cpu", memory_retention_hours=24, magnetic_retention_days=29)
    refused = solo.preview().failed()
    assert "magnetic_retention_days: 30 -> 29" in refused.output
    assert "memory_retention_hours: " not in refused.output
    with_table(solo, "cpu", memory_retention_hours=24, magnetic_retention_days=31).up().ok()
    assert retention(solo, "cpu") == (24, 31, True)


def test_another_key_is_refused_until_it_is_acknowledged(solo: Project) -> None:
    old = databases(solo.sandbox)["metrics"]["KmsKeyId"]
    with_arguments(solo, encryption={"shared_key": True})

    refused = solo.preview().failed()
    assert f"key_arn: {old} -> a value that is not known yet: records written before" in refused.output
    assert f"To keep what exists, write databases.metrics: {{'key_arn': '{old}'}}" in refused.output
    assert 'add to acknowledge: "metrics: key_arn=created"' in refused.output
    with_arguments(solo, acknowledge=["metrics: key_arn=created"]).up().ok()
    created = databases(solo.sandbox)["metrics"]["KmsKeyId"]
    assert created != old

    other = solo.sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    solo.configure(lambda config: config.update({"small:key": other}))  # the program makes it a secret
    refused = solo.up().failed()
    assert f"key_arn: {created} -> [secret]: records" in refused.output
    assert 'add to acknowledge: "metrics: key_arn=<the new value>"' in refused.output
    assert other not in refused.output
    assert databases(solo.sandbox)["metrics"]["KmsKeyId"] == created
    with_arguments(solo, acknowledge=[f"metrics: key_arn={other}"]).up().ok()
    assert databases(solo.sandbox)["metrics"]["KmsKeyId"] == other


def test_a_protected_table_is_replaced_only_after_its_protection_was_lifted(solo: Project) -> None:
    partitioned = {"partition_key": {"dimension": "host"}}
    with_arguments(solo, protect_data=True).up().ok()
    refused = with_table(solo, "disk", **partitioned).up().failed()
    assert "unable to replace resource" in refused.output
    assert "currently marked for protection" in refused.output

    with_table(solo, "disk")
    lifted = with_arguments(solo, acknowledge=["metrics/disk: replace"]).up().ok()
    assert "metrics/disk is not protected, as acknowledged" in lifted.output
    with_table(solo, "disk", **partitioned).up().ok()
    (key,) = tables(solo.sandbox, "metrics")["disk"]["Schema"]["CompositePartitionKey"]
    assert (key["Type"], key["Name"]) == ("DIMENSION", "host")
    protected = {it["urn"].rsplit("::", 1)[1]: it.get("protect", False) for it in solo.resources()}
    assert protected["solo-metrics/cpu"]
    assert protected["solo-metrics"]
    assert not protected["solo-metrics/disk"]


TWO = """
name: small
runtime: yaml
packages:
  timestream-baseline: {components}
resources:
  first:
    type: timestream-baseline:index:LiveAnalytics
    properties:
      databases: {{metrics: {{tables: {{cpu: {{magneticRetentionDays: {days}, magneticWrites: false}}}}}}}}
      protectData: false
  second:
    type: timestream-baseline:index:LiveAnalytics
    properties:
      databases: {{fleet: {{tables: {{cpu: {{magneticRetentionDays: 90, magneticWrites: false}}}}}}}}
      protectData: false
"""


def test_components_of_the_package_are_guarded_each(tmp_path: Path, sandbox: Sandbox) -> None:
    project = program(tmp_path / "two", sandbox, "")

    def with_days(days: int) -> None:
        text = TWO.format(components=ROOT / "components", days=days)
        (project.directory / "Pulumi.yaml").write_text(text, encoding="utf-8")

    with_days(90)
    project.up().ok()
    with_days(30)
    refused = project.preview().failed()
    assert 'before hook "guard of the data of first" failed: metrics/cpu: this change' in refused.output
    assert "magnetic_retention_days: 90 -> 30" in refused.output
    assert '"magneticRetentionDays": 90' in refused.output
    assert "Traceback" not in refused.output
