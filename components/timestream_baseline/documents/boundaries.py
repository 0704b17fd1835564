"""A permissions boundary: the most that any role of the baseline can ever need, whatever its policies say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from timestream_baseline.documents.administration import AUDITORS_WITHOUT_RESOURCE
from timestream_baseline.documents.conditions import some
from timestream_baseline.documents.parts import Document, allow, database_arn, document, table_arn

_DATA: Final = (
    "timestream:CreateBatchLoadTask",
    "timestream:CreateDatabase",
    "timestream:CreateTable",
    "timestream:DeleteDatabase",
    "timestream:DeleteTable",
    "timestream:DescribeDatabase",
    "timestream:DescribeTable",
    "timestream:ListMeasures",
    "timestream:ListTables",
    "timestream:ListTagsForResource",
    "timestream:Select",
    "timestream:StartAwsBackupJob",
    "timestream:TagResource",
    "timestream:Unload",
    "timestream:UntagResource",
    "timestream:UpdateDatabase",
    "timestream:UpdateTable",
    "timestream:WriteRecords",
)
# Timestream's are spelled out: a pattern would also cover those that know a resource. Reading actions of
# other services are patterns, to leave room for databases; the roles' own policies name them one by one.
_WITHOUT_RESOURCE: Final = sorted(
    (
        *AUDITORS_WITHOUT_RESOURCE,
        "timestream:CancelQuery",
        "timestream:GetAwsBackupStatus",
        "timestream:ResumeBatchLoadTask",
        "timestream:SelectValues",
    )
)
_KEY_USE: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Get*", "kms:List*")
_BUCKET_USE: Final = (
    "s3:AbortMultipartUpload",
    "s3:GetBucketAcl",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
)
_TRAIL_READS: Final = ("cloudtrail:Get*", "cloudtrail:ListTags")
_LOG_GROUP_READS: Final = (
    "logs:Describe*",
    "logs:FilterLogEvents",
    "logs:Get*",
    "logs:ListTagsForResource",
    "logs:StartQuery",
)
_LOG_BUCKET_READS: Final = (
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetObject*",
    "s3:ListBucket*",
)


def boundary_policy(
    *,
    partition: str,
    region: str,
    account: str,
    databases: Sequence[str] | None,
    key_alias_patterns: Sequence[str],
    other_key_arns: Sequence[str],
    bucket_arns: Sequence[str],
    report_bucket_arn: str,
    topic_arn: str,
    trail_arn: str | None,
    log_group_arn: str | None,
    log_bucket_arn: str | None,
) -> Document:
    """Bound every role to the databases, keys, buckets, topic and logs of the baseline: no IAM, no PassRole.

    The baseline's own keys are known by their aliases (`key_alias_patterns`), also those that are made later.
    `report_bucket_arn` is the pattern of the bucket for error reports of scheduled queries. No `databases`:
    all of this account and region, for when their names do not fit into the one policy that IAM takes.
    """
    place = {"partition": partition, "region": region, "account": account}
    named = [
        arn
        for database in (["*"] if databases is None else sorted(databases))
        for arn in (
            database_arn(**place, database=database),
            table_arn(**place, database=database, table="*"),
        )
    ]
    every_key = [f"arn:{partition}:kms:{region}:{account}:key/*"]
    grants: dict[str, Any] = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    own: dict[str, Any] = {"ForAnyValue:StringLike": {"kms:ResourceAliases": sorted(key_alias_patterns)}}
    logs = [f"{log_group_arn}*"] if log_group_arn else []
    log_buckets = [log_bucket_arn] if log_bucket_arn else []
    rest = [
        allow(
            "ScheduledQueriesAreLookedAt",
            ["timestream:DescribeScheduledQuery", "timestream:ListTagsForResource"],
            [f"arn:{partition}:timestream:{region}:{account}:scheduled-query/*"],
        ),
        allow("ActionsThatHaveNoResource", _WITHOUT_RESOURCE, "*"),
        allow("KeysOfTheBaseline", _KEY_USE, every_key, condition=own),
        allow("GrantsForAwsOnKeysOfTheBaseline", ["kms:CreateGrant"], every_key, condition={**own, **grants}),
        *some("OtherKeys", _KEY_USE, other_key_arns, None),
        *some("GrantsForAwsOnOtherKeys", ["kms:CreateGrant"], other_key_arns, grants),
        *some("BucketsOfUnloadsAndBatches", _BUCKET_USE, _with_objects(bucket_arns), None),
        allow(
            "ErrorReportsOfScheduledQueries",
            ["s3:GetBucketAcl", "s3:PutObject"],
            _with_objects([report_bucket_arn]),
        ),
        allow("AnnouncementsOfScheduledQueries", ["sns:Publish"], [topic_arn]),
        allow(
            "BackupsAndCopies",
            [
                "backup:CopyFromBackupVault",
                "backup:CopyIntoBackupVault",
                "backup:DescribeBackupVault",
                "backup:TagResource",
            ],
            "*",
        ),
        allow(
            "Alarms",
            ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"],
            [f"arn:{partition}:cloudwatch:{region}:{account}:alarm:*"],
        ),
        *some("TheTrail", _TRAIL_READS, [trail_arn] if trail_arn else [], None),
        *some("TheLogGroup", _LOG_GROUP_READS, logs, None),
        *some("TheLogBucket", _LOG_BUCKET_READS, _with_objects(log_buckets), None),
    ]
    return document(*some("DatabasesAndTables", _DATA, named, None), *rest)


def _with_objects(bucket_arns: Sequence[str]) -> list[str]:
    return [arn for bucket in sorted(set(bucket_arns)) for arn in (bucket, f"{bucket}/*")]
