"""Changes in place that lose data: what a table or a database had, compared with what it shall have.

Nothing here knows Pulumi. Values are those of the provider's inputs; one that is not known yet is `UNKNOWN`,
one that must not be shown is `Hidden`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from timestream_baseline.inputs.acknowledge import CREATED, REPLACE, acknowledgement
from timestream_baseline.inputs.mistakes import Place

Properties = Mapping[str, Any]


class _Unknown:
    """A value that is known only later."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True)
class Hidden:
    """A secret value: compared, never shown."""

    value: Any


@dataclass(frozen=True)
class Loss:
    """One property whose change loses data."""

    target: str
    name: str
    old: Any
    new: Any
    what: str
    # The new value is a key that the baseline makes: its ARN need not be known to authorise the change.
    created: bool = False

    def authorised(self, acknowledge: Collection[str]) -> bool:
        """Tell whether somebody has acknowledged this new value."""
        if self.created and self._entry(CREATED) in acknowledge:
            return True
        if self.new is UNKNOWN:
            # It is judged again when it is known, before it takes effect.
            given = {entry for entry in acknowledge if entry.startswith(self._entry(""))}
            return bool(given - {self._entry(CREATED)})
        return self._entry(text(_plain(self.new))) in acknowledge

    @property
    def entry(self) -> str:
        """The entry of `acknowledge` that authorises this change. A secret or unknown value is not in it."""
        if self.created:
            return self._entry(CREATED)
        if self.new is UNKNOWN or isinstance(self.new, Hidden):
            return self._entry("<the new value>")
        return self._entry(text(self.new))

    def _entry(self, value: str) -> str:
        return acknowledgement(self.target, self.name, value)


def table_losses(target: str, old: Properties, new: Properties) -> list[Loss]:
    """Find what a table loses when `new` inputs take the place of `old` ones."""
    return [*_shorter_retention(target, old, new), *_magnetic_writes_off(target, old, new)]


def _shorter_retention(target: str, old: Properties, new: Properties) -> Iterator[Loss]:
    for name, key, unit, default, what in _RETENTIONS:
        wanted = at(new, "retentionProperties", key)
        if wanted is None:
            continue  # a block that is left out stays as it is
        had = at(old, "retentionProperties", key)
        had = default if had is None else had
        if _is_number(_plain(had)) and _is_number(_plain(wanted)) and _plain(wanted) >= _plain(had):
            continue
        limit = f"{text(wanted)} {unit}" if _is_number(wanted) else "the new retention"
        yield Loss(target, name, had, wanted, what.format(limit=limit))


def _magnetic_writes_off(target: str, old: Properties, new: Properties) -> Iterator[Loss]:
    block, key = "magneticStoreWriteProperties", "enableMagneticStoreWrites"
    wanted, had = at(new, block, key), at(old, block, key)
    if wanted is None or _plain(wanted) is True or not _plain(had):
        return
    what = "records that are older than the memory retention when they arrive are refused from then on"
    yield Loss(target, "magnetic_writes", had, wanted, what)


# Names, units, what AWS takes if nothing is given, and what is lost.
# https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
# https://docs.aws.amazon.com/timestream/latest/developerguide/configuration.html
_RETENTIONS: Final = (
    (
        "memory_retention_hours",
        "memoryStoreRetentionPeriodInHours",
        "hours",
        6,
        "records older than {limit} leave the memory store and never come back to it, and each record is "
        "deleted that much earlier",
    ),
    (
        "magnetic_retention_days",
        "magneticStoreRetentionPeriodInDays",
        "days",
        73000,
        "records older than {limit} are deleted from the magnetic store",
    ),
)


def database_losses(target: str, old: Properties, new: Properties, *, created: bool) -> list[Loss]:
    """Find what a database loses. `created`: its new key is one that the baseline makes.

    AWS does not say what happens to the records that the old key encrypts, so the old key must stay.
    """
    wanted, had = at(new, "kmsKeyId"), at(old, "kmsKeyId")
    # The service keeps the key that it has when none is named.
    if wanted is None or (wanted is not UNKNOWN and _plain(wanted) == _plain(had)):
        return []
    what = "records written before may need the old key: keep it, enabled, as long as they matter"
    return [Loss(target, "key_arn", had, wanted, what, created)]


def refused(losses: Collection[Loss], acknowledge: Collection[str]) -> list[Loss]:
    """Leave out the losses that somebody has acknowledged."""
    return [loss for loss in losses if not loss.authorised(acknowledge)]


def refusal(target: str, losses: Collection[Loss], *, keep: str) -> str:
    """Say what would be lost, how to keep it, and how to go on if it is meant.

    `keep` is the configuration that matches what exists.
    """
    lines = [f"{target}: this change loses data"]
    lines += [f"  {loss.name}: {text(loss.old)} -> {text(loss.new)}: {loss.what}" for loss in losses]
    entries = ", ".join(f'"{loss.entry}"' for loss in losses)
    return "\n".join(
        [
            *lines,
            f"  To keep what exists, write {keep}",
            f"  If the change is meant, add to acknowledge: {entries}",
        ]
    )


def table_configuration(old: Properties) -> dict[str, Any]:
    """Write the arguments of a table that match what it has."""
    arguments: dict[str, Any] = {name: at(old, "retentionProperties", key) for name, key, *_ in _RETENTIONS}
    writes = at(old, "magneticStoreWriteProperties", "enableMagneticStoreWrites")
    arguments["magnetic_writes"] = False if writes is None else writes
    key = at(old, "schema", "compositePartitionKey")
    if isinstance(key, Mapping) and key.get("type") == "DIMENSION":
        enforcement = str(key.get("enforcementInRecord") or "OPTIONAL").lower()
        arguments["partition_key"] = {"dimension": key.get("name"), "enforcement": enforcement}
    return {name: value for name, value in arguments.items() if value is not None}


def database_configuration(old: Properties) -> dict[str, Any]:
    """Write the arguments of a database that match what it has."""
    return {"key_arn": at(old, "kmsKeyId")}


def written(place: Place, arguments: Mapping[str, Any]) -> str:
    """Write arguments as the caller's language does: JSON, which is YAML too, or a Python dictionary."""

    def spelled(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {place.spelled(name): spelled(item) for name, item in value.items()}
        if value is UNKNOWN or isinstance(value, Hidden):
            return text(value)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    plain = spelled(arguments)
    return f"{place.text}: {json.dumps(plain) if place.camel else repr(plain)}"


def exists(target: str, *, lifted: bool) -> str:
    """Say how to go on when AWS has what shall be created.

    `lifted`: it may be replaced, so that it is not adopted either.
    """
    way = f'Add "{target}" to adopt'
    if lifted:
        way = f'Take "{acknowledgement(target, REPLACE)}" out of acknowledge, and have "{target}" in adopt,'
    return (
        f"{target} exists in AWS, but not in this stack. {way} to put it under this stack. "
        "If it shall be made anew, delete it in AWS first: its data is lost then"
    )


def text(value: Any) -> str:
    """Show a value in a message."""
    if value is UNKNOWN:
        return "a value that is not known yet"
    if isinstance(value, Hidden):
        return "[secret]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "nothing" if value is None else str(value)


def at(properties: Properties, *path: str) -> Any:
    """Go down to a property. What lies in something unknown is unknown, what lies in a secret is one."""
    value: Any = properties
    hidden = False
    for key in path:
        if isinstance(value, Hidden):
            hidden, value = True, value.value
        if value is UNKNOWN or value is None:
            break
        value = value.get(key)
    return Hidden(value) if hidden and value not in (None, UNKNOWN) else value


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Hidden) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
