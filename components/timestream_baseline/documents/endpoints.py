"""Policies of interface endpoints: who may come through, and to which databases.

They name accounts or an organisation, databases and actions, and never roles: what a role may do is said by
its own policies, and an endpoint that named one could not exist before it. A call has to be allowed by both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from timestream_baseline.documents.parts import Document, allow, document

# The conditions say who is meant. https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
EVERYBODY: Final = "*"

# All actions of Timestream, by the resources that they know. The 13 without any can be allowed on * only.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html
DATABASE_ACTIONS: Final = (
    "timestream:CreateBatchLoadTask",
    "timestream:CreateDatabase",
    "timestream:CreateTable",
    "timestream:DeleteDatabase",
    "timestream:DeleteTable",
    "timestream:DescribeDatabase",
    "timestream:DescribeTable",
    "timestream:ListMeasures",
    "timestream:ListTables",
    "timestream:ListTagsForResource",
    "timestream:PrepareQuery",
    "timestream:Select",
    "timestream:StartAwsBackupJob",
    "timestream:StartAwsRestoreJob",
    "timestream:TagResource",
    "timestream:Unload",
    "timestream:UntagResource",
    "timestream:UpdateDatabase",
    "timestream:UpdateTable",
    "timestream:WriteRecords",
)
SCHEDULED_QUERY_ACTIONS: Final = (
    "timestream:DeleteScheduledQuery",
    "timestream:DescribeScheduledQuery",
    "timestream:ExecuteScheduledQuery",
    "timestream:ListTagsForResource",
    "timestream:TagResource",
    "timestream:UntagResource",
    "timestream:UpdateScheduledQuery",
)
ACTIONS_WITHOUT_RESOURCE: Final = (
    "timestream:CancelQuery",
    "timestream:CreateScheduledQuery",
    "timestream:DescribeAccountSettings",
    "timestream:DescribeBatchLoadTask",
    "timestream:DescribeEndpoints",
    "timestream:GetAwsBackupStatus",
    "timestream:GetAwsRestoreStatus",
    "timestream:ListBatchLoadTasks",
    "timestream:ListDatabases",
    "timestream:ListScheduledQueries",
    "timestream:ResumeBatchLoadTask",
    "timestream:SelectValues",
    "timestream:UpdateAccountSettings",
)


def timestream_endpoint_policy(
    *, partition: str, region: str, account: str, organization: str | None, database_arns: Sequence[str]
) -> Document:
    """Let the account or the organisation reach the named databases, and this account's scheduled queries.

    The ARNs of scheduled queries end in letters that AWS chooses: the account's own are meant by `*`.
    """
    condition = _callers(account=account, organization=organization)
    databases = sorted(set(database_arns))
    return document(
        allow(
            "ReachTheNamedDatabases",
            DATABASE_ACTIONS,
            [arn for database in databases for arn in (database, f"{database}/table/*")],
            principal=EVERYBODY,
            condition=condition,
        ),
        allow(
            "ReachTheScheduledQueriesOfThisAccount",
            SCHEDULED_QUERY_ACTIONS,
            [f"arn:{partition}:timestream:{region}:{account}:scheduled-query/*"],
            principal=EVERYBODY,
            condition=condition,
        ),
        allow(
            "ActionsThatHaveNoResource",
            ACTIONS_WITHOUT_RESOURCE,
            "*",
            principal=EVERYBODY,
            condition=condition,
        ),
    )


def service_endpoint_policy(*, service: str, account: str, organization: str | None) -> Document:
    """Let the account or the organisation use one service: `service` is the prefix of its actions.

    Whoever assumes a role with a token of an identity provider has no account yet. For them STS looks at the
    account of the role, whose trust policy stays the gate.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_policies.html
    """
    statements = [
        allow(
            "CallersOfOurOwn",
            [f"{service}:*"],
            "*",
            principal=EVERYBODY,
            condition=_callers(account=account, organization=organization),
        )
    ]
    if service == "sts":
        statements.append(
            allow(
                "TokensForRolesOfOurOwn",
                ["sts:AssumeRoleWithWebIdentity"],
                "*",
                principal=EVERYBODY,
                condition=_owners(account=account, organization=organization),
            )
        )
    return document(*statements)


def _callers(*, account: str, organization: str | None) -> Mapping[str, Any]:
    if organization:
        return {"StringEquals": {"aws:PrincipalOrgID": organization}}
    return {"StringEquals": {"aws:PrincipalAccount": account}}


def _owners(*, account: str, organization: str | None) -> Mapping[str, Any]:
    if organization:
        return {"StringEquals": {"aws:ResourceOrgID": organization}}
    return {"StringEquals": {"aws:ResourceAccount": account}}
