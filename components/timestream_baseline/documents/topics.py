"""What lets AWS services publish on the topic: its policy, and the policy of its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from timestream_baseline.documents.keys import management
from timestream_baseline.documents.parts import Document, allow, deny, document, root_arn

# The actions that a topic policy may name. https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
_OWNER_ACTIONS = (
    "sns:AddPermission",
    "sns:DeleteTopic",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:Publish",
    "sns:RemovePermission",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
)
# Who publishes: alarms, rules, trails, backup vaults. Scheduled queries publish through their roles.
PUBLISHERS: Final = (
    "cloudwatch.amazonaws.com",
    "events.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "backup.amazonaws.com",
)
_ENCRYPTION: Final = ("kms:Decrypt", "kms:GenerateDataKey*")


def topic_policy(*, topic_arn: str, partition: str, region: str, account: str) -> Document:
    """Let this account's services publish, the account do what IAM allows, and nobody publish in clear."""
    return document(
        allow(
            "AccountUsesAsIamAllows",
            _OWNER_ACTIONS,
            topic_arn,
            principal={"AWS": root_arn(partition=partition, account=account)},
        ),
        allow(
            "AlarmsOfThisAccountPublish",
            ["sns:Publish"],
            topic_arn,
            principal={"Service": "cloudwatch.amazonaws.com"},
            condition={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:cloudwatch:{region}:{account}:alarm:*"},
            },
        ),
        # AWS supports no condition here: "You can't use Condition blocks in Amazon SNS topic policies for
        # EventBridge." https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        allow(
            "RulesPublishWithoutConditionsThatEventBridgeLacks",
            ["sns:Publish"],
            topic_arn,
            principal={"Service": "events.amazonaws.com"},
        ),
        # The trail's ARN is what AWS recommends; it names the account.
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
        allow(
            "TrailsOfThisAccountAnnounceDeliveries",
            ["sns:Publish"],
            topic_arn,
            principal={"Service": "cloudtrail.amazonaws.com"},
            condition={
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:cloudtrail:{region}:{account}:trail/*"}
            },
        ),
        # AWS documents this statement without a condition, and that vaults announce on topics of their own
        # account only. https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
        allow(
            "VaultsAnnounceBackups",
            ["sns:Publish"],
            topic_arn,
            principal={"Service": "backup.amazonaws.com"},
        ),
        deny(
            "NobodyPublishesWithoutTls",
            ["sns:Publish"],
            topic_arn,
            principal={"AWS": "*"},
            condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )


def topic_key_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, administrators: Sequence[str]
) -> Document:
    """Let the services that publish encrypt what they send, and the account publish as IAM allows.

    SNS documents aws:SourceAccount and aws:SourceArn for the services on its list, of which CloudWatch is
    one, and that both fail for EventBridge. CloudTrail and Backup are not on it, and CloudTrail's own page
    has no condition. The topic's policy says who may publish.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "CloudWatchAlarmsPublish",
            _ENCRYPTION,
            "*",
            principal={"Service": "cloudwatch.amazonaws.com"},
            condition={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:cloudwatch:{region}:{account}:alarm:*"},
            },
        ),
        allow(
            "EventsTrailsAndBackupsPublish",
            _ENCRYPTION,
            "*",
            principal={
                "Service": ["backup.amazonaws.com", "cloudtrail.amazonaws.com", "events.amazonaws.com"]
            },
        ),
        allow(
            "UseThroughSnsAsIamAllows",
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
            "*",
            principal={"AWS": root_arn(partition=partition, account=account)},
            condition={
                "StringEquals": {"kms:CallerAccount": account, "kms:ViaService": f"sns.{region}.{dns_suffix}"}
            },
        ),
    )
