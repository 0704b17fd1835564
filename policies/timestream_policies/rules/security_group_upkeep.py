"""Rules on what security groups let out, what they say of themselves, and whether they are used."""

from collections.abc import Iterator

import timestream_policies.examples.security_groups as examples
from timestream_policies.cidr import is_internet
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.security_groups import GROUPS_PAGE, RULES_PAGE
from timestream_policies.security_group_users import conflict, is_used
from timestream_policies.security_groups import (
    DIRECTIONS,
    GROUPS,
    WITH_RULES,
    GroupRule,
    admits_internet,
    own_rules,
    rules_of,
)
from timestream_policies.stack import Stack
from timestream_policies.types import SECURITY_GROUP
from timestream_policies.undecided import holds

_SAID_BY_THE_PROVIDER = ("managed by pulumi", "managed by terraform")
_MOST_RULES = 50


@rule(
    "TS-NET-008",
    title="Not everything may go out to the internet",
    severity=Severity.MEDIUM,
    applies_to=WITH_RULES,
    why="Through an open way out, stolen data leaves and intruders fetch their tools.",
    fix="Name what is called: security groups, prefix lists of AWS services, or port 443 alone.",
    snippet=examples.SNIPPET,
    good=examples.EGRESS_GOOD,
    bad=examples.EGRESS_BAD,
    controls={"nist-800-53-r5": ["SC-7"], "soc-2": ["CC6.6"], "pci-dss-4.0": ["1.3.2"]},
    equivalents={
        "checkov": ["CKV_AWS_382"],
        "trivy": ["AWS-0104"],
        "guard": [
            "EC2_SECURITY_GROUP_EGRESS_OPEN_TO_WORLD_RULE",
            "SECURITY_GROUP_EGRESS_ALL_PROTOCOLS_RULE",
            "SECURITY_GROUP_EGRESS_PORT_RANGE_RULE",
            "SECURITY_GROUP_MISSING_EGRESS_RULE",
        ],
    },
    catalogue=["NET-08"],
    links=[RULES_PAGE],
)
def egress_is_limited(resource: Resource) -> Iterator[Finding]:
    """Judge the egress rules; a group without any lets nothing out."""
    for rule_ in own_rules(resource, "egress"):
        with rule_:
            if holds(rule_, admits_internet, GroupRule.is_range):
                ranges = " and ".join(cidr for cidr in rule_.cidrs.known if is_internet(cidr))
                yield resource.finding(f"lets {rule_.traffic} out to {ranges}", at=rule_.at, key=rule_.at)


@rule(
    "TS-NET-009",
    title="Security groups say what they are for",
    severity=Severity.LOW,
    applies_to=[SECURITY_GROUP],
    why="A group that nobody can explain is never cleaned up, only opened further.",
    fix="Set description to what stands behind the group; changing it later replaces the group.",
    snippet=examples.SNIPPET,
    good=examples.DESCRIBED_GOOD,
    bad=examples.DESCRIBED_BAD,
    controls={"soc-2": ["CC6.6"], "iso-27001-2022": ["A.8.20"]},
    equivalents={
        "checkov": ["CKV_AWS_23"],
        "cdk-nag": ["AwsSolutions-EC27"],
        "kics": ["cb3f5ed6"],
        "trivy": ["AWS-0099"],
        "guard": ["SECURITY_GROUP_DESCRIPTION_RULE"],
        "compliance-policies": ["aws-ec2-securitygroup-missing-description"],
    },
    catalogue=["NET-09"],
    links=[GROUPS_PAGE],
)
def groups_are_described(group: Resource) -> Iterator[Finding]:
    """Judge the description: what the provider writes for nothing says nothing."""
    text = str(group.get("description", "")).strip()
    if not text:
        yield group.finding("has no description", at="description")
    elif text.lower() in _SAID_BY_THE_PROVIDER:
        yield group.finding(f"is described as {text!r}, which says nothing", at="description")


