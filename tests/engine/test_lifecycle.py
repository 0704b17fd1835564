"""The life of a baseline through the real engine, read back from AWS by boto3."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project, root_program

REGION = "eu-west-1"
CONFIG = "timestream-baseline"
MUTATING = (
    "Create",
    "Put",
    "Update",
    "Delete",
    "Tag",
    "Untag",
    "Attach",
    "Enable",
    "Disable",
    "Schedule",
    "Set",
)


def tables(sandbox: Sandbox, database: str) -> dict[str, dict[str, Any]]:
    write = sandbox.client("timestream-write")
    return {table["TableName"]: table for table in write.list_tables(DatabaseName=database)["Tables"]}


def databases(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    write = sandbox.client("timestream-write")
    return {database["DatabaseName"]: database for database in write.list_databases()["Databases"]}


def mutations(sandbox: Sandbox) -> list[str]:
    """Return the actions of the call log that change something, in their order."""
    return [f"{call.service}:{call.action}" for call in sandbox.calls() if call.action.startswith(MUTATING)]


def test_up_makes_what_the_outputs_say_and_the_second_up_changes_nothing(baseline: Project) -> None:
    sandbox = baseline.sandbox
    baseline.up(gate=True).ok()
    outputs = baseline.outputs()

    write, kms = sandbox.client("timestream-write"), sandbox.client("kms")
    database = write.describe_database(DatabaseName="metrics")["Database"]
    assert outputs["databaseArns"] == {"metrics": database["Arn"]}
    assert {f"metrics/{name}": table["Arn"] for name, table in tables(sandbox, "metrics").items()} == outputs[
        "tableArns"
    ]

    key_arn = outputs["keyArns"]["databases/metrics"]
    assert database["KmsKeyId"] == key_arn
    key = kms.describe_key(KeyId=key_arn)["KeyMetadata"]
    assert (key["KeyManager"], key["KeyState"]) == ("CUSTOMER", "Enabled")
    rotation = kms.get_key_rotation_status(KeyId=key_arn)
    assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 365)
    assert len(kms.list_aliases(KeyId=key_arn)["Aliases"]) == 1

    retention = tables(sandbox, "metrics")["cpu"]["RetentionProperties"]
    assert retention == {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 365}

    iam = sandbox.client("iam")
    assert set(outputs["roleArns"]) == {"writers/ingest", "readers/dashboards"}
    made = {role["Arn"] for role in iam.list_roles()["Roles"]}
    assert set(outputs["roleArns"].values()) <= made

    topic = sandbox.client("sns").get_topic_attributes(TopicArn=outputs["topicArn"])["Attributes"]
    assert topic["KmsMasterKeyId"] == outputs["keyArns"]["topic"]
    assert kms.describe_key(KeyId=topic["KmsMasterKeyId"])["KeyMetadata"]["KeyManager"] == "CUSTOMER"
    alarms = sandbox.client("cloudwatch").describe_alarms()["MetricAlarms"]
    errors = [alarm for alarm in alarms if alarm.get("MetricName") in ("SystemErrors", "UserErrors")]
    assert len(errors) == 4
    for alarm in errors:
        assert alarm["Namespace"] == "AWS/Timestream"
        assert [dimension["Name"] for dimension in alarm["Dimensions"]] == ["Operation"]
        assert alarm["AlarmActions"] == [outputs["topicArn"]]

    assert outputs["cells"] == {"ingest": "cell2", "query": "cell3"}
    assert outputs["endpointUrls"] == {
        "ingest": f"https://ingest-cell2.timestream.{REGION}.amazonaws.com",
        "query": f"https://query-cell3.timestream.{REGION}.amazonaws.com",
    }

    before = mutations(sandbox)
    baseline.up("--expect-no-changes", gate=True).ok()
    assert mutations(sandbox) == before


def test_the_shipped_sandbox_stack_goes_up_twice_and_away(tmp_path: Path, sandbox: Sandbox) -> None:
    project = root_program(tmp_path / "shipped", sandbox)
    project.up(gate=True).ok()
    assert set(databases(sandbox)) == set(project.outputs()["databaseArns"])
    assert len(databases(sandbox)) == 2
    project.up("--expect-no-changes", gate=True).ok()
    project.destroy().ok()
    assert databases(sandbox) == {}


def test_a_longer_retention_is_an_update_in_place(baseline: Project) -> None:
    baseline.up().ok()
    before = mutations(baseline.sandbox)

    def longer(config: dict[str, Any]) -> None:
        config[f"{CONFIG}:databases"]["metrics"]["tables"]["cpu"]["magneticRetentionDays"] = 730

    baseline.configure(longer)
    baseline.up().ok()
    after = tables(baseline.sandbox, "metrics")["cpu"]
    assert after["RetentionProperties"]["MagneticStoreRetentionPeriodInDays"] == 730
    assert mutations(baseline.sandbox)[len(before) :] == ["timestream-write:UpdateTable"]


def test_another_table_name_is_a_replacement(
    program: Callable[[str], Project],
) -> None:
    source = """
