"""Examples for the rules on secrets."""

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.types import KEY, SECRET, SECRET_POLICY, SECRET_ROTATION

NAME = {"name": "plant/token"}
ARN = {"secretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:plant-AbCdEf"}
READS = {
    "Sid": "Read",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
    "Action": "secretsmanager:GetSecretValue",
    "Resource": "*",
}
EVERYBODY = {**READS, "Principal": "*"}
ROTATION = Given(
    SECRET_ROTATION,
    {"secretId": "plant/token", "rotationRules": {"automaticallyAfterDays": 30}},
    "rotation",
)

SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key("token", enable_key_rotation=True)
secret = aws.secretsmanager.Secret(
    "token",
    name="plant/token",
    description="Token with which the plant writes",
    kms_key_id=key.arn,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Deny",
            "Principal": "*",
            "Action": "secretsmanager:DeleteSecret",
            "Resource": "*",
        }],
    }),
)
aws.secretsmanager.SecretRotation(
    "token",
    secret_id=secret.id,
    rotation_lambda_arn="arn:aws:lambda:eu-west-1:111122223333:function:rotate",
    rotation_rules={"automatically_after_days": 30},
)
"""

KEY_GOOD = (example("a customer's key", SECRET, {**NAME, "kmsKeyId": KEY_ARN}),)
KEY_BAD = (
    example("no key", SECRET, NAME),
    example("the key of AWS", SECRET, {**NAME, "kmsKeyId": "alias/aws/secretsmanager"}),
)
ROTATED_GOOD = (example("rotated", SECRET, NAME, ROTATION),)
ROTATED_BAD = (example("not rotated", SECRET, NAME),)
PERIOD_GOOD = (
    example("monthly", SECRET_ROTATION, {"rotationRules": {"automaticallyAfterDays": 30}}),
    example("every four hours", SECRET_ROTATION, {"rotationRules": {"scheduleExpression": "rate(4 hours)"}}),
)
PERIOD_BAD = (
    example("too seldom", SECRET_ROTATION, {"rotationRules": {"automaticallyAfterDays": 91}}),
    example(
        "too seldom, as a rate", SECRET_ROTATION, {"rotationRules": {"scheduleExpression": "rate(91 days)"}}
    ),
)
POLICY_GOOD = (
    example("one role", SECRET_POLICY, {**ARN, "policy": document(READS)}),
    example("no policy", SECRET, NAME),
)
POLICY_BAD = (
    example("everybody", SECRET_POLICY, {**ARN, "policy": document(EVERYBODY)}),
    example("everybody, on the secret", SECRET, {**NAME, "policy": document(EVERYBODY)}),
    example(
        "another account",
        SECRET_POLICY,
        {**ARN, "policy": document({**READS, "Principal": {"AWS": "444455556666"}})},
        Given(KEY, {}, "key", outputs={"arn": KEY_ARN}),
    ),
    example("every action", SECRET_POLICY, {**ARN, "policy": document({**READS, "Action": "*"})}),
)
DESCRIBED_GOOD = (example("described", SECRET, {**NAME, "description": "token of the plant"}),)
DESCRIBED_BAD = (example("not described", SECRET, NAME),)
TOKEN = {"name": "influxdb/token", "kmsKeyId": KEY_ARN}
TOKEN_ROTATION = Given(SECRET_ROTATION, {"secretId": "influxdb/token"}, "rotation")
TOKEN_GOOD = (
    example("rotated, with a customer's key", SECRET, TOKEN, TOKEN_ROTATION),
    example("a secret of something else", SECRET, NAME),
)
TOKEN_BAD = (
    example("not rotated", SECRET, TOKEN),
    example("gone at once", SECRET, {**TOKEN, "recoveryWindowInDays": 0}, TOKEN_ROTATION),
    example("open", SECRET, {**TOKEN, "policy": document(EVERYBODY)}, TOKEN_ROTATION),
)
