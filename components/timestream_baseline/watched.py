"""What of a baseline is watched: the arguments of Monitoring, from names that are known already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.mistakes import camel_case
from timestream_baseline.inputs.monitoring import MonitoringPart
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.naming import role_name
from timestream_baseline.part import values_of


def watch_baseline(
    name: str,
    settings: Baseline,
    shared: Mapping[str, Any],
    *,
    topic_arn: TextInput,
    key_arns: Mapping[str, TextInput],
    endpoint_ids: Iterable[TextInput] = (),
    trail_arn: TextInput | None = None,
    log_group_name: TextInput | None = None,
) -> MonitoringPart:
    """Watch everything that the baseline of that name has."""
    late_tables = (
        f"{database}/{table}"
        for database, it in settings.databases.items()
        for table, own in it.tables.items()
        if own.magnetic_writes
    )
    clusters = {
        instance: it.engine
        for instance, it in settings.influxdb.items()
        if it.engine == "v3" or it.cluster is True
    }
    section = {**values_of(settings.monitoring), "topic_arn": topic_arn}
    return MonitoringPart(
        **section,
        **shared,
        databases={database: tuple(it.tables) for database, it in settings.databases.items()},
        late_tables=tuple(late_tables),
        influxdb_instances=tuple(it for it in settings.influxdb if it not in clusters),
        influxdb_clusters=clusters,
        key_arns=dict(key_arns),
        # An existing trail is named in plain text, so that its region is known.
        trail_arn=settings.audit.trail_arn or trail_arn,
        log_group_name=log_group_name,
        role_names=_role_names(name, settings),
        endpoint_ids=tuple(endpoint_ids),
    )


def _role_names(name: str, settings: Baseline) -> tuple[str, ...]:
    """Name the roles of applications and people, and those of scheduled queries, backups and the trail."""
    roles = [role_name(name, camel_case(kind), role) for kind, role, _ in settings.access.roles()]
    roles += [role_name(name, "scheduledQueries", query) for query in settings.scheduled_queries]
    if settings.backup.enabled and settings.databases:
        roles.append(role_name(name, "service", "backup"))
    if settings.audit.trail == "create" and settings.audit.log_group:
        roles.append(role_name(name, "trail", "delivery"))
    return tuple(sorted(roles))
