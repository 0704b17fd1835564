from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.buckets import hardening_gaps, is_log_target
from timestream_policies.examples import Given, build
from timestream_policies.examples.buckets import ALL_GROUP, BLOCKED, TLS_ONLY, sse
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.old_buckets import OLD_BUCKET
from timestream_policies.rules import bucket_access, bucket_data, bucket_encryption, storage
from timestream_policies.types import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_CORS,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_OWNERSHIP,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_VERSIONING,
    KEY,
    TABLE,
    TRAIL,
)

GOOD = {
    "bucket": "rejects",
    "policy": {"Statement": [TLS_ONLY]},
    "serverSideEncryptionConfiguration": {"rule": sse("aws:kms", KEY_ARN, bucketKeyEnabled=True)},
    "versioning": {"enabled": True},
    "lifecycleRules": [{"enabled": True, "abortIncompleteMultipartUploadDays": 7}],
    "logging": {"targetBucket": "logs"},
}
BLOCK = Given(BUCKET_PUBLIC_ACCESS_BLOCK, {"bucket": "rejects", **BLOCKED}, "block")
LOGS_HERE = Given(BUCKET_LOGGING, {"bucket": "data", "targetBucket": "rejects"}, "logging")
TRAIL_HERE = Given(TRAIL, {"s3BucketName": "rejects"}, "trail")


def beside(type_: str, name: str = "beside", bucket: Any = "rejects", **properties: Any) -> Given:
    return Given(type_, {"bucket": bucket, **properties}, name)


def encrypted(rule: Any) -> dict[str, Any]:
    return {"serverSideEncryptionConfiguration": {"rule": rule}}


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        pytest.param({}, (), [], id="good"),
        pytest.param(encrypted(sse("AES256")), (), ["is not encrypted with KMS"], id="AES256"),
        pytest.param(encrypted(sse("aws:kms:dsse")), (), [], id="two layers"),
        pytest.param(encrypted(sse("iron maiden")), (), ["is not encrypted with KMS"], id="nonsense"),
        pytest.param(encrypted(None), (), ["is not encrypted with KMS"], id="no rule"),
        pytest.param(encrypted(UNKNOWN), (), [UNDECIDED], id="not known yet"),
        pytest.param(encrypted(None), (LOGS_HERE,), [], id="access logs can have none"),
        pytest.param(
            encrypted(None), (beside(BUCKET_ENCRYPTION, rules=[sse("aws:kms")]),), [], id="beside the bucket"
        ),
        pytest.param(
            encrypted(None),
            (beside(BUCKET_ENCRYPTION, bucket="other", rules=[sse("aws:kms")]),),
            ["is not encrypted with KMS"],
            id="beside another bucket",
        ),
        pytest.param(
            encrypted(None),
            (beside(BUCKET_ENCRYPTION, bucket=UNKNOWN, rules=[sse("aws:kms")]),),
            [UNDECIDED],
            id="beside nobody knows which",
        ),
    ],
)
def test_buckets_use_kms(change: Any, others: Any, expected: Any) -> None:
    assert messages(bucket_encryption.buckets_use_kms, BUCKET, GOOD, change, *others) == expected


NO_KEY = ["is not encrypted with a customer managed key"]


