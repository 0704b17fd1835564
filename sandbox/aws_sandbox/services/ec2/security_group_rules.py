"""Security group rules as resources of their own, one for each AWS rule (`aws.vpc`)."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, from_aws, to_aws
from aws_sandbox.services.ec2._common import arn, change_tags, existing, tag_specifications
from aws_sandbox.services.ec2.permissions import ALL_PROTOCOLS

_RULE = {
    "cidrIpv4": "CidrIpv4",
    "cidrIpv6": "CidrIpv6",
    "description": "Description",
    "fromPort": "FromPort",
    "ipProtocol": "IpProtocol",
    "prefixListId": "PrefixListId",
    "toPort": "ToPort",
}
_TARGETS = {
    "cidrIpv4": ("IpRanges", "CidrIp"),
    "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListId": ("PrefixListIds", "PrefixListId"),
    "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}


def _permission(inputs: Properties) -> dict[str, Any]:
    described = {"Description": inputs["description"]} if inputs.get("description") else {}
    names = {"ipProtocol": "IpProtocol", "fromPort": "FromPort", "toPort": "ToPort"}
    return {
        **to_aws(names, inputs),
        **{
            key: [{item: inputs[name], **described}]
            for name, (key, item) in _TARGETS.items()
            if inputs.get(name)
        },
    }


def _create(aws: Aws, direction: str, inputs: Properties) -> str:
    client = aws.client("ec2")
    answer = getattr(client, f"authorize_security_group_{direction}")(
        GroupId=inputs["securityGroupId"],
        IpPermissions=[_permission(inputs)],
        **tag_specifications("security-group-rule", inputs),
    )
    return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def _create_ingress(aws: Aws, inputs: Properties) -> str:
    return _create(aws, "ingress", inputs)


def _create_egress(aws: Aws, inputs: Properties) -> str:
    return _create(aws, "egress", inputs)


def _describe(client: Any, rule: str) -> dict[str, Any] | None:
    answer = existing(lambda: client.describe_security_group_rules(SecurityGroupRuleIds=[rule]))
    rules = answer["SecurityGroupRules"] if answer else []
    return rules[0] if rules else None


def _read(aws: Aws, rule: str, state: Properties) -> Properties | None:
    described = _describe(aws.client("ec2"), rule)
    if described is None:
        return None
    properties = from_aws(_RULE, described)
    if properties["ipProtocol"] == ALL_PROTOCOLS:
        # EC2 answers -1 for "no ports"; the real provider shows the ports as they were stated.
        for name in ("fromPort", "toPort"):
            properties.pop(name, None)
            properties |= {name: state[name]} if state.get(name) is not None else {}
    other = described.get("ReferencedGroupInfo", {}).get("GroupId")
    return {
        **{name: value for name, value in properties.items() if value != ""},
        **({"referencedSecurityGroupId": other} if other else {}),
        "arn": arn(aws, "security-group-rule", rule),
        "securityGroupId": described["GroupId"],
        "securityGroupRuleId": rule,
        "tagsAll": _tags.from_list(described.get("Tags", [])),
    }


def _update(aws: Aws, rule: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, *_RULE, "referencedSecurityGroupId"):
        ports = {name: -1 for name in ("fromPort", "toPort") if inputs.get(name) is None}
        request = to_aws(_RULE | {"referencedSecurityGroupId": "ReferencedGroupId"}, {**inputs, **ports})
        aws.client("ec2").modify_security_group_rules(
            GroupId=inputs["securityGroupId"],
            SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": request}],
        )
    change_tags(aws, rule, state, inputs)


def _delete(aws: Aws, rule: str, state: Properties) -> None:
    client = aws.client("ec2")
    described = _describe(client, rule)
    if described is None:
        return
    direction = "egress" if described["IsEgress"] else "ingress"
    revoke = getattr(client, f"revoke_security_group_{direction}")
    existing(lambda: revoke(GroupId=described["GroupId"], SecurityGroupRuleIds=[rule]))


TYPES: tuple[ResourceType, ...] = tuple(
    ResourceType(
        token=f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule",
        create=create,
        read=_read,
        update=_update,
        delete=_delete,
        replaces=frozenset({"securityGroupId"}),
    )
    for direction, create in (("Ingress", _create_ingress), ("Egress", _create_egress))
)
