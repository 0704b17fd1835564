"""Examples for the rules on VPC endpoints."""

from typing import Any

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.types import (
    DATABASE,
    DB_INSTANCE,
    SECURITY_GROUP,
    SECURITY_GROUP_ASSOCIATION,
    SUBNET,
    TABLE,
    VPC,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
    VPC_ENDPOINT_ROUTE_TABLE,
)

REFERENCE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
INGEST = "com.amazonaws.eu-west-1.timestream.ingest-cell2"
QUERY = "com.amazonaws.eu-west-1.timestream.query-cell3"
INFLUXDB = "com.amazonaws.eu-west-1.timestream-influxdb"
GROUP, OTHER = "sg-0a1b2c3d4e5f67890", "sg-0c11e4750a1b2c3d4"
SUBNETS = ["subnet-0a1b2c3d4e5f67890", "subnet-0b1b2c3d4e5f67890"]
SNIPPET = """\
import json
import pulumi_aws as aws

vpc = aws.ec2.Vpc("metrics", cidr_block="10.0.0.0/16", enable_dns_support=True, enable_dns_hostnames=True)
group = aws.ec2.SecurityGroup(
    "endpoints",
    description="Endpoints of Timestream",
    vpc_id=vpc.id,
    ingress=[{
        "description": "TLS from the VPC",
        "protocol": "tcp",
        "from_port": 443,
        "to_port": 443,
        "cidr_blocks": ["10.0.0.0/16"],
    }],
)
aws.timestreamwrite.Database("metrics", database_name="metrics", kms_key_id="alias/metrics")
for cell in ("ingest-cell2", "query-cell3"):
    aws.ec2.VpcEndpoint(
        cell,
        vpc_id=vpc.id,
        vpc_endpoint_type="Interface",
        service_name=f"com.amazonaws.eu-west-1.timestream.{cell}",
        subnet_ids=["subnet-0a1b2c3d4e5f67890", "subnet-0b1b2c3d4e5f67890"],
        security_group_ids=[group.id],
        private_dns_enabled=True,
        policy=json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "CallersOfOurOwn",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "timestream:*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
            }],
        }),
    )
"""
GATEWAY_SNIPPET = """\
import pulumi_aws as aws

aws.ec2.VpcEndpoint(
    "s3",
    vpc_id="vpc-0a1b2c3d4e5f67890",
    service_name="com.amazonaws.eu-west-1.s3",
    route_table_ids=["rtb-0a1b2c3d4e5f67890"],
)
"""


def interface(service: str = INGEST, **more: Any) -> dict[str, Any]:
    """Return the properties of an interface endpoint."""
    return {"serviceName": service, "vpcEndpointType": "Interface", **more}


def allow(**parts: Any) -> dict[str, Any]:
    """Return a statement that lets everybody do everything."""
    return {"Sid": "It", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **parts}


def _endpoint(title: str, *others: Given, **properties: Any) -> Example:
    return example(title, VPC_ENDPOINT, interface(**properties), *others)


def _pair(*services: str) -> list[Given]:
    return [Given(VPC_ENDPOINT, interface(service), service) for service in services]


