"""Scheduled queries: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import Final, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Text, setting
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.records import ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.texts import SCHEDULE, TABLE_PATH, TextInput

# botocore: ScheduledQueryName of timestream-query, without what IAM would read as a wildcard.
QUERY_NAME: Final = Text(
    "a name of 2 to 64 letters, digits and the characters _ . -", r"[A-Za-z0-9_-][A-Za-z0-9_.-]{1,63}"
)


class MeasureArgs(TypedDict, total=False):
    """A measure that a scheduled query writes."""

    type: str
    """Its type: BIGINT, BOOLEAN, DOUBLE, VARCHAR or TIMESTAMP."""
    name: str
    """Its name in the target table. Default: that of the column."""


class TargetArgs(TypedDict, total=False):
    """Where a scheduled query writes its results, and how columns become dimensions and measures."""

    table: str
    """The table, as "database/table"."""
    time_column: str
    """The column that holds the time."""
    dimensions: dict[str, str]
    """The type of each column that becomes a dimension: VARCHAR."""
    measures: dict[str, MeasureArgs]
    """The columns that become measures."""
    measure_name: str
    """The name of the multi-measure record."""


class ScheduledQueryArgs(TypedDict, total=False):
    """A scheduled query. Its source tables must hold data before it can be made."""

    query: pulumi.Input[str]
    """The query."""
    schedule: str
    """When it runs: rate(...) or cron(...)."""
    sources: list[str]
    """The tables that it reads, as "database/table"."""
    target: TargetArgs
    """Where it writes."""
    enabled: bool
    """Run it. Default: true."""
    tags: dict[str, str]
    """Tags of the query, its key and its role."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure that a scheduled query writes."""

    type: str | None = setting(Choice(("BIGINT", "BOOLEAN", "DOUBLE", "VARCHAR", "TIMESTAMP")))
    name: str | None = setting(Text("the name of a measure of 1 to 256 characters", r"(?s).{1,256}"))


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a scheduled query writes its results."""

    table: str | None = setting(TABLE_PATH)
    time_column: str | None = setting(Text())
    dimensions: dict[str, str] = setting(MapOf(Choice(("VARCHAR",))), factory=dict)
    measures: dict[str, Measure] = setting(MapOf(Record(Measure)), factory=dict)
    measure_name: str | None = setting(Text())


@dataclass(frozen=True, kw_only=True)
class ScheduledQuery:
    """A scheduled query."""

    query: TextInput | None = setting(
        InputText(Text("a query of at most 262144 characters", r"(?s).{1,262144}"))
    )
    schedule: str | None = setting(SCHEDULE)
    sources: tuple[str, ...] = setting(ListOf(TABLE_PATH), ())
    target: Target | None = setting(Record(Target))
    enabled: bool = setting(Boolean(), True)
    tags: dict[str, str] = setting(TagMap(), factory=dict)

    def check(self, place: Place) -> None:
        """Say what is missing."""
        for field in ("query", "schedule", "sources", "target"):
            if not getattr(self, field):
                place.field(field).mistake("is missing")
