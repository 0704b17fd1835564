"""Arguments and outputs, from the schema of the component package."""

import json
from collections.abc import Iterator
from typing import Any

from scripts.pages.text import GENERATED, cell

TYPE = "timestream-baseline:index:"


def schema() -> dict[str, Any]:
    """Return the schema of the component package."""
    from timestream_baseline.host import BaselineProvider

    found: dict[str, Any] = json.loads(BaselineProvider().schema or "{}")
    return found


def schema_text() -> str:
    """Return the schema as it is kept, so that a change of it is seen."""
    return json.dumps(schema(), indent=2) + "\n"


def inputs() -> str:
    """Return the page of arguments and outputs, from the schema of the component package."""
    whole = schema()
    component = whole["resources"][f"{TYPE}TimestreamBaseline"]
    types = {token.removeprefix(TYPE): definition for token, definition in whole["types"].items()}
    lines = [
        "# What can I set, and what do I get?",
        "",
        GENERATED,
        "Names are camelCase in stack configuration, YAML and TypeScript, and snake_case in Python. In a",
        "stack file each argument of `TimestreamBaseline` is a key `timestream-baseline:<argument>`.",
        "*Computed* says that the value may be an `Output`; everything else is plain.",
        "",
        "## TimestreamBaseline",
        "",
        *table(component["inputProperties"]),
    ]
    for name, definition in types.items():
        lines += ["", f"## {title(name)}", "", definition.get("description", ""), ""]
        lines += table(definition["properties"])
    lines += ["", "## Outputs", "", "| output | meaning |", "|---|---|"]
    lines += [
        f"| `{name}` | {cell(output['description'])} |" for name, output in component["properties"].items()
    ]
    return "\n".join(lines) + "\n"


def table(properties: dict[str, Any]) -> Iterator[str]:
    """Yield the rows for the properties of one type."""
    yield "| argument | type | meaning | default |"
    yield "|---|---|---|---|"
    for name, spec in properties.items():
        meaning, _, default = spec.get("description", "").partition("Default: ")
        yield f"| `{name}` | {kind(spec)} | {cell(meaning)} | {cell(default.rstrip('.'))} |"


def title(type_name: str) -> str:
    """Return the heading of an argument type."""
    return type_name.removesuffix("Args")


def kind(spec: dict[str, Any]) -> str:
    """Return a type in words."""
    computed = "" if spec.get("plain") or spec.get("type") in ("array", "object") else ", computed"
    if "$ref" in spec:
        name = title(spec["$ref"].rsplit(":", 1)[1])
        return f"[{name}](#{name.lower()}){computed}"
    if spec["type"] == "array":
        return f"list of {kind(spec['items'])}"
    if spec["type"] == "object":
        return f"map of {kind(spec['additionalProperties'])}"
    words = {"string": "text", "boolean": "true or false"}
    return words.get(spec["type"], str(spec["type"])) + computed
