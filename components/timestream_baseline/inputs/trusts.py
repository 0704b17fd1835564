"""Trust: who may assume a role; arguments and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

import re
from dataclasses import dataclass
from typing import Final, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, InputText, setting
from timestream_baseline.inputs.mistakes import Place, shown
from timestream_baseline.inputs.records import ListOf, Record
from timestream_baseline.inputs.texts import (
    AUDIENCE,
    EXTERNAL_ID,
    PROVIDER_ARN,
    ROLE_ARN,
    SERVICE,
    SUBJECT,
    TextInput,
)

# Beginnings of subjects that name an organisation: repo:ORG/… (GitHub), project_path:GROUP/… (GitLab),
# organization:ORG:… (HCP Terraform, Buildkite), …:org:ORG:… (Pulumi Cloud), org/ID/… (CircleCI).
_ORGANISATION: Final = re.compile(
    r"[\w-]+:[^/:]+/.*|([\w-]+:)*org(anization)?:[^/:]+:.*|repository_owner(_id)?:[^/:]+:.*|org/[^/]+/.*"
)


def anchored(subject: str) -> bool:
    """Tell whether wildcards in a subject stay below an organisation, as in `repo:ORGANISATION/*`."""
    wildcard = re.search(r"[*?]", subject)
    return wildcard is None or _ORGANISATION.fullmatch(subject[: wildcard.start()]) is not None


class OpenIdConnectArgs(TypedDict, total=False):
    """Trust in tokens of an identity provider; every field is needed."""

    provider_arn: pulumi.Input[str]
    """The ARN of the identity provider. Needed."""
    audience: str
    """For whom the tokens must be made. Needed."""
    subjects: list[str]
    """Who the tokens must be about; a wildcard must stand below an organisation or repository. Needed."""


class TrustArgs(TypedDict, total=False):
    """Who may assume a role; at least one kind of principal."""

    services: list[str]
    """Service principals such as lambda.amazonaws.com."""
    role_arns: list[pulumi.Input[str]]
    """ARNs of roles."""
    external_id: str
    """What the named roles must say to assume the role."""
    oidc: list[OpenIdConnectArgs]
    """Identity providers and whom they may vouch for."""
    eks_pod_identity: bool
    """Pods of this account's EKS clusters, by EKS Pod Identity. Default: false."""


@dataclass(frozen=True, kw_only=True)
class OpenIdConnect:
    """Who may assume a role with a token of an identity provider."""

    provider_arn: TextInput | None = setting(InputText(PROVIDER_ARN))
    audience: str | None = setting(AUDIENCE)
    subjects: tuple[str, ...] = setting(ListOf(SUBJECT), ())

    def check(self, place: Place) -> None:
        """Everything is needed, and a wildcard must stay below an organisation or a repository."""
        if self.provider_arn is None:
            place.field("provider_arn").mistake("is missing; name the identity provider")
        if self.audience is None:
            place.field("audience").mistake("is missing; tokens made for others would be accepted")
        if not self.subjects:
            place.field("subjects").mistake("is missing; the provider's every user would be trusted")
        for index, subject in enumerate(self.subjects):
            if not anchored(subject):
                place.field("subjects").at(index).mistake(
                    f"is {shown(subject)}, whose wildcard is not anchored below an organisation or "
                    "repository; write at least the organisation before it, such as "
                    "repo:my-organisation/my-repository:*"
                )


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Who may assume a role."""

    services: tuple[str, ...] = setting(ListOf(SERVICE), ())
    role_arns: tuple[TextInput, ...] = setting(ListOf(InputText(ROLE_ARN)), ())
    external_id: str | None = setting(EXTERNAL_ID)
    oidc: tuple[OpenIdConnect, ...] = setting(ListOf(Record(OpenIdConnect)), ())
    eks_pod_identity: bool = setting(Boolean(), False)

    def check(self, place: Place) -> None:
        """Somebody must be trusted, and an external id belongs to roles."""
        if not (self.services or self.role_arns or self.oidc or self.eks_pod_identity):
            role_arns, pods = place.spelled("role_arns"), place.spelled("eks_pod_identity")
            place.mistake(f"trusts nobody; name services, {role_arns} or oidc, or set {pods}")
        if self.external_id is not None and not self.role_arns:
            role_arns = place.spelled("role_arns")
            place.field("external_id").mistake(f"works with {role_arns} only; name the roles or leave it out")
