"""From the engine's messages to resources."""

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

from timestream_policies.model import Options, Resource
from timestream_policies.protocol import analyzer_pb2
from timestream_policies.values import EMPTY, SENTINELS, SIGNATURE, Properties

OFFERS = ("options",)
"""What rules may need (`NEEDS`) and the engine's messages carry."""
_MARK = SIGNATURE.encode()


class _Fields(Mapping[str, Any]):
    """The fields of a message, each turned into a plain value when it is asked for: most never are."""

    __slots__ = ("_fields",)

    def __init__(self, struct: Struct) -> None:
        self._fields = struct.fields

    def __getitem__(self, name: str) -> Any:
        # A look-up of a field that is not there would make it.
        if name not in self._fields:
            raise KeyError(name)
        return _plain(self._fields[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


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


def _properties(struct: Struct) -> Properties:
    return Properties(lambda: _Fields(struct), lambda: _MARK in struct.SerializeToString())


def analyzed(request: "analyzer_pb2.AnalyzeRequest") -> Resource:
    """Return the resource that the engine is about to make: inputs and options, and nothing around it."""
    return Resource(
        urn=request.urn,
        type_=request.type,
        name=request.name,
        inputs=_properties(request.properties),
        parent=request.options.parent,
        options=_options(request.options),
        provider=request.provider.urn,
    )


def in_stack(resource: "analyzer_pb2.AnalyzerResource", before: Resource | None) -> Resource:
    """Return a resource of the finished stack, with the inputs and options it was analyzed with.

    One that was never analyzed was only read (`.get`): context, not judged.
    """
    return Resource(
        urn=resource.urn,
        type_=resource.type,
        name=resource.name,
        id_=_id(resource.properties),
        inputs=before.inputs if before is not None else EMPTY,
        outputs=_properties(resource.properties),
        parent=resource.parent,
        dependencies=tuple(resource.dependencies),
        property_dependencies={
            name: tuple(of.urns) for name, of in resource.propertyDependencies.items() if of.urns
        },
        external=before is None,
        options=before.options if before is not None else _options(resource.options),
        provider=before.provider if before is not None else resource.provider.urn,
    )


def _id(outputs: Struct) -> str:
    """Return the id, which this message has among the outputs; empty if it is not known yet."""
    text = outputs.fields["id"].string_value if "id" in outputs.fields else ""
    return "" if text in SENTINELS else text


def _options(options: "analyzer_pb2.AnalyzerResourceOptions") -> Options:
    return Options(
        protect=options.protect,
        ignore_changes=tuple(options.ignoreChanges),
        additional_secret_outputs=tuple(options.additionalSecretOutputs),
        aliases=tuple(options.aliases),
    )
