from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.rules import security_group_upkeep as upkeep
from timestream_policies.rules import security_groups as groups
from timestream_policies.types import (
    DB_CLUSTER,
    DEFAULT_SECURITY_GROUP,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    STACK,
)

INLINE = {
    "description": "Queries",
    "protocol": "tcp",
    "fromPort": 8086,
    "toPort": 8086,
    "cidrBlocks": ["10.0.0.0/16"],
}
GOOD = {"name": "influxdb", "description": "InfluxDB of the metrics", "ingress": [INLINE]}
SINGLE = {
    "securityGroupId": "sg-1",
    "description": "Queries",
    "ipProtocol": "tcp",
    "fromPort": 8086,
    "toPort": 8086,
    "cidrIpv4": "10.0.0.0/16",
}


def ingress(**change: Any) -> dict[str, Any]:
    return {"ingress": [INLINE, {**INLINE, **change}]}


WORLD = {"cidrBlocks": ["0.0.0.0/0"]}
INTERNET = "lets the whole internet in ({})"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(ingress(**WORLD), [INTERNET.format("0.0.0.0/0")], id="everybody"),
        pytest.param(ingress(cidrBlocks="0.0.0.0/0"), [INTERNET.format("0.0.0.0/0")], id="not in a list"),
        pytest.param(ingress(cidrBlocks=["1.2.3.4/0"]), [INTERNET.format("1.2.3.4/0")], id="host bits"),
        pytest.param(
            ingress(cidrBlocks=["0.0.0.0/1", "128.0.0.0/1"]),
            [INTERNET.format("0.0.0.0/1"), INTERNET.format("128.0.0.0/1")],
            id="halves",
        ),
        pytest.param(
            ingress(ipv6CidrBlocks=["0:0:0:0:0:0:0:0/0"]),
            [INTERNET.format("0:0:0:0:0:0:0:0/0")],
            id="IPv6, spelled out",
        ),
        pytest.param(ingress(**WORLD, self=True), [INTERNET.format("0.0.0.0/0")], id="beside itself"),
        pytest.param(ingress(cidrBlocks=[UNKNOWN]), [UNDECIDED], id="not known yet"),
        pytest.param({"ingress": UNKNOWN}, [UNDECIDED], id="no rule known yet"),
        pytest.param(ingress(fromPort=UNKNOWN, **WORLD), [INTERNET.format("0.0.0.0/0")], id="on any port"),
        pytest.param({"ingress": None, "egress": [{**INLINE, **WORLD}]}, [], id="the way out"),
        pytest.param(ingress(cidrBlocks=["203.0.113.7/32"]), [], id="one address"),
    ],
)
def test_the_internet_stays_out(change: Any, expected: Any) -> None:
    assert messages(groups.internet_stays_out, SECURITY_GROUP, GOOD, change) == expected
    assert messages(groups.internet_stays_out, DEFAULT_SECURITY_GROUP, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"cidrIpv4": "0.0.0.0/0"}, [], id="another port"),
        pytest.param(
            {"cidrIpv4": "0.0.0.0/0", "fromPort": "20", "toPort": "25"},
            ["lets 0.0.0.0/0 in on port 22"],
            id="in a range, as text",
        ),
        pytest.param(
            {"cidrIpv4": None, "cidrIpv6": "::/0", "ipProtocol": -1},
            ["lets ::/0 in on port 22"],
            id="all protocols, IPv6",
        ),
        pytest.param(
            {"cidrIpv4": "0.0.0.0/0", "fromPort": 22, "toPort": 22, "ipProtocol": "icmp"},
            [],
            id="no port at all",
        ),
        pytest.param(
            {"cidrIpv4": "0.0.0.0/0", "fromPort": 22, "toPort": 22, "ipProtocol": "17"},
            [],
            id="UDP, which SSH does not take",
        ),
        pytest.param({"fromPort": UNKNOWN}, [], id="any port, but a narrow source"),
        pytest.param({"cidrIpv4": UNKNOWN}, [], id="any source, but another port"),
        pytest.param({"cidrIpv4": "0.0.0.0/0", "fromPort": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param({"cidrIpv4": None, "fromPort": 22, "toPort": 22}, [], id="no source"),
    ],
)
def test_ssh_is_closed(change: Any, expected: Any) -> None:
    assert messages(groups.ssh_is_closed, SECURITY_GROUP_INGRESS_RULE, SINGLE, change) == expected
    assert messages(groups.ssh_is_closed, SECURITY_GROUP_EGRESS_RULE, SINGLE, change) == []


