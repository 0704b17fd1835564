"""Patterns of EventBridge rules: which events they catch.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from timestream_policies.log_patterns import ANY, Event
from timestream_policies.wildcards import matches

CALL = "AWS API Call via CloudTrail"


def catches(pattern: str, event: Event) -> bool:
    """Tell whether an event pattern catches an event; one that cannot be read catches none."""
    content = _read(pattern)
    return bool(content) and _fits(content, event)


def names_at(pattern: str, place: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the texts that a pattern lists at a place; None if it asks for something else there."""
    wanted: Any = _read(pattern)
    for step in place:
        wanted = wanted.get(step) if isinstance(wanted, Mapping) else None
    if not isinstance(wanted, list):
        return None
    texts = tuple(item for item in wanted if isinstance(item, str))
    others = [item for item in wanted if not isinstance(item, str) and item != {"exists": False}]
    return None if others else texts


@lru_cache(maxsize=1024)
def _read(pattern: str) -> Mapping[str, Any]:
    try:
        content = json.loads(pattern)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _fits(pattern: Any, event: Any) -> bool:
    """Tell whether every field fits; `$or` asks for one of its patterns."""
    if not isinstance(pattern, Mapping):
        return False
    for name, wanted in pattern.items():
        if name == "$or" and isinstance(wanted, list):
            if not any(_fits(one, event) for one in wanted):
                return False
            continue
        found = event.get(name) if isinstance(event, Mapping) else event if event is ANY else None
        if isinstance(wanted, Mapping):
            if not _fits(wanted, found if found is not None else {}):
                return False
        elif not isinstance(wanted, list) or not any(_takes(one, found) for one in wanted):
            return False
    return True


def _takes(wanted: Any, found: Any) -> bool:
    if found is ANY:
        return True
    if isinstance(wanted, Mapping):
        return bool(wanted) and all(_operator(name, value, found) for name, value in wanted.items())
    return found is not None and bool(found == wanted)


def _operator(name: str, value: Any, found: Any) -> bool:
    if name == "exists":
        return (found is not None) is bool(value)
    if found is None:
        return False
    text = str(found)
    match name:
        case "prefix":
            return isinstance(value, str) and text.startswith(value)
        case "suffix":
            return isinstance(value, str) and text.endswith(value)
        case "equals-ignore-case":
            return isinstance(value, str) and text.lower() == value.lower()
        case "wildcard":
            return isinstance(value, str) and matches(value.replace("?", "\0"), text)
        case "anything-but":
            return not _is_one_of(value, text)
    return False


def _is_one_of(value: Any, text: str) -> bool:
    if isinstance(value, Mapping):
        return any(_operator(name, inner, text) for name, inner in value.items())
    return any(str(item) == text for item in (value if isinstance(value, list) else [value]))
