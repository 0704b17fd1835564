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
    *, partition: str, region: str, account: str, dns_suffix: str, bucket: str, key_alias: str
) -> Document:
    """Let a role write results into one bucket, which must be this account's.

    Timestream makes a grant on the key that the results are encrypted with.
    https://docs.aws.amazon.com/timestream/latest/developerguide/export-unload-prerequisites.html
    """
    bucket_arn = f"arn:{partition}:s3:::{bucket}"
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
            key_aliases=[key_alias],
        ),
    )


def key_alias_of(bucket: str) -> str:
    """Say which alias the key of a bucket has, so that roles can tell it from others; aliases take no dot."""
    return f"alias/{bucket.replace('.', '-')}"


def bucket_key_statements(
    *,
    partition: str,
    region: str,
    account: str,
    dns_suffix: str,
    bucket_arns: Sequence[str],
    key_aliases: Sequence[str],
) -> list[Statement]:
    """Let a role use the keys of these buckets, known by their aliases, for objects of these buckets only.

    Nobody tells the ARN of such a key. AWS's example for UNLOAD knows it by an alias, too. S3 names the
    object, or the bucket if it has an S3 Bucket Key, in the encryption context.
    https://docs.aws.amazon.com/timestream/latest/developerguide/export-unload-prerequisites.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    if not bucket_arns:
        return []
    keys = [f"arn:{partition}:kms:{region}:{account}:key/*"]
    s3, timestream = f"s3.{region}.{dns_suffix}", timestream_service(region=region, dns_suffix=dns_suffix)
    known = {"kms:ResourceAliases": sorted(set(key_aliases))}
    return [
        allow(
            "LookAtTheKeyOfTheBucket",
            ["kms:DescribeKey"],
            keys,
            condition={
                "StringEquals": {"kms:ViaService": [s3, timestream]},
                "ForAnyValue:StringEquals": known,
            },
        ),
        allow(
            "UseTheKeyForObjectsOfTheBucket",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            keys,
            condition={
                "StringEquals": {"kms:ViaService": s3},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        arn for bucket in sorted(set(bucket_arns)) for arn in (bucket, f"{bucket}/*")
                    ]
                },
                "ForAnyValue:StringEquals": known,
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
                "ForAnyValue:StringEquals": known,
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
    *, partition: str, region: str, account: str, dns_suffix: str, bucket: str, key_alias: str
) -> Document:
    """Let a role read batches from one bucket of this account and write reports into it.

    https://docs.aws.amazon.com/timestream/latest/developerguide/batch-load-prerequisites.html
    """
    bucket_arn = f"arn:{partition}:s3:::{bucket}"
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
            key_aliases=[key_alias],
        )[1:2],
    )


def _own(account: str) -> dict[str, Any]:
    """Refuse a bucket that a stranger has made after ours of that name was deleted."""
    return {"StringEquals": {"aws:ResourceAccount": account}}
