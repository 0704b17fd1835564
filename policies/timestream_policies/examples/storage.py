"""Examples for the rules on where tables and scheduled queries leave things."""

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.buckets import BLOCKED, TLS_ONLY, sse
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.topics import ANYONE
from timestream_policies.types import (
    BUCKET,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    SCHEDULED_QUERY,
    TABLE,
    TOPIC,
)

REJECTS = {
    "magneticStoreWriteProperties": {
        "magneticStoreRejectedDataLocation": {"s3Configuration": {"bucketName": "rejects"}}
    }
}
REPORTS = {"errorReportConfiguration": {"s3Configuration": {"bucketName": "rejects"}}}
STRONG = {
    "bucket": "rejects",
    "policy": document(TLS_ONLY),
    "serverSideEncryptionConfiguration": {"rule": sse("aws:kms", KEY_ARN)},
    "versioning": {"enabled": True},
    "lifecycleRules": [{"enabled": True}],
}
BLOCK = Given(BUCKET_PUBLIC_ACCESS_BLOCK, {"bucket": "rejects", **BLOCKED}, "block")

SNIPPET = """\
import pulumi_aws as aws

table = aws.timestreamwrite.Table(
    "readings",
    database_name="plant",
    table_name="readings",
    magnetic_store_write_properties={
        "enable_magnetic_store_writes": True,
        "magnetic_store_rejected_data_location": {
            "s3_configuration": {"bucket_name": "rejects-of-the-plant"}
        },
    },
)
"""
QUERY_SNIPPET = """\
import pulumi_aws as aws

query = aws.timestreamquery.ScheduledQuery(
    "hourly",
    name="hourly",
    query_string="SELECT 1",
    execution_role_arn="arn:aws:iam::111122223333:role/queries",
    schedule_configuration={"schedule_expression": "rate(1 hour)"},
    target_configuration={
        "timestream_configuration": {
            "database_name": "plant",
            "table_name": "hourly",
            "time_column": "hour",
            "dimension_mappings": [{"name": "machine", "dimension_value_type": "VARCHAR"}],
        }
    },
    notification_configuration={
        "sns_configuration": {"topic_arn": "arn:aws:sns:eu-west-1:111122223333:queries"}
    },
    error_report_configuration={"s3_configuration": {"bucket_name": "reports-of-the-plant"}},
)
"""
BUCKET_GOOD = (
    example("a strong bucket", TABLE, REJECTS, Given(BUCKET, STRONG, "bucket"), BLOCK),
    example("no bucket", TABLE, {"tableName": "readings"}),
)
BUCKET_BAD = (
    example("a bucket with nothing", TABLE, REJECTS, Given(BUCKET, {"bucket": "rejects"}, "bucket")),
    example(
        "one without versions",
        TABLE,
        REJECTS,
        Given(BUCKET, {**STRONG, "versioning": {"enabled": False}}, "bucket"),
        BLOCK,
    ),
)
REPORTS_GOOD = (example("a strong bucket", SCHEDULED_QUERY, REPORTS, Given(BUCKET, STRONG, "bucket"), BLOCK),)
REPORTS_BAD = (
    example(
        "a bucket with nothing", SCHEDULED_QUERY, REPORTS, Given(BUCKET, {"bucket": "rejects"}, "bucket")
    ),
)
TELLS = {"notificationConfiguration": {"snsConfiguration": {"topicArn": "queries"}}}
TOPIC_GOOD = (
    example(
        "a closed topic",
        SCHEDULED_QUERY,
        TELLS,
        Given(TOPIC, {"name": "queries", "kmsMasterKeyId": KEY_ARN}, "t"),
    ),
)
TOPIC_BAD = (
    example("not encrypted", SCHEDULED_QUERY, TELLS, Given(TOPIC, {"name": "queries"}, "t")),
    example(
        "open to everybody",
        SCHEDULED_QUERY,
        TELLS,
        Given(TOPIC, {"name": "queries", "kmsMasterKeyId": KEY_ARN, "policy": document(ANYONE)}, "t"),
    ),
)
