from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples.keys import OWNER
from timestream_policies.rules import keys
from timestream_policies.types import KEY, KEY_POLICY

GOOD = {
    "description": "metrics",
    "enableKeyRotation": True,
    "deletionWindowInDays": 30,
    "policy": {"Version": "2012-10-17", "Statement": [OWNER]},
}
OPEN = (
    "lets everybody in: statement {} of its policy allows a wildcard principal, "
    "and no condition keeps strangers out"
)


def with_statement(**parts: Any) -> Any:
    statement = {"Sid": "New", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", **parts}
    return {"policy": {"Statement": [OWNER, statement]}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"enableKeyRotation": False}, ["is never rotated"], id="rotation off"),
        pytest.param({"enableKeyRotation": "false"}, ["is never rotated"], id="rotation off, as text"),
        pytest.param({"enableKeyRotation": None}, ["is never rotated"], id="nothing said"),
        pytest.param({"rotationPeriodInDays": 400}, ["rotates only every 400 days"], id="period too long"),
        pytest.param({"rotationPeriodInDays": 365.0}, [], id="a float from the wire"),
        pytest.param({"enableKeyRotation": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param({"rotationPeriodInDays": UNKNOWN}, [UNDECIDED], id="period not known yet"),
        pytest.param(
            {"customerMasterKeySpec": "RSA_2048", "enableKeyRotation": None},
            [],
            id="asymmetric keys cannot rotate",
        ),
        pytest.param({"keyUsage": "GENERATE_VERIFY_MAC", "enableKeyRotation": None}, [], id="nor HMAC keys"),
        pytest.param(
            {"customKeyStoreId": "cks-1", "enableKeyRotation": None}, [], id="nor keys in a custom store"
        ),
    ],
)
def test_keys_rotate(change: Any, expected: Any) -> None:
    assert messages(keys.keys_rotate, KEY, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"policy": None}, [], id="the default policy"),
        pytest.param(with_statement(Principal="*"), [OPEN.format("New")], id="everybody"),
        pytest.param(with_statement(Principal={"AWS": "*"}), [OPEN.format("New")], id="every AWS principal"),
        pytest.param(
            with_statement(Principal={"AWS": ["arn:aws:iam::1:root", "*"]}),
            [OPEN.format("New")],
            id="in a list",
        ),
        pytest.param(with_statement(Principal={"Service": "*"}), [OPEN.format("New")], id="every service"),
        pytest.param(
            with_statement(Principal={"AWS": "arn:aws:iam::*:root"}), [OPEN.format("New")], id="every account"
        ),
        pytest.param(
            with_statement(NotPrincipal={"AWS": "arn:aws:iam::1:root"}),
            [OPEN.format("New")],
            id="all but one",
        ),
        pytest.param(
            with_statement(Principal="*", Sid=None), [OPEN.format("2")], id="a statement without a name"
        ),
        pytest.param(
            with_statement(Principal="*", Effect=None), [OPEN.format("New")], id="no effect means allow"
        ),
        pytest.param(with_statement(Principal="*", Effect="Deny"), [], id="everybody is denied"),
        pytest.param(
            with_statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3"}}),
            [],
            id="one organization",
        ),
        pytest.param(
            with_statement(Principal="*", Condition={"StringLike": {"aws:PrincipalOrgID": "*"}}),
            [OPEN.format("New")],
            id="any organization",
        ),
        pytest.param(
            with_statement(
                Principal="*", Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3"}}
            ),
            [OPEN.format("New")],
            id="only if the key is there",
        ),
        pytest.param(
            with_statement(Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3"}}),
            [OPEN.format("New")],
            id="everybody but one organization",
        ),
        pytest.param(
            with_statement(
                Principal="*",
                Condition={
                    "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::1:role/a", "arn:aws:iam::*:role/b"]}
                },
            ),
            [OPEN.format("New")],
            id="any value will do, so the widest counts",
        ),
        pytest.param(
            with_statement(
                Principal="*", Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
            ),
            [OPEN.format("New")],
            id="through a service, but by anybody",
        ),
        pytest.param({"policy": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param(with_statement(Principal=UNKNOWN), [UNDECIDED], id="principal not known yet"),
        pytest.param(
            with_statement(Principal={"AWS": [UNKNOWN, "*"]}),
            [OPEN.format("New")],
            id="known evidence settles it",
        ),
        pytest.param(
            with_statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": UNKNOWN}}),
            [UNDECIDED],
            id="organization not known yet",
        ),
        pytest.param({"policy": '{"Statement'}, ["not applicable: policy is not JSON"], id="not JSON"),
        pytest.param(
            {"policy": {"Statement": "oops"}}, [OPEN.format("1")], id="an odd statement is the widest"
        ),
    ],
)
@pytest.mark.parametrize("type_", [KEY, KEY_POLICY])
def test_key_policies_are_not_public(type_: Any, change: Any, expected: Any) -> None:
    assert messages(keys.key_policy_is_not_public, type_, GOOD, change) == expected


def test_each_open_statement_is_a_finding_of_its_own_and_an_unknown_one_hides_none() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    policy = {"Statement": [{**statement, "Sid": "A"}, UNKNOWN, {**statement, "Sid": "B"}]}
    assert messages(keys.key_policy_is_not_public, KEY, GOOD, {"policy": policy}) == [
        OPEN.format("A"),
        OPEN.format("B"),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"deletionWindowInDays": None}, [], id="AWS's default is 30"),
        pytest.param({"deletionWindowInDays": 7}, ["is gone 7 days after it is deleted"], id="a week"),
        pytest.param({"deletionWindowInDays": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_deletion_waits(change: Any, expected: Any) -> None:
    assert messages(keys.deletion_waits, KEY, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"policy": None}, [], id="the default policy is"),
        pytest.param(
            {"policy": {"Statement": [{**OWNER, "Action": "kms:Decrypt"}]}},
            ["cannot be managed: its policy lets nobody change it"],
            id="only decryption",
        ),
        pytest.param(
            {"policy": {"Statement": [{**OWNER, "Principal": {"Service": "logs.amazonaws.com"}}]}},
            ["cannot be managed: its policy lets nobody change it"],
            id="a service cannot change it",
        ),
        pytest.param({"policy": {"Statement": [OWNER, UNKNOWN]}}, [], id="one known statement is enough"),
        pytest.param(
            {"policy": {"Statement": [{**OWNER, "Action": UNKNOWN}]}}, [UNDECIDED], id="actions not known yet"
        ),
    ],
)
def test_key_policies_can_be_changed(change: Any, expected: Any) -> None:
    assert messages(keys.key_policy_can_be_changed, KEY, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"isEnabled": False}, ["is disabled"], id="disabled"),
        pytest.param({"isEnabled": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_keys_are_enabled(change: Any, expected: Any) -> None:
    assert messages(keys.keys_are_enabled, KEY, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(
            {"bypassPolicyLockoutSafetyCheck": True}, ["switches the lockout check off"], id="bypassed"
        ),
    ],
)
def test_the_lockout_check_is_on(change: Any, expected: Any) -> None:
    assert messages(keys.lockout_check_is_on, KEY, GOOD, change) == expected
