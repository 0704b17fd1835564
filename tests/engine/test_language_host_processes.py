"""No process outlives the CLI, however it ends, and an interrupt is quiet."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from aws_sandbox.language_host.children import GRACE_VARIABLE, grace_seconds
from aws_sandbox.language_host.errors import HostError
from tests.engine.cli import Pulumi, eventually
from tests.engine.hosted import plugin, program, stack, write
from tests.engine.test_language_host_plugins import GREETER, PACK

# Waits for ever, with a process of its own that does the same.
WAITING = """
    import pathlib, subprocess, time

    subprocess.Popen(["sleep", "600"])
    pathlib.Path("started").touch()
    time.sleep(600)
"""

# The same, deaf to every signal that can be ignored.
STUBBORN = "import signal\nfor s in (2, 15):\n    signal.signal(s, signal.SIG_IGN)\n"


@pytest.fixture
def pulumi(tmp_path: Path) -> Iterator[Pulumi]:
    cli = Pulumi(tmp_path / "cli", cwd=tmp_path / "program", env={GRACE_VARIABLE: "0.2"})
    yield cli
    cli.kill_processes()


def waiting(pulumi: Pulumi, directory: Path, before: str = "") -> subprocess.Popen[str]:
    """Start an update whose program waits."""
    body = "\n".join(line[4:] for line in WAITING.splitlines())
    program(directory, before + body)
    stack(pulumi, directory)
    running = pulumi.start("up", "--yes", "--skip-preview", "--non-interactive")
    assert eventually((directory / "started").exists, 30)
    return running


def languages(pulumi: Pulumi) -> list[int]:
    """Find the language hosts."""
    return [pid for pid, command in pulumi.processes().items() if " --helpers " in command]


@pytest.mark.parametrize(
    "before",
    [pytest.param("", id="a program that obeys"), pytest.param(STUBBORN, id="one that ignores signals")],
)
def test_an_interrupt_ends_the_program_quietly(pulumi: Pulumi, tmp_path: Path, before: str) -> None:
    running = waiting(pulumi, tmp_path / "program", before)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert running.returncode != 0
    assert "error: update canceled" in out
    assert "Traceback" not in out + err
    assert "KeyboardInterrupt" not in out + err
    assert eventually(lambda: not pulumi.processes()), pulumi.processes()


@pytest.mark.parametrize(
    "before",
    [pytest.param("", id="a program that obeys"), pytest.param(STUBBORN, id="one that ignores signals")],
)
def test_nothing_is_left_when_the_cli_is_killed(pulumi: Pulumi, tmp_path: Path, before: str) -> None:
    running = waiting(pulumi, tmp_path / "program", before)
    running.kill()
    running.communicate(timeout=20)
    assert eventually(lambda: not pulumi.processes()), pulumi.processes()


def test_nothing_is_left_when_the_language_host_is_killed(pulumi: Pulumi, tmp_path: Path) -> None:
    running = waiting(pulumi, tmp_path / "program")
    for pid in languages(pulumi):
        os.kill(pid, signal.SIGKILL)
    running.communicate(timeout=30)
    assert running.returncode != 0
    assert eventually(lambda: not pulumi.processes()), pulumi.processes()


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        pytest.param({}, 1.0, id="a second where nothing is said"),
        pytest.param({GRACE_VARIABLE: ""}, 1.0, id="a second where nothing is set"),
        pytest.param({GRACE_VARIABLE: "0.2"}, 0.2, id="what is set"),
    ],
)
def test_a_process_that_ignores_a_signal_has(environment: dict[str, str], seconds: float) -> None:
    assert grace_seconds(environment) == seconds


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "1e3"])
def test_a_grace_that_is_no_number_of_seconds_is_refused(value: str) -> None:
    with pytest.raises(HostError) as refused:
        grace_seconds({GRACE_VARIABLE: value})
    assert str(refused.value) == (
        f"LANGUAGE_HOST_GRACE_SECONDS: {value!r} is not a number of seconds, such as 0.5"
    )


@pytest.mark.parametrize(
    ("end", "passes"),
    [pytest.param("", True, id="succeeds"), pytest.param("raise ValueError\n", False, id="fails")],
)
def test_what_a_program_left_running_ends_when_it(
    pulumi: Pulumi, tmp_path: Path, end: str, passes: bool
) -> None:
    place = program(tmp_path / "program", f'import subprocess\nsubprocess.Popen(["sleep", "600"])\n{end}')
    stack(pulumi, place)
    done = pulumi("preview", "--non-interactive", timeout=30)
    assert (done.code == 0) is passes
    assert eventually(lambda: not pulumi.processes()), pulumi.processes()


def test_nothing_is_left_after_a_preview_that_a_pack_refused(pulumi: Pulumi, tmp_path: Path) -> None:
    pack = plugin(tmp_path / "pack", "PulumiPolicy", PACK)
    place = program(
        tmp_path / "program",
        """
        import time

        import pulumi

        pulumi.ComponentResource("trial:index:Thing", "bad")
        time.sleep(1)
        """,
    )
    stack(pulumi, place)
    done = pulumi("preview", "--non-interactive", "--policy-pack", str(pack))
    assert done.code != 0
    assert "this name is bad" in done.text
    assert eventually(lambda: not pulumi.processes()), pulumi.processes()


def test_nothing_is_left_after_a_component_package_was_used(pulumi: Pulumi, tmp_path: Path) -> None:
    greeter = plugin(tmp_path / "greeter", "PulumiPlugin", GREETER)
    settings = {
        "name": "trial",
        "runtime": "yaml",
        "packages": {"greeter": str(greeter)},
        "resources": {"g": {"type": "greeter:index:Greeter", "properties": {"who": "world"}}},
    }
    place = write(tmp_path / "program", yaml_Pulumi=yaml.safe_dump(settings))
    stack(pulumi, place)
    pulumi("preview", "--non-interactive", check=True)
    assert eventually(lambda: not pulumi.processes()), pulumi.processes()
