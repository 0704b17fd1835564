"""What CIS wants to be told of: the events that the filters of its benchmark catch.

CIS AWS Foundations Benchmark 5.0.0, 4.1 to 4.15; the order is the same in all versions.
"""

from functools import lru_cache
from typing import Any

import msgspec

from timestream_policies.log_patterns import ANY, catches

ORGANIZATIONS = 15
"""The number that asks for events which only the trail of an organization has."""


class Subject(msgspec.Struct, frozen=True):
    """One recommendation: what happens, and events of which each must be caught."""

    number: int
    meaning: str
    events: tuple[dict[str, Any], ...]


def _event(service: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "eventType": "AwsApiCall",
        "sourceIPAddress": "192.0.2.1",
        "requestParameters": ANY,
        **more,
    }


def _calls(service: str, *names: str) -> tuple[dict[str, Any], ...]:
    return tuple(_event(service, name) for name in names)


def _sign_in(mfa: str, **more: Any) -> dict[str, Any]:
    return _event(
        "signin",
        "ConsoleLogin",
        **{
            "eventType": "AwsConsoleSignIn",
            "userIdentity": {"type": "IAMUser"},
            "additionalEventData": {"MFAUsed": mfa},
            **more,
        },
    )


SUBJECTS = (
    Subject(
        1,
        "calls that were refused",
        (
            _event("ec2", "RunInstances", errorCode="Client.UnauthorizedOperation"),
            _event("timestream", "Select", errorCode="AccessDenied"),
        ),
    ),
    Subject(
        2,
        "signing in to the console without MFA",
        (_sign_in("No", responseElements={"ConsoleLogin": "Success"}),),
    ),
    Subject(3, "what the root user does", (_event("iam", "CreateUser", userIdentity={"type": "Root"}),)),
    Subject(
        4,
        "changes to IAM policies",
        _calls(
            "iam",
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
        ),
    ),
    Subject(
        5,
        "changes to trails",
        _calls("cloudtrail", "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    ),
    Subject(
        6,
        "failures to sign in to the console",
        (_sign_in("Yes", errorMessage="Failed authentication"),),
    ),
    Subject(7, "keys that are disabled or deleted", _calls("kms", "DisableKey", "ScheduleKeyDeletion")),
    Subject(
        8,
        "changes to the policies of buckets",
        _calls(
            "s3",
            "PutBucketAcl",
            "PutBucketPolicy",
            "PutBucketCors",
            "PutBucketLifecycle",
            "PutBucketReplication",
            "DeleteBucketPolicy",
            "DeleteBucketCors",
            "DeleteBucketLifecycle",
            "DeleteBucketReplication",
        ),
    ),
    Subject(
        9,
        "changes to AWS Config",
        _calls(
            "config",
            "StopConfigurationRecorder",
            "DeleteDeliveryChannel",
            "PutDeliveryChannel",
            "PutConfigurationRecorder",
        ),
    ),
    Subject(
        10,
        "changes to security groups",
        _calls(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "RevokeSecurityGroupEgress",
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
        ),
    ),
    Subject(
        11,
        "changes to network access control lists",
        _calls(
            "ec2",
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
        ),
    ),
    Subject(
        12,
        "changes to network gateways",
        _calls(
            "ec2",
            "CreateCustomerGateway",
            "DeleteCustomerGateway",
            "AttachInternetGateway",
            "CreateInternetGateway",
            "DeleteInternetGateway",
            "DetachInternetGateway",
        ),
    ),
    Subject(
        13,
        "changes to route tables",
        _calls(
            "ec2",
            "CreateRoute",
            "CreateRouteTable",
            "ReplaceRoute",
            "ReplaceRouteTableAssociation",
            "DeleteRouteTable",
            "DeleteRoute",
            "DisassociateRouteTable",
        ),
    ),
    Subject(
        14,
        "changes to VPCs",
        # Not the four calls on ClassicLink, which AWS has retired.
        _calls(
            "ec2",
            "CreateVpc",
            "DeleteVpc",
            "ModifyVpcAttribute",
            "AcceptVpcPeeringConnection",
            "CreateVpcPeeringConnection",
            "DeleteVpcPeeringConnection",
            "RejectVpcPeeringConnection",
        ),
    ),
    Subject(
        ORGANIZATIONS,
        "changes to the organization",
        _calls(
            "organizations",
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
            "UpdateOrganizationalUnit",
            "UpdatePolicy",
        ),
    ),
)


@lru_cache(maxsize=1024)
def caught_by(pattern: str) -> frozenset[tuple[int, int]]:
    """Return which events of which subjects a filter pattern catches."""
    return frozenset(
        (subject.number, index)
        for subject in SUBJECTS
        for index, event in enumerate(subject.events)
        if catches(pattern, event)
    )
