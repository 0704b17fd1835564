"""Which changes in place lose data, what the refusal says, and what an acknowledgement authorises."""

import asyncio
from contextlib import closing
from typing import Any

import pulumi
import pytest

from timestream_baseline.change_guards import plain_values
from timestream_baseline.changes import (
    UNKNOWN,
    Hidden,
    Loss,
    database_losses,
    exists,
    refusal,
    refused,
    table_losses,
)
from timestream_baseline.inputs.acknowledge import ACKNOWLEDGEMENT, check_targets, may_be_replaced
from timestream_baseline.inputs.kinds import INVALID
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.resources import hook_name

ARN = "arn:aws:kms:eu-west-1:000000000000:key/"
OLD, NEW = f"{ARN}old", f"{ARN}new"
FULL = "memory_retention_hours", "magnetic_retention_days", "magnetic_writes"


def table(memory: Any = 24, magnetic: Any = 365, writes: Any = True) -> dict[str, Any]:
    return {
        "tableName": "cpu",
        "retentionProperties": {
            "memoryStoreRetentionPeriodInHours": memory,
            "magneticStoreRetentionPeriodInDays": magnetic,
        },
        "magneticStoreWriteProperties": {"enableMagneticStoreWrites": writes},
    }


def names(losses: list[Loss]) -> list[str]:
    return [loss.name for loss in losses]


@pytest.mark.parametrize(
    ("new", "lost"),
    [
        pytest.param(table(), [], id="nothing changes"),
        pytest.param(table(memory=24.0, magnetic=365.0), [], id="the same numbers as floats"),
        pytest.param(table(48, 730), [], id="longer retention"),
        pytest.param(table(memory=12), ["memory_retention_hours"], id="shorter memory retention"),
        pytest.param(table(magnetic=364), ["magnetic_retention_days"], id="shorter magnetic retention"),
        pytest.param(table(writes=False), ["magnetic_writes"], id="magnetic writes off"),
        pytest.param(table(1, 1, False), list(FULL), id="everything at once"),
        pytest.param(table(UNKNOWN, UNKNOWN, UNKNOWN), list(FULL), id="not known yet"),
        pytest.param({**table(), "retentionProperties": UNKNOWN}, list(FULL[:2]), id="a block not known yet"),
        pytest.param(table(magnetic=Hidden(30)), ["magnetic_retention_days"], id="a shorter secret one"),
        pytest.param(table(magnetic=Hidden(365)), [], id="the same as a secret"),
        pytest.param({"tableName": "cpu"}, [], id="blocks that are left out stay as they are"),
        pytest.param({**table(), "tags": {"a": "b"}}, [], id="other properties"),
    ],
)
def test_a_table_loses_data(new: dict[str, Any], lost: list[str]) -> None:
    assert names(table_losses("metrics/cpu", table(), new)) == lost


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        pytest.param(table(writes=False), table(), [], id="magnetic writes on"),
        pytest.param(table(writes=False), table(writes=UNKNOWN), [], id="off, then not known yet"),
        pytest.param(
            table(writes=UNKNOWN), table(writes=False), ["magnetic_writes"], id="an unknown old one"
        ),
        pytest.param({}, table(6, 73000), [], id="a table with what AWS takes by itself"),
        pytest.param({}, table(5, 72999), list(FULL[:2]), id="shorter than what AWS takes by itself"),
        pytest.param(table(UNKNOWN), table(UNKNOWN), ["memory_retention_hours"], id="both not known"),
        pytest.param(
            {"retentionProperties": Hidden(table()["retentionProperties"])},
            table(magnetic=30),
            ["magnetic_retention_days"],
            id="a whole block that was a secret",
        ),
    ],
)
def test_a_table_loses_data_depending_on_what_it_had(
    old: dict[str, Any], new: dict[str, Any], lost: list[str]
) -> None:
    assert names(table_losses("metrics/cpu", old, new)) == lost


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        pytest.param({"kmsKeyId": OLD}, {"kmsKeyId": OLD}, False, id="the same key"),
        pytest.param({"kmsKeyId": OLD}, {"kmsKeyId": Hidden(OLD)}, False, id="the same key as a secret"),
        pytest.param({"kmsKeyId": OLD}, {"kmsKeyId": NEW}, True, id="another key"),
        pytest.param({"kmsKeyId": OLD}, {"kmsKeyId": UNKNOWN}, True, id="a key that is not known yet"),
        pytest.param({}, {"kmsKeyId": NEW}, True, id="a key where none was named"),
        pytest.param({"kmsKeyId": OLD}, {}, False, id="no key named: AWS keeps the old one"),
    ],
)
def test_a_database_gets_another_key(old: dict[str, Any], new: dict[str, Any], lost: bool) -> None:
    assert bool(database_losses("metrics", old, new, created=False)) is lost


