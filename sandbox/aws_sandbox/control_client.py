"""Finds the server of a directory and asks it what `control` answers.

The server's process id, port and token stand in `DIR/server.json`, which only its user can read. Who has no
token is told nothing: every program on this machine can reach the port.
"""

import http.client
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Json = dict[str, Any]

CONTROL_HEADER = "X-Sandbox-Token"
SERVER_FILE = "server.json"


class SandboxError(Exception):
    """The sandbox cannot do what it is asked; the message says why."""


@dataclass(frozen=True)
class Server:
    """The server of a directory, as its file describes it."""

    directory: Path
    pid: int
    port: int
    token: str = field(repr=False)

    def ask(self, command: str, order: Json | None = None, seconds: float = 30) -> Json:
        """Return its answer to a command."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            body = json.dumps(order or {})
            connection.request("POST", f"/sandbox/{command}", body, {CONTROL_HEADER: self.token})
            response = connection.getresponse()
            answer: Json = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise SandboxError(answer.get("error", f"the sandbox answered {response.status}"))
        return answer

    def serves(self) -> bool:
        """Tell whether it lives and has the directory, which a file that was left behind only claims."""
        try:
            status = self.ask("status", seconds=10)
        except (OSError, http.client.HTTPException, ValueError, SandboxError):
            return False
        return status.get("directory") == str(self.directory)


def described(directory: Path) -> Server | None:
    """Return the server that the directory's file describes, alive or not."""
    try:
        found = json.loads((directory / SERVER_FILE).read_text(encoding="utf-8"))
        return Server(directory, int(found["pid"]), int(found["port"]), str(found["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def running(directory: Path) -> Server | None:
    """Return the server of the directory, or None if there is none or its file is stale."""
    server = described(directory)
    return server if server and server.serves() else None


def required(directory: Path) -> Server:
    """Return the server that the directory's file describes; SandboxError if there is none."""
    server = described(directory)
    if server is None:
        raise SandboxError(f"no sandbox runs in {directory}: aws-sandbox start -d {directory}")
    return server


class Hold:
    """A held call. As a context manager it is released at the end."""

    def __init__(self, directory: Path, name: str) -> None:
        """Describe a hold that the server of the directory has."""
        self._directory = directory
        self._name = name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def wait(self, seconds: float = 30) -> None:
        """Wait until a call has arrived and is held; TimeoutError if none comes."""
        order = {"hold": self._name, "seconds": seconds}
        if not required(self._directory).ask("arrived", order, seconds + 10)["arrived"]:
            raise TimeoutError(f"no call was held within {seconds} seconds")

    def release(self) -> None:
        """Let the held call go on."""
        required(self._directory).ask("release", {"hold": self._name})
