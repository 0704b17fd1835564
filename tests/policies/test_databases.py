from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.rules import databases, tables
from timestream_policies.settings import Settings
from timestream_policies.types import BACKUP_VAULT, BUCKET, DATABASE, KEY, KEY_ALIAS, TABLE

GOOD = {"databaseName": "metrics", "kmsKeyId": KEY_ARN}
ALIAS_ARN = "arn:aws:kms:eu-west-1:111122223333:alias/metrics"
AWS_ALIAS_ARN = "arn:aws:kms:eu-west-1:111122223333:alias/aws/timestream"
KEY_OF_THE_STACK = Given(KEY, {"enableKeyRotation": True}, "key", outputs={"arn": KEY_ARN})
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"kmsKeyId": None}, ["is encrypted with the key that AWS manages"], id="no key"),
        pytest.param({"kmsKeyId": ""}, ["is encrypted with the key that AWS manages"], id="an empty key"),
        pytest.param(
            {"kmsKeyId": "foo"}, ["has 'foo' for a key, which is not the ARN of a key"], id="nonsense"
        ),
        pytest.param(
            {"kmsKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
            [],
            id="a key id is a customer's; TS-DB-002 asks for its ARN",
        ),
        pytest.param(
            {"kmsKeyId": "alias/aws/timestream"},
            ["is encrypted with the key that AWS manages (alias/aws/timestream)"],
            id="the alias of AWS's key",
        ),
        pytest.param(
            {"kmsKeyId": AWS_ALIAS_ARN},
            [f"is encrypted with the key that AWS manages ({AWS_ALIAS_ARN})"],
            id="the alias ARN of AWS's key",
        ),
        pytest.param(
            {"kmsKeyId": ALIAS_ARN},
            [],
            id="an alias ARN is a customer's; TS-DB-002 asks for the key's",
        ),
        pytest.param(
            {"kmsKeyId": KEY_ARN.replace("1234abcd-12ab", "mrk-1234abcd12ab")}, None, id="a wrong ARN"
        ),
        pytest.param({"kmsKeyId": KEY_ARN.replace("aws:", "aws-us-gov:", 1)}, [], id="another partition"),
        pytest.param({"kmsKeyId": UNKNOWN}, [UNDECIDED], id="not known yet, and from nowhere"),
        pytest.param({"kmsKeyId": "[secret]"}, [UNDECIDED], id="a secret that cannot be read"),
        pytest.param({"kmsKeyId": {**SECRET, "value": KEY_ARN}}, [], id="a secret that can be read"),
        pytest.param({"kmsKeyId": {**SECRET, "ciphertext": "v1:x"}}, [UNDECIDED], id="an encrypted secret"),
    ],
)
def test_databases_use_a_customer_key(change: Any, expected: Any) -> None:
    found = messages(databases.databases_use_a_customer_key, DATABASE, GOOD, change)
    assert found == expected if expected is not None else found not in ([], [UNDECIDED])


