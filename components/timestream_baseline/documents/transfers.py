"""What roles may do that move data in bulk: unload query results into a bucket, load batches from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from timestream_baseline.documents.conditions import NO_TAGS, has_tags
from timestream_baseline.documents.keys import timestream_service
from timestream_baseline.documents.parts import Document, Statement, allow, document


def unloader_policy(*, table_arns: Sequence[str], resource_tags: Mapping[str, str] = NO_TAGS) -> Document:
    """Let a role query tables and unload the results.

    AWS's example also allows WriteRecords; nothing is written to Timestream, so it is left out.
    https://docs.aws.amazon.com/timestream/latest/developerguide/export-unload-prerequisites.html
    """
    return document(
        allow(
            "QueryAndUnloadTables",
            ["timestream:DescribeTable", "timestream:ListMeasures", "timestream:Select", "timestream:Unload"],
            sorted(table_arns),
            condition=has_tags(resource_tags),
        ),
        allow(
            "ActionsThatHaveNoResource",
            ["timestream:CancelQuery", "timestream:DescribeEndpoints", "timestream:SelectValues"],
            "*",
        ),
    )


def unload_bucket_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, bucket_arn: str
) -> Document:
    """Let a role write results into one bucket, which must be this account's.

    The key of the bucket is not known here: what the role may do with keys is bound to S3 and to the objects
    of this bucket. Timestream makes a grant on the key that the results are encrypted with.
    https://docs.aws.amazon.com/timestream/latest/developerguide/export-unload-prerequisites.html
    """
    return document(
        allow("LookAtTheBucket", ["s3:GetBucketAcl"], [bucket_arn], condition=_own(account)),
        allow(
            "WriteResultsIntoTheBucket",
            ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            [f"{bucket_arn}/*"],
            condition=_own(account),
        ),
        *bucket_key_statements(
            partition=partition,
            region=region,
            account=account,
            dns_suffix=dns_suffix,
            bucket_arns=[bucket_arn],
        ),
    )


def bucket_key_statements(
    *, partition: str, region: str, account: str, dns_suffix: str, bucket_arns: Sequence[str]
) -> list[Statement]:
    """Let a role use whatever keys encrypt the objects of these buckets, through S3 and for them only.

    S3 names the object, or the bucket if it has an S3 Bucket Key, in the encryption context.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    if not bucket_arns:
        return []
    keys = [f"arn:{partition}:kms:{region}:{account}:key/*"]
    s3, timestream = f"s3.{region}.{dns_suffix}", timestream_service(region=region, dns_suffix=dns_suffix)
    return [
        allow(
            "LookAtTheKeyOfTheResults",
            ["kms:DescribeKey"],
            keys,
            condition={"StringEquals": {"kms:ViaService": [s3, timestream]}},
        ),
        allow(
            "UseKeysForObjectsOfTheBucket",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            keys,
            condition={
                "StringEquals": {"kms:ViaService": s3},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        arn for bucket in sorted(set(bucket_arns)) for arn in (bucket, f"{bucket}/*")
                    ]
                },
            },
        ),
        allow(
            "GrantsThatTimestreamMakesForResults",
            ["kms:CreateGrant"],
            keys,
            condition={
                "StringEquals": {"kms:ViaService": timestream},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                # AWS's example names the database, its managed policies say database-name.
                "ForAnyValue:StringLike": {"kms:EncryptionContextKeys": "aws:timestream:*"},
            },
        ),
    ]


def batch_loader_policy(*, table_arns: Sequence[str], resource_tags: Mapping[str, str] = NO_TAGS) -> Document:
    """Let a role load batches into tables, and read nothing back.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html
    """
    return document(
        allow(
            "LoadBatchesIntoTables",
            ["timestream:CreateBatchLoadTask", "timestream:WriteRecords"],
            sorted(table_arns),
            condition=has_tags(resource_tags),
        ),
        allow(
            "ActionsThatHaveNoResource",
            [
                "timestream:DescribeBatchLoadTask",
                "timestream:DescribeEndpoints",
                "timestream:ListBatchLoadTasks",
                "timestream:ResumeBatchLoadTask",
            ],
            "*",
        ),
    )


def batch_load_bucket_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, bucket_arn: str
) -> Document:
    """Let a role read batches from one bucket of this account and write reports into it.

    https://docs.aws.amazon.com/timestream/latest/developerguide/batch-load-prerequisites.html
    """
    return document(
        allow(
            "LookIntoTheBucket", ["s3:GetBucketAcl", "s3:ListBucket"], [bucket_arn], condition=_own(account)
        ),
        allow(
            "ReadBatchesAndWriteReports",
            ["s3:GetObject", "s3:PutObject"],
            [f"{bucket_arn}/*"],
            condition=_own(account),
        ),
        *bucket_key_statements(
            partition=partition,
            region=region,
            account=account,
            dns_suffix=dns_suffix,
            bucket_arns=[bucket_arn],
        )[1:2],
    )


def _own(account: str) -> dict[str, Any]:
    """Refuse a bucket that a stranger has made after ours of that name was deleted."""
    return {"StringEquals": {"aws:ResourceAccount": account}}
