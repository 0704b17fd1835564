"""AWS Backup: who may use the vault and its key, and what the role that makes backups may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from timestream_baseline.documents.keys import management, timestream_service
from timestream_baseline.documents.parts import Document, Statement, allow, deny, document, root_arn

# What AWS Backup does to a vault under its own lifecycle is not bound by the vault's policy: the policy that
# AWS itself puts on aws/efs/automatic-backup-vault denies DeleteRecoveryPoint to everybody, and its recovery
# points still expire.
_KEEPING: Final = (
    "backup:DeleteBackupVault",
    "backup:DeleteRecoveryPoint",
    "backup:PutBackupVaultAccessPolicy",
    "backup:UpdateRecoveryPointLifecycle",
)
# Reading actions and StartAwsBackupJob of AWS's own AWSBackupServiceRolePolicyForBackup (version 30).
_BACKUP_ACTIONS: Final = (
    "timestream:DescribeDatabase",
    "timestream:DescribeTable",
    "timestream:ListTables",
    "timestream:ListTagsForResource",
    "timestream:StartAwsBackupJob",
)


def backup_service(*, region: str, dns_suffix: str) -> str:
    """Build the name by which KMS knows calls that come through AWS Backup."""
    return f"backup.{region}.{dns_suffix}"


def vault_policy(*, administrators: Sequence[str]) -> Document:
    """Let nobody delete recovery points, shorten their life, delete the vault, or rewrite this policy.

    The one way out is to remove the whole policy first, which is loud; with administrators only they may.
    AWS Config (backup-recovery-point-manual-deletion-disabled) wants the actions in one statement, with a
    wildcard as principal and resource. A vault policy takes no wildcard in its actions.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    statements = [
        deny("NobodyDeletesBackupsBeforeTheyExpire", _KEEPING, "*", principal="*", condition={}),
    ]
    if administrators:
        statements.append(
            deny(
                "OnlyAdministratorsRemoveThisPolicy",
                ["backup:DeleteBackupVaultAccessPolicy"],
                "*",
                principal="*",
                condition={"ArnNotEquals": {"aws:PrincipalArn": sorted(administrators)}},
            )
        )
    return document(*statements)


def backup_key_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, administrators: Sequence[str]
) -> Document:
    """Let the account use the key through AWS Backup only; which of its principals may, IAM decides.

    The actions are those that AWS asks of whoever makes a vault (CreateBackupVault) and of the role that
    fills it. The grants of a backup job carry no documented encryption context, so none is asked for.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
    """
    root = {"AWS": root_arn(partition=partition, account=account)}
    services = [
        backup_service(region=region, dns_suffix=dns_suffix),
        timestream_service(region=region, dns_suffix=dns_suffix),
    ]
    through_services = {"StringEquals": {"kms:CallerAccount": account, "kms:ViaService": services}}
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "UseThroughBackupAndTimestreamAsIamAllows",
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"],
            "*",
            principal=root,
            condition=through_services,
        ),
        allow(
            "GrantsThatBackupMakesForVaults",
            ["kms:CreateGrant"],
            "*",
            principal=root,
            condition={**through_services, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html
        deny(
            "BackupStorageWorksForVaultsOfThisAccountOnly",
            ["kms:Decrypt", "kms:GenerateDataKey", "kms:RetireGrant"],
            "*",
            principal={"Service": "backup-storage.amazonaws.com"},
            condition={
                "StringNotEquals": {"aws:SourceAccount": account},
                "ArnNotLike": {"aws:SourceArn": f"arn:{partition}:backup:{region}:{account}:backup-vault:*"},
            },
        ),
    )


def backup_trust_policy() -> Document:
    """Let AWS Backup assume the role. AWS documents no source condition for this trust.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
    """
    return document(
        allow("BackupMakesBackups", ["sts:AssumeRole"], None, principal={"Service": "backup.amazonaws.com"})
    )


def backup_role_statements(*, database_arns: Sequence[str]) -> list[Statement]:
    """Let the role back up the tables of these databases, and restore nothing.

    StartAwsBackupJob is granted for all tables of a database, so that the size of the policy does not grow
    with the tables; which of them are backed up, the plan's selections say.
    """
    return [
        allow(
            "BackUpTheTablesOfTheseDatabases",
            _BACKUP_ACTIONS,
            [arn for database in sorted(set(database_arns)) for arn in (database, f"{database}/table/*")],
        ),
        allow(
            "ActionsThatHaveNoResource",
            ["timestream:DescribeEndpoints", "timestream:GetAwsBackupStatus", "timestream:ListDatabases"],
            "*",
        ),
    ]


def backup_key_statements(*, key_arns: Sequence[str], region: str, dns_suffix: str) -> list[Statement]:
    """Let the role see the keys of vault and databases, and make grants on them for AWS itself.

    AWSBackupServiceRolePolicyForBackup grants the same on every key.
    """
    keys = sorted(set(key_arns))
    services = [
        backup_service(region=region, dns_suffix=dns_suffix),
        timestream_service(region=region, dns_suffix=dns_suffix),
    ]
    return [
        allow("SeeTheKeysOfDatabasesAndVault", ["kms:DescribeKey"], keys),
        allow(
            "GrantsForAwsOnTheKeysOfDatabasesAndVault",
            ["kms:CreateGrant"],
            keys,
            condition={
                "StringEquals": {"kms:ViaService": services},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
    ]


def backup_vault_statements(
    *, partition: str, region: str, account: str, vault_arn: str, copy_to_vault_arn: str | None
) -> list[Statement]:
    """Let the role see its vault, tag what it makes, and copy to one other vault if there is one.

    AWSBackupServiceRolePolicyForBackup grants the same on every vault.
    """
    vaults = [vault_arn] if copy_to_vault_arn is None else sorted({vault_arn, copy_to_vault_arn})
    statements = [
        allow("SeeTheVaults", ["backup:DescribeBackupVault"], vaults),
        allow(
            "TagRecoveryPoints",
            ["backup:TagResource"],
            f"arn:{partition}:backup:{region}:{account}:recovery-point:*",
        ),
    ]
    if copy_to_vault_arn is not None:
        statements += [
            allow("CopyIntoTheOtherVault", ["backup:CopyIntoBackupVault"], [copy_to_vault_arn]),
            # The ARNs of recovery points carry no vault: where a copy goes, the condition says.
            allow(
                "CopyNowhereElse",
                ["backup:CopyFromBackupVault"],
                "*",
                condition={"ForAnyValue:ArnEquals": {"backup:CopyTargets": [copy_to_vault_arn]}},
            ),
        ]
    return statements