@pytest.mark.parametrize(
    ("others", "depends", "expected"),
    [
        pytest.param([Given(KEY, {}, "key")], ("key",), [], id="a key"),
        pytest.param(
            [
                Given(KEY_ALIAS, {"targetKeyId": UNKNOWN}, "alias", {"targetKeyId": ("key",)}),
                Given(KEY, {}, "key"),
            ],
            ("alias",),
            [],
            id="an alias stands for its key",
        ),
        pytest.param(
            [Given(KEY_ALIAS, {"targetKeyId": UNKNOWN}, "alias")],
            ("alias",),
            [UNDECIDED],
            id="an alias of no known key",
        ),
        pytest.param(
            [Given("aws:sqs/queue:Queue", {}, "queue")], ("queue",), [UNDECIDED], id="something else"
        ),
    ],
)
def test_a_key_that_is_not_known_yet_is_decided_by_reference(
    others: Any, depends: Any, expected: Any
) -> None:
    found = messages(
        databases.databases_use_a_customer_key, DATABASE, GOOD, {"kmsKeyId": UNKNOWN}, *others,
        depends={"kmsKeyId": depends},
    )  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(
            {"enableKeyRotation": False},
            ["is encrypted with the key 'key', which never rotates"],
            id="no rotation",
        ),
        pytest.param(
            {"isEnabled": False}, ["is encrypted with the key 'key', which is disabled"], id="disabled"
        ),
        pytest.param(
            {"customKeyStoreId": "cks-1"},
            [
                "is encrypted with the key 'key', which is not a symmetric encryption key "
                "in the KMS key store, so Timestream cannot use it"
            ],
            id="an external store",
        ),
        pytest.param({"enableKeyRotation": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_database_keys_are_sound(change: Any, expected: Any) -> None:
    key = Given(KEY, {"enableKeyRotation": True, **change}, "key", outputs={"arn": KEY_ARN})
    assert messages(databases.database_keys_are_sound, DATABASE, GOOD, {}, key) == expected


TABLE_GOOD = {
    "retentionProperties": {
        "memoryStoreRetentionPeriodInHours": 24,
        "magneticStoreRetentionPeriodInDays": 365,
    },
    "magneticStoreWriteProperties": {
        "enableMagneticStoreWrites": True,
        "magneticStoreRejectedDataLocation": {
            "s3Configuration": {"bucketName": "rejected", "encryptionOption": "SSE_KMS", "kmsKeyId": KEY_ARN}
        },
    },
}


def retention(hours: Any = 24, days: Any = 365) -> Any:
    return {
        "retentionProperties": {
            "memoryStoreRetentionPeriodInHours": hours,
            "magneticStoreRetentionPeriodInDays": days,
        }
    }


def rejects(**s3: Any) -> Any:
    return {
        "magneticStoreWriteProperties": {
            "enableMagneticStoreWrites": True,
            "magneticStoreRejectedDataLocation": {"s3Configuration": {"bucketName": "rejected", **s3}},
        }
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(retention(days=3653), [], id="ten years"),
        pytest.param(retention(days=73000), ["keeps data for 73000 days, about 200 years"], id="200 years"),
        pytest.param(
            {"retentionProperties": None},
            ["says nothing about retention, so it keeps data for 200 years"],
            id="nothing said",
        ),
        pytest.param({"retentionProperties": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param(retention(days=UNKNOWN), [UNDECIDED], id="days not known yet"),
        pytest.param(retention(hours=UNKNOWN), [], id="hours not known yet do not matter"),
    ],
)
def test_retention_is_chosen(change: Any, expected: Any) -> None:
    assert messages(tables.retention_is_chosen, TABLE, TABLE_GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(
            retention(72, 2), ["keeps data 72 hours in memory, but 2 days in all"], id="wrong way round"
        ),
        pytest.param(retention(48, 2), [], id="equal"),
        pytest.param(retention(UNKNOWN, 2), [UNDECIDED], id="not known yet"),
    ],
)
def test_retention_is_in_order(change: Any, expected: Any) -> None:
    assert messages(tables.retention_is_in_order, TABLE, TABLE_GOOD, change) == expected


LOST = "loses the records that its magnetic store rejects"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"magneticStoreWriteProperties": None}, [], id="no magnetic writes"),
        pytest.param(
            {"magneticStoreWriteProperties": {"enableMagneticStoreWrites": True}}, [LOST], id="no location"
        ),
        pytest.param(
            {"magneticStoreWriteProperties": {"enableMagneticStoreWrites": "true"}}, [LOST], id="as text"
        ),
        pytest.param(rejects(bucketName=None), [LOST], id="no bucket"),
        pytest.param(rejects(bucketName=UNKNOWN), [UNDECIDED], id="bucket not known yet"),
    ],
)
def test_rejected_records_are_kept(change: Any, expected: Any) -> None:
    assert messages(tables.rejected_records_are_kept, TABLE, TABLE_GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(rejects(), ["writes rejected records without a key"], id="nothing said"),
        pytest.param(
            rejects(encryptionOption="SSE_S3"), ["writes rejected records with SSE_S3"], id="keys of S3"
        ),
        pytest.param(
            rejects(encryptionOption="SSE_KMS"),
            ["writes rejected records with SSE_KMS but names no key"],
            id="no key named",
        ),
        pytest.param(
            rejects(encryptionOption="SSE_KMS", kmsKeyId="alias/aws/s3"),
            ["writes rejected records with 'alias/aws/s3', which is no customer managed key"],
            id="the key of AWS",
        ),
        pytest.param(
            rejects(encryptionOption="SSE_KMS", kmsKeyId=UNKNOWN), [UNDECIDED], id="key not known yet"
        ),
    ],
)
def test_rejected_records_are_encrypted(change: Any, expected: Any) -> None:
    assert messages(tables.rejected_records_are_encrypted, TABLE, TABLE_GOOD, change) == expected


def test_the_key_of_rejected_records_is_decided_by_reference() -> None:
    found = messages(
        tables.rejected_records_are_encrypted,
        TABLE,
        TABLE_GOOD,
        rejects(encryptionOption="SSE_KMS", kmsKeyId=UNKNOWN),
        KEY_OF_THE_STACK,
        depends={"magneticStoreWriteProperties": ("key",)},
    )
    assert found == []


