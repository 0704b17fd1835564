"""Snippets for the rules on who is told of which call."""

TRAIL_SNIPPET = """\
import json
import pulumi_aws as aws

trail = aws.cloudtrail.Trail("calls", name="calls", s3_bucket_name="calls-of-metrics")
rule = aws.cloudwatch.EventRule(
    "calls",
    name="calls",
    event_pattern=json.dumps({
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["cloudtrail.amazonaws.com"],
            "eventName": ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"],
        },
    }),
)
target = aws.cloudwatch.EventTarget(
    "calls", rule=rule.name, arn="arn:aws:sns:eu-west-1:111122223333:changes"
)
"""
KEY_SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key("metrics", enable_key_rotation=True)
database = aws.timestreamwrite.Database("metrics", database_name="metrics", kms_key_id=key.arn)
rule = aws.cloudwatch.EventRule(
    "keys",
    name="keys",
    event_pattern=json.dumps({
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["kms.amazonaws.com"],
            "eventName": ["DisableKey", "ScheduleKeyDeletion"],
        },
    }),
)
target = aws.cloudwatch.EventTarget(
    "keys", rule=rule.name, arn="arn:aws:sns:eu-west-1:111122223333:changes"
)
"""
CIS_SNIPPET = """\
import pulumi_aws as aws


def calls(service, names):
    asked = " || ".join(f"($.eventName={name})" for name in names.split())
    return f"{{($.eventSource={service}.amazonaws.com) && ({asked})}}"


PATTERNS = {
    "RefusedCalls": '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
    "SignInWithoutMfa": '{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed!="Yes")'
    ' && ($.userIdentity.type="IAMUser") && ($.responseElements.ConsoleLogin="Success")}',
    "RootUser": '{($.userIdentity.type="Root") && ($.userIdentity.invokedBy NOT EXISTS)'
    ' && ($.eventType!="AwsServiceEvent")}',
    "SignInFailures": '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
    "IamPolicies": calls(
        "iam",
        "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy"
        " CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy"
        " DetachRolePolicy AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy",
    ),
    "Trails": calls("cloudtrail", "CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging"),
    "Keys": calls("kms", "DisableKey ScheduleKeyDeletion"),
    "BucketPolicies": calls(
        "s3",
        "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication"
        " DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication",
    ),
    "Config": calls(
        "config",
        "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder",
    ),
    "SecurityGroups": calls(
        "ec2",
        "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress"
        " RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup",
    ),
    "NetworkAcls": calls(
        "ec2",
        "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry"
        " ReplaceNetworkAclEntry ReplaceNetworkAclAssociation",
    ),
    "Gateways": calls(
        "ec2",
        "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway"
        " DeleteInternetGateway DetachInternetGateway",
    ),
    "RouteTables": calls(
        "ec2",
        "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable"
        " DeleteRoute DisassociateRouteTable",
    ),
    "Vpcs": calls(
        "ec2",
        "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection"
        " DeleteVpcPeeringConnection RejectVpcPeeringConnection",
    ),
}
group = aws.cloudwatch.LogGroup("calls", name="calls", retention_in_days=365)
trail = aws.cloudtrail.Trail(
    "calls",
    name="calls",
    s3_bucket_name="calls-of-metrics",
    cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
    cloud_watch_logs_role_arn="arn:aws:iam::111122223333:role/calls",
)
for name, pattern in PATTERNS.items():
    aws.cloudwatch.LogMetricFilter(
        name,
        name=name,
        log_group_name=group.name,
        pattern=pattern,
        metric_transformation={"name": name, "namespace": "CISBenchmark", "value": "1"},
    )
    aws.cloudwatch.MetricAlarm(
        name,
        name=name,
        namespace="CISBenchmark",
        metric_name=name,
        statistic="Sum",
        period=300,
        evaluation_periods=1,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        alarm_actions=["arn:aws:sns:eu-west-1:111122223333:alarms"],
    )
"""
