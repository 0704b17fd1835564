"""EventBridge rules and their targets (pulumi_aws calls them CloudWatch events)."""

import secrets
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import camel, chosen_name, found, from_aws, pascal, refusing, to_aws

_GONE = ("ResourceNotFoundException",)
_DEFAULT_BUS = "default"
_RULE = {
    "description": "Description",
    "eventBusName": "EventBusName",
    "eventPattern": "EventPattern",
    "name": "Name",
    "roleArn": "RoleArn",
    "scheduleExpression": "ScheduleExpression",
}
_TARGET = {
    "arn": "Arn",
    "input": "Input",
    "inputPath": "InputPath",
    "roleArn": "RoleArn",
    "targetId": "Id",
}
_NESTED = {
    "deadLetterConfig": "DeadLetterConfig",
    "httpTarget": "HttpParameters",
    "inputTransformer": "InputTransformer",
    "kinesisTarget": "KinesisParameters",
    "retryPolicy": "RetryPolicy",
    "sqsTarget": "SqsParameters",
}
_SPELLED = {"inputPaths": "InputPathsMap"}
_MAPS = frozenset({"inputPaths", "headerParameters", "queryStringParameters"})
_NOT_APPLIED = dict.fromkeys(
    (
        "appsyncTarget",
        "batchTarget",
        "ecsTarget",
        "redshiftTarget",
        "runCommandTargets",
        "sagemakerPipelineTarget",
    ),
    "The sandbox sends events to topics, queues, functions, log groups, streams and buses only.",
)


def _state_of(inputs: Properties) -> str:
    if inputs.get("state"):
        return str(inputs["state"])
    return "DISABLED" if inputs.get("isEnabled") is False else "ENABLED"


def _switch(actual: str, state: Properties) -> Properties:
    """Return the state under the name that the program uses; that a rule is on need not be stated."""
    if state.get("isEnabled") is not None:
        return {"isEnabled": actual != "DISABLED"}
    return {"state": actual} if state.get("state") or actual != "ENABLED" else {}


def _put_rule(aws: Aws, inputs: Properties, tags: list[dict[str, str]]) -> None:
    request = {**to_aws(_RULE, inputs), "State": _state_of(inputs)}
    # EventBridge takes tags only when the rule is made; later they change by TagResource.
    aws.client("events").put_rule(**request, **({"Tags": tags} if tags else {}))


def _rule_id(bus: str | None, *parts: str) -> str:
    """Return `name` on the default bus, `bus/name` on another one, as the real provider does."""
    return "/".join(parts if bus in (None, _DEFAULT_BUS) else (str(bus), *parts))


def _create_rule(aws: Aws, inputs: Properties) -> str:
    name = chosen_name(inputs)
    _put_rule(aws, {**inputs, "name": name}, _tags.to_list(inputs.get("tagsAll")))
    return _rule_id(inputs.get("eventBusName"), name)


def _split_rule(resource_id: str) -> tuple[str, str]:
    """Return bus and rule; the names of partners' buses have slashes of their own."""
    bus, _, name = resource_id.rpartition("/")
    return bus or _DEFAULT_BUS, name


