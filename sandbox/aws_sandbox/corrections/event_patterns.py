"""Event patterns can be tried out, and look into arrays of objects; moto does neither."""

import json
from typing import Any

from moto.events.exceptions import InvalidEventPatternException
from moto.events.models import EventPattern

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction


def flattened(event: dict[str, Any]) -> dict[str, Any]:
    """Return every leaf of an event by its path; the leaves of the objects in an array come together."""
    found: dict[str, Any] = {}

    def add(path: str, value: Any, inside_array: bool) -> None:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                add(f"{path}.{key}" if path else key, inner, inside_array)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            for item in value:
                add(path, item, True)
        elif inside_array:
            found.setdefault(path, []).extend(value if isinstance(value, list) else [value])
        else:
            found[path] = value

    add("", event, False)
    return found


def matches(pattern: str, event: dict[str, Any]) -> bool:
    """Tell whether an event matches a pattern."""
    loaded = EventPattern.load(pattern)
    return loaded._does_event_match(flattened(event), loaded.get_pattern())


def _test_event_pattern(call: Operation) -> Result:
    try:
        return {"Result": matches(call.params["EventPattern"], json.loads(call.params["Event"]))}
    except InvalidEventPatternException as error:
        raise AwsError("InvalidEventPatternException", str(error.message)) from None


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html",
    handlers={("events", "TestEventPattern"): _test_event_pattern},
)
