"""SDKs of component packages: generated, linked into a program, packed."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import HostError
from .toolchain import Project, uv_command, uv_environment_variables

GENERATOR = "pulumi-sdkgen-python"
GENERATE_SECONDS = 600
PACK_SECONDS = 600
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def generate(generator: Path, request: bytes) -> bytes:
    """Have the SDK generator write the package; request and answer are messages of the protocol."""
    done = subprocess.run([str(generator)], input=request, capture_output=True, timeout=GENERATE_SECONDS)
    if done.returncode != 0:
        raise HostError(f"generating the SDK failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def module_name(sdk: Path) -> str:
    """Tell the name under which a generated SDK is imported: the directory that has its plugin file."""
    found = sorted(sdk.glob("*/pulumi-plugin.json"))
    if len(found) != 1:
        raise HostError(
            f"{sdk} is not a generated Python SDK: it has {len(found)} pulumi-plugin.json, not one"
        )
    return found[0].parent.name


def link(project: Project, paths: Mapping[str, str]) -> None:
    """Add generated SDKs (by module name) to the program's requirements. Installs nothing."""
    if project.toolchain == "uv":
        command = [uv_command(), "add", "--no-sync", "--no-workspace", *paths.values()]
        env = uv_environment_variables(project, os.environ)
        done = subprocess.run(
            command, cwd=project.program, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise HostError(f"uv add failed in {project.program}:\n{done.stderr.strip()}")
        return
    file = project.root / "requirements.txt"
    if not file.is_file():
        raise HostError(
            f"{file} is missing: the package is added there, so create it (empty will do) and run again"
        )
    file.write_text(with_links(file.read_text(), paths))


def with_links(requirements: str, paths: Mapping[str, str]) -> str:
    """Put the paths at the end of a requirements.txt; an older line for the same package goes away."""
    names = {_normal(name) for name in paths}
    kept = [
        line
        for line in requirements.splitlines()
        if line.strip() not in paths.values() and _requirement(line) not in names
    ]
    return "".join(f"{line}\n" for line in (*kept, *sorted(paths.values())))


def _requirement(line: str) -> str | None:
    found = _NAME.match(line.strip())
    return _normal(found[0]) if found else None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pack(source: Path, destination: Path) -> Path:
    """Build a wheel of a generated SDK."""
    destination.mkdir(parents=True, exist_ok=True)
    before = set(destination.glob("*.whl"))
    command: Sequence[str] = (
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
        *("--wheel-dir", str(destination), str(source)),
    )
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PACK_SECONDS
    )
    if done.returncode != 0:
        raise HostError(f"packing {source} failed:\n{done.stderr.strip()}")
    made = sorted(set(destination.glob("*.whl")) - before) or sorted(destination.glob("*.whl"))
    return made[-1]
