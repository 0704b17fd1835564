"""VPC endpoints and their policies."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import camel, changed, from_aws, in_order_of, pascal, refusing, to_aws
from aws_sandbox.services.ec2._common import arn, change_tags, existing, tag_specifications

_POLICY_LIMIT = SizeLimit(
    property="policy",
    characters=20_480,
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html",
)
_ENDPOINT = {
    "ipAddressType": "IpAddressType",
    "policy": "PolicyDocument",
    "privateDnsEnabled": "PrivateDnsEnabled",
    "serviceName": "ServiceName",
    "serviceRegion": "ServiceRegion",
    "vpcEndpointType": "VpcEndpointType",
    "vpcId": "VpcId",
}
_COMPUTED = {"ownerId": "OwnerId", "requesterManaged": "RequesterManaged", "state": "State"}
_SETS = {
    "routeTableIds": ("RouteTableIds", "RouteTableIds"),
    "securityGroupIds": ("SecurityGroupIds", "SecurityGroupIds"),
    "subnetIds": ("SubnetIds", "SubnetIds"),
}
_NOT_APPLIED = dict.fromkeys(
    ("autoAccept", "resourceConfigurationArn", "serviceNetworkArn", "subnetConfigurations"),
    "AWS on this machine has interface and gateway endpoints of AWS services only: leave it out.",
)
_DELETED = ("deleting", "deleted", "failed", "rejected", "expired")


def _create(aws: Aws, inputs: Properties) -> str:
    sets = {key: inputs[name] for name, (key, _) in _SETS.items() if inputs.get(name)}
    options = {"DnsOptions": pascal(inputs["dnsOptions"], {})} if inputs.get("dnsOptions") else {}
    # The real provider always says whether it wants private DNS; AWS's own default is another one.
    private_dns = {"privateDnsEnabled": bool(inputs.get("privateDnsEnabled"))}
    answer = aws.client("ec2").create_vpc_endpoint(
        **to_aws(_ENDPOINT, {**inputs, **private_dns}),
        **sets,
        **options,
        **tag_specifications("vpc-endpoint", inputs),
    )
    return str(answer["VpcEndpoint"]["VpcEndpointId"])


def _describe(client: Any, endpoint: str) -> dict[str, Any] | None:
    answer = existing(lambda: client.describe_vpc_endpoints(VpcEndpointIds=[endpoint]))
    endpoints = answer["VpcEndpoints"] if answer else []
    if not endpoints or endpoints[0]["State"].lower() in _DELETED:
        return None
    described: dict[str, Any] = endpoints[0]
    return described


def _read(aws: Aws, endpoint: str, state: Properties) -> Properties | None:
    client = aws.client("ec2")
    described = _describe(client, endpoint)
    if described is None:
        return None
    sets = {
        "routeTableIds": described.get("RouteTableIds", []),
        "subnetIds": described.get("SubnetIds", []),
        "securityGroupIds": [group["GroupId"] for group in described.get("Groups", [])],
    }
    options = camel(described["DnsOptions"], {}) if described.get("DnsOptions") else None
    return {
        **from_aws(_ENDPOINT | _COMPUTED, described),
        **{name: in_order_of(state.get(name), values) for name, values in sets.items()},
        **({"dnsOptions": options} if options else {}),
        **_gateway(client, described),
        "arn": arn(aws, "vpc-endpoint", endpoint),
        "ownerId": described.get("OwnerId", aws.account),
        "dnsEntries": camel(described.get("DnsEntries", []), {}),
        "networkInterfaceIds": sorted(described.get("NetworkInterfaceIds", [])),
        "tagsAll": _tags.from_list(described.get("Tags", [])),
    }


def _gateway(client: Any, described: dict[str, Any]) -> Properties:
    """Return the prefix list through which a gateway endpoint is routed."""
    if described["VpcEndpointType"] != "Gateway":
        return {}
    by_name = [{"Name": "prefix-list-name", "Values": [described["ServiceName"]]}]
    lists = client.describe_managed_prefix_lists(Filters=by_name)["PrefixLists"]
    if not lists:
        return {}
    prefix_list = lists[0]["PrefixListId"]
    entries = client.get_managed_prefix_list_entries(PrefixListId=prefix_list)["Entries"]
    return {"prefixListId": prefix_list, "cidrBlocks": [entry["Cidr"] for entry in entries]}


def _update(aws: Aws, endpoint: str, state: Properties, inputs: Properties) -> None:
    request: dict[str, Any] = {}
    for name in ("ipAddressType", "policy", "privateDnsEnabled"):
        if inputs.get(name) is not None and changed(state, inputs, name):
            request[_ENDPOINT[name]] = inputs[name]
    if inputs.get("dnsOptions") and changed(state, inputs, "dnsOptions"):
        request["DnsOptions"] = pascal(inputs["dnsOptions"], {})
    for name, (key, _) in _SETS.items():
        if inputs.get(name) is None:
            continue
        old, new = set(state.get(name) or []), set(inputs[name])
        for verb, values in (("Add", new - old), ("Remove", old - new)):
            if values:
                request[f"{verb}{key}"] = sorted(values)
    if request:
        aws.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint, **request)
    change_tags(aws, endpoint, state, inputs)


def _delete(aws: Aws, endpoint: str, state: Properties) -> None:
    client = aws.client("ec2")
    # EC2 answers what it could not delete instead of an error; an endpoint that is gone is none.
    existing(lambda: client.delete_vpc_endpoints(VpcEndpointIds=[endpoint]))


def _put_policy(aws: Aws, endpoint: str, policy: str | None) -> None:
    change = {"PolicyDocument": policy} if policy else {"ResetPolicy": True}
    aws.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint, **change)


def _create_policy(aws: Aws, inputs: Properties) -> str:
    _put_policy(aws, inputs["vpcEndpointId"], inputs.get("policy"))
    return str(inputs["vpcEndpointId"])


def _read_policy(aws: Aws, endpoint: str, state: Properties) -> Properties | None:
    described = _describe(aws.client("ec2"), endpoint)
    return described and {"vpcEndpointId": endpoint, "policy": described["PolicyDocument"]}


def _update_policy(aws: Aws, endpoint: str, state: Properties, inputs: Properties) -> None:
    _put_policy(aws, endpoint, inputs.get("policy"))


def _delete_policy(aws: Aws, endpoint: str, state: Properties) -> None:
    existing(lambda: _put_policy(aws, endpoint, None))


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:ec2/vpcEndpoint:VpcEndpoint",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        replaces=frozenset(
            {
                "dnsOptions.privateDnsPreference",
                "dnsOptions.privateDnsSpecifiedDomains",
                "resourceConfigurationArn",
                "serviceName",
                "serviceNetworkArn",
                "serviceRegion",
                "vpcEndpointType",
                "vpcId",
            }
        ),
        defaults={"vpcEndpointType": "Gateway"},
        check=refusing(_NOT_APPLIED),
        policy_documents=frozenset({"policy"}),
        limits=(_POLICY_LIMIT,),
    ),
    ResourceType(
        token="aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
        replaces=frozenset({"vpcEndpointId"}),
        policy_documents=frozenset({"policy"}),
        limits=(_POLICY_LIMIT,),
    ),
)
