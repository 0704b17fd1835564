"""Rules on the buckets and topics where tables and scheduled queries leave things."""

from collections.abc import Iterator

import timestream_policies.examples.storage as examples
from timestream_policies.buckets import hardening_gaps
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.references import customer_key_problem
from timestream_policies.resource_policies import policies
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.query_roles import TELLS
from timestream_policies.stack import Stack
from timestream_policies.types import BUCKET, SCHEDULED_QUERY, TABLE, TOPIC

REJECTS = "magneticStoreWriteProperties.magneticStoreRejectedDataLocation.s3Configuration.bucketName"
REPORTS = "errorReportConfiguration.s3Configuration.bucketName"


@rule(
    "TS-TBL-020",
    title="Rejected records lie in a bucket that is closed and encrypted",
    severity=Severity.HIGH,
    applies_to=[TABLE],
    why="What is left there is the data of the table; whoever reads the bucket reads it.",
    fix="Block public access, demand TLS, encrypt with your own key, keep versions and forget in time.",
    snippet=examples.SNIPPET,
    good=examples.BUCKET_GOOD,
    bad=examples.BUCKET_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["AC-3", "SC-28"],
        "aws-timestream-security": ["data-protection"],
    },
    equivalents={},
    catalogue=["GAP-20"],
    links=[
        "https://docs.aws.amazon.com/timestream/latest/developerguide/API_MagneticStoreRejectedDataLocation.html"
    ],
)
def rejects_lie_safe(table: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the bucket of the location."""
    yield from _weak_bucket(table, stack, REJECTS)


def _weak_bucket(resource: Resource, stack: Stack, at: str) -> Iterator[Finding]:
    if resource.is_absent(at):
        return
    for bucket in stack.behind(resource, at, BUCKET):
        for gap in hardening_gaps(bucket, stack):
            yield resource.finding(
                f"writes to the bucket {bucket.name!r}, which {gap}", at=at, key=f"{at}/{gap}"
            )
        mine, its = stack.region_of(resource), stack.region_of(bucket)
        if mine and its and mine != its:
            yield resource.finding(
                f"is in {mine}, but its bucket {bucket.name!r} is in {its}", at=at, key=f"{at}/region"
            )


@rule(
    "TS-SQ-020",
    title="Error reports lie in a bucket that is closed and encrypted",
    severity=Severity.HIGH,
    applies_to=[SCHEDULED_QUERY],
    why="Error reports hold rows of the result; whoever reads the bucket reads them.",
    fix="Block public access, demand TLS, encrypt with your own key, keep versions and forget in time.",
    snippet=examples.QUERY_SNIPPET,
    good=examples.REPORTS_GOOD,
    bad=examples.REPORTS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["AC-3", "SC-28"],
        "aws-timestream-security": ["data-protection"],
    },
    equivalents={},
    catalogue=["GAP-20"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries.html"],
)
def reports_lie_safe(query: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the bucket of the reports."""
    yield from _weak_bucket(query, stack, REPORTS)


@rule(
    "TS-SQ-021",
    title="Scheduled queries report on a topic that is encrypted and closed",
    severity=Severity.MEDIUM,
    applies_to=[SCHEDULED_QUERY],
    why="The reports name tables, queries and errors, and false ones hide real ones.",
    fix="Give the topic a customer managed key, and a policy without wildcard principals.",
    snippet=examples.QUERY_SNIPPET,
    good=examples.TOPIC_GOOD,
    bad=examples.TOPIC_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AC-3", "SC-28"]},
    equivalents={},
    catalogue=["GAP-29"],
    links=[
        "https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries-notifications.html"
    ],
)
def reports_go_to_a_closed_topic(query: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the key and the policies of the topic."""
    if query.is_absent(TELLS):
        return
    for topic in stack.behind(query, TELLS, TOPIC):
        with query:
            if problem := customer_key_problem(topic, "kmsMasterKeyId"):
                yield query.finding(f"reports on the topic {topic.name!r}, which {problem}", at=TELLS)
        for document in policies(topic, stack):
            for statement in document.statements:
                with statement:
                    if statement.allows and is_open_to_anyone(statement):
                        yield query.finding(
                            f"reports on the topic {topic.name!r}, which {statement} opens to everybody",
                            at=TELLS,
                            key=f"{TELLS}/{statement.key}",
                        )
