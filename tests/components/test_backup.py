"""Backup alone: what is made, what is refused, and who may do what with backups."""

import json
from typing import Any

import pulumi
import pytest

from aws_sandbox.corrections.event_patterns import matches
from tests.components.arns import ACCOUNT, REGION, arn_of, key_arn
from tests.components.recorder import UNKNOWN, Deployment, Registration, deploy
from tests.iam import Request, allowed
from timestream_baseline import TimestreamBaseline
from timestream_baseline.backup import Backup
from timestream_baseline.backup_role import DATABASES_PER_POLICY, KEYS_PER_POLICY
from timestream_baseline.documents import backups
from timestream_baseline.documents.limits import MANAGED_POLICY, fits
from timestream_baseline.documents.parts import document
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:baseline"
CPU = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics/table/cpu"
DISK = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics/table/disk"
ORDERS = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/sales/table/orders"
OTHER_VAULT = f"arn:aws:backup:eu-central-1:{ACCOUNT}:backup-vault:copies"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deployer"
OPT_IN = (
    "info",
    "opt in to Timestream in the settings of AWS Backup in eu-west-1, once per account: without it its "
    "tables may not be backed up; docs/backup.md says how, and why this is not done here",
)


def made(*, unknown: bool = False, **args: Any) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        arguments: Any = {"table_arns": [CPU, DISK], "topic_arn": TOPIC, **args}
        it = Backup("x", arguments)
        outputs = {"vaultArn": it.vault_arn, "roleArn": it.role_arn, "keyArn": it.key_arn}
        return {name: output for name, output in outputs.items() if output is not None}

    return deploy(program, unknown=unknown)


def mistakes(args: Any) -> list[str]:
    with pytest.raises(ArgumentsError) as caught:
        deploy(lambda: {"vaultArn": pulumi.Output.from_input(Backup("x", args).vault_arn or "")})
    assert str(caught.value).startswith('the arguments of Backup "x" have ')
    return [str(mistake) for mistake in caught.value.mistakes]


def told(deployment: Deployment) -> list[tuple[str, str]]:
    return [entry for entry in deployment.log if entry[0] != "debug"]


def warnings(deployment: Deployment) -> list[str]:
    return [text for level, text in deployment.log if level == "warning"]


def policies(deployment: Deployment) -> dict[str, Registration]:
    return {it.name: it for it in deployment.of("Policy")}


def test_two_tables_make_exactly_these_resources() -> None:
    assert sorted((it.type.rpartition(":")[2], it.name) for it in made().registrations) == [
        ("Alias", "x-backup"),
        ("Backup", "x"),
        ("EncryptionKey", "x-backup"),
        ("EventRule", "x-failed-backups"),
        ("EventRule", "x-failed-copies"),
        ("EventRule", "x-restores"),
        ("EventRule", "x-vault-changes"),
        ("EventTarget", "x-backup"),
        ("EventTarget", "x-backup/failed-copies"),
        ("EventTarget", "x-backup/restores"),
        ("EventTarget", "x-backup/vault-changes"),
        ("Key", "x-backup"),
        ("MetricAlarm", "x-Undelivered/backups"),
        ("Plan", "x-backups"),
        ("Policy", "x-backup/databases-1"),
        ("Policy", "x-backup/keys-1"),
        ("Policy", "x-backup/vaults"),
        ("Queue", "x-undelivered-backups"),
        ("QueuePolicy", "x-undelivered-backups"),
        ("Role", "x-backup"),
        ("RolePolicyAttachment", "x-backup/databases-1"),
        ("RolePolicyAttachment", "x-backup/keys-1"),
        ("RolePolicyAttachment", "x-backup/vaults"),
        ("Selection", "x-tables-1"),
        ("Vault", "x-backups"),
        ("VaultLockConfiguration", "x-backup"),
        ("VaultNotifications", "x-backup"),
        ("VaultPolicy", "x-backup"),
    ]


