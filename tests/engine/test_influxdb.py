"""Timestream for InfluxDB through the real engine, read back from AWS by boto3."""

import json
import re
from collections.abc import Callable
from typing import Any

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project, Result

PROGRAM = """
import pulumi
import pulumi_aws as aws

from timestream_baseline.influxdb import InfluxDb

config = pulumi.Config()
vpc = aws.ec2.Vpc("grid", cidr_block="10.7.0.0/16")
subnets = [
    aws.ec2.Subnet(
        zone, vpc_id=vpc.id, cidr_block=f"10.7.{index}.0/24", availability_zone=f"eu-west-1{zone}"
    )
    for index, zone in enumerate("ab")
]
clients = aws.ec2.SecurityGroup("clients", vpc_id=vpc.id)
network = {
    "vpc_id": vpc.id,
    "subnet_ids": [subnet.id for subnet in subnets],
    "allowed_security_group_ids": [clients.id],
}
influxdb = InfluxDb(
    "grid",
    {
        "influxdb": {
            "plant": {
                **network,
                "organization": config.get("organization") or "plant",
                "log_retention_days": 30,
                "maintenance": {"timezone": "Europe/Berlin", "window": "Sun:02:00-Sun:04:00"},
            },
            "replicas": {**network, "cluster": True, "password": config.require_secret("password")},
            "third": {**network, "engine": "v3", "parameter_group": "InfluxDBV3Enterprise"},
        },
        "protect_data": not config.get_bool("unprotected"),
        "acknowledge": config.get_object("acknowledge") or [],
        "tags": {"owner": "platform"},
    },
)
pulumi.export("endpoints", influxdb.endpoints)
pulumi.export("secretArns", influxdb.secret_arns)
pulumi.export("logBucket", influxdb.log_bucket)
pulumi.export("keyArn", influxdb.key_arn)
"""
GIVEN = "Abcdefgh12345678"
OTHER = "Zyxwvuts87654321"


def instances(sandbox: Sandbox) -> dict[str, Any]:
    client = sandbox.client("timestream-influxdb")
    listed = client.list_db_instances()["items"]
    return {item["name"]: client.get_db_instance(identifier=item["id"]) for item in listed}


def clusters(sandbox: Sandbox) -> dict[str, Any]:
    client = sandbox.client("timestream-influxdb")
    listed = client.list_db_clusters()["items"]
    return {item["name"]: client.get_db_cluster(dbClusterId=item["id"]) for item in listed}


def rules_of(sandbox: Sandbox, made: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    """Return direction, protocol, port and other side of every rule of the only group of an instance."""
    (group,) = made["vpcSecurityGroupIds"]
    found = sandbox.client("ec2").describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )["SecurityGroupRules"]
    assert all(rule["FromPort"] == rule["ToPort"] for rule in found)
    return sorted(
        (
            "out" if rule["IsEgress"] else "in",
            rule["IpProtocol"],
            rule["FromPort"],
            rule.get("PrefixListId") or rule["ReferencedGroupInfo"]["GroupId"],
        )
        for rule in found
    )


def password(project: Project, type_: str, name: str) -> str:
    """Return the password that the state keeps, having looked that it is encrypted there."""
    exported = project.pulumi("stack", "export").ok().output
    shown = project.pulumi("stack", "export", "--show-secrets").ok().output
    (resource,) = [
        it
        for it in json.loads(shown)["deployment"]["resources"]
        if it["type"] == type_ and it["urn"].endswith(f"::{name}")
    ]
    found = str(json.loads(resource["inputs"]["password"]["plaintext"]))
    assert found not in exported
    return found


def is_refused(result: Result, resource: str) -> None:
    result.failed()
    assert 'unable to replace resource "urn:pulumi:sandbox::small::' in result.output
    assert f"::{resource}" in result.output
    assert "as it is currently marked for protection" in result.output
    assert GIVEN not in result.output
    assert OTHER not in result.output


