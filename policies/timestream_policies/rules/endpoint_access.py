"""Rules on who may do what through VPC endpoints: policies and security groups."""

from collections.abc import Callable, Iterator

import timestream_policies.examples.endpoints as examples
from timestream_policies.cidr import is_private, is_wide
from timestream_policies.documents import Condition, Statement
from timestream_policies.endpoints import (
    groups_of_endpoint,
    is_for_timestream,
    is_interface,
    service_of,
    takes_a_policy,
)
from timestream_policies.iam import is_anyone, is_every_action, is_specific, narrows, narrows_resources
from timestream_policies.model import Finding, Resource
from timestream_policies.references import names_something
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.endpoints import ENDPOINTS_PAGE, PRIVATELINK_PAGE
from timestream_policies.security_groups import GroupRule, default_group_of, rules_of
from timestream_policies.stack import Stack
from timestream_policies.types import SECURITY_GROUP_ASSOCIATION, VPC_ENDPOINT, VPC_ENDPOINT_POLICY
from timestream_policies.undecided import all_of, any_of, holds

POLICIES_PAGE = f"{PRIVATELINK_PAGE}vpc-endpoints-access.html"
# Every request through the endpoint comes from it and from its VPC: such a condition keeps nobody out.
_ALWAYS_TRUE = frozenset({"aws:sourcevpc", "aws:sourcevpce"})
_TLS = (443, 443)


def _narrows(condition: Condition) -> bool:
    return condition.key not in _ALWAYS_TRUE and (narrows(condition) or narrows_resources(condition))


def _speaks_to_anyone(statement: Statement) -> bool:
    return any_of(statement.principals, is_anyone) or bool(statement.not_principals)


def _reaches_others(statement: Statement) -> bool:
    """Tell whether the resources may be those of other accounts."""
    return bool(statement.not_resources) or not all_of(statement.resources, is_specific)


def _is_limited_by_nothing(statement: Statement) -> bool:
    return not any_of(statement.conditions, _narrows)


def _allows_everything(statement: Statement) -> bool:
    if statement.not_actions:
        return True
    return any_of(statement.actions, lambda action: is_every_action(action) or action.endswith(":*"))


def _is_open(statement: Statement, *more: Callable[[Statement], bool]) -> bool:
    """Tell whether a statement lets strangers reach what is not ours, and passes more tests."""
    return holds(
        statement, lambda it: it.allows, _speaks_to_anyone, _reaches_others, _is_limited_by_nothing, *more
    )


