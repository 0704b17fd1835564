"""Accepted risks: what they cover, when they end, and every way to get them wrong."""

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from timestream_policies.model import Finding, Resource
from timestream_policies.rules import RULES
from timestream_policies.settings import Settings, Suppression
from timestream_policies.suppressions import (
    Suppressions,
    WrongSuppressions,
    checked,
    expiry_note,
    from_program,
    read_suppressions,
    unmatched_note,
)
from timestream_policies.types import ACCEPTED_RISK, KEY
from timestream_policies.values import Properties

TODAY = date(2026, 11, 22)
GOOD: dict[str, Any] = {
    "rule": "TS-KMS-002",
    "resource": "urn:pulumi:prod::*::aws:kms/key:Key::metrics",
    "reason": "Rotation is done by hand, see the runbook",
    "owner": "data-platform@example.com",
    "expires": date(2027, 1, 31),
}
RULE = RULES["TS-KMS-002"]
URN = "urn:pulumi:prod::shop::my:index:Keys$aws:kms/key:Key::metrics"


def finding(urn: str = URN, key: str = "enableKeyRotation") -> Finding:
    return Finding(urn, KEY, urn.rpartition("::")[2], "is never rotated", key, key)


def entry(**changes: Any) -> Suppression:
    return Suppression(**{**GOOD, **changes})


def mistakes(*items: Any, settings: Settings | None = None, tmp_path: Path) -> list[str]:
    path = tmp_path / "suppressions.yaml"
    path.write_text(yaml.safe_dump(list(items)), encoding="utf-8")
    with pytest.raises(WrongSuppressions) as raised:
        read_suppressions(path, settings or Settings(), TODAY)
    return [mistake.removeprefix(str(path)) for mistake in raised.value.mistakes]


@pytest.mark.parametrize("form", ["list", "under a name"])
def test_a_file_is_read(form: str, tmp_path: Path) -> None:
    path = tmp_path / "suppressions.yaml"
    content = [{**GOOD, "key": "enableKeyRotation"}]
    path.write_text(yaml.safe_dump(content if form == "list" else {"suppressions": content}))
    assert read_suppressions(path, today=TODAY) == (entry(key="enableKeyRotation"),)


@pytest.mark.parametrize("content", ["", "# nothing\n", "[]", "suppressions: []", "suppressions:\n"])
def test_a_file_may_be_empty(content: str, tmp_path: Path) -> None:
    path = tmp_path / "suppressions.yaml"
    path.write_text(content)
    assert read_suppressions(path, today=TODAY) == ()


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        (URN, True),
        ("metrics", True),
        ("m*s", True),
        ("metric?", True),
        ("urn:pulumi:*::aws:kms/key:Key::metrics", False),
        ("urn:pulumi:*aws:kms/key:Key::metrics", True),
        ("urn:pulumi:prod::*::metrics", True),
        ("urn:pulumi:test::*::metrics", False),
        ("etrics", False),
        ("metric", False),
        ("Metrics", False),
        ("[m]etrics", False),
        ("metrics.", False),
    ],
)
def test_a_pattern_fits_the_urn_or_the_name_from_end_to_end(pattern: str, covered: bool) -> None:
    accepted = Suppressions([entry(resource=pattern)], today=TODAY)
    assert (accepted.covering(RULE, finding()) is not None) is covered
    assert bool(accepted.unmatched()) is not covered


def test_only_the_rule_that_is_named_is_covered() -> None:
    accepted = Suppressions([entry()], today=TODAY)
    assert accepted.covering(RULES["TS-KMS-003"], finding()) is None
    assert accepted.unmatched() == [entry()]


def test_a_key_covers_one_finding_alone() -> None:
    accepted = Suppressions([entry(key="policy/Admins", resource="metrics")], today=TODAY)
    assert accepted.covering(RULE, finding(key="policy/Everyone")) is None
    assert accepted.covering(RULE, finding(key="policy/Admins")) == accepted.entries[0]


def test_the_last_day_still_counts_and_the_day_after_does_not() -> None:
    last_day = entry(resource="metrics", expires=TODAY)
    assert Suppressions([last_day], today=TODAY).covering(RULE, finding()) == last_day
    over = Suppressions([last_day], today=date(2026, 11, 23))
    assert over.covering(RULE, finding()) is None
    assert over.expired(RULE, finding()) == last_day
    assert over.unmatched() == []
    assert expiry_note(last_day) == (
        "the risk was accepted by data-platform@example.com until 2026-11-22, which has passed"
    )


