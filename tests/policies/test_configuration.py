"""What a team writes into `--policy-pack-config`: what counts, and what each mistake is told."""

from datetime import date
from typing import Any

import pytest

from timestream_policies.settings import WrongSettings, read_settings
from timestream_policies.suppressions import WrongSuppressions, checked


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"packs": ["strct"]}, "packs[0] is 'strct'; did you mean 'strict'?"),
        ({"packs": "strict"}, "packs is 'strict'; expected array, got str"),
        (
            {"trustedAccounts": [111122223333]},
            "trusted_accounts[0] is 111122223333; expected str, got int; write it in quotes",
        ),
        ({"undecided": "no"}, "undecided is 'no'; write fail, warn or ignore"),
        ({"undecidedd": "fail"}, "undecidedd is no setting; did you mean 'undecided'?"),
        (
            {"thresholds": {"keyRotationDay": 3.0}},
            "thresholds.key_rotation_day is no setting; did you mean 'key_rotation_days'?",
        ),
        (
            {"thresholds": {"keyRotationDays": -1.0}},
            "thresholds.key_rotation_days is -1.0; expected int >= 0",
        ),
        (
            {"thresholds": {"key_rotation_days": 1.5}},
            "thresholds.key_rotation_days is 1.5; expected int, got float",
        ),
        (
            {"unsuppressible": ["TS-KMS-0001"]},
            "unsuppressible[0] is 'TS-KMS-0001', which is no rule and no severity; "
            "did you mean 'TS-KMS-001'?",
        ),
        (
            {"TS-DB-001": "disabled"},
            "TS-DB-001 is a rule, no setting; levels of rules stand in --policy-pack-config, beside "
            "'settings'; 'timestream-policies check' leaves rules out with --except",
        ),
        (
            {"settings": {"packs": ["strict"]}},
            "'settings' is for --policy-pack-config; here what it holds stands at the top of the file",
        ),
        (
            {"managedElsewhere": ["key"]},
            "managed_elsewhere[0] is 'key'; write keys, endpoints, trail, alarms, "
            "topic, subscriptions, backup or buckets",
        ),
    ],
)
def test_a_wrong_setting_is_told_its_name_its_value_and_the_way_out(content: Any, message: str) -> None:
    with pytest.raises(WrongSettings) as error:
        read_settings(content)
    assert str(error.value) == f"settings: {message}"


@pytest.mark.parametrize("word", ["TS-KMS-002", "ts-kms-002", "high", "HIGH"])
def test_what_nobody_may_suppress_is_named_in_any_case(word: str) -> None:
    settings = read_settings({"unsuppressible": [word]})
    entry = {"rule": "TS-KMS-002", "resource": "metrics", "owner": "data", "expires": date.today()}
    with pytest.raises(WrongSuppressions, match="the settings let nobody suppress"):
        checked({**entry, "reason": "Rotation is done by hand"}, "entry", settings)


@pytest.mark.parametrize("name", ["keyRotationDays", "key_rotation_days"])
def test_names_may_be_written_in_both_ways_and_numbers_come_as_floats(name: str) -> None:
    assert read_settings({"thresholds": {name: 90.0}}).thresholds.key_rotation_days == 90