def test_by_default_nothing_is_weakened_and_one_line_tells_of_the_opt_in() -> None:
    assert told(made()) == [OPT_IN]


def test_every_regional_resource_is_made_in_the_given_region() -> None:
    deployment = made(region=REGION, tags={"team": "metrics"})
    everywhere = {"Role", "Policy", "RolePolicyAttachment"}
    for it in deployment.registrations:
        kind = it.type.rpartition(":")[2]
        if it.type.startswith("aws:") and kind not in everywhere:
            assert it.inputs["region"] == REGION, it.name
    tagged = {it.type.rpartition(":")[2] for it in deployment.registrations if it.inputs.get("tags")}
    assert tagged == {"EventRule", "Key", "MetricAlarm", "Plan", "Policy", "Queue", "Role", "Vault"}


def test_vault_and_key_are_protected_and_retained_and_nothing_else_is() -> None:
    deployment = made()
    protected = {it.type.rpartition(":")[2] for it in deployment.registrations if it.protect}
    retained = {it.type.rpartition(":")[2] for it in deployment.registrations if it.retain_on_delete}
    assert protected == retained == {"Key", "Vault"}
    free = made(protect_data=False).registrations
    assert [it.name for it in free if it.protect or it.retain_on_delete] == []


def test_the_vault_has_a_key_of_its_own_and_never_deletes_its_backups() -> None:
    vault = made().named("Vault", "x-backups")
    assert vault.inputs == {
        "kmsKeyArn": key_arn("x-backup"),
        "forceDestroy": False,
        "tags": {},
        "region": REGION,
    }


def test_the_plan_backs_up_every_day_and_keeps_backups_for_35_days() -> None:
    plan = made().named("Plan", "x-backups")
    assert plan.inputs["rules"] == [
        {
            "ruleName": "tables",
            "targetVaultName": "x-backups-1a2b3c4",
            "schedule": "cron(0 3 * * ? *)",
            "lifecycle": {"deleteAfter": 35},
        }
    ]


def test_cold_storage_and_copies_have_the_lifetime_of_the_plan() -> None:
    plan = made(retention_days=400, cold_after_days=30, copy_to_vault_arn=OTHER_VAULT).named(
        "Plan", "x-backups"
    )
    lifecycle = {"deleteAfter": 400, "coldStorageAfter": 30}
    assert plan.inputs["rules"][0]["lifecycle"] == lifecycle
    assert plan.inputs["rules"][0]["copyActions"] == [
        {"destinationVaultArn": OTHER_VAULT, "lifecycle": lifecycle}
    ]


@pytest.mark.parametrize("guard", ["VaultLockConfiguration", "VaultPolicy"])
def test_guards_stay_with_a_vault_that_stays_and_there_is_never_a_second_one(guard: str) -> None:
    """A vault has one lock and one policy: the old one goes before the new one comes."""
    deployment = made()
    found = deployment.named(guard, "x-backup")
    assert found.deleted_with == deployment.named("Vault", "x-backups").urn
    assert found.delete_before_replace
    assert made(protect_data=False).named(guard, "x-backup").deleted_with == ""


def test_the_policy_refuses_to_be_rewritten_so_a_change_removes_it_first() -> None:
    policy = made().named("VaultPolicy", "x-backup")
    assert "backup:PutBackupVaultAccessPolicy" in policy.document()["Statement"][0]["Action"]
    assert (policy.replace_on_changes, policy.delete_before_replace) == (("policy",), True)


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        pytest.param("governance", [{"minRetentionDays": 35}], id="governance can be taken away"),
        pytest.param(
            "compliance", [{"minRetentionDays": 35, "changeableForDays": 3}], id="compliance after three days"
        ),
        pytest.param("none", [], id="none"),
    ],
)
def test_the_lock_keeps_backups_as_long_as_the_plan(lock: str, expected: list[Any]) -> None:
    place = {"backupVaultName": "x-backups-1a2b3c4", "region": REGION}
    locks = [it.inputs for it in made(vault_lock=lock).of("VaultLockConfiguration")]
    assert locks == [{**place, **it} for it in expected]


