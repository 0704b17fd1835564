"""Install what a program needs: `pulumi install`."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from .children import Children, Sink
from .errors import HostError
from .toolchain import (
    Project,
    ambient_python,
    environment,
    has_project_table,
    upwards,
    uv_command,
    uv_environment_variables,
)


class Installer:
    """Runs the commands of one installation, with their output sent to the CLI."""

    def __init__(self, children: Children, project: Project, directory: Path, sink: Sink) -> None:
        self.project = project
        self.directory = directory
        self._children = children
        self._sink = sink

    def say(self, text: str) -> None:
        """Tell what happens next."""
        self._sink("stdout", f"{text}\n".encode())

    def run(self, command: Sequence[str], env: Mapping[str, str], doing: str) -> None:
        """Run one command; a failure ends the installation."""
        child = self._children.start(command, str(self.directory), env, self._sink)
        code = self._children.finish(child)
        if code != 0:
            raise HostError(f"{doing} failed: {' '.join(command)} ended with exit code {code}")


def install(children: Children, project: Project, directory: Path, version_tools: bool, sink: Sink) -> int:
    """Create the environment where it is missing, and install the requirements."""
    installer = Installer(children, project, directory, sink)
    if version_tools:
        _install_python(installer)
    if project.toolchain == "uv":
        _install_with_uv(installer)
    else:
        _install_with_pip(installer)
    return 0


def _install_python(installer: Installer) -> None:
    """Let pyenv install the version that the project names, where both are there."""
    if upwards(installer.directory, ".python-version") and shutil.which("pyenv"):
        installer.run(["pyenv", "install", "--skip-existing"], os.environ, "installing Python")


def _install_with_pip(installer: Installer) -> None:
    project = installer.project
    if project.python is not None and not project.python.exists():
        installer.say("Creating virtual environment...")
        command = [str(ambient_python()), "-m", "venv", str(project.virtualenv)]
        installer.run(command, os.environ, "creating the virtual environment")
        installer.say("Finished creating virtual environment")
    what = _requirements(installer.directory)
    if what is None:
        return
    installer.say("Installing dependencies...")
    pip = [str(project.python or ambient_python()), "-m", "pip", "install"]
    installer.run([*pip, *what], environment(project, os.environ), "installing dependencies")
    installer.say("Finished installing dependencies")


def _requirements(directory: Path) -> list[str] | None:
    """Tell pip what to install: requirements.txt, else the project itself, else nothing."""
    if (directory / "requirements.txt").is_file():
        return ["-r", "requirements.txt"]
    if has_project_table(directory):
        return ["-e", "."]
    return None


def _install_with_uv(installer: Installer) -> None:
    project, uv = installer.project, uv_command()
    env = uv_environment_variables(project, os.environ)
    home = upwards(installer.directory, "pyproject.toml")
    if home is not None and has_project_table(home):
        installer.run([uv, "sync"], env, "installing dependencies")
        return
    # No project for uv: its environment, and pip's list. The official host rewrites requirements.txt into a
    # new pyproject.toml; changing the user's files is not needed for an installation.
    if project.python is not None and not project.python.exists():
        installer.run([uv, "venv", str(project.virtualenv)], env, "creating the virtual environment")
    if (installer.directory / "requirements.txt").is_file():
        command = [uv, "pip", "install", "--python", str(project.python), "-r", "requirements.txt"]
        installer.run(command, env, "installing dependencies")
