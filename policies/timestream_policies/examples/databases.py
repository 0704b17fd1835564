"""Examples for the rules on databases and tables."""

from timestream_policies.examples import Example, Given, example
from timestream_policies.types import BACKUP_VAULT, DATABASE, KEY, TABLE

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REFERENCE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for a value that is not known yet."""

SNIPPET = """\
import pulumi_aws as aws

key = aws.kms.Key("metrics", enable_key_rotation=True)
database = aws.timestreamwrite.Database("metrics", database_name="metrics", kms_key_id=key.arn)
"""
TABLE_SNIPPET = """\
import pulumi_aws as aws

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

table = aws.timestreamwrite.Table(
    "cpu",
    database_name="metrics",
    table_name="cpu",
    retention_properties={
        "memory_store_retention_period_in_hours": 24,
        "magnetic_store_retention_period_in_days": 365,
    },
    magnetic_store_write_properties={
        "enable_magnetic_store_writes": True,
        "magnetic_store_rejected_data_location": {
            "s3_configuration": {
                "bucket_name": "metrics-rejected",
                "encryption_option": "SSE_KMS",
                "kms_key_id": KEY_ARN,
            },
        },
    },
)
"""


def _key(**properties: object) -> Given:
    return Given(KEY, properties, "key", outputs={"arn": KEY_ARN})


ENCRYPTED_GOOD = (
    example("a key ARN", DATABASE, {"databaseName": "metrics", "kmsKeyId": KEY_ARN}),
    example(
        "a key of this stack, not made yet",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": REFERENCE},
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"kmsKeyId": ("key",)},
    ),
)
ENCRYPTED_BAD = (
    example("no key", DATABASE, {"databaseName": "metrics"}),
    example("no key ARN at all", DATABASE, {"databaseName": "metrics", "kmsKeyId": "foo"}),
    example("the key of AWS", DATABASE, {"databaseName": "metrics", "kmsKeyId": "alias/aws/timestream"}),
)
SOUND_KEY_GOOD = (
    example(
        "an ordinary key",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": KEY_ARN},
        _key(enableKeyRotation=True),
    ),
    example("a key from elsewhere", DATABASE, {"databaseName": "metrics", "kmsKeyId": KEY_ARN}),
    example("no key", DATABASE, {"databaseName": "metrics"}),
)
SOUND_KEY_BAD = (
    example(
        "an alias ARN",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:alias/metrics"},
    ),
    example(
        "a key that does not rotate",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": KEY_ARN},
        _key(enableKeyRotation=False),
    ),
    example(
        "a signing key, not made yet",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": REFERENCE},
        _key(customerMasterKeySpec="RSA_2048", keyUsage="SIGN_VERIFY"),
        depends={"kmsKeyId": ("key",)},
    ),
    example(
        "a key in an external store",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": KEY_ARN},
        _key(customKeyStoreId="cks-1234567890abcdef0"),
    ),
)


def _vault(**properties: object) -> Given:
    return Given(BACKUP_VAULT, {"name": "backups", **properties}, "vault")


OTHER_KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"
OWN_KEY_GOOD = (
    example(
        "two keys",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": KEY_ARN},
        _vault(kmsKeyArn=OTHER_KEY_ARN),
    ),
    example("no vault", DATABASE, {"databaseName": "metrics", "kmsKeyId": KEY_ARN}),
)
OWN_KEY_BAD = (
    example("one key", DATABASE, {"databaseName": "metrics", "kmsKeyId": KEY_ARN}, _vault(kmsKeyArn=KEY_ARN)),
    example(
        "one key of this stack, not made yet",
        DATABASE,
        {"databaseName": "metrics", "kmsKeyId": REFERENCE},
        Given(BACKUP_VAULT, {"kmsKeyArn": REFERENCE}, "vault", {"kmsKeyArn": ("key",)}),
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"kmsKeyId": ("key",)},
    ),
)


def _table(title: str, **properties: object) -> Example:
    return example(title, TABLE, {"databaseName": "metrics", "tableName": "cpu", **properties})


def _retention(hours: int, days: int) -> dict[str, int]:
    return {"memoryStoreRetentionPeriodInHours": hours, "magneticStoreRetentionPeriodInDays": days}


def _writes(**s3: object) -> dict[str, object]:
    return {
        "enableMagneticStoreWrites": True,
        "magneticStoreRejectedDataLocation": {"s3Configuration": s3},
    }


RETENTION_GOOD = (_table("a day in memory, a year on disk", retentionProperties=_retention(24, 365)),)
RETENTION_BAD = (
    _table("AWS's defaults"),
    _table("kept for 200 years", retentionProperties=_retention(24, 73000)),
)
MEMORY_GOOD = (_table("a week", retentionProperties=_retention(168, 365)), _table("AWS's default of 6 hours"))
MEMORY_BAD = (_table("a month", retentionProperties=_retention(720, 365)),)


def _partitioned(title: str, **key: object) -> Example:
    return _table(title, schema={"compositePartitionKey": key})


PARTITION_GOOD = (
    _partitioned("required", type="DIMENSION", name="host", enforcementInRecord="REQUIRED"),
    _partitioned("by measure", type="MEASURE"),
    _table("nothing said"),
)
PARTITION_BAD = (
    _partitioned("optional", type="DIMENSION", name="host", enforcementInRecord="OPTIONAL"),
    _partitioned("nothing said of it", type="DIMENSION", name="host"),
)
ORDER_GOOD = (_table("a day in memory, a year on disk", retentionProperties=_retention(24, 365)),)
ORDER_BAD = (_table("longer in memory than on disk", retentionProperties=_retention(72, 2)),)
REJECTS_GOOD = (
    _table("rejects kept", magneticStoreWriteProperties=_writes(bucketName="rejected")),
    _table("no magnetic writes", magneticStoreWriteProperties={"enableMagneticStoreWrites": False}),
    _table("nothing said"),
)
REJECTS_BAD = (
    _table("no location", magneticStoreWriteProperties={"enableMagneticStoreWrites": True}),
    _table("no bucket", magneticStoreWriteProperties=_writes(objectKeyPrefix="rejected/")),
)
REJECTS_ENCRYPTED_GOOD = (
    _table(
        "a customer key",
        magneticStoreWriteProperties=_writes(
            bucketName="rejected", encryptionOption="SSE_KMS", kmsKeyId=KEY_ARN
        ),
    ),
    _table("no magnetic writes"),
)
REJECTS_ENCRYPTED_BAD = (
    _table("the bucket's own", magneticStoreWriteProperties=_writes(bucketName="rejected")),
    _table(
        "keys of S3", magneticStoreWriteProperties=_writes(bucketName="rejected", encryptionOption="SSE_S3")
    ),
    _table(
        "KMS without a key",
        magneticStoreWriteProperties=_writes(bucketName="rejected", encryptionOption="SSE_KMS"),
    ),
    _table(
        "the key of AWS",
        magneticStoreWriteProperties=_writes(
            bucketName="rejected", encryptionOption="SSE_KMS", kmsKeyId="alias/aws/s3"
        ),
    ),
)
