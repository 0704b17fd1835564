"""How far a long step is: a live bar on a terminal, a plain line now and then in a pipe."""

import sys
import time
from typing import Protocol, TextIO

WIDTH = 30
PLAIN_SECONDS = 20.0


class Progress(Protocol):
    """What a build tells while it runs."""

    def note(self, text: str) -> None:
        """Say one thing, in a line of its own."""

    def step(self, what: str, done: int, total: int | None) -> None:
        """Say how much of a step is done; `total` is None where nobody knows it."""


class Console:
    """Progress for a person, on stderr unless told otherwise."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._drawn = False
        self._said = time.monotonic()

    def note(self, text: str) -> None:
        """Say one thing, in a line of its own."""
        self._clear()
        print(text, file=self._stream, flush=True)

    def step(self, what: str, done: int, total: int | None) -> None:
        """Draw the bar, or a line if the last one is a while ago."""
        if self._live:
            self._clear()
            self._stream.write(bar(what, done, total))
            self._stream.flush()
            self._drawn = True
            return
        now = time.monotonic()
        if now - self._said >= PLAIN_SECONDS:
            self._said = now
            print(counted(what, done, total), file=self._stream, flush=True)

    def _clear(self) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._drawn = False


def counted(what: str, done: int, total: int | None) -> str:
    """Write the state of a step in words."""
    return f"{what}: {done}" if total is None else f"{what}: {done} of {total}"


def bar(what: str, done: int, total: int | None) -> str:
    """Draw the state of a step."""
    if not total:
        return counted(what, done, total)
    filled = WIDTH * min(done, total) // total
    return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {counted(what, done, total)}"
