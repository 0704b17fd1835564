"""Examples for the rules on EventBridge."""

import json
from typing import Any

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.examples.databases import REFERENCE
from timestream_policies.types import (
    EVENT_BUS,
    EVENT_BUS_POLICY,
    EVENT_PERMISSION,
    EVENT_RULE,
    EVENT_TARGET,
    QUEUE,
)

TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:changes"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:111122223333:undelivered"
BUS_ARN = "arn:aws:events:eu-west-1:111122223333:event-bus/changes"

SNIPPET = """\
import json
import pulumi_aws as aws

rule = aws.cloudwatch.EventRule(
    "deleted",
    name="deleted",
    event_pattern=json.dumps({
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": [{"prefix": "timestream"}],
            "eventName": ["DeleteDatabase", "DeleteTable"],
        },
    }),
)
target = aws.cloudwatch.EventTarget(
    "deleted",
    rule="deleted",
    arn="arn:aws:sns:eu-west-1:111122223333:changes",
    dead_letter_config={"arn": "arn:aws:sqs:eu-west-1:111122223333:undelivered"},
)
bus = aws.cloudwatch.EventBus("changes", name="changes")
policy = aws.cloudwatch.EventBusPolicy(
    "changes",
    event_bus_name="changes",
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "OurOrganization",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "events:PutEvents",
            "Resource": "arn:aws:events:eu-west-1:111122223333:event-bus/changes",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        }],
    }),
)
"""
ANYONE = {
    "Sid": "Open",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "events:PutEvents",
    "Resource": BUS_ARN,
}
ORGANIZATION = {**ANYONE, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}


def pattern(*names: str, source: str | None = None) -> str:
    """Return the pattern of a rule on calls, of one service or of any."""
    detail: dict[str, Any] = {"eventName": list(names)}
    if source:
        detail["eventSource"] = [source]
    return json.dumps({"detail-type": ["AWS API Call via CloudTrail"], "detail": detail})


def rule_on(*names: str, source: str | None = None) -> dict[str, Any]:
    """Return the properties of a rule on calls."""
    return {"name": "changes", "eventPattern": pattern(*names, source=source)}


TARGET = Given(EVENT_TARGET, {"rule": "changes", "arn": TOPIC_ARN}, "target")


def _target(title: str, **properties: Any) -> Example:
    return example(title, EVENT_TARGET, {"rule": "changes", "arn": TOPIC_ARN, **properties})


QUEUE_GOOD = (
    _target("a queue", deadLetterConfig={"arn": QUEUE_ARN}),
    example(
        "a queue of this stack, not made yet",
        EVENT_TARGET,
        {"rule": "changes", "deadLetterConfig": {"arn": REFERENCE}},
        Given(QUEUE, {"name": "undelivered"}, "queue"),
        depends={"deadLetterConfig": ("queue",)},
    ),
)
QUEUE_BAD = (_target("none"), _target("an empty one", deadLetterConfig={"arn": ""}))
CLOSED_GOOD = (
    example(
        "one organization", EVENT_BUS_POLICY, {"eventBusName": "changes", "policy": document(ORGANIZATION)}
    ),
    example("one account", EVENT_PERMISSION, {"principal": "444455556666", "statementId": "Them"}),
    example(
        "everybody of one organization",
        EVENT_PERMISSION,
        {
            "principal": "*",
            "statementId": "Us",
            "condition": {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-a1b2c3d4e5"},
        },
    ),
)
CLOSED_BAD = (
    example("everybody", EVENT_BUS_POLICY, {"eventBusName": "changes", "policy": document(ANYONE)}),
    example("everybody, by a permission", EVENT_PERMISSION, {"principal": "*", "statementId": "All"}),
)
GOVERNED_GOOD = (
    example(
        "a policy",
        EVENT_BUS,
        {"name": "changes"},
        Given(EVENT_BUS_POLICY, {"eventBusName": "changes"}, "policy"),
    ),
    example(
        "a permission",
        EVENT_BUS,
        {"name": "changes"},
        Given(EVENT_PERMISSION, {"eventBusName": "changes"}, "permission"),
    ),
)
GOVERNED_BAD = (
    example("nothing", EVENT_BUS, {"name": "changes"}),
    example(
        "the policy of another bus",
        EVENT_BUS,
        {"name": "changes"},
        Given(EVENT_BUS_POLICY, {"eventBusName": "others"}, "policy"),
    ),
)
TARGETED_GOOD = (
    example("a target", EVENT_RULE, rule_on("DeleteTable"), TARGET),
    example(
        "a target of a rule that is not made yet",
        EVENT_RULE,
        {"eventPattern": pattern("DeleteTable")},
        Given(EVENT_TARGET, {"rule": REFERENCE, "arn": TOPIC_ARN}, "target", {"rule": ("main",)}),
    ),
)
TARGETED_BAD = (example("nobody", EVENT_RULE, rule_on("DeleteTable")),)
