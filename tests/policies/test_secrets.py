from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.secrets import ARN, READS, TOKEN, TOKEN_ROTATION
from timestream_policies.rules import secrets
from timestream_policies.types import KEY, SECRET, SECRET_POLICY, SECRET_ROTATION

GOOD = {"name": "plant/token", "kmsKeyId": KEY_ARN, "description": "token of the plant"}
OWN = Given(KEY, {}, "key", outputs={"arn": KEY_ARN})


def test_keys_and_descriptions() -> None:
    check = secrets.secrets_use_a_customer_key
    assert messages(check, SECRET, GOOD, {}) == []
    assert messages(check, SECRET, GOOD, {"kmsKeyId": None}) == [
        "is not encrypted with a customer managed key"
    ]
    assert messages(check, SECRET, GOOD, {"kmsKeyId": "alias/aws/secretsmanager"}) == [
        "is encrypted with the key that AWS manages (alias/aws/secretsmanager)"
    ]
    assert messages(check, SECRET, GOOD, {"kmsKeyId": UNKNOWN}) == [UNDECIDED]
    assert messages(secrets.secrets_are_described, SECRET, GOOD, {}) == []
    assert messages(secrets.secrets_are_described, SECRET, GOOD, {"description": ""}) == [
        "has no description"
    ]
    assert messages(secrets.secrets_are_described, SECRET, GOOD, {"description": "abc"}) == [
        "says only 'abc' about what it is for"
    ]


def test_secrets_are_rotated() -> None:
    check = secrets.secrets_are_rotated
    rotation = Given(SECRET_ROTATION, {"secretId": UNKNOWN}, "rotation", {"secretId": ("main",)})
    unplaced = Given(SECRET_ROTATION, {"secretId": UNKNOWN}, "rotation")
    assert messages(check, SECRET, GOOD, {}) == ["is never rotated"]
    assert messages(check, SECRET, GOOD, {}, rotation) == []
    assert messages(check, SECRET, GOOD, {}, unplaced) == [UNDECIDED]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"automaticallyAfterDays": 90}, []),
        ({"automaticallyAfterDays": 91}, ["rotates only every 91 days"]),
        ({"automaticallyAfterDays": "91"}, ["rotates only every 91 days"]),
        ({"automaticallyAfterDays": UNKNOWN}, [UNDECIDED]),
        ({"scheduleExpression": "rate(4 hours)"}, []),
        ({"scheduleExpression": "rate(90 days)"}, []),
        ({"scheduleExpression": "rate(91 days)"}, ["rotates only at rate(91 days)"]),
        ({"scheduleExpression": "cron(0 12 * * ? *)"}, []),
    ],
)
def test_rotation_is_frequent(rules: Any, expected: Any) -> None:
    assert messages(secrets.rotation_is_frequent, SECRET_ROTATION, {"rotationRules": rules}, {}) == expected


@pytest.mark.parametrize("type_", [SECRET, SECRET_POLICY])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"Principal": "*"}, ["lets any account in by statement Read"]),
        ({"Principal": {"AWS": "444455556666"}}, ["lets 444455556666 in by statement Read"]),
        ({"Action": "secretsmanager:*"}, ["allows every action in statement Read"]),
        ({"Effect": "Deny", "Principal": "*"}, []),
        ({"Principal": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_policies_are_narrow(type_: str, change: Any, expected: Any) -> None:
    given = {**(ARN if type_ == SECRET_POLICY else GOOD), "policy": {"Statement": [{**READS, **change}]}}
    assert messages(secrets.secret_policies_are_narrow, type_, given, {}, OWN) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"kmsKeyId": None}, ["is not encrypted with a customer managed key"]),
        ({"recoveryWindowInDays": 0}, ["is gone 0 days after it is deleted"]),
        (
            {"policy": {"Statement": [{**READS, "Principal": "*"}]}},
            ["is open to everybody by statement Read"],
        ),
        ({"description": "token of InfluxDB", "recoveryWindowInDays": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_tokens_of_influxdb(change: Any, expected: Any) -> None:
    assert messages(secrets.influxdb_tokens_are_kept, SECRET, TOKEN, change, TOKEN_ROTATION) == expected


def test_a_secret_that_timestream_makes_itself_is_not_made_by_hand() -> None:
    name = "READONLY-InfluxDB-auth-parameters-plant"
    rotation = Given(SECRET_ROTATION, {"secretId": name}, "rotation")
    assert messages(secrets.influxdb_tokens_are_kept, SECRET, TOKEN, {"name": name}, rotation) == [
        "is made by hand, but Timestream makes the secrets of that name"
    ]
