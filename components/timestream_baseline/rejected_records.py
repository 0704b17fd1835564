"""The bucket for records that the magnetic store rejects."""

from collections.abc import Mapping, Sequence

import pulumi

from timestream_baseline.documents.buckets import (
    rejected_records_bucket_policy,
    rejected_records_key_policy,
)
from timestream_baseline.documents.parts import Document
from timestream_baseline.encryption import encryption_key
from timestream_baseline.inputs.encryption import Encryption
from timestream_baseline.location import Location
from timestream_baseline.private_bucket import private_bucket

EXPIRY_DAYS = 90


class RejectedRecords(pulumi.ComponentResource):
    """One private, versioned bucket under a key of its own, which forgets rejected records after 90 days.

    Late records are written asynchronously: what the magnetic store rejects is lost unless it is kept here.
    """

    bucket: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
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
        report_key_arns: Sequence[pulumi.Input[str]] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the bucket of the baseline named `owner`.

        `report_key_arns` are the keys under which scheduled queries report their errors into it.
        """
        super().__init__("timestream-baseline:index:RejectedRecords", name, {"expiryDays": EXPIRY_DAYS}, opts)
        key = encryption_key(
            self,
            owner=owner,
            purpose="rejectedRecords",
            policy=rejected_records_key_policy,
            encryption=encryption,
            location=location,
            tags=tags,
            protect_data=protect_data,
        )

        def policy(bucket_arn: str) -> pulumi.Output[Document]:
            return pulumi.Output.all(key.arn, *report_key_arns).apply(
                lambda arns: rejected_records_bucket_policy(bucket_arn=bucket_arn, key_arns=arns)
            )

        bucket = private_bucket(
            self,
            owner=owner,
            purpose="rejected-records",
            logical_name=f"{name}-rejectedRecords",
            key_arn=key.arn,
            policy=policy,
            expiry_days=EXPIRY_DAYS,
            location=location,
            tags=tags,
            protect_data=protect_data,
        )
        self.bucket = bucket.name
        self.bucket_arn = bucket.arn
        self.key_arn = key.arn
        self.settings = bucket.settings
        self.register_outputs({"bucket": self.bucket, "keyArn": self.key_arn})
