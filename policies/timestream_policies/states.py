"""Reads what Pulumi writes about a stack: `stack export`, checkpoints and `preview --json`.

Inputs and outputs stay JSON text until a rule asks for them: most never are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from threading import Thread

import msgspec

from timestream_policies.checkpoints import Unreadable, content_of, files_in
from timestream_policies.model import Resource
from timestream_policies.pairing import Before, pair
from timestream_policies.settings import DEFAULTS, Settings
from timestream_policies.stack import Stack
from timestream_policies.state_files import (
    HOW_TO_PREVIEW,
    File,
    FoundResource,
    decoded,
    resource_of,
    standing,
    unreadable,
)
from timestream_policies.types import STACK

__all__ = ["State", "Unreadable", "parse", "read", "read_each"]

_GONE = frozenset(
    {"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"}
)
_ONLY_READ = frozenset({"read", "read-replacement"})
_ANEW = frozenset({"replace", "create-replacement", "import-replacement"})
_DELETED = frozenset({"delete"})
_STAYS = frozenset({"same", "update"})
_OFFERS = ("options", "retain_on_delete")


class State(msgspec.Struct, frozen=True):
    """A stack that was read, and what kind of file it came from."""

    stack: Stack
    source: str
    is_preview: bool
    sha256: str


class _Told(msgspec.Struct, frozen=True):
    """What one file tells: the resources, when they were created, and for a preview what was before."""

    resources: list[Resource]
    created: dict[str, str] = msgspec.field(default_factory=dict)
    before: Before | None = None
    is_preview: bool = False


def read_each(
    sources: Iterable[str],
    *,
    previous: str | None = None,
    state: str | None = None,
    settings: Settings = DEFAULTS,
) -> Iterator[State]:
    """Yield the stack of each file; of a directory, those of all its checkpoints.

    `previous` and `state` are about one stack, so they go with one file.
    """
    files = [file for source in sources for file in files_in(source)]
    for option, value in (("--previous", previous), ("--state", state)):
        if value is not None and len(files) != 1:
            raise Unreadable(f"{option} is about one stack; give one file, not {len(files)}")
    for file in files:
        yield read(file, previous=previous, state=state, settings=settings)


def read(
    source: str, *, previous: str | None = None, state: str | None = None, settings: Settings = DEFAULTS
) -> State:
    """Return the stack of a file, or of standard input for `-`.

    `previous` is the file of the state before; `state` that of the exported state which has the
    resources that a preview left out because they do not change.
    """
    if [source, previous, state].count("-") > 1:
        raise Unreadable("-: standard input can be read once; give the other as a file")
    old = _told(content_of(previous), previous) if previous is not None else None
    exported = decoded(content_of(state), state) if state is not None else None
    return _state(content_of(source), source, old, exported, settings)


def parse(content: bytes, source: str, settings: Settings = DEFAULTS) -> State:
    """Return the stack that a file's content describes."""
    return _state(content, source, None, None, settings)


def _state(
    content: bytes, source: str, old: _Told | None, exported: File | None, settings: Settings
) -> State:
    # Hashing needs no part of the interpreter, so it runs beside the reading.
    digest = sha256()
    hashing = Thread(target=digest.update, args=(content,))
    hashing.start()
    try:
        told = _told(content, source, exported)
    finally:
        hashing.join()
    before = told.before
    if old is not None:
        before = pair(old.resources, told.resources, old.created, told.created)
    resources = told.resources
    if before is not None and not any(resource.type == STACK for resource in resources):
        # Where everything is deleted, so is the root; but somebody must be asked what is gone.
        resources = [*resources, *(root for root in before.deleted if root.type == STACK)]
    stack = Stack(
        resources,
        settings=settings,
        offers=_OFFERS,
        previous=before.previous if before else None,
        deleted=before.deleted if before else (),
        replaced=before.replaced if before else (),
    )
    return State(stack, source, told.is_preview, digest.hexdigest())


