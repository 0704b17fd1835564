"""Amazon Timestream for InfluxDB: instances and clusters."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, from_aws, in_order_of, present, to_aws

_GONE = ("ResourceNotFoundException",)

# InfluxDB keeps these in a secret of its own; no call of the API tells them.
_FIRST_USER = frozenset({"bucket", "organization", "password", "username"})
_PLAIN = {
    name: name
    for name in (
        "allocatedStorage",
        "bucket",
        "dbInstanceType",
        "dbParameterGroupIdentifier",
        "dbStorageType",
        "deploymentType",
        "failoverMode",
        "maintenanceSchedule",
        "name",
        "networkType",
        "organization",
        "password",
        "port",
        "publiclyAccessible",
        "username",
        "vpcSecurityGroupIds",
        "vpcSubnetIds",
    )
}
_TOLD = {name: name for name in _PLAIN if name not in _FIRST_USER}
_COMPUTED = {
    name: name
    for name in (
        "arn",
        "availabilityZone",
        "endpoint",
        "engineType",
        "influxAuthParametersSecretArn",
        "readerEndpoint",
        "secondaryAvailabilityZone",
    )
}
_IN_PLACE = (
    "allocatedStorage",
    "dbInstanceType",
    "dbParameterGroupIdentifier",
    "dbStorageType",
    "deploymentType",
    "failoverMode",
    "logDeliveryConfiguration",
    "maintenanceSchedule",
    "port",
)
_FIXED = _FIRST_USER | {
    "name",
    "networkType",
    "publiclyAccessible",
    "vpcSecurityGroupIds",
    "vpcSubnetIds",
}


def _client(aws: Aws) -> Any:
    return aws.client("timestream-influxdb")


def _request(inputs: Properties) -> dict[str, Any]:
    logs = (inputs.get("logDeliveryConfiguration") or {}).get("s3Configuration")
    return present(
        {**to_aws(_PLAIN, inputs), "logDeliveryConfiguration": {"s3Configuration": logs} if logs else None}
    )


def _with_tags(request: dict[str, Any], inputs: Properties) -> dict[str, Any]:
    return {**request, "tags": inputs["tagsAll"]} if inputs.get("tagsAll") else request


def _properties(aws: Aws, answer: dict[str, Any], state: Properties) -> Properties:
    properties = from_aws({**_TOLD, **_COMPUTED}, answer)
    for name in ("vpcSecurityGroupIds", "vpcSubnetIds"):
        properties[name] = in_order_of(state.get(name), properties.get(name, []))
    logs = (answer.get("logDeliveryConfiguration") or {}).get("s3Configuration")
    tags = _client(aws).list_tags_for_resource(resourceArn=answer["arn"])["tags"]
    return present(
        {
            **properties,
            "logDeliveryConfiguration": {"s3Configuration": logs} if logs else None,
            "tagsAll": _tags.own(tags),
        }
    )


def _changes(state: Properties, inputs: Properties) -> dict[str, Any]:
    """Return the settings that differ, as the update operations take them."""
    request = _request(inputs)
    return {name: request[name] for name in _IN_PLACE if name in request and changed(state, inputs, name)}


def _update_tags(aws: Aws, state: Properties, inputs: Properties) -> None:
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        _client(aws).untag_resource(resourceArn=state["arn"], tagKeys=to_remove)
    if to_set:
        _client(aws).tag_resource(resourceArn=state["arn"], tags=to_set)


def _type(
    token: str, *, noun: str, parameter: str, identifier: str, more_replaces: frozenset[str] = frozenset()
) -> ResourceType:
    """Make a type whose operations end with `noun` and take the id as `parameter`.

    `identifier` is what the answer to the creation calls the id.
    """

    def call(aws: Aws, verb: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(_client(aws), f"{verb}_{noun}")(**parameters)
        return answer

    def create(aws: Aws, inputs: Properties) -> str:
        return str(call(aws, "create", **_with_tags(_request(inputs), inputs))[identifier])

    def read(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
        answer = found(lambda: call(aws, "get", **{parameter: resource_id}), *_GONE)
        return None if answer is None else _properties(aws, answer, state)

    def update(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
        if settings := _changes(state, inputs):
            call(aws, "update", **{parameter: resource_id}, **settings)
        _update_tags(aws, state, inputs)

    def delete(aws: Aws, resource_id: str, _state: Properties) -> None:
        found(lambda: call(aws, "delete", **{parameter: resource_id}), *_GONE)

    return ResourceType(
        token=token,
        create=create,
        read=read,
        update=update,
        delete=delete,
        replaces=_FIXED | more_replaces,
        autoname="name",
        write_only=_FIRST_USER | {"timeouts"},
    )


TYPES = (
    _type(
        "aws:timestreaminfluxdb/dbInstance:DbInstance",
        noun="db_instance",
        parameter="identifier",
        identifier="id",
    ),
    _type(
        "aws:timestreaminfluxdb/dbCluster:DbCluster",
        noun="db_cluster",
        parameter="dbClusterId",
        identifier="dbClusterId",
        more_replaces=frozenset({"allocatedStorage", "dbStorageType", "deploymentType"}),
    ),
)
