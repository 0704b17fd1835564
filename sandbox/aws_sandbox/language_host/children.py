"""Processes that the host starts: their output streamed, their exit code kept, none left behind.

Each child leads a process group of its own, so that everything it started can be ended with it. Ending goes
SIGINT, SIGTERM, SIGKILL. A child that is being ended writes nothing to stderr any more: the traceback of its
KeyboardInterrupt says nothing to the user who asked for the end.

A child that ignores a signal gets the next one after a second, or after as many as the environment variable
LANGUAGE_HOST_GRACE_SECONDS says: tests of such children set it, so as not to wait.
"""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

from .errors import HostError

Stream = Literal["stdout", "stderr"]
Sink = Callable[[Stream, bytes], None]

GRACE_VARIABLE = "LANGUAGE_HOST_GRACE_SECONDS"
GRACE_SECONDS = 1.0
DEATH_SECONDS = 1.0  # for the kernel to end a group that is killed
DRAIN_SECONDS = 1.0  # for output that a grandchild still holds open after the child's end


def grace_seconds(environment: Mapping[str, str]) -> float:
    """Return how long a child may take to obey a signal."""
    given = environment.get(GRACE_VARIABLE)
    if not given:
        return GRACE_SECONDS
    if not re.fullmatch(r"[0-9]+([.][0-9]+)?", given):
        raise HostError(f"{GRACE_VARIABLE}: {given!r} is not a number of seconds, such as 0.5")
    return float(given)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group of zombies
        return False
    return True


class Child:
    """One running process and its group."""

    def __init__(
        self, command: Sequence[str], cwd: str, env: Mapping[str, str], sink: Sink, grace: float
    ) -> None:
        self.process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.group = self.process.pid
        self._sink = sink
        self._grace = grace
        self._ending = threading.Event()
        self._ended = threading.Event()
        self._pumps = [
            threading.Thread(target=self._pump, args=(name, pipe), daemon=True)
            for name, pipe in (("stdout", self.process.stdout), ("stderr", self.process.stderr))
        ]
        for pump in self._pumps:
            pump.start()

    def _pump(self, name: Stream, pipe: BinaryIO) -> None:
        while data := os.read(pipe.fileno(), 65536):
            if name == "stdout" or not self._ending.is_set():
                self._sink(name, data)

    def wait(self) -> int:
        """Wait for its end and its output; then end what it left in its group. Gives the exit code."""
        code = self.process.wait()
        deadline = time.monotonic() + DRAIN_SECONDS
        for pump in self._pumps:
            pump.join(max(0.0, deadline - time.monotonic()))
        self._ended.set()
        self._signal(signal.SIGKILL)
        return code

    def end(self) -> None:
        """Ask it to end, ever more firmly; gives back when nothing of its group is left."""
        if self._ended.is_set():
            return
        self._ending.set()
        steps = (
            (signal.SIGINT, self._grace),
            (signal.SIGTERM, self._grace),
            (signal.SIGKILL, DEATH_SECONDS),
        )
        for number, seconds in steps:
            self._signal(number)
            deadline = time.monotonic() + seconds
            while _alive(self.group):
                if time.monotonic() >= deadline:
                    break
                self.process.poll()
                time.sleep(0.01)
            else:
                return

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.group, number)


class Children:
    """Every running child, and the guardian that outlives the host."""

    def __init__(self) -> None:
        self._running: set[Child] = set()
        self._closed = False
        self._lock = threading.Lock()
        self._guardian: subprocess.Popen[bytes] | None = None
        self._grace = grace_seconds(os.environ)

    def start(self, command: Sequence[str], cwd: str, env: Mapping[str, str], sink: Sink) -> Child:
        """Start a process; `sink` gets its output as it comes."""
        with self._lock:
            if self._closed:
                raise ChildrenClosed
            child = Child(command, cwd, env, sink, self._grace)
            self._running.add(child)
            self._tell_guardian(f"+{child.group}\n")
            return child

    def finish(self, child: Child) -> int:
        """Wait for a child, and forget it."""
        code = child.wait()
        with self._lock:
            self._running.discard(child)
            self._tell_guardian(f"-{child.group}\n")
        return code

    def end_all(self) -> None:
        """End every child at the same time, and wait for it."""
        with self._lock:
            running = list(self._running)
        threads = [threading.Thread(target=child.end, daemon=True) for child in running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def close(self) -> None:
        """End every child and start no more."""
        with self._lock:
            self._closed = True
        self.end_all()
        with self._lock:
            if self._guardian is not None and self._guardian.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self._guardian.stdin.close()

    def _tell_guardian(self, line: str) -> None:
        if self._guardian is None:
            self._guardian = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(__file__).with_name("guardian.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        assert self._guardian.stdin is not None  # noqa: S101 - opened as a pipe above
        with contextlib.suppress(BrokenPipeError):
            self._guardian.stdin.write(line.encode())
            self._guardian.stdin.flush()


class ChildrenClosed(Exception):
    """The host is ending: nothing new is started."""


def to_own_output(name: Stream, data: bytes) -> None:
    """Pass a child's output on as the host's own, which the CLI reads."""
    out = sys.stdout if name == "stdout" else sys.stderr
    with contextlib.suppress(BrokenPipeError, ValueError):
        out.buffer.write(data)
        out.buffer.flush()


def messages(start: Callable[[Sink], int]) -> Iterator[tuple[Stream, bytes] | int]:
    """Turn work that writes to a sink into a stream of its output, with the exit code at the end."""
    items: queue.Queue[tuple[Stream, bytes] | int | BaseException] = queue.Queue()

    def work() -> None:
        try:
            items.put(start(lambda name, data: items.put((name, data))))
        except BaseException as error:
            items.put(error)

    threading.Thread(target=work, daemon=True).start()
    while True:
        item = items.get()
        if isinstance(item, BaseException):
            raise item
        yield item
        if isinstance(item, int):
            return
