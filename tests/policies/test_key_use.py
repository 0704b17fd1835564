from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples.key_use import FOR_RESOURCES, OF_THE_ACCOUNT, ROLE_ARN, THROUGH_TIMESTREAM
from timestream_policies.examples.keys import OWNER
from timestream_policies.rules import key_use, keys
from timestream_policies.types import EXTERNAL_KEY, KEY, MANAGED_POLICY, REPLICA_KEY

GOOD = {"description": "Timestream database metrics", "policy": {"Statement": [OWNER]}}
PAST = f"lets AWS {ROLE_ARN} use it without naming the service or the account (statement New)"
GRANT = f"lets AWS {ROLE_ARN} make any grant on it (statement New)"


def with_statement(action: Any, condition: Any = None, **parts: Any) -> Any:
    statement = {
        "Sid": "New",
        "Effect": "Allow",
        "Principal": {"AWS": ROLE_ARN},
        "Action": action,
        "Resource": "*",
        **parts,
    }
    return {
        "policy": {"Statement": [OWNER, {**statement, "Condition": condition} if condition else statement]}
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"description": None}, ["does not say what it is for"], id="none"),
        pytest.param({"description": "  "}, ["does not say what it is for"], id="blanks"),
        pytest.param({"description": "key"}, ["says only 'key' about what it is for"], id="too short"),
        pytest.param(
            {"description": "Managed by Pulumi"},
            ["says only 'Managed by Pulumi' about what it is for"],
            id="what the provider says",
        ),
        pytest.param({"description": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_keys_are_described(change: Any, expected: Any) -> None:
    assert messages(key_use.keys_are_described, KEY, GOOD, change) == expected


def test_keys_stay_in_one_region() -> None:
    rule = key_use.keys_stay_in_one_region
    assert messages(rule, KEY, GOOD, {}) == []
    assert messages(rule, KEY, GOOD, {"multiRegion": True}) == ["can be copied to every region"]
    assert messages(rule, KEY, GOOD, {"multiRegion": UNKNOWN}) == [UNDECIDED]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="the account alone"),
        pytest.param({"policy": None}, [], id="the default policy"),
        pytest.param(with_statement("kms:Decrypt"), [PAST], id="no condition"),
        pytest.param(with_statement("kms:GenerateDataKey*"), [PAST], id="a pattern"),
        pytest.param(with_statement("KMS:*"), [PAST], id="everything"),
        pytest.param(
            with_statement(None, NotAction="kms:Delete*", Action=None), [PAST], id="all but something"
        ),
        pytest.param(with_statement("kms:DescribeKey"), [], id="no use of the material"),
        pytest.param(with_statement("kms:Decrypt", THROUGH_TIMESTREAM), [], id="through Timestream"),
        pytest.param(with_statement("kms:Decrypt", OF_THE_ACCOUNT), [], id="callers of the account"),
        pytest.param(
            with_statement("kms:Decrypt", {"StringLike": {"kms:ViaService": "timestream.*.amazonaws.com"}}),
            [],
            id="in any region",
        ),
        pytest.param(
            with_statement("kms:Decrypt", {"StringLike": {"kms:ViaService": "*.amazonaws.com"}}),
            [PAST],
            id="through any service",
        ),
        pytest.param(
            with_statement("kms:Decrypt", {"StringEqualsIfExists": {"kms:ViaService": "s3.eu.aws.com"}}),
            [PAST],
            id="only if it comes through a service",
        ),
        pytest.param(with_statement("kms:CreateGrant", FOR_RESOURCES), [], id="grants for resources"),
        pytest.param(
            with_statement("kms:Decrypt", Principal={"Service": "logs.eu-west-1.amazonaws.com"}),
            [],
            id="a service",
        ),
        pytest.param(with_statement("kms:Decrypt", Principal={"AWS": "111122223333"}), [], id="an account"),
        pytest.param(with_statement("kms:Decrypt", Effect="Deny"), [], id="denied"),
        pytest.param(with_statement(UNKNOWN), [UNDECIDED], id="an action not known yet"),
        pytest.param(
            with_statement("kms:Decrypt", {"StringEquals": {"kms:ViaService": UNKNOWN}}),
            [UNDECIDED],
            id="a service not known yet",
        ),
        pytest.param(
            with_statement("kms:Decrypt", Principal={"AWS": UNKNOWN}), [UNDECIDED], id="a role not made yet"
        ),
    ],
)
def test_keys_are_used_through_services(change: Any, expected: Any) -> None:
    assert messages(key_use.keys_are_used_through_services, KEY, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="the account alone"),
        pytest.param(with_statement("kms:CreateGrant"), [GRANT], id="any grant"),
        pytest.param(with_statement("kms:*", OF_THE_ACCOUNT), [GRANT], id="everything"),
        pytest.param(with_statement("kms:CreateGrant", FOR_RESOURCES), [], id="for resources"),
        pytest.param(
            with_statement("kms:CreateGrant", {"Bool": {"kms:GrantIsForAWSResource": True}}),
            [],
            id="a boolean",
        ),
        pytest.param(
            with_statement("kms:CreateGrant", {"Bool": {"kms:GrantIsForAWSResource": "false"}}),
            [GRANT],
            id="the other way round",
        ),
        pytest.param(with_statement("kms:Decrypt"), [], id="no grants"),
        pytest.param(with_statement(UNKNOWN), [UNDECIDED], id="not known yet"),
    ],
)
def test_grants_are_for_resources(change: Any, expected: Any) -> None:
    assert messages(key_use.grants_are_for_resources, KEY, GOOD, change) == expected


