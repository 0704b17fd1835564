"""One form for the four ways to write a rule of a security group."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.policies.helpers import UNKNOWN
from timestream_policies.cidr import is_internet, is_private, is_wide, is_wider_than_allowed, lies_within
from timestream_policies.examples import Given, build
from timestream_policies.security_groups import (
    ALL_PORTS,
    default_group_of,
    groups_of,
    own_rules,
    reachable_from,
    rules_of,
)
from timestream_policies.settings import DEFAULTS
from timestream_policies.types import (
    DB_INSTANCE,
    DEFAULT_SECURITY_GROUP,
    PREFIX_LIST,
    PREFIX_LIST_ENTRY,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    VPC,
)
from timestream_policies.undecided import Undecided

INLINE = {"protocol": "tcp", "fromPort": 8086, "toPort": 8086, "cidrBlocks": ["10.0.0.0/16"]}
CLASSIC = {"type": "ingress", "securityGroupId": "sg-1", **INLINE}
SINGLE = {
    "securityGroupId": "sg-1",
    "ipProtocol": "tcp",
    "fromPort": 8086,
    "toPort": 8086,
    "cidrIpv4": "10.0.0.0/16",
}


@pytest.mark.parametrize(
    ("change", "ports"),
    [
        ({}, (8086, 8086)),
        ({"fromPort": "8000", "toPort": "9000"}, (8000, 9000)),
        ({"fromPort": None, "toPort": None}, ALL_PORTS),
        ({"fromPort": -1, "toPort": -1}, ALL_PORTS),
        ({"fromPort": 0, "toPort": 0}, ALL_PORTS),
        ({"protocol": "-1"}, ALL_PORTS),
        ({"protocol": -1}, ALL_PORTS),
        ({"protocol": "ALL"}, ALL_PORTS),
        ({"protocol": "everything"}, ALL_PORTS),
        ({"protocol": None}, ALL_PORTS),
        ({"protocol": "TCP"}, (8086, 8086)),
        ({"protocol": 6}, (8086, 8086)),
        ({"protocol": "17"}, (8086, 8086)),
        ({"protocol": "icmp"}, None),
        ({"protocol": "58"}, None),
        ({"protocol": "50"}, None),
    ],
)
def test_ports_are_read_as_ec2_reads_them(change: dict[str, Any], ports: object) -> None:
    for type_, properties in (
        (SECURITY_GROUP, {"ingress": [{**INLINE, **change}]}),
        (SECURITY_GROUP_RULE, {**CLASSIC, **change}),
        (
            SECURITY_GROUP_INGRESS_RULE,
            {**SINGLE, **{{"protocol": "ipProtocol"}.get(name, name): it for name, it in change.items()}},
        ),
    ):
        resource = build((Given(type_, properties),)).resources[0]
        assert [rule.ports for rule in own_rules(resource, "ingress")] == [ports]
        assert list(own_rules(resource, "egress")) == []


def test_a_rule_goes_one_way() -> None:
    stack = build(
        (
            Given(SECURITY_GROUP_RULE, {**CLASSIC, "type": "egress"}, "classic"),
            Given(SECURITY_GROUP_EGRESS_RULE, SINGLE, "single"),
            Given(DEFAULT_SECURITY_GROUP, {"egress": [INLINE, INLINE]}, "default"),
        )
    )
    for resource, number in zip(stack.resources, (1, 1, 2), strict=True):
        assert len(list(own_rules(resource, "egress"))) == number
        assert list(own_rules(resource, "ingress")) == []


def group(**properties: Any) -> Given:
    return Given(SECURITY_GROUP, properties, "group", outputs={"id": "sg-1"})


def test_all_rules_of_a_group_are_found_wherever_they_stand() -> None:
    of_group = {"securityGroupId": ("group",)}
    second = {**CLASSIC, "cidrBlocks": ["10.1.0.0/16"]}
    another_port = {**CLASSIC, "fromPort": 22, "toPort": 22}
    unknown = {**SINGLE, "securityGroupId": UNKNOWN, "cidrIpv4": None, "cidrIpv6": "2001:db8::/64"}
    stack = build(
        (
            group(ingress=[{**INLINE, "ipv6CidrBlocks": ["fd00::/48"]}]),
            Given(SECURITY_GROUP_RULE, second, "a"),
            Given(SECURITY_GROUP_INGRESS_RULE, unknown, "b", of_group),
            Given(SECURITY_GROUP_INGRESS_RULE, {**SINGLE, "securityGroupId": "sg-2"}, "c"),
            Given(SECURITY_GROUP_RULE, another_port, "d", of_group),
        )
    )
    main = stack.resources[0]
    assert [rule.resource.name for rule in rules_of(main, stack, "ingress")] == ["group", "a", "d", "b"]
    assert [cidr for _, cidr in reachable_from(main, stack, 8086)] == [
        "10.0.0.0/16",
        "fd00::/48",
        "10.1.0.0/16",
        "2001:db8::/64",
    ]
    assert list(rules_of(main, stack, "egress")) == []


def test_prefix_lists_of_the_stack_are_opened() -> None:
    def of(rule: dict[str, Any], *others: Given, depends: Mapping[str, tuple[str, ...]] | None = None) -> Any:
        main = Given(SECURITY_GROUP_INGRESS_RULE, {**SINGLE, "cidrIpv4": None, **rule}, depends=depends or {})
        stack = build((main, *others))
        (found,) = own_rules(stack.resources[0], "ingress")
        return found.cidrs

    list_ = Given(PREFIX_LIST, {"entries": [{"cidr": "0.0.0.0/0"}]}, "list", id="pl-1")
    entry = Given(PREFIX_LIST_ENTRY, {"prefixListId": "pl-1", "cidr": "10.0.0.0/8"}, "entry")
    assert of({"prefixListId": "pl-1"}, list_, entry).list() == ["0.0.0.0/0", "10.0.0.0/8"]
    assert of({"prefixListId": "pl-2"}, list_, entry).list() == []
    made = {"prefixListId": ("list",)}
    assert of({"prefixListId": UNKNOWN}, list_, depends=made).list() == ["0.0.0.0/0"]
    unknown = of({"prefixListId": UNKNOWN, "cidrIpv4": "10.0.0.0/16"}, list_)
    assert unknown.known == ("10.0.0.0/16",)
    assert unknown.unknown is not None


def test_prefix_lists_in_inline_rules_are_opened() -> None:
    list_ = Given(PREFIX_LIST, {"entries": [{"cidr": "0.0.0.0/0"}]}, "list", id="pl-1")
    for id_, depends in (("pl-1", {}), (UNKNOWN, {"ingress": ("list",)})):
        rule = {**INLINE, "prefixListIds": [id_]}
        main = Given(SECURITY_GROUP, {"ingress": [rule, INLINE]}, depends=depends)
        first, second = own_rules(build((main, list_)).resources[0], "ingress")
        assert first.cidrs.list() == ["10.0.0.0/16", "0.0.0.0/0"]
        assert second.cidrs.list() == ["10.0.0.0/16"]


def test_what_is_known_comes_before_what_is_not() -> None:
    stack = build(
        (
            group(ingress=[{**INLINE, "fromPort": UNKNOWN}, INLINE]),
            Given(SECURITY_GROUP_RULE, {**CLASSIC, "securityGroupId": UNKNOWN}, "unplaced"),
        )
    )
    found = reachable_from(stack.resources[0], stack, 8086)
    assert next(found)[1] == "10.0.0.0/16"
    with pytest.raises(Undecided):
        next(found)


def test_groups_and_default_groups_behind_a_property() -> None:
    def of(value: Any, *others: Given, depends: tuple[str, ...] = ()) -> Any:
        main = Given(DB_INSTANCE, {"vpcSecurityGroupIds": value}, depends={"vpcSecurityGroupIds": depends})
        stack = build((main, *others))
        found = default_group_of(stack.resources[0], "vpcSecurityGroupIds", stack)
        names = [it.name for it in groups_of(stack.resources[0], "vpcSecurityGroupIds", stack)]
        return names, found and found.name

    vpc = Given(VPC, {"cidrBlock": "10.0.0.0/16"}, "vpc", outputs={"defaultSecurityGroupId": "sg-default"})
    default = Given(DEFAULT_SECURITY_GROUP, {"vpcId": "vpc-1"}, "default")
    assert of(["sg-1"], group()) == (["group"], None)
    assert of(["sg-9"], group()) == ([], None)
    assert of(["sg-default"], vpc) == ([], "vpc")
    assert of([UNKNOWN], default, depends=("default",)) == (["default"], "default")
    assert of([UNKNOWN], group(), depends=("group",)) == (["group"], None)
    with pytest.raises(Undecided):
        of([UNKNOWN], vpc, depends=("vpc",))
    with pytest.raises(Undecided):
        of([UNKNOWN], vpc, group(), depends=("vpc", "group"))
    main = Given(DB_INSTANCE, {"vpcSecurityGroupIds": [UNKNOWN]}, depends={"vpcSecurityGroupIds": ("vpc",)})
    stack = build((main, vpc))
    found = default_group_of(stack.resources[0], "vpcSecurityGroupIds", stack)
    assert found is not None
    assert found.name == "vpc"


@pytest.mark.parametrize(
    ("cidr", "internet", "private", "wide", "wider"),
    [
        ("0.0.0.0/0", True, False, True, True),
        ("1.2.3.4/0", True, False, True, True),
        ("10.0.0.0/0", True, False, True, True),
        ("0.0.0.0/1", True, False, True, True),
        ("128.0.0.0/1", True, False, True, True),
        ("::/0", True, False, True, True),
        ("::/1", True, False, True, True),
        ("2000::/3", True, False, True, True),
        ("0:0:0:0:0:0:0:0/0", True, False, True, True),
        ("everything", True, False, True, True),
        ("82.122.0.0/16", False, False, True, False),
        ("172.0.0.1/11", False, False, True, True),
        ("203.0.113.7/32", False, False, False, False),
        ("203.0.113.7", False, False, False, False),
        ("10.0.0.0/8", False, True, True, True),
        ("192.168.0.0/16", False, True, False, False),
        ("fc00::/7", False, True, True, True),
        ("fd00:1::/48", False, True, False, False),
        ("2001:db8::/32", False, False, True, True),
    ],
)
def test_ranges(cidr: str, internet: bool, private: bool, wide: bool, wider: bool) -> None:
    thresholds = DEFAULTS.thresholds
    assert is_internet(cidr) is internet
    assert is_private(cidr) is private
    assert is_wide(cidr, thresholds) is wide
    assert is_wider_than_allowed(cidr, thresholds) is wider


def test_ranges_of_two_families_never_lie_in_each_other() -> None:
    assert lies_within("10.0.1.0/24", "10.0.0.0/16")
    assert not lies_within("10.1.0.0/24", "10.0.0.0/16")
    assert not lies_within("fd00::/64", "0.0.0.0/0")
