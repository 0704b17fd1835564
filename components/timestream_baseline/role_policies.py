"""The policies of one role: written from its settings, measured, and spread over inline and managed ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from timestream_baseline.documents.administration import (
    admin_key_policy,
    admin_policy,
    auditor_key_policy,
    auditor_policy,
    trail_reader_policy,
)
from timestream_baseline.documents.client_side import client_side_reader_policy, client_side_writer_policy
from timestream_baseline.documents.conditions import NO_TAGS, endpoint_policy
from timestream_baseline.documents.limits import (
    INLINE_POLICIES,
    MANAGED_POLICIES_PER_ROLE,
    MANAGED_POLICY,
    compact,
    fits,
    split,
    stand_in_key_arn,
)
from timestream_baseline.documents.parts import Document, database_arn, table_arn
from timestream_baseline.documents.roles import key_use_policy, reader_policy, writer_policy
from timestream_baseline.documents.trails import log_group_arn
from timestream_baseline.documents.transfers import (
    batch_load_bucket_policy,
    batch_loader_policy,
    key_alias_of,
    unload_bucket_policy,
    unloader_policy,
)
from timestream_baseline.inputs.access import AccessRolesPart, Role
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.location import Location
from timestream_baseline.stand_ins import StandIns

# The longest that computed values may become.
LONGEST_BUCKET: Final = 63  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_ENDPOINT_ID: Final = len("vpce-0123456789abcdef0")
# AWS allows 512 characters; nobody's are that long, and the room in a policy is dear.
LONGEST_LOG_GROUP: Final = 128
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (names of up to 128)
LONGEST_TRAIL_ARN: Final = len("arn:aws-us-gov:cloudtrail:ap-southeast-1:000000000000:trail/") + 128


@dataclass(frozen=True)
class Reach:
    """What a role reaches: whole databases, and single tables of others."""

    whole: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]

    @property
    def databases(self) -> list[str]:
        """Every database of which something is reached."""
        return [*self.whole, *self.tables]


def reach(role: Role, databases: Iterable[str]) -> Reach:
    """Say what a role reaches. All tables of a database are one `*`, also those that are made later."""
    if role.databases is None and role.tables is None:
        return Reach(tuple(databases), {})
    whole = tuple(role.databases or ())
    tables: dict[str, tuple[str, ...]] = {}
    for path in role.tables or ():
        database, _, table = path.partition("/")
        if database not in whole:
            tables[database] = (*tables.get(database, ()), table)
    return Reach(whole, tables)


@dataclass(frozen=True)
class Policies:
    """The policies of one role by their purposes, with stand-ins for what is computed."""

    inline: dict[str, str] = field(default_factory=dict)
    managed: dict[str, str] = field(default_factory=dict)


def spread(documents: Mapping[str, Document], place: Place) -> Policies:
    """Keep documents inline as long as IAM takes them; split the others over managed policies."""
    policies = Policies()
    inline: list[Document] = []
    for purpose, content in documents.items():
        if fits(INLINE_POLICIES, *inline, content):
            inline.append(content)
            policies.inline[purpose] = compact(content)
            continue
        try:
            parts = split(content["Statement"], MANAGED_POLICY)
        except ValueError as error:
            place.mistake(f"reaches too much: {error}; make several roles")
            continue
        for number, part in enumerate(parts, start=1):
            policies.managed[f"{purpose}-{number}"] = compact(part)
    if len(policies.managed) > MANAGED_POLICIES_PER_ROLE:
        place.mistake(
            f"reaches so much that it takes {len(policies.managed)} managed policies, and AWS attaches "
            f"{MANAGED_POLICIES_PER_ROLE} to a role; name whole databases, or make several roles"
        )
    return policies


def bucket_of(bucket_arn: str) -> str:
    """Return the name of a bucket."""
    return bucket_arn.rpartition(":")[2]


class RoleWriter:
    """Writes the documents of the roles of one baseline."""

    def __init__(self, settings: AccessRolesPart, location: Location, stand_ins: StandIns) -> None:
        """Take what all roles share."""
        self._settings = settings
        self._location = location
        self._stand_ins = stand_ins
        self._region = {"region": location.region, "dns_suffix": location.dns_suffix}
        self._place = {
            "partition": location.partition,
            "region": location.region,
            "account": location.account,
        }
        # Stand-ins are sorted in the documents: numbered by name, they do not follow the order of arguments.
        self.key_texts(settings.key_arns[name] for name in sorted(settings.key_arns))
        self._query_keys = self.key_texts(settings.query_key_arns)

    def documents(self, kind: str, role: Role) -> dict[str, Document]:
        """Write what a role may do, each purpose in a document of its own.

        What refuses comes first, so that it stays inline. The ARN of a new key is known only after it is
        made; in a document of its own it does not hide the other statements from the policy gate at preview.
        """
        settings, found = self._settings, reach(role, self._settings.databases)
        documents: dict[str, Document | None] = {
            "endpoints": self._endpoints(role),
            "timestream": self._timestream(kind, role, found),
            "bucket": self._bucket(kind, role),
            "trail": self._trail() if kind == "auditors" else None,
            "client-side": self._client_side(kind, found),
            "keys": self._keys(
                kind, [settings.key_arns[it] for it in found.databases if it in settings.key_arns]
            ),
        }
        return {purpose: document for purpose, document in documents.items() if document is not None}

    def _endpoints(self, role: Role) -> Document | None:
        if not role.require_endpoint:
            return None
        if not self._settings.endpoint_ids:
            raise ValueError("a role is held to endpoints that nobody knows")  # the normaliser refuses it
        return endpoint_policy(
            endpoint_ids=[self._stand_ins.text(it, _ENDPOINT_ID) for it in self._settings.endpoint_ids],
            break_glass_role_arns=self._settings.break_glass_role_arns,
        )

    def _timestream(self, kind: str, role: Role, found: Reach) -> Document:
        tables = [(database, "*") for database in found.whole]
        tables += [(database, table) for database, names in found.tables.items() for table in names]
        table_arns = [table_arn(**self._place, database=it, table=table) for it, table in tables]
        whole, of_tables = (
            [database_arn(**self._place, database=it) for it in names]
            for names in (found.whole, found.tables)
        )
        tags = role.tags_required
        resource_tags = tags.resource if tags else NO_TAGS
        match kind:
            case "writers":
                return writer_policy(table_arns=table_arns, resource_tags=resource_tags)
            case "readers":
                return reader_policy(table_arns=table_arns, resource_tags=resource_tags)
            case "unloaders":
                return unloader_policy(table_arns=table_arns, resource_tags=resource_tags)
            case "batch_loaders":
                return batch_loader_policy(table_arns=table_arns, resource_tags=resource_tags)
            case "auditors":
                return auditor_policy(
                    **self._place,
                    database_arns=[*whole, *of_tables],
                    table_arns=table_arns,
                    resource_tags=resource_tags,
                )
        return admin_policy(
            database_arns=whole,
            table_arns=table_arns,
            table_database_arns=of_tables,
            resource_tags=resource_tags,
            request_tags=tags.request if tags else NO_TAGS,
            other_tag_keys=sorted(self._settings.tags),
        )

    def _bucket(self, kind: str, role: Role) -> Document | None:
        found = self.bucket(role)
        if found is None:
            return None
        write = unload_bucket_policy if kind == "unloaders" else batch_load_bucket_policy
        bucket, key_alias = found
        return write(**self._place, dns_suffix=self._location.dns_suffix, bucket=bucket, key_alias=key_alias)

    def _trail(self) -> Document | None:
        return trail_reader_policy(
            **self._region,
            trail_arn=self.trail_arn(),
            log_group_arn=self.log_group_arn(),
            log_bucket_arn=self.log_bucket_arn(),
            log_key_arns=self.key_texts(self._settings.log_key_arns),
        )

    def _known(self, value: TextInput | None, longest: int) -> str | None:
        return None if value is None else self._stand_ins.text(value, longest)

    def trail_arn(self) -> str | None:
        """Return the ARN of the trail, if there is one."""
        return self._known(self._settings.trail_arn, LONGEST_TRAIL_ARN)

    def log_group_arn(self) -> str | None:
        """Return the ARN of the log group, if there is one."""
        name = self._known(self._settings.log_group_name, LONGEST_LOG_GROUP)
        return None if name is None else log_group_arn(**self._place, log_group=name)

    def log_bucket_arn(self) -> str | None:
        """Return the ARN of the trail's bucket, if there is one."""
        name = self._known(self._settings.log_bucket, LONGEST_BUCKET)
        return None if name is None else f"arn:{self._location.partition}:s3:::{name}"

    def bucket(self, role: Role) -> tuple[str, str] | None:
        """Return the bucket of an unloader or a batch loader, and the alias of its key."""
        arn = role.bucket_arn
        if arn is None:
            return None
        if isinstance(arn, str):
            name = bucket_of(arn)
            return name, key_alias_of(name)
        name_later = arn.apply(bucket_of)
        alias_later = name_later.apply(key_alias_of)
        longest = len(key_alias_of("")) + LONGEST_BUCKET
        return self._stand_ins.text(name_later, LONGEST_BUCKET), self._stand_ins.text(alias_later, longest)

    def _client_side(self, kind: str, found: Reach) -> Document | None:
        if self._settings.client_side_key_arn is None or not found.databases:
            return None
        (key_arn,) = self.key_texts([self._settings.client_side_key_arn])
        if kind == "writers":
            return client_side_writer_policy(key_arn=key_arn, databases=found.databases)
        if kind == "readers":
            return client_side_reader_policy(key_arn=key_arn, databases=found.databases)
        return None

    def _keys(self, kind: str, databases: list[TextInput]) -> Document | None:
        if kind == "auditors":
            client_side = self._settings.client_side_key_arn
            databases = [*databases, *self._settings.log_key_arns, *([client_side] if client_side else [])]
        key_arns = self.key_texts(databases)
        if kind == "auditors":
            return auditor_key_policy(key_arns=key_arns, query_key_arns=self._query_keys, **self._region)
        if not key_arns:
            return None
        if kind == "admins":
            return admin_key_policy(key_arns=key_arns, **self._region)
        return key_use_policy(key_arns=key_arns, **self._region)

    def key_texts(self, keys: Iterable[TextInput]) -> list[str]:
        """Return key ARNs, with stand-ins for those that are computed."""
        longest = len(stand_in_key_arn(**self._place))
        return [self._stand_ins.text(key, longest) for key in keys]