@rule(
    "TS-NET-010",
    title="Rules of security groups say what they are for",
    severity=Severity.LOW,
    applies_to=WITH_RULES,
    why="Nobody dares to remove a rule whose reason is not written down.",
    fix="Give each rule a description that names the client and the purpose.",
    snippet=examples.SNIPPET,
    good=examples.RULES_DESCRIBED_GOOD,
    bad=examples.RULES_DESCRIBED_BAD,
    controls={"soc-2": ["CC6.6"], "pci-dss-4.0": ["1.2.5"], "iso-27001-2022": ["A.8.20"]},
    equivalents={
        "checkov": ["CKV_AWS_23"],
        "kics": ["68eb4bf3"],
        "trivy": ["AWS-0124"],
        "compliance-policies": [
            "aws-ec2-securitygroup-missing-ingress-rule-description",
            "aws-ec2-securitygroup-missing-egress-rule-description",
        ],
    },
    catalogue=["NET-10"],
    links=[RULES_PAGE],
)
def rules_are_described(resource: Resource) -> Iterator[Finding]:
    """Judge the description of each rule, in and out."""
    for direction in DIRECTIONS:
        for rule_ in own_rules(resource, direction):
            with rule_:
                if not rule_.description.strip():
                    what = f"its {rule_.part.path}" if rule_.part.path else "it"
                    yield resource.finding(f"does not say what {what} is for", at=rule_.at, key=rule_.at)


@rule(
    "TS-NET-011",
    title="Security groups are used by something",
    severity=Severity.LOW,
    applies_to=[SECURITY_GROUP],
    why="An unused group is a way in that waits for the next thing that is put behind it.",
    fix="Remove the group, or name it where it belongs.",
    snippet=examples.SNIPPET,
    good=examples.USED_GOOD,
    bad=examples.USED_BAD,
    controls={"soc-2": ["CC6.6"], "iso-27001-2022": ["A.8.20"], "aws-fsbp": ["EC2.22"]},
    equivalents={
        "checkov": ["CKV2_AWS_5"],
        "prowler": ["ec2_securitygroup_not_used"],
        "kics": ["4849211b"],
        "security-hub": ["EC2.22"],
    },
    catalogue=["NET-11"],
    links=[GROUPS_PAGE],
)
def groups_are_used(group: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for anything but its own rules that names the group."""
    if not is_used(group, stack):
        yield group.finding("is not used by anything in this stack", key="unused")


@rule(
    "TS-NET-016",
    title="The rules of a security group stand in one place",
    severity=Severity.MEDIUM,
    applies_to=GROUPS,
    why="Inline and separate rules take each other away on every update: no verdict on them holds.",
    fix="Move the inline rules into SecurityGroupIngressRule and SecurityGroupEgressRule resources.",
    snippet=examples.SNIPPET,
    good=examples.ONE_WAY_GOOD,
    bad=examples.ONE_WAY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.9"], "nist-800-53-r5": ["CM-2"]},
    equivalents={"awsguard": ["security-group-no-rule-management-conflicts"]},
    catalogue=["NET-20"],
    links=[RULES_PAGE],
)
def rules_stand_in_one_place(group: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the inline rules of a group with the separate ones, and the two kinds of those."""
    for direction in DIRECTIONS:
        with group:
            if found := conflict(group, stack, direction):
                yield group.finding(found, at=direction, key=direction)


@rule(
    "TS-NET-017",
    title="Security groups have no more than 50 rules each way",
    severity=Severity.MEDIUM,
    applies_to=GROUPS,
    why="Nobody reads a long list of rules, and what nobody reads stays open.",
    fix="Split the group by purpose, or name groups and prefix lists instead of many ranges.",
    snippet=examples.SNIPPET,
    good=examples.FEW_GOOD,
    bad=examples.FEW_BAD,
    controls={"iso-27001-2022": ["A.8.20"], "soc-2": ["CC6.6"]},
    equivalents={"prowler": ["ec2_securitygroup_with_many_ingress_egress_rules"]},
    catalogue=["NET-21"],
    links=["https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"],
)
def groups_are_small(group: Resource, stack: Stack) -> Iterator[Finding]:
    """Count the rules as EC2 does: one for each source."""
    for direction in DIRECTIONS:
        number = 0
        for rule_ in rules_of(group, stack, direction):
            with rule_:
                sources = rule_.sources
                number += len(sources.known)
                if number > _MOST_RULES:
                    what = f"has more than {_MOST_RULES} {direction} rules"
                    yield group.finding(what, at=direction, key=direction)
                    break
                sources.list()
