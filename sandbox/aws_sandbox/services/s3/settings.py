"""The small settings of a bucket: public access, ownership, encryption, versioning, policy, lock, logging."""

from typing import Any

from aws_sandbox.resource import Properties, ResourceType, SizeLimit
from aws_sandbox.services._calls import camel, from_aws, pascal, to_aws
from aws_sandbox.services.s3.setting import setting

_PUBLIC_ACCESS = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}
_ENCRYPTION = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}
_VERSIONING = {"status": "Status", "mfaDelete": "MFADelete"}
_LOGGING = {"id": "ID", "uri": "URI", "targetObjectKeyFormat": "TargetObjectKeyFormat"}


def _put_public_access(client: Any, bucket: str, inputs: Properties) -> None:
    client.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=to_aws(_PUBLIC_ACCESS, inputs)
    )


def _get_public_access(client: Any, bucket: str, state: Properties) -> Properties:
    answer = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    return from_aws(_PUBLIC_ACCESS, answer)


def _remove_public_access(client: Any, bucket: str, state: Properties) -> None:
    if not state.get("skipDestroy"):
        client.delete_public_access_block(Bucket=bucket)


def _put_ownership(client: Any, bucket: str, inputs: Properties) -> None:
    client.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [pascal(inputs["rule"], {})]}
    )


def _get_ownership(client: Any, bucket: str, state: Properties) -> Properties:
    answer = client.get_bucket_ownership_controls(Bucket=bucket)
    return {"rule": camel(answer["OwnershipControls"]["Rules"][0], {})}


def _remove_ownership(client: Any, bucket: str, state: Properties) -> None:
    client.delete_bucket_ownership_controls(Bucket=bucket)


def _put_encryption(client: Any, bucket: str, inputs: Properties) -> None:
    rules = pascal(inputs["rules"], _ENCRYPTION)
    for rule in rules:
        if rule.get("BlockedEncryptionTypes") is not None:
            rule["BlockedEncryptionTypes"] = {"EncryptionType": rule["BlockedEncryptionTypes"]}
    client.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _get_encryption(client: Any, bucket: str, state: Properties) -> Properties:
    answer = client.get_bucket_encryption(Bucket=bucket)
    rules = camel(answer["ServerSideEncryptionConfiguration"]["Rules"], _ENCRYPTION)
    for rule in rules:
        if "blockedEncryptionTypes" in rule:
            rule["blockedEncryptionTypes"] = rule["blockedEncryptionTypes"]["encryptionType"]
    return {"rules": rules}


def _remove_encryption(client: Any, bucket: str, state: Properties) -> None:
    client.delete_bucket_encryption(Bucket=bucket)


def _put_versioning(client: Any, bucket: str, inputs: Properties) -> None:
    configuration = pascal(inputs["versioningConfiguration"], _VERSIONING)
    # "Disabled" is not a state that can be put: it says that versioning was never turned on.
    if configuration["Status"] == "Disabled":
        return
    mfa = {"MFA": inputs["mfa"]} if inputs.get("mfa") else {}
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=configuration, **mfa)


def _get_versioning(client: Any, bucket: str, state: Properties) -> Properties:
    answer = client.get_bucket_versioning(Bucket=bucket)
    return {"versioningConfiguration": {"status": "Disabled", **from_aws(_VERSIONING, answer)}}


def _remove_versioning(client: Any, bucket: str, state: Properties) -> None:
    # Versioning can be suspended, never removed.
    if (state.get("versioningConfiguration") or {}).get("status") == "Enabled":
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def _put_policy(client: Any, bucket: str, inputs: Properties) -> None:
    client.put_bucket_policy(Bucket=bucket, Policy=inputs["policy"])


def _get_policy(client: Any, bucket: str, state: Properties) -> Properties:
    return {"policy": client.get_bucket_policy(Bucket=bucket)["Policy"]}


