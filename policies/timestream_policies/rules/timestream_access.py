"""Rules on statements about Timestream that do not mean what they say."""

from collections.abc import Iterator
from functools import partial

import timestream_policies.examples.access as access_examples
import timestream_policies.examples.timestream_access as examples
from timestream_policies.documents import Condition, Statement
from timestream_policies.iam import is_every_resource
from timestream_policies.model import Finding, Resource
from timestream_policies.roles import is_only_a_boundary
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import EVERY_TABLE, IAM_ACTIONS_PAGE, documents, granting
from timestream_policies.stack import Stack
from timestream_policies.timestream_actions import never_works, unknown_action, unknown_key
from timestream_policies.types import IDENTITY_POLICIES, ROLE, SCHEDULED_QUERY
from timestream_policies.undecided import all_of, any_of
from timestream_policies.wildcards import has_wildcard, matches

FINE_GRAINED = {
    "cis-aws-db-2.0.0": ["10.5"],
    "nist-800-53-r5": ["AC-6"],
    "aws-timestream-security": ["security-best-practices"],
}
_QUERY_SERVICE = "timestream.amazonaws.com"


def all_statements(policy: Resource) -> Iterator[tuple[str, Statement]]:
    """Yield every statement of an identity policy."""
    for at, document in documents(policy):
        for statement in document.statements:
            yield at, statement


@rule(
    "TS-IAM-036",
    title="ARNs of Timestream name their database, and one table or all of them",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="A prefix takes in every database or table that somebody names like it later.",
    fix="Write database/NAME, database/NAME/table/NAME, or database/NAME/table/* for all tables of one.",
    snippet=access_examples.SNIPPET,
    good=examples.ARN_GOOD,
    bad=examples.ARN_BAD,
    controls=FINE_GRAINED,
    equivalents={"starchitect": ["aws_timestream_fine_grained_access_control"]},
    catalogue=["TS-06"],
    links=[IAM_ACTIONS_PAGE],
)
def arns_are_named(policy: Resource) -> Iterator[Finding]:
    """Look for wildcards in names; those that take in everything are for another rule."""
    for at, statement in granting(policy):
        with statement:
            for resource in statement.resources:
                if _has_prefix(resource):
                    yield policy.finding(
                        f"allows actions on {resource} ({statement})",
                        at=at,
                        key=f"{at}/{statement.key}/{resource}",
                    )


def _has_prefix(resource: str) -> bool:
    fields = resource.split(":", 5)
    if len(fields) < 6 or fields[2] != "timestream" or not fields[5].startswith("database/"):
        return False
    database, _, table = fields[5].removeprefix("database/").partition("/table/")
    if not has_wildcard(database) and (table == "*" or not has_wildcard(table)):
        return False
    return not is_every_resource(resource, "timestream", EVERY_TABLE)


@rule(
    "TS-IAM-037",
    title="Policies speak of actions and condition keys that Timestream has",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="AWS takes any name: an Allow with a wrong one never allows, and a condition never holds.",
    fix="Use names of the Service Authorization Reference, and aws:ResourceTag for tags.",
    snippet=access_examples.SNIPPET,
    good=examples.NAMES_GOOD,
    bad=examples.NAMES_BAD,
    controls=FINE_GRAINED,
    catalogue=["GAP-40"],
    links=[IAM_ACTIONS_PAGE],
)
def names_exist(policy: Resource) -> Iterator[Finding]:
    """Look for names that are not in the tables."""
    for at, statement in granting(policy):
        with statement:
            yield from _wrong_names(policy, at, statement)


def _wrong_names(policy: Resource, at: str, statement: Statement) -> Iterator[Finding]:
    for action in (*statement.actions, *statement.not_actions):
        if unknown_action(action):
            yield _wrong(policy, at, statement, f"allows {action}, which does not exist", action)
    for condition in statement.conditions:
        if unknown_key(condition.key) and condition.values:
            yield _wrong(
                policy, at, statement, f"asks for {condition.key}, which does not exist", condition.key
            )


def _wrong(policy: Resource, at: str, statement: Statement, message: str, what: str) -> Finding:
    return policy.finding(f"{message} ({statement})", at=at, key=f"{at}/{statement.key}/{what}")


@rule(
    "TS-IAM-038",
    title="Timestream actions are allowed on resources that they know",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="An action on a kind of resource that it does not know is never allowed.",
    fix="Allow table actions on tables, ListTables on databases, and DescribeEndpoints on *.",
    snippet=access_examples.SNIPPET,
    good=examples.KINDS_GOOD,
    bad=examples.KINDS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-6"]},
    catalogue=["GAP-79"],
    links=[IAM_ACTIONS_PAGE],
)
def kinds_fit(policy: Resource) -> Iterator[Finding]:
    """Look for actions that none of the resources suits."""
    for at, statement in granting(policy):
        with statement:
            for action in statement.actions:
                if action.startswith("timestream:") and _never(statement, action):
                    yield _wrong(
                        policy, at, statement, f"allows {action} on resources that it does not know", action
                    )


