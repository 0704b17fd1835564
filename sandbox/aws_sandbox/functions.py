"""The functions of the provider that programs call: who and where we are, and look-ups of networks."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from aws_sandbox.resource import Aws, Properties

_DNS_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}
_ASSUMED_ROLE = re.compile(
    r"^arn:(?P<partition>[\w-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>.+)/(?P<session>[^/]+)$"
)


class LookupFailedError(Exception):
    """A look-up found nothing, or more than one thing where there must be one."""


def get_caller_identity(aws: Aws, _arguments: Properties) -> Properties:
    """Return who the provider's credentials are."""
    answer = aws.client("sts").get_caller_identity()
    account = answer["Account"]
    return {"accountId": account, "arn": answer["Arn"], "id": account, "userId": answer["UserId"]}


def get_region(aws: Aws, arguments: Properties) -> Properties:
    """Return the named region, or the provider's own."""
    wanted = arguments.get("region") or arguments.get("name") or aws.region
    endpoint = arguments.get("endpoint")
    if endpoint:
        wanted = endpoint.split(".")[1] if endpoint.count(".") > 1 else wanted
    return {
        "description": _REGION_NAMES.get(wanted, wanted),
        "endpoint": f"ec2.{wanted}.{_DNS_SUFFIXES[aws.partition]}",
        "id": wanted,
        "name": wanted,
        "region": wanted,
    }


