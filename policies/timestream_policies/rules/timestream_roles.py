"""Rules on what roles may do with Timestream, all of their policies together."""

from collections.abc import Callable, Iterator

import timestream_policies.examples.access as access_examples
import timestream_policies.examples.timestream_roles as examples
from timestream_policies.documents import Principal, Statement
from timestream_policies.iam import timestream_actions
from timestream_policies.model import Finding, Resource
from timestream_policies.roles import (
    aws_policies_of,
    holders_of,
    names_of,
    owners_of,
    statements_of,
)
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import IAM_ACTIONS_PAGE, granting
from timestream_policies.rules.service_access import is_wide
from timestream_policies.stack import Stack
from timestream_policies.timestream_roles import (
    DATA,
    DESTRUCTIVE,
    MANAGES,
    READS,
    WRITES,
    allows_any,
    covers,
    is_administrator,
)
from timestream_policies.trusts import TIMESTREAM, is_service, lets_in
from timestream_policies.types import (
    GROUP,
    GROUP_POLICY,
    IDENTITY_POLICIES,
    INSTANCE_PROFILE,
    ROLE,
    ROLE_POLICY,
    USER,
    USER_POLICY,
    VPC_ENDPOINT,
)
from timestream_policies.undecided import Words, all_of, any_of
from timestream_policies.wildcards import has_wildcard, matches

ACCESS = {"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-5", "AC-6"]}
ROLES_OF_AWS = {**ACCESS, "aws-timestream-security": ["security-best-practices"]}
BEST_PRACTICES = "https://docs.aws.amazon.com/timestream/latest/developerguide/best-practices-security.html"
_OWNER_OF = {ROLE_POLICY: ("role", ROLE), USER_POLICY: ("user", USER), GROUP_POLICY: ("group", GROUP)}


@rule(
    "TS-IAM-042",
    title="Roles that write do not read, and roles that read do not write",
    severity=Severity.MEDIUM,
    applies_to=[ROLE],
    why="A device that leaks its credentials should lose its own records only, not the whole history.",
    fix="Make one role that writes and another one that reads.",
    snippet=access_examples.SNIPPET,
    good=examples.SPLIT_GOOD,
    bad=examples.SPLIT_BAD,
    controls=ROLES_OF_AWS,
    catalogue=["GAP-34"],
    links=[BEST_PRACTICES],
)
def writers_do_not_read(role: Resource, stack: Stack) -> Iterator[Finding]:
    """Put the actions of all policies together; scheduled queries have to do both."""
    statements = statements_of(role, stack)
    tests: tuple[Callable[[], bool], ...] = (
        lambda: not lets_in(role, lambda principal: is_service(principal, TIMESTREAM)),
        lambda: any_of(statements, lambda statement: allows_any(statement, WRITES)),
        lambda: any_of(statements, lambda statement: allows_any(statement, READS)),
    )
    if all_of(tests, lambda test: test()):
        yield role.finding("may both write and read records of Timestream", at="name")


