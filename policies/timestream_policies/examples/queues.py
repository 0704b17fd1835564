"""Examples for the rules on queues."""

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.types import BUCKET_NOTIFICATION, EVENT_TARGET, QUEUE, QUEUE_POLICY, QUEUE_REDRIVE

NAME = {"name": "lost"}
URL = {"queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/lost"}
QUEUE_ARN = "arn:aws:sqs:eu-west-1:111122223333:lost"
RULE_ARN = "arn:aws:events:eu-west-1:111122223333:rule/tables"
SENDS = {
    "Sid": "Send",
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE_ARN,
    "Condition": {"ArnEquals": {"aws:SourceArn": RULE_ARN}},
}
EVERYBODY = {**SENDS, "Principal": "*", "Condition": None}
TLS_ONLY = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": QUEUE_ARN,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TARGET = Given(EVENT_TARGET, {"deadLetterConfig": {"arn": QUEUE_ARN}}, "target")
ANNOUNCED = Given(BUCKET_NOTIFICATION, {"queues": [{"queueArn": QUEUE_ARN}]}, "announced")

SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key("lost", enable_key_rotation=True)
queue = aws.sqs.Queue(
    "lost",
    name="lost",
    kms_master_key_id=key.arn,
    redrive_allow_policy=json.dumps({"redrivePermission": "allowAll"}),
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RulesLeaveWhatIsLost",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": "arn:aws:sqs:eu-west-1:111122223333:lost",
                "Condition": {
                    "ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/tables"},
                },
            },
            {
                "Sid": "NobodyWithoutTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": "arn:aws:sqs:eu-west-1:111122223333:lost",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }),
)
"""

ENCRYPTED_GOOD = (
    example("SQS encrypts by itself", QUEUE, NAME),
    example("switched on", QUEUE, {**NAME, "sqsManagedSseEnabled": True}),
)
ENCRYPTED_BAD = (example("switched off", QUEUE, {**NAME, "sqsManagedSseEnabled": False}),)
KEY_GOOD = (
    example("a customer's key", QUEUE, {**NAME, "kmsMasterKeyId": KEY_ARN}),
    example("where rules leave what is lost", QUEUE, {**NAME, "sqsManagedSseEnabled": True}, TARGET),
)
KEY_BAD = (
    example("no key", QUEUE, NAME),
    example("the key of AWS", QUEUE, {**NAME, "kmsMasterKeyId": "alias/aws/sqs"}),
)
POLICY_GOOD = (
    example("one rule", QUEUE_POLICY, {**URL, "policy": document(SENDS, TLS_ONLY)}),
    example("one rule, on the queue", QUEUE, {**NAME, "policy": document(SENDS)}),
)
PUBLIC_BAD = (
    example("everybody", QUEUE_POLICY, {**URL, "policy": document(EVERYBODY)}),
    example("everybody, on the queue", QUEUE, {**NAME, "policy": document(EVERYBODY)}),
)
ACTION_BAD = (
    example("every action", QUEUE_POLICY, {**URL, "policy": document({**SENDS, "Action": "SQS:*"})}),
    example("every action, on the queue", QUEUE, {**NAME, "policy": document({**SENDS, "Action": "*"})}),
)
WIDE_BAD = (
    example(
        "all actions but one",
        QUEUE_POLICY,
        {**URL, "policy": document({**SENDS, "Action": None, "NotAction": "sqs:DeleteQueue"})},
    ),
)
TLS_GOOD = (
    example("refused", QUEUE, {**NAME, "policy": document(TLS_ONLY)}),
    example(
        "refused beside it",
        QUEUE,
        NAME,
        Given(QUEUE_POLICY, {**URL, "policy": document(TLS_ONLY)}, "policy", {"queueUrl": ("main",)}),
    ),
)
TLS_BAD = (
    example("no policy", QUEUE, NAME),
    example("not refused", QUEUE, {**NAME, "policy": document(SENDS)}),
)
REDRIVE = f'{{"deadLetterTargetArn": "{QUEUE_ARN}", "maxReceiveCount": 5}}'
DEAD_GOOD = (
    example("one of its own", QUEUE, {"name": "work", "redrivePolicy": REDRIVE}),
    example("it is one", QUEUE, NAME, Given(QUEUE, {"redrivePolicy": REDRIVE}, "work")),
    example(
        "beside it",
        QUEUE,
        NAME,
        Given(QUEUE_REDRIVE, {**URL, "redrivePolicy": "{}"}, "redrive", {"queueUrl": ("main",)}),
    ),
)
DEAD_BAD = (example("none", QUEUE, NAME),)
WEAK_GOOD = (
    example("one rule writes", QUEUE, {**NAME, "policy": document(SENDS)}, TARGET),
    example("no dead-letter queue", QUEUE, {**NAME, "sqsManagedSseEnabled": False}),
)
WEAK_BAD = (
    example("not encrypted", QUEUE, {**NAME, "sqsManagedSseEnabled": False}, TARGET),
    example(
        "rules of any account", QUEUE, {**NAME, "policy": document({**SENDS, "Condition": None})}, TARGET
    ),
    example("buckets announce there", QUEUE, {**NAME, "sqsManagedSseEnabled": False}, ANNOUNCED),
)
