"""Walks through arguments along their kinds: what stands where, and how other languages spell it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from timestream_baseline.inputs.kinds import InputText
from timestream_baseline.inputs.mistakes import camel_case
from timestream_baseline.inputs.records import InputListOf, ListOf, MapOf, Record, TagMap

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Leaf:
    """A value in arguments that is no map of its own."""

    path: Path
    kind: Any
    value: Any

    @property
    def may_be_computed(self) -> bool:
        return isinstance(self.kind, (InputText, InputListOf))


def kinds_of(settings: type[Any]) -> dict[str, Any]:
    """Return the kind of every property of a settings class."""
    return {field.name: field.metadata["kind"] for field in fields(settings) if "kind" in field.metadata}


def leaves(value: Any, kind: Any, path: Path = ()) -> Iterator[Leaf]:
    """Walk through arguments that are right."""
    if isinstance(kind, Record):
        kinds = kinds_of(kind.settings)
        for name, item in value.items():
            yield from leaves(item, kinds[name], (*path, name))
    elif isinstance(kind, MapOf):
        for name, item in value.items():
            yield from leaves(item, kind.item, (*path, name))
    elif isinstance(kind, TagMap):
        for name, item in value.items():
            yield Leaf((*path, name), kind, item)
    elif isinstance(kind, ListOf):
        for index, item in enumerate(value):
            yield from leaves(item, kind.item, (*path, index))
    else:
        yield Leaf(path, kind, value)


def in_camel_case(value: Any, kind: Any) -> Any:
    """Spell the names of properties as other languages do; names that users choose stay."""
    if isinstance(kind, Record):
        kinds = kinds_of(kind.settings)
        return {camel_case(name): in_camel_case(item, kinds[name]) for name, item in value.items()}
    if isinstance(kind, MapOf):
        return {name: in_camel_case(item, kind.item) for name, item in value.items()}
    if isinstance(kind, ListOf):
        return [in_camel_case(item, kind.item) for item in value]
    return value


def camel_path(path: Path, kind: Any) -> Path:
    """Spell a path as other languages do."""
    if not path:
        return ()
    head, rest = path[0], path[1:]
    if isinstance(kind, Record):
        return (camel_case(str(head)), *camel_path(rest, kinds_of(kind.settings)[str(head)]))
    return (head, *camel_path(rest, getattr(kind, "item", None)))


def replaced(value: Any, path: Path, new: Any) -> Any:
    """Put another value at a path."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {key: replaced(item, rest, new) if key == head else item for key, item in value.items()}
    if isinstance(value, Sequence):
        return [replaced(item, rest, new) if index == head else item for index, item in enumerate(value)]
    raise KeyError(path)


def containers(value: Any, kind: Any, path: Path = ()) -> Iterator[Leaf]:
    """Walk through the maps and lists in arguments that are right, outermost first."""
    if path and isinstance(kind, (Record, MapOf, ListOf)):
        yield Leaf(path, kind, value)
    if isinstance(kind, Record):
        kinds = kinds_of(kind.settings)
        for name, item in value.items():
            yield from containers(item, kinds[name], (*path, name))
    elif isinstance(kind, MapOf):
        for name, item in value.items():
            yield from containers(item, kind.item, (*path, name))
    elif isinstance(kind, ListOf):
        for index, item in enumerate(value):
            yield from containers(item, kind.item, (*path, index))


def owners(kind: Any, owner: str = "") -> Iterator[tuple[str, Any]]:
    """Walk through all values that arguments may have, by settings class: `Trust.services`."""
    if isinstance(kind, Record):
        for name, item in kinds_of(kind.settings).items():
            yield from owners(item, f"{kind.settings.__name__}.{name}")
    elif isinstance(kind, (MapOf, ListOf)):
        yield from owners(kind.item, owner)
    else:
        yield owner, kind


def owner_of(path: Path, kind: Any) -> str:
    """Name the settings class and the property that a path leads to."""
    owner = ""
    for key in path:
        if isinstance(kind, Record):
            owner = f"{kind.settings.__name__}.{key}"
            kind = kinds_of(kind.settings)[str(key)]
        else:
            kind = kind.item
    return owner
