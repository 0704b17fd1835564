"""Who may assume a role: its trust policy, read by kind of principal."""

import re
from collections.abc import Callable, Iterable, Iterator

from timestream_policies.documents import Condition, Principal, Statement
from timestream_policies.iam import narrows
from timestream_policies.model import Resource
from timestream_policies.undecided import all_of, any_of, settled
from timestream_policies.wildcards import has_wildcard, matches

# Services for which AWS documents aws:SourceAccount or aws:SourceArn in the trust policy of their roles. For
# others, such as EC2, Lambda, CloudTrail and AWS Backup, the condition would lock the service out.
SEND_THEIR_SOURCE = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "bedrock",
        "codebuild",
        "delivery.logs",
        "ecs-tasks",
        "events",
        "firehose",
        "glue",
        "grafana",
        "imagebuilder",
        "iot",
        "kinesisanalytics",
        "logs",
        "pipes",
        "pods.eks",
        "sagemaker",
        "scheduler",
        "ssm",
        "states",
        "timestream",
        "transfer",
        "vpc-flow-logs",
        "workspaces",
    )
)
TIMESTREAM = frozenset({"timestream.amazonaws.com"})
SOURCES = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})
_ACCOUNT = re.compile(r"\d{12}|arn:aws[a-z-]*:iam::(\d{12}):root")
_WEB_IDENTITY = "sts:assumerolewithwebidentity"
_GITHUB = "token.actions.githubusercontent.com"
# Claims that anybody may set in a repository of his own: alone they pin nobody.
_OPEN_CLAIMS = frozenset({"actor", "base_ref", "context", "environment", "head_ref", "ref", "workflow"})
# What stands before the name of the owner in a subject.
_KINDS = ("system:serviceaccount:", "repo:", "project_path:", "organization:", "org/", "workspace:")
_WITHOUT_SUBJECT = frozenset({"cognito-identity.amazonaws.com:aud", "graph.facebook.com:app_id"})


def trusting(role: Resource) -> Iterable[Statement]:
    """Return the Allow statements of a role's trust policy."""
    known = role.once("trusting", lambda: settled(_trusting(role)))
    return _trusting(role) if known is None else known


def _trusting(role: Resource) -> Iterator[Statement]:
    document = role.document("assumeRolePolicy")
    for statement in document.statements if document else ():
        with statement:
            if statement.allows:
                yield statement


def lets_in(role: Resource, test: Callable[[Principal], bool]) -> bool:
    """Tell whether a role's trust policy lets a principal in that passes the test."""
    document = role.document("assumeRolePolicy")
    return document is not None and any_of(
        document.statements, lambda statement: statement.allows and any_of(statement.principals, test)
    )


def is_service(principal: Principal, names: frozenset[str]) -> bool:
    """Tell whether a principal is one of these services."""
    return principal.kind.lower() == "service" and principal.value.lower() in names


def whole_account(principal: Principal) -> str:
    """Return the id of the account if the principal is all of it; the empty text if not."""
    found = _ACCOUNT.fullmatch(principal.value) if principal.kind.lower() == "aws" else None
    return (found[1] or found[0]) if found else ""


def account_of(principal: Principal) -> str:
    """Return the id of the account that a principal is or lives in; the empty text if it tells none."""
    if principal.kind.lower() != "aws":
        return ""
    fields = principal.value.split(":")
    account = fields[4] if len(fields) > 4 else principal.value
    return account if account.isdigit() and len(account) == 12 else ""


def names_its_source(statement: Statement) -> bool:
    """Tell whether a statement lets a service in only on behalf of a known account or resource."""
    return any_of(statement.conditions, lambda condition: condition.key in SOURCES and narrows(condition))


def is_web_identity(statement: Statement) -> bool:
    """Tell whether tokens of an identity provider are let in."""
    return any_of(statement.actions, lambda pattern: matches(pattern, _WEB_IDENTITY))


def pins_the_subject(condition: Condition) -> bool:
    """Tell whether a condition lets only tokens of named subjects in."""
    operator = condition.operator.removeprefix("foranyvalue:")
    if operator not in ("stringequals", "stringequalsignorecase", "stringlike"):
        return False
    if condition.key in _WITHOUT_SUBJECT:
        return bool(condition.values) and not any_of(condition.values, has_wildcard)
    if not condition.key.endswith(":sub"):
        return False
    host = condition.key.removesuffix(":sub")
    return bool(condition.values) and all_of(condition.values, lambda value: _names_an_owner(host, value))


def _names_an_owner(host: str, subject: str) -> bool:
    if host == _GITHUB:
        claim, colon, _ = subject.partition(":")
        if not colon or claim.lower() in _OPEN_CLAIMS:
            return False
    if not has_wildcard(subject):
        return bool(subject)
    rest = next((subject.removeprefix(kind) for kind in _KINDS if subject.startswith(kind)), subject)
    owner = re.match(r"[^*?:/]+[:/]", rest)
    return owner is not None
