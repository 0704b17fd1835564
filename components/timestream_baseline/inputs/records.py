"""The kinds that hold other kinds: lists, maps, tags, and objects with known properties."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pulumi

from timestream_baseline.inputs.kinds import INVALID, InputText, Kind, Text, wrong
from timestream_baseline.inputs.mistakes import ArgumentsError, Mistake, Place, camel_case, shown, snake_case


@dataclass(frozen=True)
class ListOf:
    """A list of one kind, without repetitions among the values that are known."""

    item: Kind

    def read(self, value: object, place: Place) -> Any:
        """Read every item."""
        if not isinstance(value, (list, tuple)):
            return wrong(value, "a list", place)
        items = [self.item.read(item, place.at(index)) for index, item in enumerate(value)]
        for index, item in enumerate(items):
            if isinstance(item, str) and item in items[:index]:
                place.at(index).mistake(f"repeats {shown(item)}; name it once")
        return INVALID if any(item is INVALID for item in items) else tuple(items)


@dataclass(frozen=True)
class InputListOf:
    """A list of texts, each of which may be computed; the list may be one computed value."""

    item: Text

    def read(self, value: object, place: Place) -> Any:
        """Read every item, or check the list later. The result is a tuple, or an Output of one."""
        if not isinstance(value, pulumi.Output):
            if not hasattr(value, "__await__"):
                return ListOf(InputText(self.item)).read(value, place)
            value = pulumi.Output.from_input(value)

        def check(known: object) -> Any:
            clean = ListOf(self.item).read(known, Place([]))
            if clean is INVALID:
                expected = f"a list without repetitions, each item {self.item.expected}"
                hidden = Mistake(place.text, f"was computed and is wrong; give {expected}")
                raise ArgumentsError("this program", [hidden])
            return clean

        return value.apply(check)


@dataclass(frozen=True)
class MapOf:
    """A map of one kind; its keys are names that the user chooses."""

    item: Kind
    key: Text = Text()  # noqa: RUF009 - frozen

    def read(self, value: object, place: Place) -> Any:
        """Read every entry. A map stays usable when only some of its entries have mistakes."""
        if not isinstance(value, Mapping):
            return wrong(value, "a map", place)
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

    Properties are accepted in both spellings, or in camelCase only. A field without a kind is for the code
    that makes the settings: nobody can give it. One named `given` gets the names of the properties that were
    given, for settings whose defaults are dropped where they cannot apply.
    """

    settings: type[Any]
    camel_only: bool = False

    def read(self, value: object, place: Place) -> Any:
        """Read every property, then let the settings class check how they fit together."""
        if not isinstance(value, Mapping):
            return wrong(value, "a map", place)
        kinds = {
            entry.name: entry.metadata["kind"] for entry in fields(self.settings) if "kind" in entry.metadata
        }
        given: dict[str, str] = {}
        values: dict[str, Any] = {}
        for key, entry in value.items():
            here = place.at(key if isinstance(key, str) else repr(key))
            name = self._name(key, tuple(kinds), here)
            if name is None or entry is None:
                continue
            if name in given:
                here.mistake(f"is given twice, as {given[name]} and as {key}; keep one")
                continue
            given[name] = key
            values[name] = kinds[name].read(entry, here)
        if any(entry.name == "given" for entry in fields(self.settings)):
            values["given"] = frozenset(given)
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
