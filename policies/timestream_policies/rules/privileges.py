"""Rules on single actions by which the holder of a policy gets more than it says."""

from collections.abc import Iterator
from functools import lru_cache, partial

import timestream_policies.examples.access as access_examples
import timestream_policies.examples.privileges as examples
from timestream_policies.documents import Statement
from timestream_policies.iam import is_every_action, is_every_resource
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import LEAST_PRIVILEGE, documents, granting
from timestream_policies.rules.service_access import is_conditional, unrestricted
from timestream_policies.types import IDENTITY_POLICIES
from timestream_policies.undecided import any_of
from timestream_policies.wildcards import matches

ESCALATION_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html"
PASSING_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
# Each on its own makes its holder an administrator, where there is one to become.
_ESCALATES = (
    "iam:addusertogroup",
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:createpolicyversion",
    "iam:deleterolepermissionsboundary",
    "iam:deleteuserpermissionsboundary",
    "iam:putgrouppolicy",
    "iam:putrolepolicy",
    "iam:putuserpolicy",
    "iam:setdefaultpolicyversion",
    "iam:updateassumerolepolicy",
    "iam:updateloginprofile",
    "glue:updatedevendpoint",
    "lambda:updatefunctioncode",
    "lambda:updatefunctionconfiguration",
)
# Together with iam:PassRole each starts something that runs as the role.
_RUNS_AS_A_ROLE = (
    "autoscaling:createautoscalinggroup",
    "autoscaling:createlaunchconfiguration",
    "cloudformation:createstack",
    "cloudformation:updatestack",
    "codebuild:createproject",
    "codestar:createproject",
    "datapipeline:createpipeline",
    "ec2:runinstances",
    "ecs:registertaskdefinition",
    "ecs:runtask",
    "glue:createdevendpoint",
    "glue:createjob",
    "lambda:createfunction",
    "sagemaker:createnotebookinstance",
    "sagemaker:createprocessingjob",
    "sagemaker:createtrainingjob",
    "states:createstatemachine",
)
_CREDENTIALS = (
    "codepipeline:pollforjobs",
    "cognito-identity:getcredentialsforidentity",
    "cognito-identity:getopenidtoken",
    "cognito-identity:getopenidtokenfordeveloperidentity",
    "connect:getfederationtoken",
    "ec2:getpassworddata",
    "gamelift:requestuploadcredentials",
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:createservicespecificcredential",
    "iam:resetservicespecificcredential",
    "iam:updateaccesskey",
    "iam:updateloginprofile",
    "lightsail:getinstanceaccessdetails",
    "lightsail:getrelationaldatabasemasteruserpassword",
    "rds-db:connect",
    "redshift:getclustercredentials",
    "sso:getrolecredentials",
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:getfederationtoken",
)
_DATA = (
    "rds:copydbsnapshot",
    "s3:getobject",
    "secretsmanager:getsecretvalue",
    "ssm:getparameter",
    "ssm:getparameters",
    "ssm:getparametersbypath",
)


def _allowed(statement: Statement, actions: tuple[str, ...]) -> Iterator[str]:
    """Yield which of the actions a statement allows by a pattern, once each."""
    if statement.actions.unknown is None:
        yield from _all_covered(statement.actions.known, actions)
        return
    for action in actions:
        if any_of(statement.actions, partial(_covers, action)):
            yield action