def _never(statement: Statement, action: str) -> bool:
    return bool(statement.resources) and all_of(
        statement.resources, lambda resource: never_works(action, resource)
    )


@rule(
    "TS-IAM-039",
    title="Denials can match what they are to deny",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="A Deny with a wrong name or kind of resource denies nothing, and nobody notices.",
    fix="Use actions, resources and condition keys that Timestream has.",
    snippet=access_examples.SNIPPET,
    good=examples.DENY_GOOD,
    bad=examples.DENY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-3"]},
    catalogue=["GAP-80"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"],
)
def denials_match(policy: Resource) -> Iterator[Finding]:
    """Look for Deny statements with names or kinds that do not exist."""
    for at, statement in all_statements(policy):
        with statement:
            if statement.allows:
                continue
            for action in statement.actions:
                if unknown_action(action):
                    yield _wrong(policy, at, statement, f"denies {action}, which does not exist", action)
                elif action.startswith("timestream:") and _never(statement, action):
                    yield _wrong(
                        policy, at, statement, f"denies {action} on resources that it does not know", action
                    )
            for condition in statement.conditions:
                if unknown_key(condition.key) and condition.values and not _holds_without(condition):
                    yield _wrong(
                        policy,
                        at,
                        statement,
                        f"denies only where {condition.key} is sent, which does not exist",
                        condition.key,
                    )


def _holds_without(condition: Condition) -> bool:
    """Tell whether a condition holds where its key is not in the request: negations do, and IfExists."""
    operator = condition.operator
    if operator == "null":
        return any_of(condition.values, lambda value: value.lower() == "true")
    return operator.endswith("ifexists") or "not" in operator or operator.startswith("forallvalues:")


@rule(
    "TS-IAM-040",
    title="ARNs of buckets end with their name",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="The ARN arn:aws:s3:::name* also covers the bucket name-of-somebody-else.",
    fix="Write arn:aws:s3:::name for the bucket and arn:aws:s3:::name/* for its objects.",
    snippet=access_examples.SNIPPET,
    good=examples.BUCKET_GOOD,
    bad=examples.BUCKET_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-6"]},
    catalogue=["GAP-82"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html"],
)
def buckets_are_named(policy: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for names of buckets that go on."""
    for at, statement in granting(policy):
        with statement:
            for resource in statement.resources:
                if (
                    _goes_on(resource)
                    and not any_of(statement.conditions, _is_one_account)
                    and not is_only_a_boundary(policy, stack)
                ):
                    yield _wrong(
                        policy, at, statement, f"allows actions on every bucket like {resource}", resource
                    )


def _goes_on(resource: str) -> bool:
    fields = resource.split(":", 5)
    if len(fields) < 6 or fields[2] != "s3" or fields[4]:
        return False
    bucket, slash, _ = fields[5].partition("/")
    if slash or not bucket.strip("*?"):
        return False
    return bucket.endswith("*")


def _is_one_account(condition: Condition) -> bool:
    return (
        condition.key == "aws:resourceaccount"
        and condition.operator in ("stringequals", "stringlike")
        and bool(condition.values)
        and not any_of(condition.values, has_wildcard)
    )


@rule(
    "TS-IAM-041",
    title="Roles of scheduled queries are passed to Timestream only",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="Without iam:PassedToService its holder passes the role to Lambda or EC2 and uses it there.",
    fix="Add StringEquals iam:PassedToService timestream.amazonaws.com to the statement.",
    snippet=examples.PASSING,
    good=examples.PASS_GOOD,
    bad=examples.PASS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-6"]},
    catalogue=["GAP-42"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"],
)
def query_roles_are_passed_to_timestream(policy: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for PassRole on the role of a scheduled query."""
    for at, statement in granting(policy):
        with statement:
            if not any_of(statement.actions, lambda action: matches(action, "iam:passrole")):
                continue
            roles = stack.once("ARNs of roles of queries", lambda: _query_roles(stack))
            passes = any_of(statement.resources, partial(_takes_in, roles))
            if passes and not any_of(statement.conditions, _to_timestream):
                yield _wrong(
                    policy, at, statement, "passes the role of a scheduled query to any service", "pass"
                )


def _takes_in(arns: list[str], pattern: str) -> bool:
    return any(matches(pattern, arn) for arn in arns)


def _query_roles(stack: Stack) -> list[str]:
    """Return the ARNs of the roles of scheduled queries, as far as they are known."""
    arns: set[str] = set()
    for query in stack.of_type(SCHEDULED_QUERY):
        arns.update(str(arn) for arn in query.words("executionRoleArn").known)
        if query.words("executionRoleArn").unknown is not None:
            arns.update(
                role.output("arn") or f"arn:aws:iam::000000000000:role/{role.get('name', role.name)}"
                for role in stack.find_behind(query, "executionRoleArn", ROLE)
            )
    return sorted(arns)


def _to_timestream(condition: Condition) -> bool:
    return (
        condition.key == "iam:passedtoservice"
        and condition.operator in ("stringequals", "stringlike", "stringequalsignorecase")
        and bool(condition.values)
        and all_of(condition.values, lambda value: value.lower() == _QUERY_SERVICE)
    )
