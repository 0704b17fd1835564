"""Says on standard error how far a check is, when a person watches and it takes a while."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LONG = 30_000_000
"""Bytes that take about a second to judge."""


@contextmanager
def progress(sources: tuple[str, ...]) -> Iterator[Callable[[int, int], None] | None]:
    """Give what is to be told how many files of how many are done; None if nobody watches."""
    if not sys.stderr.isatty() or not _takes_a_while(sources):
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("Judging …") as status:
        yield lambda done, total: status.update(f"Judging … {done} of {total} states")


def _takes_a_while(sources: tuple[str, ...]) -> bool:
    # Standard input may keep the command waiting for as long as it likes.
    if len(sources) > 1 or sources[0] == "-":
        return True
    path = Path(sources[0])
    return path.is_dir() or (path.is_file() and path.stat().st_size > _LONG)
