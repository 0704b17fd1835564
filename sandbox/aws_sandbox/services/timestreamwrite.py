"""Amazon Timestream for LiveAnalytics, write side: databases and tables."""

from collections.abc import Iterator
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, from_aws, present, to_aws

_GONE = ("ResourceNotFoundException",)

_RETENTION = {
    "magneticStoreRetentionPeriodInDays": "MagneticStoreRetentionPeriodInDays",
    "memoryStoreRetentionPeriodInHours": "MemoryStoreRetentionPeriodInHours",
}
_RETENTION_DEFAULTS = {"magneticStoreRetentionPeriodInDays": 73_000, "memoryStoreRetentionPeriodInHours": 6}
_RETENTION_LIMITS = {
    "magneticStoreRetentionPeriodInDays": (1, 73_000),
    "memoryStoreRetentionPeriodInHours": (1, 8_766),
}
"""https://docs.aws.amazon.com/timestream/latest/developerguide/API_RetentionProperties.html"""
_S3 = {
    "bucketName": "BucketName",
    "encryptionOption": "EncryptionOption",
    "kmsKeyId": "KmsKeyId",
    "objectKeyPrefix": "ObjectKeyPrefix",
}
_PARTITION_KEY = {"enforcementInRecord": "EnforcementInRecord", "name": "Name", "type": "Type"}


def _client(aws: Aws) -> Any:
    return aws.client("timestream-write")


def _read_tags(aws: Aws, arn: str) -> dict[str, str]:
    return _tags.from_list(_client(aws).list_tags_for_resource(ResourceARN=arn)["Tags"])


def _update_tags(aws: Aws, arn: str, state: Properties, inputs: Properties) -> None:
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        _client(aws).untag_resource(ResourceARN=arn, TagKeys=to_remove)
    if to_set:
        _client(aws).tag_resource(ResourceARN=arn, Tags=_tags.to_list(to_set))


def _with_tags(request: dict[str, Any], inputs: Properties) -> dict[str, Any]:
    return {**request, "Tags": _tags.to_list(inputs["tagsAll"])} if inputs.get("tagsAll") else request


def _create_database(aws: Aws, inputs: Properties) -> str:
    request = to_aws({"databaseName": "DatabaseName", "kmsKeyId": "KmsKeyId"}, inputs)
    return str(_client(aws).create_database(**_with_tags(request, inputs))["Database"]["DatabaseName"])


def _read_database(aws: Aws, name: str, _state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).describe_database(DatabaseName=name), *_GONE)
    if answer is None:
        return None
    names = {"arn": "Arn", "databaseName": "DatabaseName", "kmsKeyId": "KmsKeyId", "tableCount": "TableCount"}
    database = from_aws(names, answer["Database"])
    return {**database, "tagsAll": _read_tags(aws, database["arn"])}


