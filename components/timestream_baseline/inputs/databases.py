"""LiveAnalytics databases and tables: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import pulumi

from timestream_baseline.inputs.acknowledge import ACKNOWLEDGEMENT, check_targets
from timestream_baseline.inputs.kinds import (
    INVALID,
    Always,
    Boolean,
    Choice,
    InputText,
    Integer,
    Text,
    setting,
)
from timestream_baseline.inputs.mistakes import Place, known_name
from timestream_baseline.inputs.records import ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import KEY_ARN, TIMESTREAM_NAME, TextInput

ADOPTED: Final = Text(
    'a database as "db" or a table as "db/table"', r"[A-Za-z0-9_.-]{3,64}(/[A-Za-z0-9_.-]{3,64})?"
)


class PartitionKeyArgs(TypedDict, total=False):
    """The partition key of a table: exactly one of dimension and measure. Neither can be changed later."""

    dimension: str
    """The dimension whose value decides the partition."""
    measure: bool
    """True: the measure name decides the partition."""
    enforcement: str
    """Refuse records without the dimension ("required") or accept them ("optional"). Default: required."""


class TableArgs(TypedDict, total=False):
    """A table. Shortening a retention deletes records."""

    memory_retention_hours: int
    """How long records stay in the memory store, 1 to 8766 hours. Default: 24."""
    magnetic_retention_days: int
    """How long records stay in the magnetic store, 1 to 73000 days. Default: 365."""
    magnetic_writes: bool
    """Accept records that are older than the memory retention. Default: true."""
    partition_key: PartitionKeyArgs
    """How records are partitioned. Default: by measure name."""
    tags: dict[str, str]
    """Tags of the table, beside those of its database."""


class DatabaseArgs(TypedDict, total=False):
    """A database and its tables."""

    tables: dict[str, TableArgs]
    """Tables by name."""
    key_arn: pulumi.Input[str]
    """An existing customer managed key (its ARN, not an alias). Default: a key of its own."""
    tags: dict[str, str]
    """Tags of the database, its key and its tables."""


class LiveAnalyticsPartArgs(SharedArgs, total=False):
    """The arguments of LiveAnalytics."""

    databases: dict[str, DatabaseArgs]
    """LiveAnalytics databases by name (3 to 64 letters, digits and _ . -), at least one. Needed."""
    adopt: list[str]
    """Existing databases ("db") and tables ("db/table") to import instead of create."""
    acknowledge: list[str]
    """Changes that lose data and are meant, such as "metrics/cpu: magnetic_retention_days=30"."""


@dataclass(frozen=True, kw_only=True)
class PartitionKey:
    """The partition key of a table: one dimension, or the measure name."""

    dimension: str | None = setting(Text("the name of a dimension of 1 to 60 characters", r"(?s).{1,60}"))
    measure: bool | None = setting(Always())
    enforcement: str = setting(Choice(("required", "optional")), "required")

    def check(self, place: Place) -> None:
        """Exactly one of the two decides the partition."""
        if (self.dimension is None) == (self.measure is None):
            place.mistake("needs exactly one of dimension and measure")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A LiveAnalytics table."""

    memory_retention_hours: int = setting(Integer(1, 8766), 24)
    magnetic_retention_days: int = setting(Integer(1, 73000), 365)
    magnetic_writes: bool = setting(Boolean(), True)
    partition_key: PartitionKey | None = setting(Record(PartitionKey))
    tags: dict[str, str] = setting(TagMap(), factory=dict)


@dataclass(frozen=True, kw_only=True)
class Database:
    """A LiveAnalytics database."""

    tables: dict[str, Table] = setting(MapOf(Record(Table), TIMESTREAM_NAME), factory=dict)
    key_arn: TextInput | None = setting(InputText(KEY_ARN))
    tags: dict[str, str] = setting(TagMap(), factory=dict)


@dataclass(frozen=True, kw_only=True)
class LiveAnalyticsPart(Shared):
    """Everything that LiveAnalytics takes."""

    databases: dict[str, Database] = setting(MapOf(Record(Database), TIMESTREAM_NAME), factory=dict)
    adopt: tuple[str, ...] = setting(ListOf(ADOPTED), ())
    acknowledge: tuple[str, ...] = setting(ListOf(ACKNOWLEDGEMENT), ())
    # Inside the baseline: where tables send rejected records (RejectedRecords), and how its caller spells.
    rejected_records: Any = None
    camel: bool = False

    def check(self, place: Place) -> None:
        """There must be something to make, and what is adopted or acknowledged must be part of it."""
        if not self.databases:
            place.field("databases").mistake("is missing; name at least one database")
        check_existing(self.databases, self.adopt, self.acknowledge, place)


def check_existing(
    databases: Mapping[str, Database],
    adopt: Collection[str],
    acknowledge: Collection[str],
    place: Place,
    *,
    instances: Collection[str] = (),
) -> None:
    """Note a mistake for every entry of adopt and acknowledge that names nothing of this baseline.

    Databases or tables with mistakes of their own leave open what there is: then nothing is said.
    """
    if any(
        it is INVALID or it.tables is INVALID or INVALID in it.tables.values() for it in databases.values()
    ):
        return
    known = {name: it.tables for name, it in databases.items()}
    tables = [f"{database}/{table}" for database, its in known.items() for table in its]
    for index, name in enumerate(adopt):
        here = place.field("adopt").at(index)
        if "/" in name:
            known_name(name, tables, "table", here)
        else:
            known_name(name, known, "database", here)
    check_targets(acknowledge, place.field("acknowledge"), databases=known, instances=instances)
