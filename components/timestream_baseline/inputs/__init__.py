"""The arguments of the package: names and types, defaults, normalisation and validation.

Whatever the door (Python, stack configuration, a component package), arguments pass through one normaliser
that reports every mistake at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.checks import check_baseline
from timestream_baseline.inputs.kinds import INVALID
from timestream_baseline.inputs.mistakes import ArgumentsError, Mistake, Place
from timestream_baseline.inputs.records import Record

__all__ = [
    "ArgumentsError",
    "Baseline",
    "CamelCaseArgs",
    "Mistake",
    "Place",
    "StackArgs",
    "baseline_settings",
    "place_of",
    "refuse_keywords",
    "refuse_mistakes",
]


class CamelCaseArgs(dict[str, object]):
    """Arguments as stack configuration and other languages write them: top-level names in camelCase."""


class StackArgs(CamelCaseArgs):
    """Arguments that `pulumi config set` changes: those of the root program."""

    # The arguments that are secrets there, as a whole or in a part: Pulumi does not say which part.
    secrets: frozenset[str] = frozenset()


def place_of(args: object) -> Place:
    """Begin to collect mistakes, in the spelling of whoever wrote the arguments."""
    secrets = args.secrets if isinstance(args, StackArgs) else frozenset()
    return Place([], camel=isinstance(args, CamelCaseArgs), secrets=secrets)


def refuse_keywords(of: str, name: str, unexpected: Mapping[str, object]) -> None:
    """Raise an error if arguments were given one by one, as those of most Pulumi resources are."""
    place = Place([])
    if unexpected:
        dictionary = ", ".join(f'"{argument}": …' for argument in unexpected)
        place.mistake(f'give the arguments as one dictionary: {of}("{name}", {{{dictionary}}})')
    refuse_mistakes(f'{of} "{name}"', place)


def refuse_mistakes(subject: str, place: Place) -> None:
    """Raise one error with all mistakes that were collected, if there are any; `subject` has them."""
    if place.mistakes:
        raise ArgumentsError(subject, place.mistakes)


def baseline_settings(name: str, args: object) -> Baseline:
    """Normalise the arguments of `TimestreamBaseline`, or raise one error with all mistakes."""
    place = place_of(args)
    baseline = Record(Baseline, camel_only=place.camel).read({} if args is None else args, place)
    if baseline is not INVALID:
        check_baseline(name, baseline, place)
    refuse_mistakes(f'TimestreamBaseline "{name}"', place)
    return baseline  # type: ignore[no-any-return]
