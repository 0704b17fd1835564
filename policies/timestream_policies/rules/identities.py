"""Rules on who may use roles, and on identities that last."""

from collections.abc import Iterator

import timestream_policies.examples.access as examples
from timestream_policies.iam import is_open_to_anyone, timestream_actions
from timestream_policies.model import Finding, Resource
from timestream_policies.roles import attached, aws_policy, place_of_arns, policies_of
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import BEST_PRACTICES, LEAST_PRIVILEGE_PAGE, documents
from timestream_policies.stack import Stack
from timestream_policies.types import (
    ACCESS_KEY,
    ATTACHMENTS,
    ROLE,
    USER,
)
from timestream_policies.undecided import any_of

ADMINISTRATOR = "AdministratorAccess"
_OF_ALL_SERVICES = (ADMINISTRATOR, "PowerUserAccess", "ReadOnlyAccess")
# Of the policies for job functions those that change things.
_ELEVATED = (
    "AdministratorAccess-",
    "DataScientist",
    "DatabaseAdministrator",
    "NetworkAdministrator",
    "PowerUserAccess",
    "SystemAdministrator",
)
ROLES_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html"


@rule(
    "TS-IAM-007",
    title="Roles are not open to everybody",
    severity=Severity.CRITICAL,
    applies_to=[ROLE],
    why="Anybody with an AWS account could take the role and read or write the data.",
    fix="Name the roles, accounts or services in the trust policy, or add a condition on aws:PrincipalOrgID.",
    snippet=examples.ROLE_SNIPPET,
    good=examples.TRUST_GOOD,
    bad=examples.TRUST_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-3"]},
    equivalents={
        "checkov": ["CKV_AWS_60", "CKV_AWS_283"],
        "kics": ["12b7e704"],
        "guard": ["IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY"],
    },
    catalogue=["IAM-11"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"],
)
def roles_are_closed(role: Resource) -> Iterator[Finding]:
    """Judge each statement of the trust policy."""
    document = role.document("assumeRolePolicy")
    for statement in document.statements if document else ():
        with statement:
            if statement.allows and is_open_to_anyone(statement):
                yield role.finding(
                    f"can be assumed by everybody: {statement} of its trust policy allows "
                    "a wildcard principal, and no condition keeps strangers out",
                    at="assumeRolePolicy",
                    key=f"assumeRolePolicy/{statement.key}",
                )


@rule(
    "TS-IAM-008",
    title="The full-access policies of AWS are not attached",
    severity=Severity.HIGH,
    applies_to=ATTACHMENTS,
    why="They allow to delete every database, and AWS can widen them at any time.",
    fix="Write a policy of your own with the actions and tables that are needed.",
    snippet=examples.SNIPPET,
    good=examples.MANAGED_GOOD,
    bad=examples.MANAGED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-6"]},
    equivalents={"checkov": ["CKV2_AWS_56"], "guard": ["IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE"]},
    catalogue=["GAP-37", "IAM-16"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/security-iam-awsmanpol.html"],
)
def full_access_is_not_attached(attachment: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the policies of AWS by name."""
    for arn in attached(attachment, stack):
        name = aws_policy(arn)
        if "FullAccess" in name or name.endswith("PowerUser") or name.startswith(_ELEVATED):
            yield attachment.finding(f"attaches {name}", at=place_of_arns(attachment), key=name)


@rule(
    "TS-IAM-009",
    title="AdministratorAccess is not attached",
    severity=Severity.CRITICAL,
    applies_to=ATTACHMENTS,
    why="Whoever holds it owns every database, every key and the trail that would tell.",
    fix="Write a policy of your own with the actions and resources that are needed.",
    snippet=examples.SNIPPET,
    good=examples.ADMINISTRATOR_GOOD,
    bad=examples.ADMINISTRATOR_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "pci-dss-4.0": ["7.2.1"], "nist-800-53-r5": ["AC-6"]},
    equivalents={
        "checkov": ["CKV_AWS_274", "CKV_AWS_275"],
        "prowler": [
            "iam_role_administratoraccess_policy",
            "iam_user_administrator_access_policy",
            "iam_group_administrator_access_policy",
        ],
        "guard": ["IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE"],
    },
    catalogue=["IAM-15", "IAM-16"],
    links=[LEAST_PRIVILEGE_PAGE],
)
def administrator_is_not_attached(attachment: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the one name."""
    for arn in attached(attachment, stack):
        if aws_policy(arn) == ADMINISTRATOR:
            yield attachment.finding(
                f"attaches {ADMINISTRATOR}", at=place_of_arns(attachment), key=ADMINISTRATOR
            )


@rule(
    "TS-IAM-010",
    title="Roles are used instead of users",
    severity=Severity.MEDIUM,
    applies_to=[USER],
    why="A user's password and keys last until somebody changes them; a role's credentials last for hours.",
    fix="Make an aws.iam.Role that the workload or the identity provider assumes.",
    snippet=examples.ROLE_SNIPPET,
    good=examples.USERS_GOOD,
    bad=examples.USERS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["IA-5"], **BEST_PRACTICES},
    equivalents={"checkov": ["CKV_AWS_273", "CKV2_AWS_22"], "kics": ["9ec311bf"]},
    catalogue=["IAM-20"],
    links=[LEAST_PRIVILEGE_PAGE],
)
def there_are_no_users(user: Resource) -> Iterator[Finding]:
    """Report every user."""
    yield user.finding("is a user with credentials that last", at="name")


@rule(
    "TS-IAM-011",
    title="The root user has no access key",
    severity=Severity.CRITICAL,
    applies_to=[ACCESS_KEY],
    why="Nothing limits what the key of the root user may do.",
    fix="Remove the key and use a role.",
    snippet=examples.ROLE_SNIPPET,
    good=examples.ROOT_KEY_GOOD,
    bad=examples.ROOT_KEY_BAD,
    controls={"cis-aws-5.0.0": ["1.3"]},
    equivalents={"checkov": ["CKV_AWS_348"], "kics": ["970d224d"], "trivy": ["AWS-0141"]},
    catalogue=["IAM-22"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html"],
)
def root_has_no_key(key: Resource) -> Iterator[Finding]:
    """Judge the user's name. A user that a stack makes is never the root user."""
    user = key.words("user")
    if "root" in user.known:
        yield key.finding("is an access key of the root user", at="user")
    elif user.unknown is not None and not key.behind("user", USER):
        raise user.unknown


@rule(
    "TS-IAM-012",
    title="No long-lived key reaches Timestream",
    severity=Severity.HIGH,
    applies_to=[ACCESS_KEY],
    why="A key that leaks from a device or a repository writes and reads data until somebody notices.",
    fix="Let the writer assume a role: IAM Roles Anywhere, OIDC, or the service's own role.",
    snippet=examples.ROLE_SNIPPET,
    good=examples.INGEST_GOOD,
    bad=examples.INGEST_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.4"],
        "nist-800-53-r5": ["IA-5"],
        "pci-dss-4.0": ["8.3.5"],
        **BEST_PRACTICES,
    },
    equivalents={"prowler": ["iam_rotate_access_key_90_days"]},
    catalogue=["GAP-38"],
    links=[ROLES_PAGE],
)
def keys_do_not_reach_timestream(key: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the key to its user, and the user to its policies and groups."""
    for user in stack.behind(key, "user", USER):
        with user:
            if any_of(policies_of(user, stack), _reaches_timestream):
                yield key.finding(
                    f"is a lasting access key that reaches Timestream as {user.name!r}", at="user"
                )


def _reaches_timestream(policy: Resource) -> bool:
    if policy.type in ATTACHMENTS:
        return any_of(policy.words(place_of_arns(policy)), _of_aws_reaches_timestream)
    return any_of(
        (statement for _, document in documents(policy) for statement in document.statements),
        lambda statement: (
            statement.allows
            and any_of(
                statement.actions,
                lambda action: bool(timestream_actions(action)) or action.startswith("timestream-influxdb:"),
            )
        ),
    )


def _of_aws_reaches_timestream(arn: str) -> bool:
    name = aws_policy(arn)
    return "Timestream" in name or name in _OF_ALL_SERVICES
