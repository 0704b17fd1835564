"""Query answers from the records that were written, typed as AWS types them."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction
from aws_sandbox.corrections.timestream_resources import QUERY, find_table
from aws_sandbox.corrections.timestream_sql import UNDERSTOOD, Literal, NotUnderstood, Query, parse

Json = dict[str, Any]
Row = dict[str, Any]

LARGEST_PAGE = 1000


def _query(call: Operation) -> Result:
    query = _parsed(call.params.get("QueryString") or "")
    try:
        points = find_table(call, query.database, query.table).records
    except AwsError as error:
        raise AwsError("ValidationException", error.message) from None
    types = _column_types(points)
    columns = query.columns or tuple(types)
    for column in [*columns, *(column for column, _ in query.conditions)]:
        if column not in types:
            raise AwsError("ValidationException", f"Column '{column}' does not exist")
    for column, literal in query.conditions:
        _check_type(column, types[column], literal)
    rows = [_row(point) for point in points]
    rows = [row for row in rows if all(_holds(row, types, *condition) for condition in query.conditions)]
    if query.descending is not None:
        rows.sort(key=lambda row: int(row["time"]), reverse=query.descending)
    rows = rows[: query.limit]
    begin = _page_begin(call.params.get("NextToken"))
    size = int(call.params.get("MaxRows") or LARGEST_PAGE)
    page = rows[begin : begin + size]
    result = {
        "QueryId": uuid.uuid4().hex.upper(),
        "ColumnInfo": [{"Name": column, "Type": {"ScalarType": types[column]}} for column in columns],
        "Rows": [{"Data": [_datum(types[column], row.get(column)) for column in columns]} for row in page],
        "QueryStatus": {
            "ProgressPercentage": 100.0,
            "CumulativeBytesScanned": 0,
            "CumulativeBytesMetered": 0,
        },
    }
    return {**result, "NextToken": str(begin + size)} if begin + size < len(rows) else result


def _parsed(text: str) -> Query:
    try:
        return parse(text)
    except NotUnderstood as reason:
        message = f"The sandbox does not understand this query: {reason}. It understands {UNDERSTOOD}"
        raise AwsError("ValidationException", message) from None


def _column_types(points: Iterable[Json]) -> dict[str, str]:
    """Return the table's columns in the order in which AWS shows them."""
    dimensions: dict[str, str] = {}
    measures: dict[str, str] = {}
    for point in points:
        dimensions.update(dict.fromkeys(point["dimensions"], "VARCHAR"))
        measures.update({column: kind for column, (kind, _) in point["values"].items()})
    return {**dimensions, "measure_name": "VARCHAR", "time": "TIMESTAMP", **measures}


def _row(point: Json) -> Row:
    values = {column: value for column, (_, value) in point["values"].items()}
    return {**point["dimensions"], "measure_name": point["measure_name"], "time": point["time"], **values}


def _check_type(column: str, kind: str, wanted: Literal) -> None:
    expected = {"VARCHAR": str, "TIMESTAMP": str, "BOOLEAN": bool}.get(kind, float)
    if type(wanted) is not expected:
        message = f"Column '{column}' is {kind.lower()}: {wanted!r} cannot equal it"
        raise AwsError("ValidationException", message)


def _holds(row: Row, types: dict[str, str], column: str, wanted: Literal) -> bool:
    value = row.get(column)
    if types[column] == "TIMESTAMP" and value is not None:
        seconds, _, fraction = str(wanted).partition(".")
        return _timestamp(value) == f"{seconds}.{fraction:0<9}"
    return bool(value == wanted)


def _datum(kind: str, value: Any) -> Json:
    if value is None:
        return {"NullValue": True}
    if kind == "TIMESTAMP":
        return {"ScalarValue": _timestamp(value)}
    if kind == "BOOLEAN":
        return {"ScalarValue": str(value).lower()}
    return {"ScalarValue": str(value)}


def _timestamp(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, 10**9)
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{rest:09d}"


def _page_begin(token: Any) -> int:
    if token and not str(token).isdigit():
        raise AwsError("ValidationException", f"The NextToken {token!r} is none of this query.")
    return int(token or 0)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html",
    handlers={(QUERY, "Query"): _query},
)
