from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.buckets import OWN, READER, TLS_ONLY
from timestream_policies.rules import bucket_policies
from timestream_policies.types import BUCKET, BUCKET_POLICY

GOOD = {"bucket": "rejects", "policy": {"Statement": [READER, TLS_ONLY]}}
BOTH = pytest.mark.parametrize("type_", [BUCKET, BUCKET_POLICY])


def with_(statement: Any, **change: Any) -> dict[str, Any]:
    return {"policy": {"Statement": [{**statement, **change}]}}


PUBLIC = [
    "is open to everybody: statement Read allows a wildcard principal, and no condition keeps strangers out"
]


@BOTH
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        (with_(READER, Principal="*"), PUBLIC),
        (with_(READER, Principal={"AWS": ["*"]}), PUBLIC),
        (with_(READER, Principal="*", Condition={"StringEquals": {"aws:VpceAccount": "111122223333"}}), []),
        (with_(READER, Principal=UNKNOWN), [UNDECIDED]),
    ],
)
def test_bucket_policies_are_closed(type_: str, change: Any, expected: Any) -> None:
    assert messages(bucket_policies.bucket_policies_are_closed, type_, GOOD, change) == expected


OPEN = ["takes requests without TLS"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        (with_(TLS_ONLY, Action="*"), []),
        (with_(TLS_ONLY, Resource="*"), []),
        (with_(TLS_ONLY, Principal={"AWS": "*"}), []),
        (with_(TLS_ONLY, Condition={"Bool": {"aws:SecureTransport": False}}), []),
        (with_(TLS_ONLY, Condition={"Bool": {"aws:SecureTransport": "true"}}), OPEN),
        (with_(TLS_ONLY, Effect="Allow"), OPEN),
        (with_(TLS_ONLY, Action="s3:GetObject"), OPEN),
        (with_(TLS_ONLY, Principal={"AWS": "111122223333"}), OPEN),
        (with_(TLS_ONLY, Resource="arn:aws:s3:::rejects"), OPEN),
        (with_(TLS_ONLY, Resource=["arn:aws:s3:::rejects", "arn:aws:s3:::reject/*"]), OPEN),
        (with_(TLS_ONLY, Resource=["arn:aws:s3:::rejects", "arn:aws:s3:::rejects/s/*"]), OPEN),
        (
            with_(
                TLS_ONLY,
                Condition={
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringEquals": {"aws:PrincipalAccount": "111122223333"},
                },
            ),
            OPEN,
        ),
        ({"policy": None}, OPEN),
        ({"policy": UNKNOWN}, [UNDECIDED]),
        (with_(TLS_ONLY, Resource=UNKNOWN), [UNDECIDED]),
    ],
)
def test_buckets_need_tls(change: Any, expected: Any) -> None:
    assert messages(bucket_policies.buckets_need_tls, BUCKET, GOOD, change) == expected
    apart = Given(BUCKET_POLICY, {**GOOD, **change}, "policy")
    assert messages(bucket_policies.buckets_need_tls, BUCKET, {"bucket": "rejects"}, {}, apart) == expected


def test_a_policy_on_everything_is_judged_before_the_name_of_its_bucket_is_known() -> None:
    check = bucket_policies.buckets_need_tls
    for resource, expected in (("*", []), (["arn:aws:s3:::rejects", "arn:aws:s3:::rejects/*"], [UNDECIDED])):
        policy = Given(
            BUCKET_POLICY,
            {"bucket": UNKNOWN, **with_(TLS_ONLY, Resource=resource)},
            "policy",
            {"bucket": ("main",)},
        )
        assert messages(check, BUCKET, {}, {}, policy) == expected


def test_the_policy_of_a_bucket_of_another_stack_is_judged_too() -> None:
    check = bucket_policies.buckets_need_tls
    change = with_(READER)
    assert messages(check, BUCKET_POLICY, GOOD, change) == ["lets its bucket take requests without TLS"]
    bucket = Given(BUCKET, {"bucket": "rejects"}, "bucket")
    assert messages(check, BUCKET_POLICY, GOOD, change, bucket) == []


@BOTH
def test_nobody_is_locked_out(type_: str) -> None:
    check = bucket_policies.bucket_policies_leave_somebody
    expected = ["locks everybody out: statement Tls denies everything to everybody"]
    assert messages(check, type_, GOOD, {}) == []
    assert messages(check, type_, GOOD, with_(TLS_ONLY, Condition=None)) == expected
    assert messages(check, type_, GOOD, with_(TLS_ONLY, Condition=None, Action="s3:DeleteObject")) == []


@BOTH
@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("arn:aws:iam::111122223333:root", []),
        ("444455556666", ["lets 444455556666 in by statement Read"]),
        ("arn:aws:iam::444455556666:role/reader", ["lets 444455556666 in by statement Read"]),
        ("*", ["lets any account in by statement Read"]),
        (UNKNOWN, [UNDECIDED]),
    ],
)
def test_other_accounts(type_: str, principal: Any, expected: Any) -> None:
    check = bucket_policies.no_other_account_uses_the_bucket
    assert messages(check, type_, GOOD, with_(READER, Principal={"AWS": principal}), OWN) == expected


def test_without_any_arn_nobody_knows_which_account_is_ours() -> None:
    assert messages(bucket_policies.no_other_account_uses_the_bucket, BUCKET, GOOD, {}) == [UNDECIDED]


@BOTH
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        (with_(READER, Action="s3:*"), ["allows every action in statement Read"]),
        (with_(READER, Action=["s3:GetObject", "*"]), ["allows every action in statement Read"]),
        (with_(READER, Action="s3:Get*"), []),
        (
            with_(READER, Action=None, NotAction="s3:PutObject"),
            ["allows all actions but some (NotAction) in statement Read"],
        ),
        (
            with_(READER, Principal=None, NotPrincipal={"AWS": "111122223333"}),
            ["allows everybody but some (NotPrincipal) in statement Read"],
        ),
        (with_(READER, Action=UNKNOWN), [UNDECIDED]),
    ],
)
def test_policies_are_explicit(type_: str, change: Any, expected: Any) -> None:
    assert messages(bucket_policies.bucket_policies_are_explicit, type_, GOOD, change) == expected
