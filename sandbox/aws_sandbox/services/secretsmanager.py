"""AWS Secrets Manager: secrets, their versions and policies."""

import base64
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, chosen_name, found, from_aws, refusing, to_aws

_GONE = ("ResourceNotFoundException",)
_POLICY_LIMIT = SizeLimit(
    property="policy",
    characters=20_480,
    source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
)
_SECRET = {"description": "Description", "kmsKeyId": "KmsKeyId"}
_CURRENT = "AWSCURRENT"


def _create_secret(aws: Aws, inputs: Properties) -> str:
    client = aws.client("secretsmanager")
    replicas = _replicas_to_aws(inputs.get("replicas") or [])
    answer = client.create_secret(
        Name=chosen_name(inputs),
        **to_aws(_SECRET, inputs),
        **({"Tags": _tags.to_list(inputs["tagsAll"])} if inputs.get("tagsAll") else {}),
        **({"AddReplicaRegions": replicas} if replicas else {}),
        ForceOverwriteReplicaSecret=bool(inputs.get("forceOverwriteReplicaSecret")),
    )
    secret = str(answer["ARN"])
    with finishing(secret):
        if inputs.get("policy"):
            client.put_resource_policy(SecretId=secret, ResourcePolicy=inputs["policy"])
    return secret


def _replicas_to_aws(replicas: list[Properties]) -> list[dict[str, Any]]:
    return [to_aws({"region": "Region", "kmsKeyId": "KmsKeyId"}, replica) for replica in replicas]


def _describe(client: Any, secret: str) -> dict[str, Any] | None:
    answer: dict[str, Any] | None = found(lambda: client.describe_secret(SecretId=secret), *_GONE)
    return None if answer is None or answer.get("DeletedDate") else answer


def _read_secret(aws: Aws, secret: str, state: Properties) -> Properties | None:
    client = aws.client("secretsmanager")
    answer = _describe(client, secret)
    if answer is None:
        return None
    policy = client.get_resource_policy(SecretId=secret).get("ResourcePolicy")
    names = {"region": "Region", "kmsKeyId": "KmsKeyId", "status": "Status", "statusMessage": "StatusMessage"}
    replicas = [from_aws(names, replica) for replica in answer.get("ReplicationStatus") or []]
    return {
        **from_aws(_SECRET | {"arn": "ARN", "name": "Name"}, answer),
        **({"policy": policy} if policy else {}),
        **({"replicas": replicas} if replicas else {}),
        "tagsAll": _tags.from_list(answer.get("Tags") or []),
    }


