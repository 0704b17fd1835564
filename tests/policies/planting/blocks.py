"""Clean blocks of 20 resources: a database with its key, table, rejected records, roles and alarm."""

from collections.abc import Mapping
from typing import Any

from tests.policies.planting.made import ACCOUNT, REGION, ROOT, allow, arn, policy, resource, statement, trust
from timestream_policies import types
from timestream_policies.examples import Given

ACCESS_LOGS = "access-logs"
TOPIC_ARN = arn("sns", "alarms")


def key_arn(number: int) -> str:
    """Return the ARN of a key; the number stands at its end."""
    return arn("kms", f"key/1234abcd-12ab-34cd-56ef-{number:012d}")


def key(name: str, number: int, *services: Mapping[str, Any]) -> list[Given]:
    """Return a key that only its service and the account use, and its alias."""
    made = key_arn(number)
    account = statement(
        "AccountAdministers",
        {"AWS": ROOT},
        [
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:PutKeyPolicy",
            "kms:EnableKeyRotation",
            "kms:EnableKey",
            "kms:ScheduleKeyDeletion",
            "kms:CancelKeyDeletion",
            "kms:TagResource",
            "kms:UntagResource",
        ],
    )
    properties = {
        "description": f"Timestream data: {name}",
        "enableKeyRotation": True,
        "deletionWindowInDays": 30,
        "isEnabled": True,
        "tags": {"owner": "data"},
        "policy": policy(account, *services),
    }
    alias = {"name": f"alias/{name}", "targetKeyId": made.rsplit("/", 1)[-1]}
    return [
        resource(types.KEY, f"{name}-key", properties, id_=made.rsplit("/", 1)[-1], arn=made),
        resource(types.KEY_ALIAS, f"{name}-alias", alias, arn=arn("kms", f"alias/{name}")),
    ]


def used_through(*services: str) -> Mapping[str, Any]:
    """Return the statement by which IAM decides who uses a key, through these services only."""
    return statement(
        "UsedThroughServices",
        {"AWS": ROOT},
        ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
        Condition={
            "StringEquals": {
                "kms:CallerAccount": ACCOUNT,
                "kms:ViaService": [f"{service}.{REGION}.amazonaws.com" for service in services],
            }
        },
    )