def _update_database(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    if inputs.get("kmsKeyId") and changed(state, inputs, "kmsKeyId"):
        _client(aws).update_database(DatabaseName=name, KmsKeyId=inputs["kmsKeyId"])
    _update_tags(aws, state["arn"], state, inputs)


def _delete_database(aws: Aws, name: str, _state: Properties) -> None:
    found(lambda: _client(aws).delete_database(DatabaseName=name), *_GONE)


def _table_request(inputs: Properties) -> dict[str, Any]:
    """Return what CreateTable and UpdateTable take alike."""
    request: dict[str, Any] = {}
    retention = inputs.get("retentionProperties")
    if retention:
        request["RetentionProperties"] = to_aws(_RETENTION, retention)
    magnetic = inputs.get("magneticStoreWriteProperties")
    if magnetic:
        location = (magnetic.get("magneticStoreRejectedDataLocation") or {}).get("s3Configuration")
        request["MagneticStoreWriteProperties"] = present(
            {
                "EnableMagneticStoreWrites": magnetic.get("enableMagneticStoreWrites", False),
                "MagneticStoreRejectedDataLocation": {"S3Configuration": to_aws(_S3, location)}
                if location
                else None,
            }
        )
    key = (inputs.get("schema") or {}).get("compositePartitionKey")
    if key:
        request["Schema"] = {"CompositePartitionKey": [to_aws(_PARTITION_KEY, key)]}
    return request


def _create_table(aws: Aws, inputs: Properties) -> str:
    names = {"DatabaseName": inputs["databaseName"], "TableName": inputs["tableName"]}
    retention = {**_RETENTION_DEFAULTS, **(inputs.get("retentionProperties") or {})}
    request = _table_request({**inputs, "retentionProperties": retention})
    _client(aws).create_table(**_with_tags({**names, **request}, inputs))
    return f"{inputs['tableName']}:{inputs['databaseName']}"


def _read_table(aws: Aws, resource_id: str, _state: Properties) -> Properties | None:
    table_name, database_name = resource_id.split(":", 1)
    answer = found(
        lambda: _client(aws).describe_table(DatabaseName=database_name, TableName=table_name), *_GONE
    )
    if answer is None:
        return None
    table = answer["Table"]
    return present(
        {
            "arn": table["Arn"],
            "databaseName": table["DatabaseName"],
            "magneticStoreWriteProperties": _read_magnetic(table.get("MagneticStoreWriteProperties") or {}),
            "retentionProperties": from_aws(_RETENTION, table.get("RetentionProperties") or {}),
            "schema": _read_schema(table.get("Schema") or {}),
            "tableName": table["TableName"],
            "tagsAll": _read_tags(aws, table["Arn"]),
        }
    )


def _read_magnetic(answer: dict[str, Any]) -> Properties:
    location = (answer.get("MagneticStoreRejectedDataLocation") or {}).get("S3Configuration")
    return present(
        {
            "enableMagneticStoreWrites": answer.get("EnableMagneticStoreWrites", False),
            "magneticStoreRejectedDataLocation": {"s3Configuration": from_aws(_S3, location)}
            if location
            else None,
        }
    )


def _read_schema(answer: dict[str, Any]) -> Properties:
    # AWS answers a list that has exactly one key; the provider declares one object.
    keys = answer.get("CompositePartitionKey") or [{"Type": "MEASURE"}]
    key = {name: value for name, value in from_aws(_PARTITION_KEY, keys[0]).items() if value}
    return {"compositePartitionKey": key}


def _update_table(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
    table_name, database_name = resource_id.split(":", 1)
    # A block that the program leaves out stays as it is, as with the real provider.
    blocks = ("retentionProperties", "magneticStoreWriteProperties", "schema")
    given = {name: inputs[name] for name in blocks if name in inputs and changed(state, inputs, name)}
    if given:
        _client(aws).update_table(DatabaseName=database_name, TableName=table_name, **_table_request(given))
    _update_tags(aws, state["arn"], state, inputs)


def _delete_table(aws: Aws, resource_id: str, _state: Properties) -> None:
    table_name, database_name = resource_id.split(":", 1)
    found(lambda: _client(aws).delete_table(DatabaseName=database_name, TableName=table_name), *_GONE)


def _check_table(inputs: Properties) -> Iterator[tuple[str, str]]:
    retention = inputs.get("retentionProperties")
    if not isinstance(retention, dict):
        return
    for name, (low, high) in _RETENTION_LIMITS.items():
        value = retention.get(name)
        if isinstance(value, int) and not low <= value <= high:
            path = f"retentionProperties.{name}"
            yield path, f"`{path}` must be between {low:,} and {high:,}, not {value:,}."


TYPES = (
    ResourceType(
        token="aws:timestreamwrite/database:Database",
        create=_create_database,
        read=_read_database,
        update=_update_database,
        delete=_delete_database,
        replaces=frozenset({"databaseName"}),
    ),
    ResourceType(
        token="aws:timestreamwrite/table:Table",
        create=_create_table,
        read=_read_table,
        update=_update_table,
        delete=_delete_table,
        check=_check_table,
        replaces=frozenset(
            {
                "databaseName",
                "tableName",
                "schema.compositePartitionKey.name",
                "schema.compositePartitionKey.type",
            }
        ),
    ),
)
