"""Roles do what they say and nothing else, judged by an evaluator that this project did not write.

Every action of Timestream and of KMS is tried by every role, on things of the baseline and of others. The
documents are those that the baseline registers with everything on: identity policies, boundary, key policies.
"""

from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.everything import NAME, everything
from tests.components.expected import EXPECTED, OWN_WAY, S3_WAY, TIMESTREAM_WAY, KeyRow, Row
from tests.components.world import (
    VIA_TIMESTREAM,
    Context,
    Role,
    actions_of,
    aliases,
    endpoints,
    keys,
    known_context,
    roles,
    tried,
)
from tests.iam import allowed

VIA_S3: Final = f"s3.{REGION}.amazonaws.com"
WAYS: Final[dict[str, Context]] = {
    TIMESTREAM_WAY: {
        "kms:CallerAccount": ACCOUNT,
        "kms:EncryptionContextKeys": ["aws:timestream:database-name"],
        "kms:GrantIsForAWSResource": "true",
        "kms:ViaService": VIA_TIMESTREAM,
    },
    S3_WAY: {
        "kms:CallerAccount": ACCOUNT,
        "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::payroll/salaries",
        "kms:EncryptionContextKeys": ["aws:s3:arn"],
        "kms:GrantIsForAWSResource": "true",
        "kms:ViaService": VIA_S3,
    },
    OWN_WAY: {
        "kms:CallerAccount": ACCOUNT,
        "kms:EncryptionContext:timestream:database": "metrics",
        "kms:EncryptionContextKeys": ["timestream:database"],
        "kms:GrantIsForAWSResource": "false",
    },
}
# Keys of databases, of other purposes, and of somebody else.
KEYS: Final = (
    "databases/metrics",
    "databases/fleet",
    "databases/legacy",
    "clientSide",
    "scheduledQueries/hourly",
    "trail",
    "backup",
    "strange",
)

# New actions of KMS that the evaluator does not know yet. They are for keys of another kind than ours.
UNJUDGED: Final = {"Decapsulate", "Encapsulate"}


def role(name: str) -> Role:
    return replace(roles()[name], tags=EXPECTED[name].tags)


@cache
def timestream_rows() -> tuple[Row, ...]:
    """Return every action of Timestream with every resource that it is tried on."""
    return tuple(
        (action, resource) for action, types in actions_of("timestream").items() for resource in tried(types)
    )


@cache
def key_rows() -> tuple[KeyRow, ...]:
    """Return every action of KMS that knows keys, with every key and way that it is tried on."""
    actions = [action for action, types in actions_of("kms").items() if "key" in types]
    assert set(actions) >= UNJUDGED
    actions = [action for action in actions if action not in UNJUDGED]
    return tuple((action, key, way) for action in actions for key in KEYS for way in WAYS)


def test_every_role_is_expected() -> None:
    assert sorted(roles()) == sorted(EXPECTED)


def test_the_table_is_large() -> None:
    assert len({action for action, _ in timestream_rows()}) == 37
    assert len({action for action, _, _ in key_rows()}) >= 40
    assert len(timestream_rows()) * len(EXPECTED) >= 400


@pytest.mark.parametrize("name", EXPECTED)
def test_a_role_does_with_timestream_what_it_is_for_and_nothing_else(name: str) -> None:
    through = {"aws:SourceVpce": endpoints()["ingest"][0]}
    requests = [
        role(name).asks(f"timestream:{action}", resource, through) for action, resource in timestream_rows()
    ]
    decisions = zip(timestream_rows(), allowed(requests), strict=True)
    assert {row for row, yes in decisions if yes} == EXPECTED[name].rows()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_role_does_with_keys_what_it_is_for_and_nothing_else(name: str) -> None:
    requests = [
        role(name).asks(
            f"kms:{action}",
            keys()[key][0],
            known_context("kms", action, {**WAYS[way], "kms:ResourceAliases": aliases()[key]}),
            resource_policy=keys()[key][1],
        )
        for action, key, way in key_rows()
    ]
    decisions = zip(key_rows(), allowed(requests), strict=True)
    assert {row for row, yes in decisions if yes} == EXPECTED[name].keys


def test_auditors_read_logs_and_no_error_reports() -> None:
    """The key that describes a scheduled query to them also encrypts its error reports, which hold data."""
    actions = [action for action, types in actions_of("s3").items() if {"bucket", "object"} & set(types)]
    found = {}
    for name in ("trail", "rejectedRecords"):
        (policy,) = (it for it in everything().of("BucketPolicy") if it.name == f"{NAME}-{name}")
        bucket = f"arn:aws:s3:::{policy.inputs['bucket']}"
        requests = [
            role("auditors/compliance").asks(
                f"s3:{action}",
                bucket if "bucket" in actions_of("s3")[action] else f"{bucket}/x",
                {"aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT},
                resource_policy=policy.inputs["policy"],
            )
            for action in actions
        ]
        found[name] = {action for action, yes in zip(actions, allowed(requests), strict=True) if yes}
    assert {"GetObject", "ListBucket"} <= found["trail"]
    assert found["rejectedRecords"] == set()


@pytest.mark.parametrize("name", EXPECTED)
def test_no_role_makes_keys_or_looks_for_them_but_auditors(name: str) -> None:
    actions = [action for action, types in actions_of("kms").items() if not types]
    requests = [role(name).asks(f"kms:{action}", "*", {}) for action in actions]
    found = {action for action, yes in zip(actions, allowed(requests), strict=True) if yes}
    assert found == ({"ListAliases", "ListKeys"} if name.startswith("auditors/") else set())


@pytest.mark.parametrize(
    ("name", "bucket", "actions"),
    [
        ("unloaders/export", "exports", {"CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"}),
        ("batchLoaders/import", "imports", {"Decrypt", "GenerateDataKey"}),
    ],
)
def test_the_key_of_a_bucket_is_used_for_its_objects(name: str, bucket: str, actions: set[str]) -> None:
    """The key that has the alias of the bucket, through S3 for its objects, and through Timestream."""
    arn, policy = keys()["strange"]
    ways: list[Context] = [
        {**WAYS[S3_WAY], "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}/results/1"},
        WAYS[TIMESTREAM_WAY],
    ]
    tried_actions = sorted({action for action, _, _ in key_rows()})
    for alias, expected in ((f"alias/{bucket}", actions), ("alias/payroll", set())):
        requests = [
            role(name).asks(
                f"kms:{action}",
                arn,
                known_context("kms", action, {**way, "kms:ResourceAliases": [alias]}),
                resource_policy=policy,
            )
            for way in ways
            for action in tried_actions
        ]
        found = zip(tried_actions * len(ways), allowed(requests), strict=True)
        assert {action for action, yes in found if yes} == expected
