"""Examples for the rules on backups."""

from collections.abc import Mapping

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import (
    BACKUP_PLAN,
    BACKUP_SELECTION,
    BACKUP_VAULT,
    BACKUP_VAULT_LOCK,
    BACKUP_VAULT_POLICY,
    ROLE,
    ROLE_POLICY_ATTACHMENT,
    TABLE,
)

VAULT = "backups-of-tables"
TABLE_ARN = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu"
ROLE_ARN = "arn:aws:iam::111122223333:role/backup"
BACKUP_POLICY = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"

SNIPPET = """\
import json
import pulumi_aws as aws

TABLE = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu"

key = aws.kms.Key("backups", enable_key_rotation=True)
vault = aws.backup.Vault("backups", name="backups", kms_key_arn=key.arn)
lock = aws.backup.VaultLockConfiguration("backups", backup_vault_name="backups", min_retention_days=35)
policy = aws.backup.VaultPolicy(
    "backups",
    backup_vault_name="backups",
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "NobodyDeletesBackups",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
            "Resource": "*",
        }],
    }),
)
plan = aws.backup.Plan(
    "tables",
    name="tables",
    rules=[{
        "rule_name": "daily",
        "target_vault_name": "backups",
        "schedule": "cron(0 3 * * ? *)",
        "lifecycle": {"delete_after": 35},
        "copy_actions": [{
            "destination_vault_arn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:copies",
            "lifecycle": {"delete_after": 35},
        }],
    }],
)
table = aws.timestreamwrite.Table("cpu", database_name="metrics", table_name="cpu")
selection = aws.backup.Selection(
    "tables",
    name="tables",
    plan_id="0a1b2c3d-plan",
    iam_role_arn="arn:aws:iam::111122223333:role/backup",
    resources=[TABLE],
)
"""


def _vault(title: str, *others: Given, **properties: object) -> Example:
    return example(title, BACKUP_VAULT, {"name": VAULT, **properties}, *others)


def lock(**properties: object) -> Given:
    """Return the lock of the vault."""
    return Given(BACKUP_VAULT_LOCK, {"backupVaultName": VAULT, **properties}, "lock")


def policy(*statements: Mapping[str, object]) -> Given:
    """Return the policy of the vault."""
    return Given(BACKUP_VAULT_POLICY, {"backupVaultName": VAULT, "policy": document(*statements)}, "policy")


KEEPS = {
    "Sid": "Keep",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "backup:DeleteRecoveryPoint",
    "Resource": "*",
}


def _table(title: str, *others: Given, **properties: object) -> Example:
    return example(title, TABLE, {"databaseName": "metrics", "tableName": "cpu", **properties}, *others)


def selection(**properties: object) -> Given:
    """Return a selection."""
    return Given(BACKUP_SELECTION, {"name": "tables", **properties}, "selection")


def rule(**properties: object) -> dict[str, object]:
    """Return a rule of a plan without a fault."""
    parts = {
        "ruleName": "daily",
        "schedule": "cron(0 3 * * ? *)",
        "lifecycle": {"deleteAfter": 35},
        **properties,
    }
    return {name: value for name, value in parts.items() if value is not None}


COPY = {"destinationVaultArn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:copies"}


def _plan(title: str, **properties: object) -> Example:
    return example(title, BACKUP_PLAN, {"name": "tables", "rules": [rule(**properties)]})


def _selected(title: str, *others: Given, **properties: object) -> Example:
    return example(title, BACKUP_SELECTION, {"name": "tables", **properties}, *others)


def role(service: str = "backup.amazonaws.com", **properties: object) -> Given:
    """Return the role of the selection."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return Given(
        ROLE,
        {"name": "backup", "assumeRolePolicy": document(trust), **properties},
        "role",
    )


def _served(title: str, *others: Given) -> Example:
    properties = {"name": "tables", "iamRoleArn": REFERENCE}
    return example(title, BACKUP_SELECTION, properties, *others, depends={"iamRoleArn": ("role",)})


def attachment(policy_arn: str) -> Given:
    """Return a policy of the role."""
    properties = {"role": REFERENCE, "policyArn": policy_arn}
    return Given(ROLE_POLICY_ATTACHMENT, properties, "attachment", {"role": ("role",)})


ENCRYPTED_GOOD = (_vault("a key ARN", kmsKeyArn=KEY_ARN),)
ENCRYPTED_BAD = (_vault("no key"), _vault("the key of AWS", kmsKeyArn="alias/aws/backup"))
SELECTED_GOOD = (
    _table("by its ARN", selection(resources=[TABLE_ARN])),
    _table("by a pattern", selection(resources=["arn:aws:timestream:*:*:database/metrics/table/*"])),
    _table(
        "by a tag",
        selection(selectionTags=[{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}]),
        tags={"backup": "daily"},
    ),
)
SELECTED_BAD = (
    _table("no selection"),
    _table("another table", selection(resources=[f"{TABLE_ARN}2"])),
    _table("left out", selection(resources=["*"], notResources=[TABLE_ARN])),
)
PLAN_GOOD = (
    _plan("daily, for 35 days"),
    _plan("cold after a month", lifecycle={"coldStorageAfter": 30, "deleteAfter": 120}),
)
PLAN_BAD = (
    _plan("no schedule", schedule=None),
    _plan("a week", lifecycle={"deleteAfter": 7}),
    _plan("cold for a week", lifecycle={"coldStorageAfter": 30, "deleteAfter": 37}),
)
COPIES_GOOD = (_plan("to another region", copyActions=[COPY]),)
COPIES_BAD = (_plan("none"),)
LOCKED_GOOD = (_vault("locked", lock(minRetentionDays=35)),)
LOCKED_BAD = (_vault("no lock"), _vault("a lock that holds nothing", lock(maxRetentionDays=365)))
KEPT_GOOD = (_vault("nobody deletes", policy(KEEPS)),)
KEPT_BAD = (
    _vault("no policy"),
    _vault("emptied on destroy", policy(KEEPS), forceDestroy=True),
    _vault("somebody else may not", policy({**KEEPS, "Principal": {"AWS": ROLE_ARN}})),
)
SUPPORTED_GOOD = (_selected("a table", resources=[TABLE_ARN]),)
SUPPORTED_BAD = (
    _selected(
        "InfluxDB", resources=["arn:aws:timestream-influxdb:eu-west-1:111122223333:db-instance/abc123"]
    ),
)
ROLE_GOOD = (
    _served("the role of AWS Backup", role(), attachment(BACKUP_POLICY)),
    _selected("a role of another stack", iamRoleArn=ROLE_ARN),
)
ROLE_BAD = (
    _served("an administrator", role(), attachment(ADMINISTRATOR)),
    _served("a role of another service", role("ec2.amazonaws.com")),
)
