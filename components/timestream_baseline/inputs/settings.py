"""Every argument that is built: its name, kind and default. The one place where defaults are written."""

# ruff: noqa: RUF009 (`setting` is this module's `dataclasses.field`)

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import pulumi

from timestream_baseline.inputs.kinds import (
    Always,
    Boolean,
    Choice,
    InputText,
    Integer,
    ListOf,
    MapOf,
    Number,
    Record,
    TagMap,
    Text,
    setting,
)
from timestream_baseline.inputs.mistakes import Place, shown

TextInput = str | pulumi.Output[str]

# The service allows 256 bytes, Pulumi's AWS provider 3 to 64 characters.
TIMESTREAM_NAME: Final = Text(
    "a name of 3 to 64 letters, digits and the characters _ . -", r"[A-Za-z0-9_.-]{3,64}"
)
TABLE_PATH: Final = Text('a table as "database/table"', r"[A-Za-z0-9_.-]{3,64}/[A-Za-z0-9_.-]{3,64}")
REGION: Final = Text("a region such as eu-west-1", r"([a-z]{2,}(-[a-z]+)+-\d+)?")
# Timestream keeps the ARN of the key and never an alias: with an alias every preview would show a change.
KEY_ARN: Final = Text(
    "the ARN of a key, not of an alias (arn:aws:kms:REGION:ACCOUNT:key/ID)",
    r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
)
ROLE_ARN: Final = Text(
    "the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)", r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+"
)
POLICY_ARN: Final = r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]+"
PROVIDER_ARN: Final = Text(
    "the ARN of an identity provider (arn:aws:iam::ACCOUNT:oidc-provider/HOST)",
    r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/\S+",
)
TOPIC_ARN: Final = Text(
    "the ARN of a topic (arn:aws:sns:REGION:ACCOUNT:NAME)",
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+",
)
SERVICE: Final = Text(
    "a service principal such as lambda.amazonaws.com", r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?"
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
EXTERNAL_ID: Final = Text(
    "2 to 1224 letters, digits and the characters + = , . @ : / -", r"[\w+=,.@:\\/-]{2,1224}"
)
AUDIENCE: Final = Text("the audience of the tokens, without wildcards and variables", r"[^*?$\s]+")
# IAM would replace a variable by the token's own value, which every token has.
SUBJECT: Final = Text("a subject of the tokens, without variables", r"[^$\s]+")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
ROLE_NAME: Final = Text(
    "a name of 1 to 64 letters, digits and the characters + = , . @ _ -", r"[\w+=,.@-]{1,64}"
)
EMAIL: Final = Text("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+")
ROLE_PATH: Final = Text("a path that begins and ends with / such as /timestream/", r"/([!-.0-~]+/)*")


def _cell(kind: str) -> Text:
    return Text(
        f'a cell such as "cell2" or "{kind}-cell2"',
        rf"({kind}-)?cell\d+",
        lambda cell: cell.removeprefix(f"{kind}-"),
    )


@dataclass(frozen=True, kw_only=True)
class PartitionKey:
    """The partition key of a table: one dimension, or the measure name."""

    dimension: str | None = setting(Text("the name of a dimension of 1 to 60 characters", r"(?s).{1,60}"))
    measure: bool | None = setting(Always())
    enforcement: str = setting(Choice(("required", "optional")), "required")

    def check(self, place: Place) -> None:
        """Exactly one of the two decides the partition."""
        if (self.dimension is None) == (self.measure is None):
            place.mistake("needs exactly one of dimension and measure")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A LiveAnalytics table."""

    memory_retention_hours: int = setting(Integer(1, 8766), 24)
    magnetic_retention_days: int = setting(Integer(1, 73000), 365)
    magnetic_writes: bool = setting(Boolean(), True)
    partition_key: PartitionKey | None = setting(Record(PartitionKey))
    tags: dict[str, str] = setting(TagMap(), factory=dict)


@dataclass(frozen=True, kw_only=True)
class Database:
    """A LiveAnalytics database."""

    tables: dict[str, Table] = setting(MapOf(Record(Table), TIMESTREAM_NAME), factory=dict)
    key_arn: TextInput | None = setting(InputText(KEY_ARN))
    tags: dict[str, str] = setting(TagMap(), factory=dict)


@dataclass(frozen=True, kw_only=True)
class Encryption:
    """How keys are made and who may administer them."""

    NOT_BUILT: ClassVar = ("multi_region", "replica_regions", "client_side_key")

    administrators: tuple[str, ...] = setting(ListOf(ROLE_ARN), ())
    rotation_period_days: int = setting(Integer(90, 365), 365)
    deletion_window_days: int = setting(Integer(7, 30), 30)
    shared_key: bool = setting(Boolean(), False)


@dataclass(frozen=True, kw_only=True)
class Network:
    """The cells of Timestream that this account is mapped to."""

    NOT_BUILT: ClassVar = (
        "vpc_id",
        "subnet_ids",
        "client_security_group_ids",
        "client_cidrs",
        "private_dns",
        "also",
        "also_allow_databases",
        "organization_id",
        "existing",
    )

    ingest_cell: str | None = setting(_cell("ingest"))
    query_cell: str | None = setting(_cell("query"))


@dataclass(frozen=True, kw_only=True)
class OpenIdConnect:
    """Who may assume a role with a token of an identity provider."""

    provider_arn: TextInput | None = setting(InputText(PROVIDER_ARN))
    audience: str | None = setting(
        Text("the audience of the tokens, without wildcards and variables", r"[^*?$\s]+")
    )
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
class Role:
    """A role for an application."""

    NOT_BUILT: ClassVar = ("require_endpoint", "tags_required", "bucket_arn")

    databases: tuple[str, ...] | None = setting(ListOf(TIMESTREAM_NAME))
    tables: tuple[str, ...] | None = setting(ListOf(TABLE_PATH))
    trust: Trust | None = setting(Record(Trust))
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
    """Roles for applications."""

    NOT_BUILT: ClassVar = ("admins", "auditors", "unloaders", "batch_loaders", "break_glass_role_arns")

    writers: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    readers: dict[str, Role] = setting(MapOf(Record(Role), ROLE_NAME), factory=dict)
    permissions_boundary: str = setting(
        Text('"none" or the ARN of a policy ("create" is not built yet)', rf"none|{POLICY_ARN}"), "none"
    )


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which value on an alarm goes off, per period."""

    NOT_BUILT: ClassVar = (
        "rejected_records",
        "rejected_upload_failures",
        "write_latency_p99_ms",
        "query_latency_p99_ms",
        "active_partitions",
        "influx_cpu",
        "influx_memory",
        "influx_disk",
    )

    system_errors: float = setting(Number(1), 1)
    user_errors: float = setting(Number(1), 10)


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """Alarms, and the topic that they are announced on."""

    NOT_BUILT: ClassVar = ("dashboard", "change_events", "cis_filters")

    emails: tuple[str, ...] = setting(ListOf(EMAIL), ())
    topic_arn: TextInput | None = setting(InputText(TOPIC_ARN))
    # AWS/Timestream metrics have a resolution of one minute.
    period_seconds: int = setting(Integer(60, 86400, 60), 300)
    thresholds: Thresholds = setting(Record(Thresholds), factory=Thresholds)

    def check(self, place: Place) -> None:
        """Subscriptions belong to the owner of the topic."""
        if self.emails and self.topic_arn is not None:
            place.field("emails").mistake(
                "cannot be subscribed to an existing topic_arn; keep one of the two"
            )


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """Everything that TimestreamBaseline takes."""

    NOT_BUILT: ClassVar = ("influxdb", "scheduled_queries", "audit", "backup", "adopt", "acknowledge")

    databases: dict[str, Database] = setting(MapOf(Record(Database), TIMESTREAM_NAME), factory=dict)
    encryption: Encryption = setting(Record(Encryption), factory=Encryption)
    network: Network = setting(Record(Network), factory=Network)
    access: Access = setting(Record(Access), factory=Access)
    monitoring: Monitoring = setting(Record(Monitoring), factory=Monitoring)
    protect_data: bool = setting(Boolean(), True)
    tags: dict[str, str] = setting(TagMap(), factory=dict)
    region: str = setting(REGION, "")

    def check(self, place: Place) -> None:
        """There must be something to make."""
        if not self.databases:
            place.field("databases").mistake("is missing; name at least one database")
