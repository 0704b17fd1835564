"""Checks of inputs before AWS is asked: declared properties and kinds, documents and their sizes."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aws_sandbox.resource import Properties, ResourceType, SizeLimit
from aws_sandbox.schema import ObjectShape, Shape, nested
from aws_sandbox.wire import has_unknown, is_unknown

_KINDS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "string": ("a string", (str,)),
    "boolean": ("true or false", (bool,)),
    "integer": ("a whole number", (int,)),
    "number": ("a number", (int, float)),
    "array": ("a list", (list,)),
    "object": ("an object", (dict,)),
}


class Failure(NamedTuple):
    """One mistake in the inputs."""

    property: str
    reason: str


def check_inputs(
    shape: ObjectShape, inputs: Properties, secret: frozenset[str] = frozenset()
) -> list[Failure]:
    """Return every mistake against what is declared; values that are not known yet pass.

    The values of the `secret` properties are not shown.
    """
    hidden = ObjectShape(
        {
            name: {**item, "secret": True} if name in secret else item
            for name, item in shape.properties.items()
        },
        shape.required,
    )
    return list(_check_object(hidden if secret else shape, inputs, ""))


def check_documents(resource_type: ResourceType, inputs: Properties) -> list[Failure]:
    """Return every document that is no JSON or larger than AWS accepts."""
    failures = [
        Failure(name, f"`{name}` must be JSON text: {error}.")
        for name in sorted(resource_type.json_documents | resource_type.policy_documents)
        if (error := _json_error(inputs.get(name)))
    ]
    failures += [failure for limit in resource_type.limits if (failure := _oversize(limit, inputs))]
    return failures


def _check_object(shape: ObjectShape, value: Mapping[str, Any], prefix: str) -> Iterator[Failure]:
    for name in sorted(shape.required - value.keys()):
        yield Failure(prefix + name, f"`{prefix}{name}` is missing, it is required.")
    for name, item in value.items():
        if name.startswith("__"):
            # The engine's own properties travel under such names.
            continue
        declared = shape.properties.get(name)
        if declared is None:
            yield Failure(prefix + name, f"`{prefix}{name}` is no property of this type.{_hint(name, shape)}")
        else:
            yield from _check_value(declared, item, prefix + name)


def _hint(name: str, shape: ObjectShape) -> str:
    close = difflib.get_close_matches(name, shape.properties, n=1)
    if close:
        return f" Did you mean `{close[0]}`?"
    return " It has: " + ", ".join(f"`{known}`" for known in sorted(shape.properties)) + "."


def _check_value(shape: Shape, value: Any, path: str) -> Iterator[Failure]:
    if is_unknown(value):
        return
    properties = nested(shape)
    kind = "object" if properties is not None else shape.get("type", "")
    if kind not in _KINDS:
        return
    wanted, types = _KINDS[kind]
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        # The engine prints the value of the property that a failure is about.
        about, shown = ("", "what is given") if shape.get("secret") else (path, _show(value))
        yield Failure(about, f"`{path}` must be {wanted}, not {shown}.")
    else:
        yield from _check_members(shape, value, path)


def _check_members(shape: Shape, value: Any, path: str) -> Iterator[Failure]:
    properties = nested(shape)
    if properties is not None:
        yield from _check_object(properties, value, f"{path}.")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _check_value(shape.get("items", {}), item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _check_value(shape.get("additionalProperties", {}), item, f"{path}.{key}")


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the string {json.dumps(value[:40], ensure_ascii=False)}"
    return "a list" if isinstance(value, list) else "an object"


def _json_error(document: Any) -> str | None:
    # An empty document is how AWS and the real provider say "none".
    if not isinstance(document, str) or not document or is_unknown(document):
        return None
    try:
        json.loads(document)
    except json.JSONDecodeError as error:
        return f"{error.msg} in line {error.lineno}, column {error.colno}"
    return None


def document_size(document: str, *, ignore_whitespace: bool) -> int:
    """Return the size of a document as AWS counts it."""
    return len("".join(document.split())) if ignore_whitespace else len(document)


def _oversize(limit: SizeLimit, inputs: Properties) -> Failure | None:
    documents = list(_documents(inputs.get(limit.property)))
    if has_unknown(documents):
        return None
    size = sum(document_size(text, ignore_whitespace=limit.ignore_whitespace) for text in documents)
    if size <= limit.characters:
        return None
    counted = " without whitespace" if limit.ignore_whitespace else ""
    together = " in all" if len(documents) > 1 else ""
    return Failure(
        limit.property,
        f"`{limit.property}` has {size:,} characters{counted}{together}; "
        f"AWS accepts at most {limit.characters:,} ({limit.source}).",
    )


def _documents(value: Any) -> Iterator[str]:
    """Yield the document, or the documents of a list of `{name, policy}` such as a role's inline policies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _documents(item.get("policy") if isinstance(item, dict) else item)
