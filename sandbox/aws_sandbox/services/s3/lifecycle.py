"""The lifecycle rules of a bucket."""

from datetime import datetime
from typing import Any

from aws_sandbox.resource import Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import camel, pascal
from aws_sandbox.services.s3.setting import setting

_NAMES = {"id": "ID"}
_TAGS = frozenset({"tags"})
_DEFAULT_MINIMUM_SIZE = "all_storage_classes_128K"


def _rule_to_aws(rule: Properties) -> dict[str, Any]:
    written: dict[str, Any] = pascal(rule, _NAMES, _TAGS)
    both = (written.get("Filter") or {}).get("And")
    if both and "tags" in (rule["filter"].get("and") or {}):
        both["Tags"] = _tags.to_list(both["Tags"])
    # S3 asks for a filter or the older prefix in every rule; no filter means the whole bucket.
    if "Filter" not in written and "Prefix" not in written:
        written["Filter"] = {"Prefix": ""}
    return written


def _rule_from_aws(rule: dict[str, Any]) -> Properties:
    spelled: Properties = camel(_dates_as_text(rule), _NAMES, _TAGS)
    both = spelled.get("filter", {}).get("and")
    if both and "tags" in both:
        both["tags"] = _tags.from_list(both["tags"])
    if spelled.get("filter") in ({}, {"prefix": ""}):
        del spelled["filter"]
    return spelled


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(item) for item in value]
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def _put(client: Any, bucket: str, inputs: Properties) -> None:
    size = inputs.get("transitionDefaultMinimumObjectSize")
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [_rule_to_aws(rule) for rule in inputs.get("rules") or []]},
        **({"TransitionDefaultMinimumObjectSize": size} if size else {}),
    )


def _get(client: Any, bucket: str, state: Properties) -> Properties:
    answer = client.get_bucket_lifecycle_configuration(Bucket=bucket)
    return {
        "rules": [_rule_from_aws(rule) for rule in answer["Rules"]],
        "transitionDefaultMinimumObjectSize": answer.get(
            "TransitionDefaultMinimumObjectSize", _DEFAULT_MINIMUM_SIZE
        ),
    }


def _remove(client: Any, bucket: str, state: Properties) -> None:
    client.delete_bucket_lifecycle(Bucket=bucket)


TYPES: tuple[ResourceType, ...] = (
    setting(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        put=_put,
        get=_get,
        remove=_remove,
        missing="NoSuchLifecycleConfiguration",
        owned=True,
        write_only=frozenset({"timeouts"}),
    ),
)