def test_tables_are_selected_by_their_arns() -> None:
    selection = made(table_arns=[DISK, CPU]).named("Selection", "x-tables-1")
    assert selection.inputs["resources"] == [CPU, DISK]
    assert selection.inputs["iamRoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/x-service-backup"


def test_more_tables_than_one_selection_takes_are_spread() -> None:
    tables = [f"{CPU}{number:04}" for number in range(1001)]
    sizes = [len(it.inputs["resources"]) for it in made(table_arns=tables).of("Selection")]
    assert sizes == [500, 500, 1]


def test_tables_may_be_computed() -> None:
    deployment = made(table_arns=[pulumi.Output.from_input(ORDERS), CPU])
    assert deployment.named("Selection", "x-tables-1").inputs["resources"] == [CPU, ORDERS]
    statement = policies(deployment)["x-backup/databases-1"].statements()["BackUpTheTablesOfTheseDatabases"]
    assert [arn.partition(":database/")[2] for arn in statement["Resource"]] == [
        "metrics",
        "metrics/table/*",
        "sales",
        "sales/table/*",
    ]


def test_before_anything_exists_the_gate_can_read_what_is_known() -> None:
    deployment = made(unknown=True)
    found = policies(deployment)
    assert "StartAwsBackupJob" in found["x-backup/databases-1"].inputs["policy"]
    assert found["x-backup/vaults"].inputs["policy"] == UNKNOWN


def test_failures_restores_and_changed_backups_are_announced() -> None:
    deployment = made()
    notifications = deployment.named("VaultNotifications", "x-backup").inputs
    assert notifications["snsTopicArn"] == TOPIC
    assert notifications["backupVaultEvents"] == [
        "COPY_JOB_FAILED",
        "RECOVERY_POINT_MODIFIED",
        "RESTORE_JOB_COMPLETED",
        "RESTORE_JOB_STARTED",
    ]
    assert {target.inputs["arn"] for target in deployment.of("EventTarget")} == {TOPIC}
    assert all("inputTransformer" not in target.inputs for target in deployment.of("EventTarget"))


OUR_VAULT = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:x-backups-1a2b3c4"
STRANGE_VAULT = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:theirs"


def job(kind: str, **detail: str) -> dict[str, Any]:
    return {"source": "aws.backup", "detail-type": f"{kind} Job State Change", "detail": detail}


def call(name: str, **parameters: str) -> dict[str, Any]:
    return {
        "source": "aws.backup",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": {
            "eventSource": "backup.amazonaws.com",
            "eventName": name,
            "requestParameters": parameters,
        },
    }


@pytest.mark.parametrize(
    ("event", "announced_by"),
    [
        pytest.param(
            job("Backup", backupVaultArn=OUR_VAULT, state="FAILED"), ["failed-backups"], id="a failed backup"
        ),
        pytest.param(job("Backup", backupVaultArn=OUR_VAULT, state="COMPLETED"), [], id="a backup"),
        pytest.param(
            job("Backup", backupVaultArn=STRANGE_VAULT, state="FAILED"), [], id="somebody else's backup"
        ),
        pytest.param(
            job("Copy", sourceBackupVaultArn=OUR_VAULT, state="FAILED"), ["failed-copies"], id="a failed copy"
        ),
        pytest.param(job("Copy", state="FAILED"), ["failed-copies"], id="a failed copy that names no source"),
        pytest.param(
            job("Copy", sourceBackupVaultArn=STRANGE_VAULT, state="FAILED"), [], id="somebody else's copy"
        ),
        pytest.param(
            job("Restore", resourceType="Timestream", status="RUNNING"), ["restores"], id="a restore"
        ),
        pytest.param(job("Restore", resourceType="EBS", status="RUNNING"), [], id="a restore of a disk"),
        pytest.param(
            call("DeleteBackupVaultAccessPolicy", backupVaultName="x-backups-1a2b3c4"),
            ["vault-changes"],
            id="the vault's policy is removed",
        ),
        pytest.param(
            call("DeleteRecoveryPoint", backupVaultName="x-backups-1a2b3c4"),
            ["vault-changes"],
            id="a backup is deleted",
        ),
        pytest.param(call("DeleteRecoveryPoint", backupVaultName="theirs"), [], id="another vault's backup"),
        pytest.param(call("DescribeBackupVault", backupVaultName="x-backups-1a2b3c4"), [], id="a look"),
    ],
)
def test_what_is_announced(event: dict[str, Any], announced_by: list[str]) -> None:
    rules = {rule.name.removeprefix("x-"): rule.inputs["eventPattern"] for rule in made().of("EventRule")}
    assert [purpose for purpose, pattern in sorted(rules.items()) if matches(pattern, event)] == announced_by


