"""Adopting what exists: an account's databases and tables as configuration of the baseline.

`read_account` asks AWS, `configuration` and `remarks` are pure. Nothing here changes anything in AWS.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from timestream_baseline.inputs.acknowledge import CREATED, acknowledgement
from timestream_baseline.inputs.texts import TIMESTREAM_NAME

Json = dict[str, Any]

# Describe and List are limited to five calls a second.
# https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
_SECONDS_BETWEEN_CALLS: Final = 0.2
_PAGE: Final = 20


@dataclass(frozen=True, kw_only=True)
class FoundTable:
    """A table as ListTables describes it, and its tags."""

    description: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the table."""
        return str(self.description["TableName"])

    @property
    def obstacle(self) -> str | None:
        """Why the baseline cannot hold this table, if so."""
        status = self.description.get("TableStatus", "ACTIVE")
        if not TIMESTREAM_NAME.fits(self.name):
            return f"its name is not {TIMESTREAM_NAME.expected}, which is what Pulumi's AWS provider takes"
        if status != "ACTIVE":
            return f"it is {status}; run this again later"
        if len(_partition_keys(self.description)) > 1:
            return "it has several partition keys, and Pulumi's AWS provider knows one"
        return None


@dataclass(frozen=True, kw_only=True)
class FoundDatabase:
    """A database as ListDatabases describes it, its key, its tables and its tags."""

    name: str
    key_arn: str
    # Who manages the key ("AWS" or "CUSTOMER") and its state; None: AWS did not tell.
    key_manager: str | None = None
    key_state: str | None = None
    tables: tuple[FoundTable, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def obstacle(self) -> str | None:
        """Why the baseline cannot hold this database, if so."""
        if TIMESTREAM_NAME.fits(self.name):
            return None
        return f"its name is not {TIMESTREAM_NAME.expected}, which is what Pulumi's AWS provider takes"

    @property
    def has_aws_key(self) -> bool:
        """Tell whether AWS manages the key: nobody can restrict or revoke it."""
        return self.key_manager == "AWS"


def configuration(databases: Sequence[FoundDatabase]) -> Json:
    """Write the arguments `databases` and `adopt` that match what exists."""
    held = [database for database in databases if database.obstacle is None]
    adopt = []
    for database in held:
        adopt.append(database.name)
        adopt += [f"{database.name}/{table.name}" for table in _held(database)]
    return {"databases": {database.name: _database(database) for database in held}, "adopt": adopt}


def _held(database: FoundDatabase) -> list[FoundTable]:
    return [table for table in database.tables if table.obstacle is None]


def _database(database: FoundDatabase) -> Json:
    written: Json = {} if database.has_aws_key else {"keyArn": database.key_arn}
    if database.tags:
        written["tags"] = dict(database.tags)
    tables = {table.name: _table(table, database.tags) for table in _held(database)}
    return {**written, "tables": tables} if tables else written


def _table(table: FoundTable, inherited: Mapping[str, str]) -> Json:
    retention = table.description["RetentionProperties"]
    writes = table.description.get("MagneticStoreWriteProperties") or {}
    written: Json = {
        "memoryRetentionHours": retention["MemoryStoreRetentionPeriodInHours"],
        "magneticRetentionDays": retention["MagneticStoreRetentionPeriodInDays"],
        "magneticWrites": bool(writes.get("EnableMagneticStoreWrites")),
    }
    for key in _partition_keys(table.description):
        if key["Type"] == "DIMENSION":
            enforcement = key.get("EnforcementInRecord", "OPTIONAL").lower()
            written["partitionKey"] = {"dimension": key["Name"], "enforcement": enforcement}
    own = {key: value for key, value in table.tags.items() if inherited.get(key) != value}
    return {**written, "tags": own} if own else written


def _partition_keys(description: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (description.get("Schema") or {}).get("CompositePartitionKey") or []


def left_out(databases: Sequence[FoundDatabase]) -> list[str]:
    """Say which databases and tables the baseline cannot hold, and why."""
    said = []
    for database in databases:
        if database.obstacle:
            said.append(f"{database.name} is left out: {database.obstacle}")
            continue
        said += [
            f"{database.name}/{table.name} is left out: {table.obstacle}"
            for table in database.tables
            if table.obstacle
        ]
    return said


def remarks(databases: Sequence[FoundDatabase]) -> list[str]:
    """Say what the reader of the configuration has to know or to decide."""
    said = left_out(databases)
    for database in databases:
        if database.obstacle is None:
            said += _key_remarks(database)
            said += _tag_remarks(database)
    return said


def _key_remarks(database: FoundDatabase) -> Iterator[str]:
    entry = acknowledgement(database.name, "key_arn", CREATED)
    if database.has_aws_key:
        yield (
            f"{database.name} is encrypted with a key that AWS manages, which nobody can restrict or revoke. "
            f"pulumi up refuses to adopt it until you choose. A key of its own: add "
            f'"{entry}" to acknowledge; records written before may need the old key. '
            f"The key that it has: give {database.name} the keyArn {database.key_arn}"
        )
    elif database.key_manager is None:
        yield (
            f"{database.name} is encrypted with {database.key_arn}, which could not be described; "
            "check that it is a customer managed key"
        )
    if database.key_state not in (None, "Enabled"):
        yield (
            f"{database.name} is encrypted with {database.key_arn}, whose state is {database.key_state}; "
            "enable it, or its data cannot be read"
        )


def _tag_remarks(database: FoundDatabase) -> Iterator[str]:
    lacking = sorted(table.name for table in _held(database) if not set(database.tags) <= set(table.tags))
    if lacking:
        yield (
            f"{database.name}: the tags of a database are also those of its tables, so pulumi up adds tags "
            f"to {', '.join(lacking)}"
        )


class Pace:
    """Keeps calls apart, so that AWS does not refuse them."""

    def __init__(
        self,
        seconds: float = _SECONDS_BETWEEN_CALLS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Allow one call every so many seconds."""
        self._seconds, self._clock, self._sleep = seconds, clock, sleep
        self._next = clock()

    def wait(self) -> None:
        """Wait until the next call may be made."""
        delay = self._next - self._clock()
        if delay > 0:
            self._sleep(delay)
        self._next = max(self._next, self._clock()) + self._seconds


def read_account(
    timestream: Any,
    kms: Any,
    only: Sequence[str],
    *,
    pace: Pace,
    progress: Callable[[str], None],
) -> list[FoundDatabase]:
    """Read databases and tables with boto3's clients; `only` names databases, empty means all."""
    descriptions = _descriptions(timestream, only, pace)
    keys: dict[str, Json] = {}
    found = []
    for number, description in enumerate(descriptions, 1):
        name, key_arn = description["DatabaseName"], description["KmsKeyId"]
        progress(f"{name} ({number} of {len(descriptions)}, {description.get('TableCount', 0)} tables)")
        if key_arn not in keys:
            keys[key_arn] = _key(kms, key_arn)
        found.append(
            FoundDatabase(
                name=name,
                key_arn=key_arn,
                key_manager=keys[key_arn].get("KeyManager"),
                key_state=keys[key_arn].get("KeyState"),
                tables=tuple(_tables(timestream, name, pace)),
                tags=_tags(timestream, description["Arn"], pace),
            )
        )
    return found


def _descriptions(timestream: Any, only: Sequence[str], pace: Pace) -> list[Json]:
    if not only:
        listed = _pages(timestream.list_databases, "Databases", pace)
        return sorted(listed, key=lambda description: str(description["DatabaseName"]))
    descriptions = []
    for name in dict.fromkeys(only):
        pace.wait()
        descriptions.append(timestream.describe_database(DatabaseName=name)["Database"])
    return descriptions


def _tables(timestream: Any, database: str, pace: Pace) -> Iterator[FoundTable]:
    listed = _pages(timestream.list_tables, "Tables", pace, DatabaseName=database)
    for description in sorted(listed, key=lambda description: str(description["TableName"])):
        yield FoundTable(description=description, tags=_tags(timestream, description["Arn"], pace))


def _pages(operation: Callable[..., Json], what: str, pace: Pace, **request: Any) -> Iterator[Json]:
    while True:
        pace.wait()
        answer = operation(MaxResults=_PAGE, **request)
        yield from answer[what]
        if not answer.get("NextToken"):
            return
        request["NextToken"] = answer["NextToken"]


def _tags(timestream: Any, arn: str, pace: Pace) -> dict[str, str]:
    pace.wait()
    tags = timestream.list_tags_for_resource(ResourceARN=arn)["Tags"]
    # Tags of AWS itself (aws:cloudformation:…) cannot be set by anybody else.
    return {tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].startswith("aws:")}


def _key(kms: Any, arn: str) -> Json:
    """Describe a key; a key that may not be described is no reason to stop."""
    from botocore.exceptions import ClientError

    try:
        answer: Json = kms.describe_key(KeyId=arn)["KeyMetadata"]
    except ClientError:
        return {}
    return answer
