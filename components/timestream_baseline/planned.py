"""What a baseline will have: texts as long as the real ones, for the size of documents that name them."""

from __future__ import annotations

from collections.abc import Mapping

from timestream_baseline.databases import accept_late_records
from timestream_baseline.documents.limits import stand_in_key_arn
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.location import Location

TRAIL_KEYS = ("trail", "logGroup")


def planned_keys(settings: Baseline, location: Location) -> Mapping[str, str]:
    """Return the ARN of each key by what it encrypts, as the output `key_arns` does."""
    longest = stand_in_key_arn(partition=location.partition, region=location.region, account=location.account)
    audit, made = settings.audit, settings.audit.trail == "create"
    wanted = {
        **{f"scheduledQueries/{query}": True for query in settings.scheduled_queries},
        "topic": settings.monitoring.topic_arn is None,
        "rejectedRecords": bool(accept_late_records(settings.databases) or settings.scheduled_queries),
        "influxdbLogs": bool(settings.influxdb),
        "clientSide": settings.encryption.client_side_key,
        "trail": made,
        "logGroup": audit.makes_log_group,
        "backup": settings.backup.enabled and any(it.tables for it in settings.databases.values()),
    }
    purposes = [
        *(f"databases/{database}" for database in settings.databases),
        *(purpose for purpose, is_wanted in wanted.items() if is_wanted),
    ]
    # Different keys, since documents name each key once.
    keys = {purpose: f"{longest[:-5]}{number:05}" for number, purpose in enumerate(purposes)}
    for database, it in settings.databases.items():
        if isinstance(it.key_arn, str):
            keys[f"databases/{database}"] = it.key_arn
        elif it.key_arn is None and settings.encryption.shared_key:
            keys[f"databases/{database}"] = longest
    return keys
