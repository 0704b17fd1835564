"""Examples for the rules on the buckets and keys of trails."""

from typing import Any

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.examples.databases import REFERENCE
from timestream_policies.examples.keys import OWNER
from timestream_policies.types import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_LOGGING,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_VERSIONING,
    KEY,
    LOG_GROUP,
    TRAIL,
)

TRAIL_ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail"
OURS = {"StringEquals": {"aws:SourceArn": TRAIL_ARN}}
SNIPPET = """\
import json
import pulumi_aws as aws

TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail"


def allow(principal, action, resource, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {**statement, "Condition": {"StringEquals": condition}} if condition else statement


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
bucket = aws.s3.Bucket("trail", bucket="trail-of-metrics")
aws.s3.BucketPublicAccessBlock(
    "trail",
    bucket="trail-of-metrics",
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketLogging("trail", bucket="trail-of-metrics", target_bucket="access-logs", target_prefix="trail/")
objects = "arn:aws:s3:::trail-of-metrics/AWSLogs/111122223333/*"
aws.s3.BucketPolicy(
    "trail",
    bucket="trail-of-metrics",
    policy=policy(
        allow(cloudtrail, "s3:GetBucketAcl", "arn:aws:s3:::trail-of-metrics", **{"aws:SourceArn": TRAIL}),
        allow(cloudtrail, "s3:PutObject", objects, **{"aws:SourceArn": TRAIL}),
    ),
)
key = aws.kms.Key(
    "trail",
    enable_key_rotation=True,
    policy=policy(
        allow({"AWS": "arn:aws:iam::111122223333:root"}, "kms:*", "*"),
        allow(cloudtrail, "kms:GenerateDataKey*", "*", **{"aws:SourceArn": TRAIL}),
    ),
)
trail = aws.cloudtrail.Trail("trail", name="trail", s3_bucket_name="trail-of-metrics", kms_key_id=key.arn)
"""
MFA_SNIPPET = """\
import pulumi_aws as aws

bucket = aws.s3.Bucket("trail", bucket="trail-of-metrics")
aws.s3.BucketVersioning(
    "trail",
    bucket="trail-of-metrics",
    mfa="arn:aws:iam::111122223333:mfa/root-account-mfa-device 123456",
    versioning_configuration={"status": "Enabled", "mfa_delete": "Enabled"},
)
trail = aws.cloudtrail.Trail("trail", name="trail", s3_bucket_name="trail-of-metrics")
"""
NAME = "trail-of-metrics"
DELIVERS = {
    "Sid": "Delivers",
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": f"arn:aws:s3:::{NAME}/AWSLogs/*",
}
ENCRYPTS = {**DELIVERS, "Sid": "Encrypts", "Action": "kms:GenerateDataKey*", "Resource": "*"}
LOGS = {**ENCRYPTS, "Principal": {"Service": "logs.eu-west-1.amazonaws.com"}}
ANYONE = {**DELIVERS, "Sid": "Open", "Principal": "*", "Action": "s3:GetObject"}
BLOCKED = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}


def with_bucket(title: str, *others: Given, **properties: Any) -> Example:
    """Return an example of a trail and its bucket."""
    bucket = Given(BUCKET, {"bucket": NAME, **properties}, "bucket")
    depends = {"s3BucketName": ("bucket",)}
    return example(title, TRAIL, {"name": "trail", "s3BucketName": NAME}, bucket, *others, depends=depends)


def with_key(title: str, *statements: dict[str, Any], type_: str = TRAIL) -> Example:
    """Return an example of something that is encrypted with a key of these statements."""
    key = Given(KEY, {"policy": document(OWNER, *statements)}, "key")
    return example(
        title, type_, {"name": "trail", "kmsKeyId": REFERENCE}, key, depends={"kmsKeyId": ("key",)}
    )


def _beside(type_: str, **properties: Any) -> Given:
    """Return a resource that says something of the bucket."""
    return Given(type_, {"bucket": NAME, **properties}, "beside", {"bucket": ("bucket",)})


def _policy(statement: dict[str, Any]) -> Given:
    return _beside(BUCKET_POLICY, policy=document(statement))


PRIVATE_GOOD = (
    with_bucket("nothing public", acl="private"),
    with_bucket("a public list, blocked", _beside(BUCKET_PUBLIC_ACCESS_BLOCK, **BLOCKED), acl="public-read"),
)
PRIVATE_BAD = (
    with_bucket("a public list", acl="public-read"),
    with_bucket("a public list of its own", _beside(BUCKET_ACL, acl="public-read")),
    with_bucket("a public policy", _policy(ANYONE)),
)
LOGGED_GOOD = (
    with_bucket("on the bucket", logging={"targetBucket": "access-logs"}),
    with_bucket("beside it", _beside(BUCKET_LOGGING, targetBucket="access-logs")),
)
LOGGED_BAD = (with_bucket("nobody"),)
MFA_GOOD = (
    with_bucket("on the bucket", versioning={"enabled": True, "mfaDelete": True}),
    with_bucket(
        "beside it",
        _beside(BUCKET_VERSIONING, versioningConfiguration={"status": "Enabled", "mfaDelete": "Enabled"}),
    ),
)
MFA_BAD = (with_bucket("versions only", versioning={"enabled": True}), with_bucket("nothing"))
SOURCE_GOOD = (
    with_bucket("one trail", _policy({**DELIVERS, "Condition": OURS})),
    with_key(
        "one account",
        {**ENCRYPTS, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
    ),
)
SOURCE_BAD = (
    with_bucket("any trail", _policy(DELIVERS)),
    with_key("any trail, by the key", ENCRYPTS),
)
ADMITTED_GOOD = (
    with_key("CloudTrail", {**ENCRYPTS, "Condition": OURS}),
    with_key("CloudWatch Logs", LOGS, type_=LOG_GROUP),
)
ADMITTED_BAD = (
    with_key("the account only"),
    with_key("CloudTrail, but not the logs", ENCRYPTS, type_=LOG_GROUP),
    with_bucket(
        "the key of the bucket",
        Given(KEY, {"policy": document(OWNER)}, "key", outputs={"keyId": "1234"}),
        serverSideEncryptionConfiguration={
            "rule": {"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": "1234"}}
        },
    ),
)
