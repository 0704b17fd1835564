from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.rules import vpcs
from timestream_policies.types import (
    DEFAULT_SECURITY_GROUP,
    DEFAULT_SUBNET,
    DEFAULT_VPC,
    FLOW_LOG,
    NETWORK_ACL,
    NETWORK_ACL_ASSOCIATION,
    SECURITY_GROUP_EGRESS_RULE,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
)

GOOD = {"cidrBlock": "10.0.0.0/16"}
OF_MAIN = {"vpcId": ("main",)}


def in_vpc(type_: str, name: str = "other", **properties: Any) -> Given:
    return Given(type_, {"vpcId": UNKNOWN, **properties}, name, OF_MAIN)


def unplaced(type_: str, **properties: Any) -> Given:
    return Given(type_, {"vpcId": UNKNOWN, **properties}, "unplaced")


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], ["leaves its default security group open"], id="left alone"),
        pytest.param([in_vpc(DEFAULT_SECURITY_GROUP)], [], id="taken over"),
        pytest.param([unplaced(DEFAULT_SECURITY_GROUP)], [UNDECIDED], id="perhaps taken over"),
    ],
)
def test_default_groups_are_taken_over(others: list[Given], expected: Any) -> None:
    assert messages(vpcs.default_groups_are_closed, VPC, GOOD, {}, *others) == expected


def test_default_groups_have_no_rules() -> None:
    def of(change: Any, *others: Given) -> list[str]:
        good = {"vpcId": "vpc-1"}
        return messages(vpcs.default_groups_are_closed, DEFAULT_SECURITY_GROUP, good, change, *others)

    rule = {"protocol": "-1", "self": True}
    apart = Given(
        SECURITY_GROUP_EGRESS_RULE, {"securityGroupId": UNKNOWN}, "r", {"securityGroupId": ("main",)}
    )
    assert of({}) == []
    assert of({"ingress": [], "egress": []}) == []
    assert of({"ingress": [rule], "egress": rule}) == ["has ingress rules", "has egress rules"]
    assert of({"ingress": [{**rule, "self": UNKNOWN}]}) == ["has ingress rules"]
    assert of({"egress": [UNKNOWN]}) == [UNDECIDED]
    assert of({}, apart) == ["has egress rules"]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], ["has no flow log"]),
        ([in_vpc(FLOW_LOG, trafficType="ALL")], []),
        ([in_vpc(FLOW_LOG, trafficType="REJECT")], []),
        ([in_vpc(FLOW_LOG)], []),
        ([in_vpc(FLOW_LOG, trafficType="ACCEPT")], ["logs accepted traffic only, not what was refused"]),
        ([in_vpc(FLOW_LOG, trafficType="ACCEPT"), in_vpc(FLOW_LOG, "b", trafficType="REJECT")], []),
        ([in_vpc(FLOW_LOG, trafficType="ACCEPT"), unplaced(FLOW_LOG)], [UNDECIDED]),
        ([Given(FLOW_LOG, {"vpcId": "foo", "trafficType": "ALL"}, "log")], ["has no flow log"]),
        ([unplaced(FLOW_LOG)], [UNDECIDED]),
    ],
)
def test_vpcs_have_flow_logs(others: list[Given], expected: Any) -> None:
    assert messages(vpcs.vpcs_have_flow_logs, VPC, GOOD, {}, *others) == expected
    assert messages(vpcs.vpcs_have_flow_logs, DEFAULT_VPC, {}, {}, *others) == expected


IPV4, IPV6 = "gives out public IPv4 addresses", "gives out IPv6 addresses"


@pytest.mark.parametrize(
    ("type_", "change", "expected"),
    [
        (SUBNET, {}, []),
        (SUBNET, {"mapPublicIpOnLaunch": "true"}, [IPV4]),
        (SUBNET, {"mapPublicIpOnLaunch": True, "assignIpv6AddressOnCreation": True}, [IPV4, IPV6]),
        (SUBNET, {"mapPublicIpOnLaunch": UNKNOWN}, [UNDECIDED]),
        (SUBNET, {"mapPublicIpOnLaunch": UNKNOWN, "assignIpv6AddressOnCreation": True}, [IPV6]),
        (DEFAULT_SUBNET, {}, [IPV4]),
        (DEFAULT_SUBNET, {"mapPublicIpOnLaunch": False}, []),
    ],
)
def test_subnets_are_private(type_: str, change: Any, expected: Any) -> None:
    assert messages(vpcs.subnets_are_private, type_, {"vpcId": "vpc-1"}, change) == expected


def test_default_vpcs_are_left_alone() -> None:
    assert messages(vpcs.default_vpcs_are_left_alone, DEFAULT_VPC, {}, {}) == [
        "is the default VPC of its region"
    ]


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ([], []),
        (["a"], []),
        (["a", "b"], []),
        (["a", "a"], ["has all its subnets in the zone a"]),
        (["a", "a", "b"], []),
        (["a", None], []),
        ([None, None], []),
        (["a", UNKNOWN], [UNDECIDED]),
        (["a", UNKNOWN, "b"], []),
    ],
)
def test_subnets_span_zones(zones: list[Any], expected: Any) -> None:
    subnets = [in_vpc(SUBNET, str(number), availabilityZone=zone) for number, zone in enumerate(zones)]
    assert messages(vpcs.subnets_span_zones, VPC, GOOD, {}, *subnets) == expected


def test_an_unplaced_subnet_may_lie_elsewhere() -> None:
    subnets = [in_vpc(SUBNET, name, availabilityZone="a") for name in ("x", "y")]
    unknown = unplaced(SUBNET, availabilityZone="b")
    assert messages(vpcs.subnets_span_zones, VPC, GOOD, {}, *subnets, unknown) == [UNDECIDED]


def test_network_acls_are_used() -> None:
    def of(change: Any, *others: Given) -> list[str]:
        return messages(vpcs.network_acls_are_used, NETWORK_ACL, {"vpcId": "vpc-1"}, change, *others)

    assert of({}) == ["belongs to no subnet"]
    assert of({"subnetIds": ["subnet-1"]}) == []
    assert of({"subnetIds": UNKNOWN}) == [UNDECIDED]
    apart = Given(NETWORK_ACL_ASSOCIATION, {"networkAclId": UNKNOWN}, "a", {"networkAclId": ("main",)})
    assert of({}, apart) == []


def test_ec2_is_reached_privately() -> None:
    missing = ["has no interface endpoint for EC2, if something in it calls EC2"]
    service = "com.amazonaws.eu-west-1.ec2"
    assert messages(vpcs.ec2_is_reached_privately, VPC, GOOD, {}) == missing
    for name, expected in ((service, []), ("com.amazonaws.eu-west-1.sqs", missing), (UNKNOWN, [UNDECIDED])):
        endpoint = in_vpc(VPC_ENDPOINT, serviceName=name)
        assert messages(vpcs.ec2_is_reached_privately, VPC, GOOD, {}, endpoint) == expected
