"""The baseline's parts, one after the other: arguments flow forward only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from timestream_baseline.access import AccessRoles
from timestream_baseline.audit import AuditTrail
from timestream_baseline.backup import Backup
from timestream_baseline.databases import LiveAnalytics, accept_late_records
from timestream_baseline.documents.client_side import client_side_key_policy
from timestream_baseline.documents.parts import table_arn
from timestream_baseline.documents.scheduled_queries import scheduled_query_key_policy
from timestream_baseline.encryption import encryption_key
from timestream_baseline.endpoints import PrivateEndpoints
from timestream_baseline.influxdb import InfluxDb
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.audit import AuditTrailPart
from timestream_baseline.inputs.backup import BackupPart
from timestream_baseline.inputs.databases import LiveAnalyticsPart
from timestream_baseline.inputs.influxdb import InfluxDbPart
from timestream_baseline.inputs.network import PrivateEndpointsPart
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.monitoring import Monitoring
from timestream_baseline.notifications import Notifications, say_what_a_topic_must_allow
from timestream_baseline.part import checked, values_of
from timestream_baseline.rejected_records import RejectedRecords
from timestream_baseline.resources import child_of
from timestream_baseline.scheduled_queries import ScheduledQueries
from timestream_baseline.site import Site
from timestream_baseline.watched import watch_baseline


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything that was made; None for what a baseline does without."""

    keys: Mapping[str, TextInput]
    role_arns: Mapping[str, TextInput]
    topic_arn: TextInput
    rejected_records: RejectedRecords | None
    databases: LiveAnalytics | None
    influxdb: InfluxDb | None
    endpoints: PrivateEndpoints
    audit: AuditTrail
    monitoring: Monitoring
    backup: Backup


def compose(site: Site, network: PrivateEndpointsPart) -> Parts:
    """Make all parts; `network` has been planned before anything is made."""
    settings = site.settings
    query_keys = _scheduled_query_keys(site)
    client_side_key = _client_side_key(site)
    notifications = _notifications(site)
    # Without a topic of our own there is an existing one: the arguments have been checked.
    topic_arn = notifications.topic_arn if notifications else settings.monitoring.topic_arn or ""
    rejected_records = _rejected_records(site, query_keys)
    databases = _databases(site, rejected_records)
    influxdb = _influxdb(site)
    endpoints = PrivateEndpoints(site.name, checked(network, site.location), child_of(site.component))
    audit = _audit(site, notifications, _used_buckets(rejected_records, influxdb))
    database_keys = databases.keys if databases else {}
    access = _access(site, database_keys, query_keys, client_side_key, endpoints, audit)
    queries = None
    if settings.scheduled_queries and rejected_records is not None and databases is not None:
        queries = ScheduledQueries(
            site.name,
            queries=settings.scheduled_queries,
            keys=query_keys,
            database_keys=database_keys,
            tables=databases.tables,
            topic_arn=topic_arn,
            topic_key_arn=notifications.key_arn if notifications else None,
            rejected_records=rejected_records,
            boundary_arn=access.boundary_arn,
            **site.place,
        )
    backup = _backup(site, database_keys, topic_arn, access)
    keys: dict[str, TextInput | None] = {
        **{f"databases/{database}": arn for database, arn in database_keys.items()},
        **{f"scheduledQueries/{query}": arn for query, arn in query_keys.items()},
        "topic": notifications.key_arn if notifications else None,
        "rejectedRecords": rejected_records.key_arn if rejected_records else None,
        "influxdbLogs": influxdb.key_arn if influxdb else None,
        "clientSide": client_side_key,
        **audit.keys,
        "backup": backup.key_arn,
    }
    made = {purpose: arn for purpose, arn in keys.items() if arn is not None}
    watched = watch_baseline(
        site.name,
        settings,
        site.shared,
        topic_arn=topic_arn,
        key_arns=made,
        endpoint_ids=endpoints.ids.values(),
        trail_arn=audit.trail_arn,
        log_group_name=audit.management_log_group,
    )
    monitoring = Monitoring(site.name, checked(watched, site.location), child_of(site.component))
    roles: dict[str, TextInput] = dict(access.roles)
    if queries is not None:
        roles |= {f"scheduledQueries/{query}": arn for query, arn in queries.role_arns.items()}
    if backup.role_arn is not None:
        roles["backup"] = backup.role_arn
    return Parts(
        role_arns=roles,
        keys=made,
        topic_arn=topic_arn,
        rejected_records=rejected_records,
        databases=databases,
        influxdb=influxdb,
        endpoints=endpoints,
        audit=audit,
        monitoring=monitoring,
        backup=backup,
    )


def _scheduled_query_keys(site: Site) -> dict[str, TextInput]:
    """Make the keys of scheduled queries before the bucket, whose policy admits them."""
    settings = site.settings
    return {
        query: encryption_key(
            site.component,
            owner=site.name,
            purpose=f"scheduledQueries/{query}",
            policy=scheduled_query_key_policy,
            encryption=settings.encryption,
            location=site.location,
            tags={**settings.tags, **it.tags},
            protect_data=settings.protect_data,
        ).arn
        for query, it in settings.scheduled_queries.items()
    }


def _client_side_key(site: Site) -> pulumi.Output[str] | None:
    settings = site.settings
    if not settings.encryption.client_side_key:
        return None
    return encryption_key(
        site.component,
        owner=site.name,
        purpose="clientSide",
        policy=client_side_key_policy,
        encryption=settings.encryption,
        location=site.location,
        tags=settings.tags,
        protect_data=settings.protect_data,
    ).arn


def _notifications(site: Site) -> Notifications | None:
    settings = site.settings
    if settings.monitoring.topic_arn is not None:
        say_what_a_topic_must_allow(site.component, settings.monitoring.topic_arn)
        return None
    return Notifications(
        site.name, emails=settings.monitoring.emails, encryption=settings.encryption, **site.place
    )


def _rejected_records(site: Site, query_keys: Mapping[str, TextInput]) -> RejectedRecords | None:
    settings = site.settings
    if not accept_late_records(settings.databases) and not settings.scheduled_queries:
        return None
    return RejectedRecords(
        site.name,
        encryption=settings.encryption,
        protect_data=settings.protect_data,
        report_key_arns=tuple(query_keys.values()),
        **site.place,
    )


def _databases(site: Site, rejected_records: RejectedRecords | None) -> LiveAnalytics | None:
    settings = site.settings
    if not settings.databases:
        return None
    part = LiveAnalyticsPart(
        **site.shared,
        databases=settings.databases,
        adopt=settings.adopt,
        acknowledge=settings.acknowledge,
        rejected_records=rejected_records,
        camel=site.camel,
    )
    return LiveAnalytics(site.name, checked(part, site.location), child_of(site.component))


def _influxdb(site: Site) -> InfluxDb | None:
    settings = site.settings
    if not settings.influxdb:
        return None
    part = InfluxDbPart(**site.shared, influxdb=settings.influxdb, acknowledge=settings.acknowledge)
    return InfluxDb(site.name, checked(part, site.location), child_of(site.component))


def _used_buckets(
    rejected_records: RejectedRecords | None, influxdb: InfluxDb | None
) -> dict[str, tuple[str, pulumi.Output[str]]]:
    """Return the logical name and the name of each bucket with data or logs, by what it is for."""
    used = {}
    if rejected_records is not None:
        used["rejected-records"] = ("rejectedRecords", rejected_records.bucket)
    if influxdb is not None:
        used["influxdb-logs"] = ("influxdbLogs", influxdb.log_bucket)
    return used


def _audit(
    site: Site,
    notifications: Notifications | None,
    used_buckets: Mapping[str, tuple[str, pulumi.Output[str]]],
) -> AuditTrail:
    """Announce deliveries on a topic of our own only: the policy of an existing one is its owner's."""
    announced = notifications is not None and site.settings.audit.trail == "create"
    # A boundary that is made here is for the roles of applications: it is written when the trail stands.
    boundary = site.settings.access.permissions_boundary
    part = AuditTrailPart(
        **values_of(site.settings.audit),
        **site.shared,
        topic_arn=notifications.announcements if notifications and announced else None,
        boundary_arn=None if boundary in ("none", "create") else boundary,
        used_buckets=used_buckets,
    )
    return AuditTrail(site.name, checked(part, site.location), child_of(site.component))


def _access(
    site: Site,
    database_keys: Mapping[str, TextInput],
    query_keys: Mapping[str, TextInput],
    client_side_key: TextInput | None,
    endpoints: PrivateEndpoints,
    audit: AuditTrail,
) -> AccessRoles:
    settings = site.settings
    # Calls to LiveAnalytics come through these two.
    through = tuple(endpoints.ids[kind] for kind in ("ingest", "query") if kind in endpoints.ids)
    named = tuple(it.key_arn for it in settings.databases.values() if it.key_arn is not None)
    part = AccessRolesPart(
        **values_of(settings.access),
        **site.shared,
        databases={database: tuple(it.tables) for database, it in settings.databases.items()},
        key_arns=dict(database_keys),
        client_side_key_arn=client_side_key,
        endpoint_ids=through,
        # What exists is named in plain text, so that the gate can read it at preview.
        trail_arn=settings.audit.trail_arn or audit.trail_arn,
        log_group_name=settings.audit.existing_log_group_name or audit.log_group_name,
        log_bucket=audit.log_bucket,
        log_key_arns=tuple(audit.keys.values()),
        # The ARN of our own topic is known from its name.
        topic_arn=settings.monitoring.topic_arn,
        other_key_arns=named,
        # Sorted, so that the documents do not follow the order of arguments.
        query_key_arns=tuple(query_keys[query] for query in sorted(query_keys)),
    )
    return AccessRoles(site.name, checked(part, site.location), child_of(site.component))


def _backup(
    site: Site, database_keys: Mapping[str, TextInput], topic_arn: TextInput, access: AccessRoles
) -> Backup:
    settings, location = site.settings, site.location
    # From names, which are known already, so that the gate can read who may back up what.
    tables = (
        table_arn(
            partition=location.partition,
            region=location.region,
            account=location.account,
            database=database,
            table=table,
        )
        for database, it in settings.databases.items()
        for table in it.tables
    )
    part = BackupPart(
        **values_of(settings.backup),
        **site.shared,
        table_arns=tuple(tables),
        database_key_arns=tuple(database_keys.values()),
        topic_arn=topic_arn,
        boundary_arn=access.boundary_arn,
    )
    return Backup(site.name, checked(part, site.location), child_of(site.component))
