"""AWS KMS: keys, their policies, replicas and grants, and aliases."""

import json
import re
from collections.abc import Iterator
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, present, to_aws
from aws_sandbox.wire import is_unknown

_POLICY_LIMIT = SizeLimit(
    property="policy",
    characters=32_768,
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
)
_GONE = ("NotFoundException", "InvalidArnException")
_ALIAS_NAME = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}")


def _describe(aws: Aws, key_id: str) -> Properties | None:
    """Return what KMS says of a key, or None if it is gone; one that waits for its deletion is gone."""
    answer = found(lambda: aws.client("kms").describe_key(KeyId=key_id), *_GONE)
    if answer is None or answer["KeyMetadata"]["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
        return None
    metadata: Properties = answer["KeyMetadata"]
    return metadata


def _policy(aws: Aws, key_id: str) -> str:
    return str(aws.client("kms").get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])


def _put_policy(aws: Aws, key_id: str, inputs: Properties) -> None:
    aws.client("kms").put_key_policy(
        KeyId=key_id,
        PolicyName="default",
        Policy=inputs["policy"],
        BypassPolicyLockoutSafetyCheck=inputs.get("bypassPolicyLockoutSafetyCheck", False),
    )


def _read_tags(aws: Aws, key_id: str) -> dict[str, str]:
    tags = aws.client("kms").list_resource_tags(KeyId=key_id)["Tags"]
    return _tags.from_list(tags, "TagKey", "TagValue")


def _update_tags(aws: Aws, key_id: str, state: Properties, inputs: Properties) -> None:
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        aws.client("kms").untag_resource(KeyId=key_id, TagKeys=to_remove)
    if to_set:
        aws.client("kms").tag_resource(KeyId=key_id, Tags=_tags.to_list(to_set, "TagKey", "TagValue"))


def _enable(aws: Aws, key_id: str, enabled: bool) -> None:
    kms = aws.client("kms")
    (kms.enable_key if enabled else kms.disable_key)(KeyId=key_id)


def _rotate(aws: Aws, key_id: str, inputs: Properties) -> None:
    kms = aws.client("kms")
    if inputs.get("enableKeyRotation"):
        kms.enable_key_rotation(
            KeyId=key_id, **to_aws({"rotationPeriodInDays": "RotationPeriodInDays"}, inputs)
        )
    else:
        kms.disable_key_rotation(KeyId=key_id)


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


def _create_key(aws: Aws, inputs: Properties) -> str:
    request = to_aws(_CREATE, inputs)
    if inputs.get("tagsAll"):
        request["Tags"] = _tags.to_list(inputs["tagsAll"], "TagKey", "TagValue")
    key_id = str(aws.client("kms").create_key(**request)["KeyMetadata"]["KeyId"])
    with finishing(key_id):
        if inputs.get("enableKeyRotation"):
            _rotate(aws, key_id, inputs)
        if not inputs.get("isEnabled", True):
            _enable(aws, key_id, False)
    return key_id


def _read_key(aws: Aws, key_id: str, _state: Properties) -> Properties | None:
    metadata = _describe(aws, key_id)
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
            "policy": _policy(aws, key_id),
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays", 365) if enabled else None,
            "tagsAll": _read_tags(aws, key_id),
        }
    )


def _update_key(aws: Aws, key_id: str, state: Properties, inputs: Properties) -> None:
    # KMS changes a disabled key's rotation only after it is enabled.
    if changed(state, inputs, "isEnabled") and inputs.get("isEnabled", True):
        _enable(aws, key_id, True)
    if changed(state, inputs, "enableKeyRotation") or (
        inputs.get("rotationPeriodInDays") and changed(state, inputs, "rotationPeriodInDays")
    ):
        _rotate(aws, key_id, inputs)
    if changed(state, inputs, "description") and "description" in inputs:
        aws.client("kms").update_key_description(KeyId=key_id, Description=inputs["description"])
    if changed(state, inputs, "policy") and inputs.get("policy"):
        _put_policy(aws, key_id, inputs)
    if changed(state, inputs, "isEnabled") and not inputs.get("isEnabled", True):
        _enable(aws, key_id, False)
    _update_tags(aws, key_id, state, inputs)


def _delete_key(aws: Aws, key_id: str, state: Properties) -> None:
    kms = aws.client("kms")
    window = state.get("deletionWindowInDays", 30)
    found(
        lambda: kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=window),
        *_GONE,
        "KMSInvalidStateException",
    )


