"""Amazon S3: buckets and the settings that are resources of their own."""

from aws_sandbox.resource import ResourceType
from aws_sandbox.services.s3 import bucket, lifecycle, notification, settings

TYPES: tuple[ResourceType, ...] = (
    *bucket.TYPES,
    *settings.TYPES,
    *lifecycle.TYPES,
    *notification.TYPES,
)
