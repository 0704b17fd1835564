"""Which IAM action each call of the log needs, and which of them the deploying role's policies lack."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from aws_sandbox.calls import Call

# boto3's names of services whose IAM prefix is another.
PREFIXES = {
    "timestream-write": "timestream",
    "timestream-query": "timestream",
    "s3control": "s3",
}
# Operations that IAM knows by another name.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
OTHER_NAMES = {
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}


def action(call: Call) -> str:
    """Return the IAM action of a call."""
    name = f"{PREFIXES.get(call.service, call.service)}:{call.action}"
    return OTHER_NAMES.get(name, name)


def lacking(policies: Iterable[dict[str, Any]], calls: Iterable[Call]) -> set[str]:
    """Return the actions of the calls that no statement of the policies allows."""
    allowed = {
        pattern.lower()
        for policy in policies
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
        for pattern in statement["Action"]
    }
    needed = {action(call) for call in calls}
    return {name for name in needed if not any(fnmatchcase(name.lower(), it) for it in allowed)}
