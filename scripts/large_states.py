"""States of thousands of resources, as `pulumi stack export` prints them: for `make bench` and trials.

The same number always gives the same bytes: `python scripts/large_states.py 5000 > state.json`.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).with_suffix(".yaml")
BLOCK = 20
"""So many resources does a stack have for each database, and four times as many once."""
_URN = "urn:pulumi:prod::telemetry::"
_STACK = "pulumi:pulumi:Stack"
_COMPONENTS = ("acme:telemetry:Platform", "acme:telemetry:Store")
_REFERENCE = re.compile(r"\{([a-z][\w-]*)\.(\w+)\}")
_AS_TEXT = ("policy", "assumeRolePolicy", "eventPattern")
_TIME = "2026-11-22T22:18:07.75783749Z"
_SITE = "project:///.venv/lib/python3.11/site-packages"
_LIBRARY = "project:///../../../usr/lib/python3.11/asyncio"
# The frames below the program's own: the same in every resource that a Python program makes.
_FRAMES = (
    "project:///../../../usr/local/bin/pulumi-language-python-exec#188",
    *(f"{_SITE}/pulumi/runtime/stack.py#{line}" for line in (253, 141)),
    *(f"{_LIBRARY}/{place}" for place in ("base_events.py#640", "runners.py#190")),
)


def export(resources: int) -> bytes:
    """Return the text of a state with that many resources, a multiple of `BLOCK`."""
    if resources < 5 * BLOCK or resources % BLOCK:
        raise ValueError(f"{resources} resources: give a multiple of {BLOCK}, at least {5 * BLOCK}")
    template = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    known: dict[str, tuple[str, Mapping[str, Any]]] = {}
    once = template["once"]
    for name, pattern in template["filters"].items():
        once += _filled(template["for_each_filter"], {"{n}": name, "{pattern}": pattern})
    made = _block(once, known)
    for number in range(1, resources // BLOCK - 3):
        made += _block(_filled(template["for_each_database"], {"{n}": f"{number:04}"}), dict(known))
    deployment = {
        "manifest": {"time": _TIME, "magic": "ab35920a3077459b", "version": "v3.259.0"},
        "resources": made,
        "metadata": {},
    }
    return json.dumps({"version": 3, "deployment": deployment}, indent=4).encode()


def _filled(template: Any, words: Mapping[str, str]) -> Any:
    """Return a template with each of its words replaced by what it stands for."""
    if isinstance(template, dict):
        return {key: _filled(item, words) for key, item in template.items()}
    if isinstance(template, list):
        return [_filled(item, words) for item in template]
    if isinstance(template, str):
        for word, meaning in words.items():
            template = template.replace(word, meaning)
    return template


def _block(
    templates: list[dict[str, Any]], known: dict[str, tuple[str, Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """Return the resources of a block. `known` has the URN and outputs of each name; it grows."""
    component = next(t for t in templates if t["type"] in _COMPONENTS)
    parent = f"{_URN}{component['type']}::{component['name']}"
    for template in templates:
        if "outputs" in template:
            known.setdefault(
                template["name"],
                (_urn(template["type"], component["type"], template["name"]), template["outputs"]),
            )
    return [_resource(template, parent, component["type"], known) for template in templates]


def _resource(
    template: dict[str, Any], parent: str, component: str, known: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    type_, name = template["type"], template["name"]
    if not type_.startswith("aws:"):
        return _surrounding(type_, name, template.get("inputs"))
    depends: dict[str, list[str]] = {}
    inputs: dict[str, Any] = {"__defaults": []}
    for key, value in sorted(template["inputs"].items()):
        used: set[str] = set()
        inputs[key] = _resolved(value, known, used)
        if key in _AS_TEXT:
            inputs[key] = json.dumps(inputs[key], separators=(",", ":"), sort_keys=True)
        depends[key] = sorted(used)
    outputs = _resolved(template.get("outputs", {"id": name}), known, set())
    given = {key: value for key, value in inputs.items() if key != "__defaults"}
    tags = {"tagsAll": inputs["tags"]} if "tags" in inputs else {}
    return {
        "urn": _urn(type_, component, name),
        "custom": True,
        "id": outputs["id"],
        "type": type_,
        "protect": True,
        "inputs": inputs,
        "outputs": dict(sorted({**given, **outputs, **tags}.items())),
        "parent": parent,
        "dependencies": sorted({urn for urns in depends.values() for urn in urns}),
        "provider": f"{_URN}pulumi:providers:aws::default_7_51_1::9f5563a9-ee4e-4363-a7b9-362e64b94bb6",
        "propertyDependencies": depends,
        "created": _TIME,
        "modified": _TIME,
        **_places(len(name) + 40),
    }


def _surrounding(type_: str, name: str, inputs: dict[str, Any] | None) -> dict[str, Any]:
    """Return the stack, the provider or a component."""
    found: dict[str, Any] = {"urn": f"{_URN}{type_}::{name}", "custom": inputs is not None, "type": type_}
    if inputs is not None:
        found |= {"id": "9f5563a9-ee4e-4363-a7b9-362e64b94bb6", "inputs": inputs, "outputs": inputs}
    if type_ != _STACK:
        found["parent"] = f"{_URN}{_STACK}::telemetry"
    return {**found, "created": _TIME, "modified": _TIME, **_places(12)}


def _urn(type_: str, component: str, name: str) -> str:
    return f"{_URN}{component}${type_}::{name}"


def _resolved(value: Any, known: Mapping[str, tuple[str, Mapping[str, Any]]], used: set[str]) -> Any:
    """Return a value with its references replaced, and note whose they are."""

    def output(found: re.Match[str]) -> str:
        urn, outputs = known[found[1]]
        used.add(urn)
        return str(outputs[found[2]])

    if isinstance(value, dict):
        return {key: _resolved(item, known, used) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, known, used) for item in value]
    return _REFERENCE.sub(output, value) if isinstance(value, str) else value


def _places(line: int) -> dict[str, Any]:
    """Return where the program made the resource: the place, and the calls that led there."""
    own = [
        f"project:///telemetry/store.py#{line}",
        "project:///telemetry/platform.py#31",
        "project:///__main__.py#8",
    ]
    return {
        "sourcePosition": own[0],
        "stackTrace": [*({"sourcePosition": place} for place in own), {}, {}, *_below()],
    }


def _below() -> Iterator[dict[str, str]]:
    yield from ({"sourcePosition": frame} for frame in _FRAMES)


if __name__ == "__main__":
    sys.stdout.buffer.write(export(int(sys.argv[1]) if sys.argv[1:] else 5000))
