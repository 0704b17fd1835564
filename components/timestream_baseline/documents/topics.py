"""Topic policies."""

from __future__ import annotations

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


def topic_policy(*, topic_arn: str, partition: str, region: str, account: str) -> Document:
    """Let this account's alarms publish, the account do what IAM allows, and nobody publish in clear."""
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
        deny(
            "NobodyPublishesWithoutTls",
            ["sns:Publish"],
            topic_arn,
            principal={"AWS": "*"},
            condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )
