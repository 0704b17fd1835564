"""The bucket for the engine logs of Timestream for InfluxDB: its policy, and that of its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from timestream_baseline.documents.buckets import EVERYBODY, no_key_of_the_caller, tls_only
from timestream_baseline.documents.keys import management
from timestream_baseline.documents.parts import Document, allow, deny, document, root_arn

# https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influx-managing-view-influx-logs.html
SERVICE: Final = {"Service": "timestream-influxdb.amazonaws.com"}
LOG_PREFIX: Final = "InfluxLogs/"


def log_bucket_policy(*, bucket_arn: str, account: str, key_arn: str) -> Document:
    """Let Timestream for InfluxDB deliver logs of this account and nothing else, over TLS, under one key.

    The first statement is AWS's own, word for word: the service reads the policy before it creates an
    instance, and is reported to refuse a condition in it. So a refusal of its own limits it to this account.
    """
    objects = f"{bucket_arn}/*"
    return document(
        allow("InfluxDbDeliversItsLogs", ["s3:PutObject"], f"{bucket_arn}/{LOG_PREFIX}*", principal=SERVICE),
        deny(
            "NoServiceDeliversForAnotherAccount",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html. Whether the service names
            # the account is not documented: a call that names none is let through.
            condition={
                "Bool": {"aws:PrincipalIsAWSService": "true"},
                "Null": {"aws:SourceAccount": "false"},
                "StringNotEquals": {"aws:SourceAccount": account},
            },
        ),
        tls_only(bucket_arn),
        # A put that names no encryption is encrypted by the bucket with its own key. One that asks for
        # aws:kms without a key would get the AWS managed key of S3: no key differs from ours as well.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
        deny(
            "NobodyAsksForAnotherEncryption",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            condition={
                "Null": {"s3:x-amz-server-side-encryption": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn},
            },
        ),
        deny(
            "NobodyPutsWithAnotherKey",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            condition={
                "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn},
            },
        ),
        no_key_of_the_caller(bucket_arn),
    )


def log_key_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, administrators: Sequence[str]
) -> Document:
    """Let the service encrypt the logs of this account, and the account read them through S3 as IAM allows.

    An upload in parts needs kms:Decrypt too; the service may not read any object.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
    """
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "InfluxDbEncryptsItsLogs",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "*",
            principal=SERVICE,
            # Whether the service names the account is not documented, and a guess could lose its logs.
            condition={"StringEqualsIfExists": {"aws:SourceAccount": account}},
        ),
        allow(
            "UseThroughS3AsIamAllows",
            ["kms:Decrypt", "kms:DescribeKey"],
            "*",
            principal={"AWS": root_arn(partition=partition, account=account)},
            condition={
                "StringEquals": {"kms:CallerAccount": account, "kms:ViaService": f"s3.{region}.{dns_suffix}"}
            },
        ),
    )
