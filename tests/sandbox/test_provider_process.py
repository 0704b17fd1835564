"""The provider as a process: it starts with little, ends when told to, and never outlives the engine."""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.empty_pb2 import Empty

from aws_sandbox import schema
from aws_sandbox.protocol import plugin_pb2, provider_pb2
from aws_sandbox.sandbox import Sandbox
from tests.sandbox.provider_client import ProviderClient

PARENT = """
import subprocess, sys
provider = subprocess.Popen([sys.executable, "-u", "-m", "aws_sandbox.provider", "127.0.0.1:1"])
print(provider.pid, flush=True)
sys.stdin.read()
"""


def wait_for_end(pid: int, seconds: float) -> bool:
    """Say whether a process that is no child of ours has ended within that time."""
    descriptor = os.pidfd_open(pid)
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def test_the_engines_flags_are_taken(worker_sandbox: Sandbox) -> None:
    flags = ["--logflow", "--logtostderr", "-v=9", "--tracing", "http://127.0.0.1:1", "127.0.0.1:1"]
    command = [sys.executable, "-m", "aws_sandbox.provider", *flags]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, **worker_sandbox.aws_env}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdigit()
        process.terminate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_when_the_engine_says_so(number: signal.Signals, worker_sandbox: Sandbox) -> None:
    with ProviderClient(worker_sandbox.aws_env) as client:
        client.process.send_signal(number)
        assert client.process.wait(3) == 0


def test_it_ends_when_the_engine_was_killed(worker_sandbox: Sandbox) -> None:
    command = [sys.executable, "-c", PARENT]
    environment = {**os.environ, **worker_sandbox.aws_env}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        first, second = parent.stdout.readline(), parent.stdout.readline()
        # Its own pid from the parent and the provider's port, in either order.
        pid = next(int(line) for line in (first, second) if is_provider(int(line)))
        parent.kill()
    assert wait_for_end(pid, 5)


def is_provider(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and b"aws_sandbox.provider" in command.read_bytes()


def test_it_starts_without_the_pulumi_sdk_and_boto3() -> None:
    program = (
        "import sys; import aws_sandbox.provider; "
        "print(sorted({'pulumi', 'boto3', 'botocore'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_the_real_sdk_can_be_imported_afterwards() -> None:
    program = "import aws_sandbox.provider; import pulumi; print(pulumi.Output.__name__)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "Output\n"


def test_it_says_its_version_and_schema(provider: ProviderClient) -> None:
    assert provider.stub.GetPluginInfo(Empty()).version == "7.51.1"
    answer = provider.stub.GetSchema(provider_pb2.GetSchemaRequest())
    assert json.loads(answer.schema) == schema.package()


def test_cancelling_and_attaching_are_answered(provider: ProviderClient) -> None:
    assert provider.stub.Cancel(Empty()) == Empty()
    assert provider.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1")) == Empty()
