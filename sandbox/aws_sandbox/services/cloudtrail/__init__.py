"""AWS CloudTrail: trails and event data stores."""

from aws_sandbox.resource import ResourceType
from aws_sandbox.services.cloudtrail import event_data_stores, trails

TYPES: tuple[ResourceType, ...] = (*trails.TYPES, *event_data_stores.TYPES)
