"""Key policies: the account or named administrators manage, and use goes through one AWS service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from timestream_baseline.documents.parts import Document, Statement, allow, document, principals, root_arn

# Management without a way to the data: no Encrypt, Decrypt, GenerateDataKey* and no CreateGrant.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
MANAGEMENT_ACTIONS: Final = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
# What tells how a key is set, and gives no way to change or use it.
METADATA_ACTIONS: Final = (
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
)
# The name that Timestream puts into the encryption context of its grants
# (AWS managed policy AmazonTimestreamFullAccess, version 2).
TIMESTREAM_CONTEXT_KEY: Final = "aws:timestream:database-name"


def timestream_service(*, region: str, dns_suffix: str) -> str:
    """Build the name by which KMS knows calls that come through Timestream."""
    return f"timestream.{region}.{dns_suffix}"


def database_key_policy(
    *, partition: str, region: str, account: str, dns_suffix: str, administrators: Sequence[str]
) -> Document:
    """Let the account use the key through Timestream only; which of its principals may, IAM decides."""
    through_timestream = {
        "kms:CallerAccount": account,
        "kms:ViaService": timestream_service(region=region, dns_suffix=dns_suffix),
    }
    root = {"AWS": root_arn(partition=partition, account=account)}
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "UseThroughTimestreamAsIamAllows",
            ["kms:Decrypt", "kms:DescribeKey"],
            "*",
            principal=root,
            condition={"StringEquals": through_timestream},
        ),
        allow(
            "GrantsThatTimestreamMakesForDatabases",
            ["kms:CreateGrant"],
            "*",
            principal=root,
            condition={
                "StringEquals": through_timestream,
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": TIMESTREAM_CONTEXT_KEY},
            },
        ),
    )


def management(*, partition: str, account: str, administrators: Sequence[str]) -> Statement:
    """Let administrators, or the account through IAM, manage a key without using it."""
    if administrators:
        return allow(
            "AdministratorsManageWithoutUsing",
            MANAGEMENT_ACTIONS,
            "*",
            principal={"AWS": principals(administrators)},
        )
    return allow(
        "AccountManagesWithoutUsingAsIamAllows",
        MANAGEMENT_ACTIONS,
        "*",
        principal={"AWS": root_arn(partition=partition, account=account)},
    )


def inspection(*, partition: str, account: str) -> Statement:
    """Let the account's principals look at a key that administrators manage; which of them may, IAM decides.

    Without it nobody but administrators could audit the key: auditors and AWS Backup need no more than this.
    """
    return allow(
        "AccountLooksAsIamAllows",
        METADATA_ACTIONS,
        "*",
        principal={"AWS": root_arn(partition=partition, account=account)},
    )


def replication(
    *, partition: str, account: str, administrators: Sequence[str], regions: Sequence[str]
) -> Statement:
    """Let whoever manages a multi-Region key replicate it, into the named regions only.

    A replica has a key policy of its own, so replicating elsewhere would be a way around this one.
    """
    managers = (
        principals(administrators) if administrators else root_arn(partition=partition, account=account)
    )
    return allow(
        "ManagersReplicateIntoNamedRegions",
        ["kms:ReplicateKey"],
        "*",
        principal={"AWS": managers},
        condition={"StringEquals": {"kms:ReplicaRegion": sorted(regions)}},
    )
