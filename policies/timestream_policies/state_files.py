"""What a state file holds, as Pulumi writes it, and the resources that the rules see in it."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from timestream_policies.checkpoints import Unreadable, unpacked
from timestream_policies.model import Options, Resource
from timestream_policies.values import EMPTY, SIGNATURE, Properties

HOW_TO_PREVIEW = "pulumi preview --json --show-sames > preview.json"
_DEEPEST = 100
# What holds a secret is signed, unless somebody wrote the signature with escapes.
_SIGNED, _ESCAPED = SIGNATURE.encode(), rb"\u00"
_NO_OPTIONS = Options()
_OBJECTS: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict)
# The engine tells every frame of the call: the first one in the project is where its authors look.
_IN_PROJECT = re.compile(
    rb'"sourcePosition":\s*"project:///((?!\.\./|\.venv/|venv/)(?![^"]*(?:site-packages|node_modules)/)[^"\\]+)"'
)


class FoundResource(msgspec.Struct, rename="camel", gc=False):
    """One resource of a file. What rules seldom ask for stays text."""

    urn: str
    type: str
    inputs: msgspec.Raw = msgspec.Raw()
    outputs: msgspec.Raw = msgspec.Raw()
    id: str = ""
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] | None = None
    property_dependencies: dict[str, tuple[str, ...] | None] | None = None
    external: bool = False
    delete: bool = False
    created: str = ""
    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: list[str] | None = None
    additional_secret_outputs: list[str] | None = None
    aliases: list[str] | None = None
    source_position: str = ""
    stack_trace: msgspec.Raw = msgspec.Raw()


class Deployment(msgspec.Struct):
    """The resources of a stack."""

    resources: list[FoundResource] | None = None


class Checkpoint(msgspec.Struct):
    """What a file backend keeps of a stack."""

    stack: str = ""
    latest: Deployment | None = None


class Step(msgspec.Struct, rename="camel"):
    """One step of a preview."""

    op: str
    new_state: FoundResource | None = None
    old_state: FoundResource | None = None


class Diagnostic(msgspec.Struct):
    """One message of a preview."""

    severity: str = ""


class File(msgspec.Struct, rename="camel"):
    """A state file of any kind: each has its own one of these members."""

    deployment: Deployment | None = None
    checkpoint: Checkpoint | None = None
    steps: list[Step] | None = None
    change_summary: dict[str, int] | None = None
    diagnostics: list[Diagnostic] | None = None


def decoded(content: bytes, source: str) -> File:
    """Return what a file holds; raises `Unreadable` if that is no state of any kind."""
    try:
        return msgspec.json.decode(unpacked(content, source), type=File)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as problem:
        raise unreadable(source, problem) from None


def unreadable(source: str, problem: Exception) -> Unreadable:
    """Return the error for what is no state of any kind."""
    return Unreadable(
        f"{source}: not a state that Pulumi writes ({problem}); give the output of 'pulumi stack export' "
        f"or of '{HOW_TO_PREVIEW}'"
    )


def standing(file: File, source: str) -> list[FoundResource]:
    """Return the resources of an export or a checkpoint, without those that wait for deletion."""
    latest = file.deployment
    if latest is None and file.checkpoint is not None:
        # The file of a stack that was made and never filled has its name and nothing else.
        latest = file.checkpoint.latest or (Deployment() if file.checkpoint.stack else None)
    if latest is None:
        raise Unreadable(
            f"{source}: holds no deployment, checkpoint or steps; give the output of 'pulumi stack export' "
            f"or of '{HOW_TO_PREVIEW}'"
        )
    return [found for found in latest.resources or () if not found.delete]


def resource_of(
    found: FoundResource,
    source: str,
    *,
    external: bool = False,
    stays: FoundResource | None = None,
    op: str = "",
) -> Resource:
    """Return the resource as rules see it. `stays` is its state before, where that goes on to hold."""
    outputs = _properties(found.outputs, found.urn, source)
    if stays is not None:
        outputs = _kept(outputs, _properties(stays.outputs, stays.urn, source), whole=op == "same")
    return Resource(
        urn=found.urn,
        type_=found.type,
        inputs=_properties(found.inputs, found.urn, source),
        outputs=outputs,
        id_=found.id or (stays.id if stays is not None else ""),
        parent=found.parent,
        dependencies=found.dependencies or (),
        property_dependencies={
            name: urns for name, urns in (found.property_dependencies or {}).items() if urns
        }
        or None,
        external=found.external or external,
        options=_options(found),
        provider=found.provider,
        source=partial(_source, found.stack_trace, found.source_position),
    )


def _kept(new: Properties, old: Properties, *, whole: bool) -> Properties:
    """Return the outputs that a preview does not show but that stay: all, or the ARN of an update."""

    def load() -> Mapping[str, Any]:
        kept = old.raw if whole else {name: old.raw[name] for name in ("arn",) if name in old.raw}
        return {**kept, **new.raw}

    return Properties(load)


def _options(found: FoundResource) -> Options:
    if not (
        found.protect
        or found.retain_on_delete
        or found.ignore_changes
        or found.additional_secret_outputs
        or found.aliases
    ):
        return _NO_OPTIONS
    return Options(
        protect=found.protect,
        retain_on_delete=found.retain_on_delete,
        ignore_changes=tuple(found.ignore_changes or ()),
        additional_secret_outputs=tuple(found.additional_secret_outputs or ()),
        aliases=tuple(found.aliases or ()),
    )


def _source(trace: msgspec.Raw, position: str) -> str:
    """Return the place in the project where the program made a resource; empty if there is none."""
    place = _IN_PROJECT.search(memoryview(trace)) or _IN_PROJECT.search(
        b'"sourcePosition":"%s"' % position.encode()
    )
    return place[1].decode() if place else ""


def _properties(raw: msgspec.Raw, urn: str, source: str) -> Properties:
    start = bytes(memoryview(raw)[:1])
    if start in (b"", b"n"):  # absent or null
        return EMPTY
    if start != b"{":
        raise msgspec.ValidationError(f"the properties of {urn} are not an object")

    return _FileProperties(raw, urn, source)


class _FileProperties(Properties):
    """Properties that are still text. A closure in each of them would be a fifth of all memory."""

    __slots__ = ("_source", "_text", "_urn")

    def __init__(self, text: msgspec.Raw, urn: str, source: str) -> None:
        super().__init__()
        self._text = text
        self._urn = urn
        self._source = source

    def load(self) -> Mapping[str, Any]:
        try:
            content = _OBJECTS.decode(self._text)
        except (msgspec.DecodeError, RecursionError) as problem:
            raise Unreadable(
                f"{self._source}: the properties of {self._urn} cannot be read ({problem})"
            ) from None
        text = bytes(memoryview(self._text))
        if text.count(b"{") + text.count(b"[") > _DEEPEST:
            _check_depth(content, self._urn, self._source)
        return content

    def may_hold_secrets(self) -> bool:
        text = bytes(memoryview(self._text))
        return _SIGNED in text or _ESCAPED in text


def _check_depth(content: dict[str, Any], urn: str, source: str) -> None:
    """Refuse what is nested deeper than anything that a provider takes: reading it would never end well."""
    level: list[Any] = [content]
    for _ in range(_DEEPEST):
        level = [
            item
            for value in level
            for item in (value.values() if isinstance(value, dict) else value)
            if isinstance(item, (dict, list))
        ]
        if not level:
            return
    raise Unreadable(f"{source}: the properties of {urn} are nested over {_DEEPEST} deep")
