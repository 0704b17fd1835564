"""Rules on VPCs, their default security groups, flow logs, subnets and network ACLs."""

from collections.abc import Iterator

import timestream_policies.examples.vpcs as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.security_groups import DIRECTIONS, GroupRule, rules_of
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DEFAULT_SECURITY_GROUP,
    DEFAULT_SUBNET,
    DEFAULT_VPC,
    FLOW_LOG,
    NETWORK_ACL,
    NETWORK_ACL_ASSOCIATION,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
)
from timestream_policies.undecided import all_of, any_of

VPC_PAGE = "https://docs.aws.amazon.com/vpc/latest/userguide/"


@rule(
    "TS-NET-012",
    title="The default security group of a VPC lets nothing in or out",
    severity=Severity.HIGH,
    applies_to=[VPC, DEFAULT_SECURITY_GROUP],
    why="Whatever names no group gets the default one, which opens its members to each other.",
    fix="Add an aws.ec2.DefaultSecurityGroup for the VPC, without ingress and egress.",
    snippet=examples.SNIPPET,
    good=examples.CLOSED_GOOD,
    bad=examples.CLOSED_BAD,
    controls={
        "cis-aws-7.0.0": ["6.5"],
        "cis-aws-5.0.0": ["5.5"],
        "cis-aws-3.0.0": ["5.4"],
        "nist-800-53-r5": ["SC-7(5)", "CM-6"],
        "iso-27001-2022": ["A.8.20"],
        "aws-fsbp": ["EC2.2"],
    },
    equivalents={
        "checkov": ["CKV2_AWS_12"],
        "cdk-nag": ["VPCDefaultSecurityGroupClosed"],
        "prowler": ["ec2_securitygroup_default_restrict_traffic"],
        "kics": ["46883ce1", "9a4ef195"],
        "trivy": ["AWS-0173"],
        "security-hub": ["EC2.2"],
    },
    catalogue=["NET-12"],
    links=[f"{VPC_PAGE}default-security-group.html"],
)
def default_groups_are_closed(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the resource that takes the group over, and for rules in it."""
    if resource.type == VPC:
        if not stack.referring(resource, DEFAULT_SECURITY_GROUP, "vpcId"):
            yield resource.finding("leaves its default security group open", key="default")
        return
    for direction in DIRECTIONS:
        with resource:
            if any_of(rules_of(resource, stack, direction), GroupRule.is_there):
                yield resource.finding(f"has {direction} rules", at=direction, key=direction)


@rule(
    "TS-NET-013",
    title="VPCs log what flows through them",
    severity=Severity.MEDIUM,
    applies_to=[VPC, DEFAULT_VPC],
    why="Without flow logs nobody can say afterwards who talked to whom, or who was refused.",
    fix="Add an aws.ec2.FlowLog for the VPC with traffic_type ALL.",
    snippet=examples.SNIPPET,
    good=examples.LOGGED_GOOD,
    bad=examples.LOGGED_BAD,
    controls={
        "cis-aws-7.0.0": ["4.7"],
        "cis-aws-5.0.0": ["3.7"],
        "cis-aws-3.0.0": ["3.7"],
        "nist-800-53-r5": ["AU-2", "AU-3"],
        "hipaa": ["164.312(b)"],
        "soc-2": ["CC7.2"],
        "iso-27001-2022": ["A.8.15"],
        "aws-fsbp": ["EC2.6"],
    },
    equivalents={
        "checkov": ["CKV2_AWS_11"],
        "cdk-nag": ["AwsSolutions-VPC7"],
        "prowler": ["vpc_flow_logs_enabled"],
        "kics": ["f83121ea"],
        "trivy": ["AWS-0178"],
        "security-hub": ["EC2.6"],
    },
    catalogue=["NET-13"],
    links=[f"{VPC_PAGE}flow-logs.html"],
)
def vpcs_have_flow_logs(vpc: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a flow log of the VPC that holds what was refused, too."""
    if not stack.referring(vpc, FLOW_LOG, "vpcId"):
        yield vpc.finding("has no flow log", key="flow log")
    elif all_of(
        stack.each_referring(vpc, FLOW_LOG, "vpcId"),
        lambda log: str(log.get("trafficType", "")).upper() == "ACCEPT",
    ):
        yield vpc.finding("logs accepted traffic only, not what was refused", key="flow log")


@rule(
    "TS-NET-014",
    title="Subnets give out no public addresses by themselves",
    severity=Severity.HIGH,
    applies_to=[SUBNET, DEFAULT_SUBNET],
    why="With a public address, one open rule puts what was meant to be private on the internet.",
    fix="Leave out map_public_ip_on_launch and assign_ipv6_address_on_creation, or set them to False.",
    snippet=examples.SNIPPET,
    good=examples.PRIVATE_GOOD,
    bad=examples.PRIVATE_BAD,
    controls={"soc-2": ["CC6.6"], "iso-27001-2022": ["A.8.20"], "aws-fsbp": ["EC2.15"]},
    equivalents={
        "checkov": ["CKV_AWS_130"],
        "cdk-nag": ["VPCSubnetAutoAssignPublicIpDisabled"],
        "prowler": ["vpc_subnet_no_public_ip_by_default"],
        "kics": ["52f04a44"],
        "trivy": ["AWS-0164"],
        "guard": ["SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED"],
        "security-hub": ["EC2.15"],
    },
    catalogue=["NET-14"],
    links=[f"{VPC_PAGE}subnet-public-ip.html"],
    remedy=Remedy("mapPublicIpOnLaunch", value=False),
)
def subnets_are_private(subnet: Resource) -> Iterator[Finding]:
    """Judge both families; a default subnet gives IPv4 addresses unless told not to."""
    with subnet:
        if subnet.flag("mapPublicIpOnLaunch", default=subnet.type == DEFAULT_SUBNET):
            yield subnet.finding("gives out public IPv4 addresses", at="mapPublicIpOnLaunch")
    if subnet.flag("assignIpv6AddressOnCreation"):
        yield subnet.finding("gives out IPv6 addresses", at="assignIpv6AddressOnCreation")


@rule(
    "TS-NET-015",
    title="The default VPC is not used",
    severity=Severity.MEDIUM,
    applies_to=[DEFAULT_VPC],
    why="The default VPC has public subnets in every zone: what is put there is one rule from the internet.",
    fix="Make an aws.ec2.Vpc with private subnets instead.",
    snippet=examples.SNIPPET,
    good=examples.OWN_GOOD,
    bad=examples.OWN_BAD,
    controls={"nist-800-53-r5": ["SC-7", "CM-7"], "soc-2": ["CC6.6"]},
    equivalents={"checkov": ["CKV_AWS_148"], "kics": ["96ed3526"], "trivy": ["AWS-0101"]},
    catalogue=["NET-15"],
    links=[f"{VPC_PAGE}default-vpc.html"],
)
def default_vpcs_are_left_alone(vpc: Resource) -> Iterator[Finding]:
    """Report the resource: it takes the default VPC over to use it."""
    yield vpc.finding("is the default VPC of its region", key="default")


@rule(
    "TS-NET-018",
    title="The subnets of a VPC lie in more than one zone",
    severity=Severity.MEDIUM,
    applies_to=[VPC],
    why="When the only zone fails, everything in the VPC fails with it.",
    fix="Spread the subnets over two availability zones or more.",
    snippet=examples.SNIPPET,
    good=examples.ZONES_GOOD,
    bad=examples.ZONES_BAD,
    controls={"iso-27001-2022": ["A.8.14"], "nist-800-53-r5": ["CP-10"]},
    equivalents={
        "prowler": ["vpc_subnet_different_az", "vpc_subnet_separate_private_public"],
        "kics": ["fd632aaf"],
        "cdk-nag": ["AwsSolutions-VPC3"],
    },
    catalogue=["NET-22"],
    links=[f"{VPC_PAGE}configure-subnets.html"],
)
def subnets_span_zones(vpc: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the zones of the subnets; a single subnet may have its partner in another stack."""
    subnets = list(stack.each_referring(vpc, SUBNET, "vpcId"))
    if len(subnets) < 2:
        return
    first = zone_of(subnets[0])
    if first and all_of(subnets, lambda subnet: zone_of(subnet) == first):
        yield vpc.finding(f"has all its subnets in the zone {first}", key="zones")


def zone_of(subnet: Resource) -> str:
    """Return the zone of a subnet by name or id; empty if AWS chooses."""
    return str(subnet.get("availabilityZone", "") or subnet.get("availabilityZoneId", ""))


@rule(
    "TS-NET-019",
    title="Network ACLs belong to a subnet",
    severity=Severity.LOW,
    applies_to=[NETWORK_ACL],
    why="A network ACL of no subnet filters nothing, though everybody believes that it does.",
    fix="Name the subnets in subnet_ids, or remove the network ACL.",
    snippet=examples.ACL_SNIPPET,
    good=examples.ACL_GOOD,
    bad=examples.ACL_BAD,
    controls={"iso-27001-2022": ["A.8.20"], "nist-800-53-r5": ["SC-7"]},
    equivalents={"checkov": ["CKV2_AWS_1"]},
    catalogue=["NET-22"],
    links=[f"{VPC_PAGE}vpc-network-acls.html"],
)
def network_acls_are_used(acl: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for subnets on the ACL or in associations beside it."""

    def is_there(place: str) -> bool:
        if place == "inline":
            return bool(acl.words("subnetIds"))
        return bool(stack.referring(acl, NETWORK_ACL_ASSOCIATION, "networkAclId"))

    if not any_of(("inline", "apart"), is_there):
        yield acl.finding("belongs to no subnet", at="subnetIds")


@rule(
    "TS-NET-021",
    title="VPCs reach the API of EC2 through an interface endpoint",
    severity=Severity.LOW,
    applies_to=[VPC],
    why="Calls to EC2 go to public addresses of AWS; no stack tells whether anything in the VPC makes any.",
    fix="Add an interface endpoint for com.amazonaws.<region>.ec2, if anything in the VPC calls EC2.",
    snippet=examples.ENDPOINT_SNIPPET,
    good=examples.EC2_GOOD,
    bad=examples.EC2_BAD,
    controls={"pci-dss-4.0": ["1.4.1", "1.4.4"], "iso-27001-2022": ["A.8.20"], "aws-fsbp": ["EC2.10"]},
    equivalents={"prowler": ["vpc_endpoint_for_ec2_enabled"], "security-hub": ["EC2.10"]},
    catalogue=["NET-18"],
    links=["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html"],
)
def ec2_is_reached_privately(vpc: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the endpoint in the VPC."""
    if stack.is_elsewhere("endpoints", vpc):
        return
    endpoints = stack.each_referring(vpc, VPC_ENDPOINT, "vpcId")
    if not any_of(endpoints, lambda it: str(it.get("serviceName", "")).endswith(".ec2")):
        yield vpc.finding("has no interface endpoint for EC2, if something in it calls EC2", key="ec2")
