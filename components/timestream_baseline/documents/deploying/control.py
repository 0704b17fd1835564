"""The deploying role: roles, trail, monitoring and backups."""

from __future__ import annotations

from timestream_baseline.documents.deploying.data import buckets
from timestream_baseline.documents.deploying.scope import Scope, actions, pass_role
from timestream_baseline.documents.parts import Statement, allow


def access(scope: Scope) -> list[Statement]:
    """Manage the roles of the baseline."""
    policies = scope.iam(f"policy/{scope.name}-*", f"policy/*/{scope.name}-*")
    return [
        allow(
            "ManageRoles",
            actions(
                "iam",
                """
                AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy
                DetachRolePolicy GetRole GetRolePolicy ListAttachedRolePolicies
                ListInstanceProfilesForRole ListRolePolicies ListRoleTags PutRolePermissionsBoundary
                PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription
                """,
            ),
            scope.roles(),
        ),
        allow(
            "ManagePoliciesOfRoles",
            actions(
                "iam",
                """
                CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy
                GetPolicyVersion ListEntitiesForPolicy ListPolicyTags ListPolicyVersions TagPolicy
                UntagPolicy
                """,
            ),
            policies,
        ),
    ]


def audit(scope: Scope) -> list[Statement]:
    """Manage the trail, its buckets and its log group."""
    return [
        *buckets(scope),
        allow("FindTrails", ["cloudtrail:DescribeTrails", "cloudtrail:ListTrails"], "*"),
        allow(
            "ManageTheTrail",
            actions(
                "cloudtrail",
                """
                AddTags CreateTrail DeleteTrail GetEventSelectors GetInsightSelectors GetTrail
                GetTrailStatus ListTags PutEventSelectors PutInsightSelectors RemoveTags StartLogging
                StopLogging UpdateTrail
                """,
            ),
            scope.arns("cloudtrail", f"trail/{scope.name}*"),
        ),
        allow(
            "MakeTheRoleOfTheServiceOnce",
            ["iam:CreateServiceLinkedRole"],
            scope.iam("role/aws-service-role/cloudtrail.amazonaws.com/*"),
            condition={"StringEquals": {"iam:AWSServiceName": "cloudtrail.amazonaws.com"}},
        ),
        *log_group(scope),
        pass_role("PassTheRoleThatDeliversEvents", scope, "cloudtrail.amazonaws.com"),
    ]


def log_group(scope: Scope) -> list[Statement]:
    """Manage the log group of the trail."""
    return [
        allow("FindLogGroups", ["logs:DescribeLogGroups"], scope.arns("logs", "log-group:*")),
        allow(
            "ManageTheLogGroup",
            actions(
                "logs",
                """
                AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeIndexPolicies
                DisassociateKmsKey ListTagsForResource PutRetentionPolicy TagResource UntagResource
                """,
            ),
            scope.arns("logs", f"log-group:*{scope.name}*"),
        ),
    ]


def notifications(scope: Scope) -> list[Statement]:
    """Manage the topic and its subscriptions."""
    return [
        allow(
            "ManageTheTopic",
            actions(
                "sns",
                """
                CreateTopic DeleteTopic GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource
                SetTopicAttributes Subscribe TagResource UntagResource
                """,
            ),
            scope.arns("sns", f"{scope.name}*"),
        ),
        # A subscription that is not confirmed has no ARN, and these know no other resource.
        allow(
            "ManageSubscriptions",
            ["sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"],
            "*",
        ),
    ]


def monitoring(scope: Scope) -> list[Statement]:
    """Manage alarms, the dashboard, event rules, metric filters and the topic."""
    dashboards = f"arn:{scope.partition}:cloudwatch::{scope.account}:dashboard/{scope.name}*"
    return [
        *notifications(scope),
        allow(
            "ManageAlarms",
            actions(
                "cloudwatch",
                """
                DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource
                """,
            ),
            scope.arns("cloudwatch", f"alarm:{scope.name}*"),
        ),
        allow(
            "ManageTheDashboard",
            ["cloudwatch:DeleteDashboards", "cloudwatch:GetDashboard", "cloudwatch:PutDashboard"],
            [dashboards],
        ),
        allow(
            "ManageEventRules",
            actions(
                "events",
                """
                DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets
                RemoveTargets TagResource UntagResource
                """,
            ),
            scope.arns("events", f"rule/{scope.name}*"),
        ),
        allow(
            "ManageTheQueueOfLostEvents",
            actions(
                "sqs",
                """
                CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes
                TagQueue UntagQueue
                """,
            ),
            scope.arns("sqs", f"{scope.name}*"),
        ),
        # The log group may be one that is named by `existing_log_group_name`.
        allow(
            "ManageMetricFilters",
            ["logs:DeleteMetricFilter", "logs:DescribeMetricFilters", "logs:PutMetricFilter"],
            scope.arns("logs", "log-group:*"),
        ),
    ]


def backup(scope: Scope) -> list[Statement]:
    """Manage the backup vault and its plan."""
    vaults = scope.arns("backup", f"backup-vault:{scope.name}*")
    return [
        allow(
            "ManageTheVault",
            actions(
                "backup",
                """
                CreateBackupVault DeleteBackupVault DeleteBackupVaultAccessPolicy
                DeleteBackupVaultLockConfiguration DeleteBackupVaultNotifications DescribeBackupVault
                GetBackupVaultAccessPolicy GetBackupVaultNotifications ListRecoveryPointsByBackupVault
                ListTags PutBackupVaultAccessPolicy PutBackupVaultLockConfiguration
                PutBackupVaultNotifications TagResource UntagResource
                """,
            ),
            vaults,
        ),
        allow(
            "ManagePlans",
            actions(
                "backup",
                """
                CreateBackupPlan CreateBackupSelection DeleteBackupPlan DeleteBackupSelection
                GetBackupPlan GetBackupSelection ListBackupSelections ListTags TagResource UntagResource
                UpdateBackupPlan
                """,
            ),
            scope.arns("backup", "backup-plan:*"),
        ),
        # AWS Backup keeps vaults in storage of its own.
        allow("MountTheStorageOfVaults", ["backup-storage:MountCapsule"], "*"),
        allow(
            "LetBackupUseTheKeyOfTheVault",
            actions(
                "kms",
                """
                Decrypt DescribeKey GenerateDataKey RetireGrant
                """,
            ),
            scope.arns("kms", "key/*"),
        ),
        allow(
            "GrantsThatBackupMakesForTheVault",
            ["kms:CreateGrant"],
            scope.arns("kms", "key/*"),
            condition={
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": scope.via("backup")},
            },
        ),
        pass_role("PassTheRoleOfBackups", scope, "backup.amazonaws.com"),
    ]
