"""CloudWatch Logs: log groups, metric filters and resource policies."""

from collections.abc import Iterator
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, chosen_name, found, from_aws, refused, refusing, to_aws

_LOG_GROUP = {
    "name": "logGroupName",
    "kmsKeyId": "kmsKeyId",
    "logGroupClass": "logGroupClass",
    "deletionProtectionEnabled": "deletionProtectionEnabled",
}


def _create_log_group(aws: Aws, inputs: Properties) -> str:
    client = aws.client("logs")
    name = chosen_name(inputs)
    request = {**to_aws(_LOG_GROUP, inputs), "logGroupName": name}
    if inputs.get("tagsAll"):
        request["tags"] = inputs["tagsAll"]
    client.create_log_group(**request)
    # Groups of class DELIVERY have a fixed retention.
    if inputs.get("retentionInDays") and inputs.get("logGroupClass") != "DELIVERY":
        with finishing(name):
            _put_retention(client, name, inputs)
    return name


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


_TRANSFORMATION = {
    "defaultValue": "defaultValue",
    "dimensions": "dimensions",
    "name": "metricName",
    "namespace": "metricNamespace",
    "unit": "unit",
    "value": "metricValue",
}


def _put_metric_filter(aws: Aws, inputs: Properties) -> None:
    transformation = to_aws(_TRANSFORMATION, inputs["metricTransformation"])
    if "defaultValue" in transformation:
        transformation["defaultValue"] = float(transformation["defaultValue"])
    aws.client("logs").put_metric_filter(
        logGroupName=inputs["logGroupName"],
        filterName=inputs["name"],
        filterPattern=inputs["pattern"].strip(),
        metricTransformations=[{"unit": "None", **transformation}],
    )


def _create_metric_filter(aws: Aws, inputs: Properties) -> str:
    _put_metric_filter(aws, inputs)
    return f"{inputs['logGroupName']}:{inputs['name']}"


def _read_metric_filter(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
    group, name = resource_id.rsplit(":", 1)
    client = aws.client("logs")
    answer = found(
        lambda: client.describe_metric_filters(logGroupName=group, filterNamePrefix=name),
        "ResourceNotFoundException",
    )
    filters = answer["metricFilters"] if answer else []
    match = next((entry for entry in filters if entry["filterName"] == name), None)
    if match is None:
        return None
    transformation = from_aws(_TRANSFORMATION, match["metricTransformations"][0])
    if "defaultValue" in transformation:
        transformation["defaultValue"] = f"{transformation['defaultValue']:g}"
    if transformation.get("unit") == "None":
        del transformation["unit"]  # what CloudWatch Logs makes of no unit
    return {
        "logGroupName": group,
        "name": name,
        "pattern": match.get("filterPattern", ""),
        "metricTransformation": transformation,
    }


def _update_metric_filter(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
    _put_metric_filter(aws, inputs)


def _delete_metric_filter(aws: Aws, resource_id: str, state: Properties) -> None:
    group, name = resource_id.rsplit(":", 1)
    client = aws.client("logs")
    found(
        lambda: client.delete_metric_filter(logGroupName=group, filterName=name),
        "ResourceNotFoundException",
    )


def _check_resource_policy(inputs: Properties) -> Iterator[tuple[str, str]]:
    yield from refused(
        inputs, {"resourceArn": "AWS on this machine has policies of the account only: use `policyName`."}
    )
    if not inputs.get("policyName") and not inputs.get("resourceArn"):
        yield "policyName", "a policy of the account has a name: give it."


def _put_resource_policy(aws: Aws, inputs: Properties) -> None:
    aws.client("logs").put_resource_policy(
        policyName=inputs["policyName"], policyDocument=inputs["policyDocument"]
    )


def _create_resource_policy(aws: Aws, inputs: Properties) -> str:
    _put_resource_policy(aws, inputs)
    return str(inputs["policyName"])


def _read_resource_policy(aws: Aws, name: str, state: Properties) -> Properties | None:
    pages = aws.client("logs").get_paginator("describe_resource_policies").paginate()
    policies = (policy for page in pages for policy in page["resourcePolicies"])
    match = next((policy for policy in policies if policy["policyName"] == name), None)
    if match is None:
        return None
    return {"policyName": name, "policyDocument": match["policyDocument"], "policyScope": "ACCOUNT"}


def _update_resource_policy(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    _put_resource_policy(aws, inputs)


def _delete_resource_policy(aws: Aws, name: str, state: Properties) -> None:
    client = aws.client("logs")
    found(lambda: client.delete_resource_policy(policyName=name), "ResourceNotFoundException")


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
    ResourceType(
        token="aws:cloudwatch/logMetricFilter:LogMetricFilter",
        create=_create_metric_filter,
        read=_read_metric_filter,
        update=_update_metric_filter,
        delete=_delete_metric_filter,
        replaces=frozenset({"name", "logGroupName"}),
        autoname="name",
        check=refusing(
            {"applyOnTransformedLogs": "There are no log transformers on this machine: leave it out."}
        ),
    ),
    ResourceType(
        token="aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        create=_create_resource_policy,
        read=_read_resource_policy,
        update=_update_resource_policy,
        delete=_delete_resource_policy,
        replaces=frozenset({"policyName", "resourceArn"}),
        policy_documents=frozenset({"policyDocument"}),
        check=_check_resource_policy,
        limits=(
            SizeLimit(
                property="policyDocument",
                characters=5_120,
                source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html",
            ),
        ),
    ),
)
