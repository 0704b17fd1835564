"""Examples for the rule on principals of resource policies."""

from timestream_policies.examples import document, example
from timestream_policies.examples.access import allow
from timestream_policies.types import BUCKET_POLICY, ROLE, TOPIC

SNIPPET = """\
import json
import pulumi_aws as aws

aws.s3.BucketPolicy(
    "reports",
    bucket="reports",
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }],
    }),
)
"""
_ONE = {"AWS": "arn:aws:iam::111122223333:role/reader"}
_READ = allow("s3:GetObject", "arn:aws:s3:::reports/*")

PRINCIPAL_GOOD = (
    example("one role", BUCKET_POLICY, {"bucket": "b", "policy": document({**_READ, "Principal": _ONE})}),
    example(
        "all but one are denied",
        BUCKET_POLICY,
        {"bucket": "b", "policy": document({**_READ, "Effect": "Deny", "NotPrincipal": _ONE})},
    ),
)
PRINCIPAL_BAD = (
    example("nobody", BUCKET_POLICY, {"bucket": "b", "policy": document(_READ)}),
    example("nobody, inline", TOPIC, {"policy": document(allow("sns:Publish"))}),
    example("nobody may assume it", ROLE, {"assumeRolePolicy": document({"Action": "sts:AssumeRole"})}),
)
