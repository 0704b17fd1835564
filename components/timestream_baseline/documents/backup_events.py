"""The events of backups that somebody should see.

https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
"""

from __future__ import annotations

from typing import Any, Final

# An event that does not say which vault it is about is announced too: better once too often than never.
_UNNAMED: Final = {"exists": False}
# What takes backups away, shortens their life, or opens the vault to those who would.
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations.html
VAULT_CHANGES: Final = (
    "DeleteBackupVault",
    "DeleteBackupVaultAccessPolicy",
    "DeleteBackupVaultLockConfiguration",
    "DeleteRecoveryPoint",
    "DisassociateRecoveryPoint",
    "PutBackupVaultAccessPolicy",
    "PutBackupVaultLockConfiguration",
    "UpdateRecoveryPointLifecycle",
)


def backup_events(*, vault_arn: str) -> dict[str, dict[str, Any]]:
    """Match, by purpose, what happens to backups in this vault. A restore does not say from which vault."""
    failed = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]
    return {
        "failed-backups": _jobs("Backup", {"backupVaultArn": [vault_arn], "state": failed}),
        "failed-copies": _jobs("Copy", {"sourceBackupVaultArn": [vault_arn, _UNNAMED], "state": failed}),
        "restores": _jobs("Restore", {"resourceType": ["Timestream"]}),
        # From CloudTrail, and only while a trail of the account records management events.
        "vault-changes": {
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["backup.amazonaws.com"],
                "eventName": list(VAULT_CHANGES),
                "requestParameters": {"backupVaultName": [vault_arn.rpartition(":")[2], _UNNAMED]},
            },
        },
    }


def _jobs(kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"source": ["aws.backup"], "detail-type": [f"{kind} Job State Change"], "detail": detail}
