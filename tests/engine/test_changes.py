"""Changes that lose data, through the real engine: what is refused, and what an acknowledgement does."""

import json
from pathlib import Path
from typing import Any

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import ROOT, Project, program
from tests.engine.test_lifecycle import CONFIG, databases, mutations, tables

KEEP = (
    'databases.metrics.tables.cpu: {"memoryRetentionHours": 24, "magneticRetentionDays": 365, '
    '"magneticWrites": true}'
)
LOSSES = (
    "    metrics/cpu: this change loses data\n"
    "      memory_retention_hours: 24 -> 12: records older than 12 hours leave the memory store and never "
    "come back to it, and each record is deleted that much earlier\n"
    "      magnetic_retention_days: 365 -> 30: records older than 30 days are deleted from the magnetic "
    "store\n"
    "      magnetic_writes: true -> false: records that are older than the memory retention when they arrive "
    "are refused from then on\n"
    f"      To keep what exists, write {KEEP}\n"
    '      If the change is meant, add to acknowledge: "metrics/cpu: memory_retention_hours=12", '
    '"metrics/cpu: magnetic_retention_days=30", "metrics/cpu: magnetic_writes=false"\n'
)


def with_table(project: Project, name: str, **arguments: Any) -> None:
    def change(config: dict[str, Any]) -> None:
        config[f"{CONFIG}:databases"]["metrics"]["tables"][name] = arguments

    project.configure(change)


def with_arguments(project: Project, **arguments: Any) -> None:
    project.configure(lambda config: config.update({f"{CONFIG}:{key}": it for key, it in arguments.items()}))


def retention(project: Project, table: str) -> tuple[int, int, bool]:
    found = tables(project.sandbox, "metrics")[table]
    periods = found["RetentionProperties"]
    return (
        periods["MemoryStoreRetentionPeriodInHours"],
        periods["MagneticStoreRetentionPeriodInDays"],
        found["MagneticStoreWriteProperties"]["EnableMagneticStoreWrites"],
    )


def test_what_shrinks_is_refused_until_exactly_that_is_acknowledged(baseline: Project) -> None:
    baseline.up().ok()
    before = mutations(baseline.sandbox)
    with_table(baseline, "cpu", memoryRetentionHours=12, magneticRetentionDays=30, magneticWrites=False)

    for refused in (baseline.preview().failed(), baseline.up().failed()):
        assert 'before hook "guard of metrics/cpu in baseline" failed: metrics/cpu' in refused.output
        assert LOSSES.split("\n", 1)[1] in refused.output
        assert "Traceback" not in refused.output
    assert mutations(baseline.sandbox) == before

    meant = ["memory_retention_hours=12", "magneticRetentionDays=30", "magnetic_writes=false"]
    with_arguments(baseline, acknowledge=[f"metrics/cpu: {change}" for change in meant])
    baseline.up().ok()
    assert retention(baseline, "cpu") == (12, 30, False)

    # What was acknowledged authorises no later change, and what grows needs no acknowledgement.
    with_table(baseline, "cpu", memoryRetentionHours=24, magneticRetentionDays=29)
    with_table(baseline, "disk", memoryRetentionHours=48)
    refused = baseline.up().failed()
    assert "magnetic_retention_days: 30 -> 29" in refused.output
    assert "memory_retention_hours" not in refused.output
    with_table(baseline, "cpu", memoryRetentionHours=24, magneticRetentionDays=30)
    baseline.up().ok()
    assert retention(baseline, "cpu") == (24, 30, True)
    assert retention(baseline, "disk") == (48, 365, True)


def test_another_key_is_refused_until_it_is_acknowledged(baseline: Project) -> None:
    baseline.up().ok()
    old = databases(baseline.sandbox)["metrics"]["KmsKeyId"]
    with_arguments(baseline, encryption={"sharedKey": True})

    refused = baseline.preview().failed()
    assert f"key_arn: {old} -> a value that is not known yet: records written before" in refused.output
    assert f"To keep what exists, write databases.metrics: {json.dumps({'keyArn': old})}" in refused.output
    assert 'add to acknowledge: "metrics: key_arn=created"' in refused.output
    with_arguments(baseline, acknowledge=["metrics: key_arn=created"])
    baseline.up().ok()
    created = databases(baseline.sandbox)["metrics"]["KmsKeyId"]
    assert created == baseline.outputs()["keyArns"]["databases/metrics"] != old

    other = baseline.sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    with_arguments(baseline, encryption={})
    baseline.configure(lambda config: config[f"{CONFIG}:databases"]["metrics"].update(keyArn=other))
    refused = baseline.up().failed()
    assert f'add to acknowledge: "metrics: key_arn={other}"' in refused.output
    assert databases(baseline.sandbox)["metrics"]["KmsKeyId"] == created


def test_a_protected_table_is_replaced_only_after_its_protection_was_lifted(baseline: Project) -> None:
    with_arguments(baseline, protectData=True)
    baseline.up().ok()
    partitioned = {"partitionKey": {"dimension": "host"}}
    with_table(baseline, "disk", **partitioned)
    refused = baseline.up().failed()
    assert "unable to replace resource" in refused.output
    assert "currently marked for protection" in refused.output

    with_table(baseline, "disk")
    with_arguments(baseline, acknowledge=["metrics/disk: replace"])
    assert "metrics/disk is not protected, as acknowledged" in baseline.up().ok().output
    with_table(baseline, "disk", **partitioned)
    baseline.up().ok()
    (key,) = tables(baseline.sandbox, "metrics")["disk"]["Schema"]["CompositePartitionKey"]
    assert (key["Type"], key["Name"]) == ("DIMENSION", "host")
    protected = {it["urn"].rsplit("::", 1)[1]: it.get("protect", False) for it in baseline.resources()}
    assert protected["baseline-metrics/cpu"]
    assert protected["baseline-metrics"]
    assert not protected["baseline-metrics/disk"]


TWO_BASELINES = """
name: small
runtime: yaml
packages:
  timestream-baseline: {components}
resources:
  first:
    type: timestream-baseline:index:TimestreamBaseline
    properties:
      databases: {{metrics: {{tables: {{cpu: {{magneticRetentionDays: {days}}}}}}}}}
      protectData: false
  second:
    type: timestream-baseline:index:TimestreamBaseline
    properties:
      databases: {{fleet: {{tables: {{cpu: {{magneticRetentionDays: 90}}}}}}}}
      protectData: false
"""


def test_two_baselines_of_the_component_package_are_guarded_each(tmp_path: Path, sandbox: Sandbox) -> None:
    project = program(tmp_path / "two", sandbox, "")

    def with_days(days: int) -> None:
        text = TWO_BASELINES.format(components=ROOT / "components", days=days)
        (project.directory / "Pulumi.yaml").write_text(text, encoding="utf-8")

    with_days(90)
    project.up().ok()
    with_days(30)
    refused = project.preview().failed()
    assert 'before hook "guard of metrics/cpu in first" failed: metrics/cpu: this change' in refused.output
    assert "magnetic_retention_days: 90 -> 30" in refused.output
    assert '"magneticRetentionDays": 90' in refused.output
    assert "Traceback" not in refused.output
