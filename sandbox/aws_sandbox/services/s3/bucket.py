"""S3 buckets. What else a bucket has is a resource of its own since version 7 of the real provider."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from aws_sandbox.resource import Aws, Properties, ResourceType, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import camel, chosen_name, found, refused

_ENCRYPTION = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}
_GONE = ("NoSuchBucket", "404")
_INLINE = {
    "accelerationStatus": "BucketAccelerateConfiguration",
    "acl": "BucketAcl",
    "corsRules": "BucketCorsConfiguration",
    "grants": "BucketAcl",
    "lifecycleRules": "BucketLifecycleConfiguration",
    "logging": "BucketLogging",
    "objectLockConfiguration": "BucketObjectLockConfiguration",
    "policy": "BucketPolicy",
    "replicationConfiguration": "BucketReplicationConfig",
    "requestPayer": "BucketRequestPaymentConfiguration",
    "serverSideEncryptionConfiguration": "BucketServerSideEncryptionConfiguration",
    "versioning": "BucketVersioning",
    "website": "BucketWebsiteConfiguration",
}
"""Deprecated inputs of a bucket and the resource that took each one's place."""

_UNSUPPORTED = {
    **{name: f"It is deprecated: use the resource aws.s3.{resource}." for name, resource in _INLINE.items()},
    "bucketNamespace": "All buckets here have global names: leave it out.",
}


def _check(inputs: Properties) -> Iterator[tuple[str, str]]:
    harmless = (("acl", "private"), ("bucketNamespace", "global"))
    yield from refused(dict(item for item in inputs.items() if item not in harmless), _UNSUPPORTED)


def _create(aws: Aws, inputs: Properties) -> str:
    client = aws.client("s3")
    bucket = chosen_name(inputs, "bucket", "bucketPrefix")
    request: dict[str, Any] = {"Bucket": bucket}
    if aws.region != "us-east-1":  # the one region that must not be named, see API_CreateBucket
        request["CreateBucketConfiguration"] = {"LocationConstraint": aws.region}
    if inputs.get("objectLockEnabled"):
        request["ObjectLockEnabledForBucket"] = True
    client.create_bucket(**request)
    with finishing(bucket):
        if inputs.get("tagsAll"):
            _put_tags(client, bucket, inputs)
    return bucket


def _put_tags(client: Any, bucket: str, inputs: Properties) -> None:
    tags = _tags.to_list(inputs.get("tagsAll"))
    if tags:
        client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    else:
        client.delete_bucket_tagging(Bucket=bucket)


def _lock(client: Any, bucket: str) -> Properties:
    missing = "ObjectLockConfigurationNotFoundError"
    answer = found(lambda: client.get_object_lock_configuration(Bucket=bucket), missing)
    configuration = answer["ObjectLockConfiguration"] if answer else {}
    enabled = configuration.get("ObjectLockEnabled") == "Enabled"
    if not enabled:
        return {"objectLockEnabled": False}
    retention = (configuration.get("Rule") or {}).get("DefaultRetention")
    rule = {"rule": {"defaultRetention": camel(retention, {})}} if retention else {}
    return {
        "objectLockEnabled": True,
        "objectLockConfiguration": {"objectLockEnabled": "Enabled", **rule},
    }


def _encryption(client: Any, bucket: str) -> Properties:
    missing = "ServerSideEncryptionConfigurationNotFoundError"
    answer = found(lambda: client.get_bucket_encryption(Bucket=bucket), missing)
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"] if answer else []
    return {"serverSideEncryptionConfiguration": {"rule": camel(rules[0], _ENCRYPTION)}} if rules else {}


def _versioning(client: Any, bucket: str) -> Properties:
    answer = client.get_bucket_versioning(Bucket=bucket)
    return {
        "versioning": {
            "enabled": answer.get("Status") == "Enabled",
            "mfaDelete": answer.get("MFADelete") == "Enabled",
        }
    }


def _read(aws: Aws, bucket: str, state: Properties) -> Properties | None:
    client = aws.client("s3")
    if found(lambda: client.head_bucket(Bucket=bucket), *_GONE) is None:
        return None
    region = client.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"
    tags = found(lambda: client.get_bucket_tagging(Bucket=bucket), "NoSuchTagSet")
    return {
        "arn": f"arn:{aws.partition}:s3:::{bucket}",
        "bucket": bucket,
        "bucketDomainName": f"{bucket}.s3.amazonaws.com",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{bucket}.s3.{region}.amazonaws.com",
        **_lock(client, bucket),
        **_encryption(client, bucket),
        **_versioning(client, bucket),
        "tagsAll": _tags.from_list(tags["TagSet"] if tags else []),
    }


def _update(aws: Aws, bucket: str, state: Properties, inputs: Properties) -> None:
    if (state.get("tagsAll") or {}) != (inputs.get("tagsAll") or {}):
        _put_tags(aws.client("s3"), bucket, inputs)


def _delete(aws: Aws, bucket: str, state: Properties) -> None:
    client = aws.client("s3")
    try:
        client.delete_bucket(Bucket=bucket)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _GONE:
            return
        if code != "BucketNotEmpty" or not state.get("forceDestroy"):
            raise
        _empty(client, bucket)
        client.delete_bucket(Bucket=bucket)


def _empty(client: Any, bucket: str) -> None:
    """Delete every version and delete marker, past governance-mode locks (never compliance-mode ones)."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        objects = [
            {"Key": entry["Key"], "VersionId": entry["VersionId"]}
            for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        ]
        if objects:
            client.delete_objects(Bucket=bucket, Delete={"Objects": objects}, BypassGovernanceRetention=True)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:s3/bucket:Bucket",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        replaces=frozenset({"bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"}),
        defaults={"forceDestroy": False},
        autoname="bucket",
        autoname_form=lambda name, _: name.lower(),
        check=_check,
        autoname_prefix="bucketPrefix",
        write_only=frozenset({"forceDestroy", "acl", "bucketNamespace"}),
    ),
)
