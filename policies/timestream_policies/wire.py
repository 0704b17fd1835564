"""From the engine's messages to resources."""

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

from timestream_policies.model import Resource
from timestream_policies.protocol import analyzer_pb2
from timestream_policies.values import EMPTY, Properties


def plain(struct: Struct) -> dict[str, Any]:
    """Return a message's properties as plain values, still with their marks."""
    return {name: _plain(value) for name, value in struct.fields.items()}


def _plain(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return plain(value.struct_value)
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def analyzed(request: "analyzer_pb2.AnalyzeRequest") -> Resource:
    """Return the resource that the engine is about to make: inputs, and nothing around it."""
    struct = request.properties
    return Resource(
        urn=request.urn,
        type_=request.type,
        name=request.name,
        inputs=Properties(lambda: plain(struct)),
        parent=request.options.parent,
    )


def in_stack(resource: "analyzer_pb2.AnalyzerResource", inputs: Mapping[str, Properties]) -> Resource:
    """Return a resource of the finished stack, with the inputs it was analyzed with.

    One that was never analyzed was only read (`.get`): context, not judged.
    """
    struct = resource.properties
    return Resource(
        urn=resource.urn,
        type_=resource.type,
        name=resource.name,
        inputs=inputs.get(resource.urn, EMPTY),
        outputs=Properties(lambda: plain(struct)),
        parent=resource.parent,
        dependencies=tuple(resource.dependencies),
        property_dependencies={name: tuple(of.urns) for name, of in resource.propertyDependencies.items()},
        external=resource.urn not in inputs,
    )
