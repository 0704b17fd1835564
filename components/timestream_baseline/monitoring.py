"""Alarms that can fire."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from dataclasses import dataclass
from typing import Final, Never

import pulumi
from pulumi_aws import cloudwatch

from timestream_baseline.inputs.monitoring import MonitoringPart, MonitoringPartArgs
from timestream_baseline.naming import alarm_name
from timestream_baseline.notifications import Notifications
from timestream_baseline.part import Part
from timestream_baseline.resources import child_of

NAMESPACE: Final = "AWS/Timestream"
# The calls that applications make. The two metrics know the dimension Operation only: an alarm that also
# names a database would stay in INSUFFICIENT_DATA for ever.
# https://docs.aws.amazon.com/timestream/latest/developerguide/metrics-dimensions.html
OPERATIONS: Final = ("WriteRecords", "Query")


@dataclass(frozen=True, kw_only=True)
class ErrorMetric:
    """A metric that counts failed calls."""

    metric: str
    meaning: str


SYSTEM_ERRORS: Final = ErrorMetric(metric="SystemErrors", meaning="Timestream itself fails")
USER_ERRORS: Final = ErrorMetric(metric="UserErrors", meaning="Timestream refuses what applications send")


class Monitoring(pulumi.ComponentResource):
    """Alarms on failing calls to Timestream, one per operation, announced on the topic.

    CloudWatch counts these errors for the whole account and region, not per database.
    """

    def __init__(
        self,
        name: str,
        args: MonitoringPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make the alarms."""
        part = Part("Monitoring", MonitoringPart, name, args, unexpected)
        settings = part.settings
        super().__init__(
            "timestream-baseline:index:Monitoring", name, {"periodSeconds": settings.period_seconds}, opts
        )
        location = part.locate(self)
        owner, tags, topic_arn = name, settings.tags, settings.topic_arn
        if topic_arn is None:
            topic_arn = Notifications(
                name,
                owner=name,
                emails=settings.emails,
                encryption=settings.encryption,
                location=location,
                tags=tags,
                opts=child_of(self),
            ).topic_arn
        thresholds = (
            (SYSTEM_ERRORS, settings.thresholds.system_errors),
            (USER_ERRORS, settings.thresholds.user_errors),
        )
        for error, threshold in thresholds:
            for operation in OPERATIONS:
                cloudwatch.MetricAlarm(
                    f"{owner}-{error.metric}/{operation}",
                    name=alarm_name(owner, error.metric, operation),
                    alarm_description=(
                        f"{operation}: {error.meaning} (at least {threshold:g} times in "
                        f"{settings.period_seconds} seconds, all databases of {location.region})."
                    ),
                    namespace=NAMESPACE,
                    metric_name=error.metric,
                    dimensions={"Operation": operation},
                    statistic="Sum",
                    period=settings.period_seconds,
                    evaluation_periods=1,
                    threshold=threshold,
                    comparison_operator="GreaterThanOrEqualToThreshold",
                    # Timestream reports no errors as no data.
                    treat_missing_data="notBreaching",
                    alarm_actions=[topic_arn],
                    ok_actions=[topic_arn],
                    tags=dict(tags),
                    region=location.region,
                    opts=child_of(self),
                )
        self.register_outputs({})
