"""Alarms that can fire, announcements of destructive calls, and a dashboard."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Never

import pulumi
from pulumi_aws import cloudwatch

from timestream_baseline.alarms import Announcer, make_alarm
from timestream_baseline.documents.alarms import (
    Alarm,
    influxdb_alarms,
    operation_alarms,
    queue_alarm,
    write_latency_alarms,
)
from timestream_baseline.documents.dashboards import Limits, dashboard_body, dashboard_url
from timestream_baseline.documents.late_records import late_record_alarms
from timestream_baseline.documents.limits import compact
from timestream_baseline.events import announce_changes
from timestream_baseline.filters import make_cis_filters, watch_roles
from timestream_baseline.inputs.monitoring import MonitoringPart, MonitoringPartArgs, Thresholds
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.monitoring_checks import check_watched, watched_by
from timestream_baseline.naming import dashboard_name
from timestream_baseline.notifications import Notifications, check_topic_region, say_what_a_topic_must_allow
from timestream_baseline.part import Part
from timestream_baseline.resources import child_of


class Monitoring(pulumi.ComponentResource):
    """Who is told when something goes wrong, or when somebody changes what protects the data.

    Alarms on metrics that are really published: failing and slow calls, records that the magnetic store
    rejects, busy and full InfluxDB instances. Announcements of calls that delete or weaken tables, keys, the
    trail, endpoints and roles. The filters of CIS or of Security Hub. A dashboard that opens on the same
    numbers. Everything goes to one encrypted topic.

    Timestream counts errors for the whole account and region, not per database.
    """

    topic_arn: pulumi.Output[str]
    """The topic on which everything is announced."""
    dashboard_url: pulumi.Output[str] | None = None
    """Where the dashboard is shown, if there is one."""

    def __init__(
        self,
        name: str,
        args: MonitoringPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make alarms, announcements and dashboard."""
        part = Part("Monitoring", MonitoringPart, name, args, unexpected)
        settings = _in_order(part.settings)
        super().__init__(
            "timestream-baseline:index:Monitoring", name, {"periodSeconds": settings.period_seconds}, opts
        )
        self._location = part.locate(self)
        keys = part.place.field("key_arns")
        check_watched(name, settings, self._location, roles=part.place.field("role_names"), keys=keys)
        if part.alone:
            check_topic_region(settings.topic_arn, self._location, part.place)
        part.refuse_mistakes()
        self._name = name
        self._settings = settings
        self._section = "" if part.alone else "monitoring."
        topic_arn = settings.topic_arn
        if topic_arn is None:
            topic_arn = Notifications(
                name,
                owner=name,
                emails=settings.emails,
                encryption=settings.encryption,
                location=self._location,
                tags=settings.tags,
                opts=child_of(self),
            ).topic_arn
        elif part.alone:
            say_what_a_topic_must_allow(self, topic_arn)
        self._announcer = Announcer(
            parent=self, owner=name, topic_arn=topic_arn, tags=settings.tags, location=self._location
        )
        self._announce_weakened_defaults()

        names = [
            make_alarm(self._announcer, alarm, period=settings.period_seconds) for alarm in self._alarms()
        ]
        names += self._changes()
        names += self._filters()
        self.topic_arn = pulumi.Output.from_input(topic_arn)
        outputs = {"topicArn": self.topic_arn}
        if settings.dashboard:
            self.dashboard_url = outputs["dashboardUrl"] = self._dashboard(names)
        self.register_outputs(outputs)

    def _alarms(self) -> Iterator[Alarm]:
        """List the alarms on what Timestream publishes about itself."""
        settings, limits = self._settings, self._settings.thresholds
        if settings.databases:
            yield from operation_alarms(
                system_errors=limits.system_errors,
                user_errors=limits.user_errors,
                query_latency_p99_ms=limits.query_latency_p99_ms,
            )
            yield from write_latency_alarms(settings.databases, threshold=limits.write_latency_p99_ms)
        late = [path.split("/") for path in settings.late_tables]
        yield from late_record_alarms(
            {
                database: tuple(table for owner, table in late if owner == database)
                for database in settings.databases
            },
            rejected_records=limits.rejected_records,
            rejected_upload_failures=limits.rejected_upload_failures,
            active_partitions=limits.active_partitions,
        )
        yield from influxdb_alarms(
            settings.influxdb_instances,
            settings.influxdb_clusters,
            cpu=limits.influx_cpu,
            memory=limits.influx_memory,
            disk=limits.influx_disk,
        )

    def _changes(self) -> list[str]:
        """Announce destructive calls. Without a trail CloudTrail tells EventBridge nothing."""
        settings = self._settings
        if settings.change_events is False:
            return []
        if settings.trail_arn is None and settings.log_group_name is None:
            self._warn(
                "no trail is known that records management events: unless the account has one, nobody is "
                "told of destructive calls"
            )
        trail = settings.trail_arn
        if isinstance(trail, str) and (region := trail.split(":")[3]) != self._location.region:
            self._warn(
                f"the trail is one of {region}, where EventBridge in {self._location.region} does not see "
                "who stops it; watch it there"
            )
            trail = None
        queue = announce_changes(self._announcer, replace(watched_by(settings), trail_arn=trail))
        return [make_alarm(self._announcer, queue_alarm(queue), period=settings.period_seconds)]

    def _filters(self) -> list[str]:
        """Count what only the log group of a trail shows. Defaults that cannot apply are dropped."""
        settings = self._settings
        log_group: TextInput | None = settings.log_group_name
        text = settings.cis_filters or "cis"
        roles = settings.role_names if settings.change_events is not False else ()
        if log_group is None:
            dropped = [
                *(["the filters of CIS"] if settings.cis_filters is None else []),
                *(["the watch on roles"] if roles else []),
            ]
            if dropped:
                self._warn(
                    f"left out: {' and '.join(dropped)}, since no log group is known to which a trail sends "
                    "management events"
                )
            return []
        names = make_cis_filters(self._announcer, text, log_group) if text != "none" else []
        if roles:
            names.append(watch_roles(self._announcer, roles, log_group))
        return names

    def _dashboard(self, alarms: list[str]) -> pulumi.Output[str]:
        settings, location, limits = self._settings, self._location, self._settings.thresholds
        name = dashboard_name(self._name)
        prefix = f"arn:{location.partition}:cloudwatch:{location.region}:{location.account}:alarm"
        dashboard = cloudwatch.Dashboard(
            self._name,
            dashboard_name=name,
            dashboard_body=compact(
                dashboard_body(
                    title=self._name,
                    region=location.region,
                    period=settings.period_seconds,
                    databases=list(settings.databases),
                    influxdb=self._has_influxdb,
                    alarm_arns=[f"{prefix}:{alarm}" for alarm in alarms],
                    limits=Limits(
                        write_latency_ms=limits.write_latency_p99_ms,
                        query_latency_ms=limits.query_latency_p99_ms,
                        active_partitions=limits.active_partitions,
                        cpu=limits.influx_cpu,
                        memory=limits.influx_memory,
                        disk=limits.influx_disk,
                    ),
                )
            ),
            region=location.region,
            opts=child_of(self),
        )
        url = dashboard_url(partition=location.partition, region=location.region, name=name)
        return dashboard.dashboard_name.apply(lambda _: url)

    @property
    def _has_influxdb(self) -> bool:
        return bool(self._settings.influxdb_instances or self._settings.influxdb_clusters)

    def _announce_weakened_defaults(self) -> None:
        """Say which secure defaults were turned off. Alarms that are late have no rule."""
        settings = self._settings
        if settings.change_events is False:
            self._warn("change_events is false (default true): nobody is told of destructive calls", True)
        if settings.cis_filters == "none":
            self._warn(
                'cis_filters is "none" (default "cis"): nobody counts what CIS wants counted (TS-CW-008)',
                True,
            )
        if settings.period_seconds > (usual_period := MonitoringPart().period_seconds):
            self._warn(
                f"period_seconds is {settings.period_seconds} (default {usual_period}): alarms go off later",
                True,
            )
        usual = Thresholds()
        for field in fields(Thresholds):
            given, default = getattr(settings.thresholds, field.name), getattr(usual, field.name)
            if given > default:
                self._warn(
                    f"thresholds.{field.name} is {given:g} (default {default:g}): its alarms go off later",
                    True,
                )

    def _warn(self, message: str, argument: bool = False) -> None:
        pulumi.log.warn(f"{self._section if argument else ''}{message}", resource=self)


def _in_order(settings: MonitoringPart) -> MonitoringPart:
    """Sort what has no order of its own, so that documents do not follow the order of arguments."""
    return replace(
        settings,
        databases={name: tuple(sorted(tables)) for name, tables in sorted(settings.databases.items())},
        late_tables=tuple(sorted(settings.late_tables)),
        influxdb_instances=tuple(sorted(settings.influxdb_instances)),
        influxdb_clusters=dict(sorted(settings.influxdb_clusters.items())),
        key_arns=dict(sorted(settings.key_arns.items())),
    )
