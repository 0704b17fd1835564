"""What roles may do, and who may assume them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from timestream_baseline.documents.keys import timestream_service
from timestream_baseline.documents.parts import Document, Statement, allow, document, principals

# Services for which AWS documents aws:SourceAccount in the trust policy of a role that they assume. For other
# services the key may be missing from the request, and the condition would lock them out.
CONFUSED_DEPUTY_SOURCES: Final[Mapping[str, str]] = {
    "ecs-tasks.amazonaws.com": "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    "glue.amazonaws.com": "https://docs.aws.amazon.com/glue/latest/dg/cross-service-confused-deputy-prevention.html",
    "iot.amazonaws.com": (
        "https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html"
    ),
    "pipes.amazonaws.com": (
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html"
    ),
    "scheduler.amazonaws.com": (
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"
    ),
    "states.amazonaws.com": (
        "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html"
    ),
}
_POD_IDENTITY: Final = "pods.eks.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class TokenTrust:
    """Tokens of one identity provider that a role accepts."""

    provider_arn: str
    audience: str
    subjects: Sequence[str]


def trust_policy(
    *,
    account: str,
    services: Sequence[str],
    role_arns: Sequence[str],
    external_id: str | None,
    tokens: Sequence[TokenTrust],
    eks_pod_identity: bool,
) -> Document:
    """Say who may assume a role, each kind of principal in statements of its own."""
    statements: list[Statement] = []
    guarded = sorted(service for service in services if service in CONFUSED_DEPUTY_SOURCES)
    others = sorted(service for service in services if service not in CONFUSED_DEPUTY_SOURCES)
    from_account = {"StringEquals": {"aws:SourceAccount": account}}
    if guarded:
        statements.append(
            _assume("ServicesOnBehalfOfThisAccount", {"Service": principals(guarded)}, condition=from_account)
        )
    if others:
        statements.append(_assume("ServicesWithoutSourceConditions", {"Service": principals(others)}))
    if role_arns:
        condition = {"StringEquals": {"sts:ExternalId": external_id}} if external_id else None
        statements.append(_assume("NamedRoles", {"AWS": principals(role_arns)}, condition=condition))
    statements.extend(_token_statement(index, token) for index, token in enumerate(tokens))
    if eks_pod_identity:
        # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
        statements.append(
            allow(
                "PodsOfThisAccount",
                ["sts:AssumeRole", "sts:TagSession"],
                None,
                principal={"Service": _POD_IDENTITY},
                condition=from_account,
            )
        )
    return document(*statements)


def _assume(sid: str, principal: Mapping[str, Any], condition: Mapping[str, Any] | None = None) -> Statement:
    return allow(sid, ["sts:AssumeRole"], None, principal=principal, condition=condition)


def _token_statement(index: int, token: TokenTrust) -> Statement:
    host = token.provider_arn.partition(":oidc-provider/")[2]
    exact = sorted(subject for subject in token.subjects if not set(subject) & {"*", "?"})
    condition: dict[str, Any] = {"StringEquals": {f"{host}:aud": token.audience}}
    if len(exact) == len(token.subjects):
        condition["StringEquals"][f"{host}:sub"] = exact
    else:
        condition["StringLike"] = {f"{host}:sub": sorted(token.subjects)}
    return allow(
        f"TokensOfProvider{index + 1}",
        ["sts:AssumeRoleWithWebIdentity"],
        None,
        principal={"Federated": token.provider_arn},
        condition=condition,
    )


def writer_policy(*, table_arns: Sequence[str]) -> Document:
    """Let a role write records, and nothing else."""
    return document(
        allow("WriteRecords", ["timestream:WriteRecords"], sorted(table_arns)),
        # DescribeEndpoints knows no resource; every other action depends on it.
        allow("DiscoverEndpointsWhichHaveNoResource", ["timestream:DescribeEndpoints"], "*"),
    )


def reader_policy(*, table_arns: Sequence[str]) -> Document:
    """Let a role query tables, and nothing else."""
    return document(
        allow(
            "QueryTables",
            ["timestream:DescribeTable", "timestream:ListMeasures", "timestream:Select"],
            sorted(table_arns),
        ),
        allow(
            "ActionsThatHaveNoResource",
            ["timestream:CancelQuery", "timestream:DescribeEndpoints", "timestream:SelectValues"],
            "*",
        ),
    )


def key_use_policy(*, key_arns: Sequence[str], region: str, dns_suffix: str) -> Document:
    """Let a role decrypt with the databases' keys, but only inside calls to Timestream.

    AWS documents kms:Decrypt for query credentials. About writers it says nothing; without Select a writer
    gains nothing by it.
    https://docs.aws.amazon.com/timestream/latest/developerguide/EncryptionAtRest.html
    """
    return document(
        allow(
            "DecryptThroughTimestream",
            ["kms:Decrypt"],
            sorted(set(key_arns)),
            condition={
                "StringEquals": {"kms:ViaService": timestream_service(region=region, dns_suffix=dns_suffix)}
            },
        )
    )
