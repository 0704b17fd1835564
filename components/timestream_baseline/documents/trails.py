"""Policies around a trail: its key, its bucket, its log group's key, the access logs, the delivery role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from timestream_baseline.documents.buckets import EVERYBODY, tls_only
from timestream_baseline.documents.keys import management
from timestream_baseline.documents.parts import Document, allow, deny, document, root_arn

CLOUDTRAIL: Final = "cloudtrail.amazonaws.com"
S3_LOGGING: Final = "logging.s3.amazonaws.com"


def trail_arn(*, partition: str, region: str, account: str, trail: str) -> str:
    """Build the ARN of a trail."""
    return f"arn:{partition}:cloudtrail:{region}:{account}:trail/{trail}"


def log_group_arn(*, partition: str, region: str, account: str, log_group: str) -> str:
    """Build the ARN of a log group; a pattern stands for every name that it matches."""
    return f"arn:{partition}:logs:{region}:{account}:log-group:{log_group}"


def trail_key_policy(
    *,
    partition: str,
    region: str,
    account: str,
    dns_suffix: str,
    administrators: Sequence[str],
    trail_arn: str,
    buckets: str,
) -> Document:
    """Let one trail encrypt what it delivers, and the account read it through S3 as IAM allows.

    `buckets` is the ARN pattern of the trail's bucket, whose name ends in a random suffix.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """
    trail = {"Service": CLOUDTRAIL}
    ours = {"aws:SourceArn": trail_arn}
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "TrailEncryptsLogAndDigestFiles",
            ["kms:GenerateDataKey*"],
            "*",
            principal=trail,
            condition={
                "StringEquals": ours,
                "StringLike": {
                    "kms:EncryptionContext:aws:cloudtrail:arn": (
                        f"arn:{partition}:cloudtrail:*:{account}:trail/*"
                    )
                },
            },
        ),
        # With an S3 Bucket Key, KMS sees the bucket in the encryption context and no trail.
        allow(
            "TrailEncryptsWithTheKeyOfItsBucket",
            ["kms:GenerateDataKey*"],
            "*",
            principal=trail,
            condition={
                "StringEquals": ours,
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": buckets},
            },
        ),
        # CreateTrail asks for kms:Decrypt when the bucket has an S3 Bucket Key (same page).
        allow(
            "TrailChecksTheKey",
            ["kms:Decrypt", "kms:DescribeKey"],
            "*",
            principal=trail,
            condition={"StringEquals": ours},
        ),
        # AWS's example asks for the trail in the encryption context; with an S3 Bucket Key there is none.
        allow(
            "AccountReadsThroughS3AsIamAllows",
            ["kms:Decrypt", "kms:DescribeKey"],
            "*",
            principal={"AWS": root_arn(partition=partition, account=account)},
            condition={
                "StringEquals": {"kms:CallerAccount": account, "kms:ViaService": f"s3.{region}.{dns_suffix}"}
            },
        ),
    )


