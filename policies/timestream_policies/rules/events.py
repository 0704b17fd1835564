"""Rules on EventBridge: who may send events, and where they go."""

from collections.abc import Iterator

import timestream_policies.examples.events as examples
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.references import names_something
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import (
    EVENT_BUS,
    EVENT_BUS_POLICY,
    EVENT_PERMISSION,
    EVENT_RULE,
    EVENT_TARGET,
)
from timestream_policies.undecided import any_of

GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide"
GRANTS = (EVENT_BUS_POLICY, EVENT_PERMISSION)


@rule(
    "TS-CW-010",
    title="Targets of EventBridge rules have a dead-letter queue",
    severity=Severity.LOW,
    applies_to=[EVENT_TARGET],
    why="An announcement that cannot be delivered is dropped, and nobody learns that there was one.",
    fix="Set dead_letter_config to the ARN of a queue that admits events.amazonaws.com.",
    snippet=examples.SNIPPET,
    good=examples.QUEUE_GOOD,
    bad=examples.QUEUE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AU-5", "SI-4"]},
    equivalents={"cdk-nag": ["Serverless-EventBusDLQ"]},
    catalogue=["CW-08"],
    links=[f"{GUIDE}/eb-rule-dlq.html"],
)
def targets_have_a_dead_letter_queue(target: Resource) -> Iterator[Finding]:
    """Look for a queue, by value or by reference."""
    if not names_something(target, "deadLetterConfig.arn"):
        yield target.finding("drops what it cannot deliver", at="deadLetterConfig")


@rule(
    "TS-CW-011",
    title="Event buses are not open to everybody",
    severity=Severity.HIGH,
    applies_to=GRANTS,
    why="Strangers could send events that look like ours, and set off what listens.",
    fix="Name the accounts, or add a condition on aws:PrincipalOrgID.",
    snippet=examples.SNIPPET,
    good=examples.CLOSED_GOOD,
    bad=examples.CLOSED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "cis-aws-7.0.0": ["2.21"], "nist-800-53-r5": ["AC-3", "AC-6"]},
    equivalents={
        "cdk-nag": ["EventBusOpenAccess"],
        "prowler": ["eventbridge_bus_exposed", "eventbridge_bus_cross_account_access"],
    },
    catalogue=["CW-09"],
    links=[f"{GUIDE}/eb-event-bus-permissions-manage.html"],
)
def buses_are_closed(grant: Resource) -> Iterator[Finding]:
    """Judge each statement of a policy, or the one that a permission is."""
    if grant.type == EVENT_PERMISSION:
        if grant.get("principal") == "*" and not grant.get("condition"):
            yield grant.finding("lets everybody send events: its principal is *", at="principal")
        return
    document = grant.document("policy")
    for statement in document.statements if document else ():
        with statement:
            if statement.allows and is_open_to_anyone(statement):
                yield grant.finding(
                    f"lets everybody in: {statement} allows a wildcard principal, "
                    "and no condition keeps strangers out",
                    at="policy",
                    key=f"policy/{statement.key}",
                )


@rule(
    "TS-CW-012",
    title="Custom event buses have a policy of their own",
    severity=Severity.LOW,
    applies_to=[EVENT_BUS],
    why="Without a policy any identity of the account may send events, whatever they pretend to be.",
    fix="Add an aws.cloudwatch.EventBusPolicy that names who may call events:PutEvents.",
    snippet=examples.SNIPPET,
    good=examples.GOVERNED_GOOD,
    bad=examples.GOVERNED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AC-3"], "aws-fsbp": ["EventBridge.3"]},
    equivalents={"security-hub": ["EventBridge.3"]},
    catalogue=["CW-09"],
    links=[f"{GUIDE}/eb-event-bus-perms.html"],
)
def buses_have_a_policy(bus: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a policy or a permission that refers to the bus."""
    if not any_of(GRANTS, lambda type_: bool(stack.referring(bus, type_, "eventBusName"))):
        yield bus.finding("has no policy of its own", key="policy")


@rule(
    "TS-CW-013",
    title="EventBridge rules have a target",
    severity=Severity.MEDIUM,
    applies_to=[EVENT_RULE],
    why="A rule without a target catches the event and tells nobody.",
    fix="Add an aws.cloudwatch.EventTarget for the rule, such as a topic.",
    snippet=examples.SNIPPET,
    good=examples.TARGETED_GOOD,
    bad=examples.TARGETED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["SI-4"]},
    catalogue=["GAP-67"],
    links=[f"{GUIDE}/eb-targets.html"],
)
def rules_have_a_target(event_rule: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a target that refers to the rule."""
    if not stack.referring(event_rule, EVENT_TARGET, "rule"):
        yield event_rule.finding("tells nobody: it has no target", key="target")
