"""Examples for the rule on the bucket of InfluxDB's logs."""

from typing import Any

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.types import (
    BUCKET,
    BUCKET_ENCRYPTION,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    DB_INSTANCE,
)

NAME = "influxdb-logs"
ARN = f"arn:aws:s3:::{NAME}"
DELIVERS = {
    "Sid": "Delivers",
    "Effect": "Allow",
    "Principal": {"Service": "timestream-influxdb.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": f"{ARN}/InfluxLogs/*",
}
TLS_ONLY = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}

SNIPPET = """\
import json
import pulumi
import pulumi_aws as aws

NAME = "influxdb-logs"
ARN = f"arn:aws:s3:::{NAME}"

key = aws.kms.Key("logs", enable_key_rotation=True)
logs = aws.s3.Bucket(
    "logs",
    bucket=NAME,
    versioning={"enabled": True},
    lifecycle_rules=[{"enabled": True, "expiration": {"days": 365}}],
    server_side_encryption_configuration={
        "rule": {
            "apply_server_side_encryption_by_default": {
                "sse_algorithm": "aws:kms",
                "kms_master_key_id": key.arn,
            },
        },
    },
)
block = aws.s3.BucketPublicAccessBlock(
    "logs",
    bucket=NAME,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
policy = aws.s3.BucketPolicy(
    "logs",
    bucket=NAME,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "InfluxDbDeliversItsLogs",
                "Effect": "Allow",
                "Principal": {"Service": "timestream-influxdb.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": f"{ARN}/InfluxLogs/*",
            },
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [ARN, f"{ARN}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }),
)
instance = aws.timestreaminfluxdb.DbInstance(
    "plant",
    name="plant",
    allocated_storage=20,
    bucket="machines",
    db_instance_type="db.influx.medium",
    organization="example",
    username="operator",
    password=pulumi.Output.secret("correct-horse-battery-staple"),
    vpc_security_group_ids=["sg-0a1b2c3d4e5f67890"],
    vpc_subnet_ids=["subnet-0a1b2c3d4e5f67890"],
    log_delivery_configuration={"s3_configuration": {"bucket_name": NAME, "enabled": True}},
)
"""

INSTANCE = {
    "name": "plant",
    "logDeliveryConfiguration": {"s3Configuration": {"bucketName": NAME, "enabled": True}},
}
LOGS: dict[str, Any] = {
    "bucket": NAME,
    "versioning": {"enabled": True},
    "lifecycleRules": [{"enabled": True, "expiration": {"days": 365}}],
}
BLOCK = {
    "bucket": NAME,
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}


def bucket(*statements: dict[str, Any], block: dict[str, Any] = BLOCK, **change: Any) -> tuple[Given, ...]:
    """Return the bucket of the logs with the resources around it."""
    by_default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY_ARN}
    rules = [{"applyServerSideEncryptionByDefault": by_default}]
    return (
        Given(BUCKET, {**LOGS, **change}, "logs"),
        Given(BUCKET_ENCRYPTION, {"bucket": NAME, "rules": rules}, "encryption"),
        Given(BUCKET_PUBLIC_ACCESS_BLOCK, block, "block"),
        Given(BUCKET_POLICY, {"bucket": NAME, "policy": document(*statements)}, "policy"),
    )


GOOD = (
    example("a hardened bucket", DB_INSTANCE, INSTANCE, *bucket(DELIVERS, TLS_ONLY)),
    example("a bucket of another stack", DB_INSTANCE, INSTANCE),
)
BAD = (
    example("without TLS", DB_INSTANCE, INSTANCE, *bucket(DELIVERS)),
    example(
        "more than the logs",
        DB_INSTANCE,
        INSTANCE,
        *bucket({**DELIVERS, "Action": "s3:*", "Resource": f"{ARN}/*"}, TLS_ONLY),
    ),
)
