"""VPCs and subnets."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import NotInSandboxError, changed, from_aws, refusing, to_aws
from aws_sandbox.services.ec2._common import arn, change_tags, existing, tag_specifications

_VPC = {
    "cidrBlock": "CidrBlock",
    "instanceTenancy": "InstanceTenancy",
    "assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock",
}
_VPC_COMPUTED = {
    "cidrBlock": "CidrBlock",
    "instanceTenancy": "InstanceTenancy",
    "dhcpOptionsId": "DhcpOptionsId",
    "ownerId": "OwnerId",
}
_VPC_ATTRIBUTES = {
    "enableDnsSupport": "EnableDnsSupport",
    "enableDnsHostnames": "EnableDnsHostnames",
    "enableNetworkAddressUsageMetrics": "EnableNetworkAddressUsageMetrics",
}
_IPAM = dict.fromkeys(
    (
        "ipv4IpamPoolId",
        "ipv4NetmaskLength",
        "ipv6IpamPoolId",
        "ipv6NetmaskLength",
        "ipv6CidrBlockNetworkBorderGroup",
    ),
    "There is no IPAM on this machine: give `cidrBlock`.",
)
_SUBNET = {
    "availabilityZone": "AvailabilityZone",
    "availabilityZoneId": "AvailabilityZoneId",
    "cidrBlock": "CidrBlock",
    "ipv6CidrBlock": "Ipv6CidrBlock",
    "vpcId": "VpcId",
}
_SUBNET_COMPUTED = {
    "availabilityZone": "AvailabilityZone",
    "availabilityZoneId": "AvailabilityZoneId",
    "cidrBlock": "CidrBlock",
    "ownerId": "OwnerId",
    "vpcId": "VpcId",
}
_SUBNET_SWITCHES = {
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
}
_SUBNET_NOT_APPLIED = _IPAM | dict.fromkeys(
    (
        "customerOwnedIpv4Pool",
        "enableDns64",
        "enableLniAtDeviceIndex",
        "enableResourceNameDnsARecordOnLaunch",
        "enableResourceNameDnsAaaaRecordOnLaunch",
        "ipv6Native",
        "mapCustomerOwnedIpOnLaunch",
        "outpostArn",
        "privateDnsHostnameTypeOnLaunch",
    ),
    "AWS on this machine has plain subnets only: leave it out.",
)


def _create_vpc(aws: Aws, inputs: Properties) -> str:
    client = aws.client("ec2")
    answer = client.create_vpc(**to_aws(_VPC, inputs), **tag_specifications("vpc", inputs))
    vpc = str(answer["Vpc"]["VpcId"])
    with finishing(vpc):
        _put_vpc_attributes(client, vpc, {"enableDnsSupport": True, "enableDnsHostnames": False}, inputs)
    return vpc


def _put_vpc_attributes(client: Any, vpc: str, state: Properties, inputs: Properties) -> None:
    for name, attribute in _VPC_ATTRIBUTES.items():
        # EC2 changes one attribute a call.
        if inputs.get(name) is not None and changed(state, inputs, name):
            client.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": inputs[name]}})


def _read_vpc(aws: Aws, vpc: str, state: Properties) -> Properties | None:
    client = aws.client("ec2")
    answer = existing(lambda: client.describe_vpcs(VpcIds=[vpc]))
    if answer is None:
        return None
    described = answer["Vpcs"][0]
    properties = from_aws(_VPC_COMPUTED, described)
    for name, attribute in _VPC_ATTRIBUTES.items():
        key = attribute[0].lower() + attribute[1:]
        properties[name] = client.describe_vpc_attribute(VpcId=vpc, Attribute=key)[attribute]["Value"]
    return {
        **properties,
        **_vpc_ipv6(described),
        **_vpc_defaults(client, vpc),
        "arn": arn(aws, "vpc", vpc),
        "tagsAll": _tags.from_list(described.get("Tags", [])),
    }


def _vpc_ipv6(described: dict[str, Any]) -> Properties:
    for association in described.get("Ipv6CidrBlockAssociationSet", []):
        if association["Ipv6CidrBlockState"]["State"] == "associated":
            return {
                "assignGeneratedIpv6CidrBlock": True,
                "ipv6AssociationId": association["AssociationId"],
                "ipv6CidrBlock": association["Ipv6CidrBlock"],
            }
    return {}


def _vpc_defaults(client: Any, vpc: str) -> Properties:
    """Return the ids of what AWS makes together with a VPC."""
    inside = [{"Name": "vpc-id", "Values": [vpc]}]
    by_name = [*inside, {"Name": "group-name", "Values": ["default"]}]
    main = [*inside, {"Name": "association.main", "Values": ["true"]}]
    acl = [*inside, {"Name": "default", "Values": ["true"]}]
    properties: Properties = {}
    for group in client.describe_security_groups(Filters=by_name)["SecurityGroups"]:
        properties["defaultSecurityGroupId"] = group["GroupId"]
    for table in client.describe_route_tables(Filters=main)["RouteTables"]:
        properties |= dict.fromkeys(("mainRouteTableId", "defaultRouteTableId"), table["RouteTableId"])
    for network_acl in client.describe_network_acls(Filters=acl)["NetworkAcls"]:
        properties["defaultNetworkAclId"] = network_acl["NetworkAclId"]
    return properties


def _update_vpc(aws: Aws, vpc: str, state: Properties, inputs: Properties) -> None:
    if bool(state.get("assignGeneratedIpv6CidrBlock")) != bool(inputs.get("assignGeneratedIpv6CidrBlock")):
        raise NotInSandboxError(
            "Vpc: the sandbox can give `assignGeneratedIpv6CidrBlock` only when it makes the VPC."
        )
    _put_vpc_attributes(aws.client("ec2"), vpc, state, inputs)
    change_tags(aws, vpc, state, inputs)


def _delete_vpc(aws: Aws, vpc: str, state: Properties) -> None:
    client = aws.client("ec2")
    existing(lambda: client.delete_vpc(VpcId=vpc))


def _create_subnet(aws: Aws, inputs: Properties) -> str:
    client = aws.client("ec2")
    answer = client.create_subnet(**to_aws(_SUBNET, inputs), **tag_specifications("subnet", inputs))
    subnet = str(answer["Subnet"]["SubnetId"])
    with finishing(subnet):
        _put_subnet_switches(client, subnet, dict.fromkeys(_SUBNET_SWITCHES, False), inputs)
    return subnet


def _put_subnet_switches(client: Any, subnet: str, state: Properties, inputs: Properties) -> None:
    for name, attribute in _SUBNET_SWITCHES.items():
        if inputs.get(name) is not None and changed(state, inputs, name):
            client.modify_subnet_attribute(SubnetId=subnet, **{attribute: {"Value": inputs[name]}})


def _read_subnet(aws: Aws, subnet: str, state: Properties) -> Properties | None:
    client = aws.client("ec2")
    answer = existing(lambda: client.describe_subnets(SubnetIds=[subnet]))
    if answer is None:
        return None
    described = answer["Subnets"][0]
    ipv6 = [
        {"ipv6CidrBlock": entry["Ipv6CidrBlock"], "ipv6CidrBlockAssociationId": entry["AssociationId"]}
        for entry in described.get("Ipv6CidrBlockAssociationSet", [])
        if entry["Ipv6CidrBlockState"]["State"] == "associated"
    ]
    return {
        **from_aws(_SUBNET_COMPUTED, described),
        **{name: described.get(attribute, False) for name, attribute in _SUBNET_SWITCHES.items()},
        **(ipv6[0] if ipv6 else {}),
        "arn": arn(aws, "subnet", subnet),
        "tagsAll": _tags.from_list(described.get("Tags", [])),
    }


def _update_subnet(aws: Aws, subnet: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, "ipv6CidrBlock") and inputs.get("ipv6CidrBlock") is not None:
        raise NotInSandboxError("Subnet: the sandbox can give `ipv6CidrBlock` only when it makes the subnet.")
    _put_subnet_switches(aws.client("ec2"), subnet, state, inputs)
    change_tags(aws, subnet, state, inputs)


def _delete_subnet(aws: Aws, subnet: str, state: Properties) -> None:
    client = aws.client("ec2")
    existing(lambda: client.delete_subnet(SubnetId=subnet))


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:ec2/vpc:Vpc",
        create=_create_vpc,
        read=_read_vpc,
        update=_update_vpc,
        delete=_delete_vpc,
        replaces=frozenset({"cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength"}),
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
        check=refusing(_IPAM | {"ipv6CidrBlock": "Use `assignGeneratedIpv6CidrBlock`."}),
    ),
    ResourceType(
        token="aws:ec2/subnet:Subnet",
        create=_create_subnet,
        read=_read_subnet,
        update=_update_subnet,
        delete=_delete_subnet,
        replaces=frozenset(
            {"vpcId", "availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn"}
        ),
        defaults={"assignIpv6AddressOnCreation": False, "mapPublicIpOnLaunch": False},
        check=refusing(_SUBNET_NOT_APPLIED),
    ),
)
