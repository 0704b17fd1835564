"""Examples for the rules on topics."""

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import KEY, TOPIC, TOPIC_POLICY

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
