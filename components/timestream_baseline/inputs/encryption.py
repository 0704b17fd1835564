"""Customer managed keys: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from timestream_baseline.inputs.kinds import Boolean, Integer, Text, setting
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.records import ListOf, TagMap
from timestream_baseline.inputs.texts import REGION, ROLE_ARN

# A replica has no region to fall back to.
NAMED_REGION: Final = Text("a region such as eu-central-1", r"[a-z]{2,}(-[a-z]+)+-\d+")


class KeyArgs(TypedDict, total=False):
    """How keys are made and who may administer them."""

    administrators: list[str]
    """Roles (ARNs) that manage the keys, the deploying one among them. Default: the account, through IAM."""
    rotation_period_days: int
    """How often keys rotate, 90 to 365 days. Default: 365."""
    deletion_window_days: int
    """How long a key that is scheduled for deletion can be saved, 7 to 30 days. Default: 30."""
    multi_region: bool
    """Keys that can be replicated into other regions; keys that exist cannot change this. Default: false."""
    replica_regions: list[str]
    """Regions that get a replica of the keys of databases and backups; needs multi_region. Default: none."""


class EncryptionArgs(KeyArgs, total=False):
    """Customer managed keys."""

    shared_key: bool
    """One key for all databases. Default: false."""
    client_side_key: bool
    """A separate key with which applications encrypt values before they send them. Default: false."""


class EncryptionKeyPartArgs(KeyArgs, total=False):
    """The arguments of EncryptionKey."""

    purpose: str
    """What the key encrypts: part of its alias and description. Default: databases."""
    protect_data: bool
    """Protect and retain the key. Default: true."""
    tags: dict[str, str]
    """Tags of the key."""
    region: str
    """The region of the key. Default: the provider's."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """How keys are made and who may administer them."""

    administrators: tuple[str, ...] = setting(ListOf(ROLE_ARN), ())
    rotation_period_days: int = setting(Integer(90, 365), 365)
    deletion_window_days: int = setting(Integer(7, 30), 30)
    multi_region: bool = setting(Boolean(), False)
    replica_regions: tuple[str, ...] = setting(ListOf(NAMED_REGION), ())

    def check(self, place: Place) -> None:
        """Only a multi-Region key can have replicas."""
        if self.replica_regions and not self.multi_region:
            place.field("replica_regions").mistake(
                f"needs {place.spelled('multi_region')}: true; only multi-Region keys have replicas"
            )


@dataclass(frozen=True, kw_only=True)
class Encryption(Key):
    """Customer managed keys."""

    shared_key: bool = setting(Boolean(), False)
    client_side_key: bool = setting(Boolean(), False)


@dataclass(frozen=True, kw_only=True)
class EncryptionKeyPart(Key):
    """Everything that EncryptionKey takes."""

    purpose: str = setting(
        Text("letters, digits and the characters / _ -", r"[A-Za-z0-9/_-]{1,100}"), "databases"
    )
    protect_data: bool = setting(Boolean(), True)
    tags: dict[str, str] = setting(TagMap(), factory=dict)
    region: str = setting(REGION, "")
    # Inside the baseline: the name that physical names are made from, and what writes the key policy.
    owner: str | None = None
    policy: Callable[..., dict[str, Any]] | None = None
