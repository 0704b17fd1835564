"""Read the declarations of pulumi_aws, as a Pulumi package schema writes them.

pulumi_aws keeps its declarations in classes: `KeyArgs` has the inputs (an argument without default is
required), `Key` the outputs (an optional one is `Optional`), nested objects are classes of their own.
"""

import inspect
import re
import types
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pulumi

Json = dict[str, Any]

_PRIMITIVES = {str: "string", bool: "boolean", int: "integer", float: "number"}
_ANY = {"$ref": "pulumi.json#/Any"}


def _members(annotation: Any) -> Iterator[Any]:
    """Yield what a value may be, looking through `Input`, `Output`, `Optional` and plain unions."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _members(member)
    elif origin in (Awaitable, pulumi.Output):
        yield from _members(get_args(annotation)[0])
    elif annotation is not type(None):
        yield annotation


def _is_optional(annotation: Any) -> bool:
    if annotation is type(None):
        return True
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_is_optional(member) for member in get_args(annotation))
    if get_origin(annotation) is pulumi.Output:
        return _is_optional(get_args(annotation)[0])
    return False


def declared_properties(cls: type) -> dict[str, tuple[str, Any]]:
    """Return the declared properties: Python name to Pulumi name and annotation."""
    found = {}
    # `Input` names `Output[T]` by a forward reference that only the SDK's own modules resolve.
    scope = {**vars(inspect.getmodule(cls)), "Output": pulumi.Output, "T": type(None)}
    for name, value in vars(cls).items():
        if isinstance(value, property) and value.fget is not None and hasattr(value.fget, "_pulumi_name"):
            found[name] = (value.fget._pulumi_name, get_type_hints(value.fget, scope).get("return"))
    return found


def _required_arguments(cls: Any) -> set[str]:
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    return {item.name for item in parameters if item.default is inspect.Parameter.empty}


class Extraction:
    """The nested object types found so far, shared by all resources."""

    def __init__(self) -> None:
        """Begin with none."""
        self.types: dict[str, Json] = {}

    def type_of(self, annotation: Any) -> Json:
        """Return the schema of a value."""
        members = list(dict.fromkeys(_members(annotation)))
        for primitive in (str, float, int, bool):
            # An enumeration is declared as a union with its plain type, which is what travels.
            if primitive in members:
                return {"type": _PRIMITIVES[primitive]}
        for member in members:
            origin, arguments = get_origin(member), get_args(member)
            if origin is Mapping:
                return {"type": "object", "additionalProperties": self.type_of(arguments[1])}
            if origin is Sequence:
                return {"type": "array", "items": self.type_of(arguments[0])}
            if isinstance(member, type) and issubclass(member, Enum):
                return {"type": "string"}
            if isinstance(member, type) and (
                hasattr(member, "_pulumi_input_type") or hasattr(member, "_pulumi_output_type")
            ):
                return {"$ref": f"#/types/{self._object(member)}"}
        return dict(_ANY)

    def _object(self, cls: type) -> str:
        """Declare a nested object type and return its token."""
        name = cls.__name__
        is_input = hasattr(cls, "_pulumi_input_type")
        if is_input:
            name = name.removesuffix("Args")
        module = cls.__module__.split(".")[1]
        token = f"aws:{'index' if module in ('_inputs', 'outputs') else module}/{name}:{name}"
        declared = self.types.get(token)
        if declared is None:
            declared = self.types[token] = {"type": "object", "properties": {}}
        # Inputs and outputs share one token; what an input must have is what both must have.
        kind = "input" if is_input else "output"
        if kind in declared.setdefault("_seen", []):
            return token
        declared["_seen"].append(kind)
        required = _required_arguments(cls)
        names = []
        for python_name, (pulumi_name, annotation) in declared_properties(cls).items():
            declared["properties"].setdefault(pulumi_name, self.type_of(annotation))
            if python_name in required if is_input else not _is_optional(annotation):
                names.append(pulumi_name)
        declared[f"_{kind}_required"] = sorted(names)
        return token

    def resource(self, args: type, resource: type) -> Json:
        """Return the schema of a resource type."""
        required = _required_arguments(args)
        inputs = {py: (name, self.type_of(hint)) for py, (name, hint) in declared_properties(args).items()}
        outputs = {
            name: hint for name, hint in declared_properties(resource).values() if name not in ("urn", "id")
        }
        secret = _secret_outputs(resource)
        properties = {name: self.type_of(hint) for name, hint in outputs.items()}
        for name in secret & properties.keys():
            properties[name] = {**properties[name], "secret": True}
        return {
            "properties": properties,
            "required": sorted(name for name, hint in outputs.items() if not _is_optional(hint)),
            "inputProperties": dict(inputs.values()),
            "requiredInputs": sorted(inputs[py][0] for py in required),
        }

    def function(self, function: Callable[..., Any], result: type) -> Json:
        """Return the schema of a function."""
        hints = get_type_hints(function, vars(inspect.getmodule(function)))
        parameters = [item for name, item in inspect.signature(function).parameters.items() if name != "opts"]
        wire = dict(re.findall(r"__args__\['(\w+)'\] = (\w+)", inspect.getsource(function)))
        names = {python: pulumi for pulumi, python in wire.items()}
        outputs = dict(declared_properties(result).values())
        return {
            "inputs": {
                "type": "object",
                "properties": {names[item.name]: self.type_of(hints[item.name]) for item in parameters},
            },
            "outputs": {
                "type": "object",
                "properties": {name: self.type_of(hint) for name, hint in outputs.items()},
                "required": sorted(name for name, hint in outputs.items() if not _is_optional(hint)),
            },
        }

    def nested_types(self) -> dict[str, Json]:
        """Return the nested object types as a package schema has them."""
        return {
            token: {
                "type": "object",
                "properties": declared["properties"],
                "required": declared.get("_input_required", declared.get("_output_required", [])),
                # Not of the metaschema, which allows it: what an answer always has, so that an input
                # that is left out is known to be filled in by AWS.
                **(
                    {"language": {"sandbox": {"computed": computed}}}
                    if (computed := _computed(declared))
                    else {}
                ),
            }
            for token, declared in sorted(self.types.items())
        }


def _computed(declared: Json) -> list[str]:
    outputs, inputs = declared.get("_output_required", []), declared.get("_input_required", [])
    return sorted(set(outputs) - set(inputs)) if "input" in declared["_seen"] else []


def _secret_outputs(resource: Any) -> set[str]:
    found = re.search(r"additional_secret_outputs=\[([^\]]*)\]", inspect.getsource(resource._internal_init))
    return set(re.findall(r'"(\w+)"', found.group(1))) if found else set()
