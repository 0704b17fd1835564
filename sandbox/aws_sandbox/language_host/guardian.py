"""Kills what the host left behind if the host itself is killed.

Runs as a process of its own, on the standard library alone. It reads lines from the host (`+PGID` when a
process group starts, `-PGID` when it is gone). When the host dies, for whatever reason, the pipe closes and
the groups that are still listed are ended.
"""

import contextlib
import os
import signal
import sys
import time

GRACE_SECONDS = 0.5


def end(groups: set[int], grace: float = GRACE_SECONDS) -> None:
    """End process groups: ask first, then kill."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
        if number == signal.SIGTERM and groups:
            time.sleep(grace)


def main() -> None:
    """Keep the list of living groups until the host is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends with the host, not before
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    end(groups)


if __name__ == "__main__":
    main()
