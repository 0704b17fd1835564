"""Examples for the rules on security groups."""

from typing import Any

from timestream_policies.examples import Example, Given, example
from timestream_policies.types import (
    DB_INSTANCE,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
)

REFERENCE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
CLIENTS = "sg-0c11e4750a1b2c3d4"
SNIPPET = """\
import pulumi_aws as aws

clients = aws.ec2.SecurityGroup("clients", description="Applications that query InfluxDB")
group = aws.ec2.SecurityGroup(
    "influxdb",
    description="InfluxDB of the metrics",
    ingress=[{
        "description": "Queries of the applications",
        "protocol": "tcp",
        "from_port": 8086,
        "to_port": 8086,
        "security_groups": [clients.id],
    }],
)
aws.timestreaminfluxdb.DbInstance(
    "influxdb",
    vpc_security_group_ids=[group.id],
    vpc_subnet_ids=["subnet-0a1b2c3d4e5f67890"],
    db_instance_type="db.influx.medium",
    allocated_storage=20,
    username="admin",
    password="of your secret store",
    organization="example",
    bucket="metrics",
)
"""


def inline(port: int, cidr: str, **more: Any) -> dict[str, Any]:
    """Return a rule as it stands in a group."""
    family = "ipv6CidrBlocks" if ":" in cidr else "cidrBlocks"
    return {"protocol": "tcp", "fromPort": port, "toPort": port, family: [cidr], **more}


def _group(title: str, *ingress: dict[str, Any], **more: Any) -> Example:
    return example(title, SECURITY_GROUP, {"ingress": list(ingress), **more})


def _classic(title: str, port: int, cidr: str, **more: Any) -> Example:
    properties = {"type": "ingress", "securityGroupId": "sg-1", **inline(port, cidr), **more}
    return example(title, SECURITY_GROUP_RULE, properties)


def _single(title: str, cidr: str, **more: Any) -> Example:
    family = "cidrIpv6" if ":" in cidr else "cidrIpv4"
    ports = {} if more.get("ipProtocol") == "-1" else {"fromPort": 8086, "toPort": 8086}
    properties = {"securityGroupId": "sg-1", "ipProtocol": "tcp", **ports, family: cidr, **more}
    return example(title, SECURITY_GROUP_INGRESS_RULE, properties)


FROM_GROUP = {"protocol": "tcp", "fromPort": 8086, "toPort": 8086, "securityGroups": [CLIENTS]}

INTERNET_GOOD = (
    _group("one network and one group", inline(8086, "10.0.0.0/16"), FROM_GROUP),
    _classic("one address", 443, "203.0.113.7/32"),
)
INTERNET_BAD = (
    _group("everybody", inline(443, "0.0.0.0/0")),
    _single("everybody, IPv6", "::/0"),
    _classic("everybody, in halves", 443, "128.0.0.0/1"),
)


def ports_good(port: int) -> tuple[Example, ...]:
    """Return good examples for a rule on one port."""
    return (
        _group("one network", inline(port, "10.0.0.0/16")),
        _classic("everybody, on another port", port + 7, "0.0.0.0/0"),
    )


def ports_bad(port: int) -> tuple[Example, ...]:
    """Return bad examples for a rule on one port."""
    return (
        _group("everybody", inline(port, "0.0.0.0/0")),
        _classic("in a range", port, "::/0", fromPort=port - 1, toPort=port + 1),
        _single("with all protocols", "0.0.0.0/0", ipProtocol="-1"),
    )


WIDE_GOOD = (
    _group("one private network", inline(8086, "10.0.0.0/16")),
    _single("one office", "203.0.113.0/28"),
)
WIDE_BAD = (
    _group("all of 10", inline(8086, "10.0.0.0/8")),
    _classic("a wide public range", 443, "82.122.0.0/16"),
    _single("all private IPv6", "fc00::/7"),
)
ALL_GOOD = (
    _group("one port", inline(443, "0.0.0.0/0")),
    _single("all protocols from one address", "203.0.113.7/32", ipProtocol="-1"),
)
ALL_BAD = (
    _group("all protocols", inline(0, "0.0.0.0/0", protocol="-1")),
    _classic("all ports", -1, "0.0.0.0/0"),
    _single("a range", "::/0", fromPort=8000, toPort=9000),
)


def _egress(title: str, **more: Any) -> Example:
    return example(title, SECURITY_GROUP_EGRESS_RULE, {"securityGroupId": "sg-1", **more})


EGRESS_GOOD = (
    _egress("TLS", ipProtocol="tcp", fromPort=443, toPort=443, cidrIpv4="0.0.0.0/0"),
    _egress("all protocols to one network", ipProtocol="-1", cidrIpv4="10.0.0.0/16"),
    _group("nothing goes out"),
)
EGRESS_BAD = (
    example("all protocols", SECURITY_GROUP, {"egress": [inline(0, "0.0.0.0/0", protocol="-1")]}),
    _egress("all protocols, IPv6", ipProtocol="-1", cidrIpv6="::/0"),
)
DESCRIBED_GOOD = (example("described", SECURITY_GROUP, {"description": "InfluxDB of the metrics"}),)
DESCRIBED_BAD = (
    example("nothing said", SECURITY_GROUP, {"name": "influxdb"}),
    example("what the provider writes", SECURITY_GROUP, {"description": "Managed by Pulumi"}),
)
RULES_DESCRIBED_GOOD = (
    _group("described", {**FROM_GROUP, "description": "Queries"}),
    _single("described", "10.0.0.0/16", description="Queries"),
)
RULES_DESCRIBED_BAD = (
    _group("nothing said", {**FROM_GROUP, "description": "Queries"}, FROM_GROUP),
    _single("nothing said", "10.0.0.0/16"),
)
_INFLUXDB = {"name": "metrics", "vpcSecurityGroupIds": [REFERENCE]}
USED_GOOD = (
    example("by InfluxDB, not made yet", SECURITY_GROUP, {"name": "influxdb"},
            Given(DB_INSTANCE, _INFLUXDB, "db", {"vpcSecurityGroupIds": ("main",)})),
    example("in a rule of another group", SECURITY_GROUP, {"name": "clients"},
            Given(SECURITY_GROUP, {"ingress": [{**FROM_GROUP, "securityGroups": [CLIENTS]}]}, "other"),
            id=CLIENTS),
)  # fmt: skip
USED_BAD = (
    example("by nothing", SECURITY_GROUP, {"name": "influxdb"}),
    example("only its own rule names it", SECURITY_GROUP, {"name": "influxdb"},
            Given(SECURITY_GROUP_INGRESS_RULE, {"securityGroupId": CLIENTS}, "rule"), id=CLIENTS),
)  # fmt: skip
_RULE_APART = {"securityGroupId": CLIENTS, "ipProtocol": "tcp", "fromPort": 8086, "toPort": 8086}
ONE_WAY_GOOD = (
    example("rules apart", SECURITY_GROUP, {"name": "influxdb"},
            Given(SECURITY_GROUP_INGRESS_RULE, _RULE_APART, "rule"), id=CLIENTS),
    example("rules inline", SECURITY_GROUP, {"ingress": [FROM_GROUP]}),
)  # fmt: skip
ONE_WAY_BAD = (
    example("both", SECURITY_GROUP, {"ingress": [FROM_GROUP]},
            Given(SECURITY_GROUP_INGRESS_RULE, _RULE_APART, "rule"), id=CLIENTS),
)  # fmt: skip
_MANY = [f"10.0.{number}.0/24" for number in range(51)]
FEW_GOOD = (_group("one rule", FROM_GROUP),)
FEW_BAD = (_group("51 networks", {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": _MANY}),)
