"""Programs that use the provider through the real engine: one in Python, the others in YAML."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project, initialised
from tests.engine.project import program as python_program

Make = Callable[..., Project]
Resources = dict[str, dict[str, Any]]

DATABASE = "aws:timestreamwrite:Database"
TABLE = "aws:timestreamwrite:Table"

PYTHON = """
import json
import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id
key = aws.kms.Key("meters", description="Meters", enable_key_rotation=True)
aws.kms.Alias("meters", target_key_id=key.key_id)
database = aws.timestreamwrite.Database("meters", database_name="meters", kms_key_id=key.arn)
table = aws.timestreamwrite.Table(
    "readings",
    database_name=database.database_name,
    table_name="readings",
    retention_properties={
        "memory_store_retention_period_in_hours": 24,
        "magnetic_store_retention_period_in_days": 30,
    },
)
trust = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
role = aws.iam.Role(
    "writer",
    assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
)
allow = {"Effect": "Allow", "Action": "timestream:WriteRecords", "Resource": table.arn}
aws.iam.RolePolicy(
    "writer",
    role=role.name,
    policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [allow]}),
)
pulumi.export("table", table.arn)
pulumi.export("tags", table.tags_all)
"""

MISTAKES = """
import pulumi

inputs = {
    "databaseNam": "meters",
    "tableName": "readings",
    "retentionProperties": {
        "memoryStoreRetentionPeriodInHours": "24",
        "magneticStoreRetentionPeriodInDays": 30,
    },
    "tags": {"cost": 7},
}


class Table(pulumi.CustomResource):
    def __init__(self, name):
        options = pulumi.ResourceOptions(version="7.51.1")
        super().__init__("aws:timestreamwrite/table:Table", name, inputs, options)


Table("readings")
"""


@pytest.fixture
def stacks(empty_sandbox: Sandbox) -> Sandbox:
    """Return the worker's sandbox without any resource or stack."""
    backend = empty_sandbox.directory / "state"
    shutil.rmtree(backend)
    backend.mkdir()
    return empty_sandbox


@pytest.fixture
def yaml_program(tmp_path: Path, stacks: Sandbox) -> Make:
    """Return a maker of projects from the resources of a YAML program."""

    def make(resources: Resources, outputs: dict[str, Any] | None = None, **others: Any) -> Project:
        directory = tmp_path / "program"
        directory.mkdir()
        write(directory, resources, outputs or {}, **others)
        settings = {"aws:region": "eu-west-1", "aws:defaultTags": {"tags": {"team": "meters"}}}
        (directory / "Pulumi.sandbox.yaml").write_text(yaml.safe_dump({"config": settings}), encoding="utf-8")
        return initialised(directory, stacks)

    return make


def write(directory: Path, resources: Resources, outputs: dict[str, Any], **others: Any) -> None:
    program = {"name": "small", "runtime": "yaml", "resources": resources, "outputs": outputs, **others}
    (directory / "Pulumi.yaml").write_text(yaml.safe_dump(program, sort_keys=False), encoding="utf-8")


def database(**properties: Any) -> dict[str, Any]:
    return {"type": DATABASE, "properties": {"databaseName": "meters", **properties}}


def table(hours: int = 24, **properties: Any) -> dict[str, Any]:
    retention = {"memoryStoreRetentionPeriodInHours": hours, "magneticStoreRetentionPeriodInDays": 30}
    given = {"databaseName": "${meters.databaseName}", "tableName": "readings", **properties}
    return {"type": TABLE, "properties": {**given, "retentionProperties": retention}}


def tables(sandbox: Sandbox) -> dict[str, int]:
    """Return the tables of the database and the hours that each keeps in memory."""
    found = sandbox.client("timestream-write").list_tables(DatabaseName="meters")["Tables"]
    hours = "MemoryStoreRetentionPeriodInHours"
    return {item["TableName"]: item["RetentionProperties"][hours] for item in found}


def test_a_python_program_is_previewed_deployed_and_destroyed(tmp_path: Path, stacks: Sandbox) -> None:
    project = python_program(tmp_path / "program", stacks, PYTHON)
    preview = project.preview("--diff").ok().output
    assert "+ 7 to create" in preview
    assert stacks.client("kms").list_keys()["Keys"] == []
    assert "kmsKeyId    : [unknown]" in preview
    assert "policy    : [unknown]" in preview

    project.up().ok()
    assert tables(stacks) == {"readings": 24}
    assert project.outputs()["table"].endswith(":database/meters/table/readings")
    project.up("--expect-no-changes").ok()

    project.destroy().ok()
    assert stacks.client("timestream-write").list_databases()["Databases"] == []
    assert stacks.client("iam").list_roles()["Roles"] == []


def test_a_yaml_program_uses_the_schema_functions_and_default_tags(
    yaml_program: Make, stacks: Sandbox
) -> None:
    resources = {"meters": database(), "readings": table(tags={"cost": "7"})}
    variables = {"me": {"fn::invoke": {"function": "aws:getCallerIdentity", "return": "accountId"}}}
    project = yaml_program(
        resources,
        {"account": "${me}", "arn": "${readings.arn}", "tags": "${readings.tagsAll}"},
        variables=variables,
    )
    project.up().ok()
    assert project.outputs() == {
        "account": "000000000000",
        "arn": "arn:aws:timestream:eu-west-1:000000000000:database/meters/table/readings",
        "tags": {"cost": "7", "team": "meters"},
    }
    project.up("--expect-no-changes").ok()


def test_changes_of_a_program_and_of_aws_behind_its_back(yaml_program: Make, stacks: Sandbox) -> None:
    project = yaml_program({"meters": database(), "readings": table()})
    project.up().ok()
    assert tables(stacks) == {"readings": 24}

    write(project.directory, {"meters": database(), "readings": table(48)}, {})
    assert "~ 1 updated" in project.up().ok().output
    assert tables(stacks) == {"readings": 48}

    write(project.directory, {"meters": database(), "readings": table(48, tableName="events")}, {})
    assert "+-1 replaced" in project.up().ok().output
    assert tables(stacks) == {"events": 48}

    stacks.client("timestream-write").delete_table(DatabaseName="meters", TableName="events")
    assert "- 1 deleted" in project.refresh().ok().output
    project.up().ok()
    assert tables(stacks) == {"events": 48}


def test_importing_what_exists_changes_nothing_in_aws(yaml_program: Make, stacks: Sandbox) -> None:
    client = stacks.client("timestream-write")
    client.create_database(DatabaseName="meters", Tags=[{"Key": "team", "Value": "meters"}])
    retention = {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 30}
    client.create_table(
        DatabaseName="meters",
        TableName="readings",
        RetentionProperties=retention,
        Tags=[{"Key": "team", "Value": "meters"}],
    )
    imports = {
        "meters": {**database(), "options": {"import": "meters"}},
        "readings": {**table(), "options": {"import": "readings:meters"}},
    }
    project = yaml_program(imports)
    before = len(stacks.calls())
    assert "= 2 imported" in project.up().ok().output
    project.up("--expect-no-changes").ok()
    assert {call.action for call in stacks.calls()[before:]} <= {
        "GetCallerIdentity",
        "DescribeEndpoints",
        "DescribeDatabase",
        "DescribeTable",
        "ListTagsForResource",
    }


def test_every_mistake_of_a_resource_is_shown_and_nothing_is_made(
    yaml_program: Make, stacks: Sandbox
) -> None:
    (stacks.directory / "mistakes").mkdir(exist_ok=True)
    project = python_program(stacks.directory / "mistakes", stacks, MISTAKES)
    output = project.preview().failed().output
    problems = {line.split("has a problem: ")[1] for line in output.splitlines() if "has a problem: " in line}
    hours = "retentionProperties.memoryStoreRetentionPeriodInHours"
    assert problems == {
        "`databaseNam` is no property of this type. Did you mean `databaseName`?",
        "`databaseName` is missing, it is required.",
        f'`{hours}` must be a whole number, not the string "24".',
        "`tags.cost` must be a string, not the number 7.",
    }
    assert stacks.calls(action="CreateTable") == []


def test_what_is_made_before_creation_fails_is_recorded_and_finished(
    yaml_program: Make, stacks: Sandbox
) -> None:
    key = {"type": "aws:kms:Key", "properties": {"description": "Meters", "enableKeyRotation": True}}
    project = yaml_program({"key": key})
    stacks.fail("kms", "EnableKeyRotation", "KMSInternalException", "try again later", status=400)
    output = project.up().failed().output
    assert "creating aws:kms/key:Key: KMSInternalException: try again later" in output
    kms = stacks.client("kms")
    (made,) = kms.list_keys()["Keys"]
    assert kms.get_key_rotation_status(KeyId=made["KeyId"])["KeyRotationEnabled"] is False

    project.up().ok()
    assert [key["KeyId"] for key in kms.list_keys()["Keys"]] == [made["KeyId"]]
    assert kms.get_key_rotation_status(KeyId=made["KeyId"])["KeyRotationEnabled"] is True
    project.up("--expect-no-changes").ok()


def test_a_password_stays_secret_in_the_state(yaml_program: Make, stacks: Sandbox) -> None:
    instance = {
        "type": "aws:timestreaminfluxdb:DbInstance",
        "properties": {
            "name": "meters",
            "allocatedStorage": 20,
            "dbInstanceType": "db.influx.medium",
            "organization": "grid",
            "bucket": "meters",
            "username": "admin",
            "password": {"fn::secret": "correct-horse-battery"},
            "vpcSubnetIds": ["subnet-0a1b2c3d"],
            "vpcSecurityGroupIds": ["sg-0a1b2c3d"],
        },
    }
    project = yaml_program({"meters": instance})
    project.up().ok()
    project.up("--expect-no-changes").ok()
    project.refresh("--expect-no-changes").ok()
    assert "correct-horse-battery" not in json.dumps(project.resources())


def test_the_resource_of_a_real_account_in_the_state_is_an_error_and_stays(
    yaml_program: Make, stacks: Sandbox, tmp_path: Path
) -> None:
    project = yaml_program({"meters": database()})
    project.up().ok()
    exported = json.loads(project.pulumi("stack", "export").ok().output)
    for resource in exported["deployment"]["resources"]:
        if resource["type"].startswith("aws:timestreamwrite"):
            del resource["outputs"]["__sandbox"]
            resource["outputs"]["arn"] = "arn:aws:timestream:eu-west-1:111122223333:database/meters"
    copy = tmp_path / "state.json"
    copy.write_text(json.dumps(exported), encoding="utf-8")
    project.pulumi("stack", "import", "--file", str(copy)).ok()

    # A refresh is where a resource that is not found would leave the state.
    output = " ".join(project.refresh().failed().output.split())
    assert "meters (meters) was not recorded by the sandbox: it may be a real resource" in output
    assert [item["id"] for item in project.resources() if item["type"].startswith("aws:timestream")] == [
        "meters"
    ]
    assert len(stacks.client("timestream-write").list_databases()["Databases"]) == 1