def log_group_key_policy(
    *,
    partition: str,
    region: str,
    account: str,
    dns_suffix: str,
    administrators: Sequence[str],
    log_groups: str,
) -> Document:
    """Let CloudWatch Logs encrypt the log groups whose names match a pattern, and nothing else.

    CloudWatch Logs decrypts for whoever may read the log group: nobody else needs the key.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    arns = log_group_arn(partition=partition, region=region, account=account, log_group=log_groups)
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "CloudWatchLogsEncryptsTheLogGroup",
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            "*",
            principal={"Service": f"logs.{region}.{dns_suffix}"},
            condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arns}},
        ),
    )


def log_bucket_policy(*, bucket_arn: str, account: str, trail_arn: str, key_arn: str) -> Document:
    """Let one trail deliver, and nobody else write; nobody writes under another encryption or without TLS.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    objects = f"{bucket_arn}/*"
    delivered = f"{bucket_arn}/AWSLogs/{account}/"
    trail = {"Service": CLOUDTRAIL}
    ours = {"aws:SourceArn": trail_arn}
    return document(
        allow(
            "TrailChecksTheBucket",
            ["s3:GetBucketAcl"],
            bucket_arn,
            principal=trail,
            condition={"StringEquals": ours},
        ),
        allow(
            "TrailDelivers",
            ["s3:PutObject"],
            f"{delivered}*",
            principal=trail,
            condition={"StringEquals": {**ours, "s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
        tls_only(bucket_arn),
        # Whoever calls without a source, as every person and role does, is refused too.
        deny(
            "NobodyWritesButTheTrail",
            ["s3:PutObject", "s3:ReplicateObject"],
            objects,
            principal=EVERYBODY,
            condition={"StringNotEquals": ours},
        ),
        # Log files only: what CloudTrail puts to try the bucket may be under the key of S3, and digest files
        # once were. A trail that cannot deliver is the greater loss.
        deny(
            "NoLogFileWithoutAKeyOfKms",
            ["s3:PutObject"],
            [f"{delivered}CloudTrail-Insight/*.json.gz", f"{delivered}CloudTrail/*.json.gz"],
            principal=EVERYBODY,
            condition={
                "Null": {"s3:x-amz-server-side-encryption": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
            },
        ),
        deny(
            "NobodyWritesWithAnotherKey",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            condition={
                "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn},
            },
        ),
        deny(
            "NobodyWritesWithAKeyThatOnlyTheCallerHas",
            ["s3:PutObject"],
            objects,
            principal=EVERYBODY,
            condition={"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
        ),
    )


# What a statement is there for, by the purpose of the bucket whose use is written down.
_USED: Final = {
    "trail": "S3WritesDownWhoUsedTheLogBucket",
    "rejected-records": "S3WritesDownWhoUsedRejectedRecords",
    "influxdb-logs": "S3WritesDownWhoUsedInfluxDbLogs",
}


def access_log_bucket_policy(*, bucket_arn: str, account: str, sources: Mapping[str, str]) -> Document:
    """Let S3 write down who used some buckets, and nobody else write.

    `sources` gives the ARN of each bucket by its purpose, below which its requests are written down. It may
    be a pattern: the bucket that is used gets its name later than this one.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    return document(
        *(
            allow(
                _USED[purpose],
                ["s3:PutObject"],
                f"{bucket_arn}/{purpose}/*",
                principal={"Service": S3_LOGGING},
                condition={
                    "ArnLike": {"aws:SourceArn": source_arn},
                    "StringEquals": {"aws:SourceAccount": account},
                },
            )
            for purpose, source_arn in sources.items()
        ),
        tls_only(bucket_arn),
        deny(
            "NobodyWritesButS3ForTheLogBucket",
            ["s3:PutObject", "s3:ReplicateObject"],
            f"{bucket_arn}/*",
            principal=EVERYBODY,
            condition={"ArnNotLike": {"aws:SourceArn": _one_or_list(sources.values())}},
        ),
    )


def _one_or_list(arns: Iterable[str]) -> str | list[str]:
    listed = list(arns)
    return listed[0] if len(listed) == 1 else listed


def delivery_trust_policy() -> Document:
    """Let CloudTrail assume the role that writes into the log group.

    AWS documents no condition for this trust. A trail takes roles of its own account only: iam:PassRole
    does not reach over accounts.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
    """
    return document(
        allow("TrailsOfThisAccountDeliver", ["sts:AssumeRole"], None, principal={"Service": CLOUDTRAIL})
    )


def delivery_policy(*, partition: str, region: str, account: str, log_group: str) -> Document:
    """Let a trail make and fill its own stream of one log group.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
    """
    group = log_group_arn(partition=partition, region=region, account=account, log_group=log_group)
    return document(
        allow(
            "TrailWritesItsOwnStream",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            f"{group}:log-stream:{account}_CloudTrail_{region}*",
        )
    )