def _check_key(inputs: Properties) -> Iterator[tuple[str, str]]:
    for name, low, high in (("deletionWindowInDays", 7, 30), ("rotationPeriodInDays", 90, 2560)):
        value = inputs.get(name)
        if isinstance(value, int) and not low <= value <= high:
            yield name, f"`{name}` must be between {low} and {high} days, not {value}."


def _create_alias(aws: Aws, inputs: Properties) -> str:
    name = str(inputs["name"])
    aws.client("kms").create_alias(AliasName=name, TargetKeyId=inputs["targetKeyId"])
    return name


def _read_alias(aws: Aws, name: str, state: Properties) -> Properties | None:
    pages = aws.client("kms").get_paginator("list_aliases").paginate()
    alias = next((item for page in pages for item in page["Aliases"] if item["AliasName"] == name), None)
    if alias is None or "TargetKeyId" not in alias:
        return None
    key_id = alias["TargetKeyId"]
    key_arn = f"arn:{aws.partition}:kms:{aws.region}:{aws.account}:key/{key_id}"
    given = state.get("targetKeyId")
    return {
        "arn": alias["AliasArn"],
        "name": name,
        # The key may be given by id or ARN: both mean the same.
        "targetKeyId": given if given in (key_id, key_arn) else key_id,
        "targetKeyArn": key_arn,
    }


def _update_alias(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, "targetKeyId"):
        aws.client("kms").update_alias(AliasName=name, TargetKeyId=inputs["targetKeyId"])


def _delete_alias(aws: Aws, name: str, _state: Properties) -> None:
    found(lambda: aws.client("kms").delete_alias(AliasName=name), *_GONE)


def _check_alias(inputs: Properties) -> Iterator[tuple[str, str]]:
    name = inputs.get("name", "")
    if name and not is_unknown(name) and not _ALIAS_NAME.fullmatch(name):
        yield (
            "name",
            f"`name` must be `alias/` and then letters, digits, `/`, `_` or `-` (256 characters at most), "
            f"not {json.dumps(name)}.",
        )
    elif name.startswith("alias/aws/"):
        yield (
            "name",
            f"`name` must not begin with `alias/aws/`, which AWS keeps for itself: {json.dumps(name)}.",
        )


def _create_key_policy(aws: Aws, inputs: Properties) -> str:
    _put_policy(aws, inputs["keyId"], inputs)
    return str(inputs["keyId"])


def _read_key_policy(aws: Aws, key_id: str, _state: Properties) -> Properties | None:
    if _describe(aws, key_id) is None:
        return None
    return {"keyId": key_id, "policy": _policy(aws, key_id)}


def _update_key_policy(aws: Aws, key_id: str, _state: Properties, inputs: Properties) -> None:
    _put_policy(aws, key_id, inputs)


