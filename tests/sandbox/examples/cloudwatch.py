from tests.sandbox.examples import Example, Need

_TOPIC = Need(token="aws:sns/topic:Topic", inputs={"name": "alarms"})

EXAMPLES: dict[str, Example] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Example(
        needs={"topic": _TOPIC},
        inputs={
            "name": "timestream-system-errors",
            "namespace": "AWS/Timestream",
            "metricName": "SystemErrors",
            "dimensions": {"Operation": "WriteRecords"},
            "statistic": "Sum",
            "period": 300,
            "evaluationPeriods": 3,
            "datapointsToAlarm": 2,
            "threshold": 1,
            "comparisonOperator": "GreaterThanOrEqualToThreshold",
            "treatMissingData": "notBreaching",
            "alarmDescription": "Timestream fails to take records.",
            "alarmActions": ["${topic.arn}"],
            "tags": {"team": "billing"},
        },
        change={"threshold": 5, "period": 60, "tags": {"team": "metering"}},
        replace={"name": "timestream-errors"},
    ),
    "aws:cloudwatch/logGroup:LogGroup": Example(
        inputs={"name": "/timestream/queries", "retentionInDays": 30, "tags": {"team": "billing"}},
        change={"retentionInDays": 365, "tags": {"team": "metering"}},
        replace={"name": "/timestream/scheduled"},
    ),
}
