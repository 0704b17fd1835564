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


def _create_instance(aws: Aws, inputs: Properties) -> str:
    return str(_client(aws).create_db_instance(**_with_tags(_request(inputs), inputs))["id"])


def _read_instance(aws: Aws, identifier: str, state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).get_db_instance(identifier=identifier), *_GONE)
    return None if answer is None else _properties(aws, answer, state)


def _update_instance(aws: Aws, identifier: str, state: Properties, inputs: Properties) -> None:
    settings = _changes(state, inputs)
    if settings:
        _client(aws).update_db_instance(identifier=identifier, **settings)
    _update_tags(aws, state, inputs)


def _delete_instance(aws: Aws, identifier: str, _state: Properties) -> None:
    found(lambda: _client(aws).delete_db_instance(identifier=identifier), *_GONE)


def _create_cluster(aws: Aws, inputs: Properties) -> str:
    return str(_client(aws).create_db_cluster(**_with_tags(_request(inputs), inputs))["dbClusterId"])


def _read_cluster(aws: Aws, cluster_id: str, state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).get_db_cluster(dbClusterId=cluster_id), *_GONE)
    return None if answer is None else _properties(aws, answer, state)


def _update_cluster(aws: Aws, cluster_id: str, state: Properties, inputs: Properties) -> None:
    settings = _changes(state, inputs)
    if settings:
        _client(aws).update_db_cluster(dbClusterId=cluster_id, **settings)
    _update_tags(aws, state, inputs)


def _delete_cluster(aws: Aws, cluster_id: str, _state: Properties) -> None:
    found(lambda: _client(aws).delete_db_cluster(dbClusterId=cluster_id), *_GONE)


_FIXED = _FIRST_USER | {
    "name",
    "networkType",
    "publiclyAccessible",
    "vpcSecurityGroupIds",
    "vpcSubnetIds",
}

TYPES = (
    ResourceType(
        token="aws:timestreaminfluxdb/dbInstance:DbInstance",
        create=_create_instance,
        read=_read_instance,
        update=_update_instance,
        delete=_delete_instance,
        replaces=_FIXED,
        autoname="name",
        write_only=_FIRST_USER | {"timeouts"},
    ),
    ResourceType(
        token="aws:timestreaminfluxdb/dbCluster:DbCluster",
        create=_create_cluster,
        read=_read_cluster,
        update=_update_cluster,
        delete=_delete_cluster,
        replaces=_FIXED | {"allocatedStorage", "dbStorageType", "deploymentType"},
        autoname="name",
        write_only=_FIRST_USER | {"timeouts"},
    ),
)
