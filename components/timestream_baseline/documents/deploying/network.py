"""The deploying role: endpoints and security groups."""

from __future__ import annotations

from timestream_baseline.documents.deploying.scope import Scope, actions
from timestream_baseline.documents.parts import Statement, allow


def security_groups(scope: Scope) -> list[Statement]:
    """Manage security groups and their rules."""
    return [
        allow(
            "LookAtGroupsAndSubnets",
            actions(
                "ec2",
                """
                DescribeManagedPrefixLists DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets
                DescribeVpcs GetManagedPrefixListEntries
                """,
            ),
            "*",
        ),
        allow(
            "ManageSecurityGroups",
            actions(
                "ec2",
                """
                AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags
                DeleteSecurityGroup DeleteTags ModifySecurityGroupRules RevokeSecurityGroupEgress
                RevokeSecurityGroupIngress
                """,
            ),
            scope.arns("ec2", "security-group/*", "security-group-rule/*", "vpc/*"),
        ),
    ]


def network(scope: Scope) -> list[Statement]:
    """Manage interface endpoints."""
    return [
        *security_groups(scope),
        allow(
            "LookAtEndpoints",
            [
                "ec2:DescribePrefixLists",
                "ec2:DescribeVpcEndpointServices",
                "ec2:DescribeVpcEndpoints",
            ],
            "*",
        ),
        allow(
            "ManageEndpoints",
            actions(
                "ec2",
                """
                CreateTags CreateVpcEndpoint DeleteTags DeleteVpcEndpoints ModifyVpcEndpoint
                """,
            ),
            scope.arns("ec2", "vpc-endpoint/*", "vpc/*", "subnet/*", "security-group/*"),
        ),
        # A dependent action of ec2:CreateVpcEndpoint; the zone of the private names belongs to AWS.
        allow(
            "GiveEndpointsPrivateNames",
            ["route53:AssociateVPCWithHostedZone"],
            [f"arn:{scope.partition}:route53:::hostedzone/*", *scope.arns("ec2", "vpc/*")],
        ),
    ]
