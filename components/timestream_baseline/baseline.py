"""The component: composes the rooms and owns nothing else."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from dataclasses import replace
from typing import Any, Never

import pulumi

from timestream_baseline.access import AccessRoles
from timestream_baseline.databases import LiveAnalytics, accept_late_records
from timestream_baseline.deployer import check_keys
from timestream_baseline.documents.parts import database_arn
from timestream_baseline.endpoint_plan import plan_endpoints
from timestream_baseline.endpoints import PrivateEndpoints
from timestream_baseline.inputs import (
    Place,
    StackArgs,
    baseline_settings,
    place_of,
    refuse_keywords,
    refuse_mistakes,
)
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.baseline import Baseline, TimestreamBaselineArgs
from timestream_baseline.inputs.databases import LiveAnalyticsPart
from timestream_baseline.inputs.network import PrivateEndpointsPart
from timestream_baseline.inputs.shared import Shared
from timestream_baseline.location import Location, locate
from timestream_baseline.monitoring import Monitoring
from timestream_baseline.notifications import Notifications, say_what_a_topic_must_allow
from timestream_baseline.part import checked, values_of
from timestream_baseline.rejected_records import RejectedRecords
from timestream_baseline.resources import child_of, output_map
from timestream_baseline.watched import watch_baseline


class TimestreamBaseline(pulumi.ComponentResource):
    """Amazon Timestream for LiveAnalytics, secure by default.

    Databases and tables, a customer managed key for each database, least-privilege roles for writers and
    readers, an encrypted topic, and alarms that can fire. Databases, tables and their keys are protected and
    retained unless `protect_data` is off.

    The customer key covers the magnetic store and the credentials that queries use. The memory store, which
    holds the newest records, is encrypted with a key of the service: no setting changes that.
    """

    database_arns: pulumi.Output[dict[str, str]]
    """The ARN of each database, by its name."""
    table_arns: pulumi.Output[dict[str, str]]
    """The ARN of each table, by "database/table"."""
    key_arns: pulumi.Output[dict[str, str]]
    """The ARN of each key, by what it encrypts: "databases/metrics" (magnetic store, query credentials)."""
    role_arns: pulumi.Output[dict[str, str]]
    """The ARN of each role, by kind and name: "writers/ingest"."""
    cells: pulumi.Output[dict[str, str]]
    """The cells of Timestream that this account is mapped to, under "ingest" and "query"."""
    endpoint_urls: pulumi.Output[dict[str, str]]
    """What applications pass as endpoint_url, under "ingest", "query" and "influxdb"."""
    endpoint_ids: pulumi.Output[dict[str, str]]
    """The id of each interface endpoint that is made or named, under "ingest", "query", "influxdb", …"""
    rejected_records_bucket: pulumi.Output[str] | None = None
    """The bucket for records that the magnetic store rejects, if a table accepts late records."""
    topic_arn: pulumi.Output[str]
    """The topic on which alarms are announced."""
    dashboard_url: pulumi.Output[str] | None = None
    """Where the dashboard is shown, if there is one."""

    def __init__(
        self,
        name: str,
        args: TimestreamBaselineArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate all arguments, then make the rooms one after the other."""
        refuse_keywords("TimestreamBaseline", name, unexpected)
        settings = baseline_settings(name, args)
        super().__init__(
            "timestream-baseline:index:TimestreamBaseline",
            name,
            {"databases": sorted(settings.databases), "protectData": settings.protect_data},
            opts,
        )
        place = place_of(args)
        subject = f'TimestreamBaseline "{name}"'
        location = locate(self, subject, settings.region, place)
        check_keys(self, settings.encryption, location, place.field("encryption"))
        _check_key_regions(settings, location, place.field("databases"))
        network = _network(settings, location)
        plan = plan_endpoints(
            self, network, location, place.field("network"), from_stack=isinstance(args, StackArgs)
        )
        refuse_mistakes(subject, place)
        _announce_weakened_defaults(self, settings)

        shared = values_of(
            Shared(
                encryption=settings.encryption,
                protect_data=settings.protect_data,
                tags=settings.tags,
                region=location.region,
            )
        )
        notifications = None
        topic = settings.monitoring.topic_arn
        if topic is None:
            notifications = Notifications(
                name,
                owner=name,
                emails=settings.monitoring.emails,
                encryption=settings.encryption,
                location=location,
                tags=settings.tags,
                opts=child_of(self),
            )
            topic = notifications.topic_arn
        else:
            say_what_a_topic_must_allow(self, topic)
        rejected_records = None
        if accept_late_records(settings.databases):
            rejected_records = RejectedRecords(
                name,
                owner=name,
                encryption=settings.encryption,
                location=location,
                tags=settings.tags,
                protect_data=settings.protect_data,
                opts=child_of(self),
            )
        databases = LiveAnalytics(
            name,
            checked(
                LiveAnalyticsPart(
                    **shared,
                    databases=settings.databases,
                    adopt=settings.adopt,
                    acknowledge=settings.acknowledge,
                    rejected_records=rejected_records,
                    camel=place.camel,
                ),
                location,
            ),
            child_of(self),
        )
        endpoints = PrivateEndpoints(name, checked(replace(network, plan=plan), location), child_of(self))
        access = AccessRoles(
            name,
            checked(
                AccessRolesPart(
                    **values_of(settings.access),
                    **shared,
                    databases={database: tuple(it.tables) for database, it in settings.databases.items()},
                    key_arns=databases.keys,
                ),
                location,
            ),
            child_of(self),
        )
        keys = {f"databases/{database}": arn for database, arn in databases.keys.items()}
        if notifications is not None:
            keys["topic"] = notifications.key_arn
        if rejected_records is not None:
            keys["rejectedRecords"] = rejected_records.key_arn
            self.rejected_records_bucket = rejected_records.bucket
        watched = watch_baseline(
            name,
            settings,
            shared,
            topic_arn=topic,
            key_arns=keys,
            endpoint_ids=endpoints.ids.values(),
        )
        monitoring = Monitoring(name, checked(watched, location), child_of(self))

        self.database_arns = databases.database_arns
        self.table_arns = databases.table_arns
        self.key_arns = output_map(keys)
        self.role_arns = access.role_arns
        self.cells = endpoints.cells
        self.endpoint_urls = endpoints.endpoint_urls
        self.endpoint_ids = endpoints.endpoint_ids
        self.topic_arn = pulumi.Output.from_input(topic)
        self.dashboard_url = monitoring.dashboard_url
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """All outputs by their names in state, stack outputs and other languages."""
        outputs: dict[str, pulumi.Output[Any] | None] = {
            "databaseArns": self.database_arns,
            "tableArns": self.table_arns,
            "keyArns": self.key_arns,
            "roleArns": self.role_arns,
            "cells": self.cells,
            "endpointUrls": self.endpoint_urls,
            "endpointIds": self.endpoint_ids,
            "rejectedRecordsBucket": self.rejected_records_bucket,
            "topicArn": self.topic_arn,
            "dashboardUrl": self.dashboard_url,
        }
        return {name: output for name, output in outputs.items() if output is not None}


def _network(settings: Baseline, location: Location) -> PrivateEndpointsPart:
    """Say what is to be reached through endpoints: the databases by their names, which are known already."""
    arns = (
        database_arn(
            partition=location.partition, region=location.region, account=location.account, database=database
        )
        for database in settings.databases
    )
    return PrivateEndpointsPart(
        **values_of(settings.network),
        database_arns=tuple(arns),
        influxdb=bool(settings.influxdb),
        tags=settings.tags,
        region=location.region,
    )


def _check_key_regions(settings: Baseline, location: Location, place: Place) -> None:
    """Refuse keys of another region: Timestream takes those of its own only."""
    for database, it in settings.databases.items():
        if isinstance(it.key_arn, str) and (region := it.key_arn.split(":")[3]) != location.region:
            place.at(database).field("key_arn").mistake(
                f"is a key of {region}, but the database is made in {location.region}; "
                "name a key of that region"
            )


def _announce_weakened_defaults(component: pulumi.ComponentResource, settings: Baseline) -> None:
    """Say which secure defaults were turned off."""
    weakened = []
    if not settings.protect_data:
        weakened.append("protect_data is false (default true): destroy deletes databases, tables and keys")
    if settings.encryption.deletion_window_days < 30:
        weakened.append(
            f"encryption.deletion_window_days is {settings.encryption.deletion_window_days} (default 30): "
            "less time to notice the deletion of a key (TS-KMS-003)"
        )
    if settings.encryption.shared_key:
        weakened.append("encryption.shared_key is true (default false): one key opens all databases")
    for message in weakened:
        pulumi.log.warn(message, resource=component)
