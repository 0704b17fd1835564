"""Rules on changes that lose data, or what protects it. They need the state before."""

from collections.abc import Iterator

import timestream_policies.examples.changes as examples
from timestream_policies.before import DATA_STORES, gone, place_before
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, value_or_customer_key
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import CUSTOMER_KEYS, DATABASE, STACK, TABLE

PROTECT_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/data-protection.html"
STORAGE_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/storage.html"
_STORES = (
    ("memoryStoreRetentionPeriodInHours", "memory", "hours"),
    ("magneticStoreRetentionPeriodInDays", "magnetic", "days"),
)
_FOR_EVER = float("inf")


@rule(
    "TS-CHG-001",
    title="The retention of a table is not reduced",
    severity=Severity.HIGH,
    applies_to=[TABLE],
    why="Timestream deletes at once what is older than the new period, and nothing brings it back.",
    fix="Keep the periods, or back the table up first and accept the risk for this change.",
    snippet=examples.RETENTION_SNIPPET,
    good=examples.RETENTION_GOOD,
    bad=examples.RETENTION_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.10"],
        "nist-800-53-r5": ["SI-12", "CM-3"],
        "soc-2": ["CC8.1"],
        "iso-27001-2022": ["A.8.32"],
    },
    links=[STORAGE_PAGE],
    needs=["previous"],
)
def retention_is_not_reduced(table: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare both periods. A period that is left out stays as it was."""
    before = stack.previous.get(table.urn)
    if before is None:
        return
    retention = place_before(before, "retentionProperties")
    for name, store, unit in _STORES:
        path = f"retentionProperties.{name}"
        with table.part(path):
            now, then = table.number(path, _FOR_EVER), retention.number(name, 0)
            if now < then:
                yield table.finding(
                    f"keeps its {store} store for {now:g} {unit}, and before it was {then:g}", at=path
                )


@rule(
    "TS-CHG-002",
    title="Magnetic store writes are not turned off",
    severity=Severity.MEDIUM,
    applies_to=[TABLE],
    why="Records that arrive late are rejected from then on, and are lost to whoever does not look.",
    fix="Leave enable_magnetic_store_writes=True.",
    snippet=examples.RETENTION_SNIPPET,
    good=examples.WRITES_GOOD,
    bad=examples.WRITES_BAD,
    controls={"cis-aws-db-2.0.0": ["10.10"], "nist-800-53-r5": ["CM-3"], "soc-2": ["CC8.1"]},
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/writes.html"],
    needs=["previous"],
)
def late_records_are_still_taken(table: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the flag. Without the whole block it stays as it was."""
    before = stack.previous.get(table.urn)
    name = "magneticStoreWriteProperties"
    if before is None or not place_before(before, name).flag("enableMagneticStoreWrites"):
        return
    if table.get(name) is not None and not table.flag(f"{name}.enableMagneticStoreWrites"):
        yield table.finding(
            "no longer takes records that arrive late", at=f"{name}.enableMagneticStoreWrites"
        )


@rule(
    "TS-CHG-003",
    title="The key of a database stays the same",
    severity=Severity.HIGH,
    applies_to=[DATABASE],
    why="Older data stays under the old key: whoever deletes that key believing it unused loses the data.",
    fix="Keep the key; if it must change, keep the old one enabled for as long as the data is retained.",
    snippet=examples.SNIPPET,
    good=examples.KEY_STAYS_GOOD,
    bad=examples.KEY_STAYS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["SC-12", "CM-3"],
        "soc-2": ["CC8.1"],
        "aws-timestream-security": ["data-protection"],
    },
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/KeyManagement.html"],
    needs=["previous"],
)
def keys_of_databases_stay(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the keys by value, or while that is not known by the resource that it comes from."""
    before = stack.previous.get(database.urn)
    if before is None:
        return
    then = str(before.get("kmsKeyId", ""))
    if not then or key_name(then) is KeyName.AWS_ALIAS:
        return
    now = value_or_customer_key(database, "kmsKeyId")
    if now is None:
        keys = stack.behind(database, "kmsKeyId", *CUSTOMER_KEYS)
        if not any(_was_called(key, then, stack) for key in keys):
            names = ", ".join(repr(key.name) for key in keys)
            yield database.finding(
                f"changes its key from {then} to {names}, which is made with this change", at="kmsKeyId"
            )
    elif now and _key_id(now) != _key_id(then):
        yield database.finding(f"changes its key from {then} to {now}", at="kmsKeyId")


def _was_called(key: Resource, text: str, stack: Stack) -> bool:
    """Tell whether a key that stays was known by this ARN, alias or id."""
    before = stack.previous.get(key.urn)
    if before is None or key.urn in stack.replaced:
        return False
    return _key_id(text) in {_key_id(name) for name in (before.id, before.output("arn"), key.id) if name}


def _key_id(text: str) -> str:
    return text.rpartition(":key/")[2]


@rule(
    "TS-CHG-004",
    title="Protection is not taken from what holds data",
    severity=Severity.MEDIUM,
    applies_to=DATA_STORES,
    why="The next change or a wrong command can then delete it without anybody being asked.",
    fix="Leave protect=True and retain_on_delete=True in its resource options.",
    snippet=examples.SNIPPET,
    good=examples.PROTECTED_GOOD,
    bad=examples.PROTECTED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.10"],
        "nist-800-53-r5": ["CM-3", "CP-9"],
        "soc-2": ["CC8.1"],
        "iso-27001-2022": ["A.8.32"],
    },
    links=[PROTECT_PAGE],
    needs=["previous", "options", "retain_on_delete"],
)
def protection_stays(store: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the resource options."""
    before = stack.previous.get(store.urn)
    if before is None:
        return
    if before.options.protect and not store.options.protect:
        yield store.finding("is no longer protected from being deleted", key="protect")
    if before.options.retain_on_delete and not store.options.retain_on_delete:
        yield store.finding("is no longer retained when it is deleted", key="retainOnDelete")


@rule(
    "TS-CHG-005",
    title="Nothing that holds data is deleted",
    severity=Severity.CRITICAL,
    applies_to=[STACK],
    why="A database, a key or a log that a change deletes is gone for good, with everything that needs it.",
    fix="Keep the resource, or set retain_on_delete=True in one update before it leaves the program.",
    snippet=examples.SNIPPET,
    good=examples.KEPT_GOOD,
    bad=examples.KEPT_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.10"],
        "nist-800-53-r5": ["CM-3", "CP-9", "AU-9"],
        "soc-2": ["CC8.1", "A1.2"],
        "iso-27001-2022": ["A.8.32"],
    },
    links=[PROTECT_PAGE],
    needs=["previous", "retain_on_delete"],
)
def data_stores_stay(root: Resource, stack: Stack) -> Iterator[Finding]:  # noqa: ARG001 - who is asked
    """Look at what is not there any more. Each finding is on the resource that is deleted."""
    for store in gone(stack, *DATA_STORES):
        yield store.finding(f"is deleted, and {_what_is_lost(store)}", key="deleted")


