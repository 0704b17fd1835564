"""Alarms as resources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import cloudwatch

from timestream_baseline.documents.alarms import Alarm, Metric
from timestream_baseline.documents.late_records import LONGEST_QUERY_PERIOD
from timestream_baseline.location import Location
from timestream_baseline.naming import alarm_name
from timestream_baseline.resources import child_of


@dataclass(frozen=True, kw_only=True)
class Announcer:
    """Who is told, and what everything that is made for that has in common."""

    parent: pulumi.Resource
    owner: str
    topic_arn: pulumi.Input[str]
    tags: dict[str, str]
    location: Location


def make_alarm(announcer: Announcer, alarm: Alarm, *, period: int, tell_when_over: bool = True) -> str:
    """Make an alarm and return its physical name."""
    name = alarm_name(announcer.owner, alarm.kind, alarm.of)
    watched, period = _watched(alarm, period)
    cloudwatch.MetricAlarm(
        f"{announcer.owner}-{alarm.kind}/{alarm.of}",
        name=name,
        alarm_description=f"{alarm.meaning}: {alarm.threshold:g} or more within {period} seconds.",
        evaluation_periods=1,
        threshold=alarm.threshold,
        comparison_operator="GreaterThanOrEqualToThreshold",
        # AWS reports nothing where nothing happens.
        treat_missing_data="notBreaching",
        alarm_actions=[announcer.topic_arn],
        ok_actions=[announcer.topic_arn] if tell_when_over else None,
        tags=dict(announcer.tags),
        region=announcer.location.region,
        opts=child_of(announcer.parent),
        **watched,
    )
    return name


def _watched(alarm: Alarm, period: int) -> tuple[dict[str, Any], int]:
    """Say what an alarm watches, and in which period."""
    if alarm.query:
        period = min(period, LONGEST_QUERY_PERIOD)
        query = cloudwatch.MetricAlarmMetricQueryArgs(
            id="q1", expression=alarm.query, period=period, return_data=True
        )
        return {"metric_queries": [query]}, period
    if len(alarm.metrics) > 1:
        return {"metric_queries": _highest(alarm.metrics, period)}, period
    (metric,) = alarm.metrics
    # Percentiles have an argument of their own.
    statistic = "extended_statistic" if metric.statistic.startswith("p") else "statistic"
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": dict(metric.dimensions) or None,
        statistic: metric.statistic,
        "period": period,
    }, period


def _highest(metrics: Sequence[Metric], period: int) -> "list[cloudwatch.MetricAlarmMetricQueryArgs]":
    """Take the highest of several metrics, those that have no data left out.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    """
    highest = cloudwatch.MetricAlarmMetricQueryArgs(
        id="highest", expression="MAX(METRICS())", label="highest", return_data=True
    )
    each = [
        cloudwatch.MetricAlarmMetricQueryArgs(
            id=f"m{number}",
            metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=dict(metric.dimensions),
                stat=metric.statistic,
                period=period,
            ),
            return_data=False,
        )
        for number, metric in enumerate(metrics, start=1)
    ]
    return [highest, *each]