@rule(
    "TS-EP-002",
    title="Endpoint policies do not let everybody do everything",
    severity=Severity.HIGH,
    applies_to=[VPC_ENDPOINT, VPC_ENDPOINT_POLICY],
    why="Through an open endpoint, data leaves for accounts of strangers without crossing the internet.",
    fix="Give the endpoint a policy with a condition on aws:PrincipalAccount or aws:PrincipalOrgID.",
    snippet=examples.SNIPPET,
    good=examples.LIMITED_GOOD,
    bad=examples.LIMITED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["AC-4", "SC-7"],
        "soc-2": ["CC6.6"],
        "iso-27001-2022": ["A.8.20"],
        "aws-timestream-security": ["security-best-practices"],
    },
    equivalents={"prowler": ["vpc_endpoint_connections_trust_boundaries"]},
    catalogue=["GAP-45", "NET-16"],
    links=[POLICIES_PAGE, ENDPOINTS_PAGE],
)
def endpoint_policies_are_limited(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge each statement, and the policy that AWS gives to an endpoint without one."""
    document = resource.document("policy")
    if document is None:
        if _has_the_policy_of_aws(resource, stack):
            yield resource.finding("has no policy: everybody may do everything through it", at="policy")
        return
    for statement in document.statements:
        with statement:
            if _is_open(statement, _allows_everything):
                yield resource.finding(
                    f"lets everybody do everything: {statement} of its policy",
                    at="policy",
                    key=f"policy/{statement.key}",
                )


def _has_the_policy_of_aws(resource: Resource, stack: Stack) -> bool:
    if resource.type == VPC_ENDPOINT_POLICY:
        return True
    return takes_a_policy(service_of(resource)) and not stack.referring(
        resource, VPC_ENDPOINT_POLICY, "vpcEndpointId"
    )


@rule(
    "TS-EP-003",
    title="Endpoint policies name whom they admit",
    severity=Severity.MEDIUM,
    applies_to=[VPC_ENDPOINT, VPC_ENDPOINT_POLICY],
    why="Whoever brings credentials of another account into the VPC can carry data to it.",
    fix="Add a condition on aws:PrincipalAccount or aws:PrincipalOrgID, or name trusted principals.",
    snippet=examples.SNIPPET,
    good=examples.NAMED_GOOD,
    bad=examples.NAMED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["AC-4"],
        "iso-27001-2022": ["A.8.20"],
        "aws-timestream-security": ["security-best-practices"],
    },
    equivalents={"prowler": ["vpc_endpoint_connections_trust_boundaries"]},
    catalogue=["NET-16"],
    links=[POLICIES_PAGE, ENDPOINTS_PAGE],
)
def endpoint_policies_name_principals(resource: Resource) -> Iterator[Finding]:
    """Judge the statements that are limited to some actions, and the accounts that are named."""
    document = resource.document("policy")
    for statement in document.statements if document else ():
        with statement:
            if _is_open(statement, _allows_little):
                yield resource.finding(
                    f"lets everybody in: {statement} of its policy allows a wildcard principal, "
                    "and neither its conditions nor its resources keep strangers out",
                    at="policy",
                    key=f"policy/{statement.key}",
                )
        with statement:
            if resource.settings.trusted_accounts and statement.allows:
                for account in _strangers(resource, statement):
                    yield resource.finding(
                        f"admits the account {account}, which is not trusted: {statement} of its policy",
                        at="policy",
                        key=f"policy/{statement.key}/{account}",
                    )


def _allows_little(statement: Statement) -> bool:
    return not _allows_everything(statement)


def _strangers(resource: Resource, statement: Statement) -> Iterator[str]:
    own = (resource.output("arn") or "::::").split(":")[4]
    for principal in statement.principals:
        fields = principal.value.split(":")
        account = fields[4] if len(fields) > 5 else principal.value
        is_account = account.isdigit() and len(account) == 12
        if (
            principal.kind == "AWS"
            and is_account
            and account not in (own, *resource.settings.trusted_accounts)
        ):
            yield account


@rule(
    "TS-EP-008",
    title="Interface endpoints have security groups of their own",
    severity=Severity.HIGH,
    applies_to=[VPC_ENDPOINT],
    why="The default group opens the endpoint to all its members, and changes with the needs of others.",
    fix="Name a group that admits TLS from the clients in security_group_ids.",
    snippet=examples.SNIPPET,
    good=examples.OWN_GROUP_GOOD,
    bad=examples.OWN_GROUP_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["SC-7"],
        "soc-2": ["CC6.6"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-04", "GAP-49"],
    links=[f"{PRIVATELINK_PAGE}create-interface-endpoint.html"],
)
def endpoints_have_groups(endpoint: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a group on the endpoint or beside it, and at which group it is."""
    if not is_interface(endpoint):
        return

    def has_group(place: str) -> bool:
        if place == "inline":
            return names_something(endpoint, "securityGroupIds")
        beside = stack.each_referring(endpoint, SECURITY_GROUP_ASSOCIATION, "vpcEndpointId")
        return any_of(beside, lambda it: it.flag("replaceDefaultAssociation"))

    if not any_of(("inline", "apart"), has_group):
        yield endpoint.finding("falls back to the default security group of its VPC", at="securityGroupIds")
    elif default := default_group_of(endpoint, "securityGroupIds", stack):
        yield endpoint.finding(
            f"uses the default security group of {default.name!r}", at="securityGroupIds", key=default.name
        )


@rule(
    "TS-EP-009",
    title="Endpoints of Timestream take TLS from their clients only",
    severity=Severity.HIGH,
    applies_to=[VPC_ENDPOINT],
    why="Timestream listens on port 443 alone: every other port and every wide source is a hole for nothing.",
    fix="Admit tcp port 443 from the clients' security groups or their networks.",
    snippet=examples.SNIPPET,
    good=examples.TLS_GOOD,
    bad=examples.TLS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["SC-7"],
        "soc-2": ["CC6.6"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-49"],
    links=[ENDPOINTS_PAGE],
)
def endpoints_take_tls_only(endpoint: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the endpoint to its groups and judge what they let in."""
    if not is_for_timestream(endpoint):
        return
    for group in groups_of_endpoint(endpoint, stack):
        with endpoint:
            for rule_ in rules_of(group, stack, "ingress"):
                yield from _holes(endpoint, group, rule_)


def _holes(endpoint: Resource, group: Resource, rule_: GroupRule) -> Iterator[Finding]:
    key = f"{group.name}/{rule_.resource.name}/{rule_.at}"
    with rule_:
        if rule_.protocol != "tcp" or rule_.ports != _TLS:
            yield endpoint.finding(
                f"takes {rule_.traffic} through its group {group.name!r}, not port 443 alone",
                at="securityGroupIds",
                key=f"{key}/ports",
            )
    with rule_:
        for cidr in rule_.cidrs:
            if is_wide(cidr, endpoint.settings.thresholds) or not is_private(cidr):
                yield endpoint.finding(
                    f"takes traffic from {cidr} through its group {group.name!r}",
                    at="securityGroupIds",
                    key=f"{key}/{cidr}",
                )