import pulumi_aws as aws
database = aws.timestreamwrite.Database("db", database_name="metrics")
aws.timestreamwrite.Table("table", database_name=database.database_name, table_name="{name}")
"""
    project = program(source.format(name="cpu"))
    project.up().ok()
    assert set(tables(project.sandbox, "metrics")) == {"cpu"}
    (project.directory / "__main__.py").write_text(source.format(name="processor"), encoding="utf-8")
    assert "replace" in project.preview("--diff").ok().output
    project.up().ok()
    assert set(tables(project.sandbox, "metrics")) == {"processor"}


def test_another_table_in_the_configuration_touches_nothing_else(baseline: Project) -> None:
    baseline.up().ok()
    before = mutations(baseline.sandbox)

    def rename(config: dict[str, Any]) -> None:
        made = config[f"{CONFIG}:databases"]["metrics"]["tables"]
        made["volumes"] = made.pop("disk")

    baseline.configure(rename)
    baseline.up().ok()
    assert set(tables(baseline.sandbox, "metrics")) == {"cpu", "volumes"}
    changed = mutations(baseline.sandbox)[len(before) :]
    assert sorted(set(changed)) == [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "timestream-write:CreateTable",
        "timestream-write:DeleteTable",
    ]


def test_refresh_finds_a_table_that_was_deleted_behind_pulumis_back(baseline: Project) -> None:
    baseline.up().ok()
    baseline.sandbox.client("timestream-write").delete_table(DatabaseName="metrics", TableName="cpu")
    baseline.refresh().ok()
    recorded = {
        resource["inputs"]["tableName"]
        for resource in baseline.resources()
        if resource["type"] == "aws:timestreamwrite/table:Table"
    }
    assert recorded == {"disk"}
    baseline.up().ok()
    assert set(tables(baseline.sandbox, "metrics")) == {"cpu", "disk"}


def test_an_existing_database_is_imported_and_importing_changes_nothing(
    program: Callable[[str], Project],
) -> None:
    project = program("""
