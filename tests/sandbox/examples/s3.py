import json

from tests.sandbox.examples import Example, Need

_TWO_BUCKETS = {
    "bucket": Need(token="aws:s3/bucket:Bucket", inputs={"bucket": "meter-rejects"}),
    "other": Need(token="aws:s3/bucket:Bucket", inputs={"bucket": "meter-others"}),
}
_TWO_LOCKED = {
    "bucket": Need(
        token="aws:s3/bucket:Bucket", inputs={"bucket": "meter-archive", "objectLockEnabled": True}
    ),
    "other": Need(token="aws:s3/bucket:Bucket", inputs={"bucket": "meter-old", "objectLockEnabled": True}),
}
_QUEUE = Need(token="aws:sqs/queue:Queue", inputs={"name": "new-rejects"})
_OTHER = {"bucket": "${other.bucket}"}

_LOG_DELIVERY = Need(
    token="aws:s3/bucketPolicy:BucketPolicy",
    inputs={
        "bucket": "${other.bucket}",
        "policy": json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "logging.s3.amazonaws.com"},
                        "Action": "s3:PutObject",
                        "Resource": "${other.arn}/*",
                    }
                ],
            }
        ),
    },
)


def _policy(effect: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OnlyTls",
                    "Effect": effect,
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": "${bucket.arn}/*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        }
    )


def _encryption(key: str) -> list[dict[str, object]]:
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}
    return [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}]


EXAMPLES: dict[str, Example] = {
    "aws:s3/bucket:Bucket": Example(
        inputs={"bucket": "meter-rejects", "tags": {"team": "billing"}},
        change={"tags": {"team": "metering"}, "forceDestroy": True},
        replace={"bucket": "meter-errors"},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Example(
        needs=_TWO_BUCKETS,
        inputs={
            "bucket": "${bucket.bucket}",
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        },
        change={"restrictPublicBuckets": False},
        replace=_OTHER,
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Example(
        needs=_TWO_BUCKETS,
        inputs={"bucket": "${bucket.bucket}", "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        change={"rule": {"objectOwnership": "BucketOwnerPreferred"}},
        replace=_OTHER,
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Example(
        needs=_TWO_BUCKETS,
        inputs={"bucket": "${bucket.bucket}", "rules": _encryption("alias/rejects")},
        change={"rules": _encryption("alias/others")},
        replace=_OTHER,
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Example(
        needs=_TWO_BUCKETS,
        inputs={"bucket": "${bucket.bucket}", "versioningConfiguration": {"status": "Enabled"}},
        change={"versioningConfiguration": {"status": "Suspended"}},
        replace=_OTHER,
        stays="versioning can be suspended, never removed",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Example(
        needs=_TWO_BUCKETS,
        inputs={
            "bucket": "${bucket.bucket}",
            "rules": [
                {
                    "id": "old-rejects",
                    "status": "Enabled",
                    "filter": {"and": {"prefix": "rejects/", "tags": {"kind": "reject"}}},
                    "expiration": {"days": 90},
                    "noncurrentVersionExpiration": {"noncurrentDays": 30},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                    "transitions": [{"days": 30, "storageClass": "STANDARD_IA"}],
                },
                {"id": "all", "status": "Enabled", "expiration": {"days": 365}},
            ],
        },
        change={"rules": [{"id": "all", "status": "Disabled", "expiration": {"days": 30}}]},
        replace=_OTHER,
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Example(
        needs=_TWO_BUCKETS,
        inputs={"bucket": "${bucket.bucket}", "policy": _policy("Deny")},
        change={"policy": _policy("Allow")},
        replace=_OTHER,
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": Example(
        needs=_TWO_LOCKED,
        inputs={
            "bucket": "${bucket.bucket}",
            "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}},
        },
        change={"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 60}}},
        replace=_OTHER,
        stays="Object Lock stays for ever; only the default retention goes",
    ),
    "aws:s3/bucketLogging:BucketLogging": Example(
        needs={**_TWO_BUCKETS, "permission": _LOG_DELIVERY},
        inputs={
            "bucket": "${bucket.bucket}",
            "targetBucket": "${other.bucket}",
            "targetPrefix": "access/",
        },
        change={"targetPrefix": "reads/"},
        replace=_OTHER,
    ),
    "aws:s3/bucketNotification:BucketNotification": Example(
        needs={**_TWO_BUCKETS, "queue": _QUEUE},
        inputs={
            "bucket": "${bucket.bucket}",
            "eventbridge": True,
            "queues": [
                {
                    "id": "rejects",
                    "queueArn": "${queue.arn}",
                    "events": ["s3:ObjectCreated:*"],
                    "filterPrefix": "rejects/",
                }
            ],
        },
        change={
            "eventbridge": False,
            "queues": [{"id": "all", "queueArn": "${queue.arn}", "events": ["s3:ObjectRemoved:*"]}],
        },
        replace=_OTHER,
    ),
}