def _told(content: bytes, source: str, exported: File | None = None) -> _Told:
    file = decoded(content, source)
    try:
        if file.steps is not None:
            return _planned(file, source, exported)
        if exported is not None:
            raise Unreadable(f"{source}: is no preview, so --state has nothing to add; leave it out")
        return _deployed(file, source)
    except msgspec.ValidationError as problem:
        raise unreadable(source, problem) from None


def _deployed(file: File, source: str) -> _Told:
    found_standing = standing(file, source)
    return _Told(
        [resource_of(found, source) for found in found_standing],
        {found.urn: found.created for found in found_standing if found.created},
    )


def _planned(file: File, source: str, exported: File | None) -> _Told:
    """Return the resources as they will be. What the preview left out cannot be judged."""
    steps = file.steps or []
    # A program that fails half-way shows what it had registered until then, and counts no more.
    if any(diagnostic.severity == "error" for diagnostic in file.diagnostics or ()):
        raise Unreadable(
            f"{source}: the preview failed, so what it shows is not the whole stack; "
            f"mend the program and make it again with '{HOW_TO_PREVIEW}'"
        )
    unchanged = _left_out(file, source, exported)
    before = Before()
    # A replacement is several steps on one URN; the last state of each is the one that stays.
    last = {found.urn: resource_of(found, source) for found in unchanged}
    before.previous.update(last)
    for step in steps:
        new, old = step.new_state, step.old_state
        if new is None or step.op in _GONE:
            continue
        outputs = old if old is not None and step.op in _STAYS else None
        last[new.urn] = resource_of(new, source, external=step.op in _ONLY_READ, stays=outputs, op=step.op)
        if old is not None:
            before.previous[new.urn] = resource_of(old, source)
        if step.op in _ANEW:
            before.replaced.add(new.urn)
    before.deleted = [
        resource_of(step.old_state, source)
        for step in steps
        if step.op in _DELETED
        and step.old_state is not None
        and not step.old_state.delete
        and step.old_state.urn not in last
    ]
    return _Told(list(last.values()), before=before, is_preview=True)


def _left_out(file: File, source: str, exported: File | None) -> list[FoundResource]:
    """Return the unchanged resources that a preview does not show, from the exported state.

    Raises unless what is shown and what the state has are together what the preview counted.
    """
    steps = file.steps or []
    if file.change_summary is None:
        raise Unreadable(
            f"{source}: the preview has no summary of its changes, so nobody can tell whether it is whole; "
            f"make it with '{HOW_TO_PREVIEW}'"
        )
    shown = Counter(step.op for step in steps)
    missing = {op: count - shown[op] for op, count in file.change_summary.items() if count > shown[op]}
    if not missing:
        return []
    planned = sum(file.change_summary.values())
    told = f"the preview shows {planned - sum(missing.values())} of {planned} steps"
    if exported is None or set(missing) != {"same"}:
        raise Unreadable(
            f"{source}: {told}, the rest cannot be judged; make it with '{HOW_TO_PREVIEW}'"
            + (", or give the exported state with --state" if set(missing) == {"same"} else "")
        )
    seen = {state.urn for step in steps for state in (step.new_state, step.old_state) if state is not None}
    unchanged = [found for found in standing(exported, "--state") if found.urn not in seen]
    # The engine makes default providers by itself, and neither shows nor counts them.
    supplied = sum(1 for found in unchanged if not _is_default_provider(found))
    if supplied != missing["same"]:
        raise Unreadable(
            f"{source}: {told}, and the state has {supplied} of the {missing['same']} that are unchanged: "
            f"it is not the state that the preview was made of; make it with '{HOW_TO_PREVIEW}'"
        )
    return unchanged


def _is_default_provider(found: FoundResource) -> bool:
    name = found.urn.rpartition("::")[2]
    return found.type.startswith("pulumi:providers:") and name.startswith("default")
