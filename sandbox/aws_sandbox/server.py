"""The server process: `python -m aws_sandbox.server --directory DIR`.

It takes the directory for itself (a lock), listens on loopback, writes `DIR/server.json` when it is
ready and prints the same, without the token, as its first line. With `--owned` it ends when its standard
input ends, so that it never outlives the process that holds the other end.
"""

import argparse
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any, TextIO

from aws_sandbox.account import ACCOUNT
from aws_sandbox.control_client import SERVER_FILE

# moto reads the account once, when it is imported.
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "false"
# No type of the sandbox starts from a machine image, and moto's are most of what EC2 would keep.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

ALREADY_SERVED = 3
"""The exit code when another server has the directory."""
UNUSABLE_STATE = 4
"""The exit code when the kept state cannot be read."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; return the exit code."""
    options = _options(arguments)
    directory: Path = options.directory.resolve()
    os.umask(0o077)  # the kept state has the values of secrets
    directory.mkdir(parents=True, exist_ok=True)
    lock = (directory / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"another aws-sandbox serves {directory}", file=sys.stderr)
        return ALREADY_SERVED
    owner_gone = _serve(directory, lock, options.owned)
    if owner_gone and options.temporary:
        shutil.rmtree(directory, ignore_errors=True)
    # Connections that are still open have threads of their own; nobody waits for them.
    os._exit(0)


def _serve(directory: Path, lock: TextIO, owned: bool) -> bool:
    """Serve until told to stop, or until the owner is gone; tell whether that was why."""
    from aws_sandbox import corrections
    from aws_sandbox.authority import Authority
    from aws_sandbox.calls import CallLog
    from aws_sandbox.control import Control
    from aws_sandbox.dispatch import Dispatcher
    from aws_sandbox.faults import Faults
    from aws_sandbox.persistence import StateError, Store, watch

    # An error that the service's model does not list is meant where a correction raises it.
    warnings.filterwarnings("ignore", "Exception.* does not match an error shape")
    log = CallLog(directory / "calls.jsonl")
    faults = Faults()
    watch()
    try:
        store = Store(directory / "aws" / "state.db")
        store.load()
    except StateError as error:
        print(error, file=sys.stderr)
        raise SystemExit(UNUSABLE_STATE) from error
    dispatcher = Dispatcher(log, faults, store)
    token = secrets.token_urlsafe(32)
    control = Control(directory, token, dispatcher, log, faults, store)
    proxy = _bind(directory, Authority(directory), dispatcher, control)
    ended, owner_gone = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if owned:
        threading.Thread(target=_wait_for_owner, args=(ended, owner_gone), daemon=True).start()
    with dispatcher.lock:  # calls that come now wait a moment: EC2's models take the longest to import
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        _announce(directory, proxy.port, token)
        corrections.apply()
    ended.wait()
    faults.clear()
    dispatcher.lock.acquire()  # a call that is taking effect is finished and kept; no other begins
    store.close()
    (directory / SERVER_FILE).unlink(missing_ok=True)
    lock.close()
    return owner_gone.is_set()


def _bind(directory: Path, authority: Any, dispatcher: Any, control: Any) -> Any:
    """Bind the port that this directory had before, so that an environment stays valid, or any."""
    from aws_sandbox.proxy import Proxy

    for port in (_previous_port(directory), 0):
        try:
            return Proxy(port, authority, dispatcher, control)
        except OSError:
            if port == 0:
                raise
    raise AssertionError("unreachable")


def _previous_port(directory: Path) -> int:
    try:
        return int((directory / "port").read_text())
    except (OSError, ValueError):
        return 0


def _announce(directory: Path, port: int, token: str) -> None:
    (directory / "port").write_text(str(port))
    server = {"pid": os.getpid(), "port": port, "started": time.time()}
    partial = directory / f"{SERVER_FILE}.partial"
    partial.unlink(missing_ok=True)  # one that was left behind may be for others to read
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_text(json.dumps({**server, "token": token}))
    partial.replace(directory / SERVER_FILE)
    with contextlib.suppress(BrokenPipeError):  # an owner that is gone is noticed by its standard input
        print(json.dumps(server), flush=True)


def _wait_for_owner(ended: threading.Event, owner_gone: threading.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    owner_gone.set()
    ended.set()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m aws_sandbox.server", description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="where the sandbox lives")
    parser.add_argument("--owned", action="store_true", help="end when standard input ends")
    parser.add_argument("--temporary", action="store_true", help="remove the directory if the owner is gone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
