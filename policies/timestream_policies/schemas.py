"""JSON Schemas of what people write and read, made from the structures that the code itself uses."""

import ast
import inspect
import itertools
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from timestream_policies import __version__
from timestream_policies.reports.contract import ReportJson
from timestream_policies.settings import Settings, Suppression

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMES = "#/$defs/{name}"


def schema_of(what: str) -> str:
    """Return the schema of `settings`, `suppressions` or `report`."""
    kinds: dict[str, Any] = {
        "settings": Settings,
        "suppressions": list[Suppression],
        "report": ReportJson,
    }
    (found,), components = msgspec.json.schema_components([kinds[what]], ref_template=_NAMES)
    for struct in _structs(kinds[what], set()):
        meanings = field_meanings(struct)
        properties = components[struct.__name__]["properties"]
        for field in msgspec.structs.fields(struct):
            if field.name in meanings:
                properties[field.encode_name]["description"] = meanings[field.name]
    if what == "suppressions":
        found = {"anyOf": [found, {"type": "object", "properties": {what: found}, "required": [what]}]}
    content = {
        "$schema": _DIALECT,
        "$id": f"urn:timestream-policies:{what}:1",
        "title": f"{what.capitalize()} of timestream-policies",
        "$comment": f"Version 1, made by timestream-policies {__version__}",
        **found,
        "$defs": components,
    }
    return json.dumps(content, indent=2) + "\n"


def field_meanings(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return the text after each field of a structure."""
    (body,) = ast.parse(inspect.getsource(struct)).body
    meanings = {}
    for field, text in itertools.pairwise(body.body if isinstance(body, ast.ClassDef) else []):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            meanings[field.target.id] = str(text.value.value)
    return meanings


def _structs(kind: Any, seen: set[Any]) -> Iterator[type[msgspec.Struct]]:
    """Yield the structures that a type is made of, each once."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind in seen:
            return
        seen.add(kind)
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from _structs(field.type, seen)
    for inner in getattr(kind, "__args__", ()):
        yield from _structs(inner, seen)