@rule(
    "TS-IAM-043",
    title="Only administrators delete, re-key or shorten what Timestream holds",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="UpdateTable shortens the retention and UpdateDatabase changes the key: data is gone or unreadable.",
    fix="Leave these actions to a role whose name the setting admin_roles lists.",
    snippet=access_examples.SNIPPET,
    good=examples.DESTRUCTIVE_GOOD,
    bad=examples.DESTRUCTIVE_BAD,
    controls=ROLES_OF_AWS,
    catalogue=["GAP-35"],
    links=[IAM_ACTIONS_PAGE],
)
def only_administrators_destroy(policy: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for such actions in policies of others; a policy that is attached to nobody grants nothing."""
    for at, statement in granting(policy):
        with statement:
            for action in statement.actions:
                found = covers(action, DESTRUCTIVE)
                if found and _is_held_by_others(policy, stack):
                    yield policy.finding(
                        f"allows timestream:{found} to a role that is no administrator's ({statement})",
                        at=at,
                        key=f"{at}/{statement.key}/{action}",
                    )


def _is_held_by_others(policy: Resource, stack: Stack) -> bool:
    return any_of(
        _holders(policy, stack),
        lambda holder: holder[0] != ROLE or not is_administrator(holder[1], policy.settings),
    )


def _holders(policy: Resource, stack: Stack) -> Iterator[tuple[str, Words[str]]]:
    if policy.type == ROLE:
        yield ROLE, names_of(policy)
    elif policy.type in _OWNER_OF:
        yield from owners_of(policy, *_OWNER_OF[policy.type], stack)
    else:
        yield from holders_of(policy, stack)


@rule(
    "TS-IAM-044",
    title="Roles that unload write to named buckets",
    severity=Severity.HIGH,
    applies_to=[ROLE],
    why="With Unload and an open s3:PutObject a whole table leaves for a bucket of somebody else.",
    fix="Name the bucket in Resource, and add StringEquals aws:ResourceAccount with your account.",
    snippet=access_examples.SNIPPET,
    good=examples.UNLOAD_GOOD,
    bad=examples.UNLOAD_BAD,
    controls={**ACCESS, "cis-aws-db-2.0.0": ["10.5"]},
    catalogue=["GAP-36"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/export-unload.html"],
)
def unloads_go_to_named_buckets(role: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for Unload beside an open PutObject, in any policy of the role."""
    statements = statements_of(role, stack)
    if all_of(
        (lambda statement: allows_any(statement, ("Unload",)), _writes_to_any_bucket),
        lambda test: any_of(statements, test),
    ):
        yield role.finding("may unload tables into any bucket", at="name")


def _writes_to_any_bucket(statement: Statement) -> bool:
    return (
        statement.allows
        and any_of(statement.actions, lambda pattern: matches(pattern, "s3:putobject"))
        and any_of(statement.resources, _is_any_bucket)
        and not any_of(
            statement.conditions,
            lambda c: c.key in ("aws:resourceaccount", "aws:resourceorgid") and bool(c.values),
        )
    )


def _is_any_bucket(pattern: str) -> bool:
    fields = pattern.split(":", 5)
    bucket = fields[5].partition("/")[0] if len(fields) == 6 and fields[2] == "s3" else ""
    return is_wide(pattern) or (has_wildcard(bucket) and not bucket.strip("*?"))


@rule(
    "TS-IAM-045",
    title="Roles that use Timestream may discover its endpoints",
    severity=Severity.LOW,
    applies_to=[ROLE],
    why="Every AWS SDK calls DescribeEndpoints first; without it each write and query fails.",
    fix="Allow timestream:DescribeEndpoints on *.",
    snippet=access_examples.SNIPPET,
    good=examples.DISCOVER_GOOD,
    bad=examples.DISCOVER_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-6"]},
    catalogue=["GAP-41"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.html"],
)
def endpoints_are_discovered(role: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the action beside those on data; policies of AWS on Timestream have it."""
    statements = statements_of(role, stack)
    if (
        any_of(statements, lambda statement: allows_any(statement, DATA))
        and not any_of(statements, _discovers)
        and not any_of(aws_policies_of(role, stack), lambda name: "Timestream" in name)
    ):
        yield role.finding("uses Timestream without timestream:DescribeEndpoints on *", at="name")


def _discovers(statement: Statement) -> bool:
    return (
        statement.allows
        and any_of(statement.actions, lambda p: "DescribeEndpoints" in timestream_actions(p))
        and any_of(statement.resources, lambda pattern: not pattern.strip("*"))
    )


@rule(
    "TS-IAM-046",
    title="Roles of workloads in a network are tied to its Timestream endpoints",
    severity=Severity.LOW,
    applies_to=[ROLE],
    why="Credentials that leak work from the internet, although the stack has a private way.",
    fix="Deny Timestream actions where aws:SourceVpce is not one of the endpoints.",
    snippet=access_examples.SNIPPET,
    good=examples.TIED_GOOD,
    bad=examples.TIED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.1"], "nist-800-53-r5": ["AC-4", "SC-7"]},
    catalogue=["GAP-43"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/VPCEndpoints.html"],
)
def roles_are_tied_to_endpoints(role: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the condition in a Deny, or in every Allow of data actions."""
    if not stack.once("has Timestream endpoints", lambda: _has_endpoints(stack)):
        return
    statements = statements_of(role, stack)
    if not any_of(statements, lambda statement: allows_any(statement, DATA)):
        return
    if any_of(statements, lambda statement: not statement.allows and _names_the_network(statement)):
        return
    if any_of(
        statements, lambda statement: allows_any(statement, DATA) and not _names_the_network(statement)
    ) and lets_in(role, _is_in_a_network):
        yield role.finding("may use Timestream from outside of the endpoints of this stack", at="name")


def _is_in_a_network(principal: Principal) -> bool:
    """Tell whether a principal runs in a VPC; people and most services call from elsewhere."""
    if principal.kind.lower() == "federated":
        return "oidc-provider/oidc.eks." in principal.value
    return is_service(principal, _IN_NETWORKS)


_IN_NETWORKS = frozenset(f"{name}.amazonaws.com" for name in ("ec2", "ecs-tasks", "lambda", "pods.eks"))


def _has_endpoints(stack: Stack) -> bool:
    return any_of(
        stack.of_type(VPC_ENDPOINT), lambda endpoint: ".timestream." in str(endpoint.get("serviceName", ""))
    )


def _names_the_network(statement: Statement) -> bool:
    return any_of(
        statement.conditions,
        lambda c: (
            c.key in ("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip", "aws:sourceip") and bool(c.values)
        ),
    )


@rule(
    "TS-IAM-047",
    title="Instances do not manage databases or write with the role of the machine",
    severity=Severity.MEDIUM,
    applies_to=[INSTANCE_PROFILE],
    why="Every process of an EC2 instance has the role of its profile, also one that was broken into.",
    fix="Let the application assume a role of its own, and let the profile read Timestream only.",
    snippet=examples.PROFILE_SNIPPET,
    good=examples.PROFILE_GOOD,
    bad=examples.PROFILE_BAD,
    controls=ACCESS,
    catalogue=["TS-03"],
    equivalents={"steampipe": ["ec2_instance_no_iam_role_with_database_management_write_access"]},
    links=[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html"
    ],
)
def instances_do_not_write(profile: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the profile to its role."""
    for role in stack.behind(profile, "role", ROLE):
        if any_of(statements_of(role, stack), lambda statement: allows_any(statement, MANAGES)):
            yield profile.finding(
                f"gives instances the role {role.name!r}, which writes to Timestream", at="role"
            )