def tls_only(bucket: str) -> Mapping[str, Any]:
    """Return the Deny of everything that comes without TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def bucket(name: str, key_id: str | None, *statements: Mapping[str, Any], logs: bool = True) -> list[Given]:
    """Return a private bucket and the resources that harden it."""
    encryption = (
        {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key_id} if key_id else {"sseAlgorithm": "AES256"}
    )
    parts: list[tuple[str, str, Mapping[str, Any]]] = [
        (
            types.BUCKET_PUBLIC_ACCESS_BLOCK,
            "private",
            {
                "blockPublicAcls": True,
                "blockPublicPolicy": True,
                "ignorePublicAcls": True,
                "restrictPublicBuckets": True,
            },
        ),
        (types.BUCKET_OWNERSHIP, "owner", {"rule": {"objectOwnership": "BucketOwnerEnforced"}}),
        (types.BUCKET_VERSIONING, "versions", {"versioningConfiguration": {"status": "Enabled"}}),
        (
            types.BUCKET_ENCRYPTION,
            "encryption",
            {"rules": [{"applyServerSideEncryptionByDefault": encryption, "bucketKeyEnabled": bool(key_id)}]},
        ),
        (types.BUCKET_POLICY, "policy", {"policy": policy(tls_only(name), *statements)}),
        (
            types.BUCKET_LIFECYCLE,
            "lifecycle",
            {
                "rules": [
                    {
                        "id": "expire",
                        "status": "Enabled",
                        "filter": {"prefix": ""},
                        "expiration": {"days": 400},
                        "noncurrentVersionExpiration": {"noncurrentDays": 30},
                        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                    }
                ]
            },
        ),
    ]
    if logs:
        parts.append((types.BUCKET_LOGGING, "logging", {"targetBucket": ACCESS_LOGS, "targetPrefix": name}))
    return [
        resource(types.BUCKET, name, {"bucket": name, "tags": {"owner": "data"}}, arn=f"arn:aws:s3:::{name}"),
        *(
            resource(type_, f"{name}-{part}", {"bucket": name, **properties})
            for type_, part, properties in parts
        ),
    ]


def block(number: int) -> list[Given]:
    """Return 20 resources without a defect. They rely on the surroundings."""
    name = f"metrics{number}"
    table_arn = arn("timestream", f"database/{name}/table/cpu")
    rejects = f"rejects-{number}"
    own_key = key_arn(number)
    made = [
        *key(name, number, used_through("timestream", "s3")),
        resource(
            types.DATABASE,
            name,
            {"databaseName": name, "kmsKeyId": own_key, "tags": {"owner": "data"}},
            arn=arn("timestream", f"database/{name}"),
        ),
        resource(
            types.TABLE,
            f"{name}-cpu",
            {
                "databaseName": name,
                "tableName": "cpu",
                "retentionProperties": {
                    "memoryStoreRetentionPeriodInHours": 24,
                    "magneticStoreRetentionPeriodInDays": 365,
                },
                "magneticStoreWriteProperties": {
                    "enableMagneticStoreWrites": True,
                    "magneticStoreRejectedDataLocation": {
                        "s3Configuration": {
                            "bucketName": rejects,
                            "encryptionOption": "SSE_KMS",
                            "kmsKeyId": own_key,
                        }
                    },
                },
                "tags": {"owner": "data"},
            },
            arn=table_arn,
        ),
        *bucket(rejects, own_key),
        resource(
            types.ROLE,
            f"writer-{number}",
            {
                "name": f"writer-{number}",
                "description": "writes the measurements of machines",
                "assumeRolePolicy": trust("ec2.amazonaws.com"),
                "tags": {"owner": "data"},
            },
            arn=f"arn:aws:iam::{ACCOUNT}:role/writer-{number}",
        ),
        resource(
            types.ROLE_POLICY,
            f"writer-{number}-writes",
            {
                "role": f"writer-{number}",
                "name": "writes",
                "policy": policy(
                    allow(
                        "WritesOneTable",
                        ["timestream:WriteRecords"],
                        table_arn,
                        Condition={"StringEquals": {"aws:SourceVpce": "vpce-0a0a0a0a0a0a0a0a1"}},
                    ),
                    allow("FindsTheEndpoint", ["timestream:DescribeEndpoints"], "*"),
                ),
            },
        ),
        resource(
            types.ROLE,
            f"reader-{number}",
            {
                "name": f"reader-{number}",
                "description": "reads the measurements of machines",
                "assumeRolePolicy": trust("ec2.amazonaws.com"),
                "tags": {"owner": "data"},
            },
            arn=f"arn:aws:iam::{ACCOUNT}:role/reader-{number}",
        ),
        resource(
            types.ROLE_POLICY,
            f"reader-{number}-reads",
            {
                "role": f"reader-{number}",
                "name": "reads",
                "policy": policy(
                    allow(
                        "ReadsOneTable",
                        ["timestream:Select"],
                        table_arn,
                        Condition={"StringEquals": {"aws:SourceVpce": "vpce-0a0a0a0a0a0a0a0a2"}},
                    ),
                    allow("FindsTheEndpoint", ["timestream:DescribeEndpoints"], "*"),
                ),
            },
        ),
        resource(
            types.METRIC_ALARM,
            f"{name}-rejected",
            {
                "name": f"{name}-rejected",
                "namespace": "AWS/Timestream",
                "metricName": "MagneticStoreRejectedRecordCount",
                "dimensions": {
                    "DatabaseName": name,
                    "TableName": "cpu",
                    "Operation": "WriteRecords",
                },
                "comparisonOperator": "GreaterThanThreshold",
                "evaluationPeriods": 1,
                "period": 300,
                "statistic": "Sum",
                "threshold": 0,
                "alarmActions": [TOPIC_ARN],
                "tags": {"owner": "data"},
            },
        ),
        resource(
            types.METRIC_ALARM,
            f"{name}-failed-uploads",
            {
                "name": f"{name}-failed-uploads",
                "namespace": "AWS/Timestream",
                "metricName": "MagneticStoreRejectedUploadUserFailures",
                "dimensions": {"DatabaseName": name, "TableName": "cpu", "Operation": "WriteRecords"},
                "comparisonOperator": "GreaterThanThreshold",
                "evaluationPeriods": 1,
                "period": 300,
                "statistic": "Sum",
                "threshold": 0,
                "alarmActions": [TOPIC_ARN],
                "tags": {"owner": "data"},
            },
        ),
        resource(
            types.LOG_GROUP,
            f"{name}-application",
            {
                "name": f"/app/{name}",
                "retentionInDays": 400,
                "kmsKeyId": key_arn(900_003),
                "tags": {"owner": "data"},
            },
            arn=arn("logs", f"log-group:/app/{name}"),
        ),
        resource(
            types.SECURITY_GROUP_INGRESS_RULE,
            f"{name}-clients",
            {
                "securityGroupId": "sg-0a0a0a0a0a0a0a0a1",
                "referencedSecurityGroupId": f"sg-{number:017x}",
                "ipProtocol": "tcp",
                "fromPort": 443,
                "toPort": 443,
                "description": f"clients of {name} reach the endpoint",
            },
        ),
    ]
    if len(made) != 20:
        raise AssertionError(f"a block has 20 resources, this one {len(made)}")
    return made
