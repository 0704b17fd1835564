"""The arguments of TimestreamBaseline: all sections together."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import TypedDict

from timestream_baseline.inputs.access import Access, AccessArgs
from timestream_baseline.inputs.acknowledge import ACKNOWLEDGEMENT
from timestream_baseline.inputs.audit import Audit, AuditArgs
from timestream_baseline.inputs.backup import Backup, BackupArgs
from timestream_baseline.inputs.databases import ADOPTED, Database, DatabaseArgs
from timestream_baseline.inputs.encryption import Encryption, EncryptionArgs
from timestream_baseline.inputs.influxdb import INFLUXDB_NAME, InfluxDbInstance, InfluxDbInstanceArgs
from timestream_baseline.inputs.kinds import Boolean, setting
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.monitoring import Monitoring, MonitoringArgs
from timestream_baseline.inputs.network import Network, NetworkArgs
from timestream_baseline.inputs.records import ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.scheduled_queries import QUERY_NAME, ScheduledQuery, ScheduledQueryArgs
from timestream_baseline.inputs.texts import REGION, TIMESTREAM_NAME


class TimestreamBaselineArgs(TypedDict, total=False):
    """The arguments of TimestreamBaseline."""

    databases: dict[str, DatabaseArgs]
    """LiveAnalytics databases by name (3 to 64 letters, digits and _ . -). This or influxdb."""
    influxdb: dict[str, InfluxDbInstanceArgs]
    """Timestream for InfluxDB instances by name."""
    scheduled_queries: dict[str, ScheduledQueryArgs]
    """Scheduled queries by name; their source tables must hold data."""
    encryption: EncryptionArgs
    """Customer managed keys."""
    network: NetworkArgs
    """Interface endpoints, and the cells of Timestream."""
    access: AccessArgs
    """Roles for applications and people."""
    audit: AuditArgs
    """The trail that records who did what."""
    monitoring: MonitoringArgs
    """Alarms, events, a dashboard, and the topic that they are announced on."""
    backup: BackupArgs
    """Backups of LiveAnalytics tables."""
    adopt: list[str]
    """Existing databases ("db") and tables ("db/table") to import instead of create."""
    acknowledge: list[str]
    """Changes that lose data and are meant, such as "metrics/cpu: magnetic_retention_days=30"."""
    protect_data: bool
    """Protect and retain what holds data, and its keys. Default: true."""
    tags: dict[str, str]
    """Tags of everything that can be tagged."""
    region: str
    """The region of every regional resource. Default: the provider's."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """Everything that TimestreamBaseline takes."""

    databases: dict[str, Database] = setting(MapOf(Record(Database), TIMESTREAM_NAME), factory=dict)
    influxdb: dict[str, InfluxDbInstance] = setting(
        MapOf(Record(InfluxDbInstance), INFLUXDB_NAME), factory=dict
    )
    scheduled_queries: dict[str, ScheduledQuery] = setting(
        MapOf(Record(ScheduledQuery), QUERY_NAME), factory=dict
    )
    encryption: Encryption = setting(Record(Encryption), factory=Encryption)
    network: Network = setting(Record(Network), factory=Network)
    access: Access = setting(Record(Access), factory=Access)
    audit: Audit = setting(Record(Audit), factory=Audit)
    monitoring: Monitoring = setting(Record(Monitoring), factory=Monitoring)
    backup: Backup = setting(Record(Backup), factory=Backup)
    adopt: tuple[str, ...] = setting(ListOf(ADOPTED), ())
    acknowledge: tuple[str, ...] = setting(ListOf(ACKNOWLEDGEMENT), ())
    protect_data: bool = setting(Boolean(), True)
    tags: dict[str, str] = setting(TagMap(), factory=dict)
    region: str = setting(REGION, "")

    def check(self, place: Place) -> None:
        """There must be something to make."""
        if not self.databases and not self.influxdb:
            place.field("databases").mistake(
                "is missing; name at least one database, or an instance of influxdb"
            )