def _update_secret(aws: Aws, secret: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("secretsmanager")
    if changed(state, inputs, *_SECRET):
        request = {"Description": "", **to_aws(_SECRET, inputs)}
        client.update_secret(SecretId=secret, **request)
    if inputs.get("policy") and changed(state, inputs, "policy"):
        client.put_resource_policy(SecretId=secret, ResourcePolicy=inputs["policy"])
    _update_replicas(client, secret, state, inputs)
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.untag_resource(SecretId=secret, TagKeys=to_remove)
    if to_set:
        client.tag_resource(SecretId=secret, Tags=_tags.to_list(to_set))


def _update_replicas(client: Any, secret: str, state: Properties, inputs: Properties) -> None:
    old = {replica["region"] for replica in state.get("replicas") or []}
    new = {replica["region"] for replica in inputs.get("replicas") or []}
    if old - new:
        client.remove_regions_from_replication(SecretId=secret, RemoveReplicaRegions=sorted(old - new))
    added = [replica for replica in inputs.get("replicas") or [] if replica["region"] in new - old]
    if added:
        client.replicate_secret_to_regions(
            SecretId=secret,
            AddReplicaRegions=_replicas_to_aws(added),
            ForceOverwriteReplicaSecret=bool(inputs.get("forceOverwriteReplicaSecret")),
        )


def _delete_secret(aws: Aws, secret: str, state: Properties) -> None:
    client = aws.client("secretsmanager")
    if _describe(client, secret) is None:
        return
    regions = [replica["region"] for replica in state.get("replicas") or []]
    if regions:
        client.remove_regions_from_replication(SecretId=secret, RemoveReplicaRegions=regions)
    days = state.get("recoveryWindowInDays", 30)
    window = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    client.delete_secret(SecretId=secret, **window)


def _create_version(aws: Aws, inputs: Properties) -> str:
    value: dict[str, Any] = {"SecretString": inputs.get("secretStringWo") or inputs.get("secretString") or ""}
    if inputs.get("secretBinary"):
        value = {"SecretBinary": base64.b64decode(inputs["secretBinary"])}
    stages = {"VersionStages": inputs["versionStages"]} if inputs.get("versionStages") else {}
    answer = aws.client("secretsmanager").put_secret_value(SecretId=inputs["secretId"], **value, **stages)
    return f"{inputs['secretId']}|{answer['VersionId']}"


def _read_version(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
    secret, version = resource_id.split("|", 1)
    client = aws.client("secretsmanager")
    described = _describe(client, secret)
    if described is None:
        return None
    answer = found(lambda: client.get_secret_value(SecretId=secret, VersionId=version), *_GONE)
    if answer is None:
        return None
    binary = answer.get("SecretBinary")
    written_only = bool(state.get("hasSecretStringWo") or state.get("secretStringWo"))
    return {
        **({} if written_only else from_aws({"secretString": "SecretString"}, answer)),
        **({"secretBinary": base64.b64encode(binary).decode()} if binary else {}),
        "arn": answer["ARN"],
        "hasSecretStringWo": written_only,
        "secretArn": answer["ARN"],
        "secretId": secret,
        "versionId": version,
        "versionStages": sorted(answer.get("VersionStages", [])),
    }


def _update_version(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
    secret, version = resource_id.split("|", 1)
    if inputs.get("versionStages") is None:
        return
    client = aws.client("secretsmanager")
    old, new = set(state.get("versionStages") or []), set(inputs["versionStages"])
    holders = client.describe_secret(SecretId=secret).get("VersionIdsToStages", {})
    for stage in sorted(new - old):
        holder = [other for other, stages in holders.items() if stage in stages]
        client.update_secret_version_stage(
            SecretId=secret,
            VersionStage=stage,
            MoveToVersionId=version,
            **({"RemoveFromVersionId": holder[0]} if holder else {}),
        )
    _remove_stages(client, secret, version, old - new)


def _remove_stages(client: Any, secret: str, version: str, stages: set[str]) -> None:
    # The current version stays current until another one takes its place.
    for stage in sorted(stages - {_CURRENT}):
        client.update_secret_version_stage(SecretId=secret, VersionStage=stage, RemoveFromVersionId=version)


def _delete_version(aws: Aws, resource_id: str, state: Properties) -> None:
    secret, version = resource_id.split("|", 1)
    client = aws.client("secretsmanager")
    described = _describe(client, secret)
    stages = (described or {}).get("VersionIdsToStages", {}).get(version, [])
    _remove_stages(client, secret, version, set(stages))


def _put_policy(aws: Aws, secret: str, inputs: Properties) -> None:
    block = {"BlockPublicPolicy": True} if inputs.get("blockPublicPolicy") else {}
    aws.client("secretsmanager").put_resource_policy(
        SecretId=secret, ResourcePolicy=inputs["policy"], **block
    )


def _create_policy(aws: Aws, inputs: Properties) -> str:
    _put_policy(aws, inputs["secretArn"], inputs)
    return str(inputs["secretArn"])


def _read_policy(aws: Aws, secret: str, state: Properties) -> Properties | None:
    client = aws.client("secretsmanager")
    if _describe(client, secret) is None:
        return None
    policy = client.get_resource_policy(SecretId=secret).get("ResourcePolicy")
    return {"policy": policy, "secretArn": secret} if policy else None


def _update_policy(aws: Aws, secret: str, state: Properties, inputs: Properties) -> None:
    _put_policy(aws, secret, inputs)


def _delete_policy(aws: Aws, secret: str, state: Properties) -> None:
    client = aws.client("secretsmanager")
    if _describe(client, secret) is not None:
        client.delete_resource_policy(SecretId=secret)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:secretsmanager/secret:Secret",
        create=_create_secret,
        read=_read_secret,
        update=_update_secret,
        delete=_delete_secret,
        replaces=frozenset({"name", "namePrefix", "type"}),
        defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
        autoname="name",
        autoname_prefix="namePrefix",
        write_only=frozenset({"forceOverwriteReplicaSecret", "recoveryWindowInDays"}),
        check=refusing({"type": "There are no secrets that partners manage on this machine: leave it out."}),
        policy_documents=frozenset({"policy"}),
        limits=(_POLICY_LIMIT,),
    ),
    ResourceType(
        token="aws:secretsmanager/secretVersion:SecretVersion",
        create=_create_version,
        read=_read_version,
        update=_update_version,
        delete=_delete_version,
        replaces=frozenset({"secretId", "secretBinary", "secretString", "secretStringWoVersion"}),
        write_only=frozenset({"secretStringWo", "secretStringWoVersion"}),
        limits=(
            SizeLimit(
                property="secretString",
                characters=65_536,
                source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html",
            ),
        ),
    ),
    ResourceType(
        token="aws:secretsmanager/secretPolicy:SecretPolicy",
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
        replaces=frozenset({"secretArn"}),
        write_only=frozenset({"blockPublicPolicy"}),
        policy_documents=frozenset({"policy"}),
        limits=(_POLICY_LIMIT,),
    ),
)
