"""Scheduled queries: the role that runs one, and the key that encrypts it and its error reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from timestream_baseline.documents.keys import management, timestream_service
from timestream_baseline.documents.parts import Document, Statement, allow, document, root_arn

# Characters of a resource name that IAM would read as a pattern.
_WILDCARDS: Final = frozenset("*?$")


def scheduled_query_arn(*, partition: str, region: str, account: str, query: str) -> str:
    """Build the pattern of a scheduled query's ARN, which ends in a suffix that AWS chooses."""
    if _WILDCARDS & set(query):
        raise ValueError(f"the name of a scheduled query may hold no wildcard: {query}")
    return f"arn:{partition}:timestream:{region}:{account}:scheduled-query/{query}*"


def scheduled_query_trust_policy(*, partition: str, region: str, account: str, query: str) -> Document:
    """Let Timestream assume the role for this one scheduled query of this account.

    https://docs.aws.amazon.com/timestream/latest/developerguide/security_iam_id-based-policy-examples.html
    """
    return document(
        allow(
            "TimestreamRunsThisQuery",
            ["sts:AssumeRole"],
            None,
            principal={"Service": "timestream.amazonaws.com"},
            condition={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {
                    "aws:SourceArn": scheduled_query_arn(
                        partition=partition, region=region, account=account, query=query
                    )
                },
            },
        )
    )


def scheduled_query_data_statements(*, source_arns: Sequence[str], target_arn: str) -> list[Statement]:
    """Let the role read the named tables and write the target, and nothing else."""
    return [
        allow("ReadTheSources", ["timestream:Select"], sorted(source_arns)),
        allow("WriteTheTarget", ["timestream:WriteRecords"], [target_arn]),
        allow("ActionsThatHaveNoResource", ["timestream:DescribeEndpoints", "timestream:SelectValues"], "*"),
    ]


def scheduled_query_report_statements(
    *,
    topic_arn: str,
    topic_key_arn: str | None,
    bucket_arn: str,
    report_prefix: str,
    query_key_arn: str,
    database_key_arns: Sequence[str],
    account: str,
    region: str,
    dns_suffix: str,
) -> list[Statement]:
    """Let the role announce runs, write error reports under its prefix, and use the keys that this takes.

    The keys of every source are needed, and that of the target: AWS documents kms:Decrypt for both kinds of
    database access by the credentials that Timestream keeps.
    """
    timestream = timestream_service(region=region, dns_suffix=dns_suffix)
    # The name of a bucket that is deleted may come to belong to somebody else.
    ours = {"StringEquals": {"aws:ResourceAccount": account}}
    reports = f"{bucket_arn}/{report_prefix}*"
    statements = [
        allow("AnnounceRuns", ["sns:Publish"], [topic_arn]),
        allow("WriteErrorReports", ["s3:PutObject"], [reports], condition=ours),
        allow("FindTheBucketOfErrorReports", ["s3:GetBucketAcl"], [bucket_arn], condition=ours),
        # AWS documents that the role needs both, not through which service Timestream then calls KMS.
        allow("EncryptTheQueryAndItsErrorReports", ["kms:Decrypt", "kms:GenerateDataKey"], [query_key_arn]),
        allow(
            "DecryptSourcesAndTargetThroughTimestream",
            ["kms:Decrypt"],
            sorted(set(database_key_arns)),
            condition={"StringEquals": {"kms:ViaService": timestream}},
        ),
    ]
    if topic_key_arn is not None:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        statements.append(
            allow(
                "EncryptAnnouncementsThroughSns",
                ["kms:Decrypt", "kms:GenerateDataKey"],
                [topic_key_arn],
                condition={"StringEquals": {"kms:ViaService": f"sns.{region}.{dns_suffix}"}},
            )
        )
    return statements


def scheduled_query_key_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, administrators: Sequence[str]
) -> Document:
    """Let the account use the key through Timestream and S3, or without a service; IAM decides who.

    The one key encrypts the query and, through S3, its error reports. AWS documents that the execution role
    needs it, not that it is used through a service only: a call without one must stay possible.
    https://docs.aws.amazon.com/timestream/latest/developerguide/security_iam_id-based-policy-examples.html
    """
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "UseForTheQueryAndItsReportsAsIamAllows",
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            "*",
            principal={"AWS": root_arn(partition=partition, account=account)},
            condition={
                "StringEquals": {"kms:CallerAccount": account},
                "StringEqualsIfExists": {
                    "kms:ViaService": [
                        f"s3.{region}.{dns_suffix}",
                        timestream_service(region=region, dns_suffix=dns_suffix),
                    ]
                },
            },
        ),
    )