@lru_cache(maxsize=4096)
def _all_covered(patterns: tuple[str, ...], actions: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of the actions some pattern covers; many statements have the same patterns."""
    return tuple(action for action in actions if any(_covers(action, pattern) for pattern in patterns))


def _covers(action: str, pattern: str) -> bool:
    return not is_every_action(pattern) and matches(pattern, action)


def _found(policy: Resource, actions: tuple[str, ...], what: str) -> Iterator[Finding]:
    for at, statement in granting(policy):
        with statement:
            if unrestricted(statement):
                for action in _allowed(statement, actions):
                    yield policy.finding(
                        f"{what} with {action} on every resource ({statement})",
                        at=at,
                        key=f"{at}/{statement.key}/{action}",
                    )


@rule(
    "TS-IAM-017",
    title="Policies do not hand out credentials of others",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="Who may ask for anybody's credentials is anybody.",
    fix="Name the users or roles in Resource, or leave the action out.",
    snippet=access_examples.SNIPPET,
    good=examples.CREDENTIALS_GOOD,
    bad=examples.CREDENTIALS_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={"checkov": ["CKV_AWS_287", "CKV_AWS_107"]},
    catalogue=["IAM-07"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"],
)
def credentials_are_not_exposed(policy: Resource) -> Iterator[Finding]:
    """Look for actions that return credentials, on `*`."""
    yield from _found(policy, _CREDENTIALS, "may get credentials")


@rule(
    "TS-IAM-018",
    title="Policies do not read the objects, secrets and parameters of the whole account",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="Who may read everything can carry it all away.",
    fix="Name the bucket, secret or parameter in Resource.",
    snippet=access_examples.SNIPPET,
    good=examples.DATA_GOOD,
    bad=examples.DATA_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={"checkov": ["CKV_AWS_288", "CKV_AWS_108"]},
    catalogue=["IAM-07"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"],
)
def data_is_not_exposed(policy: Resource) -> Iterator[Finding]:
    """Look for actions that return data, on `*`."""
    yield from _found(policy, _DATA, "may read data")


@rule(
    "TS-IAM-019",
    title="No policy lets its holder become an administrator",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="Who may change policies, passwords or code of others, or pass any role, takes what it wants.",
    fix="Name the users, roles or functions in Resource, or leave the actions to the roles that deploy.",
    snippet=access_examples.SNIPPET,
    good=examples.ESCALATION_GOOD,
    bad=examples.ESCALATION_BAD,
    controls={**LEAST_PRIVILEGE, "pci-dss-4.0": ["7.2.1"]},
    equivalents={
        "checkov": ["CKV_AWS_286", "CKV_AWS_110"],
        "prowler": [
            "iam_policy_allows_privilege_escalation",
            "iam_inline_policy_allows_privilege_escalation",
        ],
    },
    catalogue=["IAM-06"],
    links=[ESCALATION_PAGE, PASSING_PAGE],
)
def privileges_do_not_escalate(policy: Resource) -> Iterator[Finding]:
    """Look for single actions, and for what runs as a role that may be passed."""
    yield from _found(policy, _ESCALATES, "lets its holder become an administrator")
    for at, document in documents(policy):
        passing = [statement for statement in document.statements if _passes_any_role(statement)]
        if not passing:
            continue
        for statement in document.statements:
            with statement:
                if statement.allows and unrestricted(statement):
                    for action in _allowed(statement, _RUNS_AS_A_ROLE):
                        yield policy.finding(
                            f"lets its holder become an administrator with iam:PassRole and {action} "
                            f"on every resource ({statement})",
                            at=at,
                            key=f"{at}/{statement.key}/{action}",
                        )


def _passes_any_role(statement: Statement) -> bool:
    with statement:
        return (
            statement.allows
            and any_of(statement.actions, lambda pattern: matches(pattern, "iam:passrole"))
            and any_of(statement.resources, _is_every_role)
            and not is_conditional(statement)
        )
    return False


def _is_every_role(pattern: str) -> bool:
    return is_every_resource(pattern, "iam", ("role/probe",))


@rule(
    "TS-IAM-020",
    title="iam:PassRole names the roles that may be passed",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="Who may pass any role to a service runs code as the strongest role of the account.",
    fix="Name the role's ARN in Resource, and the service in a condition on iam:PassedToService.",
    snippet=access_examples.SNIPPET,
    good=examples.PASS_GOOD,
    bad=examples.PASS_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={
        "kics": ["e39bee8c"],
        "trivy": ["AWS-0342"],
        "guard": [
            "IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE",
            "IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE",
        ],
    },
    catalogue=["IAM-04", "IAM-08"],
    links=[PASSING_PAGE],
)
def passed_roles_are_named(policy: Resource) -> Iterator[Finding]:
    """Look for PassRole on every role."""
    yield from _on_every_role(policy, "iam:passrole", "may pass every role")


@rule(
    "TS-IAM-021",
    title="sts:AssumeRole names the roles that may be assumed",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="Whoever holds the policy becomes every role that trusts its account.",
    fix="Name the ARNs of the roles in Resource.",
    snippet=access_examples.SNIPPET,
    good=examples.ASSUME_GOOD,
    bad=examples.ASSUME_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={"prowler": ["iam_no_custom_policy_permissive_role_assumption"]},
    catalogue=["IAM-04", "IAM-12"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html"],
)
def assumed_roles_are_named(policy: Resource) -> Iterator[Finding]:
    """Look for AssumeRole on every role."""
    yield from _on_every_role(policy, "sts:assumerole", "may assume every role that trusts its account")


def _on_every_role(policy: Resource, action: str, what: str) -> Iterator[Finding]:
    for at, statement in granting(policy):
        with statement:
            if any_of(statement.resources, _is_every_role) and any(_allowed(statement, (action,))):
                yield policy.finding(f"{what} ({statement})", at=at, key=f"{at}/{statement.key}")
