"""Faults that a test orders: a call that is held until it is released, a call that fails.

A test that wants to kill a program in the middle of a call holds the call: it is told when the
call has arrived, and the program stays blocked in it until it is killed or the call released.
"""

import threading
from dataclasses import dataclass, field
from typing import Literal

from aws_sandbox.aws_api import AwsError

When = Literal["before", "after"]


@dataclass
class Hold:
    """Calls of one operation wait before or after they take effect."""

    service: str
    action: str
    when: When
    times: int
    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


@dataclass
class Failure:
    """Calls of one operation are answered with an error and take no effect."""

    service: str
    action: str
    error: AwsError
    times: int


class Faults:
    """The faults that are ordered and not yet used up."""

    def __init__(self) -> None:
        """Begin with none."""
        self._holds: dict[str, Hold] = {}
        self._failures: list[Failure] = []
        self._lock = threading.Lock()

    def hold(self, service: str, action: str, when: When, times: int) -> str:
        """Order that the next calls wait; return the name of the hold."""
        with self._lock:
            name = f"hold-{len(self._holds) + 1}"
            self._holds[name] = Hold(service, action, when, times)
            return name

    def fail(self, service: str, action: str, error: AwsError, times: int) -> None:
        """Order that the next calls fail."""
        with self._lock:
            self._failures.append(Failure(service, action, error, times))

    def arrived(self, name: str, seconds: float) -> bool:
        """Wait until a call has reached the hold; False after the time given."""
        return self._holds[name].arrived.wait(seconds)

    def release(self, name: str) -> None:
        """Let the held call go on, and later calls pass."""
        hold = self._holds[name]
        hold.times = 0
        hold.released.set()

    def clear(self) -> None:
        """Release everything and forget all faults."""
        with self._lock:
            for hold in self._holds.values():
                hold.times = 0
                hold.released.set()
            self._failures.clear()

    def failure(self, service: str, action: str) -> AwsError | None:
        """Return the error that this call is to be answered with, if one is ordered."""
        with self._lock:
            for failure in self._failures:
                if (failure.service, failure.action) == (service, action) and failure.times > 0:
                    failure.times -= 1
                    return failure.error
        return None

    def wait(self, service: str, action: str, when: When) -> None:
        """Block the calling thread if such a call is to be held now."""
        with self._lock:
            held = next(
                (
                    hold
                    for hold in self._holds.values()
                    if (hold.service, hold.action, hold.when) == (service, action, when) and hold.times > 0
                ),
                None,
            )
            if held:
                held.times -= 1
        if held:
            held.arrived.set()
            held.released.wait()
