"""Examples for the rules on VPCs, subnets and network ACLs."""

from typing import Any

from timestream_policies.examples import Given, example
from timestream_policies.types import (
    DEFAULT_SECURITY_GROUP,
    DEFAULT_SUBNET,
    DEFAULT_VPC,
    FLOW_LOG,
    NETWORK_ACL,
    SECURITY_GROUP_RULE,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
)

VPC_ID = "vpc-0a1b2c3d4e5f67890"
SNIPPET = """\
import pulumi_aws as aws

vpc = aws.ec2.Vpc("metrics", cidr_block="10.0.0.0/16")
aws.ec2.DefaultSecurityGroup("metrics", vpc_id=vpc.id)
aws.ec2.FlowLog(
    "metrics",
    vpc_id=vpc.id,
    traffic_type="ALL",
    log_destination_type="s3",
    log_destination="arn:aws:s3:::flow-logs",
)
for zone, block in (("eu-west-1a", "10.0.1.0/24"), ("eu-west-1b", "10.0.2.0/24")):
    aws.ec2.Subnet(f"metrics-{zone}", vpc_id=vpc.id, availability_zone=zone, cidr_block=block)
"""
ACL_SNIPPET = """\
import pulumi_aws as aws

aws.ec2.NetworkAcl("metrics", vpc_id="vpc-0a1b2c3d4e5f67890", subnet_ids=["subnet-0a1b2c3d4e5f67890"])
"""
ENDPOINT_SNIPPET = """\
import pulumi_aws as aws

vpc = aws.ec2.Vpc("metrics", cidr_block="10.0.0.0/16")
aws.ec2.VpcEndpoint(
    "ec2",
    vpc_id=vpc.id,
    vpc_endpoint_type="Interface",
    service_name="com.amazonaws.eu-west-1.ec2",
    private_dns_enabled=True,
)
"""
_VPC = {"cidrBlock": "10.0.0.0/16"}
_ANY = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}


def _vpc(title: str, *others: Given) -> Any:
    return example(title, VPC, _VPC, *others, id=VPC_ID)


def _in_vpc(type_: str, name: str, **properties: Any) -> Given:
    return Given(type_, {"vpcId": VPC_ID, **properties}, name)


CLOSED_GOOD = (
    _vpc("taken over, without rules", _in_vpc(DEFAULT_SECURITY_GROUP, "default")),
    example("without rules", DEFAULT_SECURITY_GROUP, {"vpcId": VPC_ID}),
)
CLOSED_BAD = (
    _vpc("left as it is"),
    example("lets members in", DEFAULT_SECURITY_GROUP, {"ingress": [{"protocol": "-1", "self": True}]}),
    example("with a rule apart", DEFAULT_SECURITY_GROUP, {"vpcId": VPC_ID},
            Given(SECURITY_GROUP_RULE, {"type": "ingress", "securityGroupId": "sg-default"}, "rule"),
            id="sg-default"),
)  # fmt: skip
LOGGED_GOOD = (_vpc("all traffic", _in_vpc(FLOW_LOG, "log", trafficType="ALL")),)
LOGGED_BAD = (
    _vpc("no log"),
    _vpc("another VPC's", Given(FLOW_LOG, {"vpcId": "vpc-2", "trafficType": "ALL"}, "log")),
    _vpc("accepted traffic only", _in_vpc(FLOW_LOG, "log", trafficType="ACCEPT")),
)
PRIVATE_GOOD = (
    example("nothing said", SUBNET, {"vpcId": VPC_ID}),
    example("off", DEFAULT_SUBNET, {"mapPublicIpOnLaunch": False}),
)
PRIVATE_BAD = (
    example("IPv4", SUBNET, {"vpcId": VPC_ID, "mapPublicIpOnLaunch": True}),
    example("IPv6", SUBNET, {"vpcId": VPC_ID, "assignIpv6AddressOnCreation": True}),
    example("a default subnet", DEFAULT_SUBNET, {"availabilityZone": "eu-west-1a"}),
)
OWN_GOOD = (_vpc("a VPC of its own"),)
OWN_BAD = (example("the default VPC", DEFAULT_VPC, {"tags": {"Name": "default"}}),)
ZONES_GOOD = (
    _vpc("two zones", _in_vpc(SUBNET, "a", availabilityZone="eu-west-1a"),
         _in_vpc(SUBNET, "b", availabilityZone="eu-west-1b")),
    _vpc("no subnet here"),
)  # fmt: skip
ZONES_BAD = (
    _vpc("one zone", _in_vpc(SUBNET, "a", availabilityZone="eu-west-1a"),
         _in_vpc(SUBNET, "b", availabilityZone="eu-west-1a")),
)  # fmt: skip
ACL_GOOD = (example("of one subnet", NETWORK_ACL, {"vpcId": VPC_ID, "subnetIds": ["subnet-1"]}),)
ACL_BAD = (example("of none", NETWORK_ACL, {"vpcId": VPC_ID}),)


def _ec2(service: str = "com.amazonaws.eu-west-1.ec2") -> Given:
    return _in_vpc(VPC_ENDPOINT, "endpoint", serviceName=service, vpcEndpointType="Interface")


EC2_GOOD = (_vpc("an endpoint for EC2", _ec2()),)
EC2_BAD = (_vpc("none"), _vpc("for another service", _ec2("com.amazonaws.eu-west-1.sqs")))
