"""The public argument types, in every language: what the schema of the component package is made from.

Defaults and checks live in `settings`; a test holds both in step. This module must not postpone the
evaluation of annotations, and every type has a name of its own: the package's host reads them.
"""

from typing import TypedDict

import pulumi


class PartitionKeyArgs(TypedDict, total=False):
    """The partition key of a table: exactly one of dimension and measure. Neither can be changed later."""

    dimension: str
    """The dimension whose value decides the partition."""
    measure: bool
    """True: the measure name decides the partition."""
    enforcement: str
    """Refuse records without the dimension ("required") or accept them ("optional"). Default: required."""


class TableArgs(TypedDict, total=False):
    """A table. Shortening a retention deletes records."""

    memory_retention_hours: int
    """How long records stay in the memory store, 1 to 8766 hours. Default: 24."""
    magnetic_retention_days: int
    """How long records stay in the magnetic store, 1 to 73000 days. Default: 365."""
    magnetic_writes: bool
    """Accept records that are older than the memory retention. Default: true."""
    partition_key: PartitionKeyArgs
    """How records are partitioned. Default: by measure name."""
    tags: dict[str, str]
    """Tags of the table, beside those of its database."""


class DatabaseArgs(TypedDict, total=False):
    """A database and its tables."""

    tables: dict[str, TableArgs]
    """Tables by name."""
    key_arn: pulumi.Input[str]
    """An existing customer managed key (its ARN, not an alias). Default: a key of its own."""
    tags: dict[str, str]
    """Tags of the database, its key and its tables."""


class EncryptionArgs(TypedDict, total=False):
    """Customer managed keys."""

    administrators: list[str]
    """Roles (ARNs) that manage the keys, the deploying one among them. Default: the account, through IAM."""
    rotation_period_days: int
    """How often keys rotate, 90 to 365 days. Default: 365."""
    deletion_window_days: int
    """How long a key that is scheduled for deletion can be saved, 7 to 30 days. Default: 30."""
    shared_key: bool
    """One key for all databases. Default: false."""


class NetworkArgs(TypedDict, total=False):
    """The cells of Timestream that this account is mapped to."""

    ingest_cell: str
    """The cell for writing, such as cell2. Default: discovered."""
    query_cell: str
    """The cell for querying, such as cell3. Default: discovered."""


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


class RoleArgs(TypedDict, total=False):
    """A role for an application. Without databases and tables it reaches all databases of the baseline."""

    databases: list[str]
    """Databases that the role reaches as a whole."""
    tables: list[str]
    """Single tables that the role reaches, as "database/table"."""
    trust: TrustArgs
    """Who may assume the role. Needed."""
    max_session_hours: int
    """How long a session may last, 1 to 12 hours. Default: 1."""
    path: str
    """The path of the role in IAM. Default: /."""


class AccessArgs(TypedDict, total=False):
    """Roles for applications, by name."""

    writers: dict[str, RoleArgs]
    """Roles that write records and nothing else."""
    readers: dict[str, RoleArgs]
    """Roles that query and nothing else."""
    permissions_boundary: str
    """"none", or the ARN of a policy that bounds every role. Default: none."""


class ThresholdsArgs(TypedDict, total=False):
    """From which count per period an alarm goes off."""

    system_errors: float
    """Calls that Timestream failed to answer. Default: 1."""
    user_errors: float
    """Calls that Timestream refused. Default: 10."""


class MonitoringArgs(TypedDict, total=False):
    """Alarms and the topic that they are announced on."""

    emails: list[str]
    """Who is told of alarms; AWS asks each address to confirm."""
    topic_arn: pulumi.Input[str]
    """An existing topic. Default: an encrypted one is made."""
    period_seconds: int
    """The period of the alarms, a multiple of 60. Default: 300."""
    thresholds: ThresholdsArgs
    """From which count on alarms go off."""


class TimestreamBaselineArgs(TypedDict, total=False):
    """The arguments of TimestreamBaseline."""

    databases: dict[str, DatabaseArgs]
    """LiveAnalytics databases by name (3 to 64 letters, digits and the characters _ . -). At least one."""
    encryption: EncryptionArgs
    """Customer managed keys."""
    network: NetworkArgs
    """Cells of Timestream."""
    access: AccessArgs
    """Roles for applications."""
    monitoring: MonitoringArgs
    """Alarms and the topic that they are announced on."""
    protect_data: bool
    """Protect and retain databases, tables and their keys. Default: true."""
    tags: dict[str, str]
    """Tags of everything that can be tagged."""
    region: str
    """The region of every regional resource. Default: the provider's."""
