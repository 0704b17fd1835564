"""What pulumi_aws calls `cloudwatch`: CloudWatch, CloudWatch Logs and EventBridge."""

from aws_sandbox.resource import ResourceType
from aws_sandbox.services.cloudwatch import alarms, dashboards, events, logs

TYPES: tuple[ResourceType, ...] = (*alarms.TYPES, *dashboards.TYPES, *events.TYPES, *logs.TYPES)
