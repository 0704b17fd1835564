"""Arguments and outputs, from the schema of the component package."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from scripts.pages.text import GENERATED, cell

TYPE = "timestream-baseline:index:"
# A sentence of its own at the end of a description.
NEEDED = re.compile(r" ?Needed\.$|^Needed\.$")
ALONE = (
    "Each takes the arguments of its section, flat, beside those that it needs from elsewhere. A type is",
    "`timestream-baseline:index:<Class>`; in Python all come from `timestream_baseline`.",
)


@cache
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
    classes = {token.removeprefix(TYPE): definition for token, definition in whole["resources"].items()}
    baseline = classes.pop("TimestreamBaseline")
    types = {token.removeprefix(TYPE): definition for token, definition in whole["types"].items()}
    lines = [
        "# What can I set, and what do I get?",
        "",
        GENERATED,
        "Names are camelCase in stack configuration, YAML and TypeScript, and snake_case in Python. In a",
        "stack file each argument of `TimestreamBaseline` is a key `timestream-baseline:<argument>`.",
        "*Computed* says: the value may be an `Output`. A *computed list* may be one, or each of its texts;",
        "in a *list of computed text* only each text may be. Everything else is plain.",
        "",
        "## TimestreamBaseline",
        "",
        *table(baseline["inputProperties"]),
        "",
        "## Outputs",
        "",
        *outputs(baseline),
    ]
    for name, definition in types.items():
        lines += ["", f"## {title(name)}", "", definition.get("description", ""), ""]
        lines += table(definition["properties"])
    lines += ["", "## Classes that can be used alone", "", *ALONE]
    sections = {"TimestreamBaseline": baseline["inputProperties"]}
    sections |= {title(name): definition["properties"] for name, definition in types.items()}
    for name, definition in classes.items():
        lines += ["", f"### Class {name}", "", *alone(definition, sections)]
    return "\n".join(lines) + "\n"


def alone(definition: dict[str, Any], sections: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the description of one class: what it shares with the sections above, its own, its outputs."""
    yield _paragraph(definition["description"])
    own: dict[str, Any] = {}
    shared: dict[str, list[str]] = {}
    for argument, spec in definition["inputProperties"].items():
        homes = [name for name, properties in sections.items() if _same(properties.get(argument), spec)]
        if homes:
            shared.setdefault(homes[-1], []).append(f"`{argument}`")
        else:
            own[argument] = spec
    yield ""
    for home, arguments in shared.items():
        yield f"* as in [{home}](#{home.lower()}): {', '.join(arguments)}"
    if own:
        yield from ["", *table(own)]
    yield from ["", *outputs(definition)]


def _same(one: dict[str, Any] | None, other: dict[str, Any]) -> bool:
    return one is not None and all(
        one.get(part) == other.get(part) for part in ("description", "type", "$ref")
    )


def _paragraph(description: str) -> str:
    """Return the text of a docstring without its indentation."""
    return "\n\n".join(" ".join(part.split()) for part in description.split("\n\n"))


def outputs(definition: dict[str, Any]) -> Iterator[str]:
    """Yield the rows for the outputs of a class."""
    yield "| output | type | meaning |"
    yield "|---|---|---|"
    for name, output in definition["properties"].items():
        absent = "" if name in definition.get("required", ()) else ", or absent"
        shape = kind({**output, "plain": True}).replace("computed ", "")
        yield f"| `{name}` | {shape}{absent} | {cell(output['description'])} |"


def table(properties: dict[str, Any]) -> Iterator[str]:
    """Yield the rows for the properties of one type."""
    yield "| argument | type | meaning | default |"
    yield "|---|---|---|---|"
    for name, spec in properties.items():
        meaning, found, default = spec.get("description", "").partition("Default: ")
        if not found:
            default = "needed" if NEEDED.search(meaning) else "" if "$ref" in spec else "none"
        yield f"| `{name}` | {kind(spec)} | {cell(NEEDED.sub('', meaning))} | {cell(default.rstrip('.'))} |"


def title(type_name: str) -> str:
    """Return the heading of an argument type."""
    return type_name.removesuffix("Args")


def kind(spec: dict[str, Any]) -> str:
    """Return a type in words."""
    computed = "" if spec.get("plain") else "computed "
    if "$ref" in spec:
        name = title(spec["$ref"].rsplit(":", 1)[1])
        return f"[{name}](#{name.lower()})"
    if spec["type"] == "array":
        items = kind(spec["items"])
        # In a list that may be computed as a whole, the entries may be, too.
        return f"{computed}list of {items.removeprefix('computed ') if computed else items}"
    if spec["type"] == "object":
        return f"map of {kind(spec['additionalProperties'])}"
    words = {"string": "text", "boolean": "true or false"}
    return computed + words.get(spec["type"], str(spec["type"]))
