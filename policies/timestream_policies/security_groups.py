"""What security groups let through, in one form for the four ways to write a rule, and who uses them.

A rule stands in its group (`ingress`, `egress`), in a `SecurityGroupRule`, or in a
`vpc.SecurityGroupIngressRule` or `vpc.SecurityGroupEgressRule`.
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from timestream_policies.cidr import is_internet
from timestream_policies.model import Part, Resource, top_of
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DEFAULT_SECURITY_GROUP,
    DEFAULT_VPC,
    PREFIX_LIST,
    PREFIX_LIST_ENTRY,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    VPC,
)
from timestream_policies.undecided import Judged, Undecided, Words, any_of

Direction = Literal["ingress", "egress"]
DIRECTIONS: tuple[Direction, ...] = ("ingress", "egress")

GROUPS = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
GROUP_RULES = (SECURITY_GROUP_RULE, SECURITY_GROUP_INGRESS_RULE, SECURITY_GROUP_EGRESS_RULE)
WITH_RULES = (*GROUPS, *GROUP_RULES)
ALL_PORTS = (0, 65535)

_ALL = "all"
_PROTOCOLS = {"-1": _ALL, "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_WITH_PORTS = (_ALL, "tcp", "udp")
_OTHER = frozenset({"icmp", "icmpv6", *(str(number) for number in range(256))})
_DIRECTION = {SECURITY_GROUP_INGRESS_RULE: "ingress", SECURITY_GROUP_EGRESS_RULE: "egress"}


class _Names(msgspec.Struct, frozen=True):
    """What the properties of a rule are called."""

    protocol: str
    cidrs: tuple[str, ...]
    prefix_lists: str
    groups: str


_INLINE = _Names("protocol", ("cidrBlocks", "ipv6CidrBlocks"), "prefixListIds", "securityGroups")
_CLASSIC = _Names("protocol", ("cidrBlocks", "ipv6CidrBlocks"), "prefixListIds", "sourceSecurityGroupId")
_SINGLE = _Names("ipProtocol", ("cidrIpv4", "cidrIpv6"), "prefixListId", "referencedSecurityGroupId")


class GroupRule(Judged):
    """One rule of a security group. Reading what is unknown raises `Undecided`; judge each `with rule:`."""

    __slots__ = ("_names", "_ranges", "direction", "part")

    def __init__(self, part: Part, direction: Direction, names: _Names) -> None:
        self.part = part
        self.direction = direction
        self._names = names
        self._ranges: Words[str] | None = None

    @property
    def resource(self) -> Resource:
        """The resource in which the rule stands."""
        return self.part.resource

    @property
    def at(self) -> str:
        """Where in that resource: `ingress[0]`; for a rule of its own the group that it belongs to."""
        return self.part.path or "securityGroupId"

    def is_there(self) -> bool:
        """Tell whether this is a rule; an item of a list that is unknown altogether may come to nothing."""
        known = isinstance(self.part, Resource) or isinstance(self.part.partly_known, dict)
        return known or self.part.value is not None

    @property
    def protocol(self) -> str:
        """`all`, `tcp`, `udp`, `icmp`, `icmpv6` or a number. What EC2 does not know counts as `all`."""
        text = str(self.part.get(self._names.protocol, _ALL)).lower()
        protocol = _PROTOCOLS.get(text, text)
        return protocol if protocol in _WITH_PORTS or protocol in _OTHER else _ALL

    @property
    def ports(self) -> tuple[int, int] | None:
        """The first and the last port; None for a protocol without ports."""
        protocol = self.protocol
        if protocol == _ALL:
            return ALL_PORTS  # EC2 takes no notice of ports then
        if protocol not in _WITH_PORTS:
            return None
        first = int(self.part.number("fromPort", ALL_PORTS[0]))
        last = int(self.part.number("toPort", ALL_PORTS[1]))
        # -1 is every port; 0 to 0 is what people write for it, and port 0 means nothing else.
        return ALL_PORTS if -1 in (first, last) or (first, last) == (0, 0) else (first, last)

    def covers(self, port: int) -> bool:
        """Tell whether the rule lets traffic to a port through."""
        ports = self.ports
        return ports is not None and ports[0] <= port <= ports[1]

    @property
    def traffic(self) -> str:
        """What is let through, for messages."""
        protocol, ports = self.protocol, self.ports
        if protocol == _ALL:
            return "all protocols"
        if ports is None:
            return f"protocol {protocol}"
        if ports == ALL_PORTS:
            return f"all {protocol} ports"
        first, last = ports
        return f"{protocol} port {first}" if first == last else f"{protocol} ports {first} to {last}"

    def is_range(self) -> bool:
        """Tell whether the rule is for more than one port."""
        ports = self.ports
        return ports is not None and ports[0] != ports[1]

    @property
    def cidrs(self) -> Words[str]:
        """The address ranges, IPv4 and IPv6, and those in prefix lists of this stack."""
        if self._ranges is None or self.resource.stack is None:
            words = [self.part.words(name) for name in self._names.cidrs]
            lists = self.prefix_lists
            if lists.known or lists.unknown is not None:
                words.append(self._listed(lists))
            unknown = next((word.unknown for word in words if word.unknown is not None), None)
            self._ranges = Words([str(cidr) for word in words for cidr in word.known], unknown)
        return self._ranges

    def _listed(self, named: Words[Any]) -> Words[str]:
        """Return the address ranges in the prefix lists; those of AWS and of others are narrow enough."""
        path = self.part.path or self._names.prefix_lists
        stack = self.resource.stack
        if stack is None:
            return Words((), Undecided(self.resource.urn, path, "is not known before the whole stack is"))
        lists = [it for it in stack.of_type(PREFIX_LIST) if it.id and it.id in named.known]
        unknown = named.unknown
        if unknown is not None:
            targets = self.resource.property_dependencies.get(top_of(path), ())
            behind = [
                it for it in map(stack.by_urn.get, targets) if it is not None and it.type == PREFIX_LIST
            ]
            lists += behind
            unknown = None if behind else unknown
        ranges: list[str] = []
        for prefix_list in lists:
            places = [*prefix_list.each("entries")]
            places += stack.each_referring(prefix_list, PREFIX_LIST_ENTRY, "prefixListId")
            for place in places:
                words = place.words("cidr")
                ranges += [str(cidr) for cidr in words.known]
                unknown = unknown or words.unknown
        return Words(ranges, unknown)

    @property
    def prefix_lists(self) -> Words[Any]:
        """The ids of prefix lists."""
        return self.part.words(self._names.prefix_lists)

    @property
    def groups(self) -> Words[Any]:
        """The ids of other groups."""
        return self.part.words(self._names.groups)

    @property
    def sources(self) -> Words[Any]:
        """All sources or targets: EC2 counts each as a rule."""
        words = [self.cidrs, self.prefix_lists, self.groups]
        unknown = next((word.unknown for word in words if word.unknown is not None), None)
        return Words([source for word in words for source in word.known], unknown)

    @property
    def description(self) -> str:
        """What the rule is for, in the words of its author."""
        return str(self.part.get("description", ""))


def admits_internet(rule: GroupRule) -> bool:
    """Tell whether a rule has the internet for a source, or for a target."""
    return any_of(rule.cidrs, is_internet)


def own_rules(resource: Resource, direction: Direction) -> Iterator[GroupRule]:
    """Yield the rules that stand in a resource: in a group, or the one that a rule is."""
    yield from resource.once(f"{direction} rules", lambda: list(_read_rules(resource, direction)))


def _read_rules(resource: Resource, direction: Direction) -> Iterator[GroupRule]:
    if resource.type in GROUPS:
        for part in resource.each(direction):
            yield GroupRule(part, direction, _INLINE)
    elif resource.type == SECURITY_GROUP_RULE:
        if (str(resource.get("type")).lower() == "egress") is (direction == "egress"):
            yield GroupRule(resource, direction, _CLASSIC)
    elif _DIRECTION.get(resource.type) == direction:
        yield GroupRule(resource, direction, _SINGLE)


def rules_of(group: Resource, stack: Stack, direction: Direction) -> Iterator[GroupRule]:
    """Yield all rules of a group, inline and stand-alone; then raise if some could not be placed."""
    open_question: Undecided | None = None
    for source in _places(group, stack):
        try:
            yield from own_rules(source, direction) if isinstance(source, Resource) else ()
        except Undecided as undecided:
            open_question = undecided
        if isinstance(source, Undecided):
            open_question = source
    if open_question is not None:
        raise open_question


def _places(group: Resource, stack: Stack) -> Iterator[Resource | Undecided]:
    yield group
    for type_ in GROUP_RULES:
        try:
            yield from stack.each_referring(group, type_, "securityGroupId")
        except Undecided as undecided:
            yield undecided


def reachable_from(group: Resource, stack: Stack, port: int) -> Iterator[tuple[GroupRule, str]]:
    """Yield the address ranges from which a group lets traffic to a port in, each with its rule.

    What is unknown is noted, and raises at the end; so take it in a loop, or with `any_of`.
    """
    open_question: Undecided | None = None
    rules = rules_of(group, stack, "ingress")
    while True:
        try:
            rule = next(rules)
        except StopIteration:
            break
        except Undecided as undecided:
            open_question = undecided
            break
        try:
            if rule.covers(port):
                for cidr in rule.cidrs:
                    yield rule, cidr
        except Undecided as undecided:
            open_question = undecided
    if open_question is not None:
        raise open_question


def groups_of(resource: Resource, path: str, stack: Stack) -> list[Resource]:
    """Return the security groups of this stack that a property names; groups of others are an assumption."""
    return stack.behind(resource, path, *GROUPS)


def default_group_of(resource: Resource, path: str, stack: Stack) -> Resource | None:
    """Return the default group that a property names, or the VPC whose default group it takes."""
    words = resource.words(path)
    by_id = stack.once("VPCs by default group", lambda: _vpcs_by_default_group(stack))
    for value in words.known:
        if value in by_id:
            return by_id[value]
    named = stack.find_behind(resource, path, *GROUPS, VPC, DEFAULT_VPC)
    default = next((target for target in named if target.type == DEFAULT_SECURITY_GROUP), None)
    vpc = next((target for target in named if target.type in (VPC, DEFAULT_VPC)), None)
    if default is None and vpc is not None and len(named) > 1 and words.unknown is not None:
        raise words.unknown  # a group beside it: which of the two is meant, nothing says
    return default or vpc


def _vpcs_by_default_group(stack: Stack) -> dict[str, Resource]:
    vpcs = {vpc.output("defaultSecurityGroupId"): vpc for vpc in stack.of_type(VPC, DEFAULT_VPC)}
    return {id_: vpc for id_, vpc in vpcs.items() if id_}
