"""What pulumi_aws declares for a type: the shape of every input and output, read from `aws_schema.json`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

Json = dict[str, Any]
Shape = Mapping[str, Any]
"""The declaration of one value, as a Pulumi package schema writes it."""

SCHEMA_FILE = Path(__file__).with_name("aws_schema.json")

_TYPE_REFERENCE = "#/types/"


@dataclass(frozen=True)
class ObjectShape:
    """The declared properties of an object."""

    properties: Mapping[str, Shape]
    required: frozenset[str] = frozenset()
    """What an input must have."""
    computed: frozenset[str] = frozenset()
    """What an answer always has although the input may leave it out: AWS or a default fills it in."""
    free: Shape | None = None
    """The shape of every value where the keys are free, as in tags; then there are no declared properties."""

    def of(self, name: str) -> Shape | None:
        """Return the shape of one property."""
        return self.properties.get(name, self.free)


@dataclass(frozen=True)
class Declaration:
    """A resource type or a function as declared."""

    inputs: ObjectShape
    outputs: Mapping[str, Shape] = field(default_factory=dict)
    always_there: frozenset[str] = frozenset()
    """The outputs that every resource of this type has."""

    @property
    def secret(self) -> frozenset[str]:
        """The properties whose values are secrets."""
        return frozenset(name for name, shape in self.outputs.items() if shape.get("secret"))


@cache
def text() -> str:
    """Return the package schema as written."""
    return SCHEMA_FILE.read_text(encoding="utf-8")


@cache
def package() -> Json:
    """Return the package schema."""
    schema: Json = msgspec.json.decode(text())
    return schema


def version() -> str:
    """Return the version of the AWS package whose declarations these are."""
    return str(package()["version"])


@cache
def resource(token: str) -> Declaration | None:
    """Return what is declared for a resource type, or None if the sandbox does not know it."""
    declared = package()["resources"].get(token)
    if declared is None:
        return None
    required = frozenset(declared["requiredInputs"])
    always_there = frozenset(declared["required"])
    inputs = ObjectShape(
        properties=declared["inputProperties"],
        required=required,
        computed=(always_there & declared["inputProperties"].keys()) - required,
    )
    return Declaration(inputs=inputs, outputs=declared["properties"], always_there=always_there)


@cache
def function(token: str) -> Declaration | None:
    """Return what is declared for a function, or None if the sandbox does not know it."""
    declared = package()["functions"].get(token)
    if declared is None:
        return None
    return Declaration(
        inputs=ObjectShape(declared["inputs"]["properties"]),
        outputs=declared["outputs"]["properties"],
        always_there=frozenset(declared["outputs"]["required"]),
    )


@cache
def configuration() -> ObjectShape:
    """Return the declared configuration of the provider itself."""
    return ObjectShape(package()["provider"]["inputProperties"])


def nested(shape: Shape) -> ObjectShape | None:
    """Return the properties of a nested object, or None if the value is no object of a declared type."""
    reference = shape.get("$ref", "")
    if not reference.startswith(_TYPE_REFERENCE):
        return None
    return _nested(reference.removeprefix(_TYPE_REFERENCE))


@cache
def _nested(token: str) -> ObjectShape:
    declared = package()["types"][token]
    computed = declared.get("language", {}).get("sandbox", {}).get("computed", ())
    return ObjectShape(declared["properties"], frozenset(declared["required"]), frozenset(computed))


def members(shape: Shape | None) -> ObjectShape:
    """Return the shape of an object's properties, declared or free."""
    declared = nested(shape) if shape else None
    if shape and declared and _POLICIES in shape:
        return replace(declared, properties=_marked(declared.properties, shape[_POLICIES]))
    return declared or ObjectShape({}, free=(shape or {}).get("additionalProperties"))


_POLICY = "policyDocument"
"""The mark of a text that is a policy document; pulumi_aws declares it as any other text."""
_POLICIES = "policyDocuments"
"""The mark of an object: the paths of the policy documents in it."""


def with_policies(declaration: Declaration, paths: Iterable[str]) -> Declaration:
    """Mark the properties that are policy documents; a nested one is `a.b`."""
    inputs = replace(declaration.inputs, properties=_marked(declaration.inputs.properties, paths))
    return replace(declaration, inputs=inputs, outputs=_marked(declaration.outputs, paths))


def is_policy(shape: Shape | None) -> bool:
    """Say whether a value is a policy document."""
    return bool(shape and shape.get(_POLICY))


def _marked(properties: Mapping[str, Shape], paths: Iterable[str]) -> dict[str, Shape]:
    marked = dict(properties)
    for path in paths:
        name, _, rest = path.partition(".")
        marked[name] = _with_mark(marked[name], rest)
    return marked


def _with_mark(shape: Shape, rest: str) -> Shape:
    if not rest:
        return {**shape, _POLICY: True}
    if "items" in shape:
        return {**shape, "items": _with_mark(shape["items"], rest)}
    return {**shape, _POLICIES: (*shape.get(_POLICIES, ()), rest)}
