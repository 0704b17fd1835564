"""Examples for the rules on who is told of which call."""

from typing import Any

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.examples.events import TARGET, pattern, rule_on
from timestream_policies.types import (
    DATABASE,
    EVENT_RULE,
    LOG_GROUP,
    LOG_METRIC_FILTER,
    METRIC_ALARM,
    TRAIL,
)

SNIPPET = """\
import json
import pulumi_aws as aws

KEYS = "($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion)"

keys = aws.cloudwatch.LogMetricFilter(
    "keys",
    name="keys",
    log_group_name="trail",
    pattern=f"{{($.eventSource=kms.amazonaws.com) && ({KEYS})}}",
    metric_transformation={"name": "KeysDisabledOrDeleted", "namespace": "CISBenchmark", "value": "1"},
)
alarm = aws.cloudwatch.MetricAlarm(
    "keys",
    namespace="CISBenchmark",
    metric_name="KeysDisabledOrDeleted",
    statistic="Sum",
    period=300,
    evaluation_periods=1,
    threshold=1,
    comparison_operator="GreaterThanOrEqualToThreshold",
    alarm_actions=["arn:aws:sns:eu-west-1:111122223333:alarms"],
)
trail = aws.cloudwatch.EventRule(
    "trail",
    name="trail",
    event_pattern=json.dumps({
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["cloudtrail.amazonaws.com"],
            "eventName": ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"],
        },
    }),
)
target = aws.cloudwatch.EventTarget(
    "trail", rule="trail", arn="arn:aws:sns:eu-west-1:111122223333:changes"
)
"""


def names(*calls: str) -> str:
    """Return the part of a filter pattern that asks for one of some calls."""
    return " || ".join(f"($.eventName={call})" for call in calls)


KEYS = f"{{($.eventSource=kms.amazonaws.com) && ({names('DisableKey', 'ScheduleKeyDeletion')})}}"
# One pattern that catches all that CIS asks for: short, so that every part of it can be tried.
EVERYTHING = '{ $.eventType = "Aws*" }'
GROUP = Given(LOG_GROUP, {"name": "calls"}, "group")
ALARM = Given(
    METRIC_ALARM,
    {"namespace": "CISBenchmark", "metricName": "Seen", "alarmActions": ["arn:aws:sns:eu-west-1:1:a"]},
    "alarm",
)
WRITING = {"name": "calls", "cloudWatchLogsGroupArn": REFERENCE}
ON_GROUP = {"cloudWatchLogsGroupArn": ("group",)}


def filter_on(text: str, **changes: Any) -> dict[str, Any]:
    """Return the properties of a filter on the log group of a trail."""
    return {
        "name": "seen",
        "logGroupName": "calls",
        "pattern": text,
        "metricTransformation": {"name": "Seen", "namespace": "CISBenchmark", "value": "1"},
        **changes,
    }


def _filter(text: str) -> Given:
    return Given(LOG_METRIC_FILTER, filter_on(text), "filter")


def _trail(title: str, *others: Given) -> Example:
    return example(title, TRAIL, WRITING, GROUP, *others, depends=ON_GROUP)


def _rule(name: str, **source: str) -> Given:
    return Given(EVENT_RULE, rule_on(*name.split(), **source), "rule")


CIS_GOOD = (
    _trail("all caught", _filter(EVERYTHING), ALARM),
    example("a trail without a log group", TRAIL, {"name": "calls"}),
)
CIS_BAD = (
    _trail("no filter"),
    _trail("a filter without an alarm", _filter(EVERYTHING)),
    _trail("one filter only", _filter(KEYS), ALARM),
)
_TRAIL_CALLS = "DeleteTrail PutEventSelectors StopLogging"
TRAIL_GOOD = (
    example("announced", TRAIL, {"name": "calls"}, _rule(_TRAIL_CALLS), TARGET),
    _trail("caught by a filter", _filter(EVERYTHING), ALARM),
)
TRAIL_BAD = (
    example("nobody", TRAIL, {"name": "calls"}),
    example("a rule on another call", TRAIL, {"name": "calls"}, _rule("StopLogging DeleteTrail"), TARGET),
    example("a rule without a target", TRAIL, {"name": "calls"}, _rule(_TRAIL_CALLS)),
)
_KEYED = {"databaseName": "metrics", "kmsKeyId": KEY_ARN}
KEYS_GOOD = (
    example("announced", DATABASE, _KEYED, _rule("DisableKey ScheduleKeyDeletion"), TARGET),
    example("caught by a filter", DATABASE, _KEYED, _filter(KEYS), ALARM),
    example("no key of a customer", DATABASE, {"databaseName": "metrics"}),
)
KEYS_BAD = (
    example("nobody", DATABASE, _KEYED),
    example("disabling only", DATABASE, _KEYED, _rule("DisableKey"), TARGET),
)
ATTACHED_GOOD = (
    example(
        "on the log group of a trail",
        LOG_METRIC_FILTER,
        filter_on(KEYS),
        GROUP,
        Given(TRAIL, WRITING, "trail", ON_GROUP),
    ),
    example("about something else", LOG_METRIC_FILTER, filter_on("ERROR"), GROUP),
)
ATTACHED_BAD = (example("on another log group", LOG_METRIC_FILTER, filter_on(KEYS), GROUP),)
WATCHED_GOOD = (example("an alarm", LOG_METRIC_FILTER, filter_on(KEYS), ALARM),)
WATCHED_BAD = (
    example("no alarm", LOG_METRIC_FILTER, filter_on(KEYS)),
    example(
        "an alarm on another metric",
        LOG_METRIC_FILTER,
        filter_on(KEYS),
        Given(METRIC_ALARM, {**ALARM.properties, "metricName": "Other"}, "alarm"),
    ),
)
_OURS = f"{{($.eventSource=timestream.amazonaws.com) && ({names('DeleteTable')})}}"
DISTINCT_GOOD = (
    example("of Timestream", LOG_METRIC_FILTER, filter_on(_OURS)),
    example("of Timestream", EVENT_RULE, rule_on("DeleteTable", source="timestream.amazonaws.com")),
    example("about something else", LOG_METRIC_FILTER, filter_on(KEYS)),
)
DISTINCT_BAD = (
    example("of any service", LOG_METRIC_FILTER, filter_on(f"{{{names('DeleteTable')}}}")),
    example("of any service, by a rule", EVENT_RULE, {"eventPattern": pattern("DeleteDatabase")}),
)
