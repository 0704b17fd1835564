"""Who uses a security group, and who writes its rules."""

from collections.abc import Iterator

from timestream_policies.model import Resource
from timestream_policies.security_groups import GROUP_RULES, GROUPS, Direction, GroupRule, own_rules
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DB_CLUSTER,
    DB_INSTANCE,
    DEFAULT_SECURITY_GROUP,
    SECURITY_GROUP_ASSOCIATION,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    VPC_ENDPOINT,
    short,
)
from timestream_policies.undecided import Undecided, any_of
from timestream_policies.values import first_unknown

_ATTACHMENT = "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment"
# Where a group is named by its id alone; a reference to it is found whatever the type.
_USERS = (
    (DB_INSTANCE, "vpcSecurityGroupIds"),
    (DB_CLUSTER, "vpcSecurityGroupIds"),
    (VPC_ENDPOINT, "securityGroupIds"),
    (SECURITY_GROUP_ASSOCIATION, "securityGroupId"),
    (SECURITY_GROUP_RULE, "sourceSecurityGroupId"),
    (SECURITY_GROUP_INGRESS_RULE, "referencedSecurityGroupId"),
    (SECURITY_GROUP_EGRESS_RULE, "referencedSecurityGroupId"),
    (_ATTACHMENT, "securityGroupId"),
    ("aws:ec2/networkInterface:NetworkInterface", "securityGroups"),
    ("aws:ec2/instance:Instance", "vpcSecurityGroupIds"),
    ("aws:ec2/launchTemplate:LaunchTemplate", "vpcSecurityGroupIds"),
    ("aws:ecs/service:Service", "networkConfiguration.securityGroups"),
    ("aws:lambda/function:Function", "vpcConfig.securityGroupIds"),
    ("aws:lb/loadBalancer:LoadBalancer", "securityGroups"),
    ("aws:rds/cluster:Cluster", "vpcSecurityGroupIds"),
    ("aws:rds/instance:Instance", "vpcSecurityGroupIds"),
)
_SINGLE = {"ingress": SECURITY_GROUP_INGRESS_RULE, "egress": SECURITY_GROUP_EGRESS_RULE}


def is_used(group: Resource, stack: Stack) -> bool:
    """Tell whether anything but its own rules names a group."""
    if group.urn in stack.once("what something depends on", lambda: _depended_on(stack)):
        return True

    def is_found(place: tuple[str, str]) -> bool:
        type_, path = place
        if type_ in GROUPS:
            return any_of(_named_inline(stack), lambda id_: bool(group.id) and id_ == group.id)
        found = stack.referring(group, type_, path)
        if not found or type_ not in GROUP_RULES:
            return bool(found)
        own = {rule.urn for rule in stack.referring(group, type_, "securityGroupId")}
        return any(rule.urn not in own for rule in found)

    return any_of((*_USERS, (GROUPS[0], "ingress")), is_found) or _is_exported(group, stack)


def _depended_on(stack: Stack) -> frozenset[str]:
    found: set[str] = set()
    for resource in stack.resources:
        by_property = resource.property_dependencies
        if resource.type in GROUP_RULES:
            # Its own group does not use it, not even where it names itself as a source.
            others = {target for targets in by_property.values() for target in targets}
            found |= others.difference(by_property.get("securityGroupId", ()))
        else:
            found.update(target for targets in by_property.values() for target in targets)
    return frozenset(found)


def _named_inline(stack: Stack) -> Iterator[str]:
    """Yield the groups that inline rules name; then raise if some are unknown."""
    known, unknown = stack.once("groups that inline rules name", lambda: _index_inline(stack))
    yield from known
    if unknown is not None:
        raise unknown.with_traceback(None)


def _index_inline(stack: Stack) -> tuple[frozenset[str], Undecided | None]:
    known: set[str] = set()
    unknown: Undecided | None = None
    for group in stack.of_type(*GROUPS):
        for direction in ("ingress", "egress"):
            try:
                for rule in own_rules(group, direction):
                    known.update(str(id_) for id_ in rule.groups.known)
                    unknown = unknown or rule.groups.unknown
            except Undecided as undecided:
                unknown = undecided
    return frozenset(known), unknown


def _is_exported(group: Resource, stack: Stack) -> bool:
    """Tell whether the program exports the id of a group: then another stack may use it."""
    root = stack.by_urn.get(stack.urn)
    unknown: Undecided | None = None
    for name in root.outputs if root is not None else ():
        value = root.outputs.get(name) if root is not None else None
        if group.id and value == group.id:
            return True
        if found := first_unknown(value, name):
            unknown = Undecided(stack.urn, found[0], found[1].reason)
    if unknown is not None:
        raise unknown
    return False


def conflict(group: Resource, stack: Stack, direction: Direction) -> str | None:
    """Return the two kinds of resources that write the rules of a group one way; None if it is one kind."""
    kinds = (SECURITY_GROUP_RULE, _SINGLE[direction])
    inline = group.type == DEFAULT_SECURITY_GROUP or any_of(own_rules(group, direction), GroupRule.is_there)
    if not inline and not all(any(True for _ in stack.of_type(kind)) for kind in kinds):
        return None
    found = [f"{short(group.type)} itself"] if inline else []
    for kind in kinds:
        rules = [
            rule
            for rule in stack.referring(group, kind, "securityGroupId")
            if any(own_rules(rule, direction))
        ]
        found += [f"{short(kind)} {rule.name!r}" for rule in rules[:1]]
        if len(found) > 1:
            return f"has {direction} rules in {found[0]} and in {found[1]}, which overwrite each other"
    return None
