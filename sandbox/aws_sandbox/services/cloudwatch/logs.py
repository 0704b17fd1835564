"""CloudWatch Logs: log groups, metric filters and resource policies."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, from_aws, to_aws

_LOG_GROUP = {
    "name": "logGroupName",
    "kmsKeyId": "kmsKeyId",
    "logGroupClass": "logGroupClass",
    "deletionProtectionEnabled": "deletionProtectionEnabled",
}


def _create_log_group(aws: Aws, inputs: Properties) -> str:
    client = aws.client("logs")
    request = to_aws(_LOG_GROUP, inputs)
    if inputs.get("tagsAll"):
        request["tags"] = inputs["tagsAll"]
    client.create_log_group(**request)
    if inputs.get("retentionInDays"):
        with finishing(inputs["name"]):
            _put_retention(client, inputs["name"], inputs)
    return str(inputs["name"])


def _put_retention(client: Any, group: str, inputs: Properties) -> None:
    """Set the days to keep events; 0 means for ever, which AWS says by having no policy."""
    days = inputs.get("retentionInDays") or 0
    if days:
        client.put_retention_policy(logGroupName=group, retentionInDays=days)
    else:
        client.delete_retention_policy(logGroupName=group)


def _describe_log_group(client: Any, group: str) -> dict[str, Any] | None:
    pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=group)
    groups = (entry for page in pages for entry in page["logGroups"])
    return next((entry for entry in groups if entry["logGroupName"] == group), None)


def _read_log_group(aws: Aws, group: str, state: Properties) -> Properties | None:
    client = aws.client("logs")
    answer = _describe_log_group(client, group)
    if answer is None:
        return None
    arn = answer["arn"].removesuffix(":*")
    tags = client.list_tags_for_resource(resourceArn=arn).get("tags")
    return {
        **from_aws(_LOG_GROUP, answer),
        "arn": arn,
        "retentionInDays": answer.get("retentionInDays", 0),
        "skipDestroy": state.get("skipDestroy", False),
        "tagsAll": _tags.own(tags),
    }


def _update_log_group(aws: Aws, group: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("logs")
    if changed(state, inputs, "retentionInDays"):
        _put_retention(client, group, inputs)
    if changed(state, inputs, "kmsKeyId"):
        if inputs.get("kmsKeyId"):
            client.associate_kms_key(logGroupName=group, kmsKeyId=inputs["kmsKeyId"])
        else:
            client.disassociate_kms_key(logGroupName=group)
    protected = inputs.get("deletionProtectionEnabled")
    if protected is not None and changed(state, inputs, "deletionProtectionEnabled"):
        client.put_log_group_deletion_protection(
            logGroupIdentifier=group, deletionProtectionEnabled=protected
        )
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.untag_resource(resourceArn=state["arn"], tagKeys=to_remove)
    if to_set:
        client.tag_resource(resourceArn=state["arn"], tags=to_set)


def _delete_log_group(aws: Aws, group: str, state: Properties) -> None:
    if state.get("skipDestroy"):
        return
    client = aws.client("logs")
    found(lambda: client.delete_log_group(logGroupName=group), "ResourceNotFoundException")


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:cloudwatch/logGroup:LogGroup",
        create=_create_log_group,
        read=_read_log_group,
        update=_update_log_group,
        delete=_delete_log_group,
        replaces=frozenset({"name", "namePrefix", "logGroupClass"}),
        defaults={"retentionInDays": 0, "skipDestroy": False},
        autoname="name",
        autoname_prefix="namePrefix",
        write_only=frozenset({"skipDestroy"}),
    ),
)
