"""Examples for the rules on scheduled queries."""

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import KEY, SCHEDULED_QUERY

SNIPPET = """\
import pulumi_aws as aws

key = aws.kms.Key("hourly", enable_key_rotation=True)
query = aws.timestreamquery.ScheduledQuery(
    "hourly",
    name="hourly",
    query_string="SELECT 1",
    execution_role_arn="arn:aws:iam::111122223333:role/hourly",
    kms_key_id=key.arn,
    schedule_configuration={"schedule_expression": "rate(1 hour)"},
    notification_configuration={
        "sns_configuration": {"topic_arn": "arn:aws:sns:eu-west-1:111122223333:queries"},
    },
    error_report_configuration={
        "s3_configuration": {"bucket_name": "query-errors", "encryption_option": "SSE_KMS"},
    },
    target_configuration={
        "timestream_configuration": {
            "database_name": "metrics",
            "table_name": "hourly",
            "time_column": "hour",
            "dimension_mappings": [{"name": "host", "dimension_value_type": "VARCHAR"}],
        },
    },
)
"""


def _query(title: str, **properties: object) -> Example:
    return example(title, SCHEDULED_QUERY, {"name": "hourly", **properties})


def _reports(**s3: object) -> dict[str, object]:
    return {"s3Configuration": {"bucketName": "errors", **s3}}


KEY_GOOD = (
    _query("a key ARN", kmsKeyId=KEY_ARN),
    _query("a customer's alias", kmsKeyId="alias/queries"),
    example(
        "a key of this stack, not made yet",
        SCHEDULED_QUERY,
        {"name": "hourly", "kmsKeyId": REFERENCE},
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"kmsKeyId": ("key",)},
    ),
)
KEY_BAD = (
    _query("none"),
    _query("the key of AWS", kmsKeyId="alias/aws/timestream"),
    _query("no key at all", kmsKeyId="yes"),
)
REPORTS_GOOD = (
    _query(
        "the query's key", kmsKeyId=KEY_ARN, errorReportConfiguration=_reports(encryptionOption="SSE_KMS")
    ),
)
REPORTS_BAD = (
    _query("the bucket's own", kmsKeyId=KEY_ARN, errorReportConfiguration=_reports()),
    _query("keys of S3", kmsKeyId=KEY_ARN, errorReportConfiguration=_reports(encryptionOption="SSE_S3")),
    _query("KMS without a key", errorReportConfiguration=_reports(encryptionOption="SSE_KMS")),
)
