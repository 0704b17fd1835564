"""The life of the language host: it is ready in a fraction of a second, and ends with the CLI."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent import futures
from pathlib import Path

import grpc

from .errors import HostError
from .protocol import language_grpc
from .service import Host

MESSAGE_BYTES = 400 * 1024 * 1024  # the CLI's own limit; grpc's default of 4 MB is too small for big programs
WORKERS = 64  # each running program, pack and component plugin keeps one
PARENT_SECONDS = 0.25  # how often the host looks whether the CLI is still there


def serve(engine: str, helpers: Path) -> None:
    """Serve until the CLI ends the host, or is gone itself."""
    parent = os.getppid()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    host = Host(engine, helpers)
    server = grpc.server(
        futures.ThreadPoolExecutor(WORKERS),
        options=[
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", MESSAGE_BYTES),
        ],
    )
    language_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    while not stop.wait(PARENT_SECONDS) and os.getppid() == parent:
        pass
    host.children.close()
    server.stop(grace=0.5).wait()


def main(arguments: Sequence[str]) -> int:
    """Start the host as the CLI does: flags (logging, tracing) and then the engine's address.

    Its launcher puts `--helpers DIR` before them: the directory of the programs that come with the host.
    """
    helpers = Path()
    if arguments[:1] == ["--helpers"]:
        helpers, arguments = Path(arguments[1]), arguments[2:]
    engine = arguments[-1] if arguments and not arguments[-1].startswith("-") else ""
    try:
        serve(engine, helpers)
    except HostError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.flush()
    os._exit(0)  # no thread of grpc, and no output that nobody reads any more, holds the end up