def get_partition(aws: Aws, _arguments: Properties) -> Properties:
    """Return the partition that the provider works in."""
    suffix = _DNS_SUFFIXES[aws.partition]
    return {
        "dnsSuffix": suffix,
        "id": aws.partition,
        "partition": aws.partition,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def get_regions(aws: Aws, arguments: Properties) -> Properties:
    """Return the names of the regions."""
    request: dict[str, Any] = {"Filters": _filters(arguments)} if arguments.get("filters") else {}
    if arguments.get("allRegions") is not None:
        request["AllRegions"] = arguments["allRegions"]
    regions = aws.client("ec2").describe_regions(**request)["Regions"]
    found = sorted(region["RegionName"] for region in regions)
    return {**arguments, "id": aws.partition, "names": found}


def get_availability_zones(aws: Aws, arguments: Properties) -> Properties:
    """Return the availability zones of the region."""
    request: dict[str, Any] = {"Filters": _filters(arguments)} if arguments.get("filters") else {}
    if arguments.get("state"):
        request.setdefault("Filters", []).append({"Name": "state", "Values": [arguments["state"]]})
    zones = aws.client("ec2").describe_availability_zones(**request)["AvailabilityZones"]
    left_out = {*arguments.get("excludeNames", ()), *arguments.get("excludeZoneIds", ())}
    kept = sorted(
        (zone for zone in zones if not {zone["ZoneName"], zone["ZoneId"]} & left_out),
        key=lambda zone: str(zone["ZoneName"]),
    )
    return {
        **arguments,
        "id": aws.region,
        "region": aws.region,
        "groupNames": sorted({zone.get("GroupName") or aws.region for zone in kept}),
        "names": [zone["ZoneName"] for zone in kept],
        "zoneIds": [zone["ZoneId"] for zone in kept],
    }


def get_session_context(aws: Aws, arguments: Properties) -> Properties:
    """Return the role behind an assumed role's ARN; any other ARN stays as it is."""
    arn = arguments["arn"]
    found = _ASSUMED_ROLE.match(arn)
    if found is None:
        return {"arn": arn, "id": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}
    name = found["role"].rsplit("/", 1)[-1]
    role = aws.client("iam").get_role(RoleName=name)["Role"]
    return {
        "arn": arn,
        "id": arn,
        "issuerArn": role["Arn"],
        "issuerId": role["RoleId"],
        "issuerName": name,
        "sessionName": found["session"],
    }


def get_vpc_endpoint_service(aws: Aws, arguments: Properties) -> Properties:
    """Return the one endpoint service that matches."""
    name = arguments.get("serviceName")
    if not name and arguments.get("service"):
        name = f"com.amazonaws.{aws.region}.{arguments['service']}"
    request: dict[str, Any] = {"Filters": _filters(arguments)} if arguments.get("filters") else {}
    if name:
        request["ServiceNames"] = [name]
    details = aws.client("ec2").describe_vpc_endpoint_services(**request)["ServiceDetails"]
    kind = arguments.get("serviceType")
    if kind:
        details = [
            item for item in details if kind in {entry["ServiceType"] for entry in item["ServiceType"]}
        ]
    found = _only_one(details, f"VPC endpoint service {name or ''}".strip())
    private_names = [entry["PrivateDnsName"] for entry in found.get("PrivateDnsNames", [])]
    resource = f"arn:{aws.partition}:ec2:{aws.region}:{aws.account}:vpc-endpoint-service/{found['ServiceId']}"
    return {
        **arguments,
        "acceptanceRequired": found.get("AcceptanceRequired", False),
        "arn": resource,
        "availabilityZones": sorted(found.get("AvailabilityZones", [])),
        "baseEndpointDnsNames": sorted(found.get("BaseEndpointDnsNames", [])),
        "id": found["ServiceId"],
        "managesVpcEndpoints": found.get("ManagesVpcEndpoints", False),
        "owner": found.get("Owner", "amazon"),
        "privateDnsName": found.get("PrivateDnsName", private_names[0] if private_names else ""),
        "privateDnsNames": private_names,
        "region": aws.region,
        "serviceId": found["ServiceId"],
        "serviceName": found["ServiceName"],
        "serviceRegion": found.get("ServiceRegion", aws.region),
        "serviceType": kind or found["ServiceType"][0]["ServiceType"],
        "supportedIpAddressTypes": found.get("SupportedIpAddressTypes", []),
        "tags": _tags(found),
        "vpcEndpointPolicySupported": found.get("VpcEndpointPolicySupported", False),
    }


def get_managed_prefix_list(aws: Aws, arguments: Properties) -> Properties:
    """Return the one prefix list that matches, with its address ranges."""
    ec2 = aws.client("ec2")
    request = _lookup(arguments, {"name": "prefix-list-name"}, "PrefixListIds")
    found = _only_one(ec2.describe_managed_prefix_lists(**request)["PrefixLists"], "EC2 Managed Prefix List")
    entries = ec2.get_managed_prefix_list_entries(PrefixListId=found["PrefixListId"])["Entries"]
    return {
        **arguments,
        "addressFamily": found["AddressFamily"],
        "arn": found["PrefixListArn"],
        "entries": [
            {"cidr": entry["Cidr"], "description": entry.get("Description", "")} for entry in entries
        ],
        "id": found["PrefixListId"],
        "maxEntries": found.get("MaxEntries", 0),
        "name": found["PrefixListName"],
        "ownerId": found["OwnerId"],
        "region": aws.region,
        "tags": _tags(found),
        "version": found.get("Version", 0),
    }


def get_subnet(aws: Aws, arguments: Properties) -> Properties:
    """Return the one subnet that matches."""
    plain = {
        "availabilityZone": "availability-zone",
        "availabilityZoneId": "availability-zone-id",
        "cidrBlock": "cidr-block",
        "state": "state",
        "vpcId": "vpc-id",
    }
    request = _lookup(arguments, plain, "SubnetIds")
    if arguments.get("defaultForAz"):
        request.setdefault("Filters", []).append({"Name": "default-for-az", "Values": ["true"]})
    found = _only_one(aws.client("ec2").describe_subnets(**request)["Subnets"], "subnet")
    ipv6: dict[str, Any] = next(iter(found.get("Ipv6CidrBlockAssociationSet", [])), {})
    names = found.get("PrivateDnsNameOptionsOnLaunch", {})
    return {
        **arguments,
        "arn": found.get(
            "SubnetArn", f"arn:{aws.partition}:ec2:{aws.region}:{aws.account}:subnet/{found['SubnetId']}"
        ),
        "assignIpv6AddressOnCreation": found.get("AssignIpv6AddressOnCreation", False),
        "availabilityZone": found["AvailabilityZone"],
        "availabilityZoneId": found["AvailabilityZoneId"],
        "availableIpAddressCount": found["AvailableIpAddressCount"],
        "cidrBlock": found["CidrBlock"],
        "customerOwnedIpv4Pool": found.get("CustomerOwnedIpv4Pool", ""),
        "defaultForAz": found["DefaultForAz"],
        "enableDns64": found.get("EnableDns64", False),
        "enableLniAtDeviceIndex": found.get("EnableLniAtDeviceIndex", 0),
        "enableResourceNameDnsARecordOnLaunch": names.get("EnableResourceNameDnsARecord", False),
        "enableResourceNameDnsAaaaRecordOnLaunch": names.get("EnableResourceNameDnsAAAARecord", False),
        "id": found["SubnetId"],
        "ipv6CidrBlock": ipv6.get("Ipv6CidrBlock", ""),
        "ipv6CidrBlockAssociationId": ipv6.get("AssociationId", ""),
        "ipv6Native": found.get("Ipv6Native", False),
        "mapCustomerOwnedIpOnLaunch": found.get("MapCustomerOwnedIpOnLaunch", False),
        "mapPublicIpOnLaunch": found["MapPublicIpOnLaunch"],
        "outpostArn": found.get("OutpostArn", ""),
        "ownerId": found.get("OwnerId", aws.account),
        "privateDnsHostnameTypeOnLaunch": names.get("HostnameType", "ip-name"),
        "region": aws.region,
        "state": found["State"],
        "tags": _tags(found),
        "vpcId": found["VpcId"],
    }


def get_vpc(aws: Aws, arguments: Properties) -> Properties:
    """Return the one VPC that matches."""
    plain = {"cidrBlock": "cidr", "dhcpOptionsId": "dhcp-options-id", "state": "state"}
    request = _lookup(arguments, plain, "VpcIds")
    if arguments.get("default"):
        request.setdefault("Filters", []).append({"Name": "is-default", "Values": ["true"]})
    ec2 = aws.client("ec2")
    found = _only_one(ec2.describe_vpcs(**request)["Vpcs"], "VPC")
    vpc = found["VpcId"]

    def attribute(name: str) -> bool:
        answer = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    tables = ec2.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    ipv6: dict[str, Any] = next(iter(found.get("Ipv6CidrBlockAssociationSet", [])), {})
    return {
        **arguments,
        "arn": f"arn:{aws.partition}:ec2:{aws.region}:{aws.account}:vpc/{vpc}",
        "cidrBlock": found["CidrBlock"],
        "cidrBlockAssociations": [
            {
                "associationId": item["AssociationId"],
                "cidrBlock": item["CidrBlock"],
                "state": item["CidrBlockState"]["State"],
            }
            for item in found.get("CidrBlockAssociationSet", [])
        ],
        "default": found["IsDefault"],
        "dhcpOptionsId": found["DhcpOptionsId"],
        "enableDnsHostnames": attribute("enableDnsHostnames"),
        "enableDnsSupport": attribute("enableDnsSupport"),
        "enableNetworkAddressUsageMetrics": attribute("enableNetworkAddressUsageMetrics"),
        "id": vpc,
        "instanceTenancy": found["InstanceTenancy"],
        "ipv6AssociationId": ipv6.get("AssociationId", ""),
        "ipv6CidrBlock": ipv6.get("Ipv6CidrBlock", ""),
        "mainRouteTableId": tables[0]["RouteTableId"] if tables else "",
        "ownerId": found.get("OwnerId", aws.account),
        "region": aws.region,
        "state": found["State"],
        "tags": _tags(found),
    }


def _filters(arguments: Properties) -> list[dict[str, Any]]:
    return [{"Name": item["name"], "Values": item["values"]} for item in arguments.get("filters", [])]


def _lookup(arguments: Properties, plain: Mapping[str, str], ids: str) -> dict[str, Any]:
    filters = _filters(arguments)
    filters += [
        {"Name": aws, "Values": [arguments[name]]} for name, aws in plain.items() if arguments.get(name)
    ]
    filters += [{"Name": f"tag:{key}", "Values": [value]} for key, value in arguments.get("tags", {}).items()]
    request: dict[str, Any] = {"Filters": filters} if filters else {}
    return {**request, ids: [arguments["id"]]} if arguments.get("id") else request


def _only_one(found: list[dict[str, Any]], what: str) -> dict[str, Any]:
    if len(found) != 1:
        way_out = "Check the id and the filters." if not found else "Use more specific filters."
        raise LookupFailedError(f"{'no' if not found else len(found)} matching {what} found. {way_out}")
    return found[0]


def _tags(answer: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}


_REGION_NAMES = {
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-west-1": "Europe (Ireland)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-2": "US West (Oregon)",
}
"""The regions that offer Timestream for LiveAnalytics, as AWS names them."""

FUNCTIONS: Mapping[str, Callable[[Aws, Properties], Properties]] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": get_managed_prefix_list,
    "aws:ec2/getSubnet:getSubnet": get_subnet,
    "aws:ec2/getVpc:getVpc": get_vpc,
    "aws:ec2/getVpcEndpointService:getVpcEndpointService": get_vpc_endpoint_service,
    "aws:iam/getSessionContext:getSessionContext": get_session_context,
    "aws:index/getAvailabilityZones:getAvailabilityZones": get_availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getRegion:getRegion": get_region,
    "aws:index/getRegions:getRegions": get_regions,
}
