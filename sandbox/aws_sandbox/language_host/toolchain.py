"""Which interpreter runs a program, pack or plugin, and in which environment.

The options are those of the `runtime` key in Pulumi.yaml, PulumiPolicy.yaml and PulumiPlugin.yaml:
`toolchain` (pip or uv), `virtualenv` (relative to the file's directory) and `typechecker`.
"""

import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .errors import HostError

TOOLCHAINS = ("pip", "uv")
TYPECHECKERS = ("mypy", "pyright")
KNOWN_OPTIONS = ("toolchain", "virtualenv", "typechecker")
SYNC_SECONDS = 600


@dataclass(frozen=True)
class Project:
    """A directory with Python in it, and how its interpreter is chosen."""

    root: Path  # where the project file stands
    program: Path  # where the Python source stands
    toolchain: str  # one of TOOLCHAINS
    virtualenv: Path | None  # absolute; None means the Python on PATH
    typechecker: str | None

    @property
    def python(self) -> Path | None:
        """The interpreter of the virtual environment, whether it exists or not."""
        return None if self.virtualenv is None else self.virtualenv / "bin" / "python"


def upwards(start: Path, name: str) -> Path | None:
    """Find the nearest directory from `start` upwards that holds a file `name`."""
    return next((d for d in (start, *start.parents) if (d / name).is_file()), None)


def resolve(root: str, program: str, options: Mapping[str, Any]) -> Project:
    """Read the runtime options of a project."""
    root_directory = Path(root)
    program_directory = Path(program or root)
    typechecker = _option(options, "typechecker")
    if typechecker not in (None, "none", *TYPECHECKERS):
        raise HostError(
            f"runtime option typechecker: {typechecker!r} is not one of {', '.join(TYPECHECKERS)}"
        )
    toolchain = _toolchain(options, program_directory)
    given = _option(options, "virtualenv")
    if given is not None:
        virtualenv: Path | None = root_directory / given
    elif toolchain == "uv":
        virtualenv = _uv_environment(program_directory)
    else:
        virtualenv = None
    return Project(
        root=root_directory,
        program=program_directory,
        toolchain=toolchain,
        virtualenv=virtualenv,
        typechecker=None if typechecker == "none" else typechecker,
    )


def as_plugin(project: Project) -> Project:
    """Give a plugin that names no environment its own one: a plugin never runs on the Python on PATH."""
    return project if project.virtualenv else replace(project, virtualenv=project.root / "venv")


def _option(options: Mapping[str, Any], name: str) -> str | None:
    value = options.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise HostError(f"runtime option {name}: {value!r} is not a string")
    return value


def _toolchain(options: Mapping[str, Any], program: Path) -> str:
    given = _option(options, "toolchain")
    if given is None:
        if upwards(program, "uv.lock"):
            return "uv"
        given = "poetry" if upwards(program, "poetry.lock") else "pip"
    if given == "poetry":
        raise HostError(
            "runtime option toolchain: poetry needs the official Pulumi CLI; here use 'toolchain: pip' or "
            "'toolchain: uv'"
        )
    if given not in TOOLCHAINS:
        raise HostError(f"runtime option toolchain: {given!r} is not one of {', '.join(TOOLCHAINS)}")
    return given


def _uv_environment(program: Path) -> Path:
    """Where uv itself would put the environment of this project."""
    home = upwards(program, "uv.lock") or upwards(program, "pyproject.toml") or program
    return home / (os.environ.get("UV_PROJECT_ENVIRONMENT") or ".venv")


def ambient_python(path: str | None = None) -> Path:
    """Find the Python on PATH, or the one that PULUMI_PYTHON_CMD names."""
    named = os.environ.get("PULUMI_PYTHON_CMD")
    names = (named,) if named else ("python3", "python")
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    if found is None:
        raise HostError(f"no {' or '.join(names)} on PATH: install Python 3.11 or newer")
    return Path(found)


def uv_command() -> str:
    """Find uv."""
    found = shutil.which("uv")
    if found is None:
        raise HostError("runtime option toolchain: uv is not on PATH; install uv, or use 'toolchain: pip'")
    return found


def uv_environment_variables(project: Project, base: Mapping[str, str]) -> dict[str, str]:
    """Tell uv which environment is this project's."""
    return {**base, "UV_PROJECT_ENVIRONMENT": str(project.virtualenv)}


def has_project_table(directory: Path) -> bool:
    """Say whether `directory` holds a pyproject.toml that describes a project, not only tools."""
    try:
        with (directory / "pyproject.toml").open("rb") as file:
            return "project" in tomllib.load(file)
    except FileNotFoundError:
        return False
    except tomllib.TOMLDecodeError as error:
        raise HostError(f"{directory / 'pyproject.toml'}: {error}") from error


def interpreter(project: Project) -> Path:
    """Give the interpreter that runs `project`; its environment has to exist."""
    if project.toolchain == "uv":
        _uv_sync(project)
    if project.python is None:
        return ambient_python()
    if not project.python.exists():
        state = "is not a virtual environment" if project.virtualenv.exists() else "does not exist"  # type: ignore[union-attr]
        raise HostError(
            f"runtime option virtualenv: {project.virtualenv} {state}; run 'pulumi install' in {project.root}"
        )
    return project.python


def _uv_sync(project: Project) -> None:
    """Bring the environment up to date, as `uv run` does before it runs something."""
    home = upwards(project.program, "pyproject.toml")
    if home is None or not has_project_table(home):
        return
    told(
        [uv_command(), "sync", "--inexact"],
        project.program,
        uv_environment_variables(project, os.environ),
        seconds=SYNC_SECONDS,
        complaint=f"uv sync failed in {project.program}",
    )


def told(
    command: Sequence[str], directory: Path, env: Mapping[str, str], *, seconds: float, complaint: str
) -> str:
    """Run a short command that nobody watches; gives its output. Its errors follow the complaint."""
    done = subprocess.run(
        command,
        cwd=directory,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
    )
    if done.returncode != 0:
        raise HostError(f"{complaint}:\n{done.stderr.strip()}")
    return done.stdout


def environment(project: Project, base: Mapping[str, str]) -> dict[str, str]:
    """Give the environment variables of a process that runs in the project's virtual environment."""
    if project.virtualenv is None:
        return dict(base)
    return {
        **{name: value for name, value in base.items() if name != "PYTHONHOME"},
        "PATH": os.pathsep.join(_path_entries(project.virtualenv, base)),
        "VIRTUAL_ENV": str(project.virtualenv),
    }


def _path_entries(virtualenv: Path, base: Mapping[str, str]) -> Iterator[str]:
    yield str(virtualenv / "bin")
    if base.get("PATH"):
        yield base["PATH"]