@pytest.mark.parametrize(
    ("args", "messages"),
    [
        pytest.param({}, [], id="the defaults"),
        pytest.param(
            {"retention_days": 34},
            [
                "retention_days is 34 (default 35): less time to notice that records are wrong or gone "
                "(TS-BK-003)"
            ],
            id="kept shorter",
        ),
        pytest.param({"retention_days": 36}, [], id="kept longer"),
        pytest.param(
            {"vault_lock": "none"},
            [
                "vault_lock is none (default governance): only the policy of the vault keeps backups from "
                "being deleted (TS-BK-005)"
            ],
            id="no lock",
        ),
        pytest.param(
            {"notify": False},
            ["notify is false (default true): nobody is told when a backup fails"],
            id="silent",
        ),
        pytest.param(
            {"topic_arn": None},
            ["notify needs a topic_arn, and none is given: nobody is told of failures"],
            id="no topic",
        ),
    ],
)
def test_each_weakened_default_is_announced_once(args: Any, messages: list[str]) -> None:
    deployment = made(**args)
    assert warnings(deployment) == messages
    announced = args.get("notify", True) and "topic_arn" not in args
    assert bool(deployment.of("VaultNotifications")) == bool(deployment.of("EventRule")) == announced


def test_turned_off_nothing_is_made_and_one_warning_says_so() -> None:
    deployment = made(enabled=False, table_arns=[])
    assert [it.type for it in deployment.registrations] == ["timestream-baseline:index:Backup"]
    assert told(deployment) == [
        ("warning", "enabled is false (default true): no table is backed up (TS-BK-002)")
    ]
    assert deployment.outputs == {}


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(
            {"topic_arn": TOPIC},
            ["table_arns: is missing; name the tables to back up"],
            id="nothing to back up",
        ),
        pytest.param(
            {"table_arns": [CPU], "cold_after_days": 30},
            [
                "cold_after_days: is 30, and cold storage keeps a backup for at least 90 days more, but "
                "retention_days is 35; make retention_days at least 120 or leave this out"
            ],
            id="too short for cold storage",
        ),
        pytest.param(
            CamelCaseArgs({"tableArns": [CPU], "coldAfterDays": 1, "retentionDays": 90}),
            [
                "coldAfterDays: is 1, and cold storage keeps a backup for at least 90 days more, but "
                "retentionDays is 90; make retentionDays at least 91 or leave this out"
            ],
            id="the same in camelCase",
        ),
        pytest.param(
            {
                "table_arns": [CPU, "metrics/cpu"],
                "schedule": "rate(1 day)",
                "retention_days": 0,
                "vault_lock": "strict",
                "copy_to_vault_arn": "copies",
            },
            [
                'table_arns[1]: is the text "metrics/cpu"; give the ARN of a table '
                "(arn:aws:timestream:REGION:ACCOUNT:database/NAME/table/NAME)",
                'schedule: is the text "rate(1 day)"; give a cron expression of six fields in UTC such as '
                "cron(0 3 * * ? *)",
                "retention_days: is the number 0; give a whole number from 1 to 36500",
                'vault_lock: is the text "strict"; give "governance" or "compliance" or "none"',
                'copy_to_vault_arn: is the text "copies"; give the ARN of a backup vault '
                "(arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME)",
            ],
            id="everything at once",
        ),
        pytest.param(
            {"table_arns": [CPU.replace("eu-west-1", "us-east-1")]},
            [
                "table_arns[0]: is a table of us-east-1, but the vault is made in eu-west-1; "
                "back it up in its own region"
            ],
            id="a table of another region",
        ),
        pytest.param(
            {"table_arns": [CPU.replace("/metrics/", f"/metrics{number:03}/") for number in range(170)]},
            [
                "table_arns: name so many databases that the role of backups needs 12 policies, and AWS "
                "takes 10; spread the databases over several components"
            ],
            id="more databases than policies of a role can hold",
        ),
    ],
)
def test_mistakes_are_reported_together_and_say_the_way_out(args: Any, expected: list[str]) -> None:
    assert mistakes(args) == expected


