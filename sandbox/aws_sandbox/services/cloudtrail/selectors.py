"""Event selectors between Pulumi's shape and CloudTrail's."""

from typing import Any

from aws_sandbox.resource import Properties
from aws_sandbox.services._calls import camel, pascal

_FIELD_SELECTOR = {
    "endsWiths": "EndsWith",
    "notEndsWiths": "NotEndsWith",
    "startsWiths": "StartsWith",
    "notStartsWiths": "NotStartsWith",
}

BASIC_DEFAULTS = {"readWriteType": "All", "includeManagementEvents": True}


def advanced_to_aws(selectors: list[Properties]) -> list[dict[str, Any]]:
    """Write advanced event selectors as CloudTrail takes them; it takes no empty lists."""
    written: list[dict[str, Any]] = pascal(selectors, _FIELD_SELECTOR)
    for selector in written:
        selector["FieldSelectors"] = [
            {key: value for key, value in field.items() if value != []}
            for field in selector.get("FieldSelectors", [])
        ]
    return written


def advanced_from_aws(selectors: list[dict[str, Any]]) -> list[Properties]:
    """Read advanced event selectors."""
    properties: list[Properties] = camel(selectors, _FIELD_SELECTOR)
    return properties


def basic_to_aws(selectors: list[Properties]) -> list[dict[str, Any]]:
    """Write basic event selectors as CloudTrail takes them, with the real provider's defaults."""
    written: list[dict[str, Any]] = pascal(selectors, {})
    return [{**pascal(BASIC_DEFAULTS, {}), **selector} for selector in written]


def basic_from_aws(selectors: list[dict[str, Any]]) -> list[Properties]:
    """Read basic event selectors; the one that AWS gives every new trail is not the program's."""
    properties: list[Properties] = camel(selectors, {})
    stated = [{key: value for key, value in item.items() if value != []} for item in properties]
    return [] if stated == [BASIC_DEFAULTS] else stated
