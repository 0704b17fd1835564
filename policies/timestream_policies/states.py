"""Reads what Pulumi writes about a stack: `stack export`, checkpoints and `preview --json`.

Inputs and outputs stay JSON text until a rule asks for them: most never are.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from timestream_policies.model import Resource
from timestream_policies.stack import Stack
from timestream_policies.values import EMPTY, Properties

_GONE = frozenset(
    {"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"}
)
_ONLY_READ = frozenset({"read", "read-replacement"})
HOW_TO_PREVIEW = "pulumi preview --json --show-sames > preview.json"


class Unreadable(Exception):
    """The file is not what the command takes; the text says what to do."""


class _Resource(msgspec.Struct, rename="camel", gc=False):
    urn: str
    type: str
    inputs: msgspec.Raw = msgspec.Raw()
    outputs: msgspec.Raw = msgspec.Raw()
    id: str = ""
    parent: str = ""
    dependencies: list[str] | None = None
    property_dependencies: dict[str, list[str] | None] | None = None
    external: bool = False
    delete: bool = False


class _Deployment(msgspec.Struct):
    resources: list[_Resource] | None = None


class _Checkpoint(msgspec.Struct):
    latest: _Deployment | None = None


class _Step(msgspec.Struct, rename="camel"):
    op: str
    new_state: _Resource | None = None


class _Diagnostic(msgspec.Struct):
    severity: str = ""


class _File(msgspec.Struct, rename="camel"):
    """A state file of any kind: each has its own one of these members."""

    deployment: _Deployment | None = None
    checkpoint: _Checkpoint | None = None
    steps: list[_Step] | None = None
    change_summary: dict[str, int] | None = None
    diagnostics: list[_Diagnostic] | None = None


@dataclass(frozen=True)
class State:
    """A stack that was read, and what kind of file it came from."""

    stack: Stack
    source: str
    is_preview: bool
    sha256: str


def read(source: str) -> State:
    """Return the stack of a file, or of standard input for `-`."""
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as problem:
        raise Unreadable(f"{source}: {problem.strerror or problem}") from None
    return parse(content, source)


def parse(content: bytes, source: str) -> State:
    """Return the stack that a file's content describes."""
    try:
        file = msgspec.json.decode(content, type=_File)
        stack = Stack(_resources(file, source))
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as problem:
        raise Unreadable(
            f"{source}: not a state that Pulumi writes ({problem}); give the output of 'pulumi stack export' "
            f"or of '{HOW_TO_PREVIEW}'"
        ) from None
    return State(stack, source, file.steps is not None, sha256(content).hexdigest())


def _resources(file: _File, source: str) -> Iterable[Resource]:
    if file.steps is not None:
        return _planned(file, source)
    latest = file.deployment or (file.checkpoint.latest if file.checkpoint else None)
    if latest is None:
        raise Unreadable(
            f"{source}: holds no deployment, checkpoint or steps; give the output of 'pulumi stack export' "
            f"or of '{HOW_TO_PREVIEW}'"
        )
    return [_resource(found) for found in latest.resources or () if not found.delete]


def _planned(file: _File, source: str) -> list[Resource]:
    """Return the resources as they will be. What the preview left out cannot be judged."""
    steps = file.steps or []
    summary = file.change_summary or {}
    planned, shown = sum(summary.values()), len(steps)
    if shown < planned:
        raise Unreadable(
            f"{source}: the preview shows {shown} of {planned} steps, the rest cannot be judged; "
            f"make it with '{HOW_TO_PREVIEW}'"
        )
    # A program that fails half-way shows what it had registered until then, and counts no more.
    if any(diagnostic.severity == "error" for diagnostic in file.diagnostics or ()):
        raise Unreadable(
            f"{source}: the preview failed, so what it shows is not the whole stack; "
            f"mend the program and make it again with '{HOW_TO_PREVIEW}'"
        )
    # A replacement is several steps on one URN; the last state of each is the one that stays.
    last: dict[str, Resource] = {}
    for step in steps:
        if step.new_state is not None and step.op not in _GONE:
            last[step.new_state.urn] = _resource(step.new_state, external=step.op in _ONLY_READ)
    return list(last.values())


def _resource(found: _Resource, *, external: bool = False) -> Resource:
    return Resource(
        urn=found.urn,
        type_=found.type,
        inputs=_properties(found.inputs, found.urn),
        outputs=_properties(found.outputs, found.urn),
        id_=found.id,
        parent=found.parent,
        dependencies=tuple(found.dependencies or ()),
        property_dependencies={
            name: tuple(urns or ()) for name, urns in (found.property_dependencies or {}).items()
        },
        external=found.external or external,
    )


def _properties(raw: msgspec.Raw, urn: str) -> Properties:
    start = bytes(memoryview(raw)[:1])
    if start in (b"", b"n"):  # absent or null
        return EMPTY
    if start != b"{":
        raise msgspec.ValidationError(f"the properties of {urn} are not an object")

    def load() -> Mapping[str, Any]:
        return msgspec.json.decode(raw, type=dict[str, Any])

    return Properties(load)
