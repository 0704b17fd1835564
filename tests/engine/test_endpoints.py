"""Interface endpoints through the real CLI, read back from AWS as it is on this machine."""

import json
import re
from collections.abc import Callable
from typing import Any

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project

ACCOUNT, REGION = "000000000000", "eu-west-1"
PREFIX = f"com.amazonaws.{REGION}"
DATABASE = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics"
OURS = [{"Name": "group-name", "Values": ["timestream-*"]}]


def a_vpc(sandbox: Sandbox) -> dict[str, Any]:
    """Make a VPC with a subnet in each zone, a second one in the first, and the clients' security group."""
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1a"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate(zones)
    ]
    clients = ec2.create_security_group(GroupName="clients", Description="clients", VpcId=vpc)["GroupId"]
    return {"vpc": vpc, "subnets": subnets, "clients": clients}


def in_aws(sandbox: Sandbox) -> dict[str, Any]:
    """Read back what there is: endpoints by service, the groups of the component, and their rules."""
    ec2 = sandbox.client("ec2")
    groups = ec2.describe_security_groups(Filters=OURS)["SecurityGroups"]
    return {
        "endpoints": {
            it["ServiceName"]: it
            for it in ec2.describe_vpc_endpoints()["VpcEndpoints"]
            if it["State"] != "deleted"
        },
        "groups": groups,
        "rules": [
            rule
            for group in groups
            for rule in ec2.describe_security_group_rules(
                Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}]
            )["SecurityGroupRules"]
        ],
    }


def test_the_baseline_is_reached_in_private(baseline: Project) -> None:
    network = a_vpc(baseline.sandbox)
    section = {
        "vpcId": network["vpc"],
        "subnetIds": network["subnets"],
        "clientSecurityGroupIds": [network["clients"]],
        "clientCidrs": ["10.0.9.0/24"],
        "also": ["kms", "sts"],
    }

    def turn_on(config: dict[str, Any]) -> None:
        config["timestream-baseline:network"] = section

    def turn_off(config: dict[str, Any]) -> None:
        config["timestream-baseline:network"] = {"ingestCell": "cell2", "queryCell": "cell3"}

    baseline.configure(turn_on)
    first = baseline.up(gate=True).ok().output
    assert re.findall(r"\[(?:mandatory|advisory)\].*", first) == []
    assert (
        "to pin them: pulumi config set --path network.ingestCell cell2 && "
        "pulumi config set --path network.queryCell cell3"
    ) in first
    a, b, c, second_in_a = network["subnets"]
    assert f"left out of the endpoints: {c} (eu-west-1c), {second_in_a} (eu-west-1a)" not in first
    assert f"left out of the endpoints: {second_in_a} (eu-west-1a)" in first

    found = in_aws(baseline.sandbox)
    services = {
        "ingest": f"{PREFIX}.timestream.ingest-cell2",
        "query": f"{PREFIX}.timestream.query-cell3",
        "kms": f"{PREFIX}.kms",
        "sts": f"{PREFIX}.sts",
    }
    assert found["endpoints"].keys() == set(services.values())
    (group,) = found["groups"]
    for kind, service in services.items():
        endpoint = found["endpoints"][service]
        offered = [a, b] if kind in ("ingest", "query") else [a, b, c]
        assert (endpoint["VpcEndpointType"], endpoint["VpcId"]) == ("Interface", network["vpc"])
        assert sorted(endpoint["SubnetIds"]) == sorted(offered)
        assert endpoint["PrivateDnsEnabled"] is True
        assert [it["GroupId"] for it in endpoint["Groups"]] == [group["GroupId"]]
        statements = json.loads(endpoint["PolicyDocument"])["Statement"]
        caller = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
        assert statements[0]["Condition"] == caller
    databases = json.loads(found["endpoints"][services["query"]]["PolicyDocument"])["Statement"][0]
    assert databases["Resource"] == [DATABASE, f"{DATABASE}/table/*"]
    tokens = json.loads(found["endpoints"][services["sts"]]["PolicyDocument"])["Statement"][1]
    assert tokens["Action"] == ["sts:AssumeRoleWithWebIdentity"]

    assert group["IpPermissionsEgress"] == []
    assert {
        (
            rule.get("ReferencedGroupInfo", {}).get("GroupId") or rule.get("CidrIpv4"),
            rule["IsEgress"],
            rule["IpProtocol"],
            rule["FromPort"],
            rule["ToPort"],
        )
        for rule in found["rules"]
    } == {(client, False, "tcp", 443, 443) for client in (network["clients"], "10.0.9.0/24")}

    outputs = baseline.outputs()
    assert outputs["endpointIds"] == {
        kind: found["endpoints"][service]["VpcEndpointId"] for kind, service in services.items()
    }
    assert outputs["cells"] == {"ingest": "cell2", "query": "cell3"}
    urls = outputs["endpointUrls"]
    # The URL is the cell: a client that is given it needs no discovery.
    assert baseline.sandbox.client("timestream-write", endpoint_url=urls["ingest"]).list_databases()[
        "Databases"
    ]

    baseline.up("--expect-no-changes").ok()

    baseline.configure(turn_off)
    off = baseline.up().ok().output
    assert "neither network.vpc_id nor network.existing is given (default: no endpoints)" in off
    assert in_aws(baseline.sandbox) == {"endpoints": {}, "groups": [], "rules": []}
    assert baseline.outputs()["endpointIds"] == {}
    assert baseline.outputs()["endpointUrls"] == urls

    baseline.configure(turn_on)
    baseline.up().ok()
    assert in_aws(baseline.sandbox)["endpoints"].keys() == set(services.values())


