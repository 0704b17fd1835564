"""The bucket for records that the magnetic store rejects."""

import json
from collections.abc import Mapping

import pulumi
from pulumi_aws import s3

from timestream_baseline.documents.buckets import (
    rejected_records_bucket_policy,
    rejected_records_key_policy,
)
from timestream_baseline.encryption import EncryptionKey
from timestream_baseline.inputs.settings import Encryption
from timestream_baseline.location import Location
from timestream_baseline.naming import bucket_name
from timestream_baseline.resources import child_of, data_child_of

EXPIRY_DAYS = 90


class RejectedRecords(pulumi.ComponentResource):
    """One private, versioned bucket under a key of its own, which forgets rejected records after 90 days.

    Late records are written asynchronously: what the magnetic store rejects is lost unless it is kept here.
    """

    bucket: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    # What must stand before a table may send its rejected records here.
    settings: tuple[pulumi.Resource, ...]

    def __init__(
        self,
        name: str,
        *,
        owner: str,
        encryption: Encryption,
        location: Location,
        tags: Mapping[str, str],
        protect_data: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the bucket of the baseline named `owner`."""
        super().__init__("timestream-baseline:index:RejectedRecords", name, {"expiryDays": EXPIRY_DAYS}, opts)
        key = EncryptionKey(
            f"{owner}-rejectedRecords",
            owner=owner,
            purpose="rejectedRecords",
            policy=rejected_records_key_policy,
            settings=encryption,
            location=location,
            tags=tags,
            protect=protect_data,
            opts=child_of(self),
        )
        bucket = s3.Bucket(
            bucket_name(owner, "rejected-records"),
            tags=dict(tags),
            region=location.region,
            opts=data_child_of(self, protect_data=protect_data),
        )
        self.bucket = bucket.bucket
        self.key_arn = key.arn
        self.settings = self._settings(
            f"{name}-rejectedRecords", bucket, key, location.region, protect_data=protect_data
        )
        self.register_outputs({"bucket": self.bucket, "keyArn": self.key_arn})

    def _settings(
        self, name: str, bucket: s3.Bucket, key: EncryptionKey, region: str, *, protect_data: bool
    ) -> tuple[pulumi.Resource, ...]:
        # A bucket that stays keeps its guards: they are retained with it, but they may be changed.
        retain = True if protect_data else None
        block = s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=region,
            opts=child_of(self, retain_on_delete=retain),
        )
        ownership = s3.BucketOwnershipControls(
            name,
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            region=region,
            opts=child_of(self, retain_on_delete=retain),
        )
        encryption = s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "aws:kms",
                        "kms_master_key_id": key.arn,
                    },
                    "bucket_key_enabled": True,
                }
            ],
            region=region,
            opts=child_of(self, retain_on_delete=retain),
        )
        versioning = s3.BucketVersioning(
            name,
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            region=region,
            opts=child_of(self, retain_on_delete=retain),
        )
        s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "forget-rejected-records",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": EXPIRY_DAYS},
                    "noncurrent_version_expiration": {"noncurrent_days": EXPIRY_DAYS},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                }
            ],
            region=region,
            # S3 refuses rules on noncurrent versions while versioning is being switched on.
            opts=child_of(self, depends_on=[versioning], retain_on_delete=retain),
        )
        policy = s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=pulumi.Output.all(bucket=bucket.arn, key=key.arn).apply(
                lambda arns: json.dumps(
                    rejected_records_bucket_policy(bucket_arn=arns["bucket"], key_arns=[arns["key"]])
                )
            ),
            region=region,
            # Two changes to the access of one bucket at the same time end in a conflict.
            opts=child_of(self, depends_on=[block, ownership], retain_on_delete=retain),
        )
        return (block, ownership, encryption, versioning, policy)
