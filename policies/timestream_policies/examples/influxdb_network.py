"""Examples for the rules on the network of InfluxDB."""

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import REFERENCE
from timestream_policies.types import (
    DB_CLUSTER,
    DB_INSTANCE,
    DEFAULT_SECURITY_GROUP,
    INTERNET_GATEWAY,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    SECURITY_GROUP_INGRESS_RULE,
    SUBNET,
)

GROUP_ID = "sg-0a1b2c3d4e5f67890"
SUBNET_ID = "subnet-0a1b2c3d4e5f67890"

SNIPPET = """\
import pulumi_aws as aws

clients = aws.ec2.SecurityGroup(
    "influxdb",
    description="Clients of the InfluxDB plant",
    vpc_id="vpc-0a1b2c3d4e5f67890",
    ingress=[{
        "description": "the plant's network",
        "protocol": "tcp",
        "from_port": 8086,
        "to_port": 8086,
        "cidr_blocks": ["10.20.0.0/16"],
    }],
)
subnet = aws.ec2.Subnet("private", vpc_id="vpc-0a1b2c3d4e5f67890", cidr_block="10.20.1.0/24")
instance = aws.timestreaminfluxdb.DbInstance(
    "plant",
    name="plant",
    allocated_storage=20,
    bucket="machines",
    db_instance_type="db.influx.medium",
    organization="example",
    username="operator",
    password="correct-horse-battery-staple",
    port=8086,
    vpc_security_group_ids=[clients.id],
    vpc_subnet_ids=[subnet.id],
)
"""


def _instance(title: str, *others: Given, **properties: object) -> Example:
    return example(
        title, DB_INSTANCE, {"name": "plant", "vpcSecurityGroupIds": [GROUP_ID], **properties}, *others
    )


def ingress(cidr: str, port: int = 8086) -> dict[str, object]:
    """Return a rule of a group that lets one range in."""
    return {"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": [cidr]}


def group(*rules: dict[str, object], type_: str = SECURITY_GROUP) -> Given:
    """Return the group of the instance."""
    return Given(type_, {"ingress": list(rules)}, "group", id=GROUP_ID)


def subnet(**properties: object) -> Given:
    """Return the subnet of the instance."""
    return Given(SUBNET, properties, "subnet", id=SUBNET_ID)


def routes(**properties: object) -> tuple[Given, ...]:
    """Return a route table of that subnet, with one route."""
    return (
        Given(ROUTE_TABLE_ASSOCIATION, {"subnetId": SUBNET_ID, "routeTableId": "rtb-1"}, "association"),
        Given(ROUTE_TABLE, {}, "table", id="rtb-1"),
        Given(ROUTE, {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", **properties}, "route"),
    )


NARROW_GOOD = (
    _instance("one network", group(ingress("10.20.0.0/16"))),
    _instance("another port", group(ingress("10.0.0.0/8", 443))),
)
NARROW_BAD = (
    _instance("half of the world", group(ingress("0.0.0.0/1"))),
    example(
        "a rule of its own on the port of InfluxDB 3, not made yet",
        DB_CLUSTER,
        {"dbParameterGroupIdentifier": "InfluxDBV3Core", "vpcSecurityGroupIds": [REFERENCE]},
        Given(SECURITY_GROUP, {"description": "clients"}, "group"),
        Given(
            SECURITY_GROUP_INGRESS_RULE,
            {
                "securityGroupId": REFERENCE,
                "ipProtocol": "tcp",
                "fromPort": 8181,
                "toPort": 8181,
                "cidrIpv6": "::/0",
            },
            "rule",
            {"securityGroupId": ("group",)},
        ),
        depends={"vpcSecurityGroupIds": ("group",)},
    ),
)
SUBNETS_GOOD = (
    _instance("a private subnet", subnet(mapPublicIpOnLaunch=False), vpcSubnetIds=[SUBNET_ID]),
    _instance(
        "out by NAT",
        subnet(cidrBlock="10.20.1.0/24"),
        *routes(natGatewayId="nat-1"),
        vpcSubnetIds=[SUBNET_ID],
    ),
)
SUBNETS_BAD = (
    _instance("public addresses", subnet(mapPublicIpOnLaunch=True), vpcSubnetIds=[SUBNET_ID]),
    _instance(
        "out by an internet gateway",
        subnet(cidrBlock="10.20.1.0/24"),
        *routes(gatewayId="igw-1"),
        Given(INTERNET_GATEWAY, {}, "gateway", id="igw-1"),
        vpcSubnetIds=[SUBNET_ID],
    ),
)
OWN_GROUP_GOOD = (_instance("its own group", group(ingress("10.20.0.0/16"))),)
OWN_GROUP_BAD = (
    _instance("none", vpcSecurityGroupIds=[]),
    _instance("the default group", group(type_=DEFAULT_SECURITY_GROUP)),
)
