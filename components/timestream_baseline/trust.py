"""The trust policies of roles, written now or as soon as what they name is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi

from timestream_baseline.documents.limits import TRUST_POLICY, compact, excess
from timestream_baseline.documents.parts import Document
from timestream_baseline.documents.trusts import TokenTrust, trust_policy
from timestream_baseline.inputs.access import Role
from timestream_baseline.inputs.mistakes import ArgumentsError, Mistake, Place

_WAY_OUT: Final = "name fewer principals, or make several roles"
# As long as computed ARNs are taken to be: a role without a path, and a provider of EKS.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_ROLE: Final = "arn:aws-us-gov:iam::000000000000:role/" + "x" * 64
_PROVIDER: Final = (
    "arn:aws-us-gov:iam::000000000000:oidc-provider/oidc.eks.ap-southeast-1.amazonaws.com/id/" + "0" * 32
)


def trust_text(role: Role, account: str, path: str) -> pulumi.Input[str]:
    """Write who may assume a role. What was computed can be measured only then: `path` says where."""
    values = _values(role)
    known = [value for value in values if isinstance(value, str)]
    if len(known) == len(values):
        return compact(_document(role, account, known))

    def write(computed: Sequence[str]) -> str:
        document = _document(role, account, computed)
        if too_large := excess(TRUST_POLICY, document):
            raise ArgumentsError("this program", [Mistake(path, f"{too_large}; {_WAY_OUT}")])
        return compact(document)

    return pulumi.Output.all(*values).apply(write)


def check_trust(role: Role, account: str, place: Place) -> None:
    """Note a mistake if the trust is too large, computed ARNs being as long as they usually are at most."""
    values = _values(role)
    roles = 0 if role.trust is None else len(role.trust.role_arns)
    stand_ins = [_ROLE] * roles + [_PROVIDER] * (len(values) - roles)
    written = [
        value if isinstance(value, str) else stand_in
        for value, stand_in in zip(values, stand_ins, strict=True)
    ]
    if too_large := excess(TRUST_POLICY, _document(role, account, written)):
        place.mistake(f"{too_large}; {_WAY_OUT}")


def _values(role: Role) -> list[pulumi.Input[str]]:
    if role.trust is None:
        raise ValueError("a role trusts nobody")  # the normaliser has refused it
    return [*role.trust.role_arns, *(token.provider_arn or "" for token in role.trust.oidc)]


def _document(role: Role, account: str, values: Sequence[str]) -> Document:
    trust = role.trust
    if trust is None:
        raise ValueError("a role trusts nobody")  # the normaliser has refused it
    role_arns, providers = values[: len(trust.role_arns)], values[len(trust.role_arns) :]
    return trust_policy(
        account=account,
        services=trust.services,
        role_arns=role_arns,
        external_id=trust.external_id,
        tokens=[
            TokenTrust(provider_arn=provider, audience=token.audience or "", subjects=token.subjects)
            for provider, token in zip(providers, trust.oidc, strict=True)
        ],
        eks_pod_identity=trust.eks_pod_identity,
        session_tag_keys=role.tags_required.session_tag_keys if role.tags_required else (),
    )
