"""Amazon Timestream for LiveAnalytics, query side: scheduled queries."""

from collections.abc import Callable
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import found, present

_GONE = ("ResourceNotFoundException",)

_BLOCKS = {
    "errorReportConfiguration": "ErrorReportConfiguration",
    "notificationConfiguration": "NotificationConfiguration",
    "scheduleConfiguration": "ScheduleConfiguration",
    "targetConfiguration": "TargetConfiguration",
}


def _client(aws: Aws) -> Any:
    return aws.client("timestream-query")


def _capitalised(name: str) -> str:
    return name[0].upper() + name[1:]


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """Rename the keys at every depth: the provider's names are AWS's with a small first letter."""
    if isinstance(value, dict):
        return {rename(key): _renamed(item, rename) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_renamed(item, rename) for item in value]
    return value


def _create(aws: Aws, inputs: Properties) -> str:
    request = present(
        {
            "Name": inputs["name"],
            "QueryString": inputs["queryString"],
            "ScheduledQueryExecutionRoleArn": inputs["executionRoleArn"],
            "KmsKeyId": inputs.get("kmsKeyId"),
            "Tags": _tags.to_list(inputs["tagsAll"]) if inputs.get("tagsAll") else None,
            **{aws_name: _renamed(inputs.get(name), _capitalised) for name, aws_name in _BLOCKS.items()},
        }
    )
    return str(_client(aws).create_scheduled_query(**request)["Arn"])


def _read(aws: Aws, arn: str, _state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).describe_scheduled_query(ScheduledQueryArn=arn), *_GONE)
    if answer is None:
        return None
    query = answer["ScheduledQuery"]
    times = {
        name: query[aws_name].strftime("%Y-%m-%dT%H:%M:%SZ") if query.get(aws_name) else ""
        for name, aws_name in (
            ("creationTime", "CreationTime"),
            ("nextInvocationTime", "NextInvocationTime"),
            ("previousInvocationTime", "PreviousInvocationTime"),
        )
    }
    return present(
        {
            **times,
            **{name: _renamed(query.get(aws_name), _lower) for name, aws_name in _BLOCKS.items()},
            "arn": arn,
            "executionRoleArn": query["ScheduledQueryExecutionRoleArn"],
            "kmsKeyId": query.get("KmsKeyId"),
            "name": query["Name"],
            "queryString": query["QueryString"],
            "state": query["State"],
            "tagsAll": _tags.from_list(_client(aws).list_tags_for_resource(ResourceARN=arn)["Tags"]),
        }
    )


def _update(aws: Aws, arn: str, state: Properties, inputs: Properties) -> None:
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        _client(aws).untag_resource(ResourceARN=arn, TagKeys=to_remove)
    if to_set:
        _client(aws).tag_resource(ResourceARN=arn, Tags=_tags.to_list(to_set))


def _delete(aws: Aws, arn: str, _state: Properties) -> None:
    found(lambda: _client(aws).delete_scheduled_query(ScheduledQueryArn=arn), *_GONE)


TYPES = (
    ResourceType(
        token="aws:timestreamquery/scheduledQuery:ScheduledQuery",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        # AWS can only enable and disable a scheduled query; every other change makes a new one.
        replaces=frozenset({*_BLOCKS, "executionRoleArn", "kmsKeyId", "name", "queryString"}),
        autoname="name",
        write_only=frozenset({"timeouts"}),
    ),
)
