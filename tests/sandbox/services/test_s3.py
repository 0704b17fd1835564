import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.services.resources import RefusedError, Resource, Resources

BUCKET = "aws:s3/bucket:Bucket"


def versioned(resources: Resources, **inputs: object) -> Resource:
    bucket = resources.create(BUCKET, bucket="rejects", **inputs)
    resources.create(
        "aws:s3/bucketVersioning:BucketVersioning",
        bucket="rejects",
        versioningConfiguration={"status": "Enabled"},
    )
    return bucket


def put_twice_and_delete(resources: Resources) -> None:
    s3 = resources.aws.client("s3")
    s3.put_object(Bucket="rejects", Key="record", Body=b"1")
    s3.put_object(Bucket="rejects", Key="record", Body=b"2")
    s3.delete_object(Bucket="rejects", Key="record")


def test_a_bucket_is_made_in_its_region_with_its_tags(resources: Resources) -> None:
    resources.create(BUCKET, bucket="rejects", tags={"team": "billing"})
    s3 = resources.aws.client("s3")
    assert s3.get_bucket_location(Bucket="rejects")["LocationConstraint"] == "eu-west-1"
    assert s3.get_bucket_tagging(Bucket="rejects")["TagSet"] == [{"Key": "team", "Value": "billing"}]


def test_a_bucket_that_holds_versions_cannot_be_deleted(resources: Resources) -> None:
    bucket = versioned(resources)
    put_twice_and_delete(resources)
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        bucket.delete()


def test_force_destroy_deletes_every_version_and_marker_first(resources: Resources) -> None:
    bucket = versioned(resources, forceDestroy=True)
    put_twice_and_delete(resources)
    bucket.delete()
    assert resources.aws.client("s3").list_buckets()["Buckets"] == []


def test_object_lock_is_turned_on_when_the_bucket_is_made(resources: Resources) -> None:
    bucket = resources.create(BUCKET, bucket="archive", objectLockEnabled=True)
    assert bucket.state["objectLockEnabled"] is True
    assert bucket.state["versioning"] == {"enabled": True, "mfaDelete": False}


def test_a_deprecated_inline_setting_is_refused_with_the_way_out(resources: Resources) -> None:
    with pytest.raises(RefusedError) as refusal:
        resources.create(BUCKET, bucket="rejects", versioning={"enabled": True})
    way_out = "It is deprecated: use the resource aws.s3.BucketVersioning."
    assert refusal.value.args == ([("versioning", f"the sandbox cannot apply it. {way_out}")],)
    assert resources.aws.client("s3").list_buckets()["Buckets"] == []


def test_deleting_versioning_suspends_it(resources: Resources) -> None:
    resources.create(BUCKET, bucket="rejects")
    versioning = resources.create(
        "aws:s3/bucketVersioning:BucketVersioning",
        bucket="rejects",
        versioningConfiguration={"status": "Enabled"},
    )
    versioning.delete()
    assert resources.aws.client("s3").get_bucket_versioning(Bucket="rejects")["Status"] == "Suspended"


def test_encryption_names_the_key_as_s3_does(resources: Resources) -> None:
    resources.create(BUCKET, bucket="rejects")
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "alias/rejects"}
    resources.create(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        bucket="rejects",
        rules=[{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}],
    )
    answer = resources.aws.client("s3").get_bucket_encryption(Bucket="rejects")
    assert answer["ServerSideEncryptionConfiguration"]["Rules"] == [
        {
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": "alias/rejects",
            },
            "BucketKeyEnabled": True,
        }
    ]


def test_a_lifecycle_rule_without_filter_is_for_the_whole_bucket(resources: Resources) -> None:
    resources.create(BUCKET, bucket="rejects")
    resources.create(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        bucket="rejects",
        rules=[{"id": "all", "status": "Enabled", "expiration": {"days": 30}}],
    )
    rules = resources.aws.client("s3").get_bucket_lifecycle_configuration(Bucket="rejects")["Rules"]
    assert rules == [{"ID": "all", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}]


def test_public_access_stays_blocked_if_the_destruction_is_skipped(resources: Resources) -> None:
    resources.create(BUCKET, bucket="rejects")
    block = resources.create(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        bucket="rejects",
        blockPublicPolicy=True,
        skipDestroy=True,
    )
    block.delete()
    answer = resources.aws.client("s3").get_public_access_block(Bucket="rejects")
    assert answer["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] is True


def test_the_settings_of_a_bucket_that_is_gone_are_gone(resources: Resources) -> None:
    resources.create(BUCKET, bucket="rejects")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::rejects"}
    policy = resources.create(
        "aws:s3/bucketPolicy:BucketPolicy",
        bucket="rejects",
        policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    resources.aws.client("s3").delete_bucket(Bucket="rejects")
    assert policy.find(policy.state) is None


def test_events_are_sent_to_eventbridge_if_the_bucket_says_so(resources: Resources) -> None:
    resources.create(BUCKET, bucket="rejects")
    notification = resources.create(
        "aws:s3/bucketNotification:BucketNotification", bucket="rejects", eventbridge=True
    )
    assert notification.state["eventbridge"] is True
    answer = resources.aws.client("s3").get_bucket_notification_configuration(Bucket="rejects")
    assert answer["EventBridgeConfiguration"] == {}