def test_other_ports() -> None:
    def of(rule: Any, first: int, last: int) -> list[str]:
        change = ingress(fromPort=first, toPort=last, **WORLD)
        return messages(rule, SECURITY_GROUP, GOOD, change)

    assert of(groups.remote_desktop_is_closed, 3389, 3389) == ["lets 0.0.0.0/0 in on port 3389"]
    assert of(groups.remote_desktop_is_closed, 3390, 4000) == []
    assert of(groups.http_is_closed, 79, 81) == ["lets 0.0.0.0/0 in on port 80"]
    assert of(groups.http_is_closed, 443, 443) == []
    assert of(groups.sensitive_ports_are_closed, 8086, 8086) == ["lets 0.0.0.0/0 in on port 8086"]
    assert of(groups.sensitive_ports_are_closed, 8181, 8181) == ["lets 0.0.0.0/0 in on port 8181"]
    assert of(groups.sensitive_ports_are_closed, 20, 25) == [
        "lets 0.0.0.0/0 in on ports 20, 21, 23 and 1 more"
    ]
    assert of(groups.sensitive_ports_are_closed, 443, 443) == []


def test_ports_over_udp() -> None:
    def of(rule: Any, first: int, last: int) -> list[str]:
        change = ingress(fromPort=first, toPort=last, protocol="udp", **WORLD)
        return messages(rule, SECURITY_GROUP, GOOD, change)

    assert of(groups.sensitive_ports_are_closed, 20, 25) == []
    assert of(groups.sensitive_ports_are_closed, 135, 160) == [
        "lets 0.0.0.0/0 in on ports 135, 137, 138 and 1 more"
    ]
    assert of(groups.sensitive_ports_are_closed, 11211, 11211) == ["lets 0.0.0.0/0 in on port 11211"]
    assert of(groups.remote_desktop_is_closed, 3389, 3389) == ["lets 0.0.0.0/0 in on port 3389"]
    assert of(groups.http_is_closed, 80, 80) == []


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("10.0.0.0/8", ["lets all of 10.0.0.0/8 in"]),
        ("172.16.0.0/12", ["lets all of 172.16.0.0/12 in"]),
        ("172.16.0.0/16", []),
        ("82.122.0.0/16", ["lets all of 82.122.0.0/16 in"]),
        ("203.0.113.0/24", []),
        ("0.0.0.0/0", []),  # another rule's
        (UNKNOWN, [UNDECIDED]),
    ],
)
def test_sources_are_narrow(cidr: str, expected: Any) -> None:
    change = {"cidrIpv4": cidr}
    assert messages(groups.sources_are_narrow, SECURITY_GROUP_INGRESS_RULE, SINGLE, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(WORLD, [], id="one port for everybody"),
        pytest.param({**WORLD, "protocol": "-1"}, ["lets 0.0.0.0/0 in on all protocols"], id="all protocols"),
        pytest.param(
            {**WORLD, "fromPort": -1, "toPort": -1}, ["lets 0.0.0.0/0 in on all tcp ports"], id="-1 to -1"
        ),
        pytest.param(
            {"cidrBlocks": ["10.0.0.0/8"], "toPort": 9000},
            ["lets 10.0.0.0/8 in on tcp ports 8086 to 9000"],
            id="a range for a wide network",
        ),
        pytest.param({"protocol": "-1"}, [], id="all protocols for one network"),
        pytest.param(
            {"cidrBlocks": None, "securityGroups": ["sg-2"], "protocol": "-1"}, [], id="for a group"
        ),
        pytest.param({"protocol": "-1", "cidrBlocks": [UNKNOWN]}, [UNDECIDED], id="not known yet"),
    ],
)
def test_wide_sources_get_one_port(change: Any, expected: Any) -> None:
    good = {"type": "ingress", "securityGroupId": "sg-1", **INLINE}
    assert messages(groups.wide_sources_get_one_port, SECURITY_GROUP_RULE, good, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="no way out"),
        pytest.param({"egress": [{**INLINE, **WORLD, "fromPort": 443, "toPort": 443}]}, [], id="TLS"),
        pytest.param(
            {"egress": [{**WORLD, "protocol": "-1", "fromPort": 20, "toPort": 200}]},
            ["lets all protocols out to 0.0.0.0/0"],
            id="all protocols, ports or not",
        ),
        pytest.param(
            {"egress": [{"protocol": "tcp", "fromPort": 0, "toPort": 65535, "ipv6CidrBlocks": ["::/0"]}]},
            ["lets all tcp ports out to ::/0"],
            id="all ports",
        ),
        pytest.param({"egress": [{**WORLD, "protocol": "icmp"}]}, [], id="pings"),
        pytest.param({"egress": [{"protocol": "-1", "cidrBlocks": [UNKNOWN]}]}, [UNDECIDED], id="not known"),
    ],
)
def test_egress_is_limited(change: Any, expected: Any) -> None:
    assert messages(upkeep.egress_is_limited, SECURITY_GROUP, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"description": None}, ["has no description"]),
        ({"description": "  "}, ["has no description"]),
        (
            {"description": "Managed by Pulumi"},
            ["is described as 'Managed by Pulumi', which says nothing"],
        ),
        ({"description": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_groups_are_described(change: Any, expected: Any) -> None:
    assert messages(upkeep.groups_are_described, SECURITY_GROUP, GOOD, change) == expected


def test_rules_are_described() -> None:
    silent = {**INLINE, "description": None}
    both = {"ingress": [INLINE, silent], "egress": silent}
    assert messages(upkeep.rules_are_described, SECURITY_GROUP, GOOD, both) == [
        "does not say what its ingress[1] is for",
        "does not say what its egress is for",
    ]
    change = {"description": ""}
    assert messages(upkeep.rules_are_described, SECURITY_GROUP_EGRESS_RULE, SINGLE, change) == [
        "does not say what it is for"
    ]
    unknown = {"description": UNKNOWN}
    assert messages(upkeep.rules_are_described, SECURITY_GROUP_RULE, {"type": "egress"}, unknown) == [
        UNDECIDED
    ]


UNUSED = ["is not used by anything in this stack"]
OF_MAIN = {"securityGroupId": ("main",)}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], UNUSED, id="alone"),
        pytest.param(
            [Given(DB_CLUSTER, {"vpcSecurityGroupIds": ["sg-1"]}, "db")], [], id="by InfluxDB, by its id"
        ),
        pytest.param(
            [Given(DB_CLUSTER, {"vpcSecurityGroupIds": [UNKNOWN]}, "db", {"vpcSecurityGroupIds": ("main",)})],
            [],
            id="by InfluxDB, by reference",
        ),
        pytest.param(
            [Given(DB_CLUSTER, {"vpcSecurityGroupIds": [UNKNOWN]}, "db")], [UNDECIDED], id="perhaps"
        ),
        pytest.param(
            [Given("aws:batch/x:X", {"y": UNKNOWN}, "any", {"y": ("main",)})],
            [],
            id="by a type that nobody knows",
        ),
        pytest.param(
            [Given(SECURITY_GROUP_RULE, {"securityGroupId": "sg-1"}, "r", OF_MAIN)], UNUSED, id="own rule"
        ),
        pytest.param(
            [
                Given(
                    SECURITY_GROUP_RULE,
                    {"securityGroupId": UNKNOWN, "sourceSecurityGroupId": UNKNOWN},
                    "r",
                    {**OF_MAIN, "sourceSecurityGroupId": ("main",)},
                )
            ],
            UNUSED,
            id="by itself",
        ),
        pytest.param(
            [Given(SECURITY_GROUP_EGRESS_RULE, {"referencedSecurityGroupId": "sg-1"}, "r")],
            [],
            id="as a target",
        ),
        pytest.param(
            [Given(DEFAULT_SECURITY_GROUP, {"egress": [{"securityGroups": ["sg-1"]}]}, "r")], [], id="inline"
        ),
        pytest.param([Given(STACK, {}, "stack", outputs={"group": "sg-1"})], [], id="exported"),
        pytest.param(
            [Given(STACK, {}, "stack", outputs={"group": "sg-2"})], UNUSED, id="another is exported"
        ),
        pytest.param([Given(STACK, {}, "stack", outputs={"x": UNKNOWN})], [UNDECIDED], id="perhaps exported"),
    ],
)
def test_groups_are_used(others: list[Given], expected: Any) -> None:
    stack = build((Given(SECURITY_GROUP, GOOD, id="sg-1"), *others))
    assert said(judge(upkeep.groups_are_used, stack.resources[0], stack)) == expected


