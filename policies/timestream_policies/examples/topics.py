"""Examples for the rules on topics."""

from typing import Any

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import (
    BUCKET_NOTIFICATION,
    EVENT_TARGET,
    KEY,
    METRIC_ALARM,
    TOPIC,
    TOPIC_POLICY,
    TOPIC_SUBSCRIPTION,
)

TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:alarms"
ALARMS = {
    "Sid": "Alarms",
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": "sns:Publish",
    "Resource": TOPIC_ARN,
    "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
}
ANYONE = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC_ARN}
OWNER = {**ANYONE, "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}}
ANY_ACCOUNT = {**ANYONE, "Principal": {"AWS": "arn:aws:iam::*:role/publisher"}}

SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key("alarms", enable_key_rotation=True)
topic = aws.sns.Topic("alarms", name="alarms", kms_master_key_id=key.id)
policy = aws.sns.TopicPolicy(
    "alarms",
    arn="arn:aws:sns:eu-west-1:111122223333:alarms",
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "AlarmsOfThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": "arn:aws:sns:eu-west-1:111122223333:alarms",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        }],
    }),
)
"""

ENCRYPTED_GOOD = (
    example("a key ARN", TOPIC, {"kmsMasterKeyId": KEY_ARN}),
    example("a customer's alias", TOPIC, {"kmsMasterKeyId": "alias/alarms"}),
    example(
        "a key of this stack, not made yet",
        TOPIC,
        {"kmsMasterKeyId": REFERENCE},
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"kmsMasterKeyId": ("key",)},
    ),
)
ENCRYPTED_BAD = (
    example("not encrypted", TOPIC, {"name": "alarms"}),
    example("the key of AWS", TOPIC, {"kmsMasterKeyId": "alias/aws/sns"}),
    example("no key at all", TOPIC, {"kmsMasterKeyId": "yes"}),
)
UNENCRYPTED_BAD = (example("no key", TOPIC, {"name": "alarms"}),)
CLOSED_GOOD = (
    example("alarms of this account", TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": document(ALARMS, OWNER)}),
    example("the same on the topic", TOPIC, {"policy": document(ALARMS)}),
    example("no policy", TOPIC, {"name": "alarms"}),
)
CLOSED_BAD = (
    example("everybody", TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": document(ANYONE)}),
    example("everybody, on the topic", TOPIC, {"policy": document(ANYONE)}),
    example("any account", TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": document(ANY_ACCOUNT)}),
)

NAMED = {"name": "alarms"}
OTHER_ACCOUNT = {**ALARMS, "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}
OWN_ACCOUNT = {**ALARMS, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}
NO_TLS = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sns:Publish",
    "Resource": TOPIC_ARN,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TLS_SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key(
    "alarms",
    enable_key_rotation=True,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                "Effect": "Allow",
                "Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
            },
        ],
    }),
)
topic = aws.sns.Topic(
    "alarms",
    name="alarms",
    kms_master_key_id=key.arn,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AlarmsOfThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": "arn:aws:sns:eu-west-1:111122223333:alarms",
                "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
            },
            {
                "Sid": "NobodyWithoutTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": "arn:aws:sns:eu-west-1:111122223333:alarms",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }),
)
subscription = aws.sns.TopicSubscription(
    "alarms",
    topic=topic.arn,
    protocol="https",
    endpoint="https://example.org/alarms",
    redrive_policy=json.dumps({"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:undelivered"}),
)
"""


def policy(*statements: dict[str, Any]) -> Given:
    """Return a policy of the topic."""
    return Given(
        TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": document(*statements)}, "policy", {"arn": ("main",)}
    )


