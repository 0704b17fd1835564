"""Examples for the rules on KMS keys."""

from timestream_policies.examples import Given, document, example
from timestream_policies.types import KEY, KEY_POLICY

OWNER = {
    "Sid": "Account",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "kms:*",
    "Resource": "*",
}
ANYONE = {
    "Sid": "Open",
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": "kms:Decrypt",
    "Resource": "*",
}
ORGANIZATION = {**ANYONE, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}
READER = {**OWNER, "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"}, "Action": "kms:Decrypt"}

KEY_SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key(
    "metrics",
    description="Timestream database metrics",
    enable_key_rotation=True,
    deletion_window_in_days=30,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "AccountAdministersTheKey",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:*",
            "Resource": "*",
        }],
    }),
)
"""

NOT_PUBLIC_GOOD = (
    example("the account only", KEY, {"policy": document(OWNER)}),
    example("everybody in one organization", KEY, {"policy": document(OWNER, ORGANIZATION)}),
    example("a separate key policy", KEY_POLICY, {"keyId": "alias/metrics", "policy": document(OWNER)}),
)
NOT_PUBLIC_BAD = (
    example("everybody may decrypt", KEY, {"policy": document(OWNER, ANYONE)}),
    example(
        "everybody, on a separate key policy",
        KEY_POLICY,
        {"keyId": "alias/metrics", "policy": document(ANYONE)},
    ),
    example(
        "all but one",
        KEY,
        {"policy": document({**READER, "Principal": None, "NotPrincipal": READER["Principal"]})},
    ),
)
ROTATES_GOOD = (
    example("rotation on", KEY, {"enableKeyRotation": True}),
    example("rotation every 180 days", KEY, {"enableKeyRotation": True, "rotationPeriodInDays": 180}),
    example(
        "signing keys cannot rotate", KEY, {"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY"}
    ),
)
ROTATES_BAD = (
    example("nothing said", KEY, {"description": "metrics"}),
    example("rotation off", KEY, {"enableKeyRotation": False}),
    example("too seldom", KEY, {"enableKeyRotation": True, "rotationPeriodInDays": 400}),
)
WINDOW_GOOD = (
    example("30 days", KEY, {"deletionWindowInDays": 30}),
    example("AWS's default of 30 days", KEY, {"description": "metrics"}),
)
WINDOW_BAD = (example("one week", KEY, {"deletionWindowInDays": 7}),)
ENABLED_GOOD = (
    example("enabled", KEY, {"isEnabled": True}),
    example("enabled by default", KEY, {"description": "metrics"}),
)
ENABLED_BAD = (example("disabled", KEY, {"isEnabled": False}),)
LOCKOUT_GOOD = (
    example("check on", KEY, {"bypassPolicyLockoutSafetyCheck": False}),
    example("check on by default", KEY, {"policy": document(OWNER)}),
)
LOCKOUT_BAD = (example("check bypassed", KEY, {"bypassPolicyLockoutSafetyCheck": True}),)
ADMINISTRABLE_GOOD = (
    example("the account administers", KEY, {"policy": document(OWNER, READER)}),
    example(
        "a role administers",
        KEY,
        {"policy": document({**READER, "Action": ["kms:Describe*", "kms:Put*"]})},
    ),
    example("the default policy", KEY, {"description": "metrics"}),
)
ADMINISTRABLE_BAD = (
    example("only a reader", KEY, {"policy": document(READER)}),
    example(
        "only a reader, on a separate key policy",
        KEY_POLICY,
        {"keyId": "alias/metrics", "policy": document(READER)},
    ),
)
EXPLICIT_GOOD = (
    example("its own policy", KEY, {"policy": document(OWNER)}),
    example(
        "a separate policy",
        KEY,
        {"description": "metrics"},
        Given(KEY_POLICY, {"keyId": "1234abcd", "policy": document(OWNER)}, "policy", {"keyId": ("main",)}),
        outputs={"keyId": "1234abcd"},
    ),
)
EXPLICIT_BAD = (
    example("none", KEY, {"description": "metrics"}),
    example(
        "the separate policy is another key's",
        KEY,
        {"description": "metrics"},
        Given(KEY_POLICY, {"keyId": "another", "policy": document(OWNER)}, "policy"),
    ),
)
