"""The command lines and environments of programs, packs and plugins."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import HostError
from .protocol import language
from .toolchain import Project, as_plugin, environment, interpreter


@dataclass(frozen=True)
class Command:
    """A process to start."""

    arguments: Sequence[str]
    directory: str
    env: dict[str, str]


def program(request: language.RunRequest, project: Project, executor: Path, engine: str) -> Command:
    """Run a program: the SDK's executor gives it its stack, configuration and engine."""
    info = request.info
    entry = "" if info.entry_point in ("", ".") else info.entry_point
    arguments = [
        str(interpreter(project)),
        "-u",
        str(executor),
        *("--project", request.project),
        *("--stack", request.stack),
        *("--organization", request.organization),
        *("--root_directory", info.root_directory),
        *("--parallel", str(request.parallel)),
        *("--dry_run", "true" if request.dryRun else "false"),
        *("--pwd", request.pwd),
        *("--monitor", request.monitor_address),
        *("--engine", engine),
        os.path.join(info.program_directory, entry) if entry else info.program_directory,  # noqa: PTH118 - entry may be absolute
        *request.args,
    ]
    env = environment(project, os.environ)
    env["PULUMI_CONFIG"] = json.dumps(dict(request.config))
    env["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
    return Command(arguments, request.pwd, env)


def plugin(request: language.RunPluginRequest, project: Project) -> Command:
    """Run a plugin: a policy pack through the SDK's pack runner, anything else as a directory of Python."""
    base = dict(entry.split("=", 1) for entry in request.env if "=" in entry) or dict(os.environ)
    directory = request.info.program_directory
    if request.kind == "analyzer":
        arguments = [str(interpreter(project)), "-u", "-m", "pulumi.policy", *request.args, directory]
        return Command(arguments, directory, environment(project, base))
    project = as_plugin(project)
    python = str(interpreter(project))
    if (Path(directory) / "__main__.py").is_file():
        arguments = [python, "-u", directory, *request.args]
    else:  # the SDK hosts every component of the distribution by itself
        arguments = [python, "-u", "-m", "pulumi.run.plugin", _distribution(Path(directory)), *request.args]
    return Command(arguments, request.pwd, environment(project, base))


def _distribution(directory: Path) -> str:
    import tomllib

    try:
        with (directory / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["name"])
    except (FileNotFoundError, KeyError) as error:
        raise HostError(
            f"{directory} is no plugin: it has neither a __main__.py nor a pyproject.toml with a project name"
        ) from error


def typecheck(project: Project) -> Command | None:
    """Check the types first, where the project asks for it."""
    if project.typechecker is None:
        return None
    arguments = [str(interpreter(project)), "-m", project.typechecker, str(project.program)]
    return Command(arguments, str(project.program), environment(project, os.environ))
