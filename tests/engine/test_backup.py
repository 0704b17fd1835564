"""Backups and a scheduled query through the real engine, read back from AWS by boto3; off and on again."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project

CONFIG = "timestream-baseline"
ACCOUNT = "000000000000"
DATABASES: dict[str, Any] = {"metrics": {"tables": {"cpu": {}, "hourly": {}}}}
HOURLY: dict[str, Any] = {
    "query": 'SELECT host, time, load FROM "metrics"."cpu"',
    "schedule": "rate(1 hour)",
    "sources": ["metrics/cpu"],
    "target": {
        "table": "metrics/hourly",
        "timeColumn": "time",
        "dimensions": {"host": "VARCHAR"},
        "measures": {"load": {"type": "DOUBLE", "name": "averageLoad"}},
    },
}


def settings(**sections: Any) -> Callable[[dict[str, Any]], None]:
    """Make a change of the configuration: nothing but databases, backups and scheduled queries."""

    def change(config: dict[str, Any]) -> None:
        for key in [key for key in config if key.startswith(f"{CONFIG}:")]:
            del config[key]
        quiet = {
            "databases": DATABASES,
            "protectData": False,
            "audit": {"trail": "none"},
            "monitoring": {"changeEvents": False, "cisFilters": "none", "dashboard": False},
        }
        config.update({f"{CONFIG}:{name}": value for name, value in {**quiet, **sections}.items()})

    return change


def write_a_record(sandbox: Sandbox) -> None:
    sandbox.client("timestream-write").write_records(
        DatabaseName="metrics",
        TableName="cpu",
        Records=[
            {
                "Dimensions": [{"Name": "host", "Value": "a"}],
                "MeasureName": "load",
                "MeasureValue": "1.5",
                "MeasureValueType": "DOUBLE",
                "Time": str(int(time.time() * 1000)),
            }
        ],
    )


def queries(sandbox: Sandbox) -> list[dict[str, Any]]:
    client = sandbox.client("timestream-query")
    return [
        client.describe_scheduled_query(ScheduledQueryArn=it["Arn"])["ScheduledQuery"]
        for it in client.list_scheduled_queries()["ScheduledQueries"]
    ]


def vaults(sandbox: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.client("backup").list_backup_vaults()["BackupVaultList"]
    return found


def statements(sandbox: Sandbox, role: str) -> dict[str, Any]:
    """Return everything that a role is allowed, inline and managed, by Sid."""
    iam = sandbox.client("iam")
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        documents.append(
            iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        )
    return {statement["Sid"]: statement for document in documents for statement in document["Statement"]}


def test_backups_and_a_scheduled_query_go_on_and_off_and_on_again(baseline: Project) -> None:
    sandbox = baseline.sandbox
    waiting = {"hourly": {**HOURLY, "enabled": False}}

    baseline.configure(settings(scheduledQueries={"hourly": HOURLY}))
    refused = baseline.up().failed()
    assert "Column 'time' does not exist" in refused.output
    assert (
        "scheduled query hourly: a table has the columns of its records only. If metrics/cpu never held a "
        "record, set enabled to false, run pulumi up, write records, and set it to true"
    ) in refused.output

    baseline.configure(settings(scheduledQueries=waiting))
    baseline.up().ok()
    assert queries(sandbox) == []

    write_a_record(sandbox)
    baseline.configure(settings(scheduledQueries={"hourly": HOURLY}))
    gated = baseline.up(gate=True).ok()
    assert re.findall(r"\[(?:mandatory|advisory)\].*", gated.output) == []
    outputs = baseline.outputs()
    check_query(sandbox, outputs)
    check_backup(sandbox, outputs)
    baseline.up("--expect-no-changes", gate=True).ok()

    baseline.configure(settings(backup={"enabled": False}))
    baseline.up().ok()
    assert (queries(sandbox), vaults(sandbox)) == ([], [])
    assert "backupVaultArn" not in baseline.outputs()

    baseline.configure(settings(scheduledQueries={"hourly": HOURLY}, protectData=True))
    baseline.up().ok()
    assert (len(queries(sandbox)), len(vaults(sandbox))) == (1, 1)

    baseline.configure(settings(protectData=True, backup={"enabled": False}))
    refused = baseline.preview().failed()
    assert "because it is protected" in refused.output
    assert "pulumi state unprotect" in refused.output

    baseline.pulumi("state", "unprotect", "--all", "--yes").ok()
    baseline.destroy().ok()
    (vault,) = vaults(sandbox)
    assert vault["Locked"]
    policy = sandbox.client("backup").get_backup_vault_access_policy(BackupVaultName=vault["BackupVaultName"])
    assert "backup:DeleteRecoveryPoint" in policy["Policy"]


ALONE = """
import pulumi
from timestream_baseline import Backup

