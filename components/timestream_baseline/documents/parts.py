"""What every policy document is made of: ARNs, principals, statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Statement = dict[str, Any]
Document = dict[str, Any]


def document(*statements: Statement) -> Document:
    """Put statements into a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str] | str | None,
    *,
    principal: Mapping[str, Any] | str | None = None,
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    """Write an Allow statement; trust policies have no resource, identity policies no principal."""
    return _statement("Allow", sid, actions, resources, principal, condition)


def deny(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str] | str,
    *,
    principal: Mapping[str, Any] | str | None = None,
    condition: Mapping[str, Any],
) -> Statement:
    """Write a Deny statement."""
    return _statement("Deny", sid, actions, resources, principal, condition)


def _statement(
    effect: str,
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str] | str | None,
    principal: Mapping[str, Any] | str | None,
    condition: Mapping[str, Any] | None,
) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": effect}
    if principal is not None:
        statement["Principal"] = principal if isinstance(principal, str) else dict(principal)
    statement["Action"] = list(actions)
    if resources is not None:
        statement["Resource"] = resources if isinstance(resources, str) else list(resources)
    if condition:
        statement["Condition"] = dict(condition)
    return statement


def principals(names: Sequence[str]) -> str | list[str]:
    """Write principals as AWS stores them: one alone as text, several as a sorted list."""
    return names[0] if len(names) == 1 else sorted(names)


def root_arn(*, partition: str, account: str) -> str:
    """Build the ARN of the account itself: which of its principals may, its IAM policies decide."""
    return f"arn:{partition}:iam::{account}:root"


def database_arn(*, partition: str, region: str, account: str, database: str) -> str:
    """Build the ARN of a LiveAnalytics database."""
    return f"arn:{partition}:timestream:{region}:{account}:database/{database}"


def table_arn(*, partition: str, region: str, account: str, database: str, table: str) -> str:
    """Build the ARN of a LiveAnalytics table; `*` stands for all tables of the database."""
    owner = database_arn(partition=partition, region=region, account=account, database=database)
    return f"{owner}/table/{table}"


def topic_arn(*, partition: str, region: str, account: str, topic: str) -> str:
    """Build the ARN of a topic."""
    return f"arn:{partition}:sns:{region}:{account}:{topic}"
