"""CloudWatch metric alarms and composite alarms."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import camel, from_aws, in_order_of, pascal, refusing, to_aws

_SHARED = {
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "insufficientDataActions": "InsufficientDataActions",
    "okActions": "OKActions",
}
_METRIC = {
    **_SHARED,
    "name": "AlarmName",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "thresholdMetricId": "ThresholdMetricId",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
_COMPOSITE = {
    **_SHARED,
    "alarmName": "AlarmName",
    "alarmRule": "AlarmRule",
}
_SUPPRESSOR = {
    "alarm": "ActionsSuppressor",
    "extensionPeriod": "ActionsSuppressorExtensionPeriod",
    "waitPeriod": "ActionsSuppressorWaitPeriod",
}
_ACTIONS = ("alarmActions", "insufficientDataActions", "okActions")
_NOT_APPLIED = dict.fromkeys(
    ("evaluationCriteria", "evaluationInterval", "evaluationWindow", "warmUpConfiguration"),
    "AWS on this machine evaluates alarms on metrics only: use `metricName` or `metricQueries`.",
)


def _dimensions_to_aws(dimensions: dict[str, str] | None) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in (dimensions or {}).items()]


def _dimensions_from_aws(dimensions: list[dict[str, str]]) -> dict[str, str]:
    return {dimension["Name"]: dimension["Value"] for dimension in dimensions}


def _query_to_aws(query: Properties) -> dict[str, Any]:
    rest: dict[str, Any] = pascal({key: value for key, value in query.items() if key != "metric"}, {})
    metric = query.get("metric")
    if metric is None:
        return rest
    stat = to_aws({"period": "Period", "stat": "Stat", "unit": "Unit"}, metric)
    stat["Metric"] = {
        **to_aws({"metricName": "MetricName", "namespace": "Namespace"}, metric),
        "Dimensions": _dimensions_to_aws(metric.get("dimensions")),
    }
    return {**rest, "MetricStat": stat}


def _query_from_aws(query: dict[str, Any]) -> Properties:
    rest: Properties = camel({key: value for key, value in query.items() if key != "MetricStat"}, {})
    stat = query.get("MetricStat")
    if stat is None:
        return rest
    metric = camel({key: value for key, value in stat.items() if key != "Metric"}, {})
    metric |= from_aws({"metricName": "MetricName", "namespace": "Namespace"}, stat["Metric"])
    if stat["Metric"].get("Dimensions"):
        metric["dimensions"] = _dimensions_from_aws(stat["Metric"]["Dimensions"])
    return {**rest, "metric": metric}


def _put_metric_alarm(aws: Aws, inputs: Properties, tags: list[dict[str, str]]) -> None:
    request = to_aws(_METRIC, inputs)
    if inputs.get("dimensions"):
        request["Dimensions"] = _dimensions_to_aws(inputs["dimensions"])
    if inputs.get("metricQueries"):
        request["Metrics"] = [_query_to_aws(query) for query in inputs["metricQueries"]]
    # CloudWatch takes tags only when the alarm is made; later they change by TagResource.
    aws.client("cloudwatch").put_metric_alarm(**request, **({"Tags": tags} if tags else {}))


def _create_metric_alarm(aws: Aws, inputs: Properties) -> str:
    _put_metric_alarm(aws, inputs, _tags.to_list(inputs.get("tagsAll")))
    return str(inputs["name"])


def _read_metric_alarm(aws: Aws, name: str, state: Properties) -> Properties | None:
    client = aws.client("cloudwatch")
    alarms = client.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    if not alarms:
        return None
    alarm = alarms[0]
    properties = from_aws(_METRIC | {"arn": "AlarmArn"}, alarm)
    if alarm.get("Dimensions"):
        properties["dimensions"] = _dimensions_from_aws(alarm["Dimensions"])
    if alarm.get("Metrics"):
        properties["metricQueries"] = [_query_from_aws(query) for query in alarm["Metrics"]]
    return _with_actions_and_tags(client, properties, state)


def _with_actions_and_tags(client: Any, properties: Properties, state: Properties) -> Properties:
    for name in _ACTIONS:
        if properties.get(name) == [] and not state.get(name):
            del properties[name]
        elif name in properties:
            properties[name] = in_order_of(state.get(name), properties[name])
    tags = client.list_tags_for_resource(ResourceARN=properties["arn"])["Tags"]
    return {**properties, "tagsAll": _tags.from_list(tags)}


def _change_tags(aws: Aws, state: Properties, inputs: Properties) -> None:
    client = aws.client("cloudwatch")
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.untag_resource(ResourceARN=state["arn"], TagKeys=to_remove)
    if to_set:
        client.tag_resource(ResourceARN=state["arn"], Tags=_tags.to_list(to_set))


def _update_metric_alarm(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    _put_metric_alarm(aws, inputs, [])
    _change_tags(aws, state, inputs)


def _delete_alarm(aws: Aws, name: str, state: Properties) -> None:
    # DeleteAlarms passes over names that do not exist.
    aws.client("cloudwatch").delete_alarms(AlarmNames=[name])


def _put_composite_alarm(aws: Aws, inputs: Properties, tags: list[dict[str, str]]) -> None:
    request = to_aws(_COMPOSITE, inputs) | to_aws(_SUPPRESSOR, inputs.get("actionsSuppressor") or {})
    aws.client("cloudwatch").put_composite_alarm(**request, **({"Tags": tags} if tags else {}))


def _create_composite_alarm(aws: Aws, inputs: Properties) -> str:
    _put_composite_alarm(aws, inputs, _tags.to_list(inputs.get("tagsAll")))
    return str(inputs["alarmName"])


def _read_composite_alarm(aws: Aws, name: str, state: Properties) -> Properties | None:
    client = aws.client("cloudwatch")
    answer = client.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])
    if not answer.get("CompositeAlarms"):
        return None
    alarm = answer["CompositeAlarms"][0]
    properties = from_aws(_COMPOSITE | {"arn": "AlarmArn"}, alarm)
    if alarm.get("ActionsSuppressor"):
        properties["actionsSuppressor"] = from_aws(_SUPPRESSOR, alarm)
    return _with_actions_and_tags(client, properties, state)


def _update_composite_alarm(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    _put_composite_alarm(aws, inputs, [])
    _change_tags(aws, state, inputs)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:cloudwatch/metricAlarm:MetricAlarm",
        create=_create_metric_alarm,
        read=_read_metric_alarm,
        update=_update_metric_alarm,
        delete=_delete_alarm,
        replaces=frozenset({"name"}),
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
        autoname="name",
        check=refusing(_NOT_APPLIED),
    ),
    ResourceType(
        token="aws:cloudwatch/compositeAlarm:CompositeAlarm",
        create=_create_composite_alarm,
        read=_read_composite_alarm,
        update=_update_composite_alarm,
        delete=_delete_alarm,
        replaces=frozenset({"alarmName", "actionsEnabled"}),
        defaults={"actionsEnabled": True},
        limits=(
            SizeLimit(
                property="alarmRule",
                characters=10_240,
                source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html",
            ),
        ),
    ),
)
