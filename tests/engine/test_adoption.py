"""Putting existing databases under a baseline, and coming back after leaving, through the real engine."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import yaml

from tests.engine.project import Project
from tests.engine.test_lifecycle import CONFIG, databases, mutations, tables


def command(project: Project, *args: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m timestream_baseline adopt` in the account of the sandbox."""
    return subprocess.run(
        [sys.executable, "-m", "timestream_baseline", "adopt", "--region", "eu-west-1", *args],
        env=project.sandbox.aws_env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def with_arguments(project: Project, **arguments: Any) -> None:
    project.configure(lambda config: config.update({f"{CONFIG}:{key}": it for key, it in arguments.items()}))


def put(project: Project, config: dict[str, Any]) -> None:
    """Take what the command wrote into the configuration of the stack."""
    project.configure(lambda mine: mine.update(config))


def existing_databases(project: Project) -> dict[str, str]:
    """Make three databases that differ, by hand; return their keys."""
    sandbox = project.sandbox
    write, kms = sandbox.client("timestream-write"), sandbox.client("kms")
    keys = {name: kms.create_key()["KeyMetadata"]["Arn"] for name in ("metrics", "Fleet.2019")}
    for name, key in keys.items():
        tags = [{"Key": "team", "Value": name}]
        write.create_database(DatabaseName=name, KmsKeyId=key, Tags=tags)
    write.create_database(DatabaseName="legacy")
    write.create_table(
        DatabaseName="metrics",
        TableName="cpu",
        RetentionProperties={
            "MemoryStoreRetentionPeriodInHours": 12,
            "MagneticStoreRetentionPeriodInDays": 1000,
        },
        MagneticStoreWriteProperties={"EnableMagneticStoreWrites": False},
        Schema={
            "CompositePartitionKey": [
                {"Type": "DIMENSION", "Name": "host", "EnforcementInRecord": "REQUIRED"}
            ]
        },
        Tags=[{"Key": "team", "Value": "metrics"}, {"Key": "tier", "Value": "1"}],
    )
    write.create_table(
        DatabaseName="Fleet.2019",
        TableName="positions",
        RetentionProperties={
            "MemoryStoreRetentionPeriodInHours": 72,
            "MagneticStoreRetentionPeriodInDays": 90,
        },
        MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
    )
    return {**keys, "legacy": databases(sandbox)["legacy"]["KmsKeyId"]}


def test_three_databases_with_differences_are_adopted_as_they_are(baseline: Project) -> None:
    keys = existing_databases(baseline)
    sandbox = baseline.sandbox
    # By hand, with the defaults: what would shrink or get another key is refused, nothing is changed.
    by_hand: dict[str, Any] = {"metrics": {"tables": {"cpu": {}}}, "Fleet.2019": {}, "legacy": {}}
    with_arguments(baseline, access={}, databases=by_hand, adopt=["metrics", "metrics/cpu"])
    before = mutations(sandbox)
    refused = baseline.preview().failed()
    assert f"key_arn: {keys['metrics']} -> a value that is not known yet" in refused.output
    keep = json.dumps({"keyArn": keys["metrics"]})
    assert f"To keep what exists, write databases.metrics: {keep}" in refused.output
    assert "Traceback" not in refused.output
    assert mutations(sandbox) == before

    written = command(baseline)
    assert written.returncode == 0, written.stderr
    config = yaml.safe_load(written.stdout)["config"]
    assert config[f"{CONFIG}:adopt"] == [
        "Fleet.2019",
        "Fleet.2019/positions",
        "legacy",
        "metrics",
        "metrics/cpu",
    ]
    put(baseline, config)
    refused = baseline.preview().failed()
    assert f"key_arn: {keys['legacy']} -> a value that is not known yet" in refused.output
    assert 'add to acknowledge: "legacy: key_arn=created"' in refused.output

    with_arguments(baseline, acknowledge=["legacy: key_arn=created"])
    baseline.up().ok()
    changed = [call for call in mutations(sandbox)[len(before) :] if call.startswith("timestream-write:")]
    # A new key for legacy; rejected records and the tag of its database for positions.
    assert sorted(changed) == [
        "timestream-write:TagResource",
        "timestream-write:UpdateDatabase",
        "timestream-write:UpdateTable",
    ]
    found = databases(sandbox)
    assert {name: found[name]["KmsKeyId"] for name in ("metrics", "Fleet.2019")} == {
        name: keys[name] for name in ("metrics", "Fleet.2019")
    }
    assert found["legacy"]["KmsKeyId"] == baseline.outputs()["keyArns"]["databases/legacy"] != keys["legacy"]
    cpu = tables(sandbox, "metrics")["cpu"]
    assert cpu["RetentionProperties"]["MagneticStoreRetentionPeriodInDays"] == 1000
    baseline.up("--expect-no-changes").ok()


def test_who_leaves_keeps_everything_and_can_come_back(baseline: Project) -> None:
    with_arguments(baseline, protectData=True)
    baseline.up().ok()
    sandbox = baseline.sandbox
    key = databases(sandbox)["metrics"]["KmsKeyId"]
    assert "protected" in baseline.destroy().failed().output

    # What docs/leaving.md says.
    baseline.pulumi("state", "unprotect", "--all", "--yes").ok()
    baseline.destroy().ok()
    assert baseline.resources() == []
    assert set(tables(sandbox, "metrics")) == {"cpu", "disk"}
    assert databases(sandbox)["metrics"]["KmsKeyId"] == key
    assert sandbox.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"

    before = mutations(sandbox)
    written = command(baseline, "--database", "metrics", "--format", "json")
    assert written.returncode == 0, written.stderr
    put(baseline, yaml.safe_load(written.stdout)["config"])
    baseline.up().ok()
    assert databases(sandbox)["metrics"]["KmsKeyId"] == key
    assert "timestream-write:UpdateDatabase" not in mutations(sandbox)[len(before) :]
    baseline.up("--expect-no-changes").ok()


def test_after_a_lost_state_the_databases_come_back_under_a_component_of_another_name(
    baseline: Project,
) -> None:
    with_arguments(baseline, protectData=True)
    baseline.up().ok()
    sandbox = baseline.sandbox
    key = databases(sandbox)["metrics"]["KmsKeyId"]
    baseline.pulumi("stack", "rm", "sandbox", "--force", "--yes", "--preserve-config").ok()
    baseline.pulumi("stack", "init", "sandbox").ok()

    put(baseline, yaml.safe_load(command(baseline).stdout)["config"])
    main = baseline.directory / "__main__.py"
    program = main.read_text(encoding="utf-8")
    assert 'TimestreamBaseline("baseline"' in program
    main.write_text(program.replace('("baseline"', '("baseline-2"'), encoding="utf-8")
    before = mutations(sandbox)
    baseline.up().ok()
    made = [call for call in mutations(sandbox)[len(before) :] if call.startswith("timestream-write:")]
    assert set(made) == {"timestream-write:UpdateTable"}  # rejected records go to the new bucket
    assert databases(sandbox)["metrics"]["KmsKeyId"] == key
    assert baseline.outputs()["keyArns"]["databases/metrics"] == key


ALONE = """
from timestream_baseline.databases import LiveAnalytics

LiveAnalytics("solo", {"databases": {"metrics": DATABASE}, "protect_data": False, "adopt": ADOPT})
"""


def test_what_exists_is_not_made_again_and_the_error_names_the_way(
    program: Callable[[str], Project],
) -> None:
    project = program(ALONE.replace("DATABASE", "{}").replace("ADOPT", "[]"))
    write = project.sandbox.client("timestream-write")
    write.create_database(DatabaseName="metrics")
    refused = project.up().failed()
    assert (
        'error: metrics exists in AWS, but not in this stack. Add "metrics" to adopt to put it under this '
        "stack. If it shall be made anew, delete it in AWS first: its data is lost then"
    ) in refused.output

    source = project.directory / "__main__.py"
    adopted = ALONE.replace("ADOPT", '["metrics"]')
    source.write_text(adopted.replace("DATABASE", "{}"), encoding="utf-8")
    key = write.describe_database(DatabaseName="metrics")["Database"]["KmsKeyId"]
    refused = project.preview().failed()
    assert f"To keep what exists, write databases.metrics: {{'key_arn': '{key}'}}" in refused.output
    source.write_text(adopted.replace("DATABASE", repr({"key_arn": key})), encoding="utf-8")
    project.up().ok()
    project.up("--expect-no-changes").ok()
