"""CloudTrail trails."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import as_stated, camel, changed, found, from_aws, pascal, to_aws
from aws_sandbox.services.cloudtrail import selectors

_GONE = ("TrailNotFoundException",)
_TRAIL = {
    "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "enableLogFileValidation": "EnableLogFileValidation",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "isOrganizationTrail": "IsOrganizationTrail",
    "kmsKeyId": "KmsKeyId",
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
    "snsTopicName": "SnsTopicName",
}
_ANSWER = _TRAIL | {
    "arn": "TrailARN",
    "name": "Name",
    "homeRegion": "HomeRegion",
    "snsTopicArn": "SnsTopicARN",
    "enableLogFileValidation": "LogFileValidationEnabled",
}


def _request(inputs: Properties) -> dict[str, Any]:
    request = to_aws(_TRAIL, inputs)
    if request.get("SnsTopicName"):
        # A topic may be named by its ARN; the trail keeps the name.
        request["SnsTopicName"] = request["SnsTopicName"].rsplit(":", 1)[-1]
    return request


def _create(aws: Aws, inputs: Properties) -> str:
    client = aws.client("cloudtrail")
    tags = _tags.to_list(inputs.get("tagsAll"))
    answer = client.create_trail(
        Name=inputs["name"], **_request(inputs), **({"TagsList": tags} if tags else {})
    )
    trail = str(answer["TrailARN"])
    with finishing(trail):
        if inputs.get("enableLogging", True):
            client.start_logging(Name=trail)
        _put_selectors(client, trail, {}, inputs)
    return trail


def _put_selectors(client: Any, trail: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, "eventSelectors", "advancedEventSelectors"):
        if inputs.get("advancedEventSelectors"):
            written = selectors.advanced_to_aws(inputs["advancedEventSelectors"])
            client.put_event_selectors(TrailName=trail, AdvancedEventSelectors=written)
        elif state or inputs.get("eventSelectors"):
            written = selectors.basic_to_aws(inputs.get("eventSelectors") or [{}])
            client.put_event_selectors(TrailName=trail, EventSelectors=written)
    if (state.get("insightSelectors") or []) != (inputs.get("insightSelectors") or []):
        insights = pascal(inputs.get("insightSelectors") or [], {})
        client.put_insight_selectors(TrailName=trail, InsightSelectors=insights)


def _read(aws: Aws, trail: str, state: Properties) -> Properties | None:
    client = aws.client("cloudtrail")
    answer = found(lambda: client.get_trail(Name=trail), *_GONE)
    if answer is None:
        return None
    properties = from_aws(_ANSWER, answer["Trail"])
    properties.setdefault("homeRegion", properties["arn"].split(":")[3])
    return {
        **{name: value for name, value in properties.items() if value != ""},
        **_read_selectors(client, trail, state),
        "enableLogging": client.get_trail_status(Name=trail)["IsLogging"],
        "tagsAll": _read_tags(client, trail),
    }


def _read_selectors(client: Any, trail: str, state: Properties) -> Properties:
    events = client.get_event_selectors(TrailName=trail)
    insights = found(lambda: client.get_insight_selectors(TrailName=trail), "InsightNotEnabledException")
    basic = selectors.basic_from_aws(events.get("EventSelectors") or [])
    properties = {
        "advancedEventSelectors": selectors.advanced_from_aws(events.get("AdvancedEventSelectors") or []),
        "eventSelectors": as_stated(state.get("eventSelectors"), basic, selectors.BASIC_DEFAULTS),
        "insightSelectors": camel((insights or {}).get("InsightSelectors") or [], {}),
    }
    return {name: value for name, value in properties.items() if value}


def _read_tags(client: Any, resource: str) -> dict[str, str]:
    lists = client.list_tags(ResourceIdList=[resource])["ResourceTagList"]
    return _tags.from_list([tag for entry in lists for tag in entry.get("TagsList", [])])


def _update(aws: Aws, trail: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("cloudtrail")
    if changed(state, inputs, *_TRAIL):
        # What is no longer stated is taken away with an empty value.
        cleared = {
            aws_name: ""
            for name, aws_name in _TRAIL.items()
            if isinstance(state.get(name), str) and inputs.get(name) is None
        }
        client.update_trail(Name=trail, **{**cleared, **_request(inputs)})
    if changed(state, inputs, "enableLogging"):
        switch = client.start_logging if inputs.get("enableLogging", True) else client.stop_logging
        switch(Name=trail)
    _put_selectors(client, trail, state, inputs)
    change_tags(client, trail, state, inputs)


def change_tags(client: Any, resource: str, state: Properties, inputs: Properties) -> None:
    """Change the tags of a trail or an event data store."""
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.remove_tags(ResourceId=resource, TagsList=[{"Key": key} for key in to_remove])
    if to_set:
        client.add_tags(ResourceId=resource, TagsList=_tags.to_list(to_set))


def _delete(aws: Aws, trail: str, state: Properties) -> None:
    client = aws.client("cloudtrail")
    found(lambda: client.delete_trail(Name=trail), *_GONE)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:cloudtrail/trail:Trail",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        replaces=frozenset({"name"}),
        defaults={
            "enableLogFileValidation": False,
            "enableLogging": True,
            "includeGlobalServiceEvents": True,
            "isMultiRegionTrail": False,
            "isOrganizationTrail": False,
        },
        autoname="name",
    ),
)
