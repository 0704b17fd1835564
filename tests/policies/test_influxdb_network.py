from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.influxdb_network import (
    GROUP_ID,
    SUBNET_ID,
    group,
    ingress,
    routes,
    subnet,
)
from timestream_policies.rules import influxdb_network as rules
from timestream_policies.types import (
    DB_INSTANCE,
    DEFAULT_SECURITY_GROUP,
    INTERNET_GATEWAY,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    VPC,
)

GOOD = {"name": "plant", "vpcSecurityGroupIds": [GROUP_ID], "vpcSubnetIds": [SUBNET_ID]}
REACHED = "is reached on port {} from {} through the security group 'group'"


@pytest.mark.parametrize(
    ("change", "rule", "expected"),
    [
        pytest.param({}, ingress("10.20.0.0/16"), [], id="one network"),
        pytest.param({}, ingress("10.0.0.0/8"), [REACHED.format(8086, "10.0.0.0/8")], id="a wide network"),
        pytest.param({}, ingress("0.0.0.0/0"), [REACHED.format(8086, "0.0.0.0/0")], id="the world"),
        pytest.param({}, ingress("0.0.0.0/0", 443), [], id="another port"),
        pytest.param(
            {"port": 443}, ingress("0.0.0.0/0", 443), [REACHED.format(443, "0.0.0.0/0")], id="its own port"
        ),
        pytest.param(
            {},
            {"protocol": "-1", "fromPort": 0, "toPort": 0, "ipv6CidrBlocks": ["::/0"]},
            [REACHED.format(8086, "::/0")],
            id="every port",
        ),
        pytest.param({}, ingress(UNKNOWN), [UNDECIDED], id="a range not known yet"),
        pytest.param({"port": UNKNOWN}, ingress("0.0.0.0/0"), [UNDECIDED], id="a port not known yet"),
    ],
)
def test_networks_are_narrow(change: Any, rule: Any, expected: Any) -> None:
    assert messages(rules.networks_are_narrow, DB_INSTANCE, GOOD, change, group(rule)) == expected


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        (
            SECURITY_GROUP_RULE,
            {"type": "ingress", "protocol": "tcp", "fromPort": 8000, "toPort": 9000, "cidrBlocks": ["::/0"]},
        ),
        (
            SECURITY_GROUP_INGRESS_RULE,
            {"ipProtocol": "tcp", "fromPort": 8086, "toPort": 8086, "cidrIpv6": "::/0"},
        ),
    ],
)
def test_rules_of_their_own_count(type_: str, properties: Any) -> None:
    rule = Given(type_, {"securityGroupId": GROUP_ID, **properties}, "rule")
    assert messages(rules.networks_are_narrow, DB_INSTANCE, GOOD, {}, group(), rule) == [
        REACHED.format(8086, "::/0")
    ]


GATEWAY = Given(INTERNET_GATEWAY, {}, "gateway", id="igw-1")
ROUTED = "stands in the subnet 'subnet', which has a route to the internet"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param((subnet(),), [], id="private"),
        pytest.param(
            (subnet(mapPublicIpOnLaunch=True),),
            ["stands in the subnet 'subnet', which gives public addresses"],
            id="public addresses",
        ),
        pytest.param((subnet(mapPublicIpOnLaunch=UNKNOWN),), [UNDECIDED], id="not known yet"),
        pytest.param((subnet(), *routes(gatewayId="igw-1"), GATEWAY), [ROUTED], id="a gateway"),
        pytest.param((subnet(), *routes(gatewayId="vgw-1"), GATEWAY), [], id="a private gateway"),
        pytest.param((subnet(), *routes(natGatewayId="nat-1"), GATEWAY), [], id="NAT"),
        pytest.param(
            (subnet(), *routes(gatewayId="igw-1", destinationCidrBlock="203.0.113.0/24"), GATEWAY),
            [],
            id="to one network only",
        ),
        pytest.param((subnet(), *routes(gatewayId=UNKNOWN), GATEWAY), [UNDECIDED], id="some gateway"),
        pytest.param((), [], id="a subnet of another stack"),
    ],
)
def test_subnets_are_private(others: Any, expected: Any) -> None:
    assert messages(rules.subnets_are_private, DB_INSTANCE, GOOD, {}, *others) == expected


def test_groups_are_its_own() -> None:
    rule = rules.groups_are_its_own
    assert messages(rule, DB_INSTANCE, GOOD, {}, group()) == []
    assert messages(rule, DB_INSTANCE, GOOD, {"vpcSecurityGroupIds": []}) == [
        "has no security group, so it takes the default one"
    ]
    assert messages(rule, DB_INSTANCE, GOOD, {}, group(type_=DEFAULT_SECURITY_GROUP)) == [
        "takes a default security group ('group')"
    ]
    vpc = Given(VPC, {}, "vpc", outputs={"defaultSecurityGroupId": GROUP_ID})
    assert messages(rule, DB_INSTANCE, GOOD, {}, vpc) == ["takes a default security group ('vpc')"]
    assert messages(rule, DB_INSTANCE, GOOD, {"vpcSecurityGroupIds": UNKNOWN}) == [UNDECIDED]
