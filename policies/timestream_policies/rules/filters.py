"""Rules on metric filters: which there are, what they are on, who looks at what they count."""

from collections.abc import Iterator
from functools import partial

import timestream_policies.examples.filters as examples
import timestream_policies.examples.told as told
from timestream_policies.cis_events import ORGANIZATIONS, SUBJECTS, caught_by
from timestream_policies.filters import (
    call,
    filter_catches,
    filters_on,
    has_alarm,
    rule_catches,
)
from timestream_policies.log_patterns import ANY
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.trails import log_groups
from timestream_policies.types import (
    EVENT_RULE,
    LOG_GROUP,
    LOG_METRIC_FILTER,
    TRAIL,
)
from timestream_policies.undecided import any_of

PATTERNS_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"
HUB_PAGE = "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html"
EVENTS_PAGE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html"
SHARED_CALLS = {
    "CreateTable": "dynamodb",
    "DeleteTable": "dynamodb",
    "UpdateTable": "dynamodb",
    "CreateDatabase": "glue",
    "DeleteDatabase": "glue",
    "UpdateDatabase": "glue",
}
"""Calls of Timestream whose names another service has too."""
TRAIL_FIELDS = ("$.eventName", "$.eventSource", "$.userIdentity")


@rule(
    "TS-CW-008",
    title="The log group of a trail has the filters and alarms of CIS",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="What a trail records is seen by nobody until a filter counts it and an alarm tells somebody.",
    fix="Add an aws.cloudwatch.LogMetricFilter with the benchmark's pattern, and an alarm on its metric.",
    snippet=told.CIS_SNIPPET,
    good=examples.CIS_GOOD,
    bad=examples.CIS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.8"],
        "cis-aws-3.0.0": [f"4.{number}" for number in range(1, 16)],
        "cis-aws-5.0.0": [f"4.{number}" for number in range(1, 16)],
        "cis-aws-7.0.0": [f"5.{number}" for number in range(1, 16)],
        "nist-800-53-r5": ["AU-6", "SI-4"],
        "aws-fsbp": [f"CloudWatch.{number}" for number in range(1, 15)],
        "iso-27001-2022": ["A.8.15", "A.8.16"],
    },
    equivalents={
        "prowler": [
            "cloudwatch_log_metric_filter_unauthorized_api_calls",
            "cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk",
        ],
        "trivy": [f"AWS-{number:04}" for number in (*range(147, 161), 174)],
        "security-hub": [f"CloudWatch.{number}" for number in range(1, 15)],
    },
    catalogue=["CW-06"],
    links=[HUB_PAGE, PATTERNS_PAGE],
)
def trails_have_the_filters_of_cis(trail: Resource, stack: Stack) -> Iterator[Finding]:
    """Ask for every subject whether filters with alarms catch all its events."""
    for group in log_groups(trail, stack):
        if stack.is_elsewhere("alarms", trail):
            return
        for subject in SUBJECTS:
            if subject.number == ORGANIZATIONS and not trail.flag("isOrganizationTrail"):
                continue
            with trail:
                wanted = [(subject.number, index) for index in range(len(subject.events))]
                if not all(any_of(filters_on(stack, group), partial(_heard, stack, one)) for one in wanted):
                    yield trail.finding(
                        f"has no filter with an alarm for {subject.meaning} (CIS 4.{subject.number})",
                        key=f"4.{subject.number}",
                    )


def _heard(stack: Stack, event: tuple[int, int], metric_filter: Resource) -> bool:
    return event in caught_by(str(metric_filter.get("pattern", ""))) and has_alarm(stack, metric_filter)


@rule(
    "TS-CW-015",
    title="Filters on calls are on the log group of a trail",
    severity=Severity.MEDIUM,
    applies_to=[LOG_METRIC_FILTER],
    why="A filter on a log group that no trail writes to never finds anything.",
    fix="Set log_group_name to the group that the trail names in cloud_watch_logs_group_arn.",
    snippet=examples.SNIPPET,
    good=examples.ATTACHED_GOOD,
    bad=examples.ATTACHED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["SI-4"]},
    catalogue=["GAP-67"],
    links=[PATTERNS_PAGE],
)
def filters_are_on_a_trail(metric_filter: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a trail that writes to the filter's log group."""
    pattern = str(metric_filter.get("pattern", ""))
    if not any(field in pattern for field in TRAIL_FIELDS) or stack.is_elsewhere("trail", metric_filter):
        return
    for group in stack.behind(metric_filter, "logGroupName", LOG_GROUP):
        if not stack.referring(group, TRAIL, "cloudWatchLogsGroupArn"):
            yield metric_filter.finding(
                f"finds nothing: no trail writes to the log group {group.name!r}", at="logGroupName"
            )


@rule(
    "TS-CW-016",
    title="The metric of a filter has an alarm",
    severity=Severity.MEDIUM,
    applies_to=[LOG_METRIC_FILTER],
    why="A number that nobody looks at tells nobody.",
    fix="Add an aws.cloudwatch.MetricAlarm on the name and namespace of the metric_transformation.",
    snippet=examples.SNIPPET,
    good=examples.WATCHED_GOOD,
    bad=examples.WATCHED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["SI-4", "AU-6"]},
    catalogue=["GAP-67"],
    links=[PATTERNS_PAGE],
)
def filters_have_an_alarm(metric_filter: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for an alarm on the filter's metric."""
    if stack.is_elsewhere("alarms", metric_filter):
        return
    if not has_alarm(stack, metric_filter, telling=False):
        metric = metric_filter.get("metricTransformation.name", "")
        yield metric_filter.finding(f"counts {metric}, which no alarm watches", at="metricTransformation")


@rule(
    "TS-CW-017",
    title="Filters and rules on tables and databases name the service",
    severity=Severity.MEDIUM,
    applies_to=[LOG_METRIC_FILTER, EVENT_RULE],
    why="DynamoDB and Glue have calls of the same names: their changes raise our alarms.",
    fix="Ask for the eventSource too, such as one with the prefix timestream.",
    snippet=examples.SNIPPET,
    good=examples.DISTINCT_GOOD,
    bad=examples.DISTINCT_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["SI-4"]},
    catalogue=["GAP-67"],
    links=[PATTERNS_PAGE, EVENTS_PAGE],
)
def filters_name_the_service(place: Resource) -> Iterator[Finding]:
    """Try the calls of both services."""
    at = "eventPattern" if place.type == EVENT_RULE else "pattern"
    pattern = str(place.get(at, ""))
    catches = rule_catches if place.type == EVENT_RULE else filter_catches
    for name, service in SHARED_CALLS.items():
        if (
            name in pattern
            and catches(place, call("timestream", name, requestParameters=ANY))
            and catches(place, call(service, name, requestParameters=ANY))
        ):
            yield place.finding(f"catches {name} of {service} too", at=at, key=f"{at}/{name}")