def _delete_key_policy(aws: Aws, key_id: str, _state: Properties) -> None:
    """Give the key the policy that KMS gives to a new one: a key always has a policy."""
    if _describe(aws, key_id) is None:
        return
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{aws.partition}:iam::{aws.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = {"Id": "key-default-1", "Version": "2012-10-17", "Statement": [statement]}
    _put_policy(aws, key_id, {"policy": json.dumps(document)})


def _create_replica(aws: Aws, inputs: Properties) -> str:
    primary = inputs["primaryKeyArn"].split(":")
    request = to_aws(
        {
            "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
            "description": "Description",
            "policy": "Policy",
        },
        inputs,
    )
    if inputs.get("tagsAll"):
        request["Tags"] = _tags.to_list(inputs["tagsAll"], "TagKey", "TagValue")
    answer = aws.client("kms", primary[3]).replicate_key(
        KeyId=primary[5].removeprefix("key/"), ReplicaRegion=aws.region, **request
    )
    key_id = str(answer["ReplicaKeyMetadata"]["KeyId"])
    with finishing(key_id):
        if not inputs.get("enabled", True):
            _enable(aws, key_id, False)
    return key_id


def _read_replica(aws: Aws, key_id: str, _state: Properties) -> Properties | None:
    metadata = _describe(aws, key_id)
    if metadata is None:
        return None
    rotation = (
        found(lambda: aws.client("kms").get_key_rotation_status(KeyId=key_id), "DisabledException") or {}
    )
    primary = metadata.get("MultiRegionConfiguration", {}).get("PrimaryKey", {}).get("Arn")
    return present(
        {
            "arn": metadata["Arn"],
            "description": metadata.get("Description", ""),
            "enabled": metadata["Enabled"],
            "keyId": metadata["KeyId"],
            "keyRotationEnabled": rotation.get("KeyRotationEnabled", False),
            "keySpec": metadata["KeySpec"],
            "keyUsage": metadata["KeyUsage"],
            "policy": _policy(aws, key_id),
            "primaryKeyArn": primary,
            "tagsAll": _read_tags(aws, key_id),
        }
    )


def _update_replica(aws: Aws, key_id: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, "enabled"):
        _enable(aws, key_id, inputs.get("enabled", True))
    if changed(state, inputs, "description") and "description" in inputs:
        aws.client("kms").update_key_description(KeyId=key_id, Description=inputs["description"])
    if changed(state, inputs, "policy") and inputs.get("policy"):
        _put_policy(aws, key_id, inputs)
    _update_tags(aws, key_id, state, inputs)


def _create_grant(aws: Aws, inputs: Properties) -> str:
    request = to_aws(
        {
            "keyId": "KeyId",
            "granteePrincipal": "GranteePrincipal",
            "operations": "Operations",
            "name": "Name",
            "retiringPrincipal": "RetiringPrincipal",
            "grantCreationTokens": "GrantTokens",
        },
        inputs,
    )
    constraints: Properties = next(iter(inputs.get("constraints") or ()), {})
    names = {
        "encryptionContextEquals": "EncryptionContextEquals",
        "encryptionContextSubset": "EncryptionContextSubset",
    }
    if constraints:
        request["Constraints"] = to_aws(names, constraints)
    grant_id = aws.client("kms").create_grant(**request)["GrantId"]
    return f"{inputs['keyId']}:{grant_id}"


def _read_grant(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
    key_id, grant_id = resource_id.rsplit(":", 1)
    answer = found(lambda: aws.client("kms").list_grants(KeyId=key_id), *_GONE)
    grant = next((item for item in (answer or {}).get("Grants", ()) if item["GrantId"] == grant_id), None)
    if grant is None:
        return None
    constraints = grant.get("Constraints") or {}
    return present(
        {
            "constraints": [
                present(
                    {
                        "encryptionContextEquals": constraints.get("EncryptionContextEquals"),
                        "encryptionContextSubset": constraints.get("EncryptionContextSubset"),
                    }
                )
            ]
            if constraints
            else None,
            "grantId": grant_id,
            # KMS tells the token only when the grant is made, and the sandbox's grants need none.
            "grantToken": state.get("grantToken", ""),
            "granteePrincipal": grant["GranteePrincipal"],
            "keyId": key_id,
            "name": grant.get("Name") or None,
            "operations": grant["Operations"],
            "retiringPrincipal": grant.get("RetiringPrincipal") or None,
        }
    )


def _delete_grant(aws: Aws, resource_id: str, state: Properties) -> None:
    key_id, grant_id = resource_id.rsplit(":", 1)
    kms = aws.client("kms")
    end = kms.retire_grant if state.get("retireOnDelete") else kms.revoke_grant
    found(lambda: end(KeyId=key_id, GrantId=grant_id), *_GONE)


TYPES = (
    ResourceType(
        token="aws:kms/key:Key",
        create=_create_key,
        read=_read_key,
        update=_update_key,
        delete=_delete_key,
        check=_check_key,
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
        json_documents=frozenset({"policy"}),
        limits=(_POLICY_LIMIT,),
    ),
    ResourceType(
        token="aws:kms/alias:Alias",
        create=_create_alias,
        read=_read_alias,
        update=_update_alias,
        delete=_delete_alias,
        check=_check_alias,
        replaces=frozenset({"name", "namePrefix"}),
        autoname="name",
        autoname_prefix="namePrefix",
        autoname_format="alias/{}",
    ),
    ResourceType(
        token="aws:kms/keyPolicy:KeyPolicy",
        create=_create_key_policy,
        read=_read_key_policy,
        update=_update_key_policy,
        delete=_delete_key_policy,
        replaces=frozenset({"keyId"}),
        write_only=frozenset({"bypassPolicyLockoutSafetyCheck"}),
        json_documents=frozenset({"policy"}),
        limits=(_POLICY_LIMIT,),
    ),
    ResourceType(
        token="aws:kms/replicaKey:ReplicaKey",
        create=_create_replica,
        read=_read_replica,
        update=_update_replica,
        delete=_delete_key,
        check=_check_key,
        replaces=frozenset({"primaryKeyArn"}),
        defaults={"bypassPolicyLockoutSafetyCheck": False, "enabled": True},
        write_only=frozenset({"bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"}),
        json_documents=frozenset({"policy"}),
        limits=(_POLICY_LIMIT,),
    ),
    ResourceType(
        token="aws:kms/grant:Grant",
        create=_create_grant,
        read=_read_grant,
        delete=_delete_grant,
        defaults={"retireOnDelete": False},
        write_only=frozenset({"grantCreationTokens", "retireOnDelete"}),
    ),
)