@pytest.mark.parametrize(
    ("rule", "depends", "expected"),
    [
        pytest.param(sse("aws:kms", KEY_ARN), {}, [], id="good"),
        pytest.param(sse("aws:kms"), {}, NO_KEY, id="no key"),
        pytest.param(sse("aws:kms", "alias/aws/s3"), {}, NO_KEY, id="the key of AWS"),
        pytest.param(sse("aws:kms", "foo"), {}, NO_KEY, id="no key at all"),
        pytest.param(sse("AES256", KEY_ARN), {}, NO_KEY, id="AES256 takes no key"),
        pytest.param(sse("aws:kms", UNKNOWN), {}, [UNDECIDED], id="not known yet"),
        pytest.param(
            sse("aws:kms", UNKNOWN),
            {"serverSideEncryptionConfiguration": ("key",)},
            [],
            id="a key of this stack",
        ),
    ],
)
def test_buckets_use_a_customer_key(rule: Any, depends: Any, expected: Any) -> None:
    check = bucket_encryption.buckets_use_a_customer_key
    key = Given(KEY, {"description": "rejects"}, "key")
    assert messages(check, BUCKET, GOOD, encrypted(rule), key, depends=depends) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (sse("aws:kms", bucketKeyEnabled=True), []),
        (sse("aws:kms"), ["uses KMS without a bucket key"]),
        (sse("AES256"), []),
        (sse("aws:kms:dsse"), []),
        (sse("aws:kms", bucketKeyEnabled=UNKNOWN), [UNDECIDED]),
    ],
)
def test_bucket_keys(rule: Any, expected: Any) -> None:
    assert messages(bucket_encryption.bucket_keys_are_on, BUCKET, GOOD, encrypted(rule)) == expected
    apart = {"bucket": "rejects", "rules": [rule]}
    assert messages(bucket_encryption.bucket_keys_are_on, BUCKET_ENCRYPTION, apart, {}) == expected


def test_an_algorithm_that_s3_does_not_have() -> None:
    expected = ["names 'none' for encryption, which S3 does not have"]
    assert messages(bucket_encryption.algorithms_exist, BUCKET, GOOD, encrypted(sse("none"))) == expected
    assert messages(bucket_encryption.algorithms_exist, BUCKET, {"bucket": "rejects"}, {}) == []


@pytest.mark.parametrize("flag", BLOCKED)
def test_each_flag_of_the_block_counts(flag: str) -> None:
    check = bucket_access.public_access_is_blocked
    good = {"bucket": "rejects", **BLOCKED}
    type_ = BUCKET_PUBLIC_ACCESS_BLOCK
    assert messages(check, type_, good, {}) == []
    assert messages(check, type_, good, {flag: False}) == [f"leaves {flag} off"]
    assert messages(check, type_, good, {flag: None}) == [f"leaves {flag} off"]
    assert messages(check, type_, good, {flag: UNKNOWN}) == [UNDECIDED]


def test_a_bucket_needs_a_block() -> None:
    check = bucket_access.public_access_is_blocked
    assert messages(check, BUCKET, GOOD, {}, BLOCK) == []
    assert messages(check, BUCKET, GOOD, {}) == ["has no public access block"]


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        ({}, (), []),
        ({"acl": "private"}, (), []),
        ({"acl": "log-delivery-write"}, (), []),
        ({"acl": "public-read"}, (), ["is open to everybody by its ACL (public-read)"]),
        ({"acl": "authenticated-read"}, (), ["is open to everybody by its ACL (authenticated-read)"]),
        ({"acl": "public-read"}, (BLOCK,), []),
        ({"acl": UNKNOWN}, (), [UNDECIDED]),
        ({"grants": [{"uri": ALL_GROUP, "permissions": ["READ"]}]}, (), ["is open to everybody by a grant"]),
        ({"grants": [{"uri": UNKNOWN}]}, (), [UNDECIDED]),
    ],
)
def test_acls(change: Any, others: Any, expected: Any) -> None:
    assert messages(bucket_access.acls_are_private, BUCKET, GOOD, change, *others) == expected


def test_a_separate_acl_grants_nothing_to_all() -> None:
    grants = {"grants": [{"grantee": {"uri": ALL_GROUP}, "permission": "READ"}]}
    check = bucket_access.acls_are_private
    acl = {"bucket": "rejects", "accessControlPolicy": grants}
    assert messages(check, BUCKET_ACL, acl, {}) == ["is open to everybody by a grant"]
    assert messages(check, BUCKET_ACL, acl, {}, Given(BUCKET, GOOD, "bucket"), BLOCK) == []


