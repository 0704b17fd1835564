"""Rules on scheduled queries."""

from collections.abc import Iterator

import timestream_policies.examples.scheduled_queries as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, names_something, value_or_customer_key
from timestream_policies.rule import Severity, rule
from timestream_policies.types import SCHEDULED_QUERY

QUERY_API_PAGE = (
    "https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_CreateScheduledQuery.html"
)
REPORTS = "errorReportConfiguration.s3Configuration"
NOT_OURS = (KeyName.AWS_ALIAS, KeyName.NONSENSE)


@rule(
    "TS-SQ-001",
    title="Scheduled queries are encrypted with a customer managed key",
    severity=Severity.MEDIUM,
    applies_to=[SCHEDULED_QUERY],
    why="Without a key Timestream takes one of its own, which you can neither restrict nor watch.",
    fix="Set kms_key_id to a customer managed key: kms_key_id=key.arn.",
    snippet=examples.SNIPPET,
    good=examples.KEY_GOOD,
    bad=examples.KEY_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["SC-28"],
        "aws-timestream-security": ["data-protection"],
    },
    catalogue=["GAP-27"],
    links=[QUERY_API_PAGE],
)
def queries_use_a_customer_key(query: Resource) -> Iterator[Finding]:
    """Judge the key by value, or by reference while the value is unknown."""
    value = value_or_customer_key(query, "kmsKeyId")
    if value == "":
        yield query.finding("is encrypted with a key that Timestream owns", at="kmsKeyId")
    elif value is not None and key_name(value) in NOT_OURS:
        yield query.finding(f"is encrypted with {value!r}, which is no customer managed key", at="kmsKeyId")


@rule(
    "TS-SQ-002",
    title="Error reports of scheduled queries are encrypted with the query's key",
    severity=Severity.MEDIUM,
    applies_to=[SCHEDULED_QUERY],
    why="Error reports hold rows of the data, and need the same key.",
    fix='Set encryption_option="SSE_KMS" in the s3_configuration of the error report, and kms_key_id.',
    snippet=examples.SNIPPET,
    good=examples.REPORTS_GOOD,
    bad=examples.REPORTS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["SC-28"],
        "aws-timestream-security": ["data-protection"],
    },
    catalogue=["GAP-28"],
    links=[QUERY_API_PAGE],
)
def error_reports_are_encrypted(query: Resource) -> Iterator[Finding]:
    """Judge the option, and the key that it needs."""
    at = f"{REPORTS}.encryptionOption"
    option = query.get(at)
    if option != "SSE_KMS":
        how = f"with {option}" if option else "without a key"
        yield query.finding(f"writes error reports {how}", at=at)
    elif not names_something(query, "kmsKeyId"):
        yield query.finding("writes error reports with SSE_KMS, but has no key", at="kmsKeyId")
