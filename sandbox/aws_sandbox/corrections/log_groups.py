"""CloudWatch Logs: a log group has a class, and protection from deletion that can be switched.

And a metric filter that is put again is changed; moto keeps the old one beside it.
"""

from typing import Any

from moto.logs.metric_filters import MetricFilters
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend, replace

_STANDARD = "STANDARD"


def _group(call: Operation, identifier: str) -> LogGroup:
    backend: LogsBackend = moto_backend("logs", call.region)
    name = identifier.removesuffix(":*").rsplit(":log-group:", 1)[-1]
    if name not in backend.groups:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return backend.groups[name]


def _put_protection(call: Operation) -> Result:
    group = _group(call, call.params["logGroupIdentifier"])
    group.sandbox_protected = call.params["deletionProtectionEnabled"]  # type: ignore[attr-defined]
    return {}


def _not_protected(call: Operation) -> None:
    backend: LogsBackend = moto_backend("logs", call.region)
    group = backend.groups.get(call.params["logGroupName"])
    if getattr(group, "sandbox_protected", False):
        message = "The log group has deletion protection enabled. Disable it before deleting the log group."
        raise AwsError("ValidationException", message)


def _patch() -> None:
    make, describe = LogsResponse.create_log_group, LogGroup.to_describe_dict
    add = MetricFilters.add_filter

    def create_log_group(self: LogsResponse) -> str:
        answer = make(self)
        group: Any = self.logs_backend.groups[self._get_param("logGroupName")]
        group.sandbox_class = self._get_param("logGroupClass") or _STANDARD
        group.sandbox_protected = bool(self._get_param("deletionProtectionEnabled"))
        return answer

    def to_describe_dict(self: LogGroup) -> dict[str, Any]:
        return {
            **describe(self),
            "logGroupClass": getattr(self, "sandbox_class", _STANDARD),
            "deletionProtectionEnabled": getattr(self, "sandbox_protected", False),
        }

    def add_filter(self: MetricFilters, name: str, pattern: str, group: str, transformations: str) -> None:
        self.delete_filter(name, group)
        add(self, name, pattern, group, transformations)

    replace(MetricFilters, "add_filter", add_filter)
    replace(LogsResponse, "create_log_group", create_log_group)
    replace(LogGroup, "to_describe_dict", to_describe_dict)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html",
    checks={("logs", "DeleteLogGroup"): _not_protected},
    handlers={("logs", "PutLogGroupDeletionProtection"): _put_protection},
    patch=_patch,
)
