"""Examples for the rule on settings with two owners."""

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.databases import REFERENCE
from timestream_policies.examples.keys import OWNER
from timestream_policies.types import (
    BUCKET,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    KEY,
    KEY_POLICY,
    SECURITY_GROUP,
    SECURITY_GROUP_INGRESS_RULE,
)

SNIPPET = """\
import json
import pulumi_aws as aws

POLICY = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{
        "Sid": "AccountAdministersTheKey",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "kms:*",
        "Resource": "*",
    }],
})
key = aws.kms.Key("metrics", enable_key_rotation=True, policy=POLICY)
"""

_BLOCK = {"bucket": "data", "blockPublicAcls": True}


def _block(name: str) -> Given:
    return Given(BUCKET_PUBLIC_ACCESS_BLOCK, _BLOCK, name)


ONE_GOOD = (
    example("a policy on the key", KEY, {"policy": document(OWNER)}),
    example(
        "a policy beside the bucket",
        BUCKET,
        {"bucket": "data"},
        Given(BUCKET_POLICY, {"bucket": "data", "policy": document()}, "policy"),
        _block("block"),
    ),
)
ONE_BAD = (
    example(
        "a policy on the key and one beside it, not made yet",
        KEY,
        {"policy": document(OWNER)},
        Given(KEY_POLICY, {"keyId": REFERENCE, "policy": document(OWNER)}, "policy", {"keyId": ("main",)}),
    ),
    example("two blocks on one bucket", BUCKET, {"bucket": "data"}, _block("block"), _block("again")),
    example(
        "rules in the group and beside it",
        SECURITY_GROUP,
        {"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "self": True}]},
        Given(SECURITY_GROUP_INGRESS_RULE, {"securityGroupId": "sg-1", "ipProtocol": "tcp"}, "rule"),
        id="sg-1",
    ),
)