def test_the_refusal_says_what_is_lost_how_to_keep_it_and_how_to_go_on() -> None:
    losses = table_losses("metrics/cpu", table(), table(12.0, 30, writes=False))
    assert refusal("metrics/cpu", losses, keep="databases.metrics.tables.cpu: {…}") == (
        "metrics/cpu: this change loses data\n"
        "  memory_retention_hours: 24 -> 12: records older than 12 hours leave the memory store and never "
        "come back to it, and each record is deleted that much earlier\n"
        "  magnetic_retention_days: 365 -> 30: records older than 30 days are deleted from the magnetic "
        "store\n"
        "  magnetic_writes: true -> false: records that are older than the memory retention when they arrive "
        "are refused from then on\n"
        "  To keep what exists, write databases.metrics.tables.cpu: {…}\n"
        "  If the change is meant, add to acknowledge: "
        '"metrics/cpu: memory_retention_hours=12", "metrics/cpu: magnetic_retention_days=30", '
        '"metrics/cpu: magnetic_writes=false"'
    )


@pytest.mark.parametrize(
    ("new", "created", "line", "entry"),
    [
        pytest.param(NEW, False, f"{OLD} -> {NEW}", f"metrics: key_arn={NEW}", id="a named key"),
        pytest.param(NEW, True, f"{OLD} -> {NEW}", "metrics: key_arn=created", id="a key of the baseline"),
        pytest.param(
            UNKNOWN,
            True,
            f"{OLD} -> a value that is not known yet",
            "metrics: key_arn=created",
            id="a key that the baseline will make",
        ),
        pytest.param(
            UNKNOWN,
            False,
            f"{OLD} -> a value that is not known yet",
            "metrics: key_arn=<the new value>",
            id="a key that is not known yet",
        ),
        pytest.param(
            Hidden(NEW), False, f"{OLD} -> [secret]", "metrics: key_arn=<the new value>", id="a secret key"
        ),
    ],
)
def test_the_refusal_of_another_key(new: Any, created: bool, line: str, entry: str) -> None:
    losses = database_losses("metrics", {"kmsKeyId": OLD}, {"kmsKeyId": new}, created=created)
    assert refusal("metrics", losses, keep="databases.metrics: {…}") == (
        "metrics: this change loses data\n"
        f"  key_arn: {line}: records written before may need the old key: keep it, enabled, as long as they "
        "matter\n"
        "  To keep what exists, write databases.metrics: {…}\n"
        f'  If the change is meant, add to acknowledge: "{entry}"'
    )


def test_no_secret_is_in_a_refusal() -> None:
    losses = table_losses("metrics/cpu", {"retentionProperties": Hidden({})}, table(magnetic=Hidden(31)))
    losses += database_losses("metrics", {"kmsKeyId": Hidden(OLD)}, {"kmsKeyId": Hidden(NEW)}, created=False)
    said = refusal("metrics/cpu", losses, keep="")
    assert len(losses) == 2
    assert OLD not in said
    assert NEW not in said
    assert "31" not in said


def test_secrets_and_unknown_values_are_told_apart_wherever_the_engine_hands_them_to_a_hook() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": 30.0}

    unknown: Any = pulumi.output.Unknown()  # type: ignore[no-untyped-call]

    async def read() -> dict[str, Any]:
        return await plain_values(
            {
                "kmsKeyId": pulumi.Output.secret(NEW),
                "tableName": unknown,
                "retentionProperties": {"days": secret, "hours": unknown, "plain": 24.0},
                "other": pulumi.Output.from_input("cpu"),
            }
        )

    # Not asyncio.run: it leaves the tests after this one without a loop.
    with closing(asyncio.new_event_loop()) as loop:
        found = loop.run_until_complete(read())
    assert found == {
        "kmsKeyId": Hidden(NEW),
        "tableName": UNKNOWN,
        "retentionProperties": {"days": Hidden(30.0), "hours": UNKNOWN, "plain": 24.0},
        "other": "cpu",
    }


