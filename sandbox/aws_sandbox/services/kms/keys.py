"""KMS keys and the policies of keys."""

import json
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, present, to_aws
from aws_sandbox.services.kms._shared import (
    POLICY_LIMIT,
    check_key,
    delete_key,
    describe,
    enable,
    policy,
    put_policy,
    read_tags,
    update_tags,
)

_CREATE = {
    "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
    "customKeyStoreId": "CustomKeyStoreId",
    "customerMasterKeySpec": "KeySpec",
    "description": "Description",
    "keyUsage": "KeyUsage",
    "multiRegion": "MultiRegion",
    "policy": "Policy",
    "xksKeyId": "XksKeyId",
}


def _rotate(aws: Aws, key_id: str, inputs: Properties) -> None:
    kms = aws.client("kms")
    if inputs.get("enableKeyRotation"):
        kms.enable_key_rotation(
            KeyId=key_id, **to_aws({"rotationPeriodInDays": "RotationPeriodInDays"}, inputs)
        )
    else:
        kms.disable_key_rotation(KeyId=key_id)


def _create_key(aws: Aws, inputs: Properties) -> str:
    request = to_aws(_CREATE, inputs)
    if inputs.get("tagsAll"):
        request["Tags"] = _tags.to_list(inputs["tagsAll"], "TagKey", "TagValue")
    key_id = str(aws.client("kms").create_key(**request)["KeyMetadata"]["KeyId"])
    with finishing(key_id):
        if inputs.get("enableKeyRotation"):
            _rotate(aws, key_id, inputs)
        if not inputs.get("isEnabled", True):
            enable(aws, key_id, False)
    return key_id


def _read_key(aws: Aws, key_id: str, _state: Properties) -> Properties | None:
    metadata = describe(aws, key_id)
    if metadata is None:
        return None
    # A disabled or asymmetric key has no rotation to tell of.
    rotation: dict[str, Any] = (
        found(
            lambda: aws.client("kms").get_key_rotation_status(KeyId=key_id),
            "DisabledException",
            "UnsupportedOperationException",
        )
        or {}
    )
    enabled = rotation.get("KeyRotationEnabled", False)
    return present(
        {
            "arn": metadata["Arn"],
            "customKeyStoreId": metadata.get("CustomKeyStoreId"),
            "customerMasterKeySpec": metadata["KeySpec"],
            "description": metadata.get("Description", ""),
            "enableKeyRotation": enabled,
            "isEnabled": metadata["Enabled"],
            "keyId": metadata["KeyId"],
            "keyUsage": metadata["KeyUsage"],
            "multiRegion": metadata.get("MultiRegion", False),
            "policy": policy(aws, key_id),
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays", 365) if enabled else None,
            "tagsAll": read_tags(aws, key_id),
        }
    )


def _update_key(aws: Aws, key_id: str, state: Properties, inputs: Properties) -> None:
    # KMS changes a disabled key's rotation only after it is enabled.
    if changed(state, inputs, "isEnabled") and inputs.get("isEnabled", True):
        enable(aws, key_id, True)
    if changed(state, inputs, "enableKeyRotation") or (
        inputs.get("rotationPeriodInDays") and changed(state, inputs, "rotationPeriodInDays")
    ):
        _rotate(aws, key_id, inputs)
    if changed(state, inputs, "description") and "description" in inputs:
        aws.client("kms").update_key_description(KeyId=key_id, Description=inputs["description"])
    if changed(state, inputs, "policy") and inputs.get("policy"):
        put_policy(aws, key_id, inputs)
    if changed(state, inputs, "isEnabled") and not inputs.get("isEnabled", True):
        enable(aws, key_id, False)
    update_tags(aws, key_id, state, inputs)


def _create_key_policy(aws: Aws, inputs: Properties) -> str:
    put_policy(aws, inputs["keyId"], inputs)
    return str(inputs["keyId"])


def _read_key_policy(aws: Aws, key_id: str, _state: Properties) -> Properties | None:
    if describe(aws, key_id) is None:
        return None
    return {"keyId": key_id, "policy": policy(aws, key_id)}


def _update_key_policy(aws: Aws, key_id: str, _state: Properties, inputs: Properties) -> None:
    put_policy(aws, key_id, inputs)


def _delete_key_policy(aws: Aws, key_id: str, _state: Properties) -> None:
    """Give the key the policy that KMS gives to a new one: a key always has a policy."""
    if describe(aws, key_id) is None:
        return
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{aws.partition}:iam::{aws.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = {"Id": "key-default-1", "Version": "2012-10-17", "Statement": [statement]}
    put_policy(aws, key_id, {"policy": json.dumps(document)})


TYPES = (
    ResourceType(
        token="aws:kms/key:Key",
        create=_create_key,
        read=_read_key,
        update=_update_key,
        delete=delete_key,
        check=check_key,
        replaces=frozenset(
            {"customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"}
        ),
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
        write_only=frozenset({"bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"}),
        policy_documents=frozenset({"policy"}),
        limits=(POLICY_LIMIT,),
    ),
    ResourceType(
        token="aws:kms/keyPolicy:KeyPolicy",
        create=_create_key_policy,
        read=_read_key_policy,
        update=_update_key_policy,
        delete=_delete_key_policy,
        replaces=frozenset({"keyId"}),
        write_only=frozenset({"bypassPolicyLockoutSafetyCheck"}),
        policy_documents=frozenset({"policy"}),
        limits=(POLICY_LIMIT,),
    ),
)