def test_ownership_cors_names_and_websites() -> None:
    rule = {"objectOwnership": "ObjectWriter"}
    check = bucket_access.acls_are_off
    assert messages(check, BUCKET_OWNERSHIP, {"rule": rule}, {}) == ["lets ACLs decide (ObjectWriter)"]
    name = messages(bucket_access.names_work_in_dns, BUCKET, GOOD, {"bucket": "a.b"})
    assert name == ["is called 'a.b', which does not work in DNS with TLS"]
    website = messages(
        bucket_access.buckets_are_no_websites, BUCKET, GOOD, {"website": {"indexDocument": "i"}}
    )
    assert website == ["is a website"]


@pytest.mark.parametrize(
    ("methods", "origins", "headers", "is_open"),
    [
        (["GET"], ["https://example.org"], ["*"], False),
        (["GET"], ["*"], None, True),
        (["PUT", "POST"], ["https://example.org"], ["*"], True),
        (["GET", "PUT", "POST", "DELETE", "HEAD"], ["https://example.org"], None, True),
    ],
)
def test_cors(methods: Any, origins: Any, headers: Any, is_open: bool) -> None:
    rule = {"allowedMethods": methods, "allowedOrigins": origins, "allowedHeaders": headers}
    expected = ["has a CORS rule for everything"] if is_open else []
    for type_ in (BUCKET, BUCKET_CORS):
        given = {"bucket": "rejects", "corsRules": [rule]}
        assert messages(bucket_access.cors_is_narrow, type_, given, {}) == expected


NO_LOGS = ["keeps no access logs"]


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        ({}, (), []),
        ({"logging": None}, (), NO_LOGS),
        ({"logging": None}, (beside(BUCKET_LOGGING, targetBucket="logs"),), []),
        ({"logging": None}, (LOGS_HERE,), []),
        ({"logging": None, "acl": "log-delivery-write"}, (), []),
        ({"logging": UNKNOWN}, (), [UNDECIDED]),
        ({"logging": {"targetBucket": UNKNOWN}}, (), [UNDECIDED]),
        ({"logging": {"targetBucket": ""}}, (), NO_LOGS),
    ],
)
def test_access_logs(change: Any, others: Any, expected: Any) -> None:
    assert messages(bucket_data.access_is_logged, BUCKET, GOOD, change, *others) == expected


def test_access_logs_go_to_a_bucket_that_is_not_made_yet() -> None:
    logs = Given(BUCKET, {"bucket": UNKNOWN}, "logs")
    change = {"logging": {"targetBucket": UNKNOWN}}
    depends = {"logging": ("logs",)}
    assert messages(bucket_data.access_is_logged, BUCKET, GOOD, change, logs, depends=depends) == []


NO_VERSIONS = ["keeps no old versions"]


@pytest.mark.parametrize(
    ("inline", "apart", "expected"),
    [
        ({"enabled": True}, None, []),
        ({"enabled": False}, None, NO_VERSIONS),
        (None, None, NO_VERSIONS),
        (None, "Enabled", []),
        (None, "Suspended", NO_VERSIONS),
        (None, UNKNOWN, [UNDECIDED]),
        ({"enabled": UNKNOWN}, None, [UNDECIDED]),
    ],
)
def test_versions(inline: Any, apart: Any, expected: Any) -> None:
    others = (beside(BUCKET_VERSIONING, versioningConfiguration={"status": apart}),) if apart else ()
    check = bucket_data.buckets_are_versioned
    assert messages(check, BUCKET, GOOD, {"versioning": inline}, *others) == expected


def test_only_the_buckets_of_trails_are_locked() -> None:
    check = bucket_data.trail_buckets_are_locked
    locked = {"objectLockConfiguration": {"rule": {"defaultRetention": {"days": 30}}}}
    assert messages(check, BUCKET, GOOD, {}) == []
    assert messages(check, BUCKET, GOOD, {}, TRAIL_HERE) == ["does not lock what the trail delivers"]
    assert messages(check, BUCKET, GOOD, locked, TRAIL_HERE) == []


