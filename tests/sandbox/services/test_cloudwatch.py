import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.services.resources import RefusedError, Resources

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
COMPARED = {
    "evaluationPeriods": 1,
    "threshold": 1,
    "comparisonOperator": "GreaterThanThreshold",
}


def test_an_alarm_watches_the_metric_with_its_dimensions(resources: Resources) -> None:
    resources.create(
        ALARM,
        name="errors",
        namespace="AWS/Timestream",
        metricName="SystemErrors",
        dimensions={"Operation": "WriteRecords"},
        statistic="Sum",
        period=300,
        **COMPARED,
    )
    (alarm,) = resources.aws.client("cloudwatch").describe_alarms(AlarmNames=["errors"])["MetricAlarms"]
    assert alarm["Dimensions"] == [{"Name": "Operation", "Value": "WriteRecords"}]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Timestream", "SystemErrors")
    assert alarm["ActionsEnabled"] is True


def test_an_alarm_on_an_expression_reads_back_as_it_was_written(resources: Resources) -> None:
    metric = {"metricName": "UserErrors", "namespace": "AWS/Timestream", "period": 60, "stat": "Sum"}
    queries = [
        {"id": "e1", "expression": "m1 / 60", "label": "per second", "returnData": True},
        {"id": "m1", "metric": {**metric, "dimensions": {"Operation": "Query"}}, "returnData": False},
    ]
    alarm = resources.create(ALARM, name="rate", metricQueries=queries, **COMPARED)
    assert alarm.state["metricQueries"] == queries


def test_an_alarm_that_the_sandbox_cannot_make_is_refused(resources: Resources) -> None:
    criteria = {"promqlCriteria": {"query": "up == 0"}}
    with pytest.raises(RefusedError) as refusal:
        resources.create(ALARM, name="up", evaluationCriteria=criteria)
    reason = (
        "the sandbox cannot apply it. AWS on this machine evaluates alarms on metrics only: "
        "use `metricName` or `metricQueries`."
    )
    assert refusal.value.args == ([("evaluationCriteria", reason)],)


def test_retention_for_ever_is_no_retention_policy(resources: Resources) -> None:
    group = resources.create(LOG_GROUP, name="/audit", retentionInDays=30)
    group.update({"retentionInDays": 0})
    (found,) = resources.aws.client("logs").describe_log_groups()["logGroups"]
    assert "retentionInDays" not in found


def test_a_log_group_whose_destruction_is_skipped_stays(resources: Resources) -> None:
    resources.create(LOG_GROUP, name="/audit", skipDestroy=True).delete()
    assert len(resources.aws.client("logs").describe_log_groups()["logGroups"]) == 1


def test_a_log_group_keeps_its_class(resources: Resources) -> None:
    group = resources.create(LOG_GROUP, name="/audit", logGroupClass="INFREQUENT_ACCESS")
    assert group.state["logGroupClass"] == "INFREQUENT_ACCESS"


def test_a_protected_log_group_cannot_be_deleted_until_the_protection_is_off(resources: Resources) -> None:
    group = resources.create(LOG_GROUP, name="/audit", deletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="deletion protection"):
        group.delete()
    group.update({"deletionProtectionEnabled": False})
    group.delete()
    assert group.find(group.state) is None


def test_a_log_group_is_not_taken_for_another_one_that_begins_like_it(resources: Resources) -> None:
    resources.create(LOG_GROUP, name="/audit/timestream")
    group = resources.create(LOG_GROUP, name="/audit")
    group.delete()
    assert group.find(group.state) is None


def test_a_metric_filter_that_is_changed_takes_the_place_of_the_old_one(resources: Resources) -> None:
    resources.create(LOG_GROUP, name="/audit")
    transformation = {"name": "Deletions", "namespace": "Audit", "value": "1"}
    metric_filter = resources.create(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        name="deletions",
        logGroupName="/audit",
        pattern="DeleteTable",
        metricTransformation=transformation,
    )
    metric_filter.update({"pattern": "DeleteDatabase"})
    filters = resources.aws.client("logs").describe_metric_filters(logGroupName="/audit")["metricFilters"]
    assert [found["filterPattern"] for found in filters] == ["DeleteDatabase"]


def test_a_dashboard_with_too_many_widgets_is_refused(resources: Resources) -> None:
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": ""}}] * 501})
    with pytest.raises(RefusedError) as refusal:
        resources.create("aws:cloudwatch/dashboard:Dashboard", dashboardName="timestream", dashboardBody=body)
    reason = "it has 501 widgets, CloudWatch takes at most 500. Split the dashboard."
    assert refusal.value.args == ([("dashboardBody", reason)],)


def test_a_dashboard_that_is_no_json_object_is_refused(resources: Resources) -> None:
    with pytest.raises(RefusedError) as refusal:
        resources.create("aws:cloudwatch/dashboard:Dashboard", dashboardName="timestream", dashboardBody="[]")
    assert refusal.value.args == ([("dashboardBody", "it is not a JSON object.")],)


@pytest.mark.parametrize("switch", [{"isEnabled": False}, {"state": "DISABLED"}])
def test_a_rule_can_be_switched_off_in_both_ways(resources: Resources, switch: dict[str, object]) -> None:
    pattern = json.dumps({"source": ["aws.timestream"]})
    rule = resources.create(RULE, name="deletions", eventPattern=pattern, **switch)
    assert resources.aws.client("events").describe_rule(Name="deletions")["State"] == "DISABLED"
    assert {name: rule.state[name] for name in switch} == switch


def test_rules_and_targets_on_another_bus_say_so_in_their_ids(resources: Resources) -> None:
    resources.aws.client("events").create_event_bus(Name="audit")
    pattern = json.dumps({"source": ["aws.timestream"]})
    rule = resources.create(RULE, name="deletions", eventBusName="audit", eventPattern=pattern)
    target = resources.create(
        TARGET,
        rule="deletions",
        eventBusName="audit",
        targetId="topic",
        arn="arn:aws:sns:eu-west-1:000000000000:alerts",
    )
    assert (rule.id, target.id) == ("audit/deletions", "audit-deletions-topic")


@pytest.mark.parametrize("form", ["deletions/topic", "deletions-topic"])
def test_a_target_is_found_by_the_form_of_an_import_and_by_its_id(resources: Resources, form: str) -> None:
    pattern = json.dumps({"source": ["aws.timestream"]})
    resources.create(RULE, name="deletions", eventPattern=pattern)
    target = resources.create(
        TARGET, rule="deletions", targetId="topic", arn="arn:aws:sns:eu-west-1:000000000000:alerts"
    )
    target.id = form
    assert target.read({})["targetId"] == "topic"


def test_a_target_that_is_not_named_gets_a_name(resources: Resources) -> None:
    pattern = json.dumps({"source": ["aws.timestream"]})
    resources.create(RULE, name="deletions", eventPattern=pattern)
    resources.create(TARGET, rule="deletions", arn="arn:aws:sns:eu-west-1:000000000000:alerts")
    (target,) = resources.aws.client("events").list_targets_by_rule(Rule="deletions")["Targets"]
    assert target["Id"].startswith("terraform-")
