import json

from tests.sandbox.examples import Example, Need

_VAULT = Need(token="aws:backup/vault:Vault", inputs={"name": "timestream"})
_OTHER = Need(token="aws:backup/vault:Vault", inputs={"name": "elsewhere"})
_TOPIC = Need(token="aws:sns/topic:Topic", inputs={"name": "backups"})
_RULE = {
    "ruleName": "daily",
    "targetVaultName": "${vault.name}",
    "schedule": "cron(0 5 ? * * *)",
    "startWindow": 60,
    "completionWindow": 180,
    "scheduleExpressionTimezone": "Etc/UTC",
    "lifecycle": {"coldStorageAfter": 30, "deleteAfter": 365},
}
_PLAN = Need(
    token="aws:backup/plan:Plan",
    inputs={"name": "daily", "rules": [{"ruleName": "daily", "targetVaultName": "${vault.name}"}]},
)


def _policy(action: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": action, "Resource": "*"},
            ],
        }
    )


EXAMPLES: dict[str, Example] = {
    "aws:backup/vault:Vault": Example(
        inputs={
            "name": "timestream",
            "kmsKeyArn": "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555",
            "tags": {"team": "billing"},
        },
        change={"tags": {"team": "metering"}},
        replace={"name": "meters"},
    ),
    "aws:backup/vaultPolicy:VaultPolicy": Example(
        needs={"vault": _VAULT, "other": _OTHER},
        inputs={"backupVaultName": "${vault.name}", "policy": _policy("backup:DeleteRecoveryPoint")},
        change={"policy": _policy("backup:StartCopyJob")},
        replace={"backupVaultName": "${other.name}"},
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": Example(
        needs={"vault": _VAULT},
        inputs={"backupVaultName": "${vault.name}", "minRetentionDays": 7, "maxRetentionDays": 365},
        replace={"minRetentionDays": 14},
    ),
    "aws:backup/vaultNotifications:VaultNotifications": Example(
        needs={"vault": _VAULT, "topic": _TOPIC},
        inputs={
            "backupVaultName": "${vault.name}",
            "snsTopicArn": "${topic.arn}",
            "backupVaultEvents": ["RESTORE_JOB_COMPLETED", "BACKUP_JOB_STARTED"],
        },
        replace={"backupVaultEvents": ["BACKUP_JOB_COMPLETED"]},
    ),
    "aws:backup/plan:Plan": Example(
        needs={"vault": _VAULT},
        inputs={"name": "timestream-daily", "rules": [_RULE], "tags": {"team": "billing"}},
        change={"rules": [{**_RULE, "schedule": "cron(0 3 ? * * *)"}], "tags": {"team": "metering"}},
        replace={"name": "timestream-nightly"},
    ),
    "aws:backup/selection:Selection": Example(
        needs={"vault": _VAULT, "plan": _PLAN},
        inputs={
            "name": "tables",
            "planId": "${plan.id}",
            "iamRoleArn": "arn:aws:iam::000000000000:role/backup",
            "resources": ["arn:aws:timestream:eu-west-1:000000000000:database/meters/table/*"],
            "selectionTags": [{"type": "STRINGEQUALS", "key": "backup", "value": "yes"}],
        },
        replace={"name": "all-tables"},
    ),
}