table = "arn:aws:timestream:eu-west-1:000000000000:database/metrics/table/cpu"
enabled = pulumi.Config().get_bool("enabled")
Backup("alone", {"table_arns": [table], "notify": False, "enabled": enabled})
"""


def test_after_an_update_that_stopped_half_way_the_error_says_how_to_go_on(
    program: Callable[[str], Project],
) -> None:
    """The vault is protected, so its policy stays in AWS; the engine has let go of it all the same."""
    project = program(ALONE)
    project.up().ok()
    project.pulumi("config", "set", "enabled", "false").ok()
    assert "because it is protected" in project.up().failed().output
    project.pulumi("config", "set", "enabled", "true").ok()

    refused = project.up().failed()
    (vault,) = vaults(project.sandbox)
    name = vault["BackupVaultName"]
    assert (
        "if the vault has a policy already, which refuses to be rewritten, remove it and run pulumi up "
        f"again: aws backup delete-backup-vault-access-policy --backup-vault-name {name}"
    ) in refused.output

    project.sandbox.client("backup").delete_backup_vault_access_policy(BackupVaultName=name)
    project.up().ok()
    project.up("--expect-no-changes").ok()


def check_query(sandbox: Sandbox, outputs: dict[str, Any]) -> None:
    (query,) = queries(sandbox)
    key = outputs["keyArns"]["scheduledQueries/hourly"]
    assert query["Name"] == "baseline-hourly"
    assert query["State"] == "ENABLED"
    assert query["QueryString"] == HOURLY["query"]
    assert query["KmsKeyId"] == key
    assert query["ScheduleConfiguration"] == {"ScheduleExpression": "rate(1 hour)"}
    assert query["ScheduledQueryExecutionRoleArn"] == outputs["roleArns"]["scheduledQueries/hourly"]
    assert query["NotificationConfiguration"] == {"SnsConfiguration": {"TopicArn": outputs["topicArn"]}}
    assert query["ErrorReportConfiguration"]["S3Configuration"] == {
        "BucketName": outputs["rejectedRecordsBucket"],
        "ObjectKeyPrefix": "scheduled-queries/hourly/",
        "EncryptionOption": "SSE_KMS",
    }
    target = query["TargetConfiguration"]["TimestreamConfiguration"]
    assert (target["DatabaseName"], target["TableName"], target["TimeColumn"]) == (
        "metrics",
        "hourly",
        "time",
    )
    assert target["MultiMeasureMappings"] == {
        "TargetMultiMeasureName": "hourly",
        "MultiMeasureAttributeMappings": [
            {
                "SourceColumn": "load",
                "TargetMultiMeasureAttributeName": "averageLoad",
                "MeasureValueType": "DOUBLE",
            }
        ],
    }

    allowed = statements(sandbox, "baseline-scheduledQueries-hourly")
    tables = outputs["tableArns"]
    assert allowed["ReadTheSources"]["Resource"] == [tables["metrics/cpu"]]
    assert allowed["WriteTheTarget"]["Resource"] == [tables["metrics/hourly"]]
    assert allowed["AnnounceRuns"]["Resource"] == [outputs["topicArn"]]
    assert allowed["DecryptSourcesAndTargetThroughTimestream"]["Resource"] == [
        outputs["keyArns"]["databases/metrics"]
    ]
    policy = json.loads(
        sandbox.client("s3").get_bucket_policy(Bucket=outputs["rejectedRecordsBucket"])["Policy"]
    )
    (other_keys,) = [it for it in policy["Statement"] if it["Sid"] == "NobodyPutsWithAnotherKey"]
    assert other_keys["Condition"]["StringNotEquals"] == {
        "s3:x-amz-server-side-encryption-aws-kms-key-id": sorted([key, outputs["keyArns"]["rejectedRecords"]])
    }


def check_backup(sandbox: Sandbox, outputs: dict[str, Any]) -> None:
    client = sandbox.client("backup")
    (vault,) = vaults(sandbox)
    name = vault["BackupVaultName"]
    assert name.startswith("baseline-backups-")
    assert vault["BackupVaultArn"] == outputs["backupVaultArn"]
    assert vault["EncryptionKeyArn"] == outputs["keyArns"]["backup"]
    assert (vault["Locked"], vault["MinRetentionDays"], vault.get("LockDate")) == (True, 35, None)
    policy = json.loads(client.get_backup_vault_access_policy(BackupVaultName=name)["Policy"])
    assert "backup:DeleteRecoveryPoint" in policy["Statement"][0]["Action"]
    announced = client.get_backup_vault_notifications(BackupVaultName=name)
    assert announced["SNSTopicArn"] == outputs["topicArn"]

    (listed,) = client.list_backup_plans()["BackupPlansList"]
    plan = client.get_backup_plan(BackupPlanId=listed["BackupPlanId"])["BackupPlan"]
    (rule,) = plan["Rules"]
    assert (rule["TargetBackupVaultName"], rule["ScheduleExpression"]) == (name, "cron(0 3 * * ? *)")
    assert rule["Lifecycle"]["DeleteAfterDays"] == 35
    (listed_selection,) = client.list_backup_selections(BackupPlanId=listed["BackupPlanId"])[
        "BackupSelectionsList"
    ]
    selection = client.get_backup_selection(
        BackupPlanId=listed["BackupPlanId"], SelectionId=listed_selection["SelectionId"]
    )["BackupSelection"]
    assert selection["Resources"] == sorted(outputs["tableArns"].values())
    assert selection["IamRoleArn"] == outputs["roleArns"]["backup"]

    role = outputs["roleArns"]["backup"].rpartition("/")[2]
    allowed = statements(sandbox, role)
    database = outputs["databaseArns"]["metrics"]
    assert allowed["BackUpTheTablesOfTheseDatabases"]["Resource"] == [database, f"{database}/table/*"]
    keys = sorted([outputs["keyArns"]["backup"], outputs["keyArns"]["databases/metrics"]])
    assert allowed["GrantsForAwsOnTheKeysOfDatabasesAndVault"]["Resource"] == keys
