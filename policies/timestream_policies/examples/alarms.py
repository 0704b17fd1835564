"""Examples for the rules on alarms."""

from typing import Any

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import REFERENCE
from timestream_policies.types import DATABASE, DB_INSTANCE, METRIC_ALARM, TABLE, TOPIC

TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:alarms"
SNIPPET = """\
import pulumi_aws as aws

topic = aws.sns.Topic("alarms", kms_master_key_id="alias/alarms")
database = aws.timestreamwrite.Database("metrics", database_name="metrics", kms_key_id="alias/metrics")
for metric in ("SystemErrors", "UserErrors"):
    aws.cloudwatch.MetricAlarm(
        f"metrics-{metric}",
        namespace="AWS/Timestream",
        metric_name=metric,
        dimensions={"Operation": "WriteRecords"},
        statistic="Sum",
        period=300,
        evaluation_periods=1,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        alarm_actions=[topic.arn],
    )
"""


def alarm(metric: str, **changes: Any) -> dict[str, Any]:
    """Return the properties of an alarm that works."""
    return {
        "namespace": "AWS/Timestream",
        "metricName": metric,
        "dimensions": {"Operation": "WriteRecords"},
        "statistic": "Sum",
        "period": 300,
        "evaluationPeriods": 1,
        "threshold": 1,
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "alarmActions": [TOPIC_ARN],
        **changes,
    }


def _alarm(title: str, metric: str, **changes: Any) -> Example:
    return example(title, METRIC_ALARM, alarm(metric, **changes))


def _watched(title: str, *alarms: dict[str, Any]) -> Example:
    others = [Given(METRIC_ALARM, properties, f"alarm-{n}") for n, properties in enumerate(alarms)]
    return example(title, DATABASE, {"databaseName": "metrics"}, *others)


QUERY = {
    "id": "errors",
    "returnData": True,
    "expression": 'SELECT SUM(SystemErrors) FROM "AWS/Timestream"',
}

LATE = {"databaseName": "metrics", "magneticStoreWriteProperties": {"enableMagneticStoreWrites": True}}
_INFLUXDB = {"namespace": "AWS/Timestream/InfluxDB", "dimensions": {"DbInstanceName": "plant"}}


def _influxdb(title: str, *metrics: str) -> Example:
    others = [Given(METRIC_ALARM, alarm(metric, **_INFLUXDB), f"alarm-{metric}") for metric in metrics]
    return example(title, DB_INSTANCE, {"name": "plant"}, *others)


EXIST_GOOD = (
    _influxdb("an InfluxDB", "CPUUtilization", "MemoryUtilization", "DiskUtilization"),
    _watched("both watched", alarm("SystemErrors"), alarm("UserErrors")),
    _watched(
        "one through a query",
        alarm("UserErrors"),
        alarm("", namespace=None, metricName=None, dimensions=None, metricQueries=[QUERY]),
    ),
)
EXIST_BAD = (
    _influxdb("an InfluxDB whose disk nobody watches", "CPUUtilization", "MemoryUtilization"),
    example(
        "late records that nobody watches",
        DATABASE,
        {"databaseName": "metrics"},
        Given(METRIC_ALARM, alarm("SystemErrors"), "system"),
        Given(METRIC_ALARM, alarm("UserErrors"), "user"),
        Given(TABLE, LATE, "table"),
    ),
    _watched("no alarm"),
    _watched("only one", alarm("SystemErrors")),
    _watched(
        "one that never fires",
        alarm("UserErrors"),
        alarm("SystemErrors", dimensions={"DatabaseName": "metrics"}),
    ),
)
FIRES_GOOD = (
    _alarm("by operation", "SystemErrors"),
    _alarm(
        "rejected records of one table",
        "MagneticStoreRejectedRecordCount",
        dimensions={"DatabaseName": "metrics", "TableName": "cpu", "Operation": "WriteRecords"},
    ),
    _alarm("another service", "CPUUtilization", namespace="AWS/EC2", dimensions={"InstanceId": "i-1"}),
)
FIRES_BAD = (
    _alarm("errors by database", "SystemErrors", dimensions={"DatabaseName": "metrics"}),
    _alarm(
        "errors by database and operation",
        "UserErrors",
        dimensions={"DatabaseName": "m", "Operation": "Query"},
    ),
    _alarm("no dimensions", "SystemErrors", dimensions=None),
    _alarm("an invented metric", "CPUUtilization"),
    _alarm(
        "an InfluxDB without a name", "CPUUtilization", namespace="AWS/Timestream/InfluxDB", dimensions={}
    ),
    _alarm("an invented namespace", "CPUUtilization", namespace="AWS/TimestreamInfluxDB"),
    _alarm(
        "a search",
        "",
        namespace=None,
        metricName=None,
        metricQueries=[
            {"id": "q", "expression": "SEARCH('{AWS/Timestream,Operation} SystemErrors', 'Sum', 300)"}
        ],
    ),
)
ACTION_GOOD = (
    _alarm("a topic", "SystemErrors"),
    example(
        "a topic of this stack, not made yet",
        METRIC_ALARM,
        alarm("SystemErrors", alarmActions=[REFERENCE]),
        Given(TOPIC, {"name": "alarms"}, "topic"),
        depends={"alarmActions": ("topic",)},
    ),
)
ACTION_BAD = (
    _alarm("none", "SystemErrors", alarmActions=None),
    _alarm("only when it is over", "SystemErrors", alarmActions=[], okActions=[TOPIC_ARN]),
)
ENABLED_GOOD = (_alarm("on by default", "SystemErrors"), _alarm("on", "SystemErrors", actionsEnabled=True))
ENABLED_BAD = (_alarm("off", "SystemErrors", actionsEnabled=False),)