CONFLICT = "has {} rules in {} and in {}, which overwrite each other"


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        pytest.param({}, [], [], id="inline only"),
        pytest.param(
            {},
            [Given(SECURITY_GROUP_RULE, {"type": "ingress"}, "apart", OF_MAIN)],
            [CONFLICT.format("ingress", "aws.ec2.SecurityGroup itself", "aws.ec2.SecurityGroupRule 'apart'")],
            id="inline and apart",
        ),
        pytest.param(
            {}, [Given(SECURITY_GROUP_RULE, {"type": "egress"}, "apart", OF_MAIN)], [], id="one each way"
        ),
        pytest.param(
            {"ingress": None},
            [
                Given(SECURITY_GROUP_RULE, {"type": "egress"}, "a", OF_MAIN),
                Given(SECURITY_GROUP_EGRESS_RULE, {}, "b", OF_MAIN),
            ],
            [
                CONFLICT.format(
                    "egress", "aws.ec2.SecurityGroupRule 'a'", "aws.vpc.SecurityGroupEgressRule 'b'"
                )
            ],
            id="two kinds apart",
        ),
        pytest.param(
            {"ingress": None}, [Given(SECURITY_GROUP_INGRESS_RULE, {}, "b", OF_MAIN)], [], id="one kind apart"
        ),
        pytest.param(
            {},
            [Given(SECURITY_GROUP_RULE, {"type": "ingress", "securityGroupId": UNKNOWN}, "apart")],
            [UNDECIDED],
            id="perhaps of this group",
        ),
    ],
)
def test_rules_stand_in_one_place(change: Any, others: list[Given], expected: Any) -> None:
    rules = [
        Given(other.type, {"securityGroupId": UNKNOWN, **other.properties}, other.name, other.depends)
        for other in others
    ]
    assert messages(upkeep.rules_stand_in_one_place, SECURITY_GROUP, GOOD, change, *rules) == expected


def test_groups_are_small() -> None:
    many = {"ingress": [{**INLINE, "cidrBlocks": [f"10.0.{n}.0/24" for n in range(50)]}]}
    assert messages(upkeep.groups_are_small, SECURITY_GROUP, GOOD, many) == []
    one_more = Given(SECURITY_GROUP_INGRESS_RULE, {**SINGLE, "securityGroupId": UNKNOWN}, "rule", OF_MAIN)
    assert messages(upkeep.groups_are_small, SECURITY_GROUP, GOOD, many, one_more) == [
        "has more than 50 ingress rules"
    ]
    unknown = {"ingress": [{**INLINE, "cidrBlocks": UNKNOWN}]}
    assert messages(upkeep.groups_are_small, SECURITY_GROUP, GOOD, unknown) == [UNDECIDED]
