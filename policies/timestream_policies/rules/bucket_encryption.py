"""Rules on the default encryption of buckets."""

from collections.abc import Iterator

import timestream_policies.examples.buckets as examples
from timestream_policies.buckets import (
    ALGORITHMS,
    ENCRYPTION,
    algorithm,
    encrypts,
    is_encrypted,
    is_log_target,
    uses_kms,
)
from timestream_policies.model import Finding, Part, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import BUCKET, BUCKET_ENCRYPTION


@rule(
    "TS-S3-001",
    title="Default encryption of buckets is one that S3 has",
    severity=Severity.HIGH,
    applies_to=[BUCKET, BUCKET_ENCRYPTION],
    why="S3 refuses an algorithm that it does not have, and keeps what was set before.",
    fix='Set sse_algorithm="aws:kms", or leave it out: S3 then encrypts with AES256.',
    snippet=examples.SNIPPET,
    good=examples.ALGORITHM_GOOD,
    bad=examples.ALGORITHM_BAD,
    controls={
        "nist-800-53-r5": ["SC-28"],
        "iso-27001-2022": ["A.8.11", "A.8.24"],
        "cis-aws-db-2.0.0": ["10.2"],
    },
    equivalents={
        "checkov": ["CKV_AWS_19"],
        "prowler": ["s3_bucket_default_encryption"],
        "trivy": ["AWS-0088"],
        "guard": ["S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"],
        "compliance-policies": ["aws-s3-bucket-enable-server-side-encryption"],
    },
    catalogue=["S3-01"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html"],
)
def algorithms_exist(resource: Resource) -> Iterator[Finding]:
    """Judge each rule; S3 encrypts by itself where there is none."""
    for part in _rules(resource):
        with part:
            if (found := algorithm(part)) not in ALGORITHMS:
                yield resource.finding(
                    f"names {found!r} for encryption, which S3 does not have", at=part.path
                )


def _rules(resource: Resource) -> Iterator[Part]:
    yield from resource.each(f"{ENCRYPTION}.rule" if resource.type == BUCKET else "rules")


@rule(
    "TS-S3-002",
    title="Buckets are encrypted with KMS",
    severity=Severity.MEDIUM,
    applies_to=[BUCKET],
    why="With AES256 whoever may read a bucket reads all; a key of KMS is asked for each object, and logged.",
    fix='Set sse_algorithm="aws:kms" in an aws.s3.BucketServerSideEncryptionConfiguration.',
    snippet=examples.SNIPPET,
    good=examples.KMS_GOOD,
    bad=examples.KMS_BAD,
    controls={
        "pci-dss-4.0": ["3.5.1"],
        "iso-27001-2022": ["A.8.11", "A.8.24"],
        "aws-fsbp": ["S3.17"],
        "cis-aws-db-2.0.0": ["10.2"],
    },
    equivalents={
        "checkov": ["CKV_AWS_145"],
        "cdk-nag": ["S3DefaultEncryptionKMS"],
        "prowler": ["s3_bucket_kms_encryption"],
        "guard": ["S3_DEFAULT_ENCRYPTION_KMS"],
        "compliance-policies": ["aws-s3-bucket-configure-server-side-encryption-kms"],
    },
    catalogue=["S3-02"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html"],
)
def buckets_use_kms(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a rule with KMS; access logs can have none."""
    if not encrypts(bucket, stack, uses_kms) and not is_log_target(bucket, stack):
        yield bucket.finding("is not encrypted with KMS", at=ENCRYPTION)


@rule(
    "TS-S3-003",
    title="Buckets are encrypted with a customer managed key",
    severity=Severity.HIGH,
    applies_to=[BUCKET],
    why="The key that AWS manages cannot be restricted, watched or revoked by you.",
    fix='Set kms_master_key_id=key.arn beside sse_algorithm="aws:kms".',
    snippet=examples.SNIPPET,
    good=examples.CUSTOMER_GOOD,
    bad=examples.CUSTOMER_BAD,
    controls={"nist-800-53-r5": ["SC-12", "SC-28"], "cis-aws-db-2.0.0": ["10.2"]},
    equivalents={
        "trivy": ["AWS-0132"],
        "compliance-policies": ["aws-s3-bucket-configure-server-side-encryption-customer-managed-key"],
    },
    catalogue=["S3-03"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html"],
)
def buckets_use_a_customer_key(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a rule with a customer's key; access logs can have none."""
    if not is_encrypted(bucket, stack) and not is_log_target(bucket, stack):
        yield bucket.finding("is not encrypted with a customer managed key", at=ENCRYPTION)


@rule(
    "TS-S3-004",
    title="Buckets that use KMS have a bucket key",
    severity=Severity.LOW,
    applies_to=[BUCKET, BUCKET_ENCRYPTION],
    why="Without a bucket key S3 asks KMS for each object, which costs money and meets its limits.",
    fix="Set bucket_key_enabled=True in the rule.",
    snippet=examples.SNIPPET,
    good=examples.BUCKET_KEY_GOOD,
    bad=examples.BUCKET_KEY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "iso-27001-2022": ["A.8.24"]},
    equivalents={"compliance-policies": ["aws-s3-bucket-enable-server-side-encryption-bucket-key"]},
    catalogue=["S3-04"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html"],
)
def bucket_keys_are_on(resource: Resource) -> Iterator[Finding]:
    """Judge each rule with aws:kms; the other algorithms have no bucket key."""
    for part in _rules(resource):
        with part:
            if not part.flag("bucketKeyEnabled") and algorithm(part) == "aws:kms":
                yield resource.finding("uses KMS without a bucket key", at=f"{part.path}.bucketKeyEnabled")
