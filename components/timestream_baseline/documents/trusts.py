"""Who may assume a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from timestream_baseline.documents.parts import Document, Statement, allow, document, principals

# Services for which AWS documents aws:SourceAccount in the trust policy of a role that they assume. For other
# services the key may be missing from the request, and the condition would lock them out.
CONFUSED_DEPUTY_SOURCES: Final[Mapping[str, str]] = {
    "ecs-tasks.amazonaws.com": "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    "glue.amazonaws.com": "https://docs.aws.amazon.com/glue/latest/dg/cross-service-confused-deputy-prevention.html",
    "grafana.amazonaws.com": (
        "https://docs.aws.amazon.com/grafana/latest/userguide/cross-service-confused-deputy-prevention.html"
    ),
    "iot.amazonaws.com": (
        "https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html"
    ),
    # Amazon Managed Service for Apache Flink.
    "kinesisanalytics.amazonaws.com": (
        "https://docs.aws.amazon.com/kinesisanalytics/latest/java/iam-cross-service-confused-deputy-prevention.html"
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
# Services that call Timestream from a network of AWS, never from the one with the endpoints.
OUTSIDE_NETWORKS: Final = frozenset(
    {
        "iot.amazonaws.com",
        "pipes.amazonaws.com",
        "scheduler.amazonaws.com",
        "states.amazonaws.com",
    }
)
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
    session_tag_keys: Sequence[str] = (),
) -> Document:
    """Say who may assume a role, each kind of principal in statements of its own.

    `session_tag_keys` are tags of the session that decide what the role reaches. Roles may pass on those that
    they carry themselves, so that nobody becomes another team; tokens carry what their provider has signed.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
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
    if role_arns and session_tag_keys:
        own = {f"aws:RequestTag/{key}": f"${{aws:PrincipalTag/{key}}}" for key in sorted(session_tag_keys)}
        statements.append(
            _tag(
                "NamedRolesPassOnTheirOwnTags",
                {"AWS": principals(role_arns)},
                session_tag_keys,
                {"StringEquals": own},
            )
        )
    for number, token in enumerate(tokens, start=1):
        statements.append(_token_statement(number, token))
        if session_tag_keys:
            statements.append(
                _tag(
                    f"TagsInTokensOfProvider{number}",
                    {"Federated": token.provider_arn},
                    session_tag_keys,
                    _claims(token),
                )
            )
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


def _tag(
    sid: str, principal: Mapping[str, Any], keys: Sequence[str], condition: Mapping[str, Any]
) -> Statement:
    """Let sessions carry these tags, and no others."""
    only = {"ForAllValues:StringEquals": {"aws:TagKeys": sorted(keys)}, "Null": {"aws:TagKeys": "false"}}
    return allow(sid, ["sts:TagSession"], None, principal=principal, condition={**condition, **only})


def _token_statement(number: int, token: TokenTrust) -> Statement:
    return allow(
        f"TokensOfProvider{number}",
        ["sts:AssumeRoleWithWebIdentity"],
        None,
        principal={"Federated": token.provider_arn},
        condition=_claims(token),
    )


def _claims(token: TokenTrust) -> dict[str, Any]:
    """Compare the audience literally, and subjects as patterns where one has a wildcard."""
    host = token.provider_arn.partition(":oidc-provider/")[2]
    exact = sorted(subject for subject in token.subjects if not set(subject) & {"*", "?"})
    condition: dict[str, Any] = {"StringEquals": {f"{host}:aud": token.audience}}
    if len(exact) == len(token.subjects):
        condition["StringEquals"][f"{host}:sub"] = exact
    else:
        condition["StringLike"] = {f"{host}:sub": sorted(token.subjects)}
    return condition
