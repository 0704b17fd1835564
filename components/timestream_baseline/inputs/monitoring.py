"""Alarms, events and the dashboard: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import TypedDict

import pulumi

from timestream_baseline.inputs.influxdb import INFLUXDB_NAME
from timestream_baseline.inputs.kinds import INVALID, Boolean, Choice, InputText, Integer, Number, setting
from timestream_baseline.inputs.mistakes import Place, known_name
from timestream_baseline.inputs.records import ListOf, MapOf, Record
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import (
    EMAIL,
    ENDPOINT_ID,
    KEY_ARN,
    LOG_GROUP,
    ROLE_NAME,
    TABLE_PATH,
    TIMESTREAM_NAME,
    TOPIC_ARN,
    TRAIL_ARN,
    TextInput,
)


class ThresholdsArgs(TypedDict, total=False):
    """From which value on an alarm goes off, per period."""

    system_errors: float
    """Calls that Timestream failed to answer. Default: 1."""
    user_errors: float
    """Calls that Timestream refused. Default: 10."""
    rejected_records: float
    """Records that the magnetic store of a table rejected. Default: 1."""
    rejected_upload_failures: float
    """Reports of rejected records that could not be stored. Default: 1."""
    write_latency_p99_ms: float
    """Milliseconds that 99 % of the writes stay below. Default: 1000."""
    query_latency_p99_ms: float
    """Milliseconds that 99 % of the queries stay below. Default: 10000."""
    active_partitions: float
    """Active partitions of the magnetic store of a database; AWS allows 250. Default: 200."""
    influx_cpu: float
    """CPU of an InfluxDB instance in percent. Default: 80."""
    influx_memory: float
    """Memory of an InfluxDB instance in percent. Default: 90."""
    influx_disk: float
    """Disk of an InfluxDB instance in percent. Default: 75."""


class MonitoringArgs(TypedDict, total=False):
    """Alarms, events, a dashboard, and the topic that they are announced on."""

    emails: list[str]
    """Who is told of alarms; AWS asks each address to confirm."""
    topic_arn: pulumi.Input[str]
    """An existing topic. Default: an encrypted one is made."""
    dashboard: bool
    """Make a dashboard. Default: true."""
    change_events: bool
    """Announce destructive calls within minutes. Default: true."""
    cis_filters: str
    """Metric filters and alarms in the text of "cis" or "security-hub", or "none". Default: cis."""
    period_seconds: int
    """The period of the alarms, a multiple of 60. Default: 300."""
    thresholds: ThresholdsArgs
    """From which value on alarms go off."""


class MonitoringPartArgs(MonitoringArgs, SharedArgs, total=False):
    """The arguments of Monitoring."""

    databases: dict[str, list[str]]
    """The LiveAnalytics databases to watch, each with its tables. These or InfluxDB's."""
    late_tables: list[str]
    """Their tables that accept late records, as "database/table"."""
    influxdb_instances: list[str]
    """Names of Timestream for InfluxDB instances."""
    influxdb_clusters: dict[str, str]
    """Timestream for InfluxDB clusters by name, each with its engine: "v2" or "v3"."""
    key_arns: dict[str, pulumi.Input[str]]
    """Keys to watch, by what they encrypt."""
    trail_arn: pulumi.Input[str]
    """The trail to watch."""
    log_group_name: pulumi.Input[str]
    """The log group to which a trail sends management events. Needed by cis_filters and role_names."""
    role_names: list[pulumi.Input[str]]
    """Roles whose changes are announced. Needs log_group_name."""
    endpoint_ids: list[pulumi.Input[str]]
    """Interface endpoints whose changes are announced."""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which value on an alarm goes off, per period."""

    system_errors: float = setting(Number(1), 1)
    user_errors: float = setting(Number(1), 10)
    rejected_records: float = setting(Number(1), 1)
    rejected_upload_failures: float = setting(Number(1), 1)
    write_latency_p99_ms: float = setting(Number(1), 1000)
    query_latency_p99_ms: float = setting(Number(1), 10000)
    active_partitions: float = setting(Number(1), 200)
    influx_cpu: float = setting(Number(1), 80)
    influx_memory: float = setting(Number(1), 90)
    influx_disk: float = setting(Number(1), 75)


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """Alarms, events, a dashboard, and the topic that they are announced on."""

    emails: tuple[str, ...] = setting(ListOf(EMAIL), ())
    topic_arn: TextInput | None = setting(InputText(TOPIC_ARN))
    dashboard: bool = setting(Boolean(), True)
    # None: not given. A default that cannot apply is dropped, an explicit value is an error.
    change_events: bool | None = setting(Boolean())
    cis_filters: str | None = setting(Choice(("cis", "security-hub", "none")))
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
class MonitoringPart(Monitoring, Shared):
    """Everything that Monitoring takes."""

    databases: dict[str, tuple[str, ...]] = setting(
        MapOf(ListOf(TIMESTREAM_NAME), TIMESTREAM_NAME), factory=dict
    )
    late_tables: tuple[str, ...] = setting(ListOf(TABLE_PATH), ())
    influxdb_instances: tuple[str, ...] = setting(ListOf(INFLUXDB_NAME), ())
    influxdb_clusters: dict[str, str] = setting(MapOf(Choice(("v2", "v3")), INFLUXDB_NAME), factory=dict)
    key_arns: dict[str, TextInput] = setting(MapOf(InputText(KEY_ARN)), factory=dict)
    trail_arn: TextInput | None = setting(InputText(TRAIL_ARN))
    log_group_name: TextInput | None = setting(InputText(LOG_GROUP))
    role_names: tuple[TextInput, ...] = setting(ListOf(InputText(ROLE_NAME)), ())
    endpoint_ids: tuple[TextInput, ...] = setting(ListOf(InputText(ENDPOINT_ID)), ())

    def check(self, place: Place) -> None:
        """There must be something to watch, and what needs a log group must have one."""
        super().check(place)
        if not (self.databases or self.influxdb_instances or self.influxdb_clusters):
            place.field("databases").mistake(
                f"is missing; name at least one database, or {place.spelled('influxdb_instances')} or "
                f"{place.spelled('influxdb_clusters')}"
            )
        # What a list with a mistake of its own names is not known: nothing is said about it twice.
        unknown = {database for database, own in self.databases.items() if own is INVALID}
        tables = [
            f"{database}/{table}"
            for database, own in self.databases.items()
            if database not in unknown
            for table in own
        ]
        for index, table in enumerate(self.late_tables):
            if table.partition("/")[0] not in unknown:
                known_name(table, tables, "table", place.field("late_tables").at(index))
        if self.log_group_name is None:
            check_filters(self, place, missing=place.spelled("log_group_name"))
            if self.role_names:
                place.field("role_names").mistake(
                    f"are watched in a log group; give {place.spelled('log_group_name')}"
                )


def check_filters(monitoring: Monitoring, place: Place, *, missing: str) -> None:
    """Refuse filters that were asked for and have no log group; `missing` says what to give."""
    if monitoring.cis_filters in ("cis", "security-hub"):
        place.field("cis_filters").mistake(
            f"needs a log group to which a trail sends management events; give {missing}"
        )
