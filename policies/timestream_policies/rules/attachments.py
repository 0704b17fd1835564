"""Rules on which policies are attached to whom, and by what."""

from collections.abc import Iterator

import timestream_policies.examples.access as access_examples
import timestream_policies.examples.attachments as examples
from timestream_policies.documents import Condition, PolicyDocument, Statement
from timestream_policies.model import Finding, Resource
from timestream_policies.references import names_something
from timestream_policies.roles import attached, aws_policy, place_of_arns, stray
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import LEAST_PRIVILEGE, LEAST_PRIVILEGE_PAGE
from timestream_policies.stack import Stack
from timestream_policies.types import (
    ACCESS_KEY,
    ATTACHMENTS,
    GROUP_MEMBERSHIP,
    GROUP_POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICIES_EXCLUSIVE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    USER,
    USER_GROUP_MEMBERSHIP,
    USER_POLICIES_EXCLUSIVE,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)
from timestream_policies.undecided import all_of, any_of

MANAGED_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html"
IDENTITY_CONTROLS = {"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-2", "AC-6"]}


@rule(
    "TS-IAM-028",
    title="Policies are your own, not those of AWS",
    severity=Severity.LOW,
    applies_to=ATTACHMENTS,
    why="Policies of AWS name no resources, so AmazonTimestreamReadOnlyAccess reads every table.",
    fix="Write a policy of your own with the actions and resources that are needed.",
    snippet=access_examples.SNIPPET,
    good=examples.OWN_GOOD,
    bad=examples.OWN_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={"cdk-nag": ["AwsSolutions-IAM4"]},
    catalogue=["IAM-17"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/security-iam-awsmanpol.html"],
)
def policies_are_own(attachment: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for every policy of AWS."""
    for arn in attached(attachment, stack):
        if name := aws_policy(arn):
            yield attachment.finding(
                f"attaches {name}, which AWS manages", at=place_of_arns(attachment), key=name
            )


@rule(
    "TS-IAM-029",
    title="Policies of users and groups are managed policies",
    severity=Severity.LOW,
    applies_to=[USER_POLICY, GROUP_POLICY],
    why="An inline policy has no versions, and is easily missed when access is reviewed.",
    fix="Make an aws.iam.Policy and attach it.",
    snippet=examples.MANAGED_SNIPPET,
    good=examples.INLINE_GOOD,
    bad=examples.INLINE_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={"cdk-nag": ["IAMNoInlinePolicy"], "guard": ["IAM_NO_INLINE_POLICY_CHECK"]},
    catalogue=["IAM-18"],
    links=[MANAGED_PAGE],
)
def policies_are_managed(policy: Resource) -> Iterator[Finding]:
    """Report every inline policy but those of roles, for which AWS advises them."""
    yield policy.finding("is an inline policy", at="policy")


@rule(
    "TS-IAM-030",
    title="Users have policies through groups only",
    severity=Severity.LOW,
    applies_to=[USER_POLICY, USER_POLICY_ATTACHMENT, POLICY_ATTACHMENT, USER_POLICIES_EXCLUSIVE],
    why="What single users may do is forgotten when they change their work.",
    fix="Attach the policy to a group or, better, to a role.",
    snippet=examples.MANAGED_SNIPPET,
    good=examples.USER_POLICIES_GOOD,
    bad=examples.USER_POLICIES_BAD,
    controls={
        **IDENTITY_CONTROLS,
        "cis-aws-3.0.0": ["1.15"],
        "cis-aws-5.0.0": ["1.14"],
        "cis-aws-7.0.0": ["2.13"],
        "aws-fsbp": ["IAM.2"],
        "iso-27001-2022": ["A.5.15"],
    },
    equivalents={
        "checkov": ["CKV_AWS_40"],
        "cdk-nag": ["IAMUserNoPolicies"],
        "prowler": ["iam_policy_attached_only_to_group_or_roles"],
        "kics": ["b4378389"],
        "trivy": ["AWS-0143"],
        "guard": ["IAM_NO_POLICY_ON_USER", "IAM_USER_NO_POLICIES_CHECK"],
        "compliance-policies": ["aws-iam-policy-attachment-only-attachment-through-groups"],
        "security-hub": ["IAM.2"],
    },
    catalogue=["IAM-19"],
    links=[LEAST_PRIVILEGE_PAGE],
)
def users_have_no_policies(policy: Resource) -> Iterator[Finding]:
    """Report what gives a user a policy."""
    if policy.type == POLICY_ATTACHMENT:
        if names_something(policy, "users"):
            yield policy.finding("attaches a policy to users", at="users")
    elif policy.type == USER_POLICIES_EXCLUSIVE:
        if policy.words("policyArns"):
            yield policy.finding("attaches policies to a user", at="policyArns")
    else:
        yield policy.finding("gives a policy to a user", at="user")


@rule(
    "TS-IAM-031",
    title="Users belong to a group",
    severity=Severity.LOW,
    applies_to=[USER],
    why="Users outside of groups have rights that nobody reviews together.",
    fix="Add the user to a group with aws.iam.UserGroupMembership.",
    snippet=examples.MEMBER_SNIPPET,
    good=examples.MEMBER_GOOD,
    bad=examples.MEMBER_BAD,
    controls=IDENTITY_CONTROLS,
    equivalents={"cdk-nag": ["IAMUserGroupMembership"], "guard": ["IAM_USER_MISSING_GROUP_RULE"]},
    catalogue=["IAM-21"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html"],
)
def users_are_in_groups(user: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a membership of the user."""
    memberships = ((USER_GROUP_MEMBERSHIP, "user", "groups"), (GROUP_MEMBERSHIP, "users", "group"))
    if not any_of(
        memberships,
        lambda place: any_of(
            stack.referring(user, place[0], place[1]), lambda found: names_something(found, place[2])
        ),
    ):
        yield user.finding("belongs to no group", at="name")


@rule(
    "TS-IAM-032",
    title="Users have one active access key at most",
    severity=Severity.MEDIUM,
    applies_to=[USER],
    why="A second key that lasts doubles what can leak, and is seldom rotated.",
    fix="Remove one of the keys, or set its status to Inactive.",
    snippet=examples.ONE_KEY_SNIPPET,
    good=examples.ONE_KEY_GOOD,
    bad=examples.ONE_KEY_BAD,
    controls={**IDENTITY_CONTROLS, "cis-aws-3.0.0": ["1.13"], "cis-aws-5.0.0": ["1.12"]},
    equivalents={
        "prowler": ["iam_user_two_active_access_key", "iam_rotate_access_key_90_days"],
        "trivy": ["AWS-0167"],
        "kics": ["3561130e", "7081f85c"],
        "awsguard": ["access-keys-rotated"],
        "security-hub": ["IAM.3", "IAM.22"],
    },
    catalogue=["IAM-22"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"],
)
def users_have_one_key(user: Resource, stack: Stack) -> Iterator[Finding]:
    """Count the keys that are not inactive."""
    keys = stack.referring(user, ACCESS_KEY, "user")
    active = [key.name for key in keys if str(key.get("status", "Active")).lower() == "active"]
    if len(active) > 1:
        yield user.finding(f"has {len(active)} active access keys", at="name")
    elif key := stray(stack, ACCESS_KEY, "user"):
        key.get("user")  # raises: it may be another key of this user


@rule(
    "TS-IAM-033",
    title="The policies of a role are managed in one place",
    severity=Severity.MEDIUM,
    applies_to=[ROLE],
    why="The properties of the role are exclusive: each update takes policies of other resources away.",
    fix="Use only attachments and RolePolicy resources, or only the properties of the role.",
    snippet=access_examples.SNIPPET,
    good=examples.ONE_PLACE_GOOD,
    bad=examples.ONE_PLACE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["CM-3"]},
    equivalents={"awsguard": ["iam-role-no-policy-management-conflicts"]},
    catalogue=["IAM-23"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html"],
)
def policies_have_one_owner(role: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for both ways to give a role policies."""
    for path, others in (
        (
            "managedPolicyArns",
            (
                (ROLE_POLICY_ATTACHMENT, "role"),
                (POLICY_ATTACHMENT, "roles"),
                (ROLE_POLICIES_EXCLUSIVE, "roleName"),
            ),
        ),
        ("inlinePolicies", ((ROLE_POLICY, "role"),)),
    ):
        if not _has(role, path):
            continue
        for type_, owner in others:
            for other in stack.referring(role, type_, owner):
                yield role.finding(
                    f"has {path}, and also the policy of {other.name!r}", at=path, key=f"{path}/{other.urn}"
                )


def _has(role: Resource, path: str) -> bool:
    if role.property_dependencies.get(path):
        return any(True for _ in role.each(path))
    return any_of(role.each(path), lambda item: isinstance(item.partly_known, dict) or bool(item.value))


@rule(
    "TS-IAM-034",
    title="Policies of users and groups ask for MFA",
    severity=Severity.MEDIUM,
    applies_to=[USER_POLICY, GROUP_POLICY],
    why="A password or key that leaks is enough where no second factor is asked for.",
    fix="Add the condition Bool aws:MultiFactorAuthPresent true, or a Deny where it is false.",
    snippet=access_examples.SNIPPET,
    good=examples.MFA_GOOD,
    bad=examples.MFA_BAD,
    controls={**IDENTITY_CONTROLS, "pci-dss-4.0": ["8.4.2"]},
    equivalents={"kics": ["b5681959", "3ddfa124"], "trivy": ["AWS-0123"]},
    catalogue=["IAM-25"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html"],
)
def people_use_mfa(policy: Resource) -> Iterator[Finding]:
    """Look for a Deny without MFA, or for the condition in every Allow."""
    document = policy.document("policy")
    if document and not _asks_for_mfa(document):
        yield policy.finding("allows actions without MFA", at="policy")


def _asks_for_mfa(document: PolicyDocument) -> bool:
    return any_of(document.statements, _denies_without_mfa) or all_of(document.statements, _allows_with_mfa)


def _denies_without_mfa(statement: Statement) -> bool:
    return not statement.allows and any_of(statement.conditions, lambda c: _tells_mfa(c, "false"))


def _allows_with_mfa(statement: Statement) -> bool:
    return not statement.allows or any_of(statement.conditions, lambda c: _tells_mfa(c, "true"))


def _tells_mfa(condition: Condition, value: str) -> bool:
    operators = ("bool", "boolifexists") if value == "false" else ("bool",)
    return (
        condition.key == "aws:multifactorauthpresent"
        and condition.operator in operators
        and bool(condition.values)
        and all_of(condition.values, lambda given: given.lower() == value)
    )
