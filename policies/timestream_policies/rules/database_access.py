"""The rule on access that is managed beside a database. It is opinion: other stacks may own the roles."""

from collections.abc import Iterator

import timestream_policies.examples.timestream_roles as examples
from timestream_policies.iam import timestream_actions
from timestream_policies.model import Finding, Resource
from timestream_policies.roles import statements_in
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import DATABASE, MANAGED_POLICY, ROLE, ROLE_POLICY
from timestream_policies.undecided import any_of

BEST_PRACTICES = "https://docs.aws.amazon.com/timestream/latest/developerguide/best-practices-security.html"


@rule(
    "TS-IAM-048",
    title="Access to a database is managed beside it",
    severity=Severity.LOW,
    applies_to=[DATABASE],
    why="Who may use the database is reviewed with it where its role and policy are in the same stack.",
    fix="Make a role and a policy on the database in this stack.",
    snippet=examples.BESIDE_SNIPPET,
    good=examples.BESIDE_GOOD,
    bad=examples.BESIDE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"]},
    catalogue=["TS-08"],
    equivalents={"starchitect": ["timestream_iam_access_control"]},
    links=[BEST_PRACTICES],
)
def access_is_managed_beside(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a role, and a policy that speaks of Timestream."""
    if not stack.once("has a role that uses Timestream", lambda: _has_access(stack)):
        yield database.finding("has no role and policy beside it", at="databaseName")


def _has_access(stack: Stack) -> bool:
    return any(True for _ in stack.of_type(ROLE)) and any_of(
        stack.of_type(MANAGED_POLICY, ROLE_POLICY, ROLE),
        lambda policy: any_of(
            statements_in(policy),
            lambda statement: (
                statement.allows and any_of(statement.actions, lambda a: bool(timestream_actions(a)))
            ),
        ),
    )
