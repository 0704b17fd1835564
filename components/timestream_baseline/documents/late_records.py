"""Alarms on the magnetic store of tables that accept late records.

AWS does not say which Operation these metrics carry, so each alarm asks with a query that takes any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from timestream_baseline.documents.alarms import LIVE_ANALYTICS, Alarm, metrics_query

# https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
ACTIVE_PARTITIONS_QUOTA: Final = 250
# Alarms on queries that an account may have in a region, and how far back in seconds they look.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
QUERY_ALARMS: Final = 200
LONGEST_QUERY_PERIOD: Final = 3 * 3600
# Failures of AWS itself, and CPU, memory and disk of InfluxDB clusters.
_OTHERS: Final = 4

_OF_TABLES: Final = f'SCHEMA("{LIVE_ANALYTICS}", DatabaseName, TableName, Operation)'
_OF_DATABASES: Final = f'SCHEMA("{LIVE_ANALYTICS}", DatabaseName, Operation)'


@dataclass(frozen=True, kw_only=True)
class _Scope:
    """What one alarm covers, and by what it tells its results apart."""

    of: str
    where: str = ""
    by: str = ""


def late_record_alarms(
    late_tables: Mapping[str, tuple[str, ...]],
    *,
    rejected_records: float,
    rejected_upload_failures: float,
    active_partitions: float,
) -> list[Alarm]:
    """Watch what Timestream rejects, table by table, and how many partitions it writes into."""
    if not any(late_tables.values()):
        return []
    tables, databases = _scopes({name: tables for name, tables in late_tables.items() if tables})
    return [
        *(
            Alarm(
                kind="RejectedRecords",
                of=scope.of,
                meaning=f"{scope.of}: records that came late are rejected",
                threshold=rejected_records,
                query=_sum("MagneticStoreRejectedRecordCount", scope),
            )
            for scope in tables
        ),
        *(
            Alarm(
                kind="RejectedUploadFailures",
                of=scope.of,
                meaning=(
                    f"{scope.of}: reports of rejected records cannot be stored; look at the bucket and "
                    "its key"
                ),
                threshold=rejected_upload_failures,
                query=_sum("MagneticStoreRejectedUploadUserFailures", scope),
            )
            for scope in tables
        ),
        Alarm(
            kind="RejectedUploadFailures",
            of="AWS",
            meaning="Timestream itself fails to store reports of rejected records",
            threshold=rejected_upload_failures,
            query=_sum("MagneticStoreRejectedUploadSystemFailures", _Scope(of="AWS")),
        ),
        *(
            Alarm(
                kind="ActivePartitions",
                of=scope.of,
                meaning=(
                    f"{scope.of}: the magnetic store writes into many partitions at once, and AWS allows "
                    f"{ACTIVE_PARTITIONS_QUOTA}"
                ),
                threshold=active_partitions,
                # The highest: a sum would count the value of every minute.
                query=metrics_query(
                    function="MAX",
                    metric="ActiveMagneticStorePartitions",
                    source=_OF_DATABASES,
                    where=scope.where,
                    by=scope.by,
                ),
            )
            for scope in databases
        ),
    ]


def _sum(metric: str, scope: _Scope) -> str:
    return metrics_query(function="SUM", metric=metric, source=_OF_TABLES, where=scope.where, by=scope.by)


def _scopes(late_tables: Mapping[str, tuple[str, ...]]) -> tuple[list[_Scope], list[_Scope]]:
    """Say what the alarms on tables, and those on databases, cover.

    One for each table, as long as there are few enough; else one for each database, in which every table
    counts by itself; else one for all.
    """
    databases = [_Scope(of=name, where=_is("DatabaseName", name)) for name in late_tables]
    tables = [
        _Scope(of=f"{name}/{table}", where=f"{_is('DatabaseName', name)} AND {_is('TableName', table)}")
        for name, own in late_tables.items()
        for table in own
    ]
    by_table = [_Scope(of=scope.of, where=scope.where, by="TableName") for scope in databases]
    for scopes in (tables, by_table):
        if 2 * len(scopes) + len(databases) + _OTHERS <= QUERY_ALARMS:
            return scopes, databases
    return (
        [_Scope(of="all tables", by="DatabaseName, TableName")],
        [_Scope(of="all databases", by="DatabaseName")],
    )


def _is(dimension: str, value: str) -> str:
    return f"{dimension} = '{value}'"
