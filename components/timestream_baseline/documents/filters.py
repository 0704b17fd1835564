"""Metric filters on the log group of a trail: what CIS and Security Hub ask for, and the watch on roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from timestream_baseline.documents.limits import FILTER_PATTERN, FILTERS_PER_LOG_GROUP, fits


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A metric filter, and what its alarm says."""

    name: str
    control: str
    meaning: str
    pattern: str


@dataclass(frozen=True, kw_only=True)
class FilterSet:
    """The filters of one text, and how that text wants their metrics."""

    namespace: str
    # Security Hub asks for 0 where nothing was found; CIS says nothing.
    default_value: str | None
    filters: tuple[Filter, ...]


def _names(*names: str) -> str:
    return " || ".join(f"($.eventName={name})" for name in names)


_IAM_POLICIES: Final = _names(
    "DeleteGroupPolicy",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "DeletePolicyVersion",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "AttachUserPolicy",
    "DetachUserPolicy",
    "AttachGroupPolicy",
    "DetachGroupPolicy",
)
_TRAILS: Final = _names("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
_KEYS: Final = _names("DisableKey", "ScheduleKeyDeletion")
_BUCKETS: Final = _names(
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketPolicy",
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
)
_CONFIG: Final = _names(
    "StopConfigurationRecorder",
    "DeleteDeliveryChannel",
    "PutDeliveryChannel",
    "PutConfigurationRecorder",
)
_SECURITY_GROUPS: Final = (
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
)
_NETWORK_ACLS: Final = _names(
    "CreateNetworkAcl",
    "CreateNetworkAclEntry",
    "DeleteNetworkAcl",
    "DeleteNetworkAclEntry",
    "ReplaceNetworkAclEntry",
    "ReplaceNetworkAclAssociation",
)
_GATEWAYS: Final = _names(
    "CreateCustomerGateway",
    "DeleteCustomerGateway",
    "AttachInternetGateway",
    "CreateInternetGateway",
    "DeleteInternetGateway",
    "DetachInternetGateway",
)
_ROUTES: Final = _names(
    "CreateRoute",
    "CreateRouteTable",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
    "DeleteRouteTable",
    "DeleteRoute",
    "DisassociateRouteTable",
)
_VPCS: Final = _names(
    "CreateVpc",
    "DeleteVpc",
    "ModifyVpcAttribute",
    "AcceptVpcPeeringConnection",
    "CreateVpcPeeringConnection",
    "DeleteVpcPeeringConnection",
    "RejectVpcPeeringConnection",
    "AttachClassicLinkVpc",
    "DetachClassicLinkVpc",
    "DisableVpcClassicLink",
    "EnableVpcClassicLink",
)
_ORGANIZATIONS: Final = _names(
    "AcceptHandshake",
    "AttachPolicy",
    "CreateAccount",
    "CreateOrganizationalUnit",
    "CreatePolicy",
    "DeclineHandshake",
    "DeleteOrganization",
    "DeleteOrganizationalUnit",
    "DeletePolicy",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "LeaveOrganization",
    "MoveAccount",
    "RemoveAccountFromOrganization",
    "UpdatePolicy",
    "UpdateOrganizationalUnit",
)
_ROOT: Final = (
    '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}'
)
_FAILED_SIGN_IN: Final = '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}'
# The order is CIS's own: number, name of the metric, what it means.
_SUBJECTS: Final = (
    ("UnauthorizedApiCalls", "somebody was refused something"),
    ("ConsoleSignInWithoutMfa", "somebody signed in to the console without MFA"),
    ("RootUsage", "the root user did something"),
    ("IamPolicyChanges", "an IAM policy was changed"),
    ("TrailChanges", "a trail was changed"),
    ("ConsoleSignInFailures", "somebody failed to sign in to the console"),
    ("KeysDisabledOrDeleted", "a key was disabled, or its deletion scheduled"),
    ("BucketPolicyChanges", "a bucket's policy or configuration was changed"),
    ("ConfigChanges", "the configuration of AWS Config was changed"),
    ("SecurityGroupChanges", "a security group was changed"),
    ("NetworkAclChanges", "a network access control list was changed"),
    ("GatewayChanges", "a network gateway was changed"),
    ("RouteTableChanges", "a route table was changed"),
    ("VpcChanges", "a VPC was changed"),
    ("OrganizationsChanges", "the organization was changed"),
)


def _filters(controls: Sequence[str], patterns: Sequence[str]) -> tuple[Filter, ...]:
    return tuple(
        Filter(name=name, control=control, meaning=meaning, pattern=pattern)
        for (name, meaning), control, pattern in zip(_SUBJECTS, controls, patterns, strict=False)
    )


# CIS AWS Foundations Benchmark 5.0.0, 4.1 to 4.15; 6.0.0 and 7.0.0 have the same text as 5.1 to 5.15.
CIS: Final = FilterSet(
    namespace="CISBenchmark",
    default_value=None,
    filters=_filters(
        [f"CIS 5.0.0 4.{number}" for number in range(1, 16)],
        (
            '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")'
            ' && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket")}',
            '{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed !="Yes")}',
            _ROOT,
            f"{{{_IAM_POLICIES}}}",
            f"{{{_TRAILS}}}",
            _FAILED_SIGN_IN,
            f"{{($.eventSource=kms.amazonaws.com) && ({_KEYS})}}",
            f"{{($.eventSource=s3.amazonaws.com) && ({_BUCKETS})}}",
            f"{{($.eventSource=config.amazonaws.com) && ({_CONFIG})}}",
            f"{{{_names(*_SECURITY_GROUPS, 'ModifySecurityGroupRules')}}}",
            f"{{{_NETWORK_ACLS}}}",
            f"{{{_GATEWAYS}}}",
            f"{{{_ROUTES}}}",
            f"{{{_VPCS}}}",
            f"{{($.eventSource=organizations.amazonaws.com) && ({_ORGANIZATIONS})}}",
        ),
    ),
)
# To the letter as Security Hub prints them: "Additional fields or terms cannot be added to the metric
# filters." https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
SECURITY_HUB: Final = FilterSet(
    namespace="LogMetrics",
    default_value="0",
    filters=_filters(
        [
            "CloudWatch.2",
            "CloudWatch.3",
            "CloudWatch.1",
            *(f"CloudWatch.{number}" for number in range(4, 15)),
        ],
        (
            '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
            '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes")'
            ' && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
            _ROOT,
            f"{{($.eventSource=iam.amazonaws.com) && ({_IAM_POLICIES})}}",
            f"{{{_TRAILS}}}",
            _FAILED_SIGN_IN,
            f"{{($.eventSource=kms.amazonaws.com) && ({_KEYS})}}",
            f"{{($.eventSource=s3.amazonaws.com) && ({_BUCKETS})}}",
            f"{{($.eventSource=config.amazonaws.com) && ({_CONFIG})}}",
            f"{{{_names(*_SECURITY_GROUPS)}}}",
            f"{{{_NETWORK_ACLS}}}",
            f"{{{_GATEWAYS}}}",
            f"{{($.eventSource=ec2.amazonaws.com) && ({_ROUTES})}}",
            f"{{{_VPCS}}}",
        ),
    ),
)
FILTER_SETS: Final = {"cis": CIS, "security-hub": SECURITY_HUB}

ROLE_CHANGES: Final = "RoleChanges"
ROLE_CHANGES_NAMESPACE: Final = "TimestreamBaseline"
# Every call that changes what a role may do or who may assume it.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
_ROLE_CALLS: Final = (
    "AttachRolePolicy",
    "DeleteRole",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    # Tags of a role may decide what it reaches.
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
)
# A new version of a managed policy, or of the boundary, changes a role that no call names.
POLICY_CHANGES: Final = "PolicyChanges"
_POLICY_CALLS: Final = (
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_LONGEST_ROLE_NAME: Final = "x" * 64


def role_changes_pattern(roles: Sequence[str]) -> str:
    """Find changes to these roles. IAM's events reach EventBridge in one region only, a log group in any.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    calls = "||".join(f"($.eventName={call})" for call in _ROLE_CALLS)
    names = "||".join(f'($.requestParameters.roleName="{role}")' for role in roles)
    return f"{{($.eventSource=iam.amazonaws.com)&&({calls})&&({names})}}"


def policy_changes_pattern(policies: str) -> str:
    """Find changes to the managed policies whose ARNs match a pattern."""
    ours = f'($.requestParameters.policyArn="{policies}")'
    return f"{{($.eventSource=iam.amazonaws.com)&&({_names(*_POLICY_CALLS)})&&{ours}}}"


def most_roles(text: str) -> int:
    """Count the roles that can be watched on one log group, beside a text's filters and that of policies."""
    others = 1 + (len(FILTER_SETS[text].filters) if text in FILTER_SETS else 0)
    return (FILTERS_PER_LOG_GROUP - others) * roles_per_filter()


def roles_per_filter() -> int:
    """Count the roles that fit into one filter, however long their names turn out to be."""
    count = 1
    while fits(FILTER_PATTERN, role_changes_pattern([_LONGEST_ROLE_NAME] * (count + 1))):
        count += 1
    return count
