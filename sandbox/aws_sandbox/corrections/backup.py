"""AWS Backup: the selections of a plan, the access policy and the notifications of a vault."""

import datetime
import json
import uuid
from typing import Any

from aws_sandbox.aws_api import AwsError, Handler, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend, moto_state

Selection = dict[str, Any]


def _selections(call: Operation) -> dict[str, Selection]:
    """Return the selections of the call's plan by their ids."""
    plan = call.params["BackupPlanId"]
    if plan not in moto_backend("backup", call.region).plans:
        raise AwsError("ResourceNotFoundException", f"Backup plan {plan} does not exist.")
    kept: dict[str, dict[str, Selection]] = moto_state("backup", call.region, "selections", dict)
    return kept.setdefault(plan, {})


def _selection(call: Operation) -> Selection:
    name = call.params["SelectionId"]
    selections = _selections(call)
    if name not in selections:
        raise AwsError("ResourceNotFoundException", f"Cannot find Backup selection {name}.")
    return selections[name]


def _create_selection(call: Operation) -> Result:
    selections, wanted = _selections(call), call.params["BackupSelection"]
    if any(
        kept["BackupSelection"]["SelectionName"] == wanted["SelectionName"] for kept in selections.values()
    ):
        raise AwsError("AlreadyExistsException", f"Selection {wanted['SelectionName']} already exists.")
    selection = {
        "SelectionId": str(uuid.uuid4()),
        "BackupPlanId": call.params["BackupPlanId"],
        "CreationDate": datetime.datetime.now(datetime.UTC),
        "CreatorRequestId": call.params.get("CreatorRequestId"),
        "BackupSelection": wanted,
    }
    selections[selection["SelectionId"]] = selection
    return {name: selection[name] for name in ("SelectionId", "BackupPlanId", "CreationDate")}


def _list_selections(call: Operation) -> Result:
    return {
        "BackupSelectionsList": [
            {
                **{name: part for name, part in kept.items() if name != "BackupSelection"},
                "SelectionName": kept["BackupSelection"]["SelectionName"],
                "IamRoleArn": kept["BackupSelection"]["IamRoleArn"],
            }
            for kept in _selections(call).values()
        ]
    }


def _delete_selection(call: Operation) -> Result:
    del _selections(call)[_selection(call)["SelectionId"]]
    return {}


def _plan_has_no_selections(call: Operation) -> None:
    if _selections(call):
        message = "Related backup plan selections must be deleted prior to backup plan deletion"
        raise AwsError("InvalidRequestException", message)


def _not_denied(call: Operation) -> None:
    """Refuse what the access policy of the vault denies to everybody, without a condition."""
    vault = moto_backend("backup", call.region).vaults.get(call.params["BackupVaultName"])
    kept = getattr(vault, "sandbox_accesspolicy", None)
    statements = json.loads(kept["Policy"])["Statement"] if kept else []
    for statement in [statements] if isinstance(statements, dict) else statements:
        everybody = statement["Effect"] == "Deny" and statement.get("Principal") in ("*", {"AWS": "*"})
        if everybody and "Condition" not in statement and f"backup:{call.name}" in statement["Action"]:
            message = "Insufficient privileges to perform this action: an explicit deny of the vault."
            raise AwsError("AccessDeniedException", message)


def _vault_part(kind: str, members: tuple[str, ...]) -> dict[str, Handler]:
    """Return put, get and delete of what a vault has one of; it is kept on moto's vault."""
    kept = f"sandbox_{kind.lower()}"

    def put(call: Operation) -> Result:
        _not_denied(call)
        setattr(_vault(call), kept, {name: call.params[name] for name in members})
        return {}

    def get(call: Operation) -> Result:
        vault = _vault(call)
        found = getattr(vault, kept, None)
        if found is None:
            name = call.params["BackupVaultName"]
            raise AwsError("ResourceNotFoundException", f"Backup vault {name} has no {_spoken(kind)}.")
        return {"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn, **found}

    def delete(call: Operation) -> Result:
        setattr(_vault(call), kept, None)
        return {}

    return {f"PutBackupVault{kind}": put, f"GetBackupVault{kind}": get, f"DeleteBackupVault{kind}": delete}


def _vault(call: Operation) -> Any:
    name = call.params["BackupVaultName"]
    vaults = moto_backend("backup", call.region).vaults
    if name not in vaults:
        raise AwsError("ResourceNotFoundException", f"Backup vault {name} does not exist.")
    return vaults[name]


def _spoken(kind: str) -> str:
    return {"AccessPolicy": "access policy", "Notifications": "notifications"}[kind]


_HANDLERS: dict[str, Handler] = {
    "CreateBackupSelection": _create_selection,
    "GetBackupSelection": _selection,
    "ListBackupSelections": _list_selections,
    "DeleteBackupSelection": _delete_selection,
    **_vault_part("AccessPolicy", ("Policy",)),
    **_vault_part("Notifications", ("SNSTopicArn", "BackupVaultEvents")),
}

CORRECTION = Correction(
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupSelection.html",
    checks={
        ("backup", "DeleteBackupPlan"): _plan_has_no_selections,
        ("backup", "DeleteBackupVault"): _not_denied,
    },
    handlers={("backup", name): function for name, function in _HANDLERS.items()},
)
