"""Which conditions keep strangers out of a statement that speaks to everybody."""

from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.rules import keys
from timestream_policies.types import KEY_POLICY

OPEN = [
    "lets everybody in: statement It of its policy allows a wildcard principal, "
    "and no condition keeps strangers out"
]


def said(condition: Any) -> list[str]:
    statement = {
        "Sid": "It",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": condition,
    }
    return messages(keys.key_policy_is_not_public, KEY_POLICY, {}, {"policy": {"Statement": [statement]}})


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        pytest.param("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", id="an organisation"),
        pytest.param("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3/r-1/*", id="below one"),
        pytest.param("StringEquals", "aws:PrincipalAccount", "111122223333", id="an account"),
        pytest.param("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", id="the owner's"),
        pytest.param("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", id="its roles"),
        pytest.param("ArnLike", "aws:SourceArn", "arn:aws:s3:::telemetry", id="a bucket"),
        pytest.param("StringLike", "aws:userid", "AROAEXAMPLEID:*", id="sessions of a role"),
        pytest.param("StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d", id="an endpoint"),
    ],
)
def test_what_names_somebody_keeps_strangers_out(operator: str, key: str, value: str) -> None:
    assert said({operator: {key: value}}) == []


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        pytest.param("StringLike", "aws:PrincipalOrgID", "o-*", id="any organisation"),
        pytest.param("StringLike", "aws:PrincipalOrgPaths", "o-*/r-1/*", id="any organisation's path"),
        pytest.param("StringLike", "aws:PrincipalAccount", "1111*", id="many accounts"),
        pytest.param("StringLike", "aws:PrincipalArn", "ar*", id="the beginning of every ARN"),
        pytest.param("StringLike", "aws:PrincipalArn", "arn:aws:iam:*", id="every ARN of IAM"),
        pytest.param("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin", id="a name anywhere"),
        pytest.param("ArnLike", "aws:SourceArn", "arn:aws:s3:::t*", id="many buckets"),
        pytest.param("StringLike", "aws:userid", "AROA*", id="any role"),
        pytest.param("StringLike", "aws:SourceVpce", "vpce-*", id="any endpoint"),
        pytest.param(
            "StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}", id="the caller is the caller"
        ),
        pytest.param("StringLike", "aws:PrincipalArn", "${*}", id="an escaped star"),
        pytest.param("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5", id="if there is one"),
        pytest.param("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", id="all but one"),
        pytest.param("StringEquals", "aws:PrincipalOrgID", [], id="nothing to compare with"),
        pytest.param("StringEquals", "aws:PrincipalOrgID", ["o-a1b2c3d4e5", {}], id="something odd"),
    ],
)
def test_what_fits_strangers_too_does_not(operator: str, key: str, value: Any) -> None:
    assert said({operator: {key: value}}) == OPEN


def test_a_value_that_is_not_known_yet_decides_nothing() -> None:
    assert said({"StringEquals": {"aws:PrincipalOrgID": UNKNOWN}}) == [UNDECIDED]
