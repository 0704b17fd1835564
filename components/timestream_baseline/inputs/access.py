"""Roles: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypedDict

import pulumi

from timestream_baseline.documents.trusts import OUTSIDE_NETWORKS
from timestream_baseline.inputs.kinds import INVALID, Boolean, InputText, Integer, Text, setting
from timestream_baseline.inputs.mistakes import Place, known_name, shown
from timestream_baseline.inputs.records import ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import (
    BUCKET_ARN,
    BUCKET_NAME,
    ENDPOINT_ID,
    KEY_ARN,
    LOG_GROUP,
    POLICY_ARN,
    ROLE_ARN,
    ROLE_NAME,
    ROLE_PATH,
    TABLE_PATH,
    TIMESTREAM_NAME,
    TRAIL_ARN,
    TextInput,
)
from timestream_baseline.inputs.trusts import Trust, TrustArgs

# The kinds of roles, as the arguments name them.
KINDS: Final = ("writers", "readers", "admins", "auditors", "unloaders", "batch_loaders")
WITH_BUCKETS: Final = ("unloaders", "batch_loaders")
_PRINCIPAL_TAG: Final = re.compile(r"\$\{aws:PrincipalTag/([^${}*?]{1,128})\}")


class TagsRequiredArgs(TypedDict, total=False):
    """Tags that decide what a role reaches; a value may be a variable such as ${aws:PrincipalTag/team}."""

    resource: dict[str, str]
    """Tags that databases and tables must carry."""
    request: dict[str, str]
    """Tags that must be given when something is created."""


class RoleArgs(TypedDict, total=False):
    """A role for an application. Without databases and tables it reaches all databases of the baseline."""

    databases: list[str]
    """Databases that the role reaches as a whole. Default: all, unless tables are named."""
    tables: list[str]
    """Single tables that the role reaches, as "database/table". Default: all, unless databases are named."""
    trust: TrustArgs
    """Who may assume the role. Needed."""
    require_endpoint: bool
    """Refuse calls that do not come through the baseline's endpoints. Default: false."""
    tags_required: TagsRequiredArgs
    """Tags that decide what the role reaches."""
    bucket_arn: pulumi.Input[str]
    """The bucket that unloaders write to or batch loaders read from; its key has the alias alias/BUCKET."""
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
    """The customer managed key of each database. Default: those of AWS."""
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
class TagsRequired:
    """Tags that decide what a role reaches."""

    resource: dict[str, str] = setting(TagMap(), factory=dict)
    request: dict[str, str] = setting(TagMap(), factory=dict)

    @property
    def session_tag_keys(self) -> list[str]:
        """The tags of the session that the values name."""
        found = (
            _PRINCIPAL_TAG.fullmatch(value) for value in (*self.resource.values(), *self.request.values())
        )
        return sorted({match[1] for match in found if match})

    def check(self, place: Place) -> None:
        """There must be tags, with plain values or one variable, and creation must not contradict reach."""
        if not self.resource and not self.request:
            place.mistake("names no tags; name some under resource, or leave it out")
        for name in ("resource", "request"):
            for key, value in getattr(self, name).items():
                if value is INVALID:
                    continue
                here = place.field(name).at(key)
                if "${" in key or "*" in key or "?" in key:
                    here.mistake(
                        "has a wildcard or a variable in its key, which IAM does not allow; spell it out"
                    )
                if "${" in value and not _PRINCIPAL_TAG.fullmatch(value):
                    here.mistake(
                        f"is {shown(value)}, in which IAM would put something else; "
                        "give a plain value, or nothing but ${aws:PrincipalTag/KEY}"
                    )
        for key in sorted({*self.resource} & {*self.request}):
            if INVALID not in (self.resource[key], self.request[key]) and (
                self.resource[key] != self.request[key]
            ):
                place.field("request").at(key).mistake(
                    f"differs from resource, so that the role could not reach what it creates; "
                    f"give {shown(self.resource[key])}, or leave it out"
                )


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role for an application."""

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
        if self.require_endpoint and self.trust is not None:
            for index, service in _items(self.trust.services):
                if service in OUTSIDE_NETWORKS:
                    place.field("trust").field("services").at(index).mistake(
                        f"is {service}, which calls from a network of AWS and never through an endpoint; "
                        f"give it a role without {place.spelled('require_endpoint')}"
                    )

    def check_kind(self, kind: str, place: Place) -> None:
        """Refuse what this kind of role lacks, and what would have no effect on it."""
        if kind in WITH_BUCKETS and self.bucket_arn is None:
            verb = "unloads to" if kind == "unloaders" else "loads from"
            place.field("bucket_arn").mistake(f"is missing; name the bucket that this role {verb}")
        if kind not in WITH_BUCKETS and self.bucket_arn is not None:
            both = " and ".join(place.spelled(name) for name in WITH_BUCKETS)
            place.field("bucket_arn").mistake(f"belongs to {both} only; leave it out")
        tags = None if self.tags_required is INVALID else self.tags_required
        if kind != "admins" and tags is not None and tags.request:
            place.field("tags_required").field("request").mistake(
                "belongs to admins only, since no other role creates anything; leave it out"
            )


@dataclass(frozen=True, kw_only=True)
class Access:
    """Roles for applications and people."""

    writers: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    readers: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    admins: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    auditors: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    unloaders: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    batch_loaders: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    permissions_boundary: str = setting(
        Text('"none", "create" or the ARN of a policy', rf"none|create|{POLICY_ARN}"), "none"
    )
    break_glass_role_arns: tuple[str, ...] = setting(ListOf(ROLE_ARN), ())

    def check(self, place: Place) -> None:
        """Each kind of role has what it needs, and nothing that would have no effect."""
        for kind, name, role in self.roles():
            role.check_kind(kind, place.field(kind).at(name))

    def roles(self) -> Iterator[tuple[str, str, Role]]:
        """Walk through all roles that have no mistake of their own: kind, name, settings."""
        for kind in KINDS:
            entries = getattr(self, kind)
            if entries is not INVALID:
                yield from ((kind, name, role) for name, role in entries.items() if role is not INVALID)


def _items(items: Iterable[str] | None) -> Iterator[tuple[int, str]]:
    """Walk through a list that has no mistake of its own."""
    if items is not INVALID:
        yield from enumerate(items or ())


def check_reach(kind: str, role: Role, databases: list[str], tables: list[str], place: Place) -> None:
    """Note a mistake for every database and table that a role names and nobody knows."""
    if not databases and kind != "auditors":
        place.mistake("reaches nothing, since there are no databases; leave this role out")
        return
    for index, database in _items(role.databases):
        known_name(database, databases, "database", place.field("databases").at(index))
    for index, table in _items(role.tables):
        known_name(table, tables, "table", place.field("tables").at(index))


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
    # Inside the baseline: the topic that scheduled queries announce on, and the keys that the baseline has
    # not made itself. Both go into a boundary; alone it names every key.
    topic_arn: TextInput | None = None
    other_key_arns: tuple[TextInput, ...] | None = None
    # Inside the baseline: the keys of scheduled queries, which auditors have described to them.
    query_key_arns: tuple[TextInput, ...] = ()

    def check(self, place: Place) -> None:
        """Refuse roles that name what is not there, or endpoints that nobody knows."""
        super().check(place)
        # What a list with a mistake of its own names is not known: nothing is said about it twice.
        unknown = {database for database, names in self.databases.items() if names is INVALID}
        tables = [
            f"{database}/{table}"
            for database, names in self.databases.items()
            if database not in unknown
            for table in names
        ]
        for kind, name, role in self.roles():
            here = place.field(kind).at(name)
            hidden = [path for _, path in _items(role.tables) if path.partition("/")[0] in unknown]
            check_reach(kind, role, list(self.databases), [*tables, *hidden], here)
            if role.require_endpoint and not self.endpoint_ids:
                here.field("require_endpoint").mistake(
                    f"is true, but no endpoint is known; name them in {place.field('endpoint_ids').text}"
                )