def _read_rule(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
    bus, name = _split_rule(resource_id)
    client = aws.client("events")
    answer = found(lambda: client.describe_rule(Name=name, EventBusName=bus), *_GONE)
    if answer is None:
        return None
    return {
        **from_aws(_RULE | {"arn": "Arn"}, answer),
        **_switch(answer["State"], state),
        "eventBusName": bus,
        "tagsAll": _tags.from_list(client.list_tags_for_resource(ResourceARN=answer["Arn"])["Tags"]),
    }


def _update_rule(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
    _put_rule(aws, {**inputs, "name": _split_rule(resource_id)[1]}, [])
    client = aws.client("events")
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.untag_resource(ResourceARN=state["arn"], TagKeys=to_remove)
    if to_set:
        client.tag_resource(ResourceARN=state["arn"], Tags=_tags.to_list(to_set))


def _delete_rule(aws: Aws, resource_id: str, state: Properties) -> None:
    bus, name = _split_rule(resource_id)
    client = aws.client("events")
    force = bool(state.get("forceDestroy"))
    found(lambda: client.delete_rule(Name=name, EventBusName=bus, Force=force), *_GONE)


def _put_target(aws: Aws, inputs: Properties, target_id: str) -> None:
    target: dict[str, Any] = {**to_aws(_TARGET, inputs), "Id": target_id}
    for name, key in _NESTED.items():
        if inputs.get(name) is not None:
            target[key] = pascal(inputs[name], _SPELLED, _MAPS)
    answer = aws.client("events").put_targets(
        Rule=inputs["rule"], EventBusName=inputs.get("eventBusName") or _DEFAULT_BUS, Targets=[target]
    )
    for failure in answer.get("FailedEntries", []):
        raise RuntimeError(f"PutTargets: {failure['ErrorCode']}: {failure['ErrorMessage']}")


def _create_target(aws: Aws, inputs: Properties) -> str:
    target_id = inputs.get("targetId") or f"terraform-{secrets.token_hex(13)}"
    _put_target(aws, inputs, target_id)
    return _target_id(inputs.get("eventBusName"), inputs["rule"], target_id)


def _target_id(bus: str | None, rule: str, target: str) -> str:
    return "-".join((rule, target) if bus in (None, _DEFAULT_BUS) else (str(bus), rule, target))


def _split_target(client: Any, resource_id: str, state: Properties) -> tuple[str, str, str] | None:
    """Return bus, rule and target.

    They are in the state, in the form in which targets are imported (`rule/target` or
    `bus/rule/target`), or found by the id, whose dashes may also be those of a name.
    """
    if state.get("rule") and state.get("targetId"):
        return state.get("eventBusName") or _DEFAULT_BUS, state["rule"], state["targetId"]
    rest, _, target = resource_id.rpartition("/")
    if rest:
        return (*_split_rule(rest), target)
    for bus in client.list_event_buses()["EventBuses"]:
        for rule in client.list_rules(EventBusName=bus["Name"])["Rules"]:
            prefix = _target_id(bus["Name"], rule["Name"], "")
            if resource_id.startswith(prefix):
                return bus["Name"], rule["Name"], resource_id.removeprefix(prefix)
    return None


def _read_target(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
    client = aws.client("events")
    place = _split_target(client, resource_id, state)
    if place is None:
        return None
    bus, rule, target_id = place
    answer = found(lambda: client.list_targets_by_rule(Rule=rule, EventBusName=bus), *_GONE)
    targets = answer["Targets"] if answer else []
    match = next((target for target in targets if target["Id"] == target_id), None)
    if match is None:
        return None
    nested = {
        name: camel(match[key], _SPELLED, _MAPS)
        for name, key in _NESTED.items()
        if match.get(key) is not None
    }
    return {
        **from_aws(_TARGET, match),
        **nested,
        "rule": rule,
        "eventBusName": bus,
    }


def _update_target(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
    _put_target(aws, inputs, state["targetId"])


def _delete_target(aws: Aws, resource_id: str, state: Properties) -> None:
    client = aws.client("events")
    place = _split_target(client, resource_id, state)
    if place is None:
        return
    bus, rule, target_id = place
    force = bool(state.get("forceDestroy"))
    found(lambda: client.remove_targets(Rule=rule, EventBusName=bus, Ids=[target_id], Force=force), *_GONE)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:cloudwatch/eventRule:EventRule",
        create=_create_rule,
        read=_read_rule,
        update=_update_rule,
        delete=_delete_rule,
        replaces=frozenset({"name", "namePrefix", "eventBusName"}),
        defaults={"eventBusName": _DEFAULT_BUS, "forceDestroy": False},
        autoname="name",
        autoname_prefix="namePrefix",
        write_only=frozenset({"forceDestroy"}),
        json_documents=frozenset({"eventPattern"}),
        limits=(
            SizeLimit(
                property="eventPattern",
                characters=2_048,
                source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
            ),
        ),
    ),
    ResourceType(
        token="aws:cloudwatch/eventTarget:EventTarget",
        create=_create_target,
        read=_read_target,
        update=_update_target,
        delete=_delete_target,
        replaces=frozenset({"eventBusName", "rule", "targetId"}),
        defaults={"eventBusName": _DEFAULT_BUS, "forceDestroy": False},
        write_only=frozenset({"forceDestroy"}),
        json_documents=frozenset({"input"}),
        check=refusing(_NOT_APPLIED),
    ),
)
