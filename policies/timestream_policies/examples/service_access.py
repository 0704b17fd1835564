"""Examples for the rules on services as a whole."""

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.access import allow, inline_policy, role_policy
from timestream_policies.types import MANAGED_POLICY, ROLE

OBJECTS = "arn:aws:s3:::bucket/*"

SERVICE_WILDCARD_GOOD = (
    role_policy("named", allow("s3:GetObject", OBJECTS)),
    role_policy("all of one kind", allow("s3:Get*", OBJECTS)),
    role_policy("denied", {**allow("s3:*"), "Effect": "Deny"}),
)
SERVICE_WILDCARD_BAD = (
    role_policy("all of S3 on one bucket", allow(["sns:Publish", "s3:*"], OBJECTS)),
    inline_policy("all of IAM", allow("iam:*")),
)
WRITES_GOOD = (
    role_policy("one bucket", allow("s3:PutObject", OBJECTS)),
    role_policy("knows no resource", allow(["logs:StopQuery", "s3:ListAllMyBuckets"])),
    role_policy(
        "chosen by a condition",
        allow("sns:Publish", Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}),
    ),
    example(
        "a boundary, which grants nothing",
        MANAGED_POLICY,
        {"policy": document(allow("backup:TagResource"))},
        Given(ROLE, {"name": "writer", "permissionsBoundary": "arn:limit"}, "writer"),
        outputs={"arn": "arn:limit"},
    ),
)
WRITES_BAD = (
    role_policy("writes anywhere", allow("s3:PutObject")),
    role_policy("by a pattern", allow("dynamodb:Put*")),
    inline_policy("another service", allow("glacier:*")),
)
READS_GOOD = (
    role_policy("one bucket", allow("s3:GetObject", OBJECTS)),
    role_policy("knows no resource", allow(["s3:ListAllMyBuckets", "kms:ListAliases"])),
)
READS_BAD = (
    role_policy("reads anywhere", allow("s3:GetObject")),
    role_policy("everything of the service", allow("sqs:Get*", "arn:aws:sqs:*:*:*")),
)
PERMISSIONS_GOOD = (
    role_policy("one bucket", allow("s3:PutBucketPolicy", "arn:aws:s3:::bucket")),
    role_policy("reads policies", allow("s3:GetBucketPolicy")),
)
PERMISSIONS_BAD = (
    role_policy("every bucket", allow("s3:PutBucketPolicy")),
    role_policy("every key", allow("kms:Put*")),
)