@pytest.mark.parametrize(
    ("rule", "is_kept"),
    [
        ({"status": "Enabled"}, True),
        ({"status": "Enabled", "filter": {}}, False),
        ({"status": "Enabled", "filter": {"prefix": ""}}, False),
        ({"status": "Enabled", "filter": {"prefix": "tmp/"}}, True),
        ({"status": "Disabled"}, True),
    ],
)
def test_unfinished_uploads(rule: Any, is_kept: bool) -> None:
    abort = {"abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}} if len(rule) > 1 else {}
    given = {"bucket": "rejects", "rules": [{**rule, **abort}]}
    expected = ["keeps the parts of unfinished uploads"] if is_kept else []
    assert messages(bucket_data.unfinished_uploads_are_dropped, BUCKET_LIFECYCLE, given, {}) == expected


def test_what_a_weak_bucket_lacks() -> None:
    stack = build((Given(BUCKET, {"bucket": "rejects"}),))
    assert list(hardening_gaps(stack.resources[0], stack)) == [
        "does not block public access with all four flags",
        "is not encrypted with a customer managed key",
        "keeps no old versions",
        "has no lifecycle rule",
        "takes requests without TLS",
    ]
    stack = build((Given(BUCKET, GOOD), BLOCK))
    assert list(hardening_gaps(stack.resources[0], stack)) == []
    assert not is_log_target(stack.resources[0], stack)


def test_the_bucket_of_rejected_records_is_named() -> None:
    location = {"s3Configuration": {"bucketName": "rejects"}}
    table = {"magneticStoreWriteProperties": {"magneticStoreRejectedDataLocation": location}}
    bucket = Given(BUCKET, {**GOOD, "versioning": None}, "bucket")
    assert messages(storage.rejects_lie_safe, TABLE, table, {}, bucket, BLOCK) == [
        "writes to the bucket 'bucket', which keeps no old versions"
    ]
    assert messages(storage.rejects_lie_safe, TABLE, table, {}) == []


OLD_GOOD = {
    "bucket": "rejects",
    "serverSideEncryptionConfigurations": [
        {
            "rules": [
                {
                    "applyServerSideEncryptionByDefaults": [
                        {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY_ARN}
                    ],
                    "bucketKeyEnabled": True,
                }
            ]
        }
    ],
    "versionings": [{"enabled": True}],
    "loggings": [{"targetBucket": "logs"}],
    "objectLockConfiguration": {"rules": [{"defaultRetentions": [{"mode": "COMPLIANCE", "days": 365}]}]},
    "lifecycleRules": [{"enabled": True, "noncurrentVersionExpirations": [{"days": 90}]}],
}


@pytest.mark.parametrize(
    ("name", "rule", "message"),
    [
        (
            "serverSideEncryptionConfigurations",
            bucket_encryption.buckets_use_kms,
            "is not encrypted with KMS",
        ),
        (
            "serverSideEncryptionConfigurations",
            bucket_encryption.buckets_use_a_customer_key,
            "is not encrypted with a customer managed key",
        ),
        ("versionings", bucket_data.buckets_are_versioned, "keeps no old versions"),
        ("loggings", bucket_data.access_is_logged, "keeps no access logs"),
    ],
)
def test_an_older_bucket_has_its_blocks_in_lists(name: str, rule: Any, message: str) -> None:
    assert messages(rule, OLD_BUCKET, OLD_GOOD, {}) == []
    assert messages(rule, OLD_BUCKET, OLD_GOOD, {name: UNKNOWN}) == [UNDECIDED]
    absent: tuple[Any, ...] = (None, [])
    for nothing in absent:
        assert messages(rule, OLD_BUCKET, OLD_GOOD, {name: nothing}) == [message]


def test_the_lock_lifecycle_and_logging_target_of_an_older_bucket_are_read() -> None:
    assert messages(bucket_data.trail_buckets_are_locked, OLD_BUCKET, OLD_GOOD, {}, TRAIL_HERE) == []
    assert messages(bucket_data.buckets_have_a_lifecycle, OLD_BUCKET, OLD_GOOD, {}) == []
    source = Given(OLD_BUCKET, {"loggings": [{"targetBucket": UNKNOWN}]}, "s", {"loggings": ("main",)})
    stack = build((Given(BUCKET, {"bucket": "logs"}, "main"), source))
    assert is_log_target(stack.resources[0], stack)