@pytest.mark.parametrize(
    ("option", "expected"), [("SSE_S3", ["writes rejected records with SSE_S3"]), ("SSE_KMS", [])]
)
def test_a_bucket_whose_name_is_not_known_yet_is_a_bucket(option: str, expected: Any) -> None:
    change = rejects(bucketName=UNKNOWN, encryptionOption=option, kmsKeyId=KEY_ARN)
    depends = {"magneticStoreWriteProperties": ("bucket",)}
    bucket = Given(BUCKET, {}, "bucket")
    for check, found in (
        (tables.rejected_records_are_kept, []),
        (tables.rejected_records_are_encrypted, expected),
    ):
        assert messages(check, TABLE, TABLE_GOOD, change, bucket, depends=depends) == found


def test_keys_of_other_stacks_must_be_approved_where_the_settings_list_them() -> None:
    def said_with(*approved: str) -> list[str]:
        stack = build((Given(DATABASE, GOOD),))
        stack.resources[0].settings = Settings(approved_keys=approved)
        return said(judge(databases.database_keys_are_sound, stack.resources[0], stack))

    assert said_with() == []
    assert said_with("arn:aws:kms:eu-west-1:111122223333:key/*") == []
    assert said_with("arn:aws:kms:eu-west-1:999999999999:key/*") == [
        f"is encrypted with {KEY_ARN}, which is none of the approved keys"
    ]


@pytest.mark.parametrize(
    ("vault", "expected"),
    [
        pytest.param({}, [], id="the vault has no key"),
        pytest.param({"kmsKeyArn": KEY_ARN}, ["shares its key with the backup vault 'vault'"], id="one key"),
        pytest.param({"kmsKeyArn": KEY_ARN.replace("1234abcd", "0000abcd")}, [], id="two keys"),
        pytest.param({"kmsKeyArn": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_backups_have_their_own_key(vault: Any, expected: Any) -> None:
    rule = databases.backups_have_their_own_key
    assert messages(rule, DATABASE, GOOD, {}, Given(BACKUP_VAULT, vault, "vault")) == expected


def test_one_key_that_is_not_made_yet_is_found_by_reference() -> None:
    vault = Given(BACKUP_VAULT, {"kmsKeyArn": UNKNOWN}, "vault", {"kmsKeyArn": ("key",)})
    key = Given(KEY, {"enableKeyRotation": True}, "key")
    rule = databases.backups_have_their_own_key
    change, depends = {"kmsKeyId": UNKNOWN}, {"kmsKeyId": ("key",)}
    assert messages(rule, DATABASE, GOOD, change, vault, key, depends=depends) == [
        "shares its key with the backup vault 'vault'"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="the default"),
        pytest.param(retention(hours=168), [], id="a week"),
        pytest.param(
            retention(hours=169),
            ["keeps data 169 hours in memory, outside the customer key"],
            id="longer",
        ),
        pytest.param(retention(hours=UNKNOWN), [UNDECIDED], id="not known yet"),
    ],
)
def test_memory_is_short(change: Any, expected: Any) -> None:
    assert messages(tables.memory_is_short, TABLE, {"tableName": "cpu"}, change) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param({"type": "MEASURE"}, [], id="by measure"),
        pytest.param(
            {"type": "DIMENSION", "name": "host", "enforcementInRecord": "REQUIRED"}, [], id="required"
        ),
        pytest.param(
            {"type": "DIMENSION", "name": "host", "enforcementInRecord": "OPTIONAL"},
            ["takes records without its partition key 'host'"],
            id="optional",
        ),
        pytest.param(
            {"type": "DIMENSION", "name": "host"},
            ["takes records without its partition key 'host'"],
            id="nothing said",
        ),
        pytest.param(
            {"type": "DIMENSION", "name": "host", "enforcementInRecord": UNKNOWN},
            [UNDECIDED],
            id="not known yet",
        ),
    ],
)
def test_partition_keys_are_enforced(key: Any, expected: Any) -> None:
    change = {"schema": {"compositePartitionKey": key}}
    assert messages(tables.partition_keys_are_enforced, TABLE, {"tableName": "cpu"}, change) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(KEY_ARN, [], id="an ARN"),
        pytest.param(
            ALIAS_ARN,
            [f"names its key by the alias {ALIAS_ARN}, which shows as a difference on every update"],
            id="an alias ARN",
        ),
        pytest.param(
            "alias/metrics",
            ["names its key by the alias alias/metrics, which shows as a difference on every update"],
            id="an alias",
        ),
        pytest.param(
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            ["names its key by the id 1234abcd-12ab-34cd-56ef-1234567890ab, not by its ARN"],
            id="a key id, which the provider refuses",
        ),
        pytest.param(UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
def test_databases_name_their_key_by_its_arn(key: str, expected: list[str]) -> None:
    found = messages(databases.database_keys_are_sound, DATABASE, GOOD, {"kmsKeyId": key})
    assert found == expected
