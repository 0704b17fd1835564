"""The kinds of values that arguments have, and how each is read.

A kind turns a raw value (from Python, from stack configuration, or from a component package) into a clean
one, or notes a mistake and returns `INVALID`. Nothing here raises: all mistakes are collected.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any, Final, Protocol

import pulumi

from timestream_baseline.inputs.mistakes import (
    ArgumentsError,
    Mistake,
    Place,
    shown,
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


def is_computed(value: object, place: Place) -> bool:
    """Note a mistake when a plain value was computed; tell whether it was."""
    if not isinstance(value, (pulumi.Output, pulumi.output.Unknown)) and not hasattr(value, "__await__"):
        return False
    place.mistake("is an Output, but this value must be known before anything is created; give a plain value")
    return True


def wrong(value: object, expected: str, place: Place) -> Any:
    """Note that a value is not what is expected."""
    if not is_computed(value, place):
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
            return wrong(value, expected, place)
        within = self.minimum <= value <= self.maximum  # first of all: no float holds an endless integer
        if not within or not _is_whole(value) or int(value) % self.multiple_of:
            return wrong(value, expected, place)
        return int(value)


@dataclass(frozen=True)
class Number:
    """A number of at least a minimum, not necessarily whole."""

    minimum: float

    def read(self, value: object, place: Place) -> Any:
        """Read a number."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return wrong(value, f"a number of at least {self.minimum:g}", place)
        if not self.minimum <= value <= sys.float_info.max:
            return wrong(value, f"a number of at least {self.minimum:g}", place)
        return int(value) if value == int(value) else float(value)


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    def read(self, value: object, place: Place) -> Any:
        """Read a boolean."""
        return value if isinstance(value, bool) else wrong(value, "true or false", place)


@dataclass(frozen=True)
class Always:
    """A flag whose only meaning is to be there: true."""

    def read(self, value: object, place: Place) -> Any:
        """Read the flag."""
        return True if value is True else wrong(value, "true, or leave it out", place)


@dataclass(frozen=True)
class Text:
    """Text that matches a pattern of ASCII classes; `expected` says in words what to give."""

    expected: str = "text"
    pattern: str = r"(?s).+"
    clean: Callable[[str], str] = str

    def read(self, value: object, place: Place) -> Any:
        """Read text."""
        if not isinstance(value, str) or not self.fits(value):
            return wrong(value, self.expected, place)
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
        return wrong(value, " or ".join(shown(word) for word in self.words), place)


@dataclass(frozen=True)
class InputText:
    """Text that may be computed: a plain one is checked now, a computed one when it is known.

    What a `secret` one holds is never shown.
    """

    text: Text
    secret: bool = False

    def read(self, value: object, place: Place) -> Any:
        """Read text, or check an Output later."""
        if not isinstance(value, pulumi.Output):
            if not hasattr(value, "__await__"):
                return self._plain(value, place)
            value = pulumi.Output.from_input(value)

        def check(known: object) -> Any:
            clean = self.text.read(known, Place([]))
            if clean is INVALID:
                # Whether the value is a secret is not known here: it is not shown.
                hidden = Mistake(place.text, f"was computed and is wrong; give {self.text.expected}")
                raise ArgumentsError("this program", [hidden])
            return clean

        return value.apply(check)

    def _plain(self, value: object, place: Place) -> Any:
        if place.is_secret:
            clean = self.text.read(value, place)
            return clean if clean is INVALID else pulumi.Output.secret(clean)
        if not self.secret:
            return self.text.read(value, place)
        clean = self.text.read(value, Place([]))
        if clean is INVALID:
            place.mistake(f"is wrong (its value is a secret and not shown); give {self.text.expected}")
        return clean
