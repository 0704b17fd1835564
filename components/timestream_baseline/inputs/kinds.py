"""The kinds of values that arguments have, and how each is read.

A kind turns a raw value (from Python, from stack configuration, or from a component package) into a clean
one, or notes a mistake and returns `INVALID`. Nothing here raises: all mistakes are collected.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final, Protocol

import pulumi

from timestream_baseline.inputs.mistakes import (
    ArgumentsError,
    Mistake,
    Place,
    camel_case,
    shown,
    snake_case,
)


class _Invalid:
    """The value of an argument that has a mistake."""

    def __repr__(self) -> str:
        return "INVALID"


INVALID: Final[Any] = _Invalid()
# Python refuses to write integers of more than 4300 digits.
_LARGEST_SHOWN_BITS: Final = 1024


class Kind(Protocol):
    """What every kind can do."""

    def read(self, value: object, place: Place) -> Any:
        """Return the clean value, or note a mistake and return INVALID."""


def setting(kind: Kind, default: Any = MISSING, *, factory: Any = MISSING) -> Any:
    """Declare a field of a settings class: its kind, and its default (the only place that names it)."""
    if factory is not MISSING:
        return field(default_factory=factory, metadata={"kind": kind})
    return field(default=None if default is MISSING else default, metadata={"kind": kind})


def _computed(value: object, place: Place) -> bool:
    """Note a mistake when a plain value was computed; tell whether it was."""
    if not isinstance(value, (pulumi.Output, pulumi.output.Unknown)) and not hasattr(value, "__await__"):
        return False
    place.mistake("is an Output, but this value must be known before anything is created; give a plain value")
    return True


def _wrong(value: object, expected: str, place: Place) -> Any:
    if not _computed(value, place):
        place.mistake(f"is {_described(value)}; give {expected}")
    return INVALID


def _is_whole(value: float) -> bool:
    return isinstance(value, int) or value.is_integer()


def _described(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > _LARGEST_SHOWN_BITS:
        return "a number too large to show"
    if isinstance(value, (int, float)):
        return f"the number {shown(int(value) if _is_whole(value) else value)}"
    if isinstance(value, str):
        return f"the text {shown(value)}"
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, Iterable):
        return "a list"
    return f"a value of type {type(value).__name__}"


@dataclass(frozen=True)
class Integer:
    """A whole number within bounds. Pulumi sends every number as a float."""

    minimum: int
    maximum: int
    multiple_of: int = 1

    def read(self, value: object, place: Place) -> Any:
        """Read a whole number."""
        expected = f"a whole number from {self.minimum} to {self.maximum}"
        if self.multiple_of > 1:
            expected += f" that is a multiple of {self.multiple_of}"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return _wrong(value, expected, place)
        within = self.minimum <= value <= self.maximum  # first of all: no float holds an endless integer
        if not within or not _is_whole(value) or int(value) % self.multiple_of:
            return _wrong(value, expected, place)
        return int(value)


@dataclass(frozen=True)
class Number:
    """A number of at least a minimum, not necessarily whole."""

    minimum: float

    def read(self, value: object, place: Place) -> Any:
        """Read a number."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return _wrong(value, f"a number of at least {self.minimum:g}", place)
        if not self.minimum <= value <= sys.float_info.max:
            return _wrong(value, f"a number of at least {self.minimum:g}", place)
        return int(value) if value == int(value) else float(value)


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    def read(self, value: object, place: Place) -> Any:
        """Read a boolean."""
        return value if isinstance(value, bool) else _wrong(value, "true or false", place)


@dataclass(frozen=True)
class Always:
    """A flag whose only meaning is to be there: true."""

    def read(self, value: object, place: Place) -> Any:
        """Read the flag."""
        return True if value is True else _wrong(value, "true, or leave it out", place)


@dataclass(frozen=True)
class Text:
    """Text that matches a pattern of ASCII classes; `expected` says in words what to give."""

    expected: str = "text"
    pattern: str = r"(?s).+"
    clean: Callable[[str], str] = str

    def read(self, value: object, place: Place) -> Any:
        """Read text."""
        if not isinstance(value, str) or not self.fits(value):
            return _wrong(value, self.expected, place)
        return self.clean(value)

    def fits(self, value: str) -> bool:
        """Tell whether a text matches. AWS means ASCII by letters and digits."""
        return re.fullmatch(self.pattern, value, re.ASCII) is not None


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: object, place: Place) -> Any:
        """Read one of the words."""
        if isinstance(value, str) and value in self.words:
            return value
        return _wrong(value, " or ".join(shown(word) for word in self.words), place)


