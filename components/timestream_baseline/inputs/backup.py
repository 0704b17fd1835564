"""Backups: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import Final, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Integer, Text, setting
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.records import ListOf
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import KEY_ARN, TABLE_ARN, TOPIC_ARN, VAULT_ARN, TextInput


class BackupArgs(TypedDict, total=False):
    """Backups of LiveAnalytics tables with AWS Backup."""

    enabled: bool
    """Make backups. Default: true."""
    schedule: str
    """When backups begin. Default: cron(0 3 * * ? *)."""
    retention_days: int
    """How long a backup is kept. Default: 35."""
    cold_after_days: int
    """Move backups to cold storage after this; they must be kept at least 90 days more. Default: never."""
    vault_lock: str
    """"governance", "compliance" or "none". Default: governance."""
    copy_to_vault_arn: pulumi.Input[str]
    """A vault of another region or account that gets a copy."""
    notify: bool
    """Announce failed backups on the topic. Default: true."""


class BackupPartArgs(BackupArgs, SharedArgs, total=False):
    """The arguments of Backup."""

    table_arns: list[pulumi.Input[str]]
    """The tables to back up. Needed."""
    database_key_arns: list[pulumi.Input[str]]
    """The customer managed keys of the databases that hold these tables."""
    topic_arn: pulumi.Input[str]
    """The topic on which failed backups are announced; its policy must let AWS Backup publish."""


# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
COLD_STORAGE_DAYS: Final = 90
# AWS Backup knows cron expressions only, in UTC.
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
CRON: Final = Text(
    "a cron expression of six fields in UTC such as cron(0 3 * * ? *)", r"cron\([^()\s]+( [^()\s]+){5}\)"
)


@dataclass(frozen=True, kw_only=True)
class Backup:
    """Backups of LiveAnalytics tables with AWS Backup."""

    enabled: bool = setting(Boolean(), True)
    schedule: str = setting(CRON, "cron(0 3 * * ? *)")
    retention_days: int = setting(Integer(1, 36500), 35)
    cold_after_days: int | None = setting(Integer(1, 36410))
    vault_lock: str = setting(Choice(("governance", "compliance", "none")), "governance")
    copy_to_vault_arn: TextInput | None = setting(InputText(VAULT_ARN))
    notify: bool = setting(Boolean(), True)

    def check(self, place: Place) -> None:
        """Leave every backup at least 90 days in cold storage."""
        if self.cold_after_days is None:
            return
        needed = self.cold_after_days + COLD_STORAGE_DAYS
        if self.retention_days < needed:
            retention = place.spelled("retention_days")
            place.field("cold_after_days").mistake(
                f"is {self.cold_after_days}, and cold storage keeps a backup for at least "
                f"{COLD_STORAGE_DAYS} days more, but {retention} is {self.retention_days}; "
                f"make {retention} at least {needed} or leave this out"
            )


@dataclass(frozen=True, kw_only=True)
class BackupPart(Backup, Shared):
    """Everything that Backup takes."""

    table_arns: tuple[TextInput, ...] = setting(ListOf(InputText(TABLE_ARN)), ())
    database_key_arns: tuple[TextInput, ...] = setting(ListOf(InputText(KEY_ARN)), ())
    topic_arn: TextInput | None = setting(InputText(TOPIC_ARN))
    # Inside the baseline: what bounds the role.
    boundary_arn: TextInput | None = None

    def check(self, place: Place) -> None:
        """Backups need something to back up."""
        super().check(place)
        if self.enabled and not self.table_arns:
            place.field("table_arns").mistake("is missing; name the tables to back up")


def weakened_defaults(settings: BackupPart, prefix: str) -> list[str]:
    """Say which secure defaults were turned off, each with its name as the user writes it."""
    defaults = Backup()
    if not settings.enabled:
        return [f"{prefix}enabled is false (default true): no table is backed up (TS-BK-002)"]
    weakened = []
    if settings.retention_days < defaults.retention_days:
        weakened.append(
            f"{prefix}retention_days is {settings.retention_days} (default {defaults.retention_days}): "
            "less time to notice that records are wrong or gone (TS-BK-003)"
        )
    if settings.vault_lock == "none":
        weakened.append(
            f"{prefix}vault_lock is none (default {defaults.vault_lock}): only the policy of the vault "
            "keeps backups from being deleted (TS-BK-005)"
        )
    if settings.notify and settings.topic_arn is None:
        weakened.append(f"{prefix}notify needs a topic_arn, and none is given: nobody is told of failures")
    if not settings.notify:
        weakened.append(f"{prefix}notify is false (default true): nobody is told when a backup fails")
    return weakened
