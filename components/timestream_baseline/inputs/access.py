"""Roles: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import ClassVar, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, InputText, Integer, Text, setting
from timestream_baseline.inputs.mistakes import Place, shown
from timestream_baseline.inputs.records import ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import (
    AUDIENCE,
    BUCKET_ARN,
    BUCKET_NAME,
    ENDPOINT_ID,
    EXTERNAL_ID,
    KEY_ARN,
    LOG_GROUP,
    POLICY_ARN,
    PROVIDER_ARN,
    ROLE_ARN,
    ROLE_NAME,
    ROLE_PATH,
    SERVICE,
    SUBJECT,
    TABLE_PATH,
    TIMESTREAM_NAME,
    TRAIL_ARN,
    TextInput,
)


class OpenIdConnectArgs(TypedDict, total=False):
    """Trust in tokens of an identity provider; every field is needed."""

    provider_arn: pulumi.Input[str]
    """The ARN of the identity provider."""
    audience: str
    """For whom the tokens must be made."""
    subjects: list[str]
    """Who the tokens must be about; a wildcard must stand below an organisation or repository."""


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


class TagsRequiredArgs(TypedDict, total=False):
    """Tags that decide what a role reaches; a value may be a variable such as ${aws:PrincipalTag/team}."""

    resource: dict[str, str]
    """Tags that databases and tables must carry."""
    request: dict[str, str]
    """Tags that must be given when something is created."""


class RoleArgs(TypedDict, total=False):
    """A role for an application. Without databases and tables it reaches all databases of the baseline."""

    databases: list[str]
    """Databases that the role reaches as a whole."""
    tables: list[str]
    """Single tables that the role reaches, as "database/table"."""
    trust: TrustArgs
    """Who may assume the role. Needed."""
    require_endpoint: bool
    """Refuse calls that do not come through the baseline's endpoints. Default: false."""
    tags_required: TagsRequiredArgs
    """Tags that decide what the role reaches."""
    bucket_arn: pulumi.Input[str]
    """The bucket that unloaders write to or batch loaders read from. Needed for these two."""
    max_session_hours: int
    """How long a session may last, 1 to 12 hours. Default: 1."""
    path: str
    """The path of the role in IAM. Default: /."""


class AccessArgs(TypedDict, total=False):
    """Roles for applications and people, by name."""

    writers: dict[str, RoleArgs]
    """Roles that write records and nothing else."""
    readers: dict[str, RoleArgs]
    """Roles that query and nothing else."""
    admins: dict[str, RoleArgs]
    """Roles that manage databases and tables, and see no data."""
    auditors: dict[str, RoleArgs]
    """Roles that read configuration and logs, and see no data."""
    unloaders: dict[str, RoleArgs]
    """Roles that query and unload results into a bucket."""
    batch_loaders: dict[str, RoleArgs]
    """Roles that load records from a bucket."""
    permissions_boundary: str
    """"none", "create", or the ARN of a policy that bounds every role. Default: none."""
    break_glass_role_arns: list[str]
    """Roles (ARNs) that require_endpoint does not bind, for emergencies."""


class AccessRolesPartArgs(AccessArgs, SharedArgs, total=False):
    """The arguments of AccessRoles."""

    databases: dict[str, list[str]]
    """The tables of each database that roles may name. Needed."""
    key_arns: dict[str, pulumi.Input[str]]
    """The customer managed key of each database."""
    client_side_key_arn: pulumi.Input[str]
    """The key with which applications encrypt values themselves."""
    endpoint_ids: list[pulumi.Input[str]]
    """Interface endpoints that require_endpoint accepts."""
    trail_arn: pulumi.Input[str]
    """The trail whose configuration auditors read."""
    log_group_name: pulumi.Input[str]
    """The log group that auditors read."""
    log_bucket: pulumi.Input[str]
    """The bucket of the trail that auditors read."""
    log_key_arns: list[pulumi.Input[str]]
    """The keys of that log group and bucket."""


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


def anchored(subject: str) -> bool:
    """Tell whether wildcards in a subject stay below an organisation, as in `repo:ORGANISATION/*`."""
    before = subject[: min((subject.find(mark) for mark in "*?" if mark in subject), default=len(subject))]
    return before == subject or ("/" in before and not before.startswith("/") and ":/" not in before)


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


@dataclass(frozen=True, kw_only=True)
class TagsRequired:
    """Tags that decide what a role reaches."""

    resource: dict[str, str] = setting(TagMap(), factory=dict)
    request: dict[str, str] = setting(TagMap(), factory=dict)


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role for an application."""

    NOT_BUILT: ClassVar[tuple[str, ...]] = ("require_endpoint", "tags_required", "bucket_arn")

    databases: tuple[str, ...] | None = setting(ListOf(TIMESTREAM_NAME))
    tables: tuple[str, ...] | None = setting(ListOf(TABLE_PATH))
    trust: Trust | None = setting(Record(Trust))
    require_endpoint: bool = setting(Boolean(), False)
    tags_required: TagsRequired | None = setting(Record(TagsRequired))
    bucket_arn: TextInput | None = setting(InputText(BUCKET_ARN))
    max_session_hours: int = setting(Integer(1, 12), 1)
    path: str = setting(ROLE_PATH, "/")

    def check(self, place: Place) -> None:
        """Somebody must assume it, and an empty list must not silently mean everything."""
        listed = self.databases is not None or self.tables is not None
        if listed and not (self.databases or self.tables):
            place.mistake("names no database and no table; leave both lists out for all databases")
        if self.trust is None:
            place.field("trust").mistake("is missing; say who may assume this role")


@dataclass(frozen=True, kw_only=True)
class Access:
    """Roles for applications and people."""

    NOT_BUILT: ClassVar[tuple[str, ...]] = (
        "admins",
        "auditors",
        "unloaders",
        "batch_loaders",
        "break_glass_role_arns",
    )

    writers: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    readers: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    admins: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    auditors: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    unloaders: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    batch_loaders: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    permissions_boundary: str = setting(
        Text('"none" or the ARN of a policy ("create" is not built yet)', rf"none|{POLICY_ARN}"), "none"
    )
    break_glass_role_arns: tuple[str, ...] = setting(ListOf(ROLE_ARN), ())


@dataclass(frozen=True, kw_only=True)
class AccessRolesPart(Access, Shared):
    """Everything that AccessRoles takes."""

    databases: dict[str, tuple[str, ...]] = setting(
        MapOf(ListOf(TIMESTREAM_NAME), TIMESTREAM_NAME), factory=dict
    )
    key_arns: dict[str, TextInput] = setting(MapOf(InputText(KEY_ARN), TIMESTREAM_NAME), factory=dict)
    client_side_key_arn: TextInput | None = setting(InputText(KEY_ARN))
    endpoint_ids: tuple[TextInput, ...] = setting(ListOf(InputText(ENDPOINT_ID)), ())
    trail_arn: TextInput | None = setting(InputText(TRAIL_ARN))
    log_group_name: TextInput | None = setting(InputText(LOG_GROUP))
    log_bucket: TextInput | None = setting(InputText(BUCKET_NAME))
    log_key_arns: tuple[TextInput, ...] = setting(ListOf(InputText(KEY_ARN)), ())
