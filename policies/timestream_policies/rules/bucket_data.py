"""Rules on what becomes of the objects in a bucket: logs, versions, locks, copies and lifecycle."""

from collections.abc import Iterator

import timestream_policies.examples.buckets as examples
from timestream_policies.buckets import has_lifecycle, is_log_target, is_set, is_trail_target, is_versioned
from timestream_policies.model import Finding, Part, Resource
from timestream_policies.references import names_something
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_NOTIFICATION,
    BUCKET_OBJECT_LOCK,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
)
from timestream_policies.undecided import any_of, holds

RETENTION = "rule.defaultRetention"


@rule(
    "TS-S3-010",
    title="Access to buckets is logged",
    severity=Severity.MEDIUM,
    applies_to=[BUCKET],
    why="Without access logs nobody can tell who read the objects, or took them.",
    fix="Add an aws.s3.BucketLogging with a target_bucket.",
    snippet=examples.SNIPPET,
    good=examples.LOGGING_GOOD,
    bad=examples.LOGGING_BAD,
    controls={
        "nist-800-53-r5": ["AU-2", "AU-10", "AU-12"],
        "soc-2": ["CC7.2"],
        "iso-27001-2022": ["A.8.15"],
        "aws-fsbp": ["S3.9"],
    },
    equivalents={
        "checkov": ["CKV_AWS_18"],
        "cdk-nag": ["AwsSolutions-S1", "S3BucketLoggingEnabled"],
        "prowler": ["s3_bucket_server_access_logging_enabled"],
        "kics": ["f861041c"],
        "trivy": ["AWS-0089"],
        "guard": ["S3_BUCKET_LOGGING_ENABLED"],
        "awsguard": ["s3-bucket-logging-enabled"],
    },
    catalogue=["S3-10"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"],
)
def access_is_logged(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a target; where logs arrive none is needed."""
    logged = is_set(
        bucket,
        stack,
        BUCKET_LOGGING,
        lambda inline: names_something(inline, "logging.targetBucket"),
        lambda apart: names_something(apart, "targetBucket"),
    )
    if not logged and not is_log_target(bucket, stack):
        yield bucket.finding("keeps no access logs", at="logging")


@rule(
    "TS-S3-011",
    title="Buckets keep old versions of objects",
    severity=Severity.MEDIUM,
    applies_to=[BUCKET],
    why="Without versions an overwritten or deleted object is gone.",
    fix='Add an aws.s3.BucketVersioning with status="Enabled".',
    snippet=examples.SNIPPET,
    good=examples.VERSIONS_GOOD,
    bad=examples.VERSIONS_BAD,
    controls={
        "nist-800-53-r5": ["CP-9", "CP-10"],
        "iso-27001-2022": ["A.8.3", "A.8.10"],
        "soc-2": ["CC7.4"],
        "aws-fsbp": ["S3.14"],
    },
    equivalents={
        "checkov": ["CKV_AWS_21"],
        "cdk-nag": ["S3BucketVersioningEnabled"],
        "prowler": ["s3_bucket_object_versioning"],
        "kics": ["568a4d22"],
        "trivy": ["AWS-0090"],
        "guard": ["S3_BUCKET_VERSIONING_ENABLED"],
    },
    catalogue=["S3-11"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html"],
)
def buckets_are_versioned(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for versioning on the bucket or beside it."""
    if not is_versioned(bucket, stack):
        yield bucket.finding("keeps no old versions", at="versioning")


@rule(
    "TS-S3-012",
    title="Deleting versions of objects needs a second factor",
    severity=Severity.LOW,
    applies_to=[BUCKET],
    why="Stolen credentials alone then cannot destroy what the bucket keeps.",
    fix='Set mfa_delete="Enabled" with the credentials of the root user.',
    snippet=examples.SNIPPET,
    good=examples.MFA_GOOD,
    bad=examples.MFA_BAD,
    controls={
        "cis-aws-5.0.0": ["2.1.2"],
        "cis-aws-7.0.0": ["3.1.2"],
        "cis-aws-3.0.0": ["2.1.2"],
        "aws-fsbp": ["S3.20"],
    },
    equivalents={"prowler": ["s3_bucket_no_mfa_delete"], "kics": ["c5b31ab9"], "trivy": ["AWS-0170"]},
    catalogue=["S3-12"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html"],
)
def deletion_needs_mfa(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the flag on the bucket or beside it."""
    if not is_set(
        bucket,
        stack,
        BUCKET_VERSIONING,
        lambda inline: inline.flag("versioning.mfaDelete"),
        lambda apart: apart.get("versioningConfiguration.mfaDelete") == "Enabled",
    ):
        yield bucket.finding("deletes versions without a second factor", at="versioning.mfaDelete")


@rule(
    "TS-S3-013",
    title="What a trail delivers is locked",
    severity=Severity.LOW,
    applies_to=[BUCKET],
    why="Whoever breaks in deletes the records of it first, unless a lock holds them.",
    fix="Set object_lock_enabled=True and a default retention with an aws.s3.BucketObjectLockConfiguration.",
    snippet=examples.SNIPPET,
    good=examples.LOCK_GOOD,
    bad=examples.LOCK_BAD,
    controls={"soc-2": ["PI1.5"], "nist-800-53-r5": ["AU-9"], "aws-fsbp": ["S3.15"]},
    equivalents={
        "checkov": ["CKV_AWS_143"],
        "cdk-nag": ["S3BucketDefaultLockEnabled"],
        "prowler": ["s3_bucket_object_lock"],
        "guard": ["S3_BUCKET_DEFAULT_LOCK_ENABLED"],
    },
    catalogue=["S3-13"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"],
)
def trail_buckets_are_locked(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a default retention, where a trail delivers."""
    if not is_trail_target(bucket, stack):
        return
    if not is_set(
        bucket,
        stack,
        BUCKET_OBJECT_LOCK,
        lambda inline: bool(inline.get(f"objectLockConfiguration.{RETENTION}")),
        lambda apart: bool(apart.get(RETENTION)),
    ):
        yield bucket.finding("does not lock what the trail delivers", at="objectLockConfiguration")


@rule(
    "TS-S3-014",
    title="Buckets are replicated",
    severity=Severity.LOW,
    applies_to=[BUCKET],
    why="A copy in another region outlives the loss of the first.",
    fix="Add an aws.s3.BucketReplicationConfig with a rule that is Enabled.",
    snippet=examples.ADVISORY_SNIPPET,
    good=examples.REPLICATION_GOOD,
    bad=examples.REPLICATION_BAD,
    controls={"iso-27001-2022": ["A.8.14"], "aws-fsbp": ["S3.7"]},
    equivalents={
        "checkov": ["CKV_AWS_144"],
        "cdk-nag": ["S3BucketReplicationEnabled"],
        "prowler": ["s3_bucket_cross_region_replication"],
        "guard": ["S3_BUCKET_REPLICATION_ENABLED"],
        "compliance-policies": ["aws-s3-bucket-enable-replication-configuration"],
    },
    catalogue=["S3-14"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html"],
)
def buckets_are_replicated(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a rule that is on."""
    if not is_set(
        bucket,
        stack,
        BUCKET_REPLICATION,
        lambda inline: any_of(inline.each("replicationConfiguration.rules"), _is_on),
        lambda apart: any_of(apart.each("rules"), _is_on),
    ):
        yield bucket.finding("is not replicated", at="replicationConfiguration")


def _is_on(part: Part) -> bool:
    return bool(part.get("status") == "Enabled")


@rule(
    "TS-S3-015",
    title="Buckets say when objects leave them",
    severity=Severity.LOW,
    applies_to=[BUCKET],
    why="Data that nobody needs any more costs money, and can still be stolen.",
    fix="Add an aws.s3.BucketLifecycleConfiguration with a rule that is Enabled.",
    snippet=examples.SNIPPET,
    good=examples.LIFECYCLE_GOOD,
    bad=examples.LIFECYCLE_BAD,
    controls={"pci-dss-4.0": ["3.2.1"], "iso-27001-2022": ["A.8.10"], "aws-fsbp": ["S3.10", "S3.13"]},
    equivalents={"checkov": ["CKV2_AWS_61"], "prowler": ["s3_bucket_lifecycle_enabled"]},
    catalogue=["S3-15"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html"],
)
def buckets_have_a_lifecycle(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a rule that is on."""
    if not has_lifecycle(bucket, stack):
        yield bucket.finding("has no lifecycle rule that is on", at="lifecycleRules")


@rule(
    "TS-S3-016",
    title="Uploads that were never finished are dropped",
    severity=Severity.LOW,
    applies_to=[BUCKET_LIFECYCLE, BUCKET],
    why="Parts of unfinished uploads are stored and paid for, and no listing shows them.",
    fix="Add abort_incomplete_multipart_upload to a lifecycle rule for all objects.",
    snippet=examples.SNIPPET,
    good=examples.ABORT_GOOD,
    bad=examples.ABORT_BAD,
    controls={"iso-27001-2022": ["A.8.10"]},
    equivalents={"checkov": ["CKV_AWS_300"]},
    catalogue=["S3-16"],
    links=[
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html"
    ],
)
def unfinished_uploads_are_dropped(resource: Resource) -> Iterator[Finding]:
    """Look for a rule for all objects, where there are lifecycle rules."""
    at = "rules" if resource.type == BUCKET_LIFECYCLE else "lifecycleRules"
    if resource.type == BUCKET and not any(True for _ in resource.each(at)):
        return
    test = _drops if resource.type == BUCKET_LIFECYCLE else _drops_inline
    if not any_of(resource.each(at), test):
        yield resource.finding("keeps the parts of unfinished uploads", at=at)


def _drops(part: Part) -> bool:
    return holds_for_all(part) and bool(part.get("abortIncompleteMultipartUpload.daysAfterInitiation"))


def holds_for_all(part: Part) -> bool:
    """Tell whether a lifecycle rule is on and for all objects."""
    return holds(
        part,
        _is_on,
        lambda rule_: not rule_.get("prefix"),
        lambda rule_: not any(rule_.part("filter").value.values()) if rule_.part("filter").value else True,
    )


def _drops_inline(part: Part) -> bool:
    return holds(
        part,
        lambda rule_: rule_.flag("enabled"),
        lambda rule_: not rule_.get("prefix") and not rule_.get("tags"),
        lambda rule_: bool(rule_.get("abortIncompleteMultipartUploadDays")),
    )


@rule(
    "TS-S3-017",
    title="Changes in buckets are announced",
    severity=Severity.LOW,
    applies_to=[BUCKET],
    why="Who hears of each new object can act on one that should not be there.",
    fix="Add an aws.s3.BucketNotification with eventbridge=True, a topic, a queue or a function.",
    snippet=examples.ADVISORY_SNIPPET,
    good=examples.EVENTS_GOOD,
    bad=examples.EVENTS_BAD,
    controls={"aws-fsbp": ["S3.11"], "pci-dss-4.0": ["11.5.2"]},
    equivalents={"checkov": ["CKV2_AWS_62"], "prowler": ["s3_bucket_event_notifications_enabled"]},
    catalogue=["S3-17"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html"],
)
def changes_are_announced(bucket: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a notification that tells somebody."""

    def tells(notification: Resource) -> bool:
        return any_of(
            ("eventbridge", "topics", "queues", "lambdaFunctions"), lambda to: bool(notification.get(to))
        )

    if not any_of(stack.each_referring(bucket, BUCKET_NOTIFICATION, "bucket"), tells):
        yield bucket.finding("announces no changes", at="bucket")
