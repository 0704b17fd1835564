"""CloudWatch's composite alarms: moto can describe one, but has no operation that makes one."""

from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from aws_sandbox.account import ACCOUNT
from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend, replace

_KINDS = {"MetricAlarm": "MetricAlarms", "CompositeAlarm": "CompositeAlarms"}
_OF_METRICS_ONLY = (
    "namespace",
    "metric_name",
    "metric_data_queries",
    "comparison_operator",
    "evaluation_periods",
    "datapoints_to_alarm",
    "period",
    "threshold",
    "statistic",
    "extended_statistic",
    "unit",
    "treat_missing_data",
    "evaluate_low_sample_count_percentile",
    "threshold_metric_id",
)


def _put_composite_alarm(call: Operation) -> Result:
    wanted = call.params
    backend: CloudWatchBackend = moto_backend("cloudwatch", call.region)
    other = backend.alarms.get(wanted["AlarmName"])
    if other is not None and other.rule is None:
        raise AwsError("ValidationError", f"A metric alarm has the name {wanted['AlarmName']} already.")
    if not wanted.get("AlarmRule", "").strip():
        raise AwsError("ValidationError", "AlarmRule must not be empty.")
    of_metrics: dict[str, Any] = dict.fromkeys(_OF_METRICS_ONLY)
    alarm = Alarm(
        account_id=ACCOUNT,
        region_name=call.region,
        name=wanted["AlarmName"],
        description=wanted.get("AlarmDescription", ""),
        dimensions=[],
        alarm_actions=wanted.get("AlarmActions", []),
        ok_actions=wanted.get("OKActions", []),
        insufficient_data_actions=wanted.get("InsufficientDataActions", []),
        actions_enabled=wanted.get("ActionsEnabled", True),
        rule=wanted["AlarmRule"],
        **of_metrics,
    )
    for member, attribute in _SUPPRESSION.items():
        setattr(alarm, attribute, wanted.get(member))
    backend.alarms[alarm.name] = alarm
    if other is None and wanted.get("Tags"):
        backend.tag_resource(alarm.alarm_arn, {tag["Key"]: tag["Value"] for tag in wanted["Tags"]})
    return {}


_SUPPRESSION = {
    "ActionsSuppressor": "actions_suppressor",
    "ActionsSuppressorWaitPeriod": "actions_suppressor_wait_period",
    "ActionsSuppressorExtensionPeriod": "actions_suppressor_extension_period",
}


def _patch() -> None:
    describe = CloudWatchResponse.describe_alarms

    def describe_alarms(self: CloudWatchResponse) -> Any:
        """Answer the kinds that are asked for: metric alarms alone unless the request says otherwise."""
        answer: Any = describe(self)
        wanted = self._get_param("AlarmTypes") or ["MetricAlarm"]
        for kind, member in _KINDS.items():
            if kind not in wanted:
                answer.result[member] = []
        return answer

    replace(CloudWatchResponse, "describe_alarms", describe_alarms)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html",
    handlers={("cloudwatch", "PutCompositeAlarm"): _put_composite_alarm},
    patch=_patch,
)