@rule(
    "TS-CHG-006",
    title="Nothing that holds data is made anew",
    severity=Severity.CRITICAL,
    applies_to=DATA_STORES,
    why="A replacement deletes the old resource with all that it holds, and the new one is empty.",
    fix="Undo what forces the replacement, such as a new name, or set retain_on_delete=True before it.",
    snippet=examples.SNIPPET,
    good=examples.SAME_STORE_GOOD,
    bad=examples.SAME_STORE_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.10"],
        "nist-800-53-r5": ["CM-3", "CP-9", "AU-9"],
        "soc-2": ["CC8.1", "A1.2"],
        "iso-27001-2022": ["A.8.32"],
    },
    links=[PROTECT_PAGE],
    needs=["previous", "retain_on_delete"],
)
def data_stores_are_not_replaced(store: Resource, stack: Stack) -> Iterator[Finding]:
    """Look whether the resource is another one than before. What is retained is not lost."""
    if store.urn not in stack.replaced:
        return
    before = stack.previous.get(store.urn)
    if before is None or not before.options.retain_on_delete:
        yield store.finding(f"is replaced, and {_what_is_lost(store)}", key="replaced")


def _what_is_lost(store: Resource) -> str:
    if store.type in CUSTOMER_KEYS:
        return "what it encrypted can never be read again"
    return "what it holds is lost"
