"""Examples for the rules on log groups."""

from typing import Any

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import KEY, LOG_GROUP, LOG_RESOURCE_POLICY

SERVICE = {
    "Sid": "Events",
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/changes:*",
}
ANYONE = {**SERVICE, "Principal": {"AWS": "*"}}

SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key("logs", enable_key_rotation=True)
group = aws.cloudwatch.LogGroup("trail", name="trail", kms_key_id=key.arn, retention_in_days=400)
policy = aws.cloudwatch.LogResourcePolicy(
    "events",
    policy_name="events",
    policy_document=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/changes:*",
        }],
    }),
)
"""


def _group(title: str, **properties: Any) -> Example:
    return example(title, LOG_GROUP, {"name": "trail", **properties})


def _policy(title: str, statement: dict[str, Any]) -> Example:
    properties = {"policyName": "events", "policyDocument": document(statement)}
    return example(title, LOG_RESOURCE_POLICY, properties)


KMS_GOOD = (
    _group("a customer's key", kmsKeyId=KEY_ARN),
    example(
        "a key of this stack, not made yet",
        LOG_GROUP,
        {"kmsKeyId": REFERENCE},
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"kmsKeyId": ("key",)},
    ),
)
KMS_BAD = (_group("no key"), _group("an empty text", kmsKeyId=""))
RETENTION_GOOD = (_group("a year", retentionInDays=365), _group("for ever", retentionInDays=0))
RETENTION_BAD = (_group("nothing said"), _group("not a period of AWS", retentionInDays=1000))
YEAR_GOOD = (
    _group("a year", retentionInDays=365),
    _group("for ever", retentionInDays=0),
    _group("a class that AWS empties", logGroupClass="DELIVERY", retentionInDays=2),
)
YEAR_BAD = (_group("a month", retentionInDays=30),)
CLOSED_GOOD = (_policy("one service", SERVICE),)
CLOSED_BAD = (_policy("everybody", ANYONE),)
