"""What every block relies on: network, topic, trail with its filters and alarms, backups."""

import json
from collections.abc import Mapping
from typing import Any

from tests.policies.planting.blocks import ACCESS_LOGS, TOPIC_ARN, bucket, key, key_arn, used_through
from tests.policies.planting.made import ACCOUNT, HERE, REGION, allow, arn, policy, resource, statement, trust
from timestream_policies import types
from timestream_policies.examples import Given

TOPIC_KEY, TRAIL_KEY, LOGS_KEY, BACKUP_KEY = 900_001, 900_002, 900_003, 900_004
TRAIL_BUCKET, TRAIL_LOGS, TRAIL = "trail-logs", "trail", "trail"
TRAIL_ARN = arn("cloudtrail", f"trail/{TRAIL}")
VAULT = "backups"
FROM_TRAIL = {"StringEquals": {"aws:SourceArn": TRAIL_ARN, "aws:SourceAccount": ACCOUNT}}
# CIS AWS Foundations Benchmark, section "Monitoring": what each filter looks for.
CIS = {
    "UnauthorizedApiCalls": '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
    "ConsoleSignInWithoutMfa": (
        '{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed!="Yes") && '
        '($.userIdentity.type="IAMUser") && ($.responseElements.ConsoleLogin="Success")}'
    ),
    "RootUsage": (
        '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && '
        '$.eventType!="AwsServiceEvent"}'
    ),
    "IamChanges": (
        "{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || "
        "($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || "
        "($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || "
        "($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || "
        "($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || "
        "($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || "
        "($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || "
        "($.eventName=DetachGroupPolicy))}"
    ),
    "CloudTrailChanges": (
        "{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || "
        "($.eventName=StartLogging) || ($.eventName=StopLogging) || ($.eventName=PutEventSelectors)}"
    ),
    "ConsoleSignInFailures": '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
    "KeyDisabledOrDeleted": (
        "{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || "
        "($.eventName=ScheduleKeyDeletion) || ($.eventName=PutKeyPolicy) || ($.eventName=RevokeGrant))}"
    ),
    "BucketPolicyChanges": (
        "{($.eventSource=s3.amazonaws.com) && (($.eventName=PutBucketAcl) || "
        "($.eventName=PutBucketPolicy) || ($.eventName=PutBucketCors) || ($.eventName=PutBucketLifecycle) || "
        "($.eventName=PutBucketReplication) || ($.eventName=DeleteBucketPolicy) || "
        "($.eventName=DeleteBucketCors) || ($.eventName=DeleteBucketLifecycle) || "
        "($.eventName=DeleteBucketReplication))}"
    ),
    "ConfigChanges": (
        "{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || "
        "($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || "
        "($.eventName=PutConfigurationRecorder))}"
    ),
    "SecurityGroupChanges": (
        "{($.eventName=AuthorizeSecurityGroupIngress) || ($.eventName=AuthorizeSecurityGroupEgress) || "
        "($.eventName=RevokeSecurityGroupIngress) || ($.eventName=RevokeSecurityGroupEgress) || "
        "($.eventName=CreateSecurityGroup) || ($.eventName=DeleteSecurityGroup)}"
    ),
    "NetworkAclChanges": (
        "{($.eventName=CreateNetworkAcl) || ($.eventName=CreateNetworkAclEntry) || "
        "($.eventName=DeleteNetworkAcl) || ($.eventName=DeleteNetworkAclEntry) || "
        "($.eventName=ReplaceNetworkAclEntry) || ($.eventName=ReplaceNetworkAclAssociation)}"
    ),
    "GatewayChanges": (
        "{($.eventName=CreateCustomerGateway) || ($.eventName=DeleteCustomerGateway) || "
        "($.eventName=AttachInternetGateway) || ($.eventName=CreateInternetGateway) || "
        "($.eventName=DeleteInternetGateway) || ($.eventName=DetachInternetGateway)}"
    ),
    "RouteTableChanges": (
        "{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || "
        "($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || "
        "($.eventName=ReplaceRouteTableAssociation) || "
        "($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || "
        "($.eventName=DisassociateRouteTable))}"
    ),
    "VpcChanges": (
        "{($.eventName=CreateVpc) || ($.eventName=DeleteVpc) || ($.eventName=ModifyVpcAttribute) || "
        "($.eventName=AcceptVpcPeeringConnection) || ($.eventName=CreateVpcPeeringConnection) || "
        "($.eventName=DeleteVpcPeeringConnection) || ($.eventName=RejectVpcPeeringConnection) || "
        "($.eventName=AttachClassicLinkVpc) || ($.eventName=DetachClassicLinkVpc) || "
        "($.eventName=DisableVpcClassicLink) || ($.eventName=EnableVpcClassicLink)}"
    ),
    "OrganizationChanges": (
        "{($.eventSource=organizations.amazonaws.com) && (($.eventName=AcceptHandshake) || "
        "($.eventName=AttachPolicy) || ($.eventName=CreateAccount) || "
        "($.eventName=CreateOrganizationalUnit) || ($.eventName=CreatePolicy) || "
        "($.eventName=DeclineHandshake) || ($.eventName=DeleteOrganization) || "
        "($.eventName=DeleteOrganizationalUnit) || ($.eventName=DeletePolicy) || "
        "($.eventName=DetachPolicy) || ($.eventName=DisablePolicyType) || ($.eventName=EnablePolicyType) || "
        "($.eventName=InviteAccountToOrganization) || ($.eventName=LeaveOrganization) || "
        "($.eventName=MoveAccount) || ($.eventName=RemoveAccountFromOrganization) || "
        "($.eventName=UpdatePolicy) || ($.eventName=UpdateOrganizationalUnit))}"
    ),
}


