"""What a trail records: the selectors of ours, and what those of an existing trail leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

# Queries that touch no table, or that fail, are recorded with the type of databases only: both are needed.
# https://docs.aws.amazon.com/timestream/latest/developerguide/logging-using-cloudtrail.html
QUERY_TYPES: Final = ("AWS::Timestream::Database", "AWS::Timestream::Table")
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html
INSIGHTS: Final = ("ApiCallRateInsight", "ApiErrorRateInsight")

_CATEGORY: Final = "eventCategory"
_TYPE: Final = "resources.type"
_MANAGEMENT: Final = "Management"
_DATA: Final = "Data"


def event_selectors(*, management_events: bool, data_events: bool) -> list[dict[str, Any]]:
    """Select management events and every query.

    Advanced selectors take the place of all others, so management events are named too. A selector takes one
    type of resources. None names an ARN: queries that touch no database (NO_RESOURCE_ACCESSED) stay in.
    """
    selectors = []
    if management_events:
        selectors.append(_selector("Management events", {_CATEGORY: _MANAGEMENT}))
    if data_events:
        selectors += [
            _selector(f"Queries: {resource}", {_CATEGORY: _DATA, _TYPE: resource}) for resource in QUERY_TYPES
        ]
    return selectors


def _selector(name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "field_selectors": [{"field": field, "equals": [value]} for field, value in fields.items()],
    }


def shortcomings(
    trail: Mapping[str, Any], *, management_events: bool = True, data_events: bool = True
) -> list[str]:
    """Say what an existing trail lacks, given its properties by their names in Pulumi (snake_case)."""
    advanced = trail.get("advanced_event_selectors") or []
    # The provider keeps no selectors for a trail that has those which AWS gives to every new one.
    basic = trail.get("event_selectors") or ([] if advanced else [{"include_management_events": True}])
    lacks = []
    if not trail.get("enable_logging"):
        lacks.append("it is stopped and records nothing")
    if not trail.get("enable_log_file_validation"):
        lacks.append("log file validation is off, so changed log files go unnoticed")
    if not trail.get("is_multi_region_trail"):
        lacks.append("it records one region only")
    if not trail.get("kms_key_id"):
        lacks.append("its log files are not encrypted with a customer managed key")
    if management_events and (lack := _management(advanced, basic)):
        lacks.append(lack)
    if data_events:
        lacks += [lack for resource in QUERY_TYPES if (lack := _queries(advanced, resource))]
    if not trail.get("cloud_watch_logs_group_arn"):
        lacks.append("it sends nothing to a log group, so no alarm can watch it")
    return lacks


def _management(advanced: Sequence[Mapping[str, Any]], basic: Sequence[Mapping[str, Any]]) -> str | None:
    selected = [fields for fields in map(_fields, advanced) if _equals(fields, _CATEGORY, _MANAGEMENT)]
    wanted = [selector for selector in basic if selector.get("include_management_events", True)]
    if any(set(fields) == {_CATEGORY} for fields in selected) or any(map(_complete, wanted)):
        return None
    if selected or wanted:
        return "it records some management events only"
    return "it records no management events"


def _complete(selector: Mapping[str, Any]) -> bool:
    """Tell whether a basic selector keeps every management event."""
    everything = selector.get("read_write_type") in (None, "All")
    return everything and not selector.get("exclude_management_event_sources")


def _queries(advanced: Sequence[Mapping[str, Any]], resource: str) -> str | None:
    # Basic selectors know data events of DynamoDB, Lambda and S3 only.
    selected = [
        fields
        for fields in map(_fields, advanced)
        if _equals(fields, _CATEGORY, _DATA) and _equals(fields, _TYPE, resource)
    ]
    if any(set(fields) == {_CATEGORY, _TYPE} for fields in selected):
        return None
    if selected:
        return f"it records some queries as data events of {resource} only"
    return f"it records no queries as data events of {resource}"


def _fields(selector: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    fields: Iterable[Mapping[str, Any]] = selector.get("field_selectors") or []
    return {str(field.get("field")): field for field in fields}


def _equals(fields: Mapping[str, Mapping[str, Any]], name: str, value: str) -> bool:
    return value in (fields.get(name, {}).get("equals") or [])
