"""What the policies of buckets, topics, queues and secrets let others do."""

from collections.abc import Callable, Iterable, Iterator

from timestream_policies.documents import Condition, PolicyDocument, Principal, Statement
from timestream_policies.iam import is_open_to_anyone, narrows
from timestream_policies.key_policies import covers
from timestream_policies.model import Resource
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    BUCKET_POLICY,
    CUSTOMER_KEYS,
    KEY_POLICY,
    QUEUE,
    QUEUE_POLICY,
    TOPIC,
    TOPIC_POLICY,
)
from timestream_policies.undecided import Undecided, all_of, any_of, holds, settled
from timestream_policies.wildcards import covers_everything, matches

_APART = {
    BUCKET: (BUCKET_POLICY, "bucket"),
    TOPIC: (TOPIC_POLICY, "arn"),
    QUEUE: (QUEUE_POLICY, "queueUrl"),
    **dict.fromkeys(CUSTOMER_KEYS, (KEY_POLICY, "keyId")),
}
"""The types that hold a policy of their own for another resource, and the property that names it."""
_ACCOUNT_DIGITS = 12
_ARN_FIELDS = 6
_SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceowner")


def policies(holder: Resource, stack: Stack) -> Iterator[PolicyDocument]:
    """Yield the policies of a bucket, topic, queue or key: its own, and those that stand apart."""
    if inline := holder.document("policy"):
        yield inline
    for apart in stack.each_referring(holder, *_APART[holder.type]):
        if document := apart.document("policy"):
            yield document


def policy_statements(holder: Resource, stack: Stack) -> Iterator[Statement]:
    """Yield the statements of the same."""
    for document in policies(holder, stack):
        yield from document.statements


def allowing(holder: Resource) -> Iterable[Statement]:
    """Return the statements of a holder's policy that grant something, each to be judged alone."""
    known = holder.once("allowing", lambda: settled(_allowing(holder)))
    return _allowing(holder) if known is None else known


def _allowing(holder: Resource) -> Iterator[Statement]:
    document = holder.document("policy")
    for statement in document.statements if document else ():
        with statement:
            if statement.allows:
                yield statement


def demands_tls(
    document: PolicyDocument, action: str, resources: Callable[[], tuple[str, ...]] | None = None
) -> bool:
    """Tell whether a statement denies an action to everybody who comes without TLS.

    `resources` are spellings of what it must cover; None where a policy can speak of one thing only.
    """

    def denies(statement: Statement) -> bool:
        return holds(
            statement,
            lambda s: not s.allows,
            lambda s: any_of(s.principals, _is_everybody),
            lambda s: any_of(s.actions, lambda pattern: matches(pattern, action)),
            lambda s: bool(s.conditions) and all_of(s.conditions, _is_without_tls),
            lambda s: (
                resources is None
                or any_of(
                    s.resources,
                    lambda pattern: (
                        covers_everything(pattern) or any(matches(pattern, arn) for arn in resources())
                    ),
                )
            ),
        )

    return any_of(document.statements, denies)


def _is_everybody(principal: Principal) -> bool:
    return principal.kind in ("*", "AWS") and principal.value == "*"


def _is_without_tls(condition: Condition) -> bool:
    if condition.operator not in ("bool", "boolifexists") or condition.key != "aws:securetransport":
        return False
    return bool(condition.values) and all_of(condition.values, lambda value: value.lower() == "false")


def is_every_action_of(pattern: str, service: str) -> bool:
    """Tell whether a (lower-cased) action pattern is all actions of the service."""
    return covers_everything(pattern) or matches(pattern, f"{service}:*")


def too_wide(statement: Statement, service: str, *, actions: bool = True) -> Iterator[str]:
    """Yield what makes an Allow wider than anybody can oversee."""
    with statement:
        if statement.not_actions:
            yield "allows all actions but some (NotAction)"
    with statement:
        if statement.not_principals:
            yield "allows everybody but some (NotPrincipal)"
    with statement:
        if actions and any_of(statement.actions, lambda pattern: is_every_action_of(pattern, service)):
            yield "allows every action"


def strangers(statement: Statement, holder: Resource, stack: Stack, own: str = "") -> list[str]:
    """Return the accounts that an Allow lets in and that are neither ours nor trusted.

    `own` is the account of the resource, where its ARN tells. A narrowing condition keeps all out.
    """
    if is_open_to_anyone(statement):
        return ["any account"]
    trusted = holder.settings.trusted_accounts
    named = sorted({_account_of(p) for p in statement.principals} - {"", *trusted})
    if not named or any_of(statement.conditions, narrows):
        return []
    ours = {own} if own else accounts_of(stack)
    if not ours:
        raise Undecided(holder.urn, "policy", "names accounts, and it is not known which one is ours")
    return [account for account in named if account not in ours]


def _account_of(principal: Principal) -> str:
    if principal.kind.lower() != "aws":
        return ""
    fields = principal.value.split(":")
    account = fields[4] if len(fields) >= _ARN_FIELDS else principal.value
    return account if len(account) == _ACCOUNT_DIGITS and account.isdigit() else ""


def account_in(arn: str) -> str:
    """Return the account that an ARN or the URL of a queue names; empty if none."""
    fields = arn.split(":") if arn.startswith("arn:") else arn.split("/")
    account = fields[4 if arn.startswith("arn:") else -2] if len(fields) > 4 else ""
    return account if len(account) == _ACCOUNT_DIGITS and account.isdigit() else ""


def accounts_of(stack: Stack) -> set[str]:
    """Return the accounts in which the resources of the stack are."""
    return stack.once(
        "accounts of the stack",
        lambda: {account_in(arn) for r in stack.resources if (arn := r.output("arn"))} - {""},
    )


def admits(document: PolicyDocument, service: str, action: str) -> bool:
    """Tell whether a policy lets a service do something."""
    return any_of(
        document.statements,
        lambda statement: holds(
            statement,
            lambda s: s.allows,
            lambda s: any_of(s.principals, lambda principal: principal.value in ("*", service)),
            lambda s: covers(s, action),
        ),
    )


def services_from_anywhere(statement: Statement) -> list[str]:
    """Return the services that an Allow lets in whoever they act for: no condition names a source."""
    services = [p.value for p in statement.principals if p.kind.lower() == "service"]
    if not services or any_of(statement.conditions, _names_source):
        return []
    return services


def _names_source(condition: Condition) -> bool:
    return condition.key in _SOURCES and narrows(condition)
