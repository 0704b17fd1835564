"""Security groups with their inline rules."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import chosen_name, found
from aws_sandbox.services.ec2 import permissions
from aws_sandbox.services.ec2._common import arn, change_tags, existing, tag_specifications

_DIRECTIONS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


def _create(aws: Aws, inputs: Properties) -> str:
    client = aws.client("ec2")
    vpc = {"VpcId": inputs["vpcId"]} if inputs.get("vpcId") else {}
    answer = client.create_security_group(
        GroupName=chosen_name(inputs),
        Description=inputs["description"],
        **vpc,
        **tag_specifications("security-group", inputs),
    )
    group = str(answer["GroupId"])
    with finishing(group):
        # AWS lets a new group reach everything; the real provider takes that rule away.
        for permission in _describe(client, group)["IpPermissionsEgress"]:
            client.revoke_security_group_egress(GroupId=group, IpPermissions=[permission])
        for direction in _DIRECTIONS:
            _change_rules(client, group, direction, [], inputs.get(direction) or [])
    return group


def _describe(client: Any, group: str) -> dict[str, Any]:
    groups: list[dict[str, Any]] = client.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    return groups[0]


def _change_rules(
    client: Any, group: str, direction: str, old: list[Properties], new: list[Properties]
) -> None:
    """Revoke the rules that are no longer there, then authorize the new ones."""
    before = [permissions.normal(rule) for rule in old]
    after = [permissions.normal(rule) for rule in new]
    revoke = getattr(client, f"revoke_security_group_{direction}")
    authorize = getattr(client, f"authorize_security_group_{direction}")
    for call, rules in (
        (revoke, [rule for rule in before if rule not in after]),
        (authorize, [rule for rule in after if rule not in before]),
    ):
        if rules:
            call(GroupId=group, IpPermissions=[permissions.to_permission(rule, group) for rule in rules])


def _read(aws: Aws, group: str, state: Properties) -> Properties | None:
    client = aws.client("ec2")
    described = existing(lambda: _describe(client, group))
    if described is None:
        return None
    vpc = {"vpcId": described["VpcId"]} if described.get("VpcId") else {}
    return {
        "arn": arn(aws, "security-group", group),
        "name": described["GroupName"],
        "description": described["Description"],
        "ownerId": described["OwnerId"],
        **vpc,
        **{
            direction: permissions.as_stated(
                state.get(direction), permissions.from_permissions(described.get(key, []), group)
            )
            for direction, key in _DIRECTIONS.items()
        },
        "tagsAll": _tags.from_list(described.get("Tags", [])),
    }


def _update(aws: Aws, group: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("ec2")
    for direction in _DIRECTIONS:
        # Rules that the program does not state inline belong to resources of their own.
        if inputs.get(direction) is not None:
            _change_rules(client, group, direction, state.get(direction) or [], inputs[direction])
    change_tags(aws, group, state, inputs)


def _delete(aws: Aws, group: str, state: Properties) -> None:
    client = aws.client("ec2")
    described = existing(lambda: _describe(client, group))
    if described is None:
        return
    if state.get("revokeRulesOnDelete"):
        for direction, key in _DIRECTIONS.items():
            rules = permissions.from_permissions(described.get(key, []), group)
            _change_rules(client, group, direction, rules, [])
    found(lambda: client.delete_security_group(GroupId=group), "InvalidGroup.NotFound")


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:ec2/securityGroup:SecurityGroup",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        replaces=frozenset({"name", "namePrefix", "description", "vpcId"}),
        defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
        autoname="name",
        autoname_prefix="namePrefix",
        write_only=frozenset({"revokeRulesOnDelete"}),
    ),
)
