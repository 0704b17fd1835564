"""Scheduled queries: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import INVALID, Boolean, Choice, InputText, Text, setting
from timestream_baseline.inputs.mistakes import Place, known_name, shown
from timestream_baseline.inputs.records import ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.texts import TABLE_PATH, TextInput

# botocore: ScheduledQueryName of timestream-query, without what IAM would read as a wildcard.
QUERY_NAME: Final = Text(
    "a name of 2 to 64 letters, digits and the characters _ . -", r"[A-Za-z0-9_-][A-Za-z0-9_.-]{1,63}"
)


class MeasureArgs(TypedDict, total=False):
    """A measure that a scheduled query writes."""

    type: str
    """Its type: BIGINT, BOOLEAN, DOUBLE, VARCHAR or TIMESTAMP. Needed."""
    name: str
    """Its name in the target table. Default: that of the column."""


class TargetArgs(TypedDict, total=False):
    """Where a scheduled query writes its results, and how columns become dimensions and measures."""

    table: str
    """The table, as "database/table". Needed."""
    time_column: str
    """The column that holds the time. Needed."""
    dimensions: dict[str, str]
    """The type of each column that becomes a dimension: VARCHAR. Needed."""
    measures: dict[str, MeasureArgs]
    """The columns that become measures. Needed."""
    measure_name: str
    """The name of the multi-measure record. Default: the name of the scheduled query."""


class ScheduledQueryArgs(TypedDict, total=False):
    """A scheduled query. Its source tables must hold data before it can be made: begin with enabled=False."""

    query: pulumi.Input[str]
    """The query. Needed."""
    schedule: str
    """When it runs: rate(...) or cron(...). Needed."""
    sources: list[str]
    """The tables that it reads, as "database/table". Needed."""
    target: TargetArgs
    """Where it writes. Needed."""
    enabled: bool
    """Make it and run it. False: only its role and key are made. Default: true."""
    tags: dict[str, str]
    """Tags of the query, its key and its role."""


# https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html (system identifiers)
_RESERVED: Final = frozenset({"time", "measure_name", "measure_value", "ts_non_existent_col"})
# https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries-schedule.html
QUERY_SCHEDULE: Final = Text(
    "a schedule such as rate(1 hour) or cron(0 3 * * ? *)",
    r"rate\([1-9]\d{0,5} (minute|hour|day)s?\)|cron\([^()\s]+( [^()\s]+){5}\)",
)
_COLUMN: Final = Text("the name of a column of 1 to 256 characters", r"(?s).{1,256}")
_DIMENSION: Final = Text("the name of a dimension of 1 to 60 characters", r"(?s).{1,60}")
_MEASURE: Final = Text("the name of a measure of 1 to 256 characters", r"(?s).{1,256}")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure that a scheduled query writes."""

    type: str | None = setting(Choice(("BIGINT", "BOOLEAN", "DOUBLE", "VARCHAR", "TIMESTAMP")))
    name: str | None = setting(_MEASURE)

    def check(self, place: Place) -> None:
        """Timestream must know the type of what it writes."""
        if self.type is None:
            place.field("type").mistake(
                "is missing; give BIGINT or BOOLEAN or DOUBLE or VARCHAR or TIMESTAMP"
            )


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a scheduled query writes its results."""

    table: str | None = setting(TABLE_PATH)
    time_column: str | None = setting(_COLUMN)
    dimensions: dict[str, str] = setting(MapOf(Choice(("VARCHAR",)), _DIMENSION), factory=dict)
    measures: dict[str, Measure] = setting(MapOf(Record(Measure), _COLUMN), factory=dict)
    measure_name: str | None = setting(_MEASURE)

    def check(self, place: Place) -> None:
        """Each column has one meaning, each measure a name of its own, and nothing is missing."""
        missing = {
            "table": "name the table to write to",
            "time_column": "name the column that holds the time",
            "dimensions": "name at least one column that becomes a dimension",
            "measures": "name at least one column that becomes a measure",
        }
        for field, advice in missing.items():
            if not getattr(self, field):
                place.field(field).mistake(f"is missing; {advice}")
        taken = dict.fromkeys(self.dimensions, "a dimension")
        if self.time_column in taken:
            place.field("dimensions").at(self.time_column).mistake("is the time column; leave it out here")
        for column, measure in self.measures.items():
            here = place.field("measures").at(column)
            if column == self.time_column or column in self.dimensions:
                meaning = "a dimension" if column in self.dimensions else "the time column"
                here.mistake(f"is {meaning} already; leave it out here")
                continue
            if measure is INVALID:
                continue
            name = measure.name or column
            if name in taken:
                here.mistake(f"is written as {shown(name)}, as {taken[name]} is; give it another name")
            taken[name] = f"column {shown(column)}"
        self._check_reserved(place)

    def _check_reserved(self, place: Place) -> None:
        written = [(column, place.field("dimensions").at(column)) for column in self.dimensions]
        written += [
            (measure.name or column, place.field("measures").at(column))
            for column, measure in self.measures.items()
            if measure is not INVALID
        ]
        for name, here in written:
            if name in _RESERVED or name.startswith("ts_"):
                here.mistake(
                    f"is written as {shown(name)}, which Timestream keeps for itself; choose another name"
                )


@dataclass(frozen=True, kw_only=True)
class ScheduledQuery:
    """A scheduled query."""

    query: TextInput | None = setting(
        InputText(Text("a query of at most 262144 characters", r"(?s).{1,262144}"))
    )
    schedule: str | None = setting(QUERY_SCHEDULE)
    sources: tuple[str, ...] = setting(ListOf(TABLE_PATH), ())
    target: Target | None = setting(Record(Target))
    enabled: bool = setting(Boolean(), True)
    tags: dict[str, str] = setting(TagMap(), factory=dict)

    def check(self, place: Place) -> None:
        """Say what is missing."""
        missing = {
            "query": "write what is run",
            "schedule": "say when it runs",
            "sources": "name the tables that it reads",
            "target": "say where it writes",
        }
        for field, advice in missing.items():
            value = getattr(self, field)
            if value is None or value == ():
                place.field(field).mistake(f"is missing; {advice}")


def check_tables(
    queries: Mapping[str, ScheduledQuery], tables: list[str], unknown: Collection[str], place: Place
) -> None:
    """Check that queries read and write tables of the baseline, apart from those of `unknown` databases."""
    for name, query in queries.items():
        if query is INVALID:
            continue
        here = place.at(name)
        sources = () if query.sources is INVALID else query.sources
        named = [(path, here.field("sources").at(index)) for index, path in enumerate(sources)]
        if query.target is not None and query.target is not INVALID and query.target.table is not INVALID:
            named.append((query.target.table or "", here.field("target").field("table")))
        for path, there in named:
            if path and path.partition("/")[0] not in unknown:
                known_name(path, tables, "table", there)
