"""Which processes of a sandbox's environment are still alive."""

from aws_sandbox.sandbox import Sandbox
from tests.engine.cli import eventually, processes_of


def alive(sandbox: Sandbox) -> dict[int, str]:
    """Return the processes that were started with this sandbox's environment: {pid: command line}.

    The sandbox's own server is none of them; a zombie counts as dead.
    """
    return processes_of("PULUMI_HOME", sandbox.env["PULUMI_HOME"])


def wait_for_none(sandbox: Sandbox, seconds: float = 5) -> None:
    """Fail unless every process of the sandbox's environment ends within `seconds`."""
    assert eventually(lambda: not alive(sandbox), seconds), f"alive after {seconds:g} s: {alive(sandbox)}"
