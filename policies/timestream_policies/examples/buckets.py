"""Examples for the rules on buckets."""

from collections.abc import Mapping

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_CORS,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_NOTIFICATION,
    BUCKET_OBJECT_LOCK,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
    BUCKET_WEBSITE,
    KEY,
    TRAIL,
)

NAME = {"bucket": "rejects"}
BLOCKED = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}
TLS_ONLY = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::rejects", "arn:aws:s3:::rejects/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
READER = {
    "Sid": "Read",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::rejects/*",
}
EVERYBODY = {**READER, "Principal": "*"}
ALL_GROUP = "http://acs.amazonaws.com/groups/global/AllUsers"

SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key("rejects", enable_key_rotation=True)
bucket = aws.s3.Bucket("rejects", bucket="rejects-of-the-plant", object_lock_enabled=True)
aws.s3.BucketPublicAccessBlock(
    "rejects",
    bucket=bucket.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketOwnershipControls(
    "rejects", bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}
)
aws.s3.BucketServerSideEncryptionConfiguration(
    "rejects",
    bucket=bucket.bucket,
    rules=[{
        "apply_server_side_encryption_by_default": {
            "sse_algorithm": "aws:kms",
            "kms_master_key_id": key.arn,
        },
        "bucket_key_enabled": True,
    }],
)
aws.s3.BucketVersioning(
    "rejects",
    bucket=bucket.bucket,
    versioning_configuration={"status": "Enabled", "mfa_delete": "Enabled"},
)
aws.s3.BucketLifecycleConfiguration(
    "rejects",
    bucket=bucket.bucket,
    rules=[{
        "id": "forget",
        "status": "Enabled",
        "expiration": {"days": 90},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
    }],
)
aws.s3.BucketLogging(
    "rejects", bucket=bucket.bucket, target_bucket="access-logs-of-the-plant", target_prefix="rejects/"
)
aws.s3.BucketPolicy(
    "rejects",
    bucket=bucket.bucket,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "NobodyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::rejects-of-the-plant", "arn:aws:s3:::rejects-of-the-plant/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }],
    }),
)
"""
ADVISORY_SNIPPET = (
    SNIPPET
    + """\
aws.s3.BucketReplicationConfig(
    "rejects",
    bucket=bucket.bucket,
    role="arn:aws:iam::111122223333:role/replication",
    rules=[{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::rejects-far-away"}}],
)
aws.s3.BucketNotification("rejects", bucket=bucket.bucket, eventbridge=True)
"""
)


def sse(algorithm: str, key: str | None = None, **more: object) -> dict[str, object]:
    """Return a rule of default encryption."""
    by = {"sseAlgorithm": algorithm, **({"kmsMasterKeyId": key} if key else {})}
    return {"applyServerSideEncryptionByDefault": by, **more}


def inline(rule: dict[str, object]) -> dict[str, object]:
    """Return a bucket with default encryption."""
    return {**NAME, "serverSideEncryptionConfiguration": {"rule": rule}}


def beside(type_: str, properties: Mapping[str, object]) -> Given:
    """Return a resource that refers to the bucket."""
    return Given(type_, {**NAME, **properties}, "beside")


LOGS_HERE = Given(BUCKET_LOGGING, {"bucket": "other", "targetBucket": "rejects"}, "logging")
TRAIL_HERE = Given(TRAIL, {"s3BucketName": "rejects"}, "trail")

ALGORITHM_GOOD = (
    example("nothing said: S3 encrypts by itself", BUCKET, NAME),
    example("AES256", BUCKET_ENCRYPTION, {**NAME, "rules": [sse("AES256")]}),
)
ALGORITHM_BAD = (
    example("an algorithm that S3 does not have", BUCKET, inline(sse("none"))),
    example("the same beside the bucket", BUCKET_ENCRYPTION, {**NAME, "rules": [sse("none")]}),
)
KMS_GOOD = (
    example("KMS", BUCKET, inline(sse("aws:kms"))),
    example("KMS beside the bucket", BUCKET, NAME, beside(BUCKET_ENCRYPTION, {"rules": [sse("aws:kms")]})),
    example("access logs cannot have KMS", BUCKET, NAME, LOGS_HERE),
)
KMS_BAD = (
    example("nothing said", BUCKET, NAME),
    example("AES256", BUCKET, inline(sse("AES256"))),
)
CUSTOMER_GOOD = (
    example("a customer's key", BUCKET, inline(sse("aws:kms", KEY_ARN))),
    example(
        "a key of this stack, not made yet",
        BUCKET,
        inline(sse("aws:kms", REFERENCE)),
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"serverSideEncryptionConfiguration": ("key",)},
    ),
)
CUSTOMER_BAD = (
    example("the key of AWS", BUCKET, inline(sse("aws:kms", "alias/aws/s3"))),
    example("KMS without a key", BUCKET, inline(sse("aws:kms"))),
    example("AES256 beside the bucket", BUCKET, NAME, beside(BUCKET_ENCRYPTION, {"rules": [sse("AES256")]})),
)
BUCKET_KEY_GOOD = (
    example("on", BUCKET, inline(sse("aws:kms", bucketKeyEnabled=True))),
    example("AES256 needs none", BUCKET, inline(sse("AES256"))),
)
BUCKET_KEY_BAD = (
    example("off", BUCKET, inline(sse("aws:kms"))),
    example("off beside the bucket", BUCKET_ENCRYPTION, {**NAME, "rules": [sse("aws:kms")]}),
)
BLOCK_GOOD = (
    example("all four", BUCKET, NAME, beside(BUCKET_PUBLIC_ACCESS_BLOCK, BLOCKED)),
    example("the block itself", BUCKET_PUBLIC_ACCESS_BLOCK, {**NAME, **BLOCKED}),
)
BLOCK_BAD = (
    example("no block", BUCKET, NAME),
    example("one flag off", BUCKET_PUBLIC_ACCESS_BLOCK, {**NAME, **BLOCKED, "ignorePublicAcls": False}),
)
ACL_GOOD = (
    example("private", BUCKET, {**NAME, "acl": "private"}),
    example(
        "public ACLs are ignored",
        BUCKET,
        {**NAME, "acl": "public-read"},
        beside(BUCKET_PUBLIC_ACCESS_BLOCK, {"ignorePublicAcls": True}),
    ),
)
ACL_BAD = (
    example("public", BUCKET, {**NAME, "acl": "public-read"}),
    example("public beside the bucket", BUCKET_ACL, {**NAME, "acl": "public-read-write"}),
    example(
        "a grant to all",
        BUCKET_ACL,
        {
            **NAME,
            "accessControlPolicy": {"grants": [{"grantee": {"uri": ALL_GROUP}, "permission": "READ"}]},
        },
    ),
)
OWNERSHIP_GOOD = (
    example("enforced", BUCKET_OWNERSHIP, {**NAME, "rule": {"objectOwnership": "BucketOwnerEnforced"}}),
)
OWNERSHIP_BAD = (
    example("preferred", BUCKET_OWNERSHIP, {**NAME, "rule": {"objectOwnership": "BucketOwnerPreferred"}}),
)
LOGGING_GOOD = (
    example("logged", BUCKET, NAME, beside(BUCKET_LOGGING, {"targetBucket": "logs"})),
    example("logged, inline", BUCKET, {**NAME, "logging": {"targetBucket": "logs"}}),
    example("where the logs go", BUCKET, NAME, LOGS_HERE),
)
LOGGING_BAD = (example("not logged", BUCKET, NAME),)
VERSIONS_GOOD = (
    example("inline", BUCKET, {**NAME, "versioning": {"enabled": True}}),
    example(
        "beside", BUCKET, NAME, beside(BUCKET_VERSIONING, {"versioningConfiguration": {"status": "Enabled"}})
    ),
)
VERSIONS_BAD = (
    example("off", BUCKET, {**NAME, "versioning": {"enabled": False}}),
    example(
        "suspended",
        BUCKET,
        NAME,
        beside(BUCKET_VERSIONING, {"versioningConfiguration": {"status": "Suspended"}}),
    ),
)
MFA_GOOD = (example("asked for", BUCKET, {**NAME, "versioning": {"enabled": True, "mfaDelete": True}}),)
MFA_BAD = (example("not asked for", BUCKET, {**NAME, "versioning": {"enabled": True}}),)
LOCK_RULE = {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}
LOCK_GOOD = (
    example("locked", BUCKET, NAME, TRAIL_HERE, beside(BUCKET_OBJECT_LOCK, {"rule": LOCK_RULE})),
    example("no trail delivers here", BUCKET, NAME),
)
LOCK_BAD = (
    example("not locked", BUCKET, NAME, TRAIL_HERE),
    example("no retention", BUCKET, {**NAME, "objectLockEnabled": True}, TRAIL_HERE),
)
REPLICATION_GOOD = (
    example("replicated", BUCKET, NAME, beside(BUCKET_REPLICATION, {"rules": [{"status": "Enabled"}]})),
)
REPLICATION_BAD = (example("not replicated", BUCKET, NAME),)
LIFECYCLE_GOOD = (
    example("beside", BUCKET, NAME, beside(BUCKET_LIFECYCLE, {"rules": [{"status": "Enabled"}]})),
    example("inline", BUCKET, {**NAME, "lifecycleRules": [{"enabled": True}]}),
)
LIFECYCLE_BAD = (
    example("none", BUCKET, NAME),
    example("off", BUCKET, NAME, beside(BUCKET_LIFECYCLE, {"rules": [{"status": "Disabled"}]})),
)
ABORT = {"abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}
ABORT_GOOD = (
    example("after a week", BUCKET_LIFECYCLE, {**NAME, "rules": [{"status": "Enabled", **ABORT}]}),
    example(
        "inline",
        BUCKET,
        {**NAME, "lifecycleRules": [{"enabled": True, "abortIncompleteMultipartUploadDays": 7}]},
    ),
)
ABORT_BAD = (
    example("never", BUCKET_LIFECYCLE, {**NAME, "rules": [{"status": "Enabled"}]}),
    example(
        "for some objects",
        BUCKET_LIFECYCLE,
        {**NAME, "rules": [{"status": "Enabled", **ABORT, "filter": {"prefix": "tmp/"}}]},
    ),
    example("never, inline", BUCKET, {**NAME, "lifecycleRules": [{"enabled": True}]}),
)
EVENTS_GOOD = (example("announced", BUCKET, NAME, beside(BUCKET_NOTIFICATION, {"eventbridge": True})),)
EVENTS_BAD = (example("not announced", BUCKET, NAME),)
WEBSITE_GOOD = (example("no website", BUCKET, NAME),)
WEBSITE_BAD = (
    example("a website", BUCKET, {**NAME, "website": {"indexDocument": "index.html"}}),
    example("beside", BUCKET_WEBSITE, {**NAME, "indexDocument": {"suffix": "index.html"}}),
)
CORS = {"allowedMethods": ["GET"], "allowedOrigins": ["https://example.org"]}
CORS_GOOD = (example("one origin", BUCKET_CORS, {**NAME, "corsRules": [CORS]}),)
CORS_BAD = (
    example("every origin", BUCKET_CORS, {**NAME, "corsRules": [{**CORS, "allowedOrigins": ["*"]}]}),
    example("every origin, inline", BUCKET, {**NAME, "corsRules": [{**CORS, "allowedOrigins": ["*"]}]}),
)
NAME_GOOD = (example("a name of DNS", BUCKET, NAME),)
NAME_BAD = (example("dots", BUCKET, {"bucket": "rejects.example.org"}),)
POLICY_GOOD = (
    example("a reader", BUCKET_POLICY, {**NAME, "policy": document(READER, TLS_ONLY)}),
    example("the same inline", BUCKET, {**NAME, "policy": document(READER, TLS_ONLY)}),
)
PUBLIC_BAD = (
    example("everybody", BUCKET_POLICY, {**NAME, "policy": document(EVERYBODY)}),
    example("everybody, inline", BUCKET, {**NAME, "policy": document(EVERYBODY)}),
)
TLS_GOOD = (
    example("inline", BUCKET, {**NAME, "policy": document(TLS_ONLY)}),
    example("beside", BUCKET, NAME, beside(BUCKET_POLICY, {"policy": document(TLS_ONLY)})),
)
TLS_BAD = (
    example("no policy", BUCKET, NAME),
    example(
        "the objects only",
        BUCKET,
        {**NAME, "policy": document({**TLS_ONLY, "Resource": "arn:aws:s3:::rejects/*"})},
    ),
)
WIDE_BAD = (
    example("every action", BUCKET_POLICY, {**NAME, "policy": document({**READER, "Action": "s3:*"})}),
    example(
        "all actions but one, inline",
        BUCKET,
        {**NAME, "policy": document({**READER, "Action": None, "NotAction": "s3:DeleteBucket"})},
    ),
)
LOCKOUT_BAD = (
    example("nobody", BUCKET_POLICY, {**NAME, "policy": document({**TLS_ONLY, "Condition": None})}),
    example("nobody, inline", BUCKET, {**NAME, "policy": document({**TLS_ONLY, "Condition": None})}),
)
OWN = Given(KEY, {}, "key", outputs={"arn": KEY_ARN})
ACCOUNTS_GOOD = (
    example("our own account", BUCKET_POLICY, {**NAME, "policy": document(READER)}, OWN),
    example("nobody", BUCKET, NAME),
)
OTHER = {**READER, "Principal": {"AWS": "444455556666"}}
ACCOUNTS_BAD = (
    example("another account", BUCKET_POLICY, {**NAME, "policy": document(OTHER)}, OWN),
    example("another account, inline", BUCKET, {**NAME, "policy": document(OTHER)}, OWN),
)
