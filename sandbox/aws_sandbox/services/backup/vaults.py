"""AWS Backup vaults: their policy, lock and notifications."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import found, from_aws, in_order_of, to_aws

# AWS answers AccessDeniedException for a vault that is not there:
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeBackupVault.html
_GONE = ("ResourceNotFoundException", "AccessDeniedException")
_LOCK = {
    "changeableForDays": "ChangeableForDays",
    "maxRetentionDays": "MaxRetentionDays",
    "minRetentionDays": "MinRetentionDays",
}


def _describe(client: Any, vault: str) -> dict[str, Any] | None:
    return found(lambda: client.describe_backup_vault(BackupVaultName=vault), *_GONE)


def _create_vault(aws: Aws, inputs: Properties) -> str:
    aws.client("backup").create_backup_vault(
        BackupVaultName=inputs["name"],
        BackupVaultTags=inputs.get("tagsAll") or {},
        **to_aws({"kmsKeyArn": "EncryptionKeyArn"}, inputs),
    )
    return str(inputs["name"])


def _read_vault(aws: Aws, vault: str, state: Properties) -> Properties | None:
    client = aws.client("backup")
    answer = _describe(client, vault)
    if answer is None:
        return None
    names = {"arn": "BackupVaultArn", "kmsKeyArn": "EncryptionKeyArn", "name": "BackupVaultName"}
    return {
        **from_aws(names, answer),
        "recoveryPoints": answer.get("NumberOfRecoveryPoints", 0),
        "tagsAll": _tags.own(client.list_tags(ResourceArn=answer["BackupVaultArn"]).get("Tags")),
    }


def change_tags(client: Any, arn: str, state: Properties, inputs: Properties) -> None:
    """Change the tags of a vault or a plan."""
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.untag_resource(ResourceArn=arn, TagKeyList=to_remove)
    if to_set:
        client.tag_resource(ResourceArn=arn, Tags=to_set)


def _update_vault(aws: Aws, vault: str, state: Properties, inputs: Properties) -> None:
    change_tags(aws.client("backup"), state["arn"], state, inputs)


def _delete_vault(aws: Aws, vault: str, state: Properties) -> None:
    # `forceDestroy` deletes recovery points first; no backup job ever runs here to make one.
    client = aws.client("backup")
    found(lambda: client.delete_backup_vault(BackupVaultName=vault), *_GONE)


def _put_policy(aws: Aws, vault: str, inputs: Properties) -> None:
    aws.client("backup").put_backup_vault_access_policy(BackupVaultName=vault, Policy=inputs["policy"])


def _create_policy(aws: Aws, inputs: Properties) -> str:
    _put_policy(aws, inputs["backupVaultName"], inputs)
    return str(inputs["backupVaultName"])


def _read_policy(aws: Aws, vault: str, state: Properties) -> Properties | None:
    client = aws.client("backup")
    answer = found(lambda: client.get_backup_vault_access_policy(BackupVaultName=vault), *_GONE)
    if answer is None:
        return None
    return {
        "backupVaultArn": answer["BackupVaultArn"],
        "backupVaultName": vault,
        "policy": answer["Policy"],
    }


def _update_policy(aws: Aws, vault: str, state: Properties, inputs: Properties) -> None:
    _put_policy(aws, vault, inputs)


def _delete_policy(aws: Aws, vault: str, state: Properties) -> None:
    client = aws.client("backup")
    found(lambda: client.delete_backup_vault_access_policy(BackupVaultName=vault), *_GONE)


def _create_lock(aws: Aws, inputs: Properties) -> str:
    aws.client("backup").put_backup_vault_lock_configuration(
        BackupVaultName=inputs["backupVaultName"], **to_aws(_LOCK, inputs)
    )
    return str(inputs["backupVaultName"])


def _read_lock(aws: Aws, vault: str, state: Properties) -> Properties | None:
    answer = _describe(aws.client("backup"), vault)
    if answer is None or not answer.get("Locked"):
        return None
    return {
        **from_aws(_LOCK, answer),
        "backupVaultArn": answer["BackupVaultArn"],
        "backupVaultName": vault,
    }


def _delete_lock(aws: Aws, vault: str, state: Properties) -> None:
    client = aws.client("backup")
    found(lambda: client.delete_backup_vault_lock_configuration(BackupVaultName=vault), *_GONE)


def _create_notifications(aws: Aws, inputs: Properties) -> str:
    aws.client("backup").put_backup_vault_notifications(
        BackupVaultName=inputs["backupVaultName"],
        SNSTopicArn=inputs["snsTopicArn"],
        BackupVaultEvents=inputs["backupVaultEvents"],
    )
    return str(inputs["backupVaultName"])


def _read_notifications(aws: Aws, vault: str, state: Properties) -> Properties | None:
    client = aws.client("backup")
    answer = found(lambda: client.get_backup_vault_notifications(BackupVaultName=vault), *_GONE)
    if answer is None or not answer.get("SNSTopicArn"):
        return None
    return {
        "backupVaultArn": answer["BackupVaultArn"],
        "backupVaultEvents": in_order_of(state.get("backupVaultEvents"), answer["BackupVaultEvents"]),
        "backupVaultName": vault,
        "snsTopicArn": answer["SNSTopicArn"],
    }


def _delete_notifications(aws: Aws, vault: str, state: Properties) -> None:
    client = aws.client("backup")
    found(lambda: client.delete_backup_vault_notifications(BackupVaultName=vault), *_GONE)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:backup/vault:Vault",
        create=_create_vault,
        read=_read_vault,
        update=_update_vault,
        delete=_delete_vault,
        replaces=frozenset({"name", "kmsKeyArn"}),
        defaults={"forceDestroy": False},
        autoname="name",
        write_only=frozenset({"forceDestroy"}),
    ),
    ResourceType(
        token="aws:backup/vaultPolicy:VaultPolicy",
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
        replaces=frozenset({"backupVaultName"}),
        policy_documents=frozenset({"policy"}),
    ),
    ResourceType(
        token="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        create=_create_lock,
        read=_read_lock,
        delete=_delete_lock,
        replaces=frozenset({"backupVaultName", *_LOCK}),
        write_only=frozenset({"changeableForDays"}),
    ),
    ResourceType(
        token="aws:backup/vaultNotifications:VaultNotifications",
        create=_create_notifications,
        read=_read_notifications,
        delete=_delete_notifications,
        replaces=frozenset({"backupVaultEvents", "backupVaultName", "snsTopicArn"}),
    ),
)
