"""Runs the real Pulumi CLI with nothing of this machine: own home, own state, no downloads, no prompts."""

import contextlib
import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_sandbox.engine import find_or_build

MARKER = "ENGINE_TEST_MARKER"  # in the environment of everything that a test starts
TIMEOUT = 120
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout + self.stderr

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


class Pulumi:
    """The CLI in an environment of its own under `directory`; `cwd` is the default place of commands."""

    def __init__(
        self, directory: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        self.engine = find_or_build()
        self.directory = directory
        self.cwd = cwd or directory
        self.marker = uuid.uuid4().hex
        self.env = hermetic(directory, self.engine.path_entries) | {MARKER: self.marker} | dict(env or {})

    def __call__(
        self,
        *arguments: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
        check: bool = False,
    ) -> Done:
        """Run one command to its end; `check` makes a failing one an error that shows its output."""
        ran = subprocess.run(
            [str(self.engine.pulumi), *arguments],
            cwd=cwd or self.cwd,
            env=self.env | dict(env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        done = Done(ran.returncode, ran.stdout, ran.stderr)
        if check and done.code != 0:
            raise AssertionError(f"pulumi {' '.join(arguments)} ended with {done.code}:\n{done.text}")
        return done

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start a command and leave it running, in a process group of its own."""
        return subprocess.Popen(
            [str(self.engine.pulumi), *arguments],
            cwd=cwd or self.cwd,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def processes(self) -> dict[int, str]:
        """Everything that this CLI started and that still lives."""
        return processes_of(MARKER, self.marker)

    def kill_processes(self) -> None:
        """End what is left, by process id."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def hermetic(directory: Path, path_entries: Sequence[Path] = ()) -> dict[str, str]:
    """Give the environment of a Pulumi that knows nothing of this machine."""
    home, state = directory / "pulumi-home", directory / "state"
    home.mkdir(parents=True, exist_ok=True)
    state.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([*map(str, path_entries), os.environ["PATH"]])
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PATH": path,
        "PULUMI_HOME": str(home),
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "1",
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_SKIP_CONFIRMATIONS": "1",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "1",
        "NO_COLOR": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def processes_of(variable: str, value: str) -> dict[int, str]:
    """Find living processes by a variable in their environment (Linux). Zombies are not alive."""
    wanted = f"{variable}={value}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if wanted not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            if state not in "ZX":
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def eventually(condition: Callable[[], bool], seconds: float = 5.0, interval: float = 0.05) -> bool:
    """Wait until a condition holds; False if it does not within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(interval)
    return True
