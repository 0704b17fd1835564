"""Backups: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import ClassVar, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Integer, setting
from timestream_baseline.inputs.records import ListOf
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import SCHEDULE, TABLE_ARN, TOPIC_ARN, VAULT_ARN, TextInput


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
    topic_arn: pulumi.Input[str]
    """The topic on which failed backups are announced; its policy must let AWS Backup publish."""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """Backups of LiveAnalytics tables with AWS Backup."""

    NOT_BUILT: ClassVar[tuple[str, ...]] = (
        "enabled",
        "schedule",
        "retention_days",
        "cold_after_days",
        "vault_lock",
        "copy_to_vault_arn",
        "notify",
    )

    enabled: bool = setting(Boolean(), True)
    schedule: str = setting(SCHEDULE, "cron(0 3 * * ? *)")
    retention_days: int = setting(Integer(1, 36500), 35)
    cold_after_days: int | None = setting(Integer(1, 36410))
    vault_lock: str = setting(Choice(("governance", "compliance", "none")), "governance")
    copy_to_vault_arn: TextInput | None = setting(InputText(VAULT_ARN))
    notify: bool = setting(Boolean(), True)


@dataclass(frozen=True, kw_only=True)
class BackupPart(Backup, Shared):
    """Everything that Backup takes."""

    table_arns: tuple[TextInput, ...] = setting(ListOf(InputText(TABLE_ARN)), ())
    topic_arn: TextInput | None = setting(InputText(TOPIC_ARN))