@dataclass(frozen=True)
class InputText:
    """Text that may be computed: a plain one is checked now, a computed one when it is known."""

    text: Text

    def read(self, value: object, place: Place) -> Any:
        """Read text, or check an Output later."""
        if not isinstance(value, pulumi.Output):
            if not hasattr(value, "__await__"):
                return self.text.read(value, place)
            value = pulumi.Output.from_input(value)

        def check(known: object) -> Any:
            clean = self.text.read(known, Place([]))
            if clean is INVALID:
                # Whether the value is a secret is not known here: it is not shown.
                hidden = Mistake(place.text, f"was computed and is wrong; give {self.text.expected}")
                raise ArgumentsError("this program", [hidden])
            return clean

        return value.apply(check)


@dataclass(frozen=True)
class ListOf:
    """A list of one kind, without repetitions among the values that are known."""

    item: Kind

    def read(self, value: object, place: Place) -> Any:
        """Read every item."""
        if not isinstance(value, (list, tuple)):
            return _wrong(value, "a list", place)
        items = [self.item.read(item, place.at(index)) for index, item in enumerate(value)]
        for index, item in enumerate(items):
            if isinstance(item, str) and item in items[:index]:
                place.at(index).mistake(f"repeats {shown(item)}; name it once")
        return INVALID if any(item is INVALID for item in items) else tuple(items)


@dataclass(frozen=True)
class MapOf:
    """A map of one kind; its keys are names that the user chooses."""

    item: Kind
    key: Text = Text()

    def read(self, value: object, place: Place) -> Any:
        """Read every entry. A map stays usable when only some of its entries have mistakes."""
        if not isinstance(value, Mapping):
            return _wrong(value, "a map", place)
        result: dict[str, Any] = {}
        for name, entry in value.items():
            here = place.at(name if isinstance(name, str) else repr(name))
            if not isinstance(name, str) or not self.key.fits(name):
                here.mistake(f"is named {shown(name)}; give {self.key.expected}")
            if entry is None:
                here.mistake("has no value; write {} for the defaults")
                result[str(name)] = INVALID
            else:
                result[str(name)] = self.item.read(entry, here)
        return result


@dataclass(frozen=True)
class TagMap:
    """Tags: a map of text, within AWS's limits (keys 1-128, values 0-256 characters, `aws:` is reserved)."""

    def read(self, value: object, place: Place) -> Any:
        """Read tags."""
        key = Text("a tag key of 1 to 128 characters that does not begin with aws:", r"(?s)(?!aws:).{1,128}")
        return MapOf(Text("text of at most 256 characters", r"(?s).{0,256}"), key).read(value, place)


@dataclass(frozen=True)
class Record:
    """An object with known properties: a settings class whose fields carry their kinds.

    Properties are accepted in both spellings, or in camelCase only. Names in the class's NOT_BUILT belong to
    the contract but to parts that this version lacks: they are refused, never ignored.
    """

    settings: type[Any]
    camel_only: bool = False

    def read(self, value: object, place: Place) -> Any:
        """Read every property, then let the settings class check how they fit together."""
        if not isinstance(value, Mapping):
            return _wrong(value, "a map", place)
        kinds = {entry.name: entry.metadata["kind"] for entry in fields(self.settings)}
        later: tuple[str, ...] = getattr(self.settings, "NOT_BUILT", ())
        given: dict[str, str] = {}
        values: dict[str, Any] = {}
        for key, entry in value.items():
            here = place.at(key if isinstance(key, str) else repr(key))
            name = self._name(key, (*kinds, *later), here)
            if name is None or entry is None:
                continue
            if name in given:
                here.mistake(f"is given twice, as {given[name]} and as {key}; keep one")
                continue
            given[name] = key
            if name in kinds:
                values[name] = kinds[name].read(entry, here)
            elif not (isinstance(entry, (dict, list, tuple)) and not entry):
                here.mistake("is not built yet; leave it out")
        result = self.settings(**values)
        check = getattr(result, "check", None)
        if check and not any(entry is INVALID for entry in values.values()):
            check(place)
        return result

    def _name(self, key: object, names: tuple[str, ...], here: Place) -> str | None:
        """Find the property that a key names, or note a mistake."""
        spelled = {camel_case(name): name for name in names}
        if not self.camel_only:
            spelled |= {name: name for name in names}
        if isinstance(key, str) and key in spelled:
            return spelled[key]
        near = difflib.get_close_matches(snake_case(str(key)), names, n=1)
        offered = [here.spelled(name) for name in (near or sorted(names))]
        here.mistake(
            f"is unknown; did you mean {offered[0]}?"
            if near
            else f"is unknown; known are {', '.join(offered)}"
        )
        return None
