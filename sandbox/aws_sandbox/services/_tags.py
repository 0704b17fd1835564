"""Tags between Pulumi (one map, `tagsAll`) and the shapes in which AWS services take and give them."""

from collections.abc import Iterable, Mapping
from typing import Any

from aws_sandbox.resource import Properties


def to_list(tags: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Write tags as the list of pairs that most services take."""
    return [{key: name, value: text} for name, text in (tags or {}).items()]


def from_list(pairs: Iterable[Mapping[str, Any]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Read the list of pairs that most services answer; AWS's own tags are no tags of the program."""
    return own({pair[key]: pair.get(value, "") for pair in pairs})


def own(tags: Mapping[str, str] | None) -> dict[str, str]:
    """Leave out the tags that AWS sets itself (`aws:…`), which no program can set."""
    return {key: value for key, value in (tags or {}).items() if not key.startswith("aws:")}


def changes(state: Properties, inputs: Properties) -> tuple[dict[str, str], list[str]]:
    """Return the tags to set and the keys to remove between the recorded and the new `tagsAll`."""
    old: dict[str, str] = state.get("tagsAll") or {}
    new: dict[str, str] = inputs.get("tagsAll") or {}
    to_set = {key: value for key, value in new.items() if old.get(key) != value}
    return to_set, sorted(old.keys() - new.keys())
