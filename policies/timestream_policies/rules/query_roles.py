"""Rules on the roles that scheduled queries run as."""

from collections.abc import Iterator

import timestream_policies.examples.timestream_roles as examples
from timestream_policies.documents import Statement
from timestream_policies.model import Finding, Resource
from timestream_policies.roles import statements_of, stray
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.timestream_roles import DESTRUCTIVE, covers
from timestream_policies.topics import keys, role_may_use_key
from timestream_policies.trusts import TIMESTREAM, is_service, trusting
from timestream_policies.types import ROLE, SCHEDULED_QUERY, TOPIC
from timestream_policies.undecided import any_of
from timestream_policies.wildcards import has_wildcard

TELLS = "notificationConfiguration.snsConfiguration.topicArn"
ACCESS = {"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-5", "AC-6"]}


@rule(
    "TS-IAM-049",
    title="The role of a scheduled query may do what the query does, and nothing else",
    severity=Severity.HIGH,
    applies_to=[SCHEDULED_QUERY],
    why="Who changes the query's text would read and write whatever the role reaches.",
    fix="Allow WriteRecords on the target table and Select on the source tables.",
    snippet=examples.QUERY_SNIPPET,
    good=examples.EXECUTION_GOOD,
    bad=examples.EXECUTION_BAD,
    controls={"cis-aws-db-2.0.0": ["10.5"], "nist-800-53-r5": ["AC-6"]},
    catalogue=["GAP-31"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries-iam.html"],
)
def execution_roles_are_narrow(query: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the query to its role, and compare its policies with the target."""
    for role in stack.behind(query, "executionRoleArn", ROLE):
        for statement in statements_of(role, stack):
            with statement:
                if not statement.allows:
                    continue
                for message in _beyond(query, statement):
                    yield query.finding(
                        f"runs as role {role.name!r}, which {message} ({statement})",
                        at="executionRoleArn",
                        key=f"executionRoleArn/{statement.path}/{statement.key}/{message}",
                    )


def _beyond(query: Resource, statement: Statement) -> Iterator[str]:
    """Yield what a statement allows beyond what the query does."""
    if any_of(statement.actions, lambda p: bool(covers(p, ("WriteRecords",)))):
        target = _target(query)
        for resource in statement.resources:
            if not target or not resource.endswith(target) or has_wildcard(resource.split(":", 5)[-1]):
                yield f"writes to {resource}"
    if any_of(statement.actions, lambda p: bool(covers(p, ("Select",)))):
        for resource in statement.resources:
            name = resource.split(":", 5)[-1]
            if has_wildcard(name.partition("/table/")[0]) or "/table/" not in name:
                yield f"reads {resource}"
    if any_of(statement.actions, lambda p: bool(covers(p, DESTRUCTIVE))):
        yield "changes or deletes databases and tables"


def _target(query: Resource) -> str:
    to = query.part("targetConfiguration.timestreamConfiguration")
    database, table = to.get("databaseName"), to.get("tableName")
    return f":database/{database}/table/{table}" if database and table else ""


@rule(
    "TS-SQ-022",
    title="Scheduled queries can use the key of the topic that they report on",
    severity=Severity.MEDIUM,
    applies_to=[SCHEDULED_QUERY],
    why="A query reports as its role: without the topic's key nobody hears that it fails.",
    fix="Allow kms:Decrypt and kms:GenerateDataKey on the topic's key in a policy of the role.",
    snippet=examples.QUERY_SNIPPET,
    good=examples.REPORTS_GOOD,
    bad=examples.REPORTS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AU-5"]},
    catalogue=["GAP-29"],
    links=[
        "https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries-notifications.html"
    ],
)
def reports_reach_the_topic(query: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the query to its topic's key and to its role, where all three are of this stack."""
    if query.is_absent(TELLS):
        return
    for topic in stack.behind(query, TELLS, TOPIC):
        for key in keys(topic, stack):
            for role in stack.behind(query, "executionRoleArn", ROLE):
                with query:
                    if not role_may_use_key(role, key, stack):
                        yield query.finding(
                            f"reports on the topic {topic.name!r}, whose key {key.name!r} "
                            f"its role {role.name!r} may not use",
                            at="executionRoleArn",
                            key=f"executionRoleArn/{key.name}",
                        )


@rule(
    "TS-IAM-050",
    title="A role of a scheduled query serves one target",
    severity=Severity.LOW,
    applies_to=[ROLE],
    why="A shared role lets each query write the tables of the others, and other services run as it.",
    fix="Make one role for each scheduled query, which only timestream.amazonaws.com may assume.",
    snippet=examples.QUERY_SNIPPET,
    good=examples.SHARED_GOOD,
    bad=examples.SHARED_BAD,
    controls=ACCESS,
    catalogue=["GAP-32"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries-iam.html"],
)
def execution_roles_are_not_shared(role: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for queries with other targets, and for other services in the trust policy."""
    queries = stack.referring(role, SCHEDULED_QUERY, "executionRoleArn")
    if not queries:
        return
    if len({_target(query) for query in queries}) > 1:
        yield role.finding(
            f"runs {len(queries)} scheduled queries with different targets", at="name", key="targets"
        )
    elif other := stray(stack, SCHEDULED_QUERY, "executionRoleArn"):
        other.get("executionRoleArn")  # raises: it may be one more query of this role
    for statement in trusting(role):
        with statement:
            for principal in statement.principals:
                if principal.kind.lower() == "service" and not is_service(principal, TIMESTREAM):
                    yield role.finding(
                        f"runs a scheduled query and is for {principal.value} too",
                        at="assumeRolePolicy",
                        key=principal.value,
                    )