def test_an_entry_that_holds_covers_beside_one_that_has_expired() -> None:
    old, new = entry(resource="metrics", expires=date(2026, 1, 1)), entry(resource="m*s")
    assert Suppressions([old, new], today=TODAY).covering(RULE, finding()) == new


def test_an_entry_that_meets_nothing_is_warned_about() -> None:
    assert unmatched_note(entry(resource="metrics", key="policy/Admins")) == (
        "the suppression of TS-KMS-002 on 'metrics', key 'policy/Admins' (owner data-platform@example.com) "
        "meets no finding: remove it, or mend its pattern"
    )


BLANKET = [
    "*", "**", "*?*", "?", "???*", "urn:*", "urn:**", "urn:pulumi:*", "urn:pulumi:*::*", "*::*", "*:*",
    "*:?*",
    "urn:pulumi:*::*::*::*", "*u*", "urn*", "*pulumi*", "*aws*", "*::aws:*", "u*", "urn:pulumi:**::?*",
]  # fmt: skip


@pytest.mark.parametrize("pattern", BLANKET)
def test_a_pattern_for_everything_is_refused(pattern: str, tmp_path: Path) -> None:
    assert mistakes({**GOOD, "resource": pattern}, tmp_path=tmp_path) == [
        f"[0].resource: {pattern!r} covers every resource; "
        "name the resource, or its type and part of its name"
    ]


@pytest.mark.parametrize("pattern", ["urn:pulumi:dev::*::metrics", "*::metrics-*", "metrics", "*:Key::m*"])
def test_a_pattern_for_something_is_taken(pattern: str) -> None:
    assert Suppressions([entry(resource=pattern)], today=TODAY).entries


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"rule": "TS-KMS-999"}, "rule: there is no rule 'TS-KMS-999'; 'timestream-policies list' shows all"),
        ({"rule": 7}, "rule: 7 is not a text, such as TS-KMS-002"),
        ({"rule": None}, "rule: is missing; give it, such as 'TS-KMS-002'"),
        ({"resource": " "}, "resource: is empty; give the URN or the name of the resource"),
        (
            {"reason": "ok  for\n    now"},
            "reason: 'ok  for\\n    now' has 10 characters; say in 20 or more why the risk is accepted",
        ),
        ({"owner": "  "}, "owner: is empty; name who answers for the risk"),
        ({"owner": ["a"]}, "owner: ['a'] is not a text, such as data-platform@example.com"),
        (
            {"expires": date(2027, 11, 23)},
            "expires: 2027-11-23 is over a year away; give 2027-11-22 or earlier",
        ),
        ({"expires": "next year"}, "expires: 'next year' is not a date, such as 2027-01-31"),
        ({"expires": 2027}, "expires: 2027 is not a date, such as 2027-01-31"),
        ({"key": 3}, "key: 3 is not a text"),
        (
            {"severity": "low"},
            "severity: there is no such property; there are rule, resource, reason, owner, expires, key",
        ),
    ],
)
def test_each_mistake_names_property_value_and_way_out(
    change: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    assert mistakes({**GOOD, **change}, tmp_path=tmp_path) == [f"[0].{expected}"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    wrong = {"rule": "TS-X", "resource": "*", "reason": "why not", "owner": "", "expires": date(2030, 1, 1)}
    found = mistakes(wrong, GOOD, "TS-KMS-002", {"rule": "TS-Y"}, tmp_path=tmp_path)
    assert [mistake.partition(":")[0] for mistake in found] == [
        "[0].rule", "[0].resource", "[0].reason", "[0].owner", "[0].expires",
        "[2]",
        "[3].resource", "[3].reason", "[3].owner", "[3].expires", "[3].rule",
    ]  # fmt: skip


def test_a_leap_day_has_a_year_too() -> None:
    day = date(2028, 2, 29)
    assert Suppressions([entry(expires=date(2029, 3, 1))], today=day).entries
    with pytest.raises(WrongSuppressions, match="2029-03-02 is over a year away"):
        Suppressions([entry(expires=date(2029, 3, 2))], today=day)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("TS-KMS-002", "suppress TS-KMS-002;"),
        ("ts-kms-002", "suppress TS-KMS-002;"),
        ("High", "severity high;"),
    ],
)
def test_what_nobody_may_suppress_is_refused(word: str, told: str, tmp_path: Path) -> None:
    settings = Settings(unsuppressible=(word,))
    (mistake,) = mistakes(GOOD, settings=settings, tmp_path=tmp_path)
    assert mistake.startswith("[0].rule: the settings let nobody suppress ")
    assert told in mistake
    with pytest.raises(WrongSuppressions, match="let nobody suppress"):
        Suppressions([entry()], settings, TODAY)
    assert Suppressions([entry(rule="TS-KMS-003")], settings, TODAY).entries


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"- [", "is not YAML that can be read"),
        (b"rule: TS-KMS-002", "must be a list of entries"),
        (b"7", "must be a list of entries"),
        (b"\xff\xfe\x00", "is not YAML that can be read"),
        (b"- expires: 2027-13-45", "is not YAML that can be read"),
        (b"- !!python/object/apply:os.system ['true']", "is not YAML that can be read"),
        (b"[" * 100_000, "is not YAML that can be read"),
        (b"? {a: b}\n: c", "is not YAML that can be read"),
        (b"- " + b"x" * 5_000_000, "is larger than a list of suppressions can be"),
    ],
)
def test_what_is_no_list_of_suppressions_is_one_readable_error(
    content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "suppressions.yaml"
    path.write_bytes(content)
    started = time.perf_counter()
    with pytest.raises(WrongSuppressions) as raised:
        read_suppressions(path)
    assert time.perf_counter() - started < 3
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongSuppressions, match=r"none\.yaml: cannot be read \(No such file"):
        read_suppressions(tmp_path / "none.yaml")


