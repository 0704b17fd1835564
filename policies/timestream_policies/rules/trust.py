"""Rules on who may assume a role, and under which conditions."""

from collections.abc import Iterator

import timestream_policies.examples.access as access_examples
import timestream_policies.examples.trust as examples
from timestream_policies.documents import Statement
from timestream_policies.iam import is_anyone, narrows
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import LEAST_PRIVILEGE
from timestream_policies.trusts import (
    SEND_THEIR_SOURCE,
    TIMESTREAM,
    account_of,
    is_service,
    is_web_identity,
    names_its_source,
    pins_the_subject,
    trusting,
    whole_account,
)
from timestream_policies.types import ROLE
from timestream_policies.undecided import Undecided, any_of
from timestream_policies.wildcards import covers_everything

DEPUTY_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
TRUST_CONTROLS = {"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-3"], "soc-2": ["CC6.3"]}


def _finding(role: Resource, statement: Statement, message: str, key: str = "") -> Finding:
    return role.finding(
        f"{message} ({statement} of its trust policy)",
        at="assumeRolePolicy",
        key=f"assumeRolePolicy/{statement.key}" + (f"/{key}" if key else ""),
    )


@rule(
    "TS-IAM-022",
    title="Trust policies say who and what they allow, not whom they leave out",
    severity=Severity.HIGH,
    applies_to=[ROLE],
    why="An Allow with NotPrincipal or NotAction lets in everybody and everything that nobody thought of.",
    fix="Use Principal and Action in an Allow, and name the action, such as sts:AssumeRole.",
    snippet=access_examples.ROLE_SNIPPET,
    good=examples.POSITIVE_GOOD,
    bad=examples.POSITIVE_BAD,
    controls=TRUST_CONTROLS,
    equivalents={
        "guard": [
            "IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL",
            "IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY",
            "IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY",
        ]
    },
    catalogue=["IAM-10", "IAM-11"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html"],
)
def trust_is_positive(role: Resource) -> Iterator[Finding]:
    """Look for NotPrincipal, NotAction and a wildcard for all actions beside Allow."""
    for statement in trusting(role):
        with statement:
            if statement.not_principals:
                yield _finding(role, statement, "can be assumed by all but some principals", "principal")
            if statement.not_actions:
                yield _finding(role, statement, "allows all but some ways to assume it", "action")
            for action in statement.actions:
                if covers_everything(action.rpartition(":")[2]):
                    yield _finding(role, statement, f"allows {action}", action)


@rule(
    "TS-IAM-023",
    title="Trust policies name roles, not whole accounts",
    severity=Severity.MEDIUM,
    applies_to=[ROLE],
    why="Every user and role of the account that may call sts:AssumeRole can take the role.",
    fix="Name the ARN of the role that assumes it, or add a condition on aws:PrincipalArn.",
    snippet=access_examples.ROLE_SNIPPET,
    good=examples.ACCOUNT_GOOD,
    bad=examples.ACCOUNT_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={"checkov": ["CKV_AWS_61"], "kics": ["bcdcbdc6"]},
    catalogue=["IAM-12"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"],
)
def trust_names_roles(role: Resource) -> Iterator[Finding]:
    """Look for the root of an account, and for bare account ids."""
    for statement in trusting(role):
        with statement:
            for principal in statement.principals:
                account = whole_account(principal)
                if account and not any_of(
                    statement.conditions, lambda c: c.key in ("aws:principalarn", "aws:userid") and narrows(c)
                ):
                    yield _finding(
                        role, statement, f"can be assumed by everybody in account {account}", account
                    )


@rule(
    "TS-IAM-024",
    title="Other accounts assume roles with an external id or MFA only",
    severity=Severity.HIGH,
    applies_to=[ROLE],
    why="A third party that serves many customers can be talked into using your role for another one.",
    fix="Add a condition on sts:ExternalId, or list the account in the setting trusted_accounts.",
    snippet=access_examples.ROLE_SNIPPET,
    good=examples.EXTERNAL_GOOD,
    bad=examples.EXTERNAL_BAD,
    controls=TRUST_CONTROLS,
    equivalents={"kics": ["09c35abf"]},
    catalogue=["IAM-13"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html"],
)
def other_accounts_prove_themselves(role: Resource) -> Iterator[Finding]:
    """Look for principals of other accounts without such a condition."""
    own = ((role.output("arn") or "").split(":") + [""] * 5)[4]
    for statement in trusting(role):
        with statement:
            for principal in statement.principals:
                account = account_of(principal)
                if not account or account in (own, *role.settings.trusted_accounts) or is_anyone(principal):
                    continue
                if _proves_itself(statement):
                    break
                if not own and not whole_account(principal):
                    raise Undecided(role.urn, "arn", "is not known yet, and so not which account is its own")
                yield _finding(
                    role,
                    statement,
                    f"can be assumed by {principal.value} of account {account} without external id or MFA",
                    principal.value,
                )


def _proves_itself(statement: Statement) -> bool:
    return any_of(
        statement.conditions,
        lambda condition: (
            (
                condition.key == "sts:externalid"
                and condition.operator.removeprefix("foranyvalue:")
                in ("stringequals", "stringlike", "stringequalsignorecase")
                and not any_of(condition.values, lambda value: not value.strip("*?"))
                and bool(condition.values)
            )
            or (
                condition.key == "aws:multifactorauthpresent"
                and condition.operator == "bool"
                and "true" in [value.lower() for value in condition.values]
            )
            or (condition.key.startswith("aws:principalorg") and narrows(condition))
        ),
    )


@rule(
    "TS-IAM-025",
    title="Services assume roles on behalf of a known account only",
    severity=Severity.MEDIUM,
    applies_to=[ROLE],
    why="The service serves other customers too, and one of them can make it use your role.",
    fix="Add a condition on aws:SourceAccount or aws:SourceArn to the service's statement.",
    snippet=access_examples.ROLE_SNIPPET,
    good=examples.DEPUTY_GOOD,
    bad=examples.DEPUTY_BAD,
    controls=TRUST_CONTROLS,
    equivalents={"prowler": ["iam_role_cross_service_confused_deputy_prevention"]},
    catalogue=["IAM-14"],
    links=[DEPUTY_PAGE],
)
def services_name_their_source(role: Resource) -> Iterator[Finding]:
    """Look for services that send their source, and are let in without asking for it."""
    for statement in trusting(role):
        with statement:
            for principal in statement.principals:
                if is_service(principal, SEND_THEIR_SOURCE) and not names_its_source(statement):
                    yield _finding(
                        role,
                        statement,
                        f"can be used through {principal.value} by any account",
                        principal.value,
                    )


@rule(
    "TS-IAM-026",
    title="Tokens of identity providers name their subject",
    severity=Severity.HIGH,
    applies_to=[ROLE],
    why="Without the subject every repository or pod that the provider serves can take the role.",
    fix="Add StringEquals on the provider's :sub key, such as repo:owner/name:ref:refs/heads/main.",
    snippet=access_examples.ROLE_SNIPPET,
    good=examples.SUBJECT_GOOD,
    bad=examples.SUBJECT_BAD,
    controls=TRUST_CONTROLS,
    equivalents={"checkov": ["CKV_AWS_358", "CKV_AWS_393"]},
    catalogue=["IAM-24"],
    links=[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ],
)
def tokens_name_their_subject(role: Resource) -> Iterator[Finding]:
    """Look for web identities without a condition on the subject."""
    for statement in trusting(role):
        with statement:
            if is_web_identity(statement) and not any_of(statement.conditions, pins_the_subject):
                yield _finding(role, statement, "accepts tokens whatever their subject is")


@rule(
    "TS-IAM-027",
    title="Timestream assumes the role for named scheduled queries of one account",
    severity=Severity.HIGH,
    applies_to=[ROLE],
    why="Any account's scheduled query could run as this role and read its tables.",
    fix="Add StringEquals on aws:SourceAccount and ArnLike on aws:SourceArn with the scheduled query's ARN.",
    snippet=examples.QUERY_ROLE_SNIPPET,
    good=examples.QUERY_GOOD,
    bad=examples.QUERY_BAD,
    controls={**TRUST_CONTROLS, "aws-timestream-security": ["security-best-practices"]},
    equivalents={"prowler": ["iam_role_cross_service_confused_deputy_prevention"]},
    catalogue=["GAP-30"],
    links=[
        "https://docs.aws.amazon.com/timestream/latest/developerguide/cross-service-confused-deputy-prevention.html"
    ],
)
def queries_are_named(role: Resource) -> Iterator[Finding]:
    """Look for Timestream's service principal without both conditions."""
    for statement in trusting(role):
        with statement:
            if not any_of(statement.principals, lambda principal: is_service(principal, TIMESTREAM)):
                continue
            lacking = [
                name
                for name, test in (("aws:SourceAccount", _from_an_account), ("aws:SourceArn", _from_a_query))
                if not test(statement)
            ]
            if lacking:
                yield _finding(role, statement, f"lets Timestream in without {' and '.join(lacking)}")


def _from_an_account(statement: Statement) -> bool:
    return any_of(statement.conditions, lambda c: c.key == "aws:sourceaccount" and narrows(c))


def _from_a_query(statement: Statement) -> bool:
    return any_of(
        statement.conditions,
        lambda condition: (
            condition.key == "aws:sourcearn"
            and narrows(condition)
            and not any_of(condition.values, lambda value: ":scheduled-query/" not in value)
        ),
    )
