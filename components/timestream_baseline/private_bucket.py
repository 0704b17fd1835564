"""A private bucket: what every bucket of the baseline has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import s3

from timestream_baseline.documents.limits import compact
from timestream_baseline.documents.parts import Document
from timestream_baseline.location import Location
from timestream_baseline.naming import bucket_name
from timestream_baseline.resources import child_of, data_child_of


@dataclass(frozen=True)
class ObjectLock:
    """How long objects cannot be deleted, and whether somebody with a special permission still may.

    Mode "none" locks nothing, but leaves the bucket able to lock: that can only be chosen when it is made.
    """

    mode: str
    days: int


@dataclass(frozen=True)
class PrivateBucket:
    """A private bucket, and what must stand before anything is sent to it."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    settings: tuple[pulumi.Resource, ...]


def private_bucket(
    parent: pulumi.Resource,
    *,
    owner: str,
    purpose: str,
    logical_name: str,
    key_arn: pulumi.Input[str] | None,
    policy: Callable[[str], Document] | Callable[[str], pulumi.Input[Document]],
    expiry_days: int | None,
    location: Location,
    tags: Mapping[str, str],
    protect_data: bool,
    earlier_expiry_days: Mapping[str, int] | None = None,
    object_lock: ObjectLock | None = None,
    access_log_bucket: PrivateBucket | None = None,
) -> PrivateBucket:
    """Make a versioned bucket without public access and ACLs, encrypted with one key (None: S3's own).

    The name is made from `purpose` and a random suffix, so that a bucket that was retained is not in the way.
    `policy` writes the bucket policy for the bucket's ARN. Who uses the bucket is written down below its
    purpose in `access_log_bucket`. Objects expire after `expiry_days` (None: never),
    and earlier below the prefixes in `earlier_expiry_days`: where rules meet, S3 takes the shorter time.
    """
    # A bucket that stays keeps its guards: they are retained with it, but they may be changed.
    retain = True if protect_data else None
    bucket = s3.Bucket(
        bucket_name(owner, purpose),
        object_lock_enabled=True if object_lock else None,
        # Without protection `destroy` deletes data; AWS itself refuses a bucket that holds objects.
        force_destroy=None if protect_data else True,
        tags=dict(tags),
        region=location.region,
        opts=data_child_of(parent, protect_data=protect_data),
    )
    block = s3.BucketPublicAccessBlock(
        logical_name,
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        region=location.region,
        opts=child_of(parent, retain_on_delete=retain),
    )
    ownership = s3.BucketOwnershipControls(
        logical_name,
        bucket=bucket.bucket,
        rule={"object_ownership": "BucketOwnerEnforced"},
        region=location.region,
        opts=child_of(parent, retain_on_delete=retain),
    )
    by_default: s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgsDict = (
        {"sse_algorithm": "AES256"}
        if key_arn is None
        else {"sse_algorithm": "aws:kms", "kms_master_key_id": key_arn}
    )
    encryption = s3.BucketServerSideEncryptionConfiguration(
        logical_name,
        bucket=bucket.bucket,
        rules=[
            {
                "apply_server_side_encryption_by_default": by_default,
                "bucket_key_enabled": key_arn is not None,
            }
        ],
        region=location.region,
        opts=child_of(parent, retain_on_delete=retain),
    )
    versioning = s3.BucketVersioning(
        logical_name,
        bucket=bucket.bucket,
        versioning_configuration={"status": "Enabled"},
        region=location.region,
        opts=child_of(parent, retain_on_delete=retain),
    )
    expiry = [
        _expiry(f"forget-{prefix.strip('/').replace('/', '-')}", prefix, days)
        for prefix, days in (earlier_expiry_days or {}).items()
    ]
    s3.BucketLifecycleConfiguration(
        logical_name,
        bucket=bucket.bucket,
        rules=[
            _CLEANING if expiry_days is None else _expiry(f"forget-{purpose}", "", expiry_days),
            *expiry,
        ],
        region=location.region,
        # S3 refuses rules on noncurrent versions while versioning is being switched on.
        opts=child_of(parent, depends_on=[versioning], retain_on_delete=retain),
    )
    settings: list[pulumi.Resource] = [block, ownership, encryption, versioning]
    if object_lock is not None and object_lock.mode != "none":
        settings.append(
            s3.BucketObjectLockConfiguration(
                logical_name,
                bucket=bucket.bucket,
                rule={"default_retention": {"mode": object_lock.mode.upper(), "days": object_lock.days}},
                region=location.region,
                opts=child_of(parent, depends_on=[versioning], retain_on_delete=retain),
            )
        )
    if access_log_bucket is not None:
        settings.append(
            s3.BucketLogging(
                logical_name,
                bucket=bucket.bucket,
                target_bucket=access_log_bucket.name,
                target_prefix=f"{purpose}/",
                region=location.region,
                opts=child_of(parent, depends_on=access_log_bucket.settings, retain_on_delete=retain),
            )
        )
    settings.append(
        s3.BucketPolicy(
            logical_name,
            bucket=bucket.bucket,
            policy=bucket.arn.apply(policy).apply(compact),
            region=location.region,
            # Two changes to the access of one bucket at the same time end in a conflict.
            opts=child_of(parent, depends_on=[block, ownership], retain_on_delete=retain),
        )
    )
    return PrivateBucket(name=bucket.bucket, arn=bucket.arn, settings=tuple(settings))


_CLEANING: Final[s3.BucketLifecycleConfigurationRuleArgsDict] = {
    "id": "end-incomplete-uploads",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
}


def _expiry(rule: str, prefix: str, days: int) -> s3.BucketLifecycleConfigurationRuleArgsDict:
    return {
        "id": rule,
        "status": "Enabled",
        "filter": {"prefix": prefix},
        "expiration": {"days": days},
        "noncurrent_version_expiration": {"noncurrent_days": days},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
    }