def test_slow_patterns_do_not_exist() -> None:
    accepted = Suppressions([entry(resource="*" * 500 + "a" + "*" * 500 + "!")], today=TODAY)
    started = time.perf_counter()
    assert accepted.covering(RULE, finding(URN + "a" * 2000)) is None
    assert time.perf_counter() - started < 1


def risk(**changes: Any) -> Resource:
    carried = {**GOOD, "expires": "2027-01-31", **changes}
    return Resource(
        urn=f"urn:pulumi:p::p::{ACCEPTED_RISK}::r", type_=ACCEPTED_RISK, inputs=Properties.of(carried)
    )


def test_the_program_may_accept_risks_unless_the_settings_deny_it() -> None:
    other = Resource(urn=URN, type_=KEY)
    assert from_program([other, risk()], today=TODAY) == (entry(),)
    assert from_program([other, risk()], Settings(program_suppressions="deny"), TODAY) == ()


def test_a_marker_that_somebody_forged_is_checked_too() -> None:
    with pytest.raises(WrongSuppressions, match="covers every resource"):
        from_program([risk(resource="*")], today=TODAY)
    with pytest.raises(WrongSuppressions, match="expires: is missing"):
        from_program([risk(expires=None)], today=TODAY)
    with pytest.raises(WrongSuppressions, match="reason: Unknown"):
        from_program([risk(reason="04da6b54-80e4-46f7-96ec-b56ff0331ba9")], today=TODAY)


def test_one_entry_of_plain_data_is_checked() -> None:
    assert checked(GOOD, "accept_risk", today=TODAY) == entry()


def test_entries_are_added_once_while_the_stack_is_made() -> None:
    accepted = Suppressions(today=TODAY)
    assert accepted.covering(RULE, finding()) is None
    accepted.add([entry(resource="metrics")])
    accepted.add([entry(resource="metrics")])
    assert accepted.entries == [entry(resource="metrics")]
    assert accepted.covering(RULE, finding()) == entry(resource="metrics")


def test_the_file_of_the_page_is_right(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "suppressions.md").read_text(encoding="utf-8")
    (content,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    path = tmp_path / "accepted-risks.yaml"
    path.write_text(content)
    assert [entry.rule for entry in read_suppressions(path, today=TODAY)] == ["TS-KMS-002", "TS-KMS-001"]