def _remove_policy(client: Any, bucket: str, state: Properties) -> None:
    client.delete_bucket_policy(Bucket=bucket)


def _put_lock(client: Any, bucket: str, inputs: Properties) -> None:
    configuration: dict[str, Any] = {"ObjectLockEnabled": inputs.get("objectLockEnabled") or "Enabled"}
    if inputs.get("rule"):
        configuration["Rule"] = pascal(inputs["rule"], {})
    token = {"Token": inputs["token"]} if inputs.get("token") else {}
    client.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration, **token)


def _get_lock(client: Any, bucket: str, state: Properties) -> Properties:
    answer = client.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    properties: Properties = {"objectLockEnabled": answer["ObjectLockEnabled"]}
    retention = camel((answer.get("Rule") or {}).get("DefaultRetention") or {}, {})
    if retention:
        # Days or years are stated, never both; moto answers 0 for the other one.
        stated = {name: value for name, value in retention.items() if value}
        properties["rule"] = {"defaultRetention": stated}
    return properties


def _remove_lock(client: Any, bucket: str, state: Properties) -> None:
    # Object Lock itself stays for ever; only the default retention can be taken away.
    configuration = {"ObjectLockEnabled": state.get("objectLockEnabled") or "Enabled"}
    client.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)


def _put_logging(client: Any, bucket: str, inputs: Properties) -> None:
    names = ("targetBucket", "targetPrefix", "targetGrants", "targetObjectKeyFormat")
    enabled = pascal({name: inputs.get(name) for name in names}, _LOGGING)
    client.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})


def _get_logging(client: Any, bucket: str, state: Properties) -> Properties | None:
    enabled = client.get_bucket_logging(Bucket=bucket).get("LoggingEnabled")
    if not enabled:
        return None
    properties: Properties = camel(enabled, _LOGGING)
    return {name: value for name, value in properties.items() if value not in ([], {})}


def _remove_logging(client: Any, bucket: str, state: Properties) -> None:
    client.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})


TYPES: tuple[ResourceType, ...] = (
    setting(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        put=_put_public_access,
        get=_get_public_access,
        remove=_remove_public_access,
        missing="NoSuchPublicAccessBlockConfiguration",
        defaults=dict.fromkeys(_PUBLIC_ACCESS, False),
        write_only=frozenset({"skipDestroy"}),
    ),
    setting(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        put=_put_ownership,
        get=_get_ownership,
        remove=_remove_ownership,
        missing="OwnershipControlsNotFoundError",
    ),
    setting(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        put=_put_encryption,
        get=_get_encryption,
        remove=_remove_encryption,
        missing="ServerSideEncryptionConfigurationNotFoundError",
        owned=True,
    ),
    setting(
        "aws:s3/bucketVersioning:BucketVersioning",
        put=_put_versioning,
        get=_get_versioning,
        remove=_remove_versioning,
        missing="NoSuchBucket",
        write_only=frozenset({"mfa"}),
        owned=True,
    ),
    setting(
        "aws:s3/bucketPolicy:BucketPolicy",
        put=_put_policy,
        get=_get_policy,
        remove=_remove_policy,
        missing="NoSuchBucketPolicy",
        policy_documents=frozenset({"policy"}),
        limits=(
            SizeLimit(
                property="policy",
                characters=20_480,
                source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html",
            ),
        ),
    ),
    setting(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        put=_put_lock,
        get=_get_lock,
        remove=_remove_lock,
        missing="ObjectLockConfigurationNotFoundError",
        defaults={"objectLockEnabled": "Enabled"},
        replaces=frozenset({"objectLockEnabled"}),
        write_only=frozenset({"token"}),
        owned=True,
    ),
    setting(
        "aws:s3/bucketLogging:BucketLogging",
        put=_put_logging,
        get=_get_logging,
        remove=_remove_logging,
        missing="NoSuchBucket",
        owned=True,
    ),
)
