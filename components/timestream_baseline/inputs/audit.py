"""The audit trail: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import ClassVar, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Integer, setting
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import LOG_GROUP, TOPIC_ARN, TRAIL_ARN, TextInput


class AuditArgs(TypedDict, total=False):
    """The trail that records who did what."""

    trail: str
    """"create", "existing" or "none". Default: create."""
    trail_arn: str
    """The trail, if it exists."""
    existing_log_group_name: str
    """A log group that already gets the account's management events."""
    data_events: bool
    """Record queries, which are data events and cost extra. Default: true."""
    management_events: bool
    """Record management events; false if another trail has them. Default: true."""
    insights: bool
    """Let CloudTrail look for unusual rates of calls and errors. Default: true."""
    multi_region: bool
    """Record all regions. Default: true."""
    log_group: bool
    """Send the trail to a log group too. Default: true."""
    log_retention_days: int
    """How long the log group keeps events. Default: 400."""
    object_lock_mode: str
    """"governance", "compliance" or "none". Default: governance."""
    object_lock_days: int
    """How long logs in the bucket cannot be deleted. Default: 365."""
    access_logs: bool
    """A bucket for the log of requests to the log bucket. Default: true."""


class AuditTrailPartArgs(AuditArgs, SharedArgs, total=False):
    """The arguments of AuditTrail."""

    topic_arn: pulumi.Input[str]
    """The topic on which deliveries are announced; its policy must let CloudTrail publish."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The trail that records who did what."""

    NOT_BUILT: ClassVar[tuple[str, ...]] = (
        "trail",
        "trail_arn",
        "existing_log_group_name",
        "data_events",
        "management_events",
        "insights",
        "multi_region",
        "log_group",
        "log_retention_days",
        "object_lock_mode",
        "object_lock_days",
        "access_logs",
    )

    trail: str = setting(Choice(("create", "existing", "none")), "create")
    trail_arn: str | None = setting(TRAIL_ARN)
    existing_log_group_name: str | None = setting(LOG_GROUP)
    data_events: bool = setting(Boolean(), True)
    management_events: bool = setting(Boolean(), True)
    # None: not given. A default that cannot apply is dropped, an explicit value is an error.
    insights: bool | None = setting(Boolean())
    multi_region: bool = setting(Boolean(), True)
    log_group: bool = setting(Boolean(), True)
    log_retention_days: int = setting(Integer(1, 3653), 400)
    object_lock_mode: str = setting(Choice(("governance", "compliance", "none")), "governance")
    object_lock_days: int = setting(Integer(1, 36500), 365)
    access_logs: bool = setting(Boolean(), True)


@dataclass(frozen=True, kw_only=True)
class AuditTrailPart(Audit, Shared):
    """Everything that AuditTrail takes."""

    topic_arn: TextInput | None = setting(InputText(TOPIC_ARN))
