"""The proxy: takes HTTPS and HTTP requests for AWS hosts, refuses every other host, passes nothing on.

It opens no connection itself. Every answer comes from the function that it is given.
"""

import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import cast
from urllib.parse import urlsplit

from aws_sandbox.authority import DOMAINS, Authority

IDLE_SECONDS = 120


@dataclass(frozen=True)
class HttpRequest:
    """One request for an AWS host, or for the sandbox itself (then `host` is empty)."""

    method: str
    scheme: str
    host: str
    path: str
    """The path with its query string, as it was sent."""
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class HttpAnswer:
    """What is sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Answer = Callable[[HttpRequest], HttpAnswer]


class Proxy(ThreadingHTTPServer):
    """An HTTP proxy on loopback. `answer` serves AWS hosts, `control` the sandbox's own paths."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, authority: Authority, answer: Answer, control: Answer) -> None:
        """Bind the port (0: any free one)."""
        self.authority = authority
        self.answer = answer
        self.control = control
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def port(self) -> int:
        """The port that was bound."""
        return int(self.server_address[1])


def is_aws(host: str) -> bool:
    """Tell whether a host name belongs to AWS, so that the sandbox answers for it."""
    return any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS)


def refusal(host: str) -> str:
    """Return the one line that a refused client gets."""
    return (
        f"aws-sandbox refuses {host}: only amazonaws.com hosts are answered, and nothing leaves this machine"
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Proxy
    tunnel: str | None = None
    """The host of the tunnel that this connection has become."""

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        host = host.lower()
        if not is_aws(host) or port != "443" or self.tunnel:
            self._refuse(self.path)
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            connection = self.server.authority.context(host).wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            # The client does not trust the authority, or went away: its own error says which.
            self.close_connection = True
            return
        self.connection = connection
        self.rfile = cast(BufferedIOBase, connection.makefile("rb", self.rbufsize))
        self.wfile = cast(BufferedIOBase, connection.makefile("wb", 0))
        self.tunnel = host
        self.close_connection = False

    def _serve(self) -> None:
        target = urlsplit(self.path)
        if self.tunnel:
            scheme, host = "https", (self.headers.get("Host") or self.tunnel).lower()
            host = host.removesuffix(":443")
            if not is_aws(host):
                self._refuse(host)
                return
        elif target.scheme:
            scheme, host = "http", (target.hostname or "").lower()
            if not is_aws(host) or target.port not in (None, 80):
                self._refuse(target.netloc)
                return
        else:
            scheme, host = "http", ""
        path = self.path
        if target.scheme:
            path = path[len(target.scheme) + 3 + len(target.netloc) :] or "/"
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        request = HttpRequest(self.command, scheme, host, path, _unique(self.headers.items()), self._body())
        answer = self.server.answer if host else self.server.control
        self._send(answer(request))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterable[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():  # trailing headers, up to the empty line
            pass

    def _refuse(self, host: str) -> None:
        line = refusal(host)
        # Clients show the reason of a refused CONNECT and throw the body away: it says the same.
        self.send_response(403, line)
        body = f"{line}\n".encode()
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _send(self, answer: HttpAnswer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        bodiless = self.command == "HEAD" or answer.status in (204, 304)
        length = header(answer.headers, "content-length") if self.command == "HEAD" else None
        if answer.status not in (204, 304):
            self.send_header("Content-Length", length or str(len(answer.body)))
        self.end_headers()
        if not bodiless:
            self.wfile.write(answer.body)

    def version_string(self) -> str:
        return "aws-sandbox"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: calls have their own log."""


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Return the value of a header, in whatever case its name was written."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def _unique(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Join repeated headers as HTTP allows."""
    headers: dict[str, str] = {}
    for name, value in items:
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers
