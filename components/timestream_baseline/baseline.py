"""The component: composes the rooms and owns nothing else."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from dataclasses import replace
from typing import Any, Never

import pulumi

from timestream_baseline.composition import Parts, compose
from timestream_baseline.deployer import check_keys
from timestream_baseline.documents.parts import database_arn
from timestream_baseline.endpoint_plan import plan_endpoints
from timestream_baseline.inputs import (
    StackArgs,
    baseline_settings,
    place_of,
    refuse_keywords,
    refuse_mistakes,
)
from timestream_baseline.inputs.baseline import Baseline, TimestreamBaselineArgs
from timestream_baseline.inputs.mistakes import camel_case
from timestream_baseline.inputs.network import PrivateEndpointsPart
from timestream_baseline.location import Location, locate
from timestream_baseline.notifications import check_topic_region
from timestream_baseline.part import values_of
from timestream_baseline.regions import check_regions
from timestream_baseline.resources import output_map
from timestream_baseline.site import Site
from timestream_baseline.sizes import check_sizes
from timestream_baseline.weakened import weakened_defaults


class TimestreamBaseline(pulumi.ComponentResource):
    """Amazon Timestream, both engines, secure by default.

    LiveAnalytics databases and tables with a customer managed key for each database, and Timestream for
    InfluxDB; private endpoints when a VPC is named, least-privilege roles, scheduled queries, an audit trail,
    alarms, announced changes and backups. What holds data is protected and retained, with its keys, unless
    `protect_data` is off.

    The customer key covers the magnetic store and the credentials that queries use. The memory store, which
    holds the newest records, is encrypted with a key of the service: no setting changes that. The data of
    InfluxDB is under a key that AWS owns, until the AWS provider can set another one.
    """

    database_arns: pulumi.Output[dict[str, str]]
    """The ARN of each database, by its name."""
    table_arns: pulumi.Output[dict[str, str]]
    """The ARN of each table, by "database/table"."""
    key_arns: pulumi.Output[dict[str, str]]
    """The ARN of each key that exists, by what it encrypts: "databases/metrics" (magnetic store and query
    credentials, not the memory store), "scheduledQueries/hourly", "rejectedRecords", "trail", "logGroup",
    "topic", "backup", "influxdbLogs", "clientSide"."""
    role_arns: pulumi.Output[dict[str, str]]
    """The ARN of each role: "writers/ingest", "scheduledQueries/hourly", "backup"."""
    endpoint_urls: pulumi.Output[dict[str, str]]
    """What applications pass as endpoint_url, under "ingest", "query" and "influxdb"."""
    endpoint_ids: pulumi.Output[dict[str, str]]
    """The id of each interface endpoint that is made or named, under "ingest", "query", "influxdb", …"""
    cells: pulumi.Output[dict[str, str]]
    """The cells of Timestream that this account is mapped to, under "ingest" and "query"."""
    topic_arn: pulumi.Output[str]
    """The topic on which alarms, changes, deliveries and failed backups are announced."""
    trail_arn: pulumi.Output[str] | None = None
    """The trail that is made, or the one that exists."""
    log_bucket: pulumi.Output[str] | None = None
    """The bucket of the trail, if the trail is made here."""
    log_group_name: pulumi.Output[str] | None = None
    """The log group that gets the trail's events."""
    rejected_records_bucket: pulumi.Output[str] | None = None
    """The bucket for records that the magnetic store rejects, and for the reports of scheduled queries."""
    influxdb_log_bucket: pulumi.Output[str] | None = None
    """The bucket of the engine logs of InfluxDB."""
    backup_vault_arn: pulumi.Output[str] | None = None
    """The vault of the backups."""
    dashboard_url: pulumi.Output[str] | None = None
    """Where the dashboard is shown."""
    influxdb_endpoints: pulumi.Output[dict[str, str]] | None = None
    """The host of each InfluxDB instance or cluster, by its name."""
    influxdb_secret_arns: pulumi.Output[dict[str, str]] | None = None
    """The secret with the credentials of each InfluxDB instance or cluster, by its name."""

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
            {
                "databases": sorted(settings.databases),
                "influxdb": sorted(settings.influxdb),
                "protectData": settings.protect_data,
            },
            opts,
        )
        place = place_of(args)
        subject = f'TimestreamBaseline "{name}"'
        location = locate(self, subject, settings.region, place)
        check_keys(self, settings.encryption, location, place.field("encryption"))
        check_regions(self, settings.databases, settings.adopt, location, place)
        network = _network(settings, location)
        plan = plan_endpoints(
            self, network, location, place.field("network"), from_stack=isinstance(args, StackArgs)
        )
        check_sizes(name, settings, location, place)
        check_topic_region(settings.monitoring.topic_arn, location, place.field("monitoring"))
        refuse_mistakes(subject, place)
        for message in weakened_defaults(
            settings.encryption, protect_data=settings.protect_data, section="encryption."
        ):
            pulumi.log.warn(message, resource=self)
        for secret in sorted(place.secrets):
            pulumi.log.warn(
                f"{secret} is a secret in the configuration: values of it that may be computed (queries, "
                "passwords, ARNs) stay secret; what else it holds can be read in the state",
                resource=self,
            )

        site = Site(component=self, name=name, settings=settings, location=location, camel=place.camel)
        self._give(compose(site, replace(network, plan=plan)))
        self.register_outputs(self.outputs())

    def _give(self, parts: Parts) -> None:
        """Take the outputs from the parts that were made."""
        nothing: dict[str, pulumi.Input[str]] = {}
        databases, influxdb, audit = parts.databases, parts.influxdb, parts.audit
        self.database_arns = databases.database_arns if databases else output_map(nothing)
        self.table_arns = databases.table_arns if databases else output_map(nothing)
        self.key_arns = output_map(parts.keys)
        self.role_arns = output_map(parts.role_arns)
        self.cells = parts.endpoints.cells
        self.endpoint_urls = parts.endpoints.endpoint_urls
        self.endpoint_ids = parts.endpoints.endpoint_ids
        self.topic_arn = pulumi.Output.from_input(parts.topic_arn)
        self.trail_arn = audit.trail_arn
        self.log_bucket = audit.log_bucket
        self.log_group_name = audit.log_group_name
        self.rejected_records_bucket = parts.rejected_records.bucket if parts.rejected_records else None
        self.backup_vault_arn = parts.backup.vault_arn
        self.dashboard_url = parts.monitoring.dashboard_url
        if influxdb is not None:
            self.influxdb_log_bucket = influxdb.log_bucket
            self.influxdb_endpoints = influxdb.endpoints
            self.influxdb_secret_arns = influxdb.secret_arns

    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """All outputs by their names in state, stack outputs and other languages."""
        names = [name for name in type(self).__annotations__ if not name.startswith("_")]
        outputs = {camel_case(name): getattr(self, name) for name in names}
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
