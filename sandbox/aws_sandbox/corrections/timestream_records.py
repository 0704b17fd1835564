"""WriteRecords keeps records as points: what AWS merges, checks and rejects before it stores them."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from moto.timestreamwrite.models import TimestreamTable

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction
from aws_sandbox.corrections.timestream_resources import WRITE, find_table

Json = dict[str, Any]

LARGEST_BATCH = 100
_NANOSECONDS = {"SECONDS": 10**9, "MILLISECONDS": 10**6, "MICROSECONDS": 10**3, "NANOSECONDS": 1}
_SCALARS = ("DOUBLE", "BIGINT", "VARCHAR", "BOOLEAN", "TIMESTAMP")
_MINUTES_AHEAD = 15


def _write_records(call: Operation) -> Result:
    table = find_table(call, call.params["DatabaseName"], call.params["TableName"])
    records = call.params.get("Records") or []
    if not 1 <= len(records) <= LARGEST_BATCH:
        raise _invalid(f"a request has 1 to {LARGEST_BATCH} records, this one has {len(records)}")
    points = [_point(record, call.params.get("CommonAttributes") or {}) for record in records]
    kept = _Kept(table.records)
    counts = {"MemoryStore": 0, "MagneticStore": 0}
    rejected = []
    for index, point in enumerate(points):
        store, problem = _store(table, point)
        if problem is None:
            problem = kept.add(point)
        if problem is None:
            counts[store] += 1
        else:
            rejected.append({"RecordIndex": index, **problem})
    if rejected:
        message = "One or more records have been rejected. See RejectedRecords for details."
        raise AwsError("RejectedRecordsException", message, 419, {"RejectedRecords": rejected})
    return {"RecordsIngested": {"Total": len(points), **counts}}


def _point(record: Json, common: Json) -> Json:
    """Return a record with the common attributes as one point: names, time in nanoseconds, values."""
    merged = {**common, **record}
    dimensions: dict[str, str] = {}
    for dimension in [*common.get("Dimensions", []), *record.get("Dimensions", [])]:
        if dimension["Name"] in dimensions:
            raise _invalid(f"the dimension {dimension['Name']} is given twice")
        dimensions[dimension["Name"]] = dimension["Value"]
    for needed in ("MeasureName", "Time"):
        if merged.get(needed) in (None, ""):
            raise _invalid(f"a record has no {needed}")
    unit = merged.get("TimeUnit") or "MILLISECONDS"
    if unit not in _NANOSECONDS:
        raise _invalid(f"the TimeUnit is one of {', '.join(_NANOSECONDS)}, not {unit}")
    return {
        "dimensions": dimensions,
        "measure_name": merged["MeasureName"],
        "time": _whole(merged["Time"], "Time") * _NANOSECONDS[unit],
        "version": int(merged.get("Version") or 1),
        "values": dict(_values(merged)),
    }


def _values(record: Json) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Yield (column, (type, value)) for each measure value of a record."""
    kind = record.get("MeasureValueType") or "DOUBLE"
    if kind == "MULTI":
        if not record.get("MeasureValues"):
            raise _invalid("a record of type MULTI has MeasureValues")
        for measure in record["MeasureValues"]:
            yield measure["Name"], (measure["Type"], _value(measure["Type"], measure["Value"]))
    elif record.get("MeasureValue") is None:
        raise _invalid(f"a record of type {kind} has a MeasureValue")
    else:
        yield f"measure_value::{kind.lower()}", (kind, _value(kind, record["MeasureValue"]))


def _value(kind: str, text: str) -> Any:
    try:
        if kind == "DOUBLE":
            return float(text)
        if kind == "BIGINT":
            return int(text)
        if kind == "TIMESTAMP":
            return int(text) * _NANOSECONDS["MILLISECONDS"]
        if kind == "BOOLEAN":
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError):
        raise _invalid(f"the measure value {text!r} is no {kind}") from None
    if kind != "VARCHAR":
        raise _invalid(f"a measure value has one of the types {', '.join(_SCALARS)}, not {kind}")
    return text


def _store(table: TimestreamTable, point: Json) -> tuple[str, Json | None]:
    """Return the store that takes a point of this age, or the reason why none does."""
    now = time.time_ns()
    retention: Mapping[str, int] = table.retention_properties
    hour = 3600 * 10**9
    oldest = now - int(retention["MemoryStoreRetentionPeriodInHours"]) * hour
    latest = now + _MINUTES_AHEAD * 60 * 10**9
    if oldest <= point["time"] <= latest:
        return "MemoryStore", None
    magnetic = table.magnetic_store_write_properties or {}
    oldest_magnetic = now - int(retention["MagneticStoreRetentionPeriodInDays"]) * 24 * hour
    if magnetic.get("EnableMagneticStoreWrites") and oldest_magnetic <= point["time"] < oldest:
        return "MagneticStore", None
    window = f"[{_iso(oldest)}, {_iso(latest)})"
    reason = f"The record timestamp is outside the time range {window} of the data ingestion window."
    return "", {"Reason": reason}


class _Kept:
    """The points of a table, found by what identifies them."""

    def __init__(self, points: list[Json]) -> None:
        self._points = points
        self._by_identity = {_identity(point): point for point in points}
        self._types = {column: kind for point in points for column, (kind, _) in point["values"].items()}

    def add(self, point: Json) -> Json | None:
        """Store a point, or return why it is rejected."""
        other = self._by_identity.get(_identity(point))
        if other and other["version"] >= point["version"]:
            if other["values"] == point["values"]:
                return None
            return {"Reason": _OTHER_VALUE, "ExistingVersion": other["version"]}
        for column, (kind, _) in point["values"].items():
            if self._types.setdefault(column, kind) != kind:
                has = self._types[column]
                return {"Reason": f"Measure {column} has the type {has}; a value of type {kind} is rejected."}
        if other:
            other.update(point)
        else:
            self._points.append(point)
            self._by_identity[_identity(point)] = point
        return None


_OTHER_VALUE = (
    "A record already exists with the same time, dimensions, measure name, and record version. "
    "A higher record version must be specified in order to update the measure value. "
    "Specifying record version is supported by the latest SDKs."
)


def _identity(point: Json) -> tuple[str, int, frozenset[tuple[str, str]]]:
    return point["measure_name"], point["time"], frozenset(point["dimensions"].items())


def _whole(text: Any, name: str) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        raise _invalid(f"the {name} {text!r} is no whole number") from None


def _iso(nanoseconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(nanoseconds // 10**9))


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message[0].upper() + message[1:] + ".")


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/timestream/latest/developerguide/API_WriteRecords.html",
    handlers={(WRITE, "WriteRecords"): _write_records},
)
