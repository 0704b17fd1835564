"""Physical names: one function makes each of them from the component's name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

_HASH_LENGTH: Final = 8


@dataclass(frozen=True)
class NameRule:
    """What a service allows in a name."""

    allowed: str
    longest: int
    # Names that differ only in case are one name for this service.
    ignores_case: bool = False
    prefix: str = ""
    # Marks (. _ -) may not stand beside each other, nor first or last.
    single_marks: bool = False


# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html (no "." in an alias)
ALIAS: Final = NameRule(r"A-Za-z0-9/_-", 256, prefix="alias/")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names are unique without case)
ROLE: Final = NameRule(r"A-Za-z0-9_+=,.@-", 64, ignores_case=True)
# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
TOPIC: Final = NameRule(r"A-Za-z0-9_-", 256)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (63; Pulumi's suffix takes 8)
BUCKET: Final = NameRule(r"a-z0-9-", 55)
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
ALARM: Final = NameRule(r"A-Za-z0-9_.-", 255)
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
EVENT_RULE: Final = NameRule(r"A-Za-z0-9_.-", 64)
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
QUEUE: Final = NameRule(r"A-Za-z0-9_-", 80)
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
DASHBOARD: Final = NameRule(r"A-Za-z0-9_-", 255)
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html (no `:*`)
METRIC_FILTER: Final = NameRule(r"A-Za-z0-9_./-", 512)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
POLICY: Final = NameRule(r"A-Za-z0-9_+=,.@-", 128, ignores_case=True)
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html (50; the suffix takes 8)
BACKUP: Final = NameRule(r"A-Za-z0-9_-", 42)
# https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_CreateScheduledQuery.html
SCHEDULED_QUERY: Final = NameRule(r"A-Za-z0-9_.-", 64)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (in a VPC; no `sg-`
# first; 255, and Pulumi's suffix takes 8 where a group is retained with what it protects)
SECURITY_GROUP: Final = NameRule(r"A-Za-z0-9_.-", 247, ignores_case=True, prefix="timestream-")
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
TRAIL: Final = NameRule(r"A-Za-z0-9._-", 128, single_marks=True)
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html (512; the
# suffix takes 8)
LOG_GROUP: Final = NameRule(r"A-Za-z0-9_/.#-", 504)


def physical_name(component: str, *parts: str, rule: NameRule, separator: str = "-") -> str:
    """Make the name of a resource from the component's name and what the resource is for.

    Characters that the service refuses become `-`. A name that was altered or is too long ends in a hash of
    the original, so that two different originals do not meet.
    """
    original = separator.join([component, *parts])
    longest = rule.longest - len(rule.prefix)
    name = _allowed(original, rule)
    if name != original or len(name) > longest:
        digest = hashlib.sha256("\0".join([component, *parts]).encode()).hexdigest()[:_HASH_LENGTH]
        name = _allowed(f"{name[: longest - _HASH_LENGTH - 1]}-{digest}", rule)
    return rule.prefix + name


def _allowed(name: str, rule: NameRule) -> str:
    name = re.sub(rf"[^{rule.allowed}]", "-", name)
    if rule.single_marks:
        name = re.sub(r"[._-]{2,}", "-", name).strip("._-")
    return name.lstrip("-")


def key_alias(component: str, purpose: str) -> str:
    """Name the alias of a key by what it encrypts: `alias/baseline/databases/metrics`."""
    return physical_name(component, *purpose.split("/"), rule=ALIAS, separator="/")


def role_name(component: str, kind: str, name: str) -> str:
    """Name a role: `baseline-writers-ingest`."""
    return physical_name(component, kind, name, rule=ROLE)


def topic_name(component: str) -> str:
    """Name the topic of the alarms."""
    return physical_name(component, rule=TOPIC)


def bucket_name(component: str, purpose: str) -> str:
    """Name a bucket; Pulumi adds a random suffix, so that one that was retained is not in the way."""
    return physical_name(component, purpose, rule=BUCKET)


def trail_name(component: str) -> str:
    """Name the trail: `baseline-trail`. No suffix: its ARN stands in policies before it exists."""
    return physical_name(component, "trail", rule=TRAIL)


def log_group_name(component: str, purpose: str) -> str:
    """Name a log group; Pulumi adds a random suffix, so that one that was retained is not in the way."""
    return physical_name(component, purpose, rule=LOG_GROUP)


def alarm_name(component: str, metric: str, operation: str) -> str:
    """Name an alarm: `baseline-SystemErrors-Query`."""
    return physical_name(component, metric, operation, rule=ALARM)


def security_group_name(component: str, purpose: str) -> str:
    """Name a security group: `timestream-baseline-endpoints`."""
    return physical_name(component, purpose, rule=SECURITY_GROUP)


def backup_name(component: str, purpose: str) -> str:
    """Name a vault, a plan or a selection; Pulumi adds a random suffix, so that a retained one may stay."""
    return physical_name(component, purpose, rule=BACKUP)


def scheduled_query_name(component: str, query: str) -> str:
    """Name a scheduled query: `baseline-hourly`."""
    return physical_name(component, query, rule=SCHEDULED_QUERY)


def policy_name(component: str, role: str, purpose: str) -> str:
    """Name a managed policy by the role that it belongs to: `baseline-backup-keys-1`."""
    return physical_name(component, role, purpose, rule=POLICY)


def policy_prefix(component: str) -> str:
    """Say how the names of all managed policies of a component begin."""
    return _allowed(f"{component}-", POLICY)


def rule_name(component: str, purpose: str) -> str:
    """Name an EventBridge rule: `baseline-keys`."""
    return physical_name(component, purpose, rule=EVENT_RULE)


def queue_name(component: str, purpose: str) -> str:
    """Name a queue: `baseline-undelivered`."""
    return physical_name(component, purpose, rule=QUEUE)


def dashboard_name(component: str) -> str:
    """Name the dashboard."""
    return physical_name(component, rule=DASHBOARD)


def metric_filter_name(component: str, purpose: str) -> str:
    """Name a metric filter: `baseline-RootUsage`."""
    return physical_name(component, purpose, rule=METRIC_FILTER)
