"""The bucket for the engine logs of Timestream for InfluxDB: its policy, and that of its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from timestream_baseline.documents.keys import management
from timestream_baseline.documents.parts import Document, allow, deny, document, root_arn

EVERYBODY: Final = {"AWS": "*"}
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
            condition=_service_for_another_account(account),
        ),
        deny(
            "NobodyUsesTheBucketWithoutTls",
            ["s3:*"],
            [bucket_arn, objects],
            principal=EVERYBODY,
            condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
        # A put that names no encryption is encrypted by the bucket with its own key.
        deny(
            "NobodyPutsWithoutAKeyOfKms",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            condition={
                "Null": {"s3:x-amz-server-side-encryption": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
            },
        ),
        deny(
            "NobodyPutsWithAKeyThatOnlyTheCallerHas",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            condition={"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
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
    )


def log_key_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, administrators: Sequence[str]
) -> Document:
    """Let the service encrypt the logs of this account, and the account read them through S3 as IAM allows.

    An upload in parts needs kms:Decrypt too; the service may not read any object.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
    """
    use = ["kms:Decrypt", "kms:GenerateDataKey"]
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow("InfluxDbEncryptsItsLogs", use, "*", principal=SERVICE),
        deny(
            "NoServiceUsesTheKeyForAnotherAccount",
            use,
            "*",
            principal=EVERYBODY,
            condition=_service_for_another_account(account),
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


def _service_for_another_account(account: str) -> Mapping[str, Any]:
    """Match calls that an AWS service makes itself, and says that it makes for another account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html. A service that names no account is
    not matched: whether this one does is not documented, and a guess would lose its logs.
    """
    return {
        "Bool": {"aws:PrincipalIsAWSService": "true"},
        "Null": {"aws:SourceAccount": "false"},
        "StringNotEquals": {"aws:SourceAccount": account},
    }
