"""The process that the engine starts as `python -m aws_sandbox.provider [flags] ENGINE_ADDRESS`.

It prints its port first, serves the provider protocol there, and ends with the engine.
"""

import os
import signal
import threading
from concurrent import futures

import grpc

from aws_sandbox.protocol import provider_pb2_grpc
from aws_sandbox.servicer import AwsProvider

_THREADS = 32
_MESSAGE_LIMIT = 400 * 1024 * 1024
"""What the engine itself allows."""
_GRACE = 2.0
"""Seconds for calls that are under way when we are told to end."""


def serve() -> tuple[grpc.Server, int]:
    """Start the provider and return its server and port."""
    options = [(f"grpc.max_{way}_message_length", _MESSAGE_LIMIT) for way in ("receive", "send")]
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=options)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsProvider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def _preload() -> None:
    """Import boto3 while the engine is still greeting us."""
    import boto3  # noqa: F401


def _end_with_parent(parent: int, end: threading.Event) -> None:
    """End when the engine has died: nobody else would ever stop us."""
    while os.getppid() == parent and not end.is_set():
        end.wait(0.5)
    end.set()


def main() -> None:
    """Serve until the engine stops us."""
    parent = os.getppid()
    end = threading.Event()
    # The engine starts its plugins in process groups of their own, out of reach of Ctrl-C, and ends them by
    # SIGINT; one that does not end at once keeps the command waiting for five seconds.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    server, port = serve()
    print(port, flush=True)
    threading.Thread(target=_preload, daemon=True).start()
    threading.Thread(target=_end_with_parent, args=(parent, end), daemon=True).start()
    end.wait()
    server.stop(grace=_GRACE).wait()
    # A call that is still under way then must not keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    main()
