"""What a rule does when a value that it needs is not known: it stops, and says so."""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")


class Undecided(Exception):
    """The rule cannot tell, because of this value."""

    def __init__(self, urn: str, path: str, reason: str) -> None:
        super().__init__(f"{path} {reason}")
        self.urn = urn
        self.path = path
        self.reason = reason


class NotApplicable(Exception):
    """The rule does not apply here, and the text says why."""


class Assumption(msgspec.Struct, frozen=True):
    """Something that a verdict takes for granted, because another stack or the settings answer for it."""

    urn: str
    at: str
    text: str


class Notes:
    """What is written down while one rule judges one resource; `with Notes() as notes:` ends them."""

    __slots__ = ("_token", "assumptions", "undecided")

    def __init__(self) -> None:
        """Take the notes of what is judged from now on, until `end`."""
        self.undecided: list[Undecided] = []
        self.assumptions: list[Assumption] = []
        self._token = _notes.set(self)

    def taken(self) -> tuple[tuple[Undecided, ...], tuple[Assumption, ...]]:
        """Return what was written down until now, and begin anew."""
        taken = tuple(self.undecided), tuple(self.assumptions)
        self.undecided.clear()
        self.assumptions.clear()
        return taken

    def end(self) -> None:
        """Take no more notes."""
        _notes.reset(self._token)

    def __enter__(self) -> "Notes":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


def assume(urn: str, at: str, text: str) -> None:
    """Write down what the verdict takes for granted."""
    notes = _notes.get()
    if notes is not None:
        notes.assumptions.append(Assumption(urn, at, text))


class Judged:
    """A part that is judged alone: `with part:` notes that it is undecided and goes on."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Start judging the part."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Undecided):
            return False
        notes = _notes.get()
        if notes is None:
            return False
        notes.undecided.append(error)
        return True


class Words(Generic[T]):
    """Values of which some may be unknown. Iteration gives the known ones first, then raises.

    So `any(...)` and `all(...)` settle on known evidence and raise only if nothing settles it.
    """

    __slots__ = ("known", "unknown")

    def __init__(self, known: Iterable[T], unknown: Undecided | None = None) -> None:
        self.known = tuple(known)
        self.unknown = unknown

    def __iter__(self) -> Iterator[T]:
        yield from self.known
        if self.unknown is not None:
            raise self.unknown

    def __bool__(self) -> bool:
        if not self.known and self.unknown is not None:
            raise self.unknown
        return bool(self.known)

    def __contains__(self, value: object) -> bool:
        return any(word == value for word in self)

    def list(self) -> list[T]:
        """Return all values; raises if one is unknown."""
        return list(self)


def settled(parts: Iterator[T]) -> tuple[T, ...] | None:
    """Return all parts, to be asked for again; None if a note was taken on the way, or something is unknown.

    Then whoever asks goes through the parts anew, so that the notes are taken for each rule.
    """
    with Notes() as notes:
        try:
            found = tuple(parts)
        except (Undecided, NotApplicable, ValueError):
            return None
    return None if notes.undecided or notes.assumptions else found


def any_of(parts: Iterable[T], test: Callable[[T], bool]) -> bool:
    """Tell whether some part passes the test: one known to pass settles it."""
    return _settle(parts, test, True)


def all_of(parts: Iterable[T], test: Callable[[T], bool]) -> bool:
    """Tell whether every part passes the test: one known to fail settles it."""
    return _settle(parts, test, False)


def holds(thing: T, *tests: Callable[[T], bool]) -> bool:
    """Tell whether a thing passes all tests: one that it is known to fail settles it."""
    return all_of(tests, lambda test: test(thing))


def _settle(parts: Iterable[T], test: Callable[[T], bool], settled_by: Literal[True, False]) -> bool:
    open_question: Undecided | None = None
    if isinstance(parts, (Words, tuple, list)):
        # The usual case, without a generator: this runs for every statement and rule.
        if isinstance(parts, Words):
            open_question = parts.unknown
            parts = parts.known
        for part in parts:
            try:
                if test(part) is settled_by:
                    return settled_by
            except Undecided as undecided:
                open_question = undecided
        if open_question is not None:
            raise open_question.with_traceback(None)
        return not settled_by
    remaining = iter(parts)
    while True:
        try:
            part = next(remaining)
        except StopIteration:
            break
        except Undecided as undecided:
            open_question = undecided
            break
        try:
            if test(part) is settled_by:
                return settled_by
        except Undecided as undecided:
            open_question = undecided
    if open_question is not None:
        raise open_question
    return not settled_by
