"""A part of the baseline that can also be used alone: how it gets its arguments and its place."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

import pulumi

from timestream_baseline.deployer import check_keys
from timestream_baseline.inputs import place_of, refuse_keywords, refuse_mistakes
from timestream_baseline.inputs.checks import check_name
from timestream_baseline.inputs.encryption import Key
from timestream_baseline.inputs.records import Record
from timestream_baseline.location import Location, locate
from timestream_baseline.weakened import weakened_defaults

T = TypeVar("T")


@dataclass(frozen=True)
class _Checked:
    settings: Any
    location: Location


def checked(settings: object, location: Location) -> Any:
    """Hand a part settings that the baseline has read already, in place of arguments."""
    return _Checked(settings, location)


def values_of(settings: Any) -> dict[str, Any]:
    """Return the fields of a section's settings, to be given to those of its part."""
    return {field.name: getattr(settings, field.name) for field in fields(settings)}


class Part(Generic[T]):
    """The settings of one part: read from its arguments when used alone, else given by the baseline."""

    settings: T

    def __init__(
        self, of: str, kind: type[T], name: str, args: object, unexpected: Mapping[str, object]
    ) -> None:
        """Read the arguments of the class named `of`, or raise one error with all mistakes."""
        refuse_keywords(of, name, unexpected)
        self.subject = f'{of} "{name}"'
        self._name = name
        self.place = place_of(args)
        self._location: Location | None = None
        if isinstance(args, _Checked):
            self.settings, self._location = args.settings, args.location
            return
        self.settings = Record(kind, camel_only=self.place.camel).read(
            {} if args is None else args, self.place
        )
        self.refuse_mistakes()

    @property
    def alone(self) -> bool:
        """Tell whether the part is used without the baseline."""
        return self._location is None

    def refuse_mistakes(self) -> None:
        """Raise one error with all mistakes that were noted at `place`, if there are any."""
        refuse_mistakes(self.subject, self.place)

    def locate(self, component: pulumi.ComponentResource) -> Location:
        """Return where resources are made. Alone: ask AWS, and check that the keys stay manageable."""
        if self._location is not None:
            return self._location
        region: str = getattr(self.settings, "region", "")
        location = locate(component, self.subject, region, self.place)
        keys = getattr(self.settings, "encryption", self.settings)
        if isinstance(keys, Key):
            check_name(self._name, self.place)
            alone = keys is self.settings
            check_keys(component, keys, location, self.place if alone else self.place.field("encryption"))
            self.refuse_mistakes()
            protect_data: bool = getattr(self.settings, "protect_data", True)
            section = "" if alone else "encryption."
            for message in weakened_defaults(keys, protect_data=protect_data, section=section):
                pulumi.log.warn(message, resource=component)
        return location
