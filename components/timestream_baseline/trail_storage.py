"""Where the records of a trail are kept: its bucket, and the log group that lets alarms watch it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import pulumi
from pulumi_aws import cloudwatch, iam, s3

from timestream_baseline.documents.limits import compact
from timestream_baseline.documents.parts import Document
from timestream_baseline.documents.trails import (
    access_log_bucket_policy,
    delivery_policy,
    delivery_trust_policy,
    log_bucket_policy,
    log_group_arn,
    log_group_key_policy,
)
from timestream_baseline.encryption import EncryptionKey, encryption_key
from timestream_baseline.inputs.audit import AuditTrailPart
from timestream_baseline.location import Location
from timestream_baseline.naming import bucket_name, log_group_name, role_name
from timestream_baseline.private_bucket import ObjectLock, PrivateBucket, private_bucket
from timestream_baseline.resources import child_of, data_child_of

PURPOSE: Final = "trail"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How a trail reaches a log group, and what must stand before it tries."""

    log_group: pulumi.Input[str]
    log_group_arn: pulumi.Input[str]
    role_arn: pulumi.Output[str]
    policy: pulumi.Resource
    # None: the log group exists already, and so does its key.
    key_arn: pulumi.Output[str] | None


def bucket_arns(owner: str, location: Location, purpose: str = PURPOSE) -> str:
    """Build the pattern of the ARN of a bucket (the trail's), whose name ends in a random suffix."""
    return f"arn:{location.partition}:s3:::{bucket_name(owner, purpose)}-*"


def log_bucket(
    parent: pulumi.Resource,
    *,
    owner: str,
    settings: AuditTrailPart,
    location: Location,
    trail_arn: str,
    key: EncryptionKey,
    access_logs: PrivateBucket | None,
) -> PrivateBucket:
    """Make the bucket that one trail delivers to; its use is written down in another.

    Nothing expires here: how long audit records are kept, their owner decides when the lock is over.
    """

    def policy(bucket_arn: str) -> pulumi.Output[Document]:
        return key.arn.apply(
            lambda key_arn: log_bucket_policy(
                bucket_arn=bucket_arn, account=location.account, trail_arn=trail_arn, key_arn=key_arn
            )
        )

    return private_bucket(
        parent,
        owner=owner,
        purpose=PURPOSE,
        logical_name=f"{owner}-{PURPOSE}",
        key_arn=key.arn,
        policy=policy,
        expiry_days=None,
        location=location,
        tags=settings.tags,
        protect_data=settings.protect_data,
        object_lock=ObjectLock(settings.object_lock_mode, settings.object_lock_days),
        access_log_bucket=access_logs,
    )


def access_log_bucket(
    parent: pulumi.Resource, *, owner: str, settings: AuditTrailPart, location: Location
) -> PrivateBucket:
    """Make the bucket where the use of the trail's bucket, and of those that hold data, is written down."""
    sources = {
        purpose: bucket_arns(owner, location, purpose) for purpose in (PURPOSE, *settings.used_buckets)
    }
    # S3 delivers access logs into no bucket with a default retention or a default key of KMS.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    return private_bucket(
        parent,
        owner=owner,
        purpose="access-logs",
        logical_name=f"{owner}-accessLogs",
        key_arn=None,
        policy=lambda bucket_arn: access_log_bucket_policy(
            bucket_arn=bucket_arn, account=location.account, sources=sources
        ),
        expiry_days=settings.log_retention_days,
        location=location,
        tags=settings.tags,
        protect_data=settings.protect_data,
    )


def write_down_use(
    parent: pulumi.Resource,
    *,
    owner: str,
    settings: AuditTrailPart,
    access_logs: PrivateBucket,
    location: Location,
) -> None:
    """Let S3 write down who uses the buckets that other parts have made."""
    for purpose, (logical_name, bucket) in settings.used_buckets.items():
        s3.BucketLogging(
            f"{owner}-{logical_name}",
            bucket=bucket,
            target_bucket=access_logs.name,
            target_prefix=f"{purpose}/",
            region=location.region,
            # A bucket that stays keeps its guards.
            opts=child_of(
                parent,
                depends_on=access_logs.settings,
                retain_on_delete=True if settings.protect_data else None,
            ),
        )


def delivery(
    parent: pulumi.Resource, *, owner: str, settings: AuditTrailPart, location: Location
) -> Delivery:
    """Make the role that lets a trail fill a log group, and the log group unless one is named."""
    place = {"partition": location.partition, "region": location.region, "account": location.account}
    key = None
    log_group: pulumi.Input[str]
    if settings.existing_log_group_name is not None:
        log_group = settings.existing_log_group_name
    else:
        key = encryption_key(
            parent,
            owner=owner,
            purpose="logGroup",
            policy=partial(log_group_key_policy, log_groups=f"{log_group_name(owner, PURPOSE)}-*"),
            encryption=settings.encryption,
            location=location,
            tags=settings.tags,
            protect_data=settings.protect_data,
        )
        log_group = cloudwatch.LogGroup(
            log_group_name(owner, PURPOSE),
            kms_key_id=key.arn,
            retention_in_days=settings.log_retention_days,
            tags=dict(settings.tags),
            region=location.region,
            opts=data_child_of(parent, protect_data=settings.protect_data),
        ).name
    role = iam.Role(
        f"{owner}-trail-delivery",
        name=role_name(owner, PURPOSE, "delivery"),
        description=f"{owner}: CloudTrail fills the log group of the trail",
        assume_role_policy=compact(delivery_trust_policy()),
        permissions_boundary=settings.boundary_arn,
        tags=dict(settings.tags),
        opts=child_of(parent),
    )
    name = pulumi.Output.from_input(log_group)
    policy = iam.RolePolicy(
        f"{owner}-trail-delivery",
        name="log-group",
        role=role.name,
        policy=name.apply(lambda known: compact(delivery_policy(**place, log_group=known))),
        opts=child_of(parent),
    )
    return Delivery(
        log_group=log_group,
        log_group_arn=name.apply(lambda known: log_group_arn(**place, log_group=f"{known}:*")),
        role_arn=role.arn,
        policy=policy,
        key_arn=None if key is None else key.arn,
    )
