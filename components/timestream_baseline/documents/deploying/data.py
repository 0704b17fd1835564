"""The deploying role: keys, databases, buckets, InfluxDB and scheduled queries."""

from __future__ import annotations

from timestream_baseline.documents.deploying.network import security_groups
from timestream_baseline.documents.deploying.scope import Scope, actions, pass_role
from timestream_baseline.documents.keys import TIMESTREAM_CONTEXT_KEY
from timestream_baseline.documents.parts import Statement, allow


def keys(scope: Scope) -> list[Statement]:
    """Know who deploys, and manage keys without using them."""
    keys = scope.arns("kms", "key/*")
    return [
        allow(
            "KnowWhoDeploysAndWhere",
            ["sts:GetCallerIdentity", "iam:GetRole", "ec2:DescribeRegions"],
            "*",
        ),
        # CreateKey and the lists know no resource.
        allow("CreateAndListKeys", ["kms:CreateKey", "kms:ListAliases", "kms:ListKeys"], "*"),
        allow(
            "ManageKeysWithoutUsingThem",
            actions(
                "kms",
                """
                CancelKeyDeletion DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation
                GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy ReplicateKey
                ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription
                """,
            ),
            keys,
        ),
        allow(
            "NameKeys",
            ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
            [*keys, *scope.arns("kms", f"alias/{scope.name}/*")],
        ),
    ]


def emptied_buckets(scope: Scope) -> list[Statement]:
    """Delete what is in buckets, locked log files too: for stacks whose data is not protected."""
    return [
        allow("ListWhatIsInBuckets", ["s3:ListBucketVersions"], scope.buckets()),
        allow(
            "DeleteWhatIsInBuckets",
            ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"],
            scope.buckets("/*"),
        ),
    ]


def databases(scope: Scope) -> list[Statement]:
    """Manage databases, tables and scheduled queries, and let Timestream use their keys."""
    through_timestream = {"StringEquals": {"kms:ViaService": scope.via("timestream")}}
    return [
        allow(
            "DiscoverEndpointsAndListWhichHaveNoResource",
            ["timestream:DescribeEndpoints", "timestream:ListDatabases"],
            "*",
        ),
        # The reference asks for the table, the developer guide for the database: both are among these.
        allow(
            "ManageDatabasesAndTables",
            actions(
                "timestream",
                """
                CreateDatabase CreateTable DeleteDatabase DeleteTable DescribeDatabase DescribeTable
                ListTables ListTagsForResource TagResource UntagResource UpdateDatabase UpdateTable
                """,
            ),
            scope.arns("timestream", "database/*"),
        ),
        allow(
            "LetTimestreamUseKeys",
            ["kms:Decrypt", "kms:DescribeKey"],
            scope.arns("kms", "key/*"),
            condition=through_timestream,
        ),
        allow(
            "GrantsThatTimestreamMakesForDatabases",
            ["kms:CreateGrant"],
            scope.arns("kms", "key/*"),
            condition={
                **through_timestream,
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": TIMESTREAM_CONTEXT_KEY},
            },
        ),
        # Creation knows no resource.
        allow(
            "CreateAndListScheduledQueries",
            ["timestream:CreateScheduledQuery", "timestream:ListScheduledQueries"],
            "*",
        ),
        allow(
            "ManageScheduledQueries",
            actions(
                "timestream",
                """
                DeleteScheduledQuery DescribeScheduledQuery ListTagsForResource TagResource UntagResource
                UpdateScheduledQuery
                """,
            ),
            scope.arns("timestream", "scheduled-query/*"),
        ),
        allow(
            "LetTimestreamUseTheKeyOfAQuery",
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            scope.arns("kms", "key/*"),
            condition={"StringEquals": {"kms:ViaService": scope.via("timestream")}},
        ),
        pass_role("PassRolesToScheduledQueries", scope, "timestream.amazonaws.com"),
    ]


def rejected_records(scope: Scope) -> list[Statement]:
    """Manage the bucket of rejected records, which Timestream tries as whoever names it."""
    # Timestream tries the bucket as whoever gives it to a table.
    return [
        *buckets(scope),
        allow("LetTimestreamTryTheBucket", ["s3:GetObject", "s3:PutObject"], scope.buckets("/*")),
        allow(
            "LetTimestreamTryItsKey",
            actions(
                "kms",
                """
                Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext
                """,
            ),
            scope.arns("kms", "key/*"),
            condition={"StringEquals": {"kms:ViaService": scope.via("s3", "timestream")}},
        ),
    ]


def buckets(scope: Scope) -> list[Statement]:
    """Manage private buckets."""
    return [
        allow(
            "ManageBuckets",
            actions(
                "s3",
                """
                CreateBucket DeleteBucket DeleteBucketPolicy GetAccelerateConfiguration GetBucketAcl
                GetBucketCORS GetBucketLocation GetBucketLogging GetBucketObjectLockConfiguration
                GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock
                GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
                GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration
                ListBucket ListTagsForResource PutBucketLogging PutBucketObjectLockConfiguration
                PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging
                PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration TagResource
                UntagResource
                """,
            ),
            scope.buckets(),
        )
    ]


def influxdb(scope: Scope) -> list[Statement]:
    """Manage Timestream for InfluxDB instances and clusters."""
    return [
        *buckets(scope),
        allow(
            "ManageInstancesAndClusters",
            actions(
                "timestream-influxdb",
                """
                CreateDbCluster CreateDbInstance DeleteDbCluster DeleteDbInstance GetDbCluster
                GetDbInstance GetDbParameterGroup ListDbClusters ListDbInstances ListDbInstancesForCluster
                ListTagsForResource TagResource UntagResource UpdateDbCluster UpdateDbInstance
                """,
            ),
            # Creation knows no resource, and AWS makes up the ids.
            "*",
        ),
        *security_groups(scope),
        allow(
            "LookAtTheNetwork",
            ["ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeVpcEndpoints"],
            "*",
        ),
        allow(
            "ConnectInstancesToTheNetwork",
            ["ec2:CreateNetworkInterface"],
            scope.arns("ec2", "network-interface/*", "subnet/*", "security-group/*"),
        ),
        allow(
            "MakeTheRoleOfTheServiceOnce",
            ["iam:CreateServiceLinkedRole"],
            scope.iam("role/aws-service-role/timestream-influxdb.amazonaws.com/*"),
            condition={"StringEquals": {"iam:AWSServiceName": "timestream-influxdb.amazonaws.com"}},
        ),
    ]
