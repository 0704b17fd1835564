"""What a change of inputs means: nothing, an update in place, or a replacement."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from aws_sandbox.meaning import changed_keys, same
from aws_sandbox.names import filled_in
from aws_sandbox.resource import Properties, ResourceType
from aws_sandbox.schema import ObjectShape, Shape, members


class Kind(Enum):
    """How a property changes."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


@dataclass(frozen=True)
class Difference:
    """The changes between the recorded and the new inputs of a resource."""

    changes: dict[str, Kind] = field(default_factory=dict)
    """Property paths and how each changes."""
    replaces: frozenset[str] = frozenset()
    """The paths whose change replaces the resource."""
    delete_before_replace: bool = False


def difference(
    resource_type: ResourceType,
    shape: ObjectShape,
    old: Properties,
    new: Properties,
    *,
    ignored: tuple[str, ...] = (),
    adopted: bool = False,
) -> Difference:
    """Compare the recorded inputs with the new ones, both without the engine's own properties.

    `adopted` says that the resource was imported: what AWS never tells (`write_only`) is then taken over.
    """
    chosen = filled_in(old) | filled_in(new)
    old, new = _plain(old), _plain(new)
    keys = [key for key in changed_keys(old, new, shape) if key not in ignored]
    if adopted:
        keys = [key for key in keys if key not in resource_type.write_only or key in old]
    changes: dict[str, Kind] = {}
    for key in keys:
        paths = _paths(old.get(key), new.get(key), shape.properties.get(key), key)
        changes |= {path: kind for path, kind in paths if not _is_ignored(path, ignored)}
    replaced = {path for path in changes if _is_replaced(resource_type, path)}
    return Difference(
        changes, frozenset(replaced), bool(replaced) and _keeps_name(resource_type, old, new, chosen)
    )


def _is_replaced(resource_type: ResourceType, path: str) -> bool:
    if resource_type.update is None:
        return True
    steps = re.sub(r"\[[^]]*\]", "", path).split(".")
    prefixes = {".".join(steps[: length + 1]) for length in range(len(steps))}
    return not prefixes.isdisjoint({*resource_type.replaces, "region"})


def top_level(path: str) -> str:
    """Return the top-level property of a path."""
    return path.split(".", 1)[0].split("[", 1)[0]


def _plain(inputs: Properties) -> Properties:
    return {key: value for key, value in inputs.items() if not key.startswith("__")}


def _is_ignored(path: str, ignored: tuple[str, ...]) -> bool:
    return any(path == item or path.startswith((f"{item}.", f"{item}[")) for item in ignored)


def _keeps_name(
    resource_type: ResourceType, old: Properties, new: Properties, chosen: frozenset[str]
) -> bool:
    """Say whether old and new would bear the same name, so that they cannot exist side by side."""
    name = resource_type.autoname
    return name is not None and name not in chosen and name in new and old.get(name) == new.get(name)


def _paths(old: Any, new: Any, shape: Shape | None, path: str) -> Iterator[tuple[str, Kind]]:
    """Yield the innermost paths that differ; a list is told apart by index only if its length stays."""
    if isinstance(old, dict) and isinstance(new, dict):
        inner = members(shape)
        for key in changed_keys(old, new, inner):
            yield from _paths(old.get(key), new.get(key), inner.of(key), f"{path}{_step(key)}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        items = (shape or {}).get("items")
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            if not same(before, after, items):
                yield from _paths(before, after, items, f"{path}[{index}]")
    else:
        yield path, _kind(old, new)


def _kind(old: Any, new: Any) -> Kind:
    if old is None:
        return Kind.ADD
    return Kind.DELETE if new is None else Kind.UPDATE


def _step(key: str) -> str:
    return f".{key}" if key.replace("_", "a").isalnum() else f'["{key}"]'
