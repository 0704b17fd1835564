"""Guards on changes: what is lost between the state before and the state after."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.policies.helpers import UNDECIDED, UNKNOWN, said
from timestream_policies.before import DATA_STORES
from timestream_policies.evaluation import evaluate, judge
from timestream_policies.examples import Given, build
from timestream_policies.model import Options
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES, changes, weakened
from timestream_policies.settings import Settings
from timestream_policies.states import read
from timestream_policies.types import (
    BACKUP_PLAN,
    BACKUP_SELECTION,
    BACKUP_VAULT_LOCK,
    BUCKET,
    DATABASE,
    EVENT_DATA_STORE,
    KEY,
    LOG_GROUP,
    STACK,
    TABLE,
    TOPIC,
    TRAIL,
)

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER = ARN.replace("1234abcd", "fedcba98")
RETENTION = {"memoryStoreRetentionPeriodInHours": 24, "magneticStoreRetentionPeriodInDays": 365}
CHANGES = [id_ for id_ in RULES if id_.startswith("TS-CHG-")]


def judged(rule: Rule, type_: str, before: Mapping[str, Any] | Given, now: Mapping[str, Any], *others: Given, **more: Any) -> list[str]:  # fmt: skip  # noqa: E501
    old = before if isinstance(before, Given) else Given(type_, before)
    stack = build((Given(type_, now, before=old, **more), *others))
    return said(judge(rule, stack.resources[0], stack))


@pytest.mark.parametrize("id_", CHANGES)
def test_without_a_state_before_no_guard_applies_and_says_why(id_: str) -> None:
    stack = build((Given(RULES[id_].applies_to[0], {}),))
    assert said(judge(RULES[id_], stack.resources[0], stack)) == [
        "not applicable: it compares with the state before, which a policy pack never sees; "
        "use `timestream-policies check` on preview JSON, or with --previous"
    ]


@pytest.mark.parametrize("id_", CHANGES)
def test_nothing_is_found_where_nothing_changes(id_: str) -> None:
    for type_ in RULES[id_].applies_to:
        assert judged(RULES[id_], type_, {}, {}) == []


@pytest.mark.parametrize("id_", CHANGES)
def test_what_is_new_is_not_compared(id_: str) -> None:
    others = Given(TABLE, {}, "other", before=Given(TABLE, {}, "other"))
    for type_ in set(RULES[id_].applies_to) - {STACK}:
        stack = build((Given(type_, {"minRetentionDays": 1, "retentionPeriod": 7}), others))
        assert said(judge(RULES[id_], stack.resources[0], stack)) == []


MEMORY, MAGNETIC = RETENTION


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({}, []),
        ({MEMORY: 48, MAGNETIC: 400}, []),
        ({MEMORY: 23}, ["keeps its memory store for 23 hours, and before it was 24"]),
        ({MAGNETIC: 30}, ["keeps its magnetic store for 30 days, and before it was 365"]),
        ({MEMORY: "6"}, ["keeps its memory store for 6 hours, and before it was 24"]),
        (
            {MEMORY: 1, MAGNETIC: 1},
            [
                "keeps its memory store for 1 hours, and before it was 24",
                "keeps its magnetic store for 1 days, and before it was 365",
            ],
        ),
        ({MEMORY: UNKNOWN}, [UNDECIDED]),
        ({MEMORY: UNKNOWN, MAGNETIC: 1}, ["keeps its magnetic store for 1 days, and before it was 365"]),
    ],
)
def test_retention(now: dict[str, Any], expected: list[str]) -> None:
    given = {"retentionProperties": {**RETENTION, **now}}
    assert (
        judged(changes.retention_is_not_reduced, TABLE, {"retentionProperties": RETENTION}, given) == expected
    )


def test_retention_that_the_provider_filled_in_counts_too() -> None:
    before = Given(TABLE, {}, outputs={"retentionProperties": {**RETENTION, MAGNETIC: 73000}})
    shorter = {"retentionProperties": {MEMORY: 24, MAGNETIC: 10}}
    assert judged(changes.retention_is_not_reduced, TABLE, before, shorter) == [
        "keeps its magnetic store for 10 days, and before it was 73000"
    ]
    assert judged(changes.retention_is_not_reduced, TABLE, before, {}) == []


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"enableMagneticStoreWrites": True}, {"enableMagneticStoreWrites": True}, []),
        ({"enableMagneticStoreWrites": True}, None, []),
        ({"enableMagneticStoreWrites": False}, {"enableMagneticStoreWrites": False}, []),
        (None, {"enableMagneticStoreWrites": False}, []),
        (
            {"enableMagneticStoreWrites": True},
            {"enableMagneticStoreWrites": False},
            ["no longer takes records that arrive late"],
        ),
        (
            {"enableMagneticStoreWrites": True},
            {"magneticStoreRejectedDataLocation": {}},
            ["no longer takes records that arrive late"],
        ),
        ({"enableMagneticStoreWrites": True}, {"enableMagneticStoreWrites": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_magnetic_writes(before: Any, now: Any, expected: list[str]) -> None:
    name = "magneticStoreWriteProperties"
    assert judged(changes.late_records_are_still_taken, TABLE, {name: before}, {name: now}) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (ARN, ARN, []),
        (None, ARN, []),
        (ARN, None, []),
        ("arn:aws:kms:eu-west-1:111122223333:alias/aws/timestream", ARN, []),
        (ARN.rpartition("/")[2], ARN, []),
        (ARN, OTHER, [f"changes its key from {ARN} to {OTHER}"]),
        (ARN, "alias/aws/timestream", [f"changes its key from {ARN} to alias/aws/timestream"]),
        (ARN, UNKNOWN, [UNDECIDED]),
    ],
)
def test_keys_by_value(before: Any, now: Any, expected: list[str]) -> None:
    rule = changes.keys_of_databases_stay
    assert judged(rule, DATABASE, {"kmsKeyId": before}, {"kmsKeyId": now}) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Given(KEY, {}, "key", before=Given(KEY, {}, "key", outputs={"arn": ARN})), []),
        (Given(KEY, {}, "key", before=Given(KEY, {}, "key", id=ARN.rpartition("/")[2])), []),
        (Given(KEY, {}, "key", before=Given(KEY, {}, "key", outputs={"arn": OTHER})), ["'key'"]),
        (Given(KEY, {}, "key", before=Given(KEY, {}, "key", outputs={"arn": ARN}), is_anew=True), ["'key'"]),
        (Given(KEY, {}, "key"), ["'key'"]),
    ],
)
def test_keys_by_reference(key: Given, expected: list[str]) -> None:
    found = judged(
        changes.keys_of_databases_stay,
        DATABASE,
        {"kmsKeyId": ARN},
        {"kmsKeyId": UNKNOWN},
        key,
        depends={"kmsKeyId": ("key",)},
    )
    assert found == [
        f"changes its key from {ARN} to {name}, which is made with this change" for name in expected
    ]


SAFE = Options(protect=True, retain_on_delete=True)
NOT_PROTECTED = "is no longer protected from being deleted"
NOT_RETAINED = "is no longer retained when it is deleted"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (SAFE, SAFE, []),
        (Options(), SAFE, []),
        (Options(), Options(), []),
        (SAFE, replace(SAFE, protect=False), [NOT_PROTECTED]),
        (SAFE, replace(SAFE, retain_on_delete=False), [NOT_RETAINED]),
        (SAFE, Options(), [NOT_PROTECTED, NOT_RETAINED]),
    ],
)
@pytest.mark.parametrize("type_", [DATABASE, LOG_GROUP])
def test_protection(type_: str, before: Options, now: Options, expected: list[str]) -> None:
    old = Given(type_, {}, options=before)
    assert judged(changes.protection_stays, type_, old, {}, options=now) == expected


@pytest.mark.parametrize("type_", DATA_STORES)
def test_a_deleted_data_store_is_found_on_itself(type_: str) -> None:
    stack = build((Given(STACK, {}), Given(type_, {}, "metrics", is_gone=True)))
    (finding,) = judge(changes.data_stores_stay, stack.resources[0], stack).findings
    assert finding.urn.endswith(f"{type_}::metrics")
    assert (finding.type, finding.name, finding.key) == (type_, "metrics", "deleted")
    lost = "what it encrypted can never be read again" if ":kms/" in type_ else "what it holds is lost"
    assert finding.message == f"is deleted, and {lost}"


@pytest.mark.parametrize(
    "given",
    [
        Given(DATABASE, {}, "a", is_gone=True, options=Options(retain_on_delete=True)),
        Given(TOPIC, {}, "a", is_gone=True),
    ],
)
def test_what_is_retained_or_can_be_made_again_may_go(given: Given) -> None:
    stack = build((Given(STACK, {}), given))
    assert said(judge(changes.data_stores_stay, stack.resources[0], stack)) == []


@pytest.mark.parametrize("type_", [TABLE, KEY, BUCKET])
def test_a_replaced_data_store(type_: str) -> None:
    rule = changes.data_stores_are_not_replaced
    lost = "what it encrypted can never be read again" if type_ == KEY else "what it holds is lost"
    assert judged(rule, type_, {}, {}, is_anew=True) == [f"is replaced, and {lost}"]
    retained = Given(type_, {}, options=Options(retain_on_delete=True))
    assert judged(rule, type_, retained, {}, is_anew=True) == []


DAILY = {"ruleName": "daily", "lifecycle": {"deleteAfter": 35}}
WEEKLY = {"ruleName": "weekly"}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ([DAILY, WEEKLY], []),
        ([{"ruleName": "daily"}, WEEKLY], []),
        ([WEEKLY, {**DAILY, "lifecycle": {"deleteAfter": 90}}], []),
        ([WEEKLY], ["no longer has the rule 'daily'"]),
        (None, ["no longer has the rule 'daily'", "no longer has the rule 'weekly'"]),
        (
            [{**DAILY, "lifecycle": {"deleteAfter": 7}}, WEEKLY],
            ["keeps the backups of 'daily' for 7 days, and before it kept them for 35"],
        ),
        (
            [DAILY, {**WEEKLY, "lifecycle": {"deleteAfter": 400}}],
            ["keeps the backups of 'weekly' for 400 days, and before it kept them for ever"],
        ),
        ([{**DAILY, "lifecycle": UNKNOWN}, WEEKLY], [UNDECIDED]),
        ([DAILY, {"ruleName": UNKNOWN}], [UNDECIDED]),
    ],
)
def test_backup_plans(now: Any, expected: list[str]) -> None:
    before = {"rules": [DAILY, WEEKLY]}
    assert judged(weakened.backups_go_on, BACKUP_PLAN, before, {"rules": now}) == expected


@pytest.mark.parametrize("type_", [BACKUP_PLAN, BACKUP_SELECTION])
def test_a_plan_or_a_selection_that_is_gone(type_: str) -> None:
    stack = build((Given(STACK, {}), Given(type_, {}, "daily", is_gone=True)))
    assert said(judge(weakened.backups_go_on, stack.resources[0], stack)) == [
        "is deleted, and what it backed up is not backed up any more"
    ]


LOCK = {"minRetentionDays": 35, "changeableForDays": 3}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (LOCK, []),
        ({**LOCK, "minRetentionDays": 36}, []),
        (
            {**LOCK, "minRetentionDays": 7},
            ["lets recovery points be deleted after 7 days, and before it was 35"],
        ),
        (
            {"changeableForDays": 3},
            ["lets recovery points be deleted after 0 days, and before it was 35"],
        ),
        ({"minRetentionDays": 35}, ["can be taken off again, which it could not before"]),
        ({**LOCK, "minRetentionDays": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_vault_locks(now: dict[str, Any], expected: list[str]) -> None:
    assert judged(weakened.vault_locks_hold, BACKUP_VAULT_LOCK, LOCK, now) == expected


BASIC = {"eventSelectors": [{"dataResources": [{"type": "AWS::Timestream::Table", "values": ["arn:aws:x"]}]}]}


def advanced(*kinds: str) -> dict[str, Any]:
    return {
        "advancedEventSelectors": [
            {"fieldSelectors": [{"field": "resources.type", "equals": [kind]}]} for kind in kinds
        ]
    }


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, {"enableLogging": False}, ["no longer records anything"]),
        ({"enableLogging": False}, {"enableLogging": False}, []),
        ({"isMultiRegionTrail": True}, {}, ["no longer records the other regions"]),
        (
            {},
            {"includeGlobalServiceEvents": False},
            ["no longer records global services such as IAM"],
        ),
        (
            {"enableLogFileValidation": True},
            {"enableLogFileValidation": False},
            ["no longer proves that its files were not changed"],
        ),
        (BASIC, advanced("AWS::Timestream::Table", "AWS::S3::Object"), []),
        (BASIC, advanced("AWS::S3::Object"), ["no longer records data events of AWS::Timestream::Table"]),
        (advanced("AWS::Timestream::Table"), {}, ["no longer records data events of AWS::Timestream::Table"]),
        (BASIC, {"advancedEventSelectors": UNKNOWN}, [UNDECIDED]),
        ({"isMultiRegionTrail": True}, {"isMultiRegionTrail": UNKNOWN}, [UNDECIDED]),
        (
            {**BASIC, "isMultiRegionTrail": True},
            {"isMultiRegionTrail": UNKNOWN},
            ["no longer records data events of AWS::Timestream::Table"],
        ),
    ],
)
def test_trails(before: dict[str, Any], now: dict[str, Any], expected: list[str]) -> None:
    assert judged(weakened.recording_goes_on, TRAIL, before, now) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, {"suspend": True}, ["no longer records anything"]),
        ({}, {"multiRegionEnabled": False}, ["no longer records the other regions"]),
        ({}, {"terminationProtectionEnabled": False}, ["is no longer protected from being deleted"]),
        ({"retentionPeriod": 365}, {"retentionPeriod": 365}, []),
        (
            {"retentionPeriod": 365},
            {"retentionPeriod": 90},
            ["keeps events for 90 days, and before it was 365"],
        ),
    ],
)
def test_event_data_stores(before: dict[str, Any], now: dict[str, Any], expected: list[str]) -> None:
    assert judged(weakened.recording_goes_on, EVENT_DATA_STORE, before, now) == expected


# As files tell it.

URN = "urn:pulumi:dev::shop::{}::{}"


def resource(type_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"urn": URN.format(type_, name), "type": type_, "custom": True, **more}


def findings(tmp_path: Path, new: Any, old: Any = None) -> list[tuple[str, str]]:
    paths = [tmp_path / "new.json", tmp_path / "old.json"]
    for path, content in zip(paths, (new, old), strict=True):
        path.write_text(json.dumps(content))
    state = read(str(paths[0]), previous=str(paths[1]) if old is not None else None)
    rules = [RULES[id_] for id_ in CHANGES]
    return [(j.rule.id, f.name) for j in evaluate(state.stack, rules) for f in j.findings]


def preview(*steps: tuple[str, Any, Any]) -> dict[str, Any]:
    summary: dict[str, int] = {}
    for op, _, _ in steps:
        summary[op] = summary.get(op, 0) + 1
    return {
        "steps": [{"op": op, "newState": new, "oldState": old} for op, new, old in steps],
        "changeSummary": summary,
    }


def export(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": list(resources)}}


ROOT = {"urn": URN.format(STACK, "shop-dev"), "type": STACK}
TABLE_STATE = resource(TABLE, "cpu", id="db|cpu", inputs={"retentionProperties": RETENTION})
LESS = {**TABLE_STATE, "inputs": {"retentionProperties": {MEMORY: 1}}}


def test_a_preview_is_compared_with_itself(tmp_path: Path) -> None:
    steps = [("same", ROOT, ROOT), ("update", LESS, TABLE_STATE), ("delete", None, resource(KEY, "key"))]
    assert findings(tmp_path, preview(*steps)) == [("TS-CHG-005", "key"), ("TS-CHG-001", "cpu")]


@pytest.mark.parametrize("form", ["preview of a destroy", "state after a destroy"])
def test_a_stack_that_is_destroyed(tmp_path: Path, form: str) -> None:
    if form == "preview of a destroy":
        new, old = preview(("delete", None, ROOT), ("delete", None, TABLE_STATE)), None
    else:
        new, old = export(), export(ROOT, TABLE_STATE)
    assert findings(tmp_path, new, old) == [("TS-CHG-005", "cpu")]


@pytest.mark.parametrize(("type_", "expected"), [(TABLE, ["cpu"]), (BUCKET, [])])
def test_a_destroyed_stack_is_of_timestream_if_it_was(
    tmp_path: Path, type_: str, expected: list[str]
) -> None:
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(preview(("delete", None, ROOT), ("delete", None, resource(type_, "cpu")))))
    stack = read(str(path), settings=Settings(scope="timestream")).stack
    judged = evaluate(stack, [RULES["TS-CHG-005"]])
    assert [finding.name for judgement in judged for finding in judgement.findings] == expected


def test_a_state_is_compared_with_the_one_before(tmp_path: Path) -> None:
    old = export(ROOT, TABLE_STATE, resource(KEY, "key", id="k-1"), resource(DATABASE, "gone", id="gone"))
    new = export(ROOT, LESS, resource(KEY, "key", id="k-2"))
    assert findings(tmp_path, new, old) == [
        ("TS-CHG-005", "gone"),
        ("TS-CHG-001", "cpu"),
        ("TS-CHG-006", "key"),
    ]


def test_a_secret_that_was_there_before_is_not_told(tmp_path: Path) -> None:
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": json.dumps(ARN),
    }
    old = resource(DATABASE, "db", inputs={"kmsKeyId": secret})
    new = resource(DATABASE, "db", inputs={"kmsKeyId": OTHER})
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(preview(("same", ROOT, ROOT), ("update", new, old))))
    stack = read(str(path)).stack
    (database,) = stack.of_type(DATABASE)
    assert said(judge(changes.keys_of_databases_stay, database, stack)) == [
        f"changes its key from [secret] to {OTHER}"
    ]