@pytest.mark.parametrize(
    ("entry", "authorises"),
    [
        pytest.param("metrics/cpu: magnetic_retention_days=30", True, id="this value"),
        pytest.param("metrics/cpu: magnetic_retention_days=31", False, id="another value"),
        pytest.param("metrics/disk: magnetic_retention_days=30", False, id="another table"),
        pytest.param("metrics/cpu: memory_retention_hours=30", False, id="another property"),
        pytest.param("metrics/cpu: replace", False, id="a replacement"),
    ],
)
def test_an_entry_authorises_one_value_of_one_property(entry: str, authorises: bool) -> None:
    losses = table_losses("metrics/cpu", table(), table(magnetic=30.0))
    assert (refused(losses, [entry]) == []) is authorises
    hidden = table_losses("metrics/cpu", table(), table(magnetic=Hidden(30)))
    assert (refused(hidden, [entry]) == []) is authorises


@pytest.mark.parametrize(
    ("new", "created", "entry", "authorises"),
    [
        pytest.param(NEW, False, f"metrics: key_arn={NEW}", True, id="the named key"),
        pytest.param(NEW, False, f"metrics: key_arn={OLD}", False, id="another key"),
        pytest.param(NEW, False, "metrics: key_arn=created", False, id="created, but a key is named"),
        pytest.param(NEW, True, "metrics: key_arn=created", True, id="created"),
        pytest.param(NEW, True, f"metrics: key_arn={NEW}", True, id="created, and named by its ARN"),
        pytest.param(UNKNOWN, True, "metrics: key_arn=created", True, id="created, not known yet"),
        pytest.param(UNKNOWN, False, f"metrics: key_arn={NEW}", True, id="not known yet: judged again later"),
        pytest.param(UNKNOWN, False, "fleet: key_arn=created", False, id="not known yet, another database"),
        pytest.param(UNKNOWN, False, "metrics: key_arn=created", False, id="not known yet, and not created"),
    ],
)
def test_an_entry_authorises_one_key(new: Any, created: bool, entry: str, authorises: bool) -> None:
    losses = database_losses("metrics", {"kmsKeyId": OLD}, {"kmsKeyId": new}, created=created)
    assert (refused(losses, [entry]) == []) is authorises


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("metrics/cpu: magnetic_retention_days=30", "metrics/cpu: magnetic_retention_days=30"),
        ("metrics/cpu:magneticRetentionDays=030 ", "metrics/cpu: magnetic_retention_days=30"),
        ("metrics/cpu: magnetic_writes=False", "metrics/cpu: magnetic_writes=false"),
        (f"metrics: key_arn={NEW}", f"metrics: key_arn={NEW}"),
        ("metrics: keyArn=created", "metrics: key_arn=created"),
        ("my.db: replace", "my.db: replace"),
        ("metrics/cpu: replace", "metrics/cpu: replace"),
    ],
)
def test_an_entry_is_read_into_one_text(written: str, read: str) -> None:
    place = Place([])
    assert ACKNOWLEDGEMENT.read(written, place) == read
    assert place.mistakes == []


