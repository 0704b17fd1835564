import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.services.resources import Resource, Resources

PLAN = "aws:backup/plan:Plan"


def rule(**inputs: object) -> dict[str, object]:
    return {"ruleName": "daily", "targetVaultName": "timestream", **inputs}


def plan(resources: Resources) -> Resource:
    resources.create("aws:backup/vault:Vault", name="timestream")
    return resources.create(PLAN, name="daily", rules=[rule(lifecycle={"deleteAfter": 365})])


def test_a_plan_has_the_windows_of_the_real_provider(resources: Resources) -> None:
    made = plan(resources)
    document = resources.aws.client("backup").get_backup_plan(BackupPlanId=made.id)["BackupPlan"]
    (found,) = document["Rules"]
    assert (found["StartWindowMinutes"], found["CompletionWindowMinutes"]) == (60, 180)
    assert found["Lifecycle"] == {"DeleteAfterDays": 365}


def test_a_changed_plan_is_a_new_version_of_the_same_plan(resources: Resources) -> None:
    made = plan(resources)
    before = dict(made.state)
    made.update({"rules": [rule(schedule="cron(0 3 ? * * *)")]})
    assert made.state["arn"] == before["arn"]
    assert made.state["version"] != before["version"]
    document = resources.aws.client("backup").get_backup_plan(BackupPlanId=made.id)["BackupPlan"]
    assert [found["ScheduleExpression"] for found in document["Rules"]] == ["cron(0 3 ? * * *)"]


def test_a_vault_obeys_what_its_policy_denies_to_everybody(resources: Resources) -> None:
    vault = resources.create("aws:backup/vault:Vault", name="timestream")
    client = resources.aws.client("backup")
    actions = ["backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVault"]
    policy = json.dumps(
        {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*"}]}
    )
    client.put_backup_vault_access_policy(BackupVaultName=vault.id, Policy=policy)

    with pytest.raises(ClientError, match="AccessDeniedException"):
        client.put_backup_vault_access_policy(BackupVaultName=vault.id, Policy=policy)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client.delete_backup_vault(BackupVaultName=vault.id)
    client.delete_backup_vault_access_policy(BackupVaultName=vault.id)
    client.delete_backup_vault(BackupVaultName=vault.id)
    assert client.list_backup_vaults()["BackupVaultList"] == []


def test_a_selection_keeps_its_conditions(resources: Resources) -> None:
    equals = [{"key": "aws:ResourceTag/backup", "value": "yes"}]
    selection = resources.create(
        "aws:backup/selection:Selection",
        name="tables",
        planId=plan(resources).id,
        iamRoleArn="arn:aws:iam::000000000000:role/backup",
        resources=["arn:aws:timestream:*:*:database/*"],
        conditions=[{"stringEquals": equals}],
    )
    assert selection.state["conditions"] == [{"stringEquals": equals}]


def test_a_plan_with_a_selection_cannot_be_deleted(resources: Resources) -> None:
    made = plan(resources)
    resources.create(
        "aws:backup/selection:Selection",
        name="tables",
        planId=made.id,
        iamRoleArn="arn:aws:iam::000000000000:role/backup",
        resources=["*"],
    )
    with pytest.raises(ClientError, match="selections must be deleted prior"):
        made.delete()


def test_a_selection_is_found_by_the_form_of_an_import(resources: Resources) -> None:
    made = plan(resources)
    selection = resources.create(
        "aws:backup/selection:Selection",
        name="tables",
        planId=made.id,
        iamRoleArn="arn:aws:iam::000000000000:role/backup",
        resources=["*"],
    )
    selection.id = f"{made.id}|{selection.id}"
    assert selection.read({})["name"] == "tables"


def test_a_lock_states_the_shortest_and_the_longest_retention(resources: Resources) -> None:
    resources.create("aws:backup/vault:Vault", name="timestream")
    resources.create(
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        backupVaultName="timestream",
        minRetentionDays=7,
        maxRetentionDays=365,
        changeableForDays=3,
    )
    vault = resources.aws.client("backup").describe_backup_vault(BackupVaultName="timestream")
    assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 7, 365)
