"""The alarms: which metrics exist, by which dimensions, and when they are too high.

An alarm on a metric, or a dimension, that is never published stays silent for ever. LiveAnalytics:
https://docs.aws.amazon.com/timestream/latest/developerguide/metrics-dimensions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

LIVE_ANALYTICS: Final = "AWS/Timestream"
# Timestream's own role may put metrics into no other namespace (AWS managed policy
# AmazonTimestreamInfluxDBServiceRolePolicy, version 2).
INFLUXDB: Final = "AWS/Timestream/InfluxDB"
# The calls that applications make.
OPERATIONS: Final = ("WriteRecords", "Query")
P99: Final = "p99"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
METRICS_PER_ALARM: Final = 10


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric with all its dimensions."""

    namespace: str
    name: str
    statistic: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """An alarm: what it watches (one metric, the highest of several, or a query), and what it means."""

    # What it is about, and of what: the last parts of its names.
    kind: str
    of: str
    meaning: str
    threshold: float
    metrics: tuple[Metric, ...] = ()
    query: str = ""


def operation_alarms(
    *, system_errors: float, user_errors: float, query_latency_p99_ms: float
) -> Iterator[Alarm]:
    """Watch the calls of the account: errors, and the latency of queries, are published by operation only."""
    errors = (
        ("SystemErrors", "Timestream itself fails", system_errors),
        ("UserErrors", "Timestream refuses what applications send", user_errors),
    )
    for name, meaning, threshold in errors:
        for operation in OPERATIONS:
            yield Alarm(
                kind=name,
                of=operation,
                meaning=f"{operation}: {meaning}",
                threshold=threshold,
                metrics=(
                    Metric(
                        namespace=LIVE_ANALYTICS,
                        name=name,
                        statistic="Sum",
                        dimensions={"Operation": operation},
                    ),
                ),
            )
    yield Alarm(
        kind="Latency",
        of="Query",
        meaning="Query: one call in a hundred is slow (milliseconds)",
        threshold=query_latency_p99_ms,
        metrics=(_latency({"Operation": "Query"}),),
    )


def _latency(dimensions: Mapping[str, str]) -> Metric:
    return Metric(
        namespace=LIVE_ANALYTICS, name="SuccessfulRequestLatency", statistic=P99, dimensions=dimensions
    )


def write_latency_alarms(tables: Mapping[str, Sequence[str]], *, threshold: float) -> Iterator[Alarm]:
    """Watch how long writes take: table by table, since a call on a table is published by its table only.

    Queries over many metrics know no percentiles, so the highest of up to ten tables is taken.
    """
    for database, names in tables.items():
        for number, start in enumerate(range(0, len(names), METRICS_PER_ALARM), start=1):
            share = names[start : start + METRICS_PER_ALARM]
            yield Alarm(
                kind="WriteLatency",
                of=f"{database}/{number}",
                meaning=(
                    f"WriteRecords: one call in a hundred on a table of {database} is slow (milliseconds; "
                    f"{listed(share)})"
                ),
                threshold=threshold,
                metrics=tuple(
                    _latency({"DatabaseName": database, "TableName": table, "Operation": "WriteRecords"})
                    for table in share
                ),
            )


def influxdb_alarms(
    instances: Sequence[str], clusters: Mapping[str, str], *, cpu: float, memory: float, disk: float
) -> Iterator[Alarm]:
    """Watch InfluxDB instances by name, and the clusters together with all that the region has.

    AWS documents the dimension DbInstanceName, and none for clusters (unverified): a query takes any.
    Engine v3 publishes no DiskUtilization.
    https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influx-creating-cw-alarms.html
    """
    watched = (
        ("InfluxCpu", "CPUUtilization", cpu, "its CPU is busy (percent)"),
        ("InfluxMemory", "MemoryUtilization", memory, "its memory is nearly used up (percent)"),
        ("InfluxDisk", "DiskUtilization", disk, "its disk is nearly full (percent)"),
    )
    for kind, metric, threshold, meaning in watched:
        for instance in instances:
            yield Alarm(
                kind=kind,
                of=instance,
                meaning=f"InfluxDB {instance}: {meaning}",
                threshold=threshold,
                metrics=(
                    Metric(
                        namespace=INFLUXDB,
                        name=metric,
                        statistic="Maximum",
                        dimensions={"DbInstanceName": instance},
                    ),
                ),
            )
        publishing = [
            name for name, engine in clusters.items() if engine == "v2" or metric != "DiskUtilization"
        ]
        if publishing:
            yield Alarm(
                kind=kind,
                of="clusters",
                meaning=(
                    f"A node of an InfluxDB cluster ({listed(publishing)}), or another instance of the "
                    f"region: {meaning}"
                ),
                threshold=threshold,
                query=metrics_query(function="MAX", metric=metric, source=f'"{INFLUXDB}"'),
            )


def metrics_query(*, function: str, metric: str, source: str, where: str = "", by: str = "") -> str:
    """Write a query over many metrics. With `by` it has several results, each of which counts by itself.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
    An alarm on several results needs GROUP BY and ORDER BY:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Metrics_Insights_Alarm.html
    """
    parts = ["SELECT", f"{function}({metric})", "FROM", source]
    if where:
        parts += ["WHERE", where]
    if by:
        parts += ["GROUP BY", by, "ORDER BY", f"{function}()", "DESC"]
    return " ".join(parts)


def queue_alarm(queue: str, *, of: str = "events", announced: str = "a change") -> Alarm:
    """Watch a queue of announcements that could not be delivered."""
    return Alarm(
        kind="Undelivered",
        of=of,
        meaning=f"An announcement of {announced} could not be delivered; read it in the queue",
        threshold=1,
        metrics=(
            Metric(
                namespace="AWS/SQS",
                name="ApproximateNumberOfMessagesVisible",
                statistic="Maximum",
                dimensions={"QueueName": queue},
            ),
        ),
    )


def filter_alarm(*, kind: str, of: str, meaning: str, namespace: str, metric: str) -> Alarm:
    """Watch what a metric filter counts, as CIS describes it."""
    return Alarm(
        kind=kind,
        of=of,
        meaning=meaning,
        threshold=1,
        metrics=(Metric(namespace=namespace, name=metric, statistic="Sum"),),
    )


def listed(names: Sequence[str], most: int = 10) -> str:
    """Name some of many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
