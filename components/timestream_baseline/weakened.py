"""What is said when secure defaults that every part has are turned off."""

from __future__ import annotations

from timestream_baseline.inputs.encryption import Encryption, Key

_DEFAULTS = Key()


def weakened_defaults(keys: Key, *, protect_data: bool, section: str) -> list[str]:
    """Say which secure defaults were turned off. `section` is where the arguments of keys stand."""
    weakened = []
    if not protect_data:
        weakened.append(
            "protect_data is false (default true): destroy deletes what holds data, and its keys (TS-GEN-003)"
        )
    if keys.deletion_window_days < _DEFAULTS.deletion_window_days:
        weakened.append(
            f"{section}deletion_window_days is {keys.deletion_window_days} (default "
            f"{_DEFAULTS.deletion_window_days}): less time to notice the deletion of a key (TS-KMS-003)"
        )
    if isinstance(keys, Encryption) and keys.shared_key:
        weakened.append(f"{section}shared_key is true (default false): one key opens all databases")
    return weakened
