"""Rules on who may use roles, and on identities that last."""

from collections.abc import Iterable, Iterator

import timestream_policies.examples.access as examples
from timestream_policies.iam import is_open_to_anyone, timestream_actions
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import LEAST_PRIVILEGE_PAGE, documents
from timestream_policies.stack import Stack
from timestream_policies.types import (
    ACCESS_KEY,
    ATTACH_SEVERAL,
    ATTACHMENTS,
    GROUP,
    GROUP_MEMBERSHIP,
    GROUP_POLICIES_EXCLUSIVE,
    GROUP_POLICY,
    GROUP_POLICY_ATTACHMENT,
    MANAGED_POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    USER,
    USER_GROUP_MEMBERSHIP,
    USER_POLICIES_EXCLUSIVE,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)
from timestream_policies.undecided import Words, any_of

ADMINISTRATOR = "AdministratorAccess"
_OF_ALL_SERVICES = (ADMINISTRATOR, "PowerUserAccess", "ReadOnlyAccess")
_OF_USERS = (
    (USER_POLICY, "user"),
    (USER_POLICY_ATTACHMENT, "user"),
    (USER_POLICIES_EXCLUSIVE, "user"),
    (POLICY_ATTACHMENT, "users"),
)
_OF_GROUPS = (
    (GROUP_POLICY, "group"),
    (GROUP_POLICY_ATTACHMENT, "group"),
    (GROUP_POLICIES_EXCLUSIVE, "group"),
    (POLICY_ATTACHMENT, "groups"),
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
def full_access_is_not_attached(attachment: Resource) -> Iterator[Finding]:
    """Judge the policies of AWS by name."""
    for arn in attached(attachment):
        name = aws_policy(arn)
        if name == "PowerUserAccess" or "FullAccess" in name:
            yield attachment.finding(f"attaches {name}", at=_place(attachment), key=name)


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
        "prowler": ["iam_role_administratoraccess_policy"],
        "guard": ["IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE"],
    },
    catalogue=["IAM-15"],
    links=[LEAST_PRIVILEGE_PAGE],
)
def administrator_is_not_attached(attachment: Resource) -> Iterator[Finding]:
    """Look for the one name."""
    for arn in attached(attachment):
        if aws_policy(arn) == ADMINISTRATOR:
            yield attachment.finding(f"attaches {ADMINISTRATOR}", at=_place(attachment), key=ADMINISTRATOR)


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
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["IA-5"]},
    equivalents={"checkov": ["CKV_AWS_273"], "kics": ["9ec311bf"]},
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
    """Judge the user's name."""
    if key.get("user") == "root":
        yield key.finding("is an access key of the root user", at="user")


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
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["IA-5"], "pci-dss-4.0": ["8.3.5"]},
    equivalents={"prowler": ["iam_rotate_access_key_90_days"]},
    catalogue=["GAP-38"],
    links=[ROLES_PAGE],
)
def keys_do_not_reach_timestream(key: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the key to its user, and the user to its policies and groups."""
    for user in stack.behind(key, "user", USER):
        with user:
            if any_of(_policies(user, stack), _reaches_timestream):
                yield key.finding(
                    f"is a lasting access key that reaches Timestream as {user.name!r}", at="user"
                )


def _policies(user: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the policies and attachments of a user and of its groups."""
    yield from _of(user, stack, _OF_USERS)
    for type_, path, group_path in (
        (USER_GROUP_MEMBERSHIP, "user", "groups"),
        (GROUP_MEMBERSHIP, "users", "group"),
    ):
        for membership in stack.referring(user, type_, path):
            for group in stack.behind(membership, group_path, GROUP):
                yield from _of(group, stack, _OF_GROUPS)


def _of(owner: Resource, stack: Stack, places: Iterable[tuple[str, str]]) -> Iterator[Resource]:
    for type_, path in places:
        for policy in stack.referring(owner, type_, path):
            yield policy
            if type_ in ATTACHMENTS:
                yield from stack.behind(policy, _place(policy), MANAGED_POLICY)


def _reaches_timestream(policy: Resource) -> bool:
    if policy.type in ATTACHMENTS:
        return any_of(attached(policy), _of_aws_reaches_timestream)
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


def attached(attachment: Resource) -> Words[str]:
    """Return the ARNs of the policies that are attached."""
    return attachment.words(_place(attachment))


def _place(attachment: Resource) -> str:
    if attachment.type in ATTACH_SEVERAL:
        return "policyArns"
    return "managedPolicyArns" if attachment.type == ROLE else "policyArn"


def aws_policy(arn: object) -> str:
    """Return the name of a policy that AWS manages; the empty text for any other."""
    fields = str(arn).split(":", 5)
    return fields[5].rsplit("/", 1)[-1] if len(fields) == 6 and fields[4] == "aws" else ""
