"""Replicas of multi-Region keys."""

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
            enable(aws, key_id, False)
    return key_id


def _read_replica(aws: Aws, key_id: str, _state: Properties) -> Properties | None:
    metadata = describe(aws, key_id)
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
            "policy": policy(aws, key_id),
            "primaryKeyArn": primary,
            "tagsAll": read_tags(aws, key_id),
        }
    )


def _update_replica(aws: Aws, key_id: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, "enabled"):
        enable(aws, key_id, inputs.get("enabled", True))
    if changed(state, inputs, "description") and "description" in inputs:
        aws.client("kms").update_key_description(KeyId=key_id, Description=inputs["description"])
    if changed(state, inputs, "policy") and inputs.get("policy"):
        put_policy(aws, key_id, inputs)
    update_tags(aws, key_id, state, inputs)


TYPES = (
    ResourceType(
        token="aws:kms/replicaKey:ReplicaKey",
        create=_create_replica,
        read=_read_replica,
        update=_update_replica,
        delete=delete_key,
        check=check_key,
        replaces=frozenset({"primaryKeyArn"}),
        defaults={"bypassPolicyLockoutSafetyCheck": False, "enabled": True},
        write_only=frozenset({"bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"}),
        policy_documents=frozenset({"policy"}),
        limits=(POLICY_LIMIT,),
    ),
)
