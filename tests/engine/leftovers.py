"""Which processes of a sandbox's environment are still alive."""

import os
import time
from pathlib import Path

from aws_sandbox.sandbox import Sandbox


def alive(sandbox: Sandbox) -> dict[int, str]:
    """Return the processes that were started with this sandbox's environment: {pid: command line}.

    The sandbox's own server is none of them; a zombie counts as dead.
    """
    mark = f"PULUMI_HOME={sandbox.env['PULUMI_HOME']}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if command:
            found[int(entry.name)] = command
    return found


def wait_for_none(sandbox: Sandbox, seconds: float = 5) -> None:
    """Fail unless every process of the sandbox's environment ends within `seconds`."""
    deadline = time.monotonic() + seconds
    while (left := alive(sandbox)) and time.monotonic() < deadline:
        os.sched_yield()
        time.sleep(0.05)
    assert left == {}, f"still alive after {seconds:g} s: {left}"
