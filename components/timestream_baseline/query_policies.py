"""The policies of the roles that run scheduled queries, and how large they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from timestream_baseline.documents.buckets import rejected_records_bucket_policy
from timestream_baseline.documents.limits import BUCKET_POLICY, INLINE_POLICIES, excess
from timestream_baseline.documents.parts import Document, document, table_arn
from timestream_baseline.documents.scheduled_queries import (
    scheduled_query_data_statements,
    scheduled_query_report_statements,
)
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.scheduled_queries import ScheduledQuery
from timestream_baseline.location import Location

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_LONGEST_BUCKET: Final = "arn:aws-us-gov:s3:::" + "x" * 63


def report_prefix(query: str) -> str:
    """Say below which prefix a query writes its error reports."""
    return f"scheduled-queries/{query}/"


def tables_of(settings: ScheduledQuery) -> list[str]:
    """Name the tables that a query reads, and the one that it writes."""
    if settings.target is None or settings.target.table is None:
        raise ValueError("a scheduled query has no target")  # the normaliser has refused it
    return [*settings.sources, settings.target.table]


def data_policy(settings: ScheduledQuery, location: Location) -> Document:
    """Let a role read the sources of its query and write the target."""

    def arn(path: str) -> str:
        database, _, table = path.partition("/")
        return table_arn(
            partition=location.partition,
            region=location.region,
            account=location.account,
            database=database,
            table=table,
        )

    *sources, target = (arn(path) for path in tables_of(settings))
    return document(*scheduled_query_data_statements(source_arns=sources, target_arn=target))


def report_policy(
    query: str,
    *,
    topic_arn: str,
    topic_key_arn: str | None,
    bucket_arn: str,
    query_key_arn: str,
    database_key_arns: Sequence[str],
    location: Location,
) -> Document:
    """Let a role say how its query went, and use the keys of all that it touches."""
    statements = scheduled_query_report_statements(
        topic_arn=topic_arn,
        topic_key_arn=topic_key_arn,
        bucket_arn=bucket_arn,
        report_prefix=report_prefix(query),
        query_key_arn=query_key_arn,
        database_key_arns=database_key_arns,
        account=location.account,
        region=location.region,
        dns_suffix=location.dns_suffix,
    )
    return document(*statements)


def check_queries(
    queries: Mapping[str, ScheduledQuery],
    *,
    keys: Mapping[str, str],
    topic_arn: str,
    location: Location,
    place: Place,
) -> None:
    """Note what is too large for AWS. `keys` are ARNs, or texts as long, by what the keys encrypt."""
    for query, settings in queries.items():
        databases = {path.partition("/")[0] for path in tables_of(settings)}
        policies = [
            data_policy(settings, location),
            report_policy(
                query,
                topic_arn=topic_arn,
                topic_key_arn=keys.get("topic"),
                bucket_arn=_LONGEST_BUCKET,
                query_key_arn=keys[f"scheduledQueries/{query}"],
                database_key_arns=[keys[f"databases/{database}"] for database in databases],
                location=location,
            ),
        ]
        if too_large := excess(INLINE_POLICIES, *policies):
            place.at(query).field("sources").mistake(f"{too_large}; read fewer tables in one query")
    if queries:
        allowed = [keys["rejectedRecords"], *(keys[f"scheduledQueries/{query}"] for query in queries)]
        policy = rejected_records_bucket_policy(bucket_arn=_LONGEST_BUCKET, key_arns=allowed)
        if too_large := excess(BUCKET_POLICY, policy):
            place.mistake(f"{too_large}; spread the queries over several components")
