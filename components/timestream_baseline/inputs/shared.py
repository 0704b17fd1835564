"""Arguments that every part has beside its own section."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import TypedDict

from timestream_baseline.inputs.encryption import Encryption, EncryptionArgs
from timestream_baseline.inputs.kinds import Boolean, setting
from timestream_baseline.inputs.records import Record, TagMap
from timestream_baseline.inputs.texts import REGION


class SharedArgs(TypedDict, total=False):
    """Arguments of every part that can be used alone."""

    encryption: EncryptionArgs
    """Customer managed keys."""
    protect_data: bool
    """Protect and retain what holds data, and its keys. Default: true."""
    tags: dict[str, str]
    """Tags of everything that can be tagged."""
    region: str
    """The region of every regional resource. Default: the provider's."""


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What every part needs beside its own section."""

    encryption: Encryption = setting(Record(Encryption), factory=Encryption)
    protect_data: bool = setting(Boolean(), True)
    tags: dict[str, str] = setting(TagMap(), factory=dict)
    region: str = setting(REGION, "")
