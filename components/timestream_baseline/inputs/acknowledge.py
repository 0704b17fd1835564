"""Entries of `acknowledge`: changes that lose data and are meant, each naming the new value.

An entry becomes one exact text, so that whoever guards a change only looks whether its text is there. It
names the new value: another change, later on, is refused again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from timestream_baseline.inputs.kinds import INVALID, wrong
from timestream_baseline.inputs.mistakes import Place, known_name, shown, snake_case
from timestream_baseline.inputs.texts import KEY_ARN

CREATED: Final = "created"
REPLACE: Final = "replace"
_ENTRY: Final = re.compile(r"\s*(?P<target>[^:\s]+)\s*:\s*(?P<change>\S+)\s*")
_TABLE_PROPERTIES: Final = ("memory_retention_hours", "magnetic_retention_days", "magnetic_writes")
_DATABASE_PROPERTIES: Final = ("key_arn",)
_EXPECTED: Final = (
    'an entry such as "db/table: magnetic_retention_days=30", "db: key_arn=created" or "db/table: replace"'
)


def acknowledgement(target: str, change: str, value: object = "") -> str:
    """Write the one text of an entry: `metrics/cpu: magnetic_retention_days=30`, `metrics/cpu: replace`."""
    return f"{target}: {change}" if change == REPLACE else f"{target}: {change}={value}"


@dataclass(frozen=True)
class AcknowledgementText:
    """An entry of `acknowledge`, read into its one text."""

    def read(self, value: object, place: Place) -> Any:
        """Read an entry: what changes, and the new value."""
        found = _ENTRY.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return wrong(value, _EXPECTED, place)
        target, change = found["target"], found["change"]
        if change == REPLACE:
            return acknowledgement(target, REPLACE)
        name, equals, new = change.partition("=")
        name = snake_case(name)
        properties = _TABLE_PROPERTIES if "/" in target else _DATABASE_PROPERTIES
        if name not in properties:
            place.mistake(_odd_property(target, name, properties))
            return INVALID
        clean = _new_value(name, new) if equals else None
        if clean is None:
            place.mistake(f"gives {name} the value {shown(new)}; {_VALUES[name]}")
            return INVALID
        return acknowledgement(target, name, clean)


ACKNOWLEDGEMENT: Final = AcknowledgementText()

_VALUES: Final = {
    "memory_retention_hours": "write the new number of hours, such as memory_retention_hours=12",
    "magnetic_retention_days": "write the new number of days, such as magnetic_retention_days=30",
    "magnetic_writes": "only magnetic_writes=false loses data",
    "key_arn": 'write the ARN of the new key, or "created" for the key that this baseline makes',
}


def _new_value(name: str, text: str) -> str | None:
    if name == "key_arn":
        return text if text == CREATED or KEY_ARN.fits(text) else None
    if name == "magnetic_writes":
        return "false" if text.lower() == "false" else None
    return str(int(text)) if re.fullmatch(r"[0-9]{1,5}", text) else None


def _odd_property(target: str, name: str, properties: tuple[str, ...]) -> str:
    others = _DATABASE_PROPERTIES if properties is _TABLE_PROPERTIES else _TABLE_PROPERTIES
    if name in others:
        belongs = "database: write db: key_arn=…" if "/" in target else f"table: write db/table: {name}=…"
        return f"names {name} of {shown(target)}, but it belongs to a {belongs}"
    near = difflib.get_close_matches(name, properties, n=1)
    way = f"did you mean {near[0]}?" if near else f"known are {', '.join(properties)} and {REPLACE}"
    return f"names {shown(name)}, whose change needs no acknowledgement; {way}"


def may_be_replaced(acknowledge: Collection[str], target: str) -> bool:
    """Tell whether the protection of this one resource is lifted."""
    return acknowledgement(target, REPLACE) in acknowledge


def check_targets(
    acknowledge: Collection[str],
    place: Place,
    *,
    databases: Mapping[str, Collection[str]],
    instances: Collection[str] = (),
) -> None:
    """Note a mistake for every entry that names nothing of this baseline: it would authorise nothing.

    `databases` has the names of each database's tables.
    """
    tables = [f"{database}/{table}" for database, its in databases.items() for table in its]
    for index, entry in enumerate(acknowledge):
        target, _, change = entry.partition(": ")
        here = place.at(index)
        if "/" in target:
            known_name(target, tables, "table", here)
        elif change != REPLACE:
            known_name(target, databases, "database", here)
        elif target in databases and target in instances:
            here.mistake(
                f"is ambiguous: a database and an InfluxDB instance are named {shown(target)}; leave it out, "
                "and lift the protection of the one that is meant by pulumi state unprotect"
            )
        else:
            known_name(target, [*databases, *instances], "database or instance", here)
