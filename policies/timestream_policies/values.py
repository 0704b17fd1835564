"""Property values as the engine and state files write them, decoded once for all front ends.

Four things differ from plain JSON: unknowns (seven sentinel strings), secrets (wrapped, in four
forms), outputs (wrapped) and numbers (always floats on the wire).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the published mark of a secret, not one
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
REDACTED = "[secret]"
# The names inside a secret are secret too, but not those that look like names of properties
# (`s3Configuration`) and conditions (`aws:SourceArn`): no message could be read without these words.
_PUBLISHED_NAME = re.compile(r"(?:s3)?[A-Za-z]+(?::[A-Za-z]+)?")

# sdk/go/common/resource/plugin/rpc.go: one sentinel for each kind of value.
SENTINELS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string, and what the language SDKs send
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


class Unknown(msgspec.Struct, frozen=True):
    """Stands for a value that cannot be read, and says why."""

    reason: str


UNKNOWN = Unknown("is not known yet")
HIDDEN = Unknown("is a secret that cannot be read here")


def decode(raw: Any) -> Any:
    """Return the plain value, with `Unknown` in the place of what cannot be read."""
    if isinstance(raw, str):
        if raw in SENTINELS:
            return UNKNOWN
        return HIDDEN if raw == REDACTED else raw
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else raw
    if isinstance(raw, list):
        return [decode(item) for item in raw]
    if isinstance(raw, dict):
        mark = raw.get(SIGNATURE)
        if mark is not None:
            return _unwrap(mark, raw)
        # Null means absent; `__defaults` is the engine's own note of what it filled in.
        return {key: decode(item) for key, item in raw.items() if item is not None and key != "__defaults"}
    return raw


def _unwrap(mark: Any, raw: dict[str, Any]) -> Any:
    if mark == SECRET:
        return decode(_secret_content(raw))
    if mark == OUTPUT:
        return decode(raw["value"]) if "value" in raw else UNKNOWN
    if mark == RESOURCE_REFERENCE:
        return decode(raw.get("id") or raw.get("urn"))
    if mark == REDACTED:
        return HIDDEN
    return {key: decode(item) for key, item in raw.items() if key != SIGNATURE}


def _secret_content(raw: dict[str, Any]) -> Any:
    """Return what is inside a secret, still raw; REDACTED if it cannot be read."""
    if "value" in raw:
        return raw["value"]
    if "plaintext" in raw:
        try:
            return json.loads(raw["plaintext"])
        except (TypeError, ValueError, RecursionError):
            return REDACTED
    return REDACTED


def secret_places(raw: Any, path: str) -> Iterator[str]:
    """Yield the paths of a raw value at which a secret begins."""
    if raw == REDACTED:
        yield path
    elif isinstance(raw, list):
        for index, item in enumerate(raw):
            yield from secret_places(item, f"{path}[{index}]")
    elif isinstance(raw, dict):
        mark = raw.get(SIGNATURE)
        if mark in (SECRET, REDACTED) or (mark == OUTPUT and raw.get("secret")):
            yield path
        elif mark == OUTPUT:
            yield from secret_places(raw.get("value"), path)
        else:
            for key, item in raw.items():
                yield from secret_places(item, join(path, key))


def secret_leaves(raw: Any) -> Iterator[str]:
    """Yield the text of every secret leaf in a raw value, also those inside a secret document."""
    if isinstance(raw, list):
        for item in raw:
            yield from secret_leaves(item)
    elif isinstance(raw, dict):
        mark = raw.get(SIGNATURE)
        if mark == SECRET or (mark == OUTPUT and raw.get("secret")):
            yield from _texts(_secret_content(raw))
        else:
            for item in raw.values():
                yield from secret_leaves(item)


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for item in content:
            yield from _texts(item)
    elif isinstance(content, dict):
        for name, item in content.items():
            if name != SIGNATURE and not _PUBLISHED_NAME.fullmatch(name):
                yield name
            yield from _texts(item)
    elif isinstance(content, str):
        if content == REDACTED or content in SENTINELS:
            return
        yield content
        if content[:1] in "{[":
            try:
                yield from _texts(json.loads(content))
            except (ValueError, RecursionError):
                return
    elif isinstance(content, (int, float)) and not isinstance(content, bool):
        yield str(decode(float(content)))


class Properties(Mapping[str, Any]):
    """The properties of a resource: read when they are first needed, each decoded once."""

    __slots__ = ("_decoded", "_given", "_raw", "_secrets")

    def __init__(
        self,
        load: Callable[[], Mapping[str, Any]] | None = None,
        may_hold_secrets: Callable[[], bool] | None = None,
    ) -> None:
        self._given = load
        self._secrets = may_hold_secrets
        self._raw: Mapping[str, Any] | None = None
        self._decoded: dict[str, Any] = {}

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Properties":
        """Return the properties of a mapping that is already in memory."""
        return cls(lambda: raw)

    def load(self) -> Mapping[str, Any]:
        """Read the properties from where they are."""
        return self._given() if self._given is not None else {}

    def may_hold_secrets(self) -> bool:
        """Tell whether a secret can be in it, without reading it."""
        return self._secrets is None or self._secrets()

    @property
    def raw(self) -> Mapping[str, Any]:
        """The properties as they came."""
        if self._raw is None:
            self._raw = self.load()
        return self._raw

    def __getitem__(self, name: str) -> Any:
        if name in self._decoded:
            return self._decoded[name]
        value = decode(self.raw[name])
        if value is None or name == "__defaults":
            raise KeyError(name)
        self._decoded[name] = value
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """Return a property, or the default if it is absent: most that rules ask for are."""
        known = self._decoded.get(name)
        if known is not None:
            return known
        given = (self.raw if self._raw is None else self._raw).get(name)
        if given is None or name == "__defaults":
            return default
        value = given if isinstance(given, bool) else decode(given)
        if value is None:  # a secret or an output that holds nothing
            return default
        self._decoded[name] = value
        return value

    def forget(self) -> None:
        """Give up what was read: it is read again if somebody asks."""
        self._raw = None
        self._decoded.clear()

    def __iter__(self) -> Iterator[str]:
        return (name for name, value in self.raw.items() if value is not None and name != "__defaults")

    def __len__(self) -> int:
        return sum(1 for _ in self)


EMPTY = Properties.of({})


def holds_unknown(value: Any) -> bool:
    """Tell whether some part of a decoded value cannot be read."""
    if not isinstance(value, (dict, list)):
        return isinstance(value, Unknown)
    for item in value.values() if isinstance(value, dict) else value:
        if not isinstance(item, str) and holds_unknown(item):
            return True
    return False


def first_unknown(value: Any, path: str = "") -> tuple[str, Unknown] | None:
    """Return the path and the mark of the first unreadable part of a decoded value."""
    return _find_unknown(value, path) if holds_unknown(value) else None


def _find_unknown(value: Any, path: str) -> tuple[str, Unknown] | None:
    if isinstance(value, Unknown):
        return path, value
    if isinstance(value, dict):
        for key, item in value.items():
            if found := _find_unknown(item, join(path, key)):
                return found
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if found := _find_unknown(item, f"{path}[{index}]"):
                return found
    return None


def join(path: str, key: str) -> str:
    """Append a property name to a path."""
    return f"{path}.{key}" if path else key
