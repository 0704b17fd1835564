"""AWS Backup: vaults, plans and selections."""

from aws_sandbox.resource import ResourceType
from aws_sandbox.services.backup import plans, vaults

TYPES: tuple[ResourceType, ...] = (*vaults.TYPES, *plans.TYPES)
