"""What is said about an audit trail that records less, or is kept less safely, than by default."""

from __future__ import annotations

from collections.abc import Iterator

from timestream_baseline.inputs.audit import Audit

_DEFAULTS = Audit()
_A_YEAR = 365


def weakened_defaults(audit: Audit, prefix: str) -> list[str]:
    """Say which secure defaults were turned off, and what is lost. `prefix` is where the arguments stand."""
    if audit.trail == "none":
        return [
            f"{prefix}trail is none (default create): this baseline records nothing of who did what, and "
            "queries are in no trail that does not ask for them (TS-CT-013)"
        ]
    if audit.trail == "existing":
        return []
    return [f"{prefix}{message}" for message in (*_records(audit), *_keeps(audit))]


def _records(audit: Audit) -> Iterator[str]:
    """Say what the trail does not record."""
    if not audit.data_events:
        yield "data_events is false (default true): queries are not recorded (TS-CT-013)"
    if not audit.management_events and audit.insights:
        yield (
            "insights is dropped (default true): CloudTrail looks at management events only, and "
            "management_events is false (TS-CT-015)"
        )
    if audit.management_events and not audit.insights:
        yield (
            "insights is false (default true): nobody is told of unusual rates of calls and errors "
            "(TS-CT-010)"
        )
    if not audit.multi_region:
        yield "multi_region is false (default true): calls in other regions are not recorded (TS-CT-003)"


def _year(days: int) -> str:
    """Name the rule that asks for a year."""
    return " (TS-CW-007)" if days < _A_YEAR else ""


def _keeps(audit: Audit) -> Iterator[str]:
    """Say what is missing where its records are kept."""
    if not audit.log_group:
        yield "log_group is false (default true): no alarm can watch the trail (TS-CT-004)"
    if audit.makes_log_group and audit.log_retention_days < _DEFAULTS.log_retention_days:
        yield (
            f"log_retention_days is {audit.log_retention_days} (default {_DEFAULTS.log_retention_days}): "
            f"the log group forgets events earlier{_year(audit.log_retention_days)}"
        )
    if audit.object_lock_mode == "none":
        yield "object_lock_mode is none (default governance): whoever may write to S3 can delete log files"
    elif audit.object_lock_days < _DEFAULTS.object_lock_days:
        yield (
            f"object_lock_days is {audit.object_lock_days} (default {_DEFAULTS.object_lock_days}): log "
            "files can be deleted earlier"
        )
    if not audit.access_logs:
        yield (
            "access_logs is false (default true): nobody can tell who read or deleted log files, nor who "
            "used the other buckets (TS-S3-010)"
        )
