"""AWS's size limits for every kind of document, and the one way that documents are written.

AWS would refuse a document that is too large in the middle of an update, so it is refused or split here,
before anything is created. Where a quota can be raised, its default counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from timestream_baseline.documents.parts import Document, Statement, document

_IAM: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many characters a document may have. Without white space all counts of AWS agree."""

    of: str
    characters: int
    source: str


# All inline policies of a role together. IAM does not count white space; our documents have none.
INLINE_POLICIES: Final = Limit(of="the inline policies of a role", characters=10_240, source=_IAM)
MANAGED_POLICY: Final = Limit(of="a managed policy", characters=6_144, source=_IAM)
# The default; it can be raised to 8,192.
TRUST_POLICY: Final = Limit(of="the trust policy of a role", characters=2_048, source=_IAM)
KEY_POLICY: Final = Limit(
    of="a key policy",
    characters=32_768,
    source="https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
)
BUCKET_POLICY: Final = Limit(
    of="a bucket policy",
    characters=20_480,
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html",
)
TOPIC_POLICY: Final = Limit(
    of="a topic policy",
    characters=30_720,
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html",
)
QUEUE_POLICY: Final = Limit(
    of="a queue policy",
    characters=8_192,
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html",
)
ENDPOINT_POLICY: Final = Limit(
    of="an endpoint policy",
    characters=20_480,
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html",
)
# AWS documents no size for it: the smallest of the other resource policies is what it surely takes.
VAULT_POLICY: Final = Limit(
    of="the access policy of a backup vault",
    characters=8_192,
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html",
)
# The default quota; the API itself takes 4,096.
EVENT_PATTERN: Final = Limit(
    of="an event pattern",
    characters=2_048,
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
)
INPUT_TEMPLATE: Final = Limit(
    of="the text of an announced event",
    characters=8_192,
    source="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html",
)
FILTER_POLICY: Final = Limit(
    of="the filter policy of a subscription",
    characters=262_144,
    source="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html",
)
FILTER_PATTERN: Final = Limit(
    of="the pattern of a metric filter",
    characters=1_024,
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
)
# AWS documents how many widgets and metrics (below) and no size: one megabyte is our own limit.
DASHBOARD: Final = Limit(
    of="the body of a dashboard",
    characters=1_048_576,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
)

# Counts. The default quota of managed policies can be raised to 25.
MANAGED_POLICIES_PER_ROLE: Final = 10  # reference_iam-quotas.html
DASHBOARD_WIDGETS: Final = 500  # cloudwatch_limits.html
WIDGET_METRICS: Final = 500  # cloudwatch_limits.html
DASHBOARD_METRICS: Final = 2_500  # cloudwatch_limits.html
ALARM_ACTIONS: Final = 5  # cloudwatch_limits.html
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
SELECTOR_VALUES: Final = 500
TRAILS_PER_REGION: Final = 5
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
TARGETS_PER_RULE: Final = 5
RULES_PER_BUS: Final = 300
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
FILTERS_PER_LOG_GROUP: Final = 100
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
QUEUE_STATEMENTS: Final = 20
QUEUE_ACTIONS_PER_STATEMENT: Final = 7
# https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
TOPIC_STATEMENTS: Final = 100
# ARNs without wildcards. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
RESOURCES_PER_BACKUP_SELECTION: Final = 500
# https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html
SELECTIONS_PER_BACKUP_PLAN: Final = 100


def compact(content: Mapping[str, Any]) -> str:
    """Write a document: always the same bytes for the same content, without white space, ASCII only.

    IAM takes no character beyond U+00FF; JSON can write every other one as an escape.
    """
    return json.dumps(content, separators=(",", ":"), sort_keys=True)


def size(*contents: Mapping[str, Any] | str) -> int:
    """Count what documents or patterns take together."""
    return sum(len(content if isinstance(content, str) else compact(content)) for content in contents)


def fits(limit: Limit, *contents: Mapping[str, Any] | str) -> bool:
    """Tell whether AWS takes these documents or patterns, which share one limit."""
    return size(*contents) <= limit.characters


def excess(limit: Limit, *contents: Mapping[str, Any] | str) -> str | None:
    """Say by how much documents are too large, as the middle of a sentence about them; None when they fit."""
    taken = size(*contents)
    if taken <= limit.characters:
        return None
    return f"makes {limit.of} {taken:,} characters long, and AWS takes {limit.characters:,}"


def split(statements: Sequence[Statement], limit: Limit) -> list[Document]:
    """Spread statements over as few documents as their order allows, each within the limit.

    A statement that is too large alone is split by its resources; the later ones get a number in their Sid.
    """
    documents: list[list[Statement]] = []
    for statement in (part for whole in statements for part in _parts(whole, limit)):
        if documents and fits(limit, document(*documents[-1], statement)):
            documents[-1].append(statement)
        else:
            documents.append([statement])
    return [document(*found) for found in documents]


def _parts(statement: Statement, limit: Limit) -> list[Statement]:
    """Split a statement by its resources until each part fits."""
    resources = statement.get("Resource")
    parts: list[list[str]] = []
    if fits(limit, document(statement)):
        return [statement]
    if not isinstance(resources, list):
        raise ValueError(
            f'statement "{statement.get("Sid")}" is too large for {limit.of} and cannot be split'
        )
    for resource in resources:
        if parts and fits(limit, document(_part(statement, len(parts), [*parts[-1], resource]))):
            parts[-1].append(resource)
        else:
            parts.append([resource])
    return [_part(statement, number, some) for number, some in enumerate(parts, start=1)]


def _part(statement: Statement, number: int, resources: list[str]) -> Statement:
    sid = statement["Sid"] if number == 1 else f"{statement['Sid']}{number}"
    return {**statement, "Sid": sid, "Resource": resources}


def stand_in_key_arn(*, partition: str, region: str, account: str) -> str:
    """Write a key ARN as long as any, for the size of a document whose keys do not exist yet."""
    return f"arn:{partition}:kms:{region}:{account}:key/mrk-00000000-0000-0000-0000-000000000000"
