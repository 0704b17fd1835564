"""What roles may do that move data in bulk: unload query results into a bucket, load batches from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from timestream_baseline.documents.conditions import NO_TAGS, has_tags
from timestream_baseline.documents.keys import timestream_service
from timestream_baseline.documents.parts import Document, allow, document


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
    timestream = timestream_service(region=region, dns_suffix=dns_suffix)
    keys = [f"arn:{partition}:kms:{region}:{account}:key/*"]
    return document(
        allow("LookAtTheBucket", ["s3:GetBucketAcl"], [bucket_arn], condition=_own(account)),
        allow(
            "WriteResultsIntoTheBucket",
            ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            [f"{bucket_arn}/*"],
            condition=_own(account),
        ),
        allow(
            "LookAtTheKeyOfTheResults",
            ["kms:DescribeKey"],
            keys,
            condition={"StringEquals": {"kms:ViaService": [f"s3.{region}.{dns_suffix}", timestream]}},
        ),
        allow(
            "EncryptResultsInTheBucket",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            keys,
            condition=_objects_of(bucket_arn, region=region, dns_suffix=dns_suffix),
        ),
        allow(
            "GrantsThatTimestreamMakesForResults",
            ["kms:CreateGrant"],
            keys,
            condition={
                "StringEquals": {"kms:ViaService": timestream},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "ForAnyValue:StringLike": {"kms:EncryptionContextKeys": "aws:timestream:*"},
            },
        ),
    )


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
        allow(
            "DecryptBatchesAndEncryptReports",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            [f"arn:{partition}:kms:{region}:{account}:key/*"],
            condition=_objects_of(bucket_arn, region=region, dns_suffix=dns_suffix),
        ),
    )


def _own(account: str) -> dict[str, Any]:
    """Refuse a bucket that a stranger has made after ours of that name was deleted."""
    return {"StringEquals": {"aws:ResourceAccount": account}}


def _objects_of(bucket_arn: str, *, region: str, dns_suffix: str) -> dict[str, Any]:
    """Bind the use of keys to S3 and to one bucket, which S3 names in the encryption context.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    return {
        "StringEquals": {"kms:ViaService": f"s3.{region}.{dns_suffix}"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket_arn, f"{bucket_arn}/*"]},
    }
