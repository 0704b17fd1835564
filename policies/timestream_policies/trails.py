"""What a trail or an event data store records, and where it leaves it."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from timestream_policies.model import Part, Resource
from timestream_policies.stack import Stack
from timestream_policies.types import EVENT_DATA_STORE, LOG_GROUP, TRAIL
from timestream_policies.undecided import all_of, any_of

RECORDERS = (TRAIL, EVENT_DATA_STORE)
DATABASE_EVENTS = "AWS::Timestream::Database"
TABLE_EVENTS = "AWS::Timestream::Table"
QUERY_EVENTS = (DATABASE_EVENTS, TABLE_EVENTS)
"""A query is recorded for the table that it reads, or for its database if it reads none."""
OBJECT_EVENTS = "AWS::S3::Object"

_POSITIVE: dict[str, Callable[[str, str], bool]] = {
    "equals": lambda wanted, value: value == wanted,
    "startsWith": lambda wanted, value: value.startswith(wanted),
    "endsWith": lambda wanted, value: value.endswith(wanted),
}
_NEGATIVE = {"notEquals": "equals", "notStartsWith": "startsWith", "notEndsWith": "endsWith"}


def selectors(recorder: Resource) -> Iterator[Part]:
    """Yield the advanced selectors; an event is recorded that any of them takes."""
    return recorder.each("advancedEventSelectors")


def conditions(selector: Part, field: str) -> Iterator[Part]:
    """Yield what a selector says of a field: all of it must hold."""
    for condition in selector.each("fieldSelectors"):
        if condition.get("field") == field:
            yield condition


def takes(selector: Part, field: str, value: str) -> bool:
    """Tell whether a selector takes events with this value of a field; it takes all where it says nothing."""
    return all_of(conditions(selector, field), lambda condition: _allows(condition, value))


def _allows(condition: Part, value: str) -> bool:
    def holds(operator: str) -> bool:
        words = condition.words(operator)
        if operator in _POSITIVE:
            fits = _POSITIVE[operator]
            return not words or any_of(words, lambda wanted: fits(str(wanted), value))
        fits = _POSITIVE[_NEGATIVE[operator]]
        return all_of(words, lambda wanted: not fits(str(wanted), value))

    return all_of([*_POSITIVE, *_NEGATIVE], holds)


def names(selector: Part, field: str, value: str) -> bool:
    """Tell whether a selector asks for this value of a field by name."""
    return any_of(conditions(selector, field), lambda condition: value in condition.words("equals"))


def is_for_data_of(selector: Part, kind: str) -> bool:
    """Tell whether a selector is for data events of a kind of resources."""
    return names(selector, "resources.type", kind) and names(selector, "eventCategory", "Data")


def data_selectors(recorder: Resource, kinds: Iterable[str]) -> Iterator[Part]:
    """Yield the advanced selectors for data events of these kinds."""
    wanted = tuple(kinds)
    for selector in selectors(recorder):
        if any_of(wanted, partial(is_for_data_of, selector)):
            yield selector


def records_data_of(recorder: Resource, kind: str) -> bool:
    """Tell whether data events of a kind of resources are recorded at all."""
    return any_of(selectors(recorder), lambda selector: is_for_data_of(selector, kind))


def records_management(recorder: Resource) -> bool:
    """Tell whether management events are recorded: they are where nothing is said."""
    if any(True for _ in selectors(recorder)):
        return any_of(selectors(recorder), lambda selector: names(selector, "eventCategory", "Management"))
    if any(True for _ in recorder.each("eventSelectors")):
        return any_of(
            recorder.each("eventSelectors"),
            lambda selector: selector.flag("includeManagementEvents", default=True),
        )
    return True


def is_recording(recorder: Resource) -> bool:
    """Tell whether a trail or an event data store is switched on."""
    if recorder.type == TRAIL:
        return recorder.flag("enableLogging", default=True)
    return not recorder.flag("suspend")


def log_groups(trail: Resource, stack: Stack) -> list[Resource]:
    """Return the log group of this stack that a trail writes to."""
    if trail.is_absent("cloudWatchLogsGroupArn"):
        return []
    return stack.behind(trail, "cloudWatchLogsGroupArn", LOG_GROUP)