@pytest.mark.parametrize(
    ("action", "condition", "expected"),
    [
        ("kms:CreateGrant", None, ["allows any grant on keys (statement New)"]),
        ("kms:Create*", None, ["allows any grant on keys (statement New)"]),
        ("kms:CreateGrant", FOR_RESOURCES, []),
        ("kms:Decrypt", None, []),
        ("kms:*", None, []),
        ("*", None, []),
    ],
)
def test_grants_in_identity_policies(action: str, condition: Any, expected: list[str]) -> None:
    change = with_statement(action, condition)
    change["policy"]["Statement"] = change["policy"]["Statement"][1:]
    assert messages(key_use.grants_are_for_resources, MANAGED_POLICY, {}, change) == expected


def test_administrators_do_not_use_keys() -> None:
    rule = key_use.administrators_do_not_use_keys
    both = [f"is administered and used by {ROLE_ARN} (statement New, statement New)"]
    assert messages(rule, KEY, GOOD, {}) == []
    assert messages(rule, KEY, GOOD, with_statement("kms:*")) == both
    assert messages(rule, KEY, GOOD, with_statement(["kms:Put*", "kms:Decrypt"])) == both
    assert messages(rule, KEY, GOOD, with_statement("kms:Put*")) == []
    assert messages(rule, KEY, GOOD, with_statement("kms:Decrypt")) == []
    assert messages(rule, KEY, GOOD, with_statement(UNKNOWN)) == [UNDECIDED]


def test_replicas_and_external_keys_are_judged_too() -> None:
    assert messages(keys.keys_are_enabled, REPLICA_KEY, {}, {"enabled": False}) == ["is disabled"]
    assert messages(keys.keys_are_enabled, EXTERNAL_KEY, {"enabled": True}, {}) == []
    assert messages(keys.deletion_waits, EXTERNAL_KEY, {}, {"deletionWindowInDays": 7}) == [
        "is gone 7 days after it is deleted"
    ]
    assert messages(keys.deletion_waits, KEY, {}, {"deletionWindowInDays": 31}) == [
        "waits 31 days before it is deleted, but KMS takes 7 to 30"
    ]
