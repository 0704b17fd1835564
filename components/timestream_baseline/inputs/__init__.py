"""The arguments of the package: names and types, defaults, normalisation and validation.

Whatever the door (Python, stack configuration, a component package), arguments pass through one normaliser
that reports every mistake at once.
"""

from __future__ import annotations

from timestream_baseline.inputs.checks import check_baseline
from timestream_baseline.inputs.kinds import INVALID, Record
from timestream_baseline.inputs.mistakes import ArgumentsError, Mistake, Place
from timestream_baseline.inputs.settings import Baseline

__all__ = ["ArgumentsError", "Baseline", "CamelCaseArgs", "Mistake", "baseline_settings"]


class CamelCaseArgs(dict[str, object]):
    """Arguments as stack configuration and other languages write them: top-level names in camelCase."""


def baseline_settings(name: str, args: object) -> Baseline:
    """Normalise the arguments of `TimestreamBaseline`, or raise one error with all mistakes."""
    mistakes: list[Mistake] = []
    camel = isinstance(args, CamelCaseArgs)
    place = Place(mistakes, camel=camel)
    record = Record(Baseline, camel_only=camel)
    baseline = record.read({} if args is None else args, place)
    if baseline is not INVALID:
        check_baseline(name, baseline, place)
    if mistakes:
        raise ArgumentsError(f'TimestreamBaseline "{name}"', mistakes)
    return baseline  # type: ignore[no-any-return]
