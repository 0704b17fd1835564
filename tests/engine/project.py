"""A Pulumi project in a directory of its own, driven through the real CLI against a sandbox."""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aws_sandbox.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PACK = str(ROOT / "policies")
STACK = "sandbox"
OFTEN_ELSEWHERE = ("endpoints", "trail", "backup", "alarms")
"""What most stacks here leave out to be quick; to the gate another stack owns it."""
LEFT_OUT_WITH_THEM = ("TS-S3-010", "TS-NET-012", "TS-NET-013", "TS-CW-005")
"""Access logs come with the trail; the networks and log groups of small programs are stand-ins."""


@dataclass(frozen=True)
class Result:
    """What the CLI answered."""

    code: int
    output: str

    def ok(self) -> "Result":
        assert self.code == 0, self.output
        return self

    def failed(self) -> "Result":
        assert self.code != 0, self.output
        return self


@dataclass(frozen=True)
class Project:
    """One project with its stack `sandbox`."""

    directory: Path
    sandbox: Sandbox

    def pulumi(self, *args: str, timeout: float = 120) -> Result:
        """Run `pulumi ARGS` without a terminal; standard output and error in one text."""
        done = subprocess.run(
            ["pulumi", *args, "--non-interactive"],
            cwd=self.directory,
            env=self.sandbox.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Result(done.returncode, done.stdout)

    def up(self, *args: str, gate: bool = False, elsewhere: Sequence[str] = OFTEN_ELSEWHERE) -> Result:
        policies = self._gate(elsewhere) if gate else []
        return self.pulumi("up", "--yes", "--skip-preview", *policies, *args)

    def preview(self, *args: str, gate: bool = False, elsewhere: Sequence[str] = OFTEN_ELSEWHERE) -> Result:
        return self.pulumi("preview", *(self._gate(elsewhere) if gate else []), *args)

    def _gate(self, elsewhere: Sequence[str]) -> list[str]:
        """Return the options that run the policies; `elsewhere` names what other stacks own."""
        config = self.directory / "gate.json"
        settings: dict[str, Any] = {"settings": {"managed_elsewhere": list(elsewhere)}}
        if "trail" in elsewhere:
            settings |= dict.fromkeys(LEFT_OUT_WITH_THEM, "disabled")
        config.write_text(json.dumps(settings), encoding="utf-8")
        return ["--policy-pack", PACK, "--policy-pack-config", str(config)]

    def destroy(self, *args: str) -> Result:
        return self.pulumi("destroy", "--yes", "--skip-preview", *args)

    def refresh(self, *args: str) -> Result:
        return self.pulumi("refresh", "--yes", "--skip-preview", *args)

    def outputs(self) -> dict[str, Any]:
        outputs: dict[str, Any] = json.loads(self.pulumi("stack", "output", "--json").ok().output)
        return outputs

    def resources(self) -> list[dict[str, Any]]:
        """Return what the state records, components and providers included."""
        exported = json.loads(self.pulumi("stack", "export").ok().output)
        resources: list[dict[str, Any]] = exported["deployment"].get("resources", [])
        return resources

    def configure(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the stack's configuration as an editor would: load, change, write."""
        path = self.directory / f"Pulumi.{STACK}.yaml"
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(settings["config"])
        path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")

    @contextmanager
    def started(self, *args: str) -> Iterator["subprocess.Popen[str]"]:
        """Start `pulumi ARGS` in a process group of its own; it is dead when the block ends."""
        with subprocess.Popen(
            ["pulumi", *args, "--non-interactive"],
            cwd=self.directory,
            env=self.sandbox.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)


def copy_of_checkout(directory: Path) -> Path:
    """Copy every file that git tracks or would track, as it is now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, directory / name)
    return directory


def root_program(directory: Path, sandbox: Sandbox) -> Project:
    """Return a copy of the root program with its sandbox stack, ready for `up`."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("Pulumi.yaml", f"Pulumi.{STACK}.yaml", "__main__.py"):
        shutil.copyfile(ROOT / name, directory / name)
    return initialised(directory, sandbox)


def program(
    directory: Path, sandbox: Sandbox, source: str, *, config: dict[str, Any] | None = None
) -> Project:
    """Return a small project whose program is `source`."""
    directory.mkdir(parents=True, exist_ok=True)
    project = {
        "name": "small",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
    }
    settings = {
        "config": {"aws:region": "eu-west-1", "aws:allowedAccountIds": ["000000000000"], **(config or {})}
    }
    (directory / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
    (directory / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (directory / "__main__.py").write_text(source, encoding="utf-8")
    return initialised(directory, sandbox)


def initialised(directory: Path, sandbox: Sandbox) -> Project:
    (directory / ".venv").symlink_to(ROOT / ".venv")
    project = Project(directory, sandbox)
    project.pulumi("stack", "init", STACK).ok()
    return project