OWN = {"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}

PAIR_GOOD = (
    example("both cells", DATABASE, {"databaseName": "metrics"}, *_pair(INGEST, QUERY)),
    example("InfluxDB", DB_INSTANCE, {"name": "metrics"}, *_pair(INFLUXDB)),
)
PAIR_BAD = (
    example("none", TABLE, {"databaseName": "metrics"}),
    example("only one cell", DATABASE, {"databaseName": "metrics"}, *_pair(INGEST)),
    example("InfluxDB beside the cells", DB_INSTANCE, {"name": "metrics"}, *_pair(INGEST, QUERY)),
)
LIMITED_GOOD = (
    _endpoint("callers of one account", policy=document(allow(**OWN))),
    _endpoint("one database", policy=document(
        allow(Resource="arn:aws:timestream:eu-west-1:111122223333:database/metrics"))),
    _endpoint("a policy beside it",
              Given(VPC_ENDPOINT_POLICY, {"vpcEndpointId": REFERENCE, "policy": document(allow(**OWN))},
                    "policy", {"vpcEndpointId": ("main",)})),
)  # fmt: skip
LIMITED_BAD = (
    _endpoint("the policy of AWS"),
    _endpoint("everything for everybody", policy=document(allow())),
    example("the same apart", VPC_ENDPOINT_POLICY,
            {"vpcEndpointId": "vpce-1", "policy": document(allow(Principal={"AWS": "*"}))}),
)  # fmt: skip
NAMED_GOOD = (
    _endpoint("callers of one account", policy=document(allow(Action="timestream:Select", **OWN))),
    _endpoint("one role", policy=document(allow(Principal={"AWS": "arn:aws:iam::111122223333:role/r"}))),
)
NAMED_BAD = (
    _endpoint("everybody may write", policy=document(allow(Action="timestream:WriteRecords"))),
    example("the same apart", VPC_ENDPOINT_POLICY,
            {"vpcEndpointId": "vpce-1", "policy": document(allow(Action=["timestream:Select"]))}),
)  # fmt: skip
PRIVATE_DNS_GOOD = (_endpoint("on", privateDnsEnabled=True),)
PRIVATE_DNS_BAD = (_endpoint("nothing said"), _endpoint("off", privateDnsEnabled=False))


def _in_vpc(title: str, **vpc: Any) -> Example:
    properties = interface(privateDnsEnabled=True, vpcId=REFERENCE)
    return example(title, VPC_ENDPOINT, properties, Given(VPC, vpc, "vpc"), depends={"vpcId": ("vpc",)})


DNS_GOOD = (_in_vpc("both on", enableDnsSupport=True, enableDnsHostnames=True),)
DNS_BAD = (
    _in_vpc("support off", enableDnsSupport=False, enableDnsHostnames=True),
    _in_vpc("host names off by default", cidrBlock="10.0.0.0/16"),
)
_GATEWAY = {"serviceName": "com.amazonaws.eu-west-1.s3"}
ROUTED_GOOD = (
    example("in a route table", VPC_ENDPOINT, {**_GATEWAY, "routeTableIds": ["rtb-1"]}),
    example("associated", VPC_ENDPOINT, _GATEWAY,
            Given(VPC_ENDPOINT_ROUTE_TABLE, {"vpcEndpointId": "vpce-1"}, "route"), id="vpce-1"),
)  # fmt: skip
ROUTED_BAD = (example("in none", VPC_ENDPOINT, _GATEWAY),)
ZONES_GOOD = (_endpoint("two subnets", subnetIds=SUBNETS),)
ZONES_BAD = (
    _endpoint("one subnet", subnetIds=SUBNETS[:1]),
    example("two in one zone", VPC_ENDPOINT, interface(subnetIds=[REFERENCE, REFERENCE]),
            Given(SUBNET, {"availabilityZone": "eu-west-1a"}, "a"),
            Given(SUBNET, {"availabilityZone": "eu-west-1a"}, "b"), depends={"subnetIds": ("a", "b")}),
)  # fmt: skip
_REPLACES = {"vpcEndpointId": "vpce-1", "replaceDefaultAssociation": True}
OWN_GROUP_GOOD = (
    _endpoint("a group", securityGroupIds=[GROUP]),
    example("a group that replaces the default one", VPC_ENDPOINT, interface(),
            Given(SECURITY_GROUP_ASSOCIATION, _REPLACES, "a"), id="vpce-1"),
)  # fmt: skip
OWN_GROUP_BAD = (
    _endpoint("none"),
    _endpoint("the default one", Given(VPC, {}, "vpc", outputs={"defaultSecurityGroupId": GROUP}),
              securityGroupIds=[GROUP]),
)  # fmt: skip


def _grouped(title: str, **rule: Any) -> Example:
    ingress = [{"protocol": "tcp", "fromPort": 443, "toPort": 443, **rule}]
    group = Given(SECURITY_GROUP, {"ingress": ingress}, "group", id=GROUP)
    return _endpoint(title, group, securityGroupIds=[GROUP])


TLS_GOOD = (
    _grouped("TLS from a group", securityGroups=[OTHER]),
    _grouped("TLS from one network", cidrBlocks=["10.0.0.0/16"]),
)
TLS_BAD = (
    _grouped("more than TLS", cidrBlocks=["10.0.0.0/16"], fromPort=80),
    _grouped("from the internet", cidrBlocks=["0.0.0.0/0"]),
)
EXISTS_GOOD = (_endpoint("a cell", region="eu-west-1"), _endpoint("InfluxDB", service=INFLUXDB))
EXISTS_BAD = (
    _endpoint("a slip", service="com.amazonaws.eu-west-1.timestream.query-cell-1"),
    _endpoint("another region", region="us-east-1"),
    example("a gateway", VPC_ENDPOINT, {"serviceName": QUERY}),
)