ALARM = Given(METRIC_ALARM, {"alarmActions": ["alarms"]}, "alarm")
TARGET = Given(EVENT_TARGET, {"arn": "alarms"}, "target")
ANNOUNCED = Given(BUCKET_NOTIFICATION, {"topics": [{"topicArn": "alarms"}]}, "announced")
ACCOUNTS_GOOD = (
    example("our own account", TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": document(OWN_ACCOUNT)}),
    example("no policy", TOPIC, NAMED),
)
OUTSIDE = {key: value for key, value in OTHER_ACCOUNT.items() if key != "Condition"}
ACCOUNTS_BAD = (
    example("another account", TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": document(OUTSIDE)}),
    example("another account, on the topic", TOPIC, {"policy": document(OUTSIDE)}),
    example("everybody", TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": document(ANYONE)}),
)
TLS_GOOD = (
    example("refused on the topic", TOPIC, {"policy": document(ALARMS, NO_TLS)}),
    example("refused beside it", TOPIC, NAMED, policy(NO_TLS)),
)
TLS_BAD = (
    example("no policy", TOPIC, NAMED),
    example("not refused", TOPIC, {"policy": document(ALARMS)}),
)
WIDE_GOOD = CLOSED_GOOD[:2]
WIDE_BAD = (
    example(
        "all actions but one",
        TOPIC_POLICY,
        {"arn": TOPIC_ARN, "policy": document({**ALARMS, "Action": None, "NotAction": "sns:DeleteTopic"})},
    ),
    example(
        "all but one, on the topic",
        TOPIC,
        {"policy": document({**OUTSIDE, "Principal": None, "NotPrincipal": OUTSIDE["Principal"]})},
    ),
)
HTTPS_GOOD = (example("https", TOPIC_SUBSCRIPTION, {"topic": TOPIC_ARN, "protocol": "https"}),)
HTTPS_BAD = (example("http", TOPIC_SUBSCRIPTION, {"topic": TOPIC_ARN, "protocol": "http"}),)
REDRIVE_GOOD = (
    example(
        "a dead-letter queue",
        TOPIC_SUBSCRIPTION,
        {
            "protocol": "sqs",
            "redrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:lost"}',
        },
    ),
    example("mail", TOPIC_SUBSCRIPTION, {"protocol": "email"}),
)
REDRIVE_BAD = (example("none", TOPIC_SUBSCRIPTION, {"protocol": "sqs"}),)
SUBSCRIBED = Given(TOPIC_SUBSCRIPTION, {"topic": "alarms"}, "subscription")
SUBSCRIBERS_GOOD = (
    example("somebody listens", TOPIC, NAMED, ALARM, SUBSCRIBED),
    example("no alarm goes there", TOPIC, NAMED),
)
SUBSCRIBERS_BAD = (example("nobody listens", TOPIC, NAMED, ALARM),)
ADMITS_GOOD = (
    example("alarms are let in", TOPIC, {**NAMED, "policy": document(ALARMS)}, ALARM),
    example("the default policy lets alarms in", TOPIC, NAMED, ALARM),
)
ADMITS_BAD = (
    example("alarms are not let in", TOPIC, {**NAMED, "policy": document(OWN_ACCOUNT)}, ALARM),
    example("the default policy lets no rule in", TOPIC, NAMED, TARGET),
    example("the default policy lets no bucket in", TOPIC, NAMED, ANNOUNCED),
)
SOURCE_BAD = (
    example("alarms of any account", TOPIC, {"policy": document({**ALARMS, "Condition": None})}),
    example(
        "the same beside it",
        TOPIC_POLICY,
        {"arn": TOPIC_ARN, "policy": document({**ALARMS, "Condition": None})},
    ),
)


def key_for(*services: str) -> Given:
    """Return the key of the topic, which these services may use."""
    use = {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
    }
    return Given(KEY, {"policy": document(use)}, "key", outputs={"arn": KEY_ARN})


ENCRYPTED = {**NAMED, "kmsMasterKeyId": KEY_ARN}
ALARM_KEY_GOOD = (
    example("CloudWatch may use the key", TOPIC, ENCRYPTED, ALARM, key_for("cloudwatch.amazonaws.com")),
    example("no alarm goes there", TOPIC, ENCRYPTED, key_for("events.amazonaws.com")),
)
ALARM_KEY_BAD = (
    example("the key of AWS", TOPIC, {**NAMED, "kmsMasterKeyId": "alias/aws/sns"}, ALARM),
    example("CloudWatch may not", TOPIC, ENCRYPTED, ALARM, key_for("events.amazonaws.com")),
)
SERVICE_KEY_GOOD = (
    example("EventBridge may use the key", TOPIC, ENCRYPTED, TARGET, key_for("events.amazonaws.com")),
)
SERVICE_KEY_BAD = (
    example("EventBridge may not", TOPIC, ENCRYPTED, TARGET, key_for("cloudwatch.amazonaws.com")),
)