def test_a_policy_holds_as_many_databases_and_keys_as_it_is_given() -> None:
    longest = f"arn:aws-us-gov:timestream:us-gov-west-1:{ACCOUNT}:database/"
    databases = [f"{longest}{number:064}" for number in range(DATABASES_PER_POLICY)]
    assert fits(MANAGED_POLICY, document(*backups.backup_role_statements(database_arns=databases)))
    key = f"arn:aws-us-gov:kms:us-gov-west-1:{ACCOUNT}:key/mrk-00000000-0000-0000-0000-0000000000"
    keys = [f"{key}{number:02}" for number in range(KEYS_PER_POLICY)]
    statements = backups.backup_key_statements(
        key_arns=keys, region="us-gov-west-1", dns_suffix="amazonaws.com"
    )
    assert fits(MANAGED_POLICY, document(*statements))


def test_the_keys_of_databases_stand_once_in_the_policies_of_the_role() -> None:
    key = pulumi.Output.from_input(key_arn("metrics"))
    found = policies(made(database_key_arns=[key, key]))
    assert found["x-backup/keys-1"].statements()["SeeTheKeysOfDatabasesAndVault"]["Resource"] == sorted(
        [key_arn("x-backup"), key_arn("metrics")]
    )


VAULT = arn_of("aws:backup/vault:Vault", "x-backups", {})
POINT = f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:11111111-2222-3333-4444-555555555555"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/x-service-backup"
STRANGER = f"arn:aws:iam::{ACCOUNT}:role/operators"
EVERYTHING = json.dumps(document({"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}))


def on_the_vault(action: str, resource: str, administrators: list[str]) -> Request:
    """Ask for somebody whom IAM allows everything, administrator or not."""
    return Request(
        principal=DEPLOYER,
        action=action,
        resource=resource,
        policies=(EVERYTHING,),
        resource_policy=json.dumps(backups.vault_policy(administrators=administrators)),
        context={"aws:PrincipalArn": DEPLOYER},
        account=ACCOUNT,
    )


VAULT_TABLE: dict[str, tuple[bool, Request]] = {
    "a backup is deleted": (False, on_the_vault("backup:DeleteRecoveryPoint", POINT, [])),
    "an administrator deletes a backup": (
        False,
        on_the_vault("backup:DeleteRecoveryPoint", POINT, [DEPLOYER]),
    ),
    "the life of a backup is changed": (
        False,
        on_the_vault("backup:UpdateRecoveryPointLifecycle", POINT, []),
    ),
    "the vault is deleted": (False, on_the_vault("backup:DeleteBackupVault", VAULT, [])),
    "the policy is rewritten": (False, on_the_vault("backup:PutBackupVaultAccessPolicy", VAULT, [DEPLOYER])),
    "the policy is removed": (True, on_the_vault("backup:DeleteBackupVaultAccessPolicy", VAULT, [])),
    "an administrator removes the policy": (
        True,
        on_the_vault("backup:DeleteBackupVaultAccessPolicy", VAULT, [DEPLOYER]),
    ),
    "somebody else removes the policy": (
        False,
        on_the_vault("backup:DeleteBackupVaultAccessPolicy", VAULT, [STRANGER]),
    ),
    "a backup is restored": (True, on_the_vault("backup:StartRestoreJob", POINT, [])),
}


KEY_POLICY = backups.backup_key_policy(
    partition="aws", region=REGION, account=ACCOUNT, dns_suffix="amazonaws.com", administrators=[]
)


def by_the_role(action: str, resource: str, context: dict[str, Any] | None = None) -> Request:
    statements = [
        *backups.backup_role_statements(database_arns=[CPU.partition("/table/")[0]]),
        *backups.backup_key_statements(
            key_arns=[key_arn("x-backup"), key_arn("metrics")], region=REGION, dns_suffix="amazonaws.com"
        ),
        *backups.backup_vault_statements(
            partition="aws", region=REGION, account=ACCOUNT, vault_arn=VAULT, copy_to_vault_arn=OTHER_VAULT
        ),
    ]
    return Request(
        principal=ROLE,
        action=action,
        resource=resource,
        policies=(json.dumps(document(*statements)),),
        resource_policy=json.dumps(KEY_POLICY) if action.startswith("kms:") else None,
        context=context or {},
        account=ACCOUNT,
    )


THROUGH_BACKUP = {"kms:ViaService": f"backup.{REGION}.amazonaws.com", "kms:CallerAccount": ACCOUNT}
THROUGH_S3 = {**THROUGH_BACKUP, "kms:ViaService": f"s3.{REGION}.amazonaws.com"}
FOR_AWS = {**THROUGH_BACKUP, "kms:GrantIsForAWSResource": "true"}
FOR_ANYBODY = {**THROUGH_BACKUP, "kms:GrantIsForAWSResource": "false"}
ROLE_TABLE: dict[str, tuple[bool, Request]] = {
    "backs up a table": (True, by_the_role("timestream:StartAwsBackupJob", CPU)),
    "backs up a table of another database": (False, by_the_role("timestream:StartAwsBackupJob", ORDERS)),
    "reads a table": (False, by_the_role("timestream:Select", CPU)),
    "writes a table": (False, by_the_role("timestream:WriteRecords", CPU)),
    "deletes a table": (False, by_the_role("timestream:DeleteTable", CPU)),
    "restores a table": (False, by_the_role("timestream:StartAwsRestoreJob", CPU)),
    "sees how a backup goes on": (True, by_the_role("timestream:GetAwsBackupStatus", "*")),
    "deletes a backup": (False, by_the_role("backup:DeleteRecoveryPoint", POINT)),
    "tags a backup": (True, by_the_role("backup:TagResource", POINT)),
    "sees the vault": (True, by_the_role("backup:DescribeBackupVault", VAULT)),
    "copies into the other vault": (True, by_the_role("backup:CopyIntoBackupVault", OTHER_VAULT)),
    "copies from here to there": (
        True,
        by_the_role("backup:CopyFromBackupVault", POINT, {"backup:CopyTargets": [OTHER_VAULT]}),
    ),
    "copies from here to elsewhere": (
        False,
        by_the_role("backup:CopyFromBackupVault", POINT, {"backup:CopyTargets": [f"{OTHER_VAULT}-2"]}),
    ),
    "makes a grant for AWS": (True, by_the_role("kms:CreateGrant", key_arn("x-backup"), FOR_AWS)),
    "makes a grant through another service": (
        False,
        by_the_role("kms:CreateGrant", key_arn("x-backup"), {**FOR_AWS, **THROUGH_S3}),
    ),
    "makes a grant for anybody": (
        False,
        by_the_role("kms:CreateGrant", key_arn("x-backup"), FOR_ANYBODY),
    ),
    "decrypts by itself": (False, by_the_role("kms:Decrypt", key_arn("x-backup"), THROUGH_BACKUP)),
}


def test_nobody_deletes_backups_and_who_administers_can_still_leave() -> None:
    decisions = allowed([request for _, request in VAULT_TABLE.values()])
    assert dict(zip(VAULT_TABLE, decisions, strict=True)) == {
        name: expected for name, (expected, _) in VAULT_TABLE.items()
    }


def test_the_role_makes_backups_and_nothing_else() -> None:
    decisions = allowed([request for _, request in ROLE_TABLE.values()])
    assert dict(zip(ROLE_TABLE, decisions, strict=True)) == {
        name: expected for name, (expected, _) in ROLE_TABLE.items()
    }


def test_only_aws_backup_assumes_the_role() -> None:
    (statement,) = made().named("Role", "x-backup").document("assumeRolePolicy")["Statement"]
    assert statement["Principal"] == {"Service": "backup.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole"]


def test_the_vault_policy_satisfies_the_rule_of_aws_config() -> None:
    """backup-recovery-point-manual-deletion-disabled wants these three, and wildcards, in one statement."""
    first = made().named("VaultPolicy", "x-backup").document()["Statement"][0]
    assert (first["Effect"], first["Principal"], first["Resource"]) == ("Deny", "*", "*")
    assert "Condition" not in first
    assert {
        "backup:DeleteRecoveryPoint",
        "backup:PutBackupVaultAccessPolicy",
        "backup:UpdateRecoveryPointLifecycle",
    } <= set(first["Action"])
    assert not any("*" in action for action in first["Action"])


def in_the_baseline(**sections: Any) -> Deployment:
    args: Any = {
        "audit": {"trail": "none"},
        "network": {"ingest_cell": "cell2", "query_cell": "cell3"},
        **sections,
    }
    return deploy(lambda: TimestreamBaseline("x", args).outputs())


def test_the_baseline_backs_up_all_its_tables_and_says_where_mistakes_in_the_section_are() -> None:
    databases: Any = {"metrics": {"tables": {"cpu": {}, "disk": {}}}, "sales": {"tables": {"orders": {}}}}
    deployment = in_the_baseline(databases=databases, backup={"retention_days": 7})
    assert deployment.named("Selection", "x-tables-1").inputs["resources"] == [CPU, DISK, ORDERS]
    keys = policies(deployment)["x-backup/keys-1"].statements()["SeeTheKeysOfDatabasesAndVault"]
    assert keys["Resource"] == sorted(
        deployment.outputs["keyArns"][it] for it in ("backup", "databases/metrics", "databases/sales")
    )
    assert [text for text in warnings(deployment) if "retention_days" in text] == [
        "backup.retention_days is 7 (default 35): less time to notice that records are wrong or gone "
        "(TS-BK-003)"
    ]
    with pytest.raises(ArgumentsError) as caught:
        in_the_baseline(databases=databases, backup={"cold_after_days": 10, "schedule": "daily"})
    assert [mistake.path for mistake in caught.value.mistakes] == ["backup.schedule"]


def test_influxdb_alone_has_nothing_to_back_up_and_one_line_says_so() -> None:
    plant = {
        "vpc_id": "vpc-0123456789abcdef0",
        "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"],
        "allowed_security_group_ids": ["sg-0123456789abcdef0"],
    }
    deployment = in_the_baseline(influxdb={"plant": plant})
    assert ("info", "nothing is backed up: there is no LiveAnalytics table") in deployment.log
    assert deployment.of("Vault") == []
    assert "backupVaultArn" not in deployment.outputs