COMPUTED = """
import pulumi
import pulumi_aws as aws
from timestream_baseline.endpoints import PrivateEndpoints

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{at}.0/24", availability_zone=f"eu-west-1{zone}")
    for at, zone in enumerate("abc")
]
clients = aws.ec2.SecurityGroup("clients", vpc_id=vpc.id)
database = aws.timestreamwrite.Database("metrics", database_name="metrics")
endpoints = PrivateEndpoints(
    "private",
    {
        "vpc_id": vpc.id,
        "subnet_ids": pulumi.Output.all(*(subnet.id for subnet in subnets[FIRST:])),
        "client_security_group_ids": [clients.id],
        "database_arns": [database.arn],
        "influxdb": True,
    },
)
pulumi.export("ids", endpoints.endpoint_ids)
pulumi.export("urls", endpoints.endpoint_urls)
"""


def test_computed_networks_are_limited_to_the_zones_that_are_offered(
    program: Callable[[str], Project],
) -> None:
    project = program(COMPUTED.replace("FIRST", "0"))
    project.preview().ok()
    project.up().ok()
    found = in_aws(project.sandbox)["endpoints"]
    names = {
        kind: f"{PREFIX}.timestream.{kind}-{cell}" for kind, cell in (("ingest", "cell2"), ("query", "cell3"))
    }
    names["influxdb"] = f"{PREFIX}.timestream-influxdb"
    assert project.outputs()["ids"] == {kind: found[name]["VpcEndpointId"] for kind, name in names.items()}
    assert {kind: len(found[name]["SubnetIds"]) for kind, name in names.items()} == {
        "ingest": 2,
        "query": 2,
        "influxdb": 3,
    }
    policy = json.loads(found[names["ingest"]]["PolicyDocument"])
    assert policy["Statement"][0]["Resource"] == [DATABASE, f"{DATABASE}/table/*"]
    project.up("--expect-no-changes").ok()

    (project.directory / "__main__.py").write_text(COMPUTED.replace("FIRST", "2"), encoding="utf-8")
    assert project.up().failed().output.count("subnet_ids: no subnet lies in a zone that AWS offers") == 1
