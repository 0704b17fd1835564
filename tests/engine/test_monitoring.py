"""Monitoring alone through the real engine, read back from AWS by boto3; off and on again."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project

ACCOUNT, REGION = "000000000000", "eu-west-1"
OTHER_KEYS = [
    f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{number:08}-2222-3333-4444-555555555555" for number in range(24)
]
PROGRAM = f"""
import pulumi
import pulumi_aws as aws
from timestream_baseline import EncryptionKey, Monitoring

logs = aws.cloudwatch.LogGroup("trail", name="trail")
key = EncryptionKey("data", {{"protect_data": False}})
monitoring = Monitoring("baseline", {{
    "databases": {{"metrics": ["cpu", "disk"]}},
    "late_tables": ["metrics/cpu"],
    "influxdb_instances": ["plant"],
    "influxdb_clusters": {{"third": "v3"}},
    "key_arns": {{"data": key.arn, **{{arn[-4:] + arn[40:50]: arn for arn in {OTHER_KEYS}}}}},
    "trail_arn": "arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail",
    "log_group_name": logs.name,
    "role_names": ["baseline-writers-ingest"],
    "endpoint_ids": ["vpce-0123456789abcdef0"],
    "emails": ["ops@example.org"],
    "tags": {{"team": "metering"}},
    **(pulumi.Config().get_object("more") or {{}}),
}})
pulumi.export("keyArn", key.arn)
pulumi.export("topicArn", monitoring.topic_arn)
pulumi.export("dashboardUrl", monitoring.dashboard_url)
"""
OFF = {"change_events": False, "cis_filters": "none", "dashboard": False}


def alarms(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    pages = sandbox.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}


def rules(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    return {rule["Name"]: rule for rule in sandbox.client("events").list_rules()["Rules"]}


def filters(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    pages = sandbox.client("logs").get_paginator("describe_metric_filters").paginate(logGroupName="trail")
    return {found["filterName"]: found for page in pages for found in page["metricFilters"]}


def announced_by(sandbox: Sandbox, event: dict[str, Any]) -> Iterator[str]:
    """Name the rules whose patterns, as AWS keeps them, match an event."""
    envelope = {
        "id": "1",
        "account": ACCOUNT,
        "time": "2026-11-22T12:00:00Z",
        "region": REGION,
        "resources": [],
        "source": "aws",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": event,
    }
    for name, rule in rules(sandbox).items():
        tried = sandbox.client("events").test_event_pattern(
            EventPattern=rule["EventPattern"], Event=json.dumps(envelope)
        )
        if tried["Result"]:
            yield name


def kms(name: str, arn: str) -> dict[str, Any]:
    return {"eventSource": "kms.amazonaws.com", "eventName": name, "resources": [{"ARN": arn}]}


def test_everything_is_in_aws_and_goes_and_comes_back(
    program: Callable[[str], Project], sandbox: Sandbox
) -> None:
    project = program(PROGRAM)
    done = project.up(gate=True).ok()
    assert "[mandatory]" not in done.output
    assert "[advisory]" not in done.output
    outputs = project.outputs()
    topic, queue = outputs["topicArn"], f"arn:aws:sqs:{REGION}:{ACCOUNT}:baseline-undelivered"

    found = alarms(sandbox)
    assert len(found) == 5 + 1 + 4 + 3 + 2 + 1 + 15 + 1
    assert {alarm["TreatMissingData"] for alarm in found.values()} == {"notBreaching"}
    assert {tuple(alarm["AlarmActions"]) for alarm in found.values()} == {(topic,)}
    assert found["baseline-SystemErrors-Query"]["Dimensions"] == [{"Name": "Operation", "Value": "Query"}]
    assert found["baseline-Latency-Query"]["ExtendedStatistic"] == "p99"
    plant = found["baseline-InfluxDisk-plant"]
    assert (plant["Namespace"], plant["Threshold"]) == ("AWS/Timestream/InfluxDB", 75)
    (rejected,) = (alarm for name, alarm in found.items() if "RejectedRecords" in name)
    assert rejected["Metrics"][0]["Expression"].endswith(
        "WHERE DatabaseName = 'metrics' AND TableName = 'cpu'"
    )
    writes = next(alarm for name, alarm in found.items() if "WriteLatency" in name)
    assert [query.get("Expression") for query in writes["Metrics"]] == ["MAX(METRICS())", None, None]

    names = {"baseline-tables", "baseline-influxdb", "baseline-keys", "baseline-keys-2"}
    assert rules(sandbox).keys() == names | {"baseline-trail", "baseline-endpoints"}
    for name in rules(sandbox):
        (target,) = sandbox.client("events").list_targets_by_rule(Rule=name)["Targets"]
        assert (target["Arn"], target["DeadLetterConfig"]) == (topic, {"Arn": queue})
    for arn in (outputs["keyArn"], *OTHER_KEYS):
        (rule,) = announced_by(sandbox, kms("ScheduleKeyDeletion", arn))
        assert rule.startswith("baseline-keys")
    stranger = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
    assert list(announced_by(sandbox, kms("ScheduleKeyDeletion", stranger))) == []
    stopped = {"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging"}
    ours = {**stopped, "requestParameters": {"name": "baseline-trail"}}
    assert list(announced_by(sandbox, ours)) == ["baseline-trail"]

    sqs = sandbox.client("sqs")
    url = sqs.get_queue_url(QueueName="baseline-undelivered")["QueueUrl"]
    kept = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert kept["SqsManagedSseEnabled"] == "true"
    allowed = json.loads(kept["Policy"])["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert set(allowed) == {rule["Arn"] for rule in rules(sandbox).values()}

    assert len(filters(sandbox)) == 17
    assert "baseline-writers-ingest" in filters(sandbox)["baseline-RoleChanges"]["filterPattern"]
    body = sandbox.client("cloudwatch").get_dashboard(DashboardName="baseline")["DashboardBody"]
    shown = json.loads(body)["widgets"][1]["properties"]["alarms"]
    assert set(shown) == {alarm["AlarmArn"] for alarm in found.values()}
    assert outputs["dashboardUrl"].endswith("#dashboards/dashboard/baseline")
    (subscription,) = sandbox.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert subscription["Endpoint"] == "ops@example.org"

    project.up("--expect-no-changes").ok()
    project.configure(lambda config: config.update({"small:more": OFF}))
    off = project.up().ok()
    assert "nobody is told of destructive calls" in off.output
    assert (rules(sandbox), filters(sandbox)) == ({}, {})
    assert sqs.list_queues().get("QueueUrls", []) == []
    assert len(alarms(sandbox)) == len(found) - 17
    project.configure(lambda config: config.pop("small:more"))
    project.up().ok()
    assert alarms(sandbox).keys() == found.keys()
    assert len(rules(sandbox)) == 6
    project.destroy().ok()
    assert (alarms(sandbox), rules(sandbox)) == ({}, {})
