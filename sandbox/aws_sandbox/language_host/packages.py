"""What is installed for a program: its dependencies, and the provider plugins that they need."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .toolchain import Project, environment, interpreter, told

# Runs in the program's own interpreter, which alone knows its search path (.pth files, editables, system
# packages). The names of the metadata directories say enough: reading every METADATA through the standard
# library takes ten times as long. A package tells which plugin it needs by a pulumi-plugin.json in the folder
# that is named like the distribution; the official host looks in no other place either.
_INSPECT = r"""
import json, os, re, sys
found = {}
for place in sys.path[1:]:
    try:
        names = sorted(os.listdir(place))
    except OSError:
        continue
    for name in names:
        match = re.fullmatch(r"(.+?)-([^-]+)(?:-py[0-9.]+)?\.(?:dist|egg)-info", name)
        if not match:
            continue
        key = re.sub(r"[-_.]+", "-", match[1]).lower()
        if key in found:
            continue
        plugin, requires = None, []
        told = os.path.join(place, key.replace("-", "_"), "pulumi-plugin.json")
        try:
            with open(told, encoding="utf-8") as file:
                plugin = json.load(file)
        except (FileNotFoundError, NotADirectoryError):
            pass
        try:
            with open(os.path.join(place, name, "METADATA"), encoding="utf-8") as file:
                for line in file:
                    if not line.strip():
                        break
                    if line.startswith("Requires-Dist:"):
                        requires.append(line.partition(":")[2].strip())
        except (FileNotFoundError, NotADirectoryError):
            pass
        found[key] = {"version": match[2], "requires": requires, "plugin": plugin}
json.dump(found, sys.stdout)
"""
_WHICH = "import sys; print(sys.executable); print(sys.version.split()[0])"
INSPECT_SECONDS = 60


@dataclass(frozen=True)
class Distribution:
    """One installed distribution."""

    name: str
    version: str
    requires: tuple[str, ...]
    plugin: Mapping[str, Any] | None  # the content of its pulumi-plugin.json


def inspect(project: Project) -> list[Distribution]:
    """Ask the program's interpreter what is installed."""
    answer = json.loads(_ask(project, _INSPECT))
    return [
        Distribution(name, dist["version"], tuple(dist["requires"]), dist["plugin"])
        for name, dist in sorted(answer.items())
    ]


def python_of(project: Project) -> tuple[str, str]:
    """Ask the program's interpreter for its path and its version."""
    executable, version = _ask(project, _WHICH).splitlines()
    return executable, version


def _ask(project: Project, script: str) -> str:
    python = interpreter(project)
    return told(
        [str(python), "-c", script],
        project.program,
        environment(project, os.environ),
        seconds=INSPECT_SECONDS,
        complaint=f"{python} does not tell about itself",
    )


def dependencies(installed: list[Distribution], transitive: bool) -> list[Distribution]:
    """List the distributions; unless `transitive`, only those that no other one needs."""
    if transitive:
        return installed
    needed = {
        _requirement_name(requirement)
        for distribution in installed
        for requirement in distribution.requires
        if "extra ==" not in requirement
    }
    return [distribution for distribution in installed if distribution.name not in needed]


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


def toolchain_version(project: Project) -> str:
    """Tell the version of uv, or of the pip in the project's environment."""
    if project.toolchain == "pip":
        found = (
            project.virtualenv.glob("lib/python*/site-packages/pip-*.dist-info") if project.virtualenv else ()
        )
        return next((place.name.removesuffix(".dist-info").partition("-")[2] for place in found), "")
    uv = shutil.which("uv")
    if uv is None:  # programs run without it as long as there is nothing to install
        return ""
    done = subprocess.run([uv, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return next(iter(done.stdout.split()[1:]), "")
