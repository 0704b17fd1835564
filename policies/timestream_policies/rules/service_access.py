"""Rules on what policies allow with services as a whole: wildcards for actions and for resources."""

from collections.abc import Iterator

import timestream_policies.examples.access as access_examples
import timestream_policies.examples.service_access as examples
from timestream_policies.documents import Statement
from timestream_policies.iam import is_every_action
from timestream_policies.iam_services import covered
from timestream_policies.model import Finding, Resource
from timestream_policies.roles import is_only_a_boundary
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import LEAST_PRIVILEGE, LEAST_PRIVILEGE_PAGE, granting
from timestream_policies.stack import Stack
from timestream_policies.types import IDENTITY_POLICIES
from timestream_policies.undecided import any_of
from timestream_policies.wildcards import covers_everything, has_wildcard

AUTHORIZATION_PAGE = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)
# Other rules speak of these, more precisely.
_ELSEWHERE = frozenset({"iam:passrole", "sts:assumerole", "kms:decrypt", "kms:reencryptfrom"})


@rule(
    "TS-IAM-013",
    title="Policies do not allow all actions of a service",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="A wildcard for all actions takes in deletion, sharing, and every action that AWS adds later.",
    fix="Name the actions that are needed.",
    snippet=access_examples.SNIPPET,
    good=examples.SERVICE_WILDCARD_GOOD,
    bad=examples.SERVICE_WILDCARD_BAD,
    controls={**LEAST_PRIVILEGE, "aws-fsbp": ["IAM.21"], "pci-dss-4.0": ["7.2.1"]},
    equivalents={
        "checkov": ["CKV2_AWS_40"],
        "cdk-nag": ["IAMPolicyNoStatementsWithFullAccess", "AwsSolutions-IAM5"],
        "prowler": ["iam_policy_no_full_access_to_kms", "iam_policy_no_full_access_to_cloudtrail"],
        "trivy": ["AWS-0345"],
        "guard": [
            "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
            "IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS",
        ],
        "security-hub": ["IAM.21"],
    },
    catalogue=["IAM-03"],
    links=[LEAST_PRIVILEGE_PAGE],
)
def services_are_not_open(policy: Resource) -> Iterator[Finding]:
    """Look for `service:*`."""
    for at, statement in granting(policy):
        with statement:
            for action in statement.actions:
                if covers_everything(action.partition(":")[2]) and not is_every_action(action):
                    yield policy.finding(
                        f"allows {action} ({statement})", at=at, key=f"{at}/{statement.key}/{action}"
                    )


def unrestricted(statement: Statement) -> bool:
    """Tell whether a statement reaches every resource of every account, without any condition."""
    return reaches_everything(statement) and not is_conditional(statement)


def reaches_everything(statement: Statement) -> bool:
    """Tell whether a statement reaches every resource, of all services or of one."""
    return statement.once("reaches everything", lambda: any_of(statement.resources, is_wide))


def is_conditional(statement: Statement) -> bool:
    """Tell whether a statement has a condition that says something."""
    return any_of(statement.conditions, lambda condition: bool(condition.values))


def is_wide(pattern: str) -> bool:
    """Tell whether a resource pattern is everything, or everything of one service."""
    fields = pattern.split(":", 3)
    if fields[0] == "arn" and len(fields) == 4:
        return has_wildcard(fields[3]) and not fields[3].strip(":*?/")
    return covers_everything(pattern)


def _open_actions(policy: Resource, stack: Stack, table: str, what: str) -> Iterator[Finding]:
    for at, statement in granting(policy):
        with statement:
            if not reaches_everything(statement):
                continue
            for action in statement.actions:
                found = action not in _ELSEWHERE and covered(action, table)
                if found and not is_conditional(statement) and not is_only_a_boundary(policy, stack):
                    yield policy.finding(
                        f"{what} {found} on every resource ({statement})",
                        at=at,
                        key=f"{at}/{statement.key}/{action}",
                    )


@rule(
    "TS-IAM-014",
    title="Actions that change something are allowed on named resources",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="On every resource the holder changes or deletes what belongs to others.",
    fix="Name the ARNs in Resource, or add a condition that chooses the resources.",
    snippet=access_examples.SNIPPET,
    good=examples.WRITES_GOOD,
    bad=examples.WRITES_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={
        "checkov": ["CKV_AWS_290", "CKV_AWS_111", "CKV_AWS_355", "CKV_AWS_356"],
        "cdk-nag": ["AwsSolutions-IAM5"],
        "guard": ["IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE"],
    },
    catalogue=["IAM-04", "IAM-05"],
    links=[AUTHORIZATION_PAGE],
)
def writes_are_restricted(policy: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for writes on `*`."""
    yield from _open_actions(policy, stack, "writes", "allows")


@rule(
    "TS-IAM-015",
    title="Actions that read are allowed on named resources where they know resources",
    severity=Severity.LOW,
    applies_to=IDENTITY_POLICIES,
    why="On every resource the holder reads data that is none of its business.",
    fix="Name the ARNs in Resource; keep `*` for actions that know no resource.",
    snippet=access_examples.SNIPPET,
    good=examples.READS_GOOD,
    bad=examples.READS_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={
        "checkov": ["CKV_AWS_355", "CKV_AWS_356"],
        "cdk-nag": ["AwsSolutions-IAM5"],
        "guard": ["IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE"],
    },
    catalogue=["IAM-04"],
    links=[AUTHORIZATION_PAGE],
)
def reads_are_restricted(policy: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for reads on `*`."""
    yield from _open_actions(policy, stack, "reads", "allows")


@rule(
    "TS-IAM-016",
    title="Nobody manages the permissions of every resource",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="Who may change policies, grants and ACLs anywhere gives everything to anybody.",
    fix="Name the ARNs of the resources whose permissions are managed, or leave the action out.",
    snippet=access_examples.SNIPPET,
    good=examples.PERMISSIONS_GOOD,
    bad=examples.PERMISSIONS_BAD,
    controls={**LEAST_PRIVILEGE, "pci-dss-4.0": ["7.2.1"]},
    equivalents={"checkov": ["CKV_AWS_289", "CKV_AWS_109"]},
    catalogue=["IAM-04", "IAM-07"],
    links=[AUTHORIZATION_PAGE],
)
def permissions_are_restricted(policy: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for permission management on `*`."""
    yield from _open_actions(policy, stack, "permissions", "may change permissions with")
