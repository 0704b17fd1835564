"""What roles may do that see no data: admins manage the schema, auditors read configuration and logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from timestream_baseline.documents.conditions import NO_TAGS, creation_statements, has_tags, some
from timestream_baseline.documents.keys import TIMESTREAM_CONTEXT_KEY, timestream_service
from timestream_baseline.documents.parts import Document, Statement, allow, document

_DATABASE_CHANGES: Final = ("timestream:DeleteDatabase", "timestream:UpdateDatabase")
_DATABASE_READS: Final = (
    "timestream:DescribeDatabase",
    "timestream:ListTables",
    "timestream:ListTagsForResource",
)
_TABLE_CHANGES: Final = ("timestream:DeleteTable", "timestream:UpdateTable")
_TABLE_READS: Final = ("timestream:DescribeTable", "timestream:ListTagsForResource")
_CREATE_DATABASE: Final = ("timestream:CreateDatabase",)
_CREATE_TABLE: Final = ("timestream:CreateTable",)
_UNTAGGING: Final = ("timestream:UntagResource",)
_TAGGING: Final = ("timestream:TagResource", *_UNTAGGING)
_KEY_METADATA: Final = (
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
)

_TRAIL_READS: Final = (
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetInsightSelectors",
    "cloudtrail:GetTrail",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:ListTags",
)
_LOG_GROUP_READS: Final = (
    "logs:DescribeLogStreams",
    "logs:DescribeMetricFilters",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogGroupFields",
    "logs:GetLogRecord",
    "logs:GetQueryResults",
    "logs:ListTagsForResource",
    "logs:StartQuery",
)
_LOG_BUCKET_READS: Final = (
    "s3:GetBucketAcl",
    "s3:GetBucketLocation",
    "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:ListBucket",
    "s3:ListBucketVersions",
)
_LOG_READS: Final = ("s3:GetObject", "s3:GetObjectRetention", "s3:GetObjectVersion")
# What auditors may call that knows no resource.
AUDITORS_WITHOUT_RESOURCE: Final = (
    "cloudtrail:DescribeTrails",
    "cloudtrail:ListTrails",
    "cloudtrail:LookupEvents",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "kms:ListAliases",
    "kms:ListKeys",
    "logs:DescribeLogGroups",
    "logs:StopQuery",
    "timestream:DescribeAccountSettings",
    "timestream:DescribeBatchLoadTask",
    "timestream:DescribeEndpoints",
    "timestream:ListBatchLoadTasks",
    "timestream:ListDatabases",
    "timestream:ListScheduledQueries",
)


def admin_policy(
    *,
    database_arns: Sequence[str],
    table_arns: Sequence[str],
    table_database_arns: Sequence[str] = (),
    resource_tags: Mapping[str, str] = NO_TAGS,
    request_tags: Mapping[str, str] = NO_TAGS,
    other_tag_keys: Sequence[str] = (),
) -> Document:
    """Let a role manage databases and tables, and see no data: no Select, no WriteRecords, no PassRole.

    `table_database_arns` are databases of which only single tables belong to the role. `other_tag_keys` may
    be given besides the tags that decide when something is created.
    """
    condition = has_tags(resource_tags)
    others = sorted(set(table_database_arns) - set(database_arns))
    if not resource_tags and not request_tags:
        statements = [
            # AWS lists CreateTable on the table, its guide shows it on the database: both are allowed.
            *some(
                "ManageDatabases",
                (*_DATABASE_READS, *_DATABASE_CHANGES, *_CREATE_DATABASE, *_CREATE_TABLE, *_TAGGING),
                database_arns,
                None,
            ),
            *some("CreateTablesInDatabases", (*_DATABASE_READS, *_CREATE_TABLE), others, None),
            *some(
                "ManageTables", (*_TABLE_READS, *_TABLE_CHANGES, *_CREATE_TABLE, *_TAGGING), table_arns, None
            ),
        ]
    else:
        statements = [
            # One statement about both: with many databases every list of them counts.
            *some(
                "ManageWhatIsOwn",
                {*_DATABASE_READS, *_DATABASE_CHANGES, *_TABLE_READS, *_TABLE_CHANGES, *_UNTAGGING},
                [*database_arns, *table_arns],
                condition,
            ),
            *some("ReadSchemaOfDatabases", _DATABASE_READS, others, condition),
            *creation_statements(
                database_arns=database_arns,
                table_arns=table_arns,
                table_database_arns=others,
                resource_tags=resource_tags,
                request_tags=request_tags,
                other_tag_keys=other_tag_keys,
            ),
        ]
    return document(
        *statements,
        allow(
            "ActionsThatHaveNoResource",
            ["timestream:DescribeEndpoints", "timestream:ListDatabases"],
            "*",
        ),
    )


def admin_key_policy(*, key_arns: Sequence[str], region: str, dns_suffix: str) -> Document:
    """Let a role give databases their keys: what AWS asks of whoever creates a database.

    The actions are the handler permissions of AWS::Timestream::Database, the conditions of the grant those
    of the AWS managed policy AmazonTimestreamFullAccess, version 2.
    """
    through_timestream = {"kms:ViaService": timestream_service(region=region, dns_suffix=dns_suffix)}
    keys = sorted(set(key_arns))
    return document(
        allow(
            "GiveKeysToDatabases",
            ["kms:Decrypt", "kms:DescribeKey"],
            keys,
            condition={"StringEquals": through_timestream},
        ),
        allow(
            "GrantsThatTimestreamMakesForDatabases",
            ["kms:CreateGrant"],
            keys,
            condition={
                "StringEquals": through_timestream,
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": TIMESTREAM_CONTEXT_KEY},
            },
        ),
    )


def auditor_policy(
    *,
    partition: str,
    region: str,
    account: str,
    database_arns: Sequence[str],
    table_arns: Sequence[str],
    resource_tags: Mapping[str, str] = NO_TAGS,
) -> Document:
    """Let a role read how databases, scheduled queries and alarms are set, and no data.

    `database_arns` are all databases that the role may look at, also those of single tables.
    """
    condition = has_tags(resource_tags)
    return document(
        *some("ReadConfigurationOfDatabases", _DATABASE_READS, database_arns, condition),
        *some("ReadConfigurationOfTables", _TABLE_READS, table_arns, condition),
        # Timestream appends a random part to the name of a scheduled query.
        allow(
            "ReadConfigurationOfScheduledQueries",
            ["timestream:DescribeScheduledQuery", "timestream:ListTagsForResource"],
            [f"arn:{partition}:timestream:{region}:{account}:scheduled-query/*"],
            condition=condition,
        ),
        allow(
            "ReadAlarms",
            ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"],
            [f"arn:{partition}:cloudwatch:{region}:{account}:alarm:*"],
        ),
        allow(
            "ActionsThatHaveNoResource",
            AUDITORS_WITHOUT_RESOURCE,
            "*",
        ),
    )


def auditor_key_policy(
    *, key_arns: Sequence[str], query_key_arns: Sequence[str], region: str, dns_suffix: str
) -> Document | None:
    """Let a role look at keys without using them, and have scheduled queries described to it.

    A query's key encrypts its definition and, through S3, its error reports: Timestream may decrypt for the
    role, S3 may not.
    https://docs.aws.amazon.com/timestream/latest/developerguide/security_iam_id-based-policy-examples.html
    """
    through_timestream = {"kms:ViaService": timestream_service(region=region, dns_suffix=dns_suffix)}
    statements = [
        *some("LookAtKeys", _KEY_METADATA, list(set(key_arns)), None),
        *some(
            "DescribeScheduledQueriesThatOwnKeysEncrypt",
            ["kms:Decrypt"],
            list(set(query_key_arns)),
            {"StringEquals": through_timestream},
        ),
    ]
    return document(*statements) if statements else None


def trail_reader_policy(
    *,
    region: str,
    dns_suffix: str,
    trail_arn: str | None,
    log_group_arn: str | None,
    log_bucket_arn: str | None,
    log_key_arns: Sequence[str],
) -> Document | None:
    """Let a role read the trail's settings and what it has recorded; None where there is no trail.

    CloudWatch Logs decrypts a log group itself; what lies in the bucket is decrypted through S3.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """
    statements: list[Statement] = []
    if trail_arn:
        statements.append(allow("ReadSettingsOfTheTrail", _TRAIL_READS, [trail_arn]))
    if log_group_arn:
        statements.append(allow("ReadTheLogGroup", _LOG_GROUP_READS, [log_group_arn, f"{log_group_arn}:*"]))
    if log_bucket_arn:
        statements += [
            allow("ReadSettingsOfTheLogBucket", _LOG_BUCKET_READS, [log_bucket_arn]),
            allow(
                "ReadLogs",
                _LOG_READS,
                [f"{log_bucket_arn}/*"],
            ),
        ]
    if log_bucket_arn and log_key_arns:
        statements.append(
            allow(
                "DecryptLogsThroughS3",
                ["kms:Decrypt"],
                sorted(set(log_key_arns)),
                condition={"StringEquals": {"kms:ViaService": f"s3.{region}.{dns_suffix}"}},
            )
        )
    return document(*statements) if statements else None
