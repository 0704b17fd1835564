"""What is installed for a program: its dependencies, and the provider plugins that they need."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import HostError
from .toolchain import Project, environment, interpreter

# Runs in the program's own interpreter, which alone knows its search path (.pth files, editables, system
# packages). A package tells which plugin it needs by a pulumi-plugin.json in the folder that is named like
# the distribution; the official host looks in no other place either.
_INSPECT = r"""
import importlib.metadata, json, re, sys
found = {}
for dist in importlib.metadata.distributions():
    name = dist.metadata["Name"]
    key = re.sub(r"[-_.]+", "-", name or "").lower()
    if not key or key in found:
        continue
    plugin = None
    try:
        with open(dist.locate_file(key.replace("-", "_") + "/pulumi-plugin.json"), encoding="utf-8") as file:
            plugin = json.load(file)
    except (FileNotFoundError, NotADirectoryError):
        pass
    found[key] = {"version": dist.version, "requires": dist.requires or [], "plugin": plugin}
json.dump({"python": sys.version.split()[0], "executable": sys.executable, "dists": found}, sys.stdout)
"""
INSPECT_SECONDS = 60


@dataclass(frozen=True)
class Distribution:
    """One installed distribution."""

    name: str
    version: str
    requires: tuple[str, ...]
    plugin: Mapping[str, Any] | None  # the content of its pulumi-plugin.json


@dataclass(frozen=True)
class Installed:
    """An interpreter and what is installed for it."""

    python: str
    executable: str
    distributions: tuple[Distribution, ...]


def inspect(project: Project) -> Installed:
    """Ask the program's interpreter what is installed."""
    python = interpreter(project)
    done = subprocess.run(
        [str(python), "-c", _INSPECT],
        cwd=project.program,
        env=environment(project, os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=INSPECT_SECONDS,
    )
    if done.returncode != 0:
        raise HostError(f"{python} cannot list its packages:\n{done.stderr.strip()}")
    answer = json.loads(done.stdout)
    return Installed(
        python=answer["python"],
        executable=answer["executable"],
        distributions=tuple(
            Distribution(name, dist["version"], tuple(dist["requires"]), dist["plugin"])
            for name, dist in sorted(answer["dists"].items())
        ),
    )


def dependencies(installed: Installed, transitive: bool) -> list[Distribution]:
    """List the distributions; unless `transitive`, only those that no other one needs."""
    if transitive:
        return list(installed.distributions)
    needed = {
        _requirement_name(requirement)
        for distribution in installed.distributions
        for requirement in distribution.requires
        if "extra ==" not in requirement
    }
    return [distribution for distribution in installed.distributions if distribution.name not in needed]


def _requirement_name(requirement: str) -> str:
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), len(requirement))
    name = requirement[:end].lower()
    for separator in "_.":
        name = name.replace(separator, "-")
    return name


def required_plugins(distributions: Iterable[Distribution]) -> list[dict[str, Any]]:
    """List the provider plugins that the CLI has to have for these distributions.

    A distribution named pulumi-NAME needs the plugin NAME of its own version, unless its pulumi-plugin.json
    says otherwise. A plugin whose executable stands on PATH is not asked for: that one is what the CLI uses.
    """
    plugins = [plugin for dist in distributions if (plugin := _plugin_of(dist)) is not None]
    return [plugin for plugin in plugins if not _on_path(plugin["name"])]


def _plugin_of(distribution: Distribution) -> dict[str, Any] | None:
    told = distribution.plugin
    if told is None:
        if not distribution.name.startswith("pulumi-") or distribution.name in NO_PLUGIN:
            return None
        told = {}
    elif told.get("resource") is not True:
        return None
    parameterization = told.get("parameterization")
    return {
        "name": told.get("name") or distribution.name.removeprefix("pulumi-"),
        "kind": "resource",
        "version": "v" + str(told.get("version") or distribution.version).removeprefix("v"),
        "server": told.get("server") or "",
        "parameterization": parameterization if isinstance(parameterization, dict) else None,
    }


NO_PLUGIN = frozenset({"pulumi-policy", "pulumi-esc-sdk"})  # libraries of the SDK, not providers


def _on_path(name: str) -> bool:
    ignored = os.environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in ("1", "true", "t")
    return not ignored and shutil.which(f"pulumi-resource-{name}") is not None


def toolchain_version(project: Project, installed: Installed) -> str:
    """Tell the version of pip or uv."""
    if project.toolchain == "pip":
        return next((d.version for d in installed.distributions if d.name == "pip"), "")
    uv = shutil.which("uv")
    if uv is None:  # programs run without it as long as there is nothing to install
        return ""
    done = subprocess.run([uv, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return next(iter(done.stdout.split()[1:]), "")
