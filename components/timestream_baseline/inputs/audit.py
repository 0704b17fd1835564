"""The audit trail: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Integer, setting
from timestream_baseline.inputs.mistakes import Place, shown
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import LOG_GROUP, TOPIC_ARN, TRAIL_ARN, TextInput

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_RETENTION_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# What describes a trail that is made here: how it records, and where its records are kept.
_HOW: Final = (
    "insights",
    "multi_region",
    "log_group",
    "log_retention_days",
    "object_lock_mode",
    "object_lock_days",
    "access_logs",
)
_WHAT: Final = ("data_events", "management_events")


class AuditArgs(TypedDict, total=False):
    """The trail that records who did what."""

    trail: str
    """"create", "existing" (read, and nothing of it changed) or "none". Default: create."""
    trail_arn: str
    """The trail, if it exists."""
    existing_log_group_name: str
    """A log group that already gets the account's management events. Default: one is made for our trail."""
    data_events: bool
    """Record queries, which are data events and cost extra. Default: true."""
    management_events: bool
    """Record management events; false if another trail has them. Default: true."""
    insights: bool
    """Let CloudTrail look for unusual rates of calls and errors; needs management_events. Default: true."""
    multi_region: bool
    """Record all regions. Default: true."""
    log_group: bool
    """Send the trail to a log group too. Default: true."""
    log_retention_days: int
    """How long the log group keeps events: a number of days that CloudWatch offers. Default: 400."""
    object_lock_mode: str
    """"governance" (one permission lifts it), "compliance" (nothing does), "none". Default: governance."""
    object_lock_days: int
    """How long logs in the bucket cannot be deleted. Default: 365."""
    access_logs: bool
    """A bucket for the log of requests to the log bucket. Default: true."""


class AuditTrailPartArgs(AuditArgs, SharedArgs, total=False):
    """The arguments of AuditTrail."""

    topic_arn: pulumi.Input[str]
    """The topic on which deliveries are announced; its policy must let the trail publish. Default: none."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The trail that records who did what."""

    trail: str = setting(Choice(("create", "existing", "none")), "create")
    trail_arn: str | None = setting(TRAIL_ARN)
    existing_log_group_name: str | None = setting(LOG_GROUP)
    data_events: bool = setting(Boolean(), True)
    management_events: bool = setting(Boolean(), True)
    insights: bool = setting(Boolean(), True)
    multi_region: bool = setting(Boolean(), True)
    log_group: bool = setting(Boolean(), True)
    log_retention_days: int = setting(Integer(1, 3653), 400)
    object_lock_mode: str = setting(Choice(("governance", "compliance", "none")), "governance")
    object_lock_days: int = setting(Integer(1, 36500), 365)
    access_logs: bool = setting(Boolean(), True)
    # A default that cannot apply is dropped, a value that was given and cannot apply is an error.
    given: frozenset[str] = frozenset()

    @property
    def makes_log_group(self) -> bool:
        """Tell whether the trail gets a log group of its own."""
        return self.trail == "create" and self.log_group and self.existing_log_group_name is None

    def check(self, place: Place) -> None:
        """Refuse what does not apply to the trail that was chosen."""
        if self.trail == "existing" and self.trail_arn is None:
            place.field("trail_arn").mistake("is missing; name the trail that exists")
        if self.trail != "existing" and self.trail_arn is not None:
            place.field("trail_arn").mistake(
                f"names a trail, but trail is {shown(self.trail)}; set trail to existing or leave it out"
            )
        if self.trail == "create":
            self._check_own_trail(place)
        else:
            self._refuse(_HOW, place)
        if self.trail == "none":
            self._refuse(_WHAT, place)

    def _refuse(self, names: tuple[str, ...], place: Place) -> None:
        for name in names:
            if name in self.given:
                place.field(name).mistake(
                    f"describes a trail that is made here, but trail is {shown(self.trail)}; leave it out"
                )

    def _check_own_trail(self, place: Place) -> None:
        if not self.management_events and not self.data_events:
            both = f"{place.spelled('management_events')} nor {place.spelled('data_events')}"
            place.mistake(f"has neither {both}, so its trail would record nothing; set trail to none")
        if self.insights and "insights" in self.given and not self.management_events:
            place.field("insights").mistake(
                f"needs {place.spelled('management_events')}, which is false: CloudTrail looks at management "
                "events only; leave it out"
            )
        if self.log_retention_days not in LOG_RETENTION_DAYS:
            place.field("log_retention_days").mistake(
                f"is {self.log_retention_days}, which CloudWatch does not offer; "
                f"give {_around(self.log_retention_days)}"
            )
        if "log_retention_days" in self.given and not self.makes_log_group:
            other = "log_group" if not self.log_group else "existing_log_group_name"
            is_what = "false" if not self.log_group else "given"
            place.field("log_retention_days").mistake(
                f"describes a log group that is made here, but {place.spelled(other)} is {is_what}; "
                "leave it out"
            )
        if "object_lock_days" in self.given and self.object_lock_mode == "none":
            place.field("object_lock_days").mistake(
                f"needs a lock, but {place.spelled('object_lock_mode')} is none; leave it out"
            )


def _around(days: int) -> str:
    below = max(offered for offered in LOG_RETENTION_DAYS if offered < days)
    return f"{below} or {min(offered for offered in LOG_RETENTION_DAYS if offered > days)}"


@dataclass(frozen=True, kw_only=True)
class AuditTrailPart(Audit, Shared):
    """Everything that AuditTrail takes."""

    topic_arn: TextInput | None = setting(InputText(TOPIC_ARN))
    # Inside the baseline: what bounds the role that delivers events.
    boundary_arn: str | None = None
    # Inside the baseline: the logical name and the name of each other bucket, by what it is for.
    used_buckets: Mapping[str, tuple[str, pulumi.Output[str]]] = field(default_factory=dict)

    def check(self, place: Place) -> None:
        """Only a trail that is made here announces its deliveries there."""
        super().check(place)
        if self.topic_arn is not None and self.trail != "create":
            place.field("topic_arn").mistake(
                f"is where a trail that is made here announces deliveries, but trail is {shown(self.trail)}; "
                "leave it out"
            )
