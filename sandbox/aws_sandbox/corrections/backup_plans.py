"""AWS Backup: a plan can be changed, which makes a new version of it; moto lacks the operation."""

import datetime

from moto.backup.models import BackupBackend, Plan

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend


def _update_plan(call: Operation) -> Result:
    backend: BackupBackend = moto_backend("backup", call.region)
    identifier = call.params["BackupPlanId"]
    old = backend.plans.get(identifier)
    if old is None or old.deletion_date is not None:
        raise AwsError("ResourceNotFoundException", f"Backup plan {identifier} does not exist.")
    new = Plan(call.params["BackupPlan"], old.creator_request_id, backend)
    new.backup_plan_id, new.backup_plan_arn = old.backup_plan_id, old.backup_plan_arn
    new.creation_date = old.creation_date
    backend.plans[identifier] = new
    return {
        "BackupPlanId": identifier,
        "BackupPlanArn": new.backup_plan_arn,
        "CreationDate": datetime.datetime.fromtimestamp(new.creation_date, datetime.UTC),
        "VersionId": new.version_id,
        "AdvancedBackupSettings": new.advanced_backup_settings,
    }


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateBackupPlan.html",
    handlers={("backup", "UpdateBackupPlan"): _update_plan},
)
