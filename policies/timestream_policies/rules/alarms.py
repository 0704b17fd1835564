"""Rules on CloudWatch alarms."""

from collections.abc import Iterator
from functools import partial

import timestream_policies.examples.alarms as examples
from timestream_policies.metrics import INFLUXDB as INFLUXDB_METRICS
from timestream_policies.metrics import LIVE_ANALYTICS, watched_metric, watches
from timestream_policies.model import Finding, Resource
from timestream_policies.references import names_something
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import DATABASE, INFLUXDB, METRIC_ALARM, TABLE
from timestream_policies.undecided import any_of

METRICS_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/metrics-dimensions.html"
ALARMS_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html"
WATCHED = ("SystemErrors", "UserErrors")
WATCHED_IF_LATE = ("MagneticStoreRejectedRecordCount", "MagneticStoreRejectedUploadUserFailures")
"""What fails only where a table takes records that come late."""
WATCHED_IN_INFLUXDB = ("CPUUtilization", "MemoryUtilization", "DiskUtilization")


@rule(
    "TS-CW-001",
    title="Alarms watch the errors of databases",
    severity=Severity.MEDIUM,
    applies_to=[DATABASE, *INFLUXDB],
    why="Failing writes and queries are seen by nobody until somebody misses the data.",
    fix="Add an alarm on the metric in its namespace with its dimensions; for errors that is Operation.",
    snippet=examples.SNIPPET,
    good=examples.EXIST_GOOD,
    bad=examples.EXIST_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["SI-4", "AU-6"], "soc-2": ["CC7.2"]},
    equivalents={"starchitect": ["10.8"], "risk-sentinel": ["C-10.8"]},
    catalogue=["GAP-59", "TS-07"],
    links=[METRICS_PAGE],
)
def errors_are_watched(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for one alarm on each metric that can fire."""
    if stack.is_elsewhere("alarms", database):
        return
    in_influxdb = database.type in INFLUXDB
    namespace = INFLUXDB_METRICS if in_influxdb else LIVE_ANALYTICS
    for metric in WATCHED_IN_INFLUXDB if in_influxdb else WATCHED:
        with database:
            if not _has_alarm(stack, namespace, metric) and _publishes(database, metric):
                yield database.finding(f"has nobody watching {metric}", key=metric)
    for metric in () if in_influxdb else WATCHED_IF_LATE:
        with database:
            if not _has_alarm(stack, namespace, metric) and _takes_late_records(database, stack):
                yield database.finding(f"has nobody watching {metric}", key=metric)


def _has_alarm(stack: Stack, namespace: str, metric: str) -> bool:
    return stack.once(f"watched {namespace} {metric}", partial(_is_watched, stack, namespace, metric))


def _is_watched(stack: Stack, namespace: str, metric: str) -> bool:
    return any_of(stack.of_type(METRIC_ALARM), partial(watches, metric=metric, namespace=namespace))


def _publishes(database: Resource, metric: str) -> bool:
    """Tell whether a database has a metric: InfluxDB 3 says nothing of its disk."""
    if metric != "DiskUtilization":
        return True
    return not str(database.get("dbParameterGroupIdentifier", "")).startswith("InfluxDBV3")


def _takes_late_records(database: Resource, stack: Stack) -> bool:
    return any_of(
        stack.referring(database, TABLE, "databaseName"),
        lambda table: table.flag("magneticStoreWriteProperties.enableMagneticStoreWrites"),
    )


@rule(
    "TS-CW-002",
    title="Alarms on Timestream can fire",
    severity=Severity.MEDIUM,
    applies_to=[METRIC_ALARM],
    why="An alarm on a metric or dimension that is never published stays silent for ever.",
    fix="Use a published metric with exactly its dimensions; errors are published by Operation only.",
    snippet=examples.SNIPPET,
    good=examples.FIRES_GOOD,
    bad=examples.FIRES_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["SI-4"]},
    catalogue=["GAP-60"],
    links=[METRICS_PAGE],
)
def alarms_can_fire(alarm: Resource) -> Iterator[Finding]:
    """Judge the alarm's own metric and those of its queries."""
    with alarm:
        if problem := watched_metric(alarm):
            yield alarm.finding(f"never fires: it {problem}", at="metricName")
    for query in alarm.each("metricQueries"):
        with query:
            if "SEARCH(" in str(query.get("expression", "")).upper().replace(" ", ""):
                yield alarm.finding(
                    "never fires: an alarm cannot use SEARCH()", at=f"{query.path}.expression"
                )
            elif problem := watched_metric(query.part("metric")):
                yield alarm.finding(f"never fires: it {problem}", at=f"{query.path}.metric")


@rule(
    "TS-CW-003",
    title="Alarms tell somebody",
    severity=Severity.MEDIUM,
    applies_to=[METRIC_ALARM],
    why="An alarm without an action changes its colour in a console that nobody looks at.",
    fix="Put the ARN of a topic into alarm_actions; ok_actions and insufficient_data_actions do not count.",
    snippet=examples.SNIPPET,
    good=examples.ACTION_GOOD,
    bad=examples.ACTION_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "pci-dss-4.0": ["10.4.1"], "aws-fsbp": ["CloudWatch.15"]},
    equivalents={
        "cdk-nag": ["CloudWatchAlarmAction"],
        "guard": ["CLOUDWATCH_ALARM_ACTION_CHECK"],
        "prowler": ["cloudwatch_alarm_actions_alarm_state_configured"],
    },
    catalogue=["CW-05", "GAP-61"],
    links=[ALARMS_PAGE],
)
def alarms_have_an_action(alarm: Resource) -> Iterator[Finding]:
    """Look for an action, by value or by reference."""
    if not names_something(alarm, "alarmActions"):
        yield alarm.finding("tells nobody when it goes off", at="alarmActions")


@rule(
    "TS-CW-004",
    title="The actions of alarms are switched on",
    severity=Severity.MEDIUM,
    applies_to=[METRIC_ALARM],
    why="With actions switched off the alarm goes off and tells nobody.",
    fix="Set actions_enabled=True, or leave it out.",
    snippet=examples.SNIPPET,
    good=examples.ENABLED_GOOD,
    bad=examples.ENABLED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "aws-fsbp": ["CloudWatch.17"]},
    equivalents={"checkov": ["CKV_AWS_319"], "prowler": ["cloudwatch_alarm_actions_enabled"]},
    catalogue=["CW-04", "GAP-61"],
    links=[ALARMS_PAGE],
    remedy=Remedy("actionsEnabled", value=True),
)
def alarm_actions_are_on(alarm: Resource) -> Iterator[Finding]:
    """Judge the switch."""
    if not alarm.flag("actionsEnabled", default=True):
        yield alarm.finding("has its actions switched off", at="actionsEnabled")
