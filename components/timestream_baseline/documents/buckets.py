"""Bucket policies, and the policies of the keys that encrypt buckets."""

from __future__ import annotations

from collections.abc import Sequence

from timestream_baseline.documents.keys import management, timestream_service
from timestream_baseline.documents.parts import Document, Statement, allow, deny, document, root_arn

EVERYBODY = {"AWS": "*"}


def tls_only(bucket_arn: str) -> Statement:
    """Refuse every call without TLS."""
    return deny(
        "NobodyUsesTheBucketWithoutTls",
        ["s3:*"],
        [bucket_arn, f"{bucket_arn}/*"],
        principal=EVERYBODY,
        condition={"Bool": {"aws:SecureTransport": "false"}},
    )


def no_key_of_the_caller(bucket_arn: str) -> Statement:
    """Refuse keys that only the caller has: S3 keeps nothing by which the owner could read the object."""
    return deny(
        "NobodyPutsWithAKeyThatOnlyTheCallerHas",
        ["s3:PutObject"],
        f"{bucket_arn}/*",
        principal=EVERYBODY,
        condition={"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
    )


def rejected_records_bucket_policy(*, bucket_arn: str, key_arns: Sequence[str]) -> Document:
    """Refuse calls without TLS, and objects under another encryption than that of the given keys.

    A put must name its key: one that names none of KMS would get the AWS managed key of S3 if it asks for
    aws:kms, and the bucket's own key otherwise. Tables and scheduled queries name theirs.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    objects = f"{bucket_arn}/*"
    return document(
        tls_only(bucket_arn),
        deny(
            "NobodyPutsUnencrypted",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            # A request without the header differs from every value.
            condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        ),
        no_key_of_the_caller(bucket_arn),
        deny(
            "NobodyPutsWithAnotherKey",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            condition={
                "StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": sorted(key_arns)}
            },
        ),
    )


def rejected_records_key_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, administrators: Sequence[str]
) -> Document:
    """Let the account use the key through S3 and Timestream only; which of its principals may, IAM decides.

    The actions are those that AWS asks of whoever gives a table such a bucket (the handler permissions of
    AWS::Timestream::Table), and kms:Decrypt to read the rejected records.
    """
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "UseThroughS3AndTimestreamAsIamAllows",
            [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
            ],
            "*",
            principal={"AWS": root_arn(partition=partition, account=account)},
            condition={
                "StringEquals": {
                    "kms:CallerAccount": account,
                    "kms:ViaService": [
                        f"s3.{region}.{dns_suffix}",
                        timestream_service(region=region, dns_suffix=dns_suffix),
                    ],
                }
            },
        ),
    )
