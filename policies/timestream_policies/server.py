"""The process around the analyzer: one server for one engine, which ends with it."""

import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

import grpc

from timestream_policies.analyzer import Analyzer
from timestream_policies.protocol import analyzer_pb2_grpc


class _Methods(grpc.GenericRpcHandler):
    """The methods of the service. `Remediate` is there only while some rule is set to mend.

    The engine asks it for every resource; a method that is not there is refused before any thread
    takes it up, which halves the calls of a run.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._handlers: Sequence[grpc.GenericRpcHandler] = ()
        registrar: Any = self
        analyzer_pb2_grpc.add_AnalyzerServicer_to_server(analyzer, registrar)

    def add_generic_rpc_handlers(self, handlers: Sequence[grpc.GenericRpcHandler]) -> None:
        """Take the handlers that the stubs would give to a server."""
        self._handlers = handlers

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Return the handler of a method."""
        if handler_call_details.method.endswith("/Remediate") and not self._analyzer.mends:
            return None
        return next((found for h in self._handlers if (found := h.service(handler_call_details))), None)


def serve() -> tuple[grpc.Server, int]:
    """Start the server on a free port of this machine."""
    # A stack of 5,000 resources takes 6 MB; grpc's default limit of 4 MB would end the update.
    server = grpc.server(
        ThreadPoolExecutor(max_workers=4),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    server.add_generic_rpc_handlers((_Methods(Analyzer()),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve_until_the_engine_is_gone() -> None:
    """Serve this engine alone. The port is the first line on standard output."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    server, port = serve()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while server.wait_for_termination(timeout=1):
        if os.getppid() != parent:
            return


def _leave(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signals call it
    """End at once and quietly: nothing here needs to be put away."""
    os._exit(0)
