"""The rule on the bucket to which InfluxDB delivers its logs."""

from collections.abc import Iterator

import timestream_policies.examples.influxdb_logs as examples
from timestream_policies.buckets import hardening_gaps
from timestream_policies.documents import Principal, Statement
from timestream_policies.model import Finding, Resource
from timestream_policies.resource_policies import policies
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import BUCKET, INFLUXDB
from timestream_policies.undecided import all_of, any_of
from timestream_policies.wildcards import has_wildcard

LOGS_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influxdb.html"
AT = "logDeliveryConfiguration.s3Configuration.bucketName"
SERVICE = "timestream-influxdb.amazonaws.com"
DELIVERY = "s3:putobject"
FOLDER = "InfluxLogs/"


@rule(
    "TS-IDB-006",
    title="The bucket of InfluxDB's logs is hardened, and InfluxDB may only add logs",
    severity=Severity.HIGH,
    applies_to=INFLUXDB,
    why="Logs name users, hosts and queries, and are the evidence when something has happened.",
    fix="Block public access, require TLS and a customer key, and allow s3:PutObject on InfluxLogs/* only.",
    snippet=examples.SNIPPET,
    good=examples.GOOD,
    bad=examples.BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-9", "AC-6"], "soc-2": ["CC7.2"]},
    catalogue=["GAP-06"],
    links=[LOGS_PAGE],
)
def log_buckets_are_hardened(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the bucket to its settings and its policy.

    AWS refuses a source account in the statement for the delivery, so none is asked for.
    """
    if not database.part(AT).partly_known:
        return
    for bucket in stack.behind(database, AT, BUCKET):
        for gap in hardening_gaps(bucket, stack):
            yield database.finding(
                f"delivers its logs to the bucket {bucket.name!r}, which {gap}", at=AT, key=f"{AT}/{gap}"
            )
        for document in policies(bucket, stack):
            for statement in document.statements:
                with statement:
                    if (
                        statement.allows
                        and any_of(statement.principals, _is_influxdb)
                        and _is_wide(statement)
                    ):
                        yield database.finding(
                            f"may do more than add logs to the bucket {bucket.name!r} ({statement})",
                            at=AT,
                            key=f"{AT}/{statement.key}",
                        )


def _is_influxdb(principal: Principal) -> bool:
    return principal.kind == "Service" and principal.value == SERVICE


def _is_wide(statement: Statement) -> bool:
    if statement.not_actions or statement.not_resources:
        return True
    return not (
        all_of(statement.actions, lambda action: action == DELIVERY)
        and all_of(statement.resources, _is_in_folder)
    )


def _is_in_folder(pattern: str) -> bool:
    bucket, _, key = pattern.rpartition(":")[2].partition("/")
    return not has_wildcard(bucket) and key.startswith(FOLDER)