def test_instances_and_clusters_are_private_keep_their_password_and_are_not_replaced(
    program: Callable[[str], Project],
) -> None:
    project = program(PROGRAM)
    sandbox = project.sandbox
    project.pulumi("config", "set", "--secret", "password", GIVEN).ok()
    made = project.up(gate=True).ok()
    outputs = project.outputs()

    ec2, s3 = sandbox.client("ec2"), sandbox.client("s3")
    (clients,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["clients*"]}])[
        "SecurityGroups"
    ]
    client = clients["GroupId"]
    plant = instances(sandbox)["plant"]
    found = clusters(sandbox)
    assert outputs["endpoints"] == {
        "plant": plant["endpoint"],
        **{name: cluster["endpoint"] for name, cluster in found.items()},
    }
    assert outputs["secretArns"]["plant"] == plant["influxAuthParametersSecretArn"]
    assert (plant["deploymentType"], plant["dbInstanceType"], plant["allocatedStorage"]) == (
        "WITH_MULTIAZ_STANDBY",
        "db.influx.medium",
        20,
    )
    assert plant["maintenanceSchedule"] == {
        "timezone": "Europe/Berlin",
        "preferredMaintenanceWindow": "Sun:02:00-Sun:04:00",
    }
    assert (found["replicas"]["deploymentType"], found["replicas"]["failoverMode"]) == (
        "MULTI_NODE_READ_REPLICAS",
        "AUTOMATIC",
    )
    assert (found["third"]["engineType"], found["third"]["port"]) == ("INFLUXDB_V3_ENTERPRISE", 8181)

    # Private: no public address, and only the clients on the port. v3 reaches its data in S3.
    (s3_list,) = ec2.describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.eu-west-1.s3"]}]
    )["PrefixLists"]
    everything = {"plant": plant, **found}
    for it in everything.values():
        assert it["publiclyAccessible"] is False
        assert it["logDeliveryConfiguration"] == {
            "s3Configuration": {"bucketName": outputs["logBucket"], "enabled": True}
        }
        tags = sandbox.client("timestream-influxdb").list_tags_for_resource(resourceArn=it["arn"])["tags"]
        assert tags == {"owner": "platform"}
    assert {name: rules_of(sandbox, it) for name, it in everything.items()} == {
        "plant": [("in", "tcp", 8086, client)],
        "replicas": [("in", "tcp", 8086, client)],
        "third": [("in", "tcp", 8181, client), ("out", "tcp", 443, s3_list["PrefixListId"])],
    }
    assert len({it["vpcSecurityGroupIds"][0] for it in everything.values()}) == 3

    # The logs.
    bucket = {"Bucket": outputs["logBucket"]}
    (encryption,) = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    by_default = encryption["ApplyServerSideEncryptionByDefault"]
    assert by_default == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": outputs["keyArn"]}
    assert all(s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"].values())
    policy = json.loads(s3.get_bucket_policy(**bucket)["Policy"])
    (allowed,) = [statement for statement in policy["Statement"] if statement["Effect"] == "Allow"]
    assert (allowed["Principal"], allowed["Resource"]) == (
        {"Service": "timestream-influxdb.amazonaws.com"},
        f"arn:aws:s3:::{outputs['logBucket']}/InfluxLogs/*",
    )
    lifecycle = s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert {rule["Filter"].get("Prefix", ""): rule["Expiration"]["Days"] for rule in lifecycle} == {
        "": 365,
        "InfluxLogs/plant/": 30,
    }

    # The password that was not given is generated once: the next run generates another one, which is ignored.
    instance, cluster = (f"aws:timestreaminfluxdb/db{kind}:Db{kind}" for kind in ("Instance", "Cluster"))
    generated = password(project, instance, "grid-plant")
    assert re.fullmatch(r"[A-Za-z0-9]{32}", generated)
    assert generated not in made.output
    assert password(project, cluster, "grid-replicas") == GIVEN
    project.up("--expect-no-changes").ok()
    assert password(project, instance, "grid-plant") == generated
    project.refresh("--expect-no-changes").ok()

    # What only a replacement could change is refused.
    project.pulumi("config", "set", "--secret", "password", OTHER).ok()
    is_refused(project.preview(), "grid-replicas")
    is_refused(project.up(), "grid-replicas")
    project.pulumi("config", "set", "--secret", "password", GIVEN).ok()
    project.pulumi("config", "set", "organization", "other").ok()
    is_refused(project.up(), "grid-plant")
    project.pulumi("destroy", "--yes").failed()
    assert instances(sandbox)["plant"]["id"] == plant["id"]

    # Unless that one instance is named, in an update before; the others stay.
    project.pulumi("config", "rm", "organization").ok()
    project.pulumi("config", "set", "--path", "acknowledge[0]", "plant: replace").ok()
    assert "plant is not protected, as acknowledged" in project.up().ok().output
    project.pulumi("config", "set", "organization", "other").ok()
    project.up().ok()
    assert instances(sandbox)["plant"]["id"] != plant["id"]
    assert clusters(sandbox)["third"]["id"] == found["third"]["id"]
    # A new database has a new password.
    assert re.fullmatch(r"[A-Za-z0-9]{32}", password(project, instance, "grid-plant"))
    project.up("--expect-no-changes").ok()

    # With the protection off everything goes, without a trace.
    project.pulumi("config", "rm", "acknowledge").ok()
    project.pulumi("config", "set", "unprotected", "true").ok()
    project.up().ok()
    project.destroy().ok()
    assert (instances(sandbox), clusters(sandbox), s3.list_buckets()["Buckets"]) == ({}, {}, [])
