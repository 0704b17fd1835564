"""Amazon EC2's networks: VPCs, subnets, security groups and their rules, endpoints, flow logs."""

from aws_sandbox.resource import ResourceType
from aws_sandbox.services.ec2 import endpoints, flow_logs, network, security_group_rules, security_groups

TYPES: tuple[ResourceType, ...] = (
    *network.TYPES,
    *security_groups.TYPES,
    *security_group_rules.TYPES,
    *endpoints.TYPES,
    *flow_logs.TYPES,
)
