"""AWS on this machine as a Python object.

    with Sandbox() as sandbox:
        sandbox.client("kms", region="eu-west-1").create_key()
        subprocess.run(["pulumi", "up"], env=sandbox.env)
        assert [call.action for call in sandbox.calls()] == ["CreateKey", …]

A sandbox that is started here ends when this process ends, however it ends.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self, cast

import boto3
from botocore.config import Config

from aws_sandbox import boto, control_client
from aws_sandbox.account import ACCESS_KEY, SECRET_KEY
from aws_sandbox.calls import Call, read_calls
from aws_sandbox.control_client import Hold, SandboxError
from aws_sandbox.environment import aws_environment, clean, prepare, pulumi_environment, search_path

__all__ = ["Hold", "Sandbox", "SandboxError"]

Json = dict[str, Any]

START_SECONDS = 60


class Sandbox:
    """AWS on this machine, kept in one directory; a temporary one if none is given."""

    def __init__(self, directory: Path | None = None, region: str | None = None) -> None:
        """Describe a sandbox; `start` or `with` starts it. `region` is the default of its programs."""
        self._temporary = directory is None
        self.directory = Path(directory or tempfile.mkdtemp(prefix="aws-sandbox-")).resolve()
        self.region = region
        self._process: subprocess.Popen[bytes] | None = None
        self._port: int | None = None
        self._clients: dict[tuple[str, str, int], Any] = {}

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:  # an interrupt while the server starts must not leave it or its directory
            self.__exit__(None, None, None)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self.stop()
        if self._temporary:
            shutil.rmtree(self.directory, ignore_errors=True)

    def start(self, *, detached: bool = False) -> Self:
        """Start the server if none serves the directory. A detached one lives on after this process."""
        self.directory.mkdir(parents=True, exist_ok=True)
        prepare(self.directory)
        self._port = self._running_port()
        if self._port is None:
            self._port = self._launch(detached)
        return self

    @property
    def running(self) -> bool:
        """Tell whether a server serves the directory."""
        return self._running_port() is not None

    @property
    def port(self) -> int:
        """The port of the proxy."""
        if self._port is None:
            self._port = self._running_port()
        if self._port is None:
            raise SandboxError(f"no sandbox runs in {self.directory}: aws-sandbox start -d {self.directory}")
        return self._port

    @property
    def aws_env(self) -> dict[str, str]:
        """The environment of a program that uses AWS but not Pulumi."""
        ambient = clean(os.environ)
        path = search_path(self.directory, [], ambient.get("PATH", ""))
        aws = aws_environment(self.directory, self.port, self.region)
        return {**ambient, **aws, **pulumi_environment(self.directory), "PATH": path}

    @property
    def env(self) -> dict[str, str]:
        """The whole environment of a program, with the Pulumi engine; builds the engine if need be."""
        ambient = clean(os.environ)
        path = search_path(self.directory, self._engine_path, ambient.get("PATH", ""))
        return {**self.aws_env, "PATH": path}

    def client(self, service: str, region: str | None = None, **options: Any) -> Any:
        """Return a boto3 client that talks to this sandbox; `options` go to boto3."""
        where = region or self.region or "eu-west-1"
        if options:
            return self._new_client(service, where, options)
        key = (service, where, self.port)
        if key not in self._clients:
            self._clients[key] = self._new_client(service, where, {})
        return self._clients[key]

    def _new_client(self, service: str, region: str, options: Json) -> Any:
        config = Config(retries={"total_max_attempts": 1}).merge(options.pop("config", Config()))
        made_with = {**boto.options(self.directory, self.port, config), **options}
        return self._session.client(service, region_name=region, **made_with)  # type: ignore[call-overload]

    def calls(
        self, service: str | None = None, action: str | None = None, error: str | None = None
    ) -> list[Call]:
        """Return the calls that were made, oldest first, only those that agree with what is given."""
        return read_calls(self.directory / "calls.jsonl", service, action, error)

    def reset(self) -> None:
        """Forget all AWS state, all calls and all faults."""
        self._control("reset")

    def hold(
        self, service: str, action: str, *, when: Literal["before", "after"] = "after", times: int = 1
    ) -> Hold:
        """Let the next call of this operation wait, before or after it has taken effect."""
        order = {"service": service, "action": action, "when": when, "times": times}
        return Hold(self.directory, str(self._control("hold", order)["hold"]))

    def fail(
        self,
        service: str,
        action: str,
        code: str,
        message: str = "ordered by a test",
        *,
        status: int = 0,
        times: int = 1,
    ) -> None:
        """Let the next calls of this operation fail with an AWS error and without effect."""
        order = {"service": service, "action": action, "code": code, "message": message}
        self._control("fail", {**order, "status": status, "times": times})

    def stop(self) -> None:
        """End the server; the directory keeps everything."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a crash would."""
        self._end(signal.SIGKILL)

    @cached_property
    def _session(self) -> boto3.Session:
        keys = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY}
        return boto.session(self.directory, keys)

    @property
    def _owned(self) -> list[str]:
        return ["--owned", "--temporary"] if self._temporary else ["--owned"]

    @cached_property
    def _engine_path(self) -> list[Path]:
        from aws_sandbox.engine import find_or_build

        return list(find_or_build().path_entries)

    def _launch(self, detached: bool) -> int:
        command = [sys.executable, "-m", "aws_sandbox.server", "--directory", str(self.directory)]
        with (self.directory / "server.log").open("ab") as log:
            process = subprocess.Popen(
                command if detached else [*command, *self._owned],
                stdin=subprocess.DEVNULL if detached else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # a ^C is for the program in the sandbox, not for AWS
                env=clean(os.environ),
            )
        if not detached:
            self._process = process
        with cast(IO[bytes], process.stdout) as output:
            line = output.readline()
        return int(json.loads(line)["port"]) if line else self._after_failed_launch(process)

    def _after_failed_launch(self, process: subprocess.Popen[bytes]) -> int:
        from aws_sandbox.server import ALREADY_SERVED

        process.wait()
        self._process = None
        if process.returncode == ALREADY_SERVED:  # by one that was started at the same time
            self._wait_until(lambda: self.running, "does not become ready")
            return self.port
        lines = (self.directory / "server.log").read_text(errors="replace").splitlines()
        reason = lines[-1] if lines else f"exit code {process.returncode}"
        raise SandboxError(f"the sandbox in {self.directory} did not start: {reason}")

    def _running_port(self) -> int | None:
        server = control_client.running(self.directory)
        return server.port if server else None

    def _end(self, number: signal.Signals) -> None:
        server = control_client.running(self.directory)
        if server:
            os.kill(server.pid, number)
            self._wait_until(self._is_free, "does not end")
        if self._process:
            if self._process.stdin:
                self._process.stdin.close()
            self._process.wait()
            self._process = None
        self._port = None

    def _is_free(self) -> bool:
        """Tell whether no server holds the directory, ready or not."""
        with (self.directory / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def _wait_until(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise SandboxError(f"the server of the sandbox in {self.directory} {complaint}")
            time.sleep(0.02)

    def _control(self, command: str, order: Json | None = None) -> Json:
        return control_client.required(self.directory).ask(command, order)
