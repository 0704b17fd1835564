"""The whole baseline through the real CLI: with every option on, with none, and from one to the other."""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from aws_sandbox.sandbox import Sandbox
from tests.engine.permissions import lacking
from tests.engine.project import ROOT, Project, root_program
from timestream_baseline.documents.deploying import Scope, deploying_policies
from timestream_policies.evaluation import sentence
from timestream_policies.packs import rules_of
from timestream_policies.report import check
from timestream_policies.states import parse

ACCOUNT, REGION = "000000000000", "eu-west-1"
PREFIX = "timestream-baseline:"
OUTPUTS = {
    "backupVaultArn",
    "cells",
    "dashboardUrl",
    "databaseArns",
    "endpointIds",
    "endpointUrls",
    "influxdbEndpoints",
    "influxdbLogBucket",
    "influxdbSecretArns",
    "keyArns",
    "logBucket",
    "logGroupName",
    "rejectedRecordsBucket",
    "roleArns",
    "tableArns",
    "topicArn",
    "trailArn",
}
KEYS = [
    "backup",
    "clientSide",
    "databases/fleet",
    "databases/legacy",
    "databases/metrics",
    "influxdbLogs",
    "logGroup",
    "rejectedRecords",
    "scheduledQueries/hourly",
    "topic",
    "trail",
]
ROLES = [
    "admins/platform",
    "auditors/security",
    "backup",
    "batchLoaders/history",
    "readers/dashboards",
    "readers/team",
    "scheduledQueries/hourly",
    "unloaders/lake",
    "writers/plant",
]
# How the sandbox finds the rule of a target; the real provider has it in the id.
SANDBOX_ONLY = {"events:ListEventBuses", "events:ListRules"}
SMALLEST: dict[str, Any] = {f"{PREFIX}databases": {"metrics": {}}}
DEPLOYING = deploying_policies(
    Scope(
        partition="aws",
        account=ACCOUNT,
        regions=[REGION, "eu-central-1"],
        dns_suffix="amazonaws.com",
        name="baseline",
        bucket_name="baseline",
    )
)


def surroundings(sandbox: Sandbox) -> dict[str, str]:
    """Make what the stack file takes for granted, and return its stand-ins with the real ids and ARNs."""
    ec2, kms = sandbox.client("ec2"), sandbox.client("kms")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=zones[i])["Subnet"][
            "SubnetId"
        ]
        for i in range(2)
    ]
    clients = ec2.create_security_group(GroupName="clients", Description="clients", VpcId=vpc)["GroupId"]
    key = kms.create_key(Description="of the database that existed before")["KeyMetadata"]["Arn"]
    write = sandbox.client("timestream-write")
    write.create_database(DatabaseName="legacy", KmsKeyId=key)
    write.create_table(
        DatabaseName="legacy",
        TableName="events",
        RetentionProperties={
            "MemoryStoreRetentionPeriodInHours": 12,
            "MagneticStoreRetentionPeriodInDays": 7300,
        },
    )
    write.write_records(
        DatabaseName="legacy",
        TableName="events",
        Records=[
            {
                "Dimensions": [{"Name": "host", "Value": "a"}],
                "MeasureName": "load",
                "MeasureValue": "0.5",
                "MeasureValueType": "DOUBLE",
                "Time": str(int(time.time() * 1000)),
            }
        ],
    )
    return {
        "vpc-0a0a0a0a0a0a0a0a0": vpc,
        "subnet-0a0a0a0a0a0a0a0a1": subnets[0],
        "subnet-0a0a0a0a0a0a0a0a2": subnets[1],
        "sg-0a0a0a0a0a0a0a0a3": clients,
        "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555": key,
    }


def use(project: Project, settings: Mapping[str, Any]) -> None:
    """Let the stack say nothing but these settings."""

    def change(config: dict[str, Any]) -> None:
        for key in [key for key in config if key.startswith(PREFIX)]:
            del config[key]
        config.update(settings)

    project.configure(change)


def everything(stand_ins: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of the stack file that turns on every option."""
    text = (ROOT / "examples" / "everything" / "Pulumi.everything.yaml").read_text(encoding="utf-8")
    for stand_in, real in stand_ins.items():
        text = text.replace(stand_in, real)
    settings: dict[str, Any] = yaml.safe_load(text)["config"]
    return {key: value for key, value in settings.items() if key.startswith(PREFIX)}


def strict_findings(project: Project) -> list[str]:
    """Return what all rules but the advisory ones say of the state as it stands, undecided ones too."""
    exported = project.pulumi("stack", "export").ok().output
    judged = check([parse(exported.encode(), "state.json")], rules=rules_of("strict"))
    return [f"{entry.rule.id}: {sentence(entry.finding)}" for entry in judged.entries]


def test_every_option_then_none_then_every_option_again(tmp_path: Path, sandbox: Sandbox) -> None:
    settings = everything(surroundings(sandbox))
    project = root_program(tmp_path / "everything", sandbox)
    use(project, settings)
    before = len(sandbox.calls())
    first = project.up(gate=True, elsewhere=()).ok()
    assert re.findall(r"\[(?:mandatory|advisory)\].*", first.output) == []
    assert strict_findings(project) == []
    outputs = project.outputs()
    assert {name for name, value in outputs.items() if value} == OUTPUTS
    assert sorted(outputs["keyArns"]) == KEYS
    assert sorted(outputs["roleArns"]) == ROLES
    project.up("--expect-no-changes").ok()

    # A replica of a key that is deleted keeps its id for the waiting period: the keys stay as they are.
    kept = {key: settings[key] for key in (f"{PREFIX}encryption", f"{PREFIX}protectData")}
    use(project, {**SMALLEST, **kept})
    project.up().ok()
    left = {resource["type"] for resource in project.resources() if resource.get("custom")}
    assert left & {"aws:ec2/vpcEndpoint:VpcEndpoint", "aws:timestreaminfluxdb/dbInstance:DbInstance"} == set()

    # Adopting what has been deleted meanwhile is not possible: the table comes back empty.
    again = {
        **settings,
        f"{PREFIX}adopt": [],
        f"{PREFIX}acknowledge": [],
        f"{PREFIX}scheduledQueries": {},
    }
    use(project, again)
    project.up(gate=True, elsewhere=()).ok()
    project.destroy().ok()
    assert lacking(DEPLOYING.values(), sandbox.calls()[before:]) <= SANDBOX_ONLY


def test_the_smallest_stack_is_whole_and_gives_nothing_up(tmp_path: Path, sandbox: Sandbox) -> None:
    project = root_program(tmp_path / "smallest", sandbox)
    use(project, SMALLEST)
    made = project.up(gate=True, elsewhere=("endpoints",)).ok()
    assert re.findall(r"\[(?:mandatory|advisory)\].*", made.output) == []
    project.up("--expect-no-changes").ok()

    use(project, {f"{PREFIX}databases": {"other": {}}, f"{PREFIX}audit": {"trail": "none"}})
    refused = project.preview().failed().output
    # The engine names what it meets first; nothing has been deleted when it does.
    named = set(re.findall(r"::(baseline-[\w/-]+)\" cannot be deleted\s+because it is protected", refused))
    assert named & {"baseline-trail", "baseline-metrics"}
    assert "pulumi state unprotect" in refused