import pulumi, pulumi_aws as aws
database = aws.timestreamwrite.Database(
    "db",
    database_name="telemetry",
    kms_key_id=pulumi.Config().require("key"),
    tags={"team": "press"},
    opts=pulumi.ResourceOptions(import_="telemetry"),
)
aws.timestreamwrite.Table(
    "table",
    database_name=database.database_name,
    table_name="cpu",
    retention_properties={
        "memory_store_retention_period_in_hours": 12,
        "magnetic_store_retention_period_in_days": 90,
    },
    opts=pulumi.ResourceOptions(import_="cpu:telemetry"),
)
""")
    sandbox = project.sandbox
    write = sandbox.client("timestream-write")
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    tags = [{"Key": "team", "Value": "press"}]
    write.create_database(DatabaseName="telemetry", KmsKeyId=key, Tags=tags)
    retention = {"MemoryStoreRetentionPeriodInHours": 12, "MagneticStoreRetentionPeriodInDays": 90}
    write.create_table(DatabaseName="telemetry", TableName="cpu", RetentionProperties=retention)
    project.configure(lambda config: config.update({"small:key": key}))
    before = mutations(sandbox)
    project.up().ok()
    assert mutations(sandbox) == before
    project.up("--expect-no-changes").ok()
    assert {resource["id"] for resource in project.resources() if resource.get("custom")} >= {
        "telemetry",
        "cpu:telemetry",
    }


def test_destroy_without_protection_leaves_nothing(baseline: Project) -> None:
    baseline.up().ok()
    key_arn = baseline.outputs()["keyArns"]["databases/metrics"]
    baseline.destroy().ok()
    sandbox = baseline.sandbox
    assert databases(sandbox) == {}
    assert sandbox.client("iam").list_roles()["Roles"] == []
    assert sandbox.client("sns").list_topics()["Topics"] == []
    assert sandbox.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert sandbox.client("kms").describe_key(KeyId=key_arn)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_destroy_with_protection_is_refused_and_the_data_stays(baseline: Project) -> None:
    baseline.configure(lambda config: config.update({f"{CONFIG}:protectData": True}))
    baseline.up().ok()
    key_arn = baseline.outputs()["keyArns"]["databases/metrics"]
    refused = baseline.destroy().failed()
    assert "protect" in refused.output
    sandbox = baseline.sandbox
    assert set(tables(sandbox, "metrics")) == {"cpu", "disk"}
    assert databases(sandbox)["metrics"]["KmsKeyId"] == key_arn
    assert sandbox.client("kms").describe_key(KeyId=key_arn)["KeyMetadata"]["KeyState"] == "Enabled"


def test_a_protected_table_leaves_the_stack_by_unprotect_and_stays_in_aws(baseline: Project) -> None:
    baseline.configure(lambda config: config.update({f"{CONFIG}:protectData": True}))
    baseline.up().ok()

    def without_disk(config: dict[str, Any]) -> None:
        del config[f"{CONFIG}:databases"]["metrics"]["tables"]["disk"]

    baseline.configure(without_disk)
    assert "protect" in baseline.up().failed().output
    (urn,) = (
        resource["urn"] for resource in baseline.resources() if resource["urn"].endswith("metrics/disk")
    )
    baseline.pulumi("state", "unprotect", urn, "--yes").ok()
    baseline.up().ok()
    assert not [resource for resource in baseline.resources() if resource["urn"].endswith("metrics/disk")]
    assert set(tables(baseline.sandbox, "metrics")) == {"cpu", "disk"}


def test_every_mistake_of_a_configuration_is_reported_at_once_and_nothing_is_made(baseline: Project) -> None:
    def wrong(config: dict[str, Any]) -> None:
        config[f"{CONFIG}:databases"] = {
            "m": {"tables": {"cpu": {"memoryRetentionHours": 0, "magneticRetentionDay": 30}}},
        }
        config[f"{CONFIG}:access"] = {"writers": {"ingest": {"databases": ["fleet"]}}}

    baseline.configure(wrong)
    refused = baseline.up().failed()
    for part in ("databases.m", "memoryRetentionHours", "magneticRetentionDay", "access.writers.ingest"):
        assert part in refused.output
    assert "Traceback" not in refused.output
    assert mutations(baseline.sandbox) == []


def test_a_sandbox_stack_never_touches_another_account(baseline: Project) -> None:
    baseline.configure(lambda config: config.update({"aws:allowedAccountIds": ["111111111111"]}))
    refused = baseline.up().failed()
    assert "000000000000" in refused.output
    assert mutations(baseline.sandbox) == []


def test_a_failing_create_is_reported_and_the_next_up_finishes(
    baseline: Project,
) -> None:
    baseline.sandbox.fail(
        "timestream-write", "CreateTable", "ServiceQuotaExceededException", "50000 tables", times=1
    )
    failed = baseline.up().failed()
    assert "ServiceQuotaExceededException: 50000 tables" in failed.output
    baseline.up().ok()
    assert set(tables(baseline.sandbox, "metrics")) == {"cpu", "disk"}
    baseline.up("--expect-no-changes").ok()