def alarm(name: str, namespace: str, metric: str, dimensions: dict[str, str]) -> Given:
    """Return an alarm that tells the topic."""
    return resource(
        types.METRIC_ALARM,
        f"alarm-{name}",
        {
            "name": name,
            "namespace": namespace,
            "metricName": metric,
            **({"dimensions": dimensions} if dimensions else {}),
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 1,
            "period": 300,
            "statistic": "Sum",
            "threshold": 0,
            "alarmActions": [TOPIC_ARN],
            "tags": {"owner": "data"},
        },
    )


def by_service(sid: str, service: str, actions: list[str], condition: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a service may do with a key."""
    return statement(sid, {"Service": service}, actions, Condition=condition)


def network() -> list[Given]:
    """Return a private network with both endpoints of LiveAnalytics."""
    group, vpc = "sg-0a0a0a0a0a0a0a0a1", "vpc-0a0a0a0a0a0a0a0a1"
    made = [
        resource(
            types.VPC,
            "vpc",
            {
                "cidrBlock": "10.0.0.0/16",
                "enableDnsSupport": True,
                "enableDnsHostnames": True,
                "tags": {"owner": "data"},
            },
            id_=vpc,
            arn=arn("ec2", f"vpc/{vpc}"),
        ),
        resource(types.DEFAULT_SECURITY_GROUP, "default", {"vpcId": vpc}, id_="sg-0a0a0a0a0a0a0a0a9"),
        resource(
            types.FLOW_LOG,
            "flows",
            {
                "vpcId": vpc,
                "trafficType": "ALL",
                "logDestinationType": "cloud-watch-logs",
                "logDestination": arn("logs", "log-group:flows"),
                "iamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/flows-of-another-stack",
                "tags": {"owner": "data"},
            },
        ),
        resource(
            types.SECURITY_GROUP,
            "endpoints",
            {
                "name": "endpoints",
                "description": "clients of Timestream",
                "vpcId": vpc,
                "tags": {"owner": "data"},
            },
            id_=group,
        ),
    ]
    made += [
        resource(
            types.SUBNET,
            f"subnet-{zone}",
            {
                "vpcId": vpc,
                "cidrBlock": f"10.0.{number}.0/24",
                "availabilityZone": f"{REGION}{zone}",
                "mapPublicIpOnLaunch": False,
                "tags": {"owner": "data"},
            },
            id_=f"subnet-0a0a0a0a0a0a0a0a{number}",
        )
        for number, zone in enumerate("ab", 1)
    ]
    made += [
        resource(
            types.VPC_ENDPOINT,
            f"endpoint-{kind}",
            {
                "serviceName": f"com.amazonaws.{REGION}.timestream.{kind}-cell2",
                "vpcEndpointType": "Interface",
                "vpcId": vpc,
                "privateDnsEnabled": True,
                "subnetIds": ["subnet-0a0a0a0a0a0a0a0a1", "subnet-0a0a0a0a0a0a0a0a2"],
                "securityGroupIds": [group],
                "tags": {"owner": "data"},
                "policy": policy(
                    {
                        "Sid": "OurOwn",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "timestream:*",
                        "Resource": "*",
                        "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
                    }
                ),
            },
            id_=f"vpce-0a0a0a0a0a0a0a0a{number}",
        )
        for number, kind in enumerate(("ingest", "query"), 1)
    ]
    made.append(
        resource(
            types.VPC_ENDPOINT,
            "endpoint-ec2",
            {
                "serviceName": f"com.amazonaws.{REGION}.ec2",
                "vpcEndpointType": "Interface",
                "vpcId": vpc,
                "privateDnsEnabled": True,
                "subnetIds": ["subnet-0a0a0a0a0a0a0a0a1", "subnet-0a0a0a0a0a0a0a0a2"],
                "securityGroupIds": [group],
                "tags": {"owner": "data"},
                "policy": policy(
                    {
                        "Sid": "OurOwn",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "ec2:Describe*",
                        "Resource": "*",
                        "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
                    }
                ),
            },
            id_="vpce-0a0a0a0a0a0a0a0a3",
        )
    )
    return made


def topic() -> list[Given]:
    """Return the topic that alarms tell, its key, its policy and who reads it."""
    alarms = {
        "ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:*")},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    cloudwatch = by_service(
        "AlarmsPublish", "cloudwatch.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], HERE
    )
    events = by_service("RulesPublish", "events.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], HERE)
    backup = by_service(
        "BackupsPublish", "backup.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], HERE
    )
    deliveries = by_service(
        "DeliveriesPublish",
        "cloudtrail.amazonaws.com",
        ["kms:Decrypt", "kms:GenerateDataKey*"],
        FROM_TRAIL,
    )
    tls = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": TOPIC_ARN,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return [
        *key("topic", TOPIC_KEY, cloudwatch, events, backup, deliveries),
        resource(
            types.TOPIC,
            "alarms",
            {"name": "alarms", "kmsMasterKeyId": key_arn(TOPIC_KEY), "tags": {"owner": "data"}},
            id_=TOPIC_ARN,
            arn=TOPIC_ARN,
        ),
        resource(
            types.TOPIC_POLICY,
            "alarms-policy",
            {
                "arn": TOPIC_ARN,
                "policy": policy(
                    statement(
                        "AlarmsPublish",
                        {"Service": "cloudwatch.amazonaws.com"},
                        ["sns:Publish"],
                        TOPIC_ARN,
                        Condition=alarms,
                    ),
                    statement(
                        "RulesPublish", {"Service": "events.amazonaws.com"}, ["sns:Publish"], TOPIC_ARN
                    ),
                    statement(
                        "BackupsPublish", {"Service": "backup.amazonaws.com"}, ["sns:Publish"], TOPIC_ARN
                    ),
                    statement(
                        "DeliveriesPublish",
                        {"Service": "cloudtrail.amazonaws.com"},
                        ["sns:Publish"],
                        TOPIC_ARN,
                        Condition=FROM_TRAIL,
                    ),
                    tls,
                ),
            },
        ),
        resource(
            types.TOPIC_SUBSCRIPTION,
            "on-call",
            {"topic": TOPIC_ARN, "protocol": "email", "endpoint": "on-call@example.com"},
        ),
    ]


def trail() -> list[Given]:
    """Return the trail with its bucket, log group and keys, and the alarms that CIS asks for."""
    key_of_trail = by_service(
        "TrailEncrypts",
        "cloudtrail.amazonaws.com",
        ["kms:GenerateDataKey*", "kms:DescribeKey", "kms:Decrypt"],
        {
            **FROM_TRAIL,
            "StringLike": {
                "kms:EncryptionContext:aws:cloudtrail:arn": arn("cloudtrail", "trail/*", region="*")
            },
        },
    )
    key_of_logs = by_service(
        "LogsEncrypt",
        f"logs.{REGION}.amazonaws.com",
        ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn("logs", "log-group:*")}},
    )
    delivers = [
        statement(
            "TrailLooks",
            {"Service": "cloudtrail.amazonaws.com"},
            ["s3:GetBucketAcl"],
            f"arn:aws:s3:::{TRAIL_BUCKET}",
            Condition=FROM_TRAIL,
        ),
        statement(
            "TrailWrites",
            {"Service": "cloudtrail.amazonaws.com"},
            ["s3:PutObject"],
            f"arn:aws:s3:::{TRAIL_BUCKET}/AWSLogs/{ACCOUNT}/*",
            Condition=FROM_TRAIL,
        ),
    ]
    access_logs = statement(
        "S3WritesAccessLogs",
        {"Service": "logging.s3.amazonaws.com"},
        ["s3:PutObject"],
        f"arn:aws:s3:::{ACCESS_LOGS}/*",
        Condition=HERE,
    )
    group_arn = arn("logs", f"log-group:{TRAIL_LOGS}")
    selectors = [
        ("Management", None),
        ("Data", "AWS::Timestream::Database"),
        ("Data", "AWS::Timestream::Table"),
    ]
    made = [
        *key("trail", TRAIL_KEY, key_of_trail, used_through("s3")),
        *key("logs", LOGS_KEY, key_of_logs),
        *bucket(TRAIL_BUCKET, key_arn(TRAIL_KEY), *delivers),
        resource(
            types.BUCKET_OBJECT_LOCK,
            f"{TRAIL_BUCKET}-lock",
            {
                "bucket": TRAIL_BUCKET,
                "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 365}},
            },
        ),
        *bucket(ACCESS_LOGS, None, access_logs, logs=False),
        resource(
            types.LOG_GROUP,
            "trail-group",
            {
                "name": TRAIL_LOGS,
                "retentionInDays": 400,
                "kmsKeyId": key_arn(LOGS_KEY),
                "tags": {"owner": "data"},
            },
            arn=group_arn,
        ),
        resource(
            types.ROLE,
            "trail-delivery",
            {
                "name": "trail-delivery",
                "description": "delivers the trail to its log group",
                "assumeRolePolicy": trust("cloudtrail.amazonaws.com", FROM_TRAIL),
                "tags": {"owner": "data"},
            },
            arn=f"arn:aws:iam::{ACCOUNT}:role/trail-delivery",
        ),
        resource(
            types.ROLE_POLICY,
            "trail-delivery-writes",
            {
                "role": "trail-delivery",
                "policy": policy(
                    allow("Delivers", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{group_arn}:*")
                ),
            },
        ),
        resource(
            types.TRAIL,
            TRAIL,
            {
                "name": TRAIL,
                "s3BucketName": TRAIL_BUCKET,
                "snsTopicName": "alarms",
                "kmsKeyId": key_arn(TRAIL_KEY),
                "isMultiRegionTrail": True,
                "includeGlobalServiceEvents": True,
                "enableLogFileValidation": True,
                "enableLogging": True,
                "insightSelectors": [
                    {"insightType": "ApiCallRateInsight"},
                    {"insightType": "ApiErrorRateInsight"},
                ],
                "cloudWatchLogsGroupArn": f"{group_arn}:*",
                "cloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/trail-delivery",
                "advancedEventSelectors": [
                    {
                        "name": type_ or category,
                        "fieldSelectors": [
                            {"field": "eventCategory", "equals": [category]},
                            *([{"field": "resources.type", "equals": [type_]}] if type_ else []),
                        ],
                    }
                    for category, type_ in (*selectors, ("Data", "AWS::S3::Object"))
                ],
                "tags": {"owner": "data"},
            },
            arn=TRAIL_ARN,
        ),
    ]
    for name, pattern in CIS.items():
        made += [
            resource(
                types.LOG_METRIC_FILTER,
                f"filter-{name}",
                {
                    "name": name,
                    "logGroupName": TRAIL_LOGS,
                    "pattern": pattern,
                    "metricTransformation": {"name": name, "namespace": "LogMetrics", "value": "1"},
                },
            ),
            alarm(name, "LogMetrics", name, {}),
        ]
    return made


def errors() -> list[Given]:
    """Return the alarms on what Timestream publishes by operation only."""
    return [
        alarm(f"{metric}-{operation}", "AWS/Timestream", metric, {"Operation": operation})
        for metric in ("SystemErrors", "UserErrors")
        for operation in ("WriteRecords", "Query")
    ]


def backups(blocks: int) -> list[Given]:
    """Return a locked vault and a plan for every table."""
    vault_arn = arn("backup", f"backup-vault:{VAULT}")
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/backups"
    copies = "arn:aws:backup:eu-central-1:111122223333:backup-vault:copies"
    return [
        *key("backups", BACKUP_KEY, used_through("backup")),
        resource(
            types.BACKUP_VAULT,
            VAULT,
            {"name": VAULT, "kmsKeyArn": key_arn(BACKUP_KEY), "tags": {"owner": "data"}},
            arn=vault_arn,
        ),
        resource(
            types.BACKUP_VAULT_LOCK,
            f"{VAULT}-lock",
            {
                "backupVaultName": VAULT,
                "minRetentionDays": 35,
                "maxRetentionDays": 3650,
                "changeableForDays": 3,
            },
        ),
        resource(
            types.BACKUP_VAULT_POLICY,
            f"{VAULT}-policy",
            {
                "backupVaultName": VAULT,
                "policy": json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Sid": "NobodyDeletes",
                                "Effect": "Deny",
                                "Principal": "*",
                                "Action": [
                                    "backup:DeleteRecoveryPoint",
                                    "backup:DeleteBackupVault",
                                    "backup:PutBackupVaultAccessPolicy",
                                    "backup:UpdateRecoveryPointLifecycle",
                                ],
                                "Resource": "*",
                            }
                        ],
                    }
                ),
            },
        ),
        resource(
            types.BACKUP_PLAN,
            "plan",
            {
                "name": "tables",
                "rules": [
                    {
                        "ruleName": "daily",
                        "targetVaultName": VAULT,
                        "schedule": "cron(30 2 * * ? *)",
                        "lifecycle": {"deleteAfter": 400, "coldStorageAfter": 30},
                        "copyActions": [
                            {"destinationVaultArn": copies, "lifecycle": {"deleteAfter": 400}},
                        ],
                    }
                ],
                "tags": {"owner": "data"},
            },
        ),
        resource(
            types.ROLE,
            "backups-role",
            {
                "name": "backups",
                "description": "backs the tables up",
                "assumeRolePolicy": trust("backup.amazonaws.com", HERE),
                "tags": {"owner": "data"},
            },
            arn=role_arn,
        ),
        resource(
            types.ROLE_POLICY,
            "backups-role-reads",
            {
                "role": "backups",
                "policy": policy(
                    allow(
                        "BacksUpTables",
                        ["timestream:StartAwsBackupJob", "timestream:DescribeTable"],
                        [arn("timestream", f"database/metrics{n}/table/cpu") for n in range(blocks)],
                    ),
                    allow(
                        "AsksForTheState",
                        ["timestream:GetAwsBackupStatus", "timestream:DescribeEndpoints"],
                        "*",
                    ),
                ),
            },
        ),
        resource(
            types.BACKUP_SELECTION,
            "tables",
            {
                "name": "tables",
                "planId": "plan",
                "iamRoleArn": role_arn,
                "resources": ["arn:aws:timestream:*:*:database/*"],
            },
        ),
    ]


def surroundings(blocks: int) -> list[Given]:
    """Return everything around so many blocks."""
    stack = resource(types.STACK, "project-prod", {})
    return [stack, *network(), *topic(), *trail(), *errors(), *backups(blocks)]