EXPECTED = (
    'give an entry such as "db/table: magnetic_retention_days=30", "db: key_arn=created" or '
    '"db/table: replace"'
)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        pytest.param("metrics", f'is the text "metrics"; {EXPECTED}', id="no change"),
        pytest.param(30, f"is the number 30; {EXPECTED}", id="no text"),
        pytest.param(
            "metrics/cpu: magnetic_retention_day=30",
            'names "magnetic_retention_day", whose change needs no acknowledgement; '
            "did you mean magnetic_retention_days?",
            id="an odd property",
        ),
        pytest.param(
            "metrics/cpu: tags=x",
            'names "tags", whose change needs no acknowledgement; known are memory_retention_hours, '
            "magnetic_retention_days, magnetic_writes and replace",
            id="a harmless property",
        ),
        pytest.param(
            "metrics: magnetic_retention_days=30",
            'names magnetic_retention_days of "metrics", but it belongs to a table: write '
            "db/table: magnetic_retention_days=…",
            id="a table's property at a database",
        ),
        pytest.param(
            "metrics/cpu: key_arn=created",
            'names key_arn of "metrics/cpu", but it belongs to a database: write db: key_arn=…',
            id="a database's property at a table",
        ),
        pytest.param(
            "metrics/cpu: magnetic_retention_days=less",
            'gives magnetic_retention_days the value "less"; write the new number of days, such as '
            "magnetic_retention_days=30",
            id="no number",
        ),
        pytest.param(
            "metrics/cpu: magnetic_retention_days",
            'gives magnetic_retention_days the value ""; write the new number of days, such as '
            "magnetic_retention_days=30",
            id="no value",
        ),
        pytest.param(
            "metrics/cpu: magnetic_writes=true",
            'gives magnetic_writes the value "true"; only magnetic_writes=false loses data',
            id="what loses nothing",
        ),
        pytest.param(
            "metrics: key_arn=alias/metrics",
            'gives key_arn the value "alias/metrics"; write the ARN of the new key, or "created" for the key '
            "that this baseline makes",
            id="an alias",
        ),
    ],
)
def test_an_entry_with_a_mistake(written: object, reason: str) -> None:
    place = Place([]).at("acknowledge", 0)
    assert ACKNOWLEDGEMENT.read(written, place) is INVALID
    assert [str(mistake) for mistake in place.mistakes] == [f"acknowledge[0]: {reason}"]


def test_entries_that_name_nothing_of_the_baseline_are_mistakes() -> None:
    place = Place([])
    entries = (
        "metric: key_arn=created",
        "metrics/gpu: replace",
        "plants: replace",
        "press: replace",
        "metrics: replace",
        "metrics/cpu: magnetic_retention_days=30",
        "metrics: key_arn=created",
    )
    databases = {"metrics": ["cpu", "disk"], "fleet": []}
    check_targets(entries, place.at("acknowledge"), databases=databases, instances=["plant", "press"])
    assert [str(mistake) for mistake in place.mistakes] == [
        'acknowledge[0]: names "metric", which is no database of this baseline; did you mean "metrics"?',
        'acknowledge[1]: names "metrics/gpu", which is no table of this baseline; '
        'did you mean "metrics/cpu"?',
        'acknowledge[2]: names "plants", which is no database or instance of this baseline; '
        'did you mean "plant"?',
    ]


def test_a_name_of_both_engines_cannot_be_replaced_by_an_entry() -> None:
    place = Place([])
    check_targets(("press: replace",), place.at("acknowledge"), databases={"press": []}, instances=["press"])
    assert [str(mistake) for mistake in place.mistakes] == [
        'acknowledge[0]: is ambiguous: a database and an InfluxDB instance are named "press"; leave it out, '
        "and lift the protection of the one that is meant by pulumi state unprotect"
    ]


def test_only_replace_lifts_the_protection_and_only_of_what_it_names() -> None:
    assert may_be_replaced(["metrics/cpu: replace"], "metrics/cpu")
    assert not may_be_replaced(["metrics/cpu: replace"], "metrics")
    assert not may_be_replaced(["metrics: replace"], "metrics/cpu")
    assert not may_be_replaced(["metrics/cpu: magnetic_retention_days=30"], "metrics/cpu")


def test_what_may_be_replaced_is_not_adopted_and_whoever_wants_both_is_told() -> None:
    end = "If it shall be made anew, delete it in AWS first: its data is lost then"
    assert exists("metrics/cpu", lifted=False) == (
        'metrics/cpu exists in AWS, but not in this stack. Add "metrics/cpu" to adopt to put it under this '
        f"stack. {end}"
    )
    assert exists("metrics/cpu", lifted=True) == (
        'metrics/cpu exists in AWS, but not in this stack. Take "metrics/cpu: replace" out of acknowledge, '
        f'and have "metrics/cpu" in adopt, to put it under this stack. {end}'
    )


def test_the_engine_gets_each_name_of_a_hook_once() -> None:
    assert [hook_name("guard of x"), hook_name("guard of x"), hook_name("guard of y")] == [
        "guard of x",
        "guard of x (2)",
        "guard of y",
    ]
