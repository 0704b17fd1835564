"""The call log: every call that reached the sandbox's AWS, one JSON object a line."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

MASKED = "(secret)"
LONGEST_TEXT = 4096
LARGEST_ANSWER = 65536

_SECRET_WORDS = (
    "password",
    "secretstring",
    "secretbinary",
    "secretaccesskey",
    "sessiontoken",
    "plaintext",
    "privatekey",
    "webidentitytoken",
    "samlassertion",
    "customerkey",
    "authtoken",
)


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One call of an AWS operation and what it was answered."""

    time: float
    """Seconds since 1970."""
    service: str
    """The name of the service's client in boto3."""
    action: str
    region: str
    host: str
    principal: str
    """The ARN of the caller."""
    request: dict[str, Any]
    """The parameters, with secrets masked."""
    status: int
    answer: dict[str, Any] = {}
    """The result, with secrets masked; empty for an error."""
    error: str | None = None
    """The error's code."""
    message: str | None = None
    """The error's message."""
    milliseconds: float = 0.0


class CallLog:
    """Appends calls to a file; a line is always whole, also when the server is killed."""

    def __init__(self, path: Path) -> None:
        """Open the log for appending."""
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._lock = threading.Lock()

    def write(self, call: Call) -> None:
        """Append one call."""
        line = msgspec.json.encode(call, enc_hook=str) + b"\n"
        with self._lock:
            os.write(self._descriptor, line)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            os.ftruncate(self._descriptor, 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def read_calls(
    path: Path, service: str | None = None, action: str | None = None, error: str | None = None
) -> list[Call]:
    """Return the calls of a log, oldest first, only those that agree with what is given."""
    if not path.exists():
        return []
    decoder = msgspec.json.Decoder(Call)
    calls = [decoder.decode(line) for line in path.read_bytes().splitlines()]
    return [
        call
        for call in calls
        if (service is None or call.service == service)
        and (action is None or call.action == action)
        and (error is None or call.error == error)
    ]


def masked(value: Any) -> Any:
    """Return a value without its secrets and without long texts and binary data."""
    if isinstance(value, Mapping):
        return {
            str(key): MASKED if _is_secret(str(key), item) else masked(item) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(item) for item in value]
    if isinstance(value, bytes | bytearray):
        return f"({len(value)} bytes)"
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}… ({len(value)} characters)"
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _is_secret(key: str, value: Any) -> bool:
    # A structure or a switch whose name has such a word (PasswordLength, ExcludePunctuation) is none.
    word = key.lower().replace("-", "").replace("_", "")
    return isinstance(value, str | bytes) and any(secret in word for secret in _SECRET_WORDS)
