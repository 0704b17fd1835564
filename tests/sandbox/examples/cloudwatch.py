import json

from tests.sandbox.examples import Example, Need

_TOPIC = Need(token="aws:sns/topic:Topic", inputs={"name": "alarms"})

_LOG_GROUP = Need(token="aws:cloudwatch/logGroup:LogGroup", inputs={"name": "/timestream/audit"})
_RULE = Need(
    token="aws:cloudwatch/eventRule:EventRule",
    inputs={"name": "timestream", "eventPattern": json.dumps({"source": ["aws.timestream"]})},
)
_OTHER_RULE = Need(
    token="aws:cloudwatch/eventRule:EventRule",
    inputs={"name": "other", "eventPattern": json.dumps({"source": ["aws.kms"]})},
)
_ALARM = Need(
    token="aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs={
        "name": "system-errors",
        "namespace": "AWS/Timestream",
        "metricName": "SystemErrors",
        "statistic": "Sum",
        "period": 300,
        "evaluationPeriods": 1,
        "threshold": 1,
        "comparisonOperator": "GreaterThanThreshold",
    },
)


def _log_policy(action: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "delivery.logs.amazonaws.com"},
                    "Action": action,
                    "Resource": "*",
                }
            ],
        }
    )


def _dashboard(metric: str) -> str:
    widget = {
        "type": "metric",
        "properties": {"metrics": [["AWS/Timestream", metric]], "region": "eu-west-1"},
    }
    return json.dumps({"widgets": [widget]})


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
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Example(
        needs={"topic": _TOPIC, "alarm": _ALARM},
        inputs={
            "alarmName": "timestream",
            "alarmRule": "ALARM(system-errors)",
            "alarmActions": ["${topic.arn}"],
            "tags": {"team": "billing"},
        },
        change={"alarmDescription": "Timestream is not well.", "tags": {"team": "metering"}},
        replace={"alarmName": "timestream-health"},
    ),
    "aws:cloudwatch/dashboard:Dashboard": Example(
        inputs={"dashboardName": "timestream", "dashboardBody": _dashboard("SystemErrors")},
        change={"dashboardBody": _dashboard("UserErrors")},
        replace={"dashboardName": "meters"},
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Example(
        needs={"group": _LOG_GROUP},
        inputs={
            "name": "deleted-tables",
            "logGroupName": "${group.name}",
            "pattern": '{ $.eventName = "DeleteTable" }',
            "metricTransformation": {
                "name": "DeletedTables",
                "namespace": "Audit",
                "value": "1",
                "defaultValue": "0",
            },
        },
        change={"pattern": '{ $.eventName = "DeleteDatabase" }'},
        replace={"name": "deletions"},
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Example(
        inputs={"policyName": "delivery", "policyDocument": _log_policy("logs:PutLogEvents")},
        change={"policyDocument": _log_policy("logs:CreateLogStream")},
        replace={"policyName": "deliveries"},
    ),
    "aws:cloudwatch/eventRule:EventRule": Example(
        inputs={
            "name": "timestream-deletions",
            "description": "Somebody deletes tables.",
            "eventPattern": json.dumps({"source": ["aws.timestream"]}),
            "tags": {"team": "billing"},
        },
        change={"state": "DISABLED", "tags": {"team": "metering"}},
        replace={"name": "deletions"},
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Example(
        needs={"topic": _TOPIC, "rule": _RULE, "other": _OTHER_RULE},
        inputs={
            "rule": "${rule.name}",
            "targetId": "topic",
            "arn": "${topic.arn}",
            "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 3},
            "inputTransformer": {
                "inputPaths": {"name": "$.detail.eventName"},
                "inputTemplate": '"Somebody called <name>"',
            },
        },
        change={"retryPolicy": {"maximumEventAgeInSeconds": 600, "maximumRetryAttempts": 1}},
        replace={"rule": "${other.name}"},
    ),
}
