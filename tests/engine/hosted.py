"""Small projects for the language host, and a CLI that leaves no process behind."""

import json
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import yaml

from tests.engine.cli import Pulumi

PIP = {"toolchain": "pip", "virtualenv": "venv"}


def write(directory: Path, **files: str) -> Path:
    """Write files; `main` stands for `__main__.py`, `yaml_NAME` for `NAME.yaml`."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        file = "__main__.py" if name == "main" else f"{name.removeprefix('yaml_')}.yaml"
        (directory / file).write_text(textwrap.dedent(text))
    return directory


def runtime(options: dict[str, str] | None = None) -> dict[str, Any]:
    return {"runtime": {"name": "python", "options": PIP if options is None else options}}


def program(directory: Path, source: str, options: dict[str, str] | None = None, **keys: Any) -> Path:
    """Make a Python program whose relative `venv` is the environment that runs the tests."""
    settings = {"name": "trial", **runtime(options), **keys}
    write(directory, main=source, yaml_Pulumi=yaml.safe_dump(settings))
    return link_environment(directory)


def link_environment(directory: Path) -> Path:
    (directory / "venv").symlink_to(sys.prefix)
    return directory


def plugin(directory: Path, kind: str, source: str, options: dict[str, str] | None = None) -> Path:
    """Make a policy pack (`PulumiPolicy`) or a component package (`PulumiPlugin`)."""
    settings: dict[str, Any] = runtime(options)
    if kind == "PulumiPolicy":
        settings["version"] = "0.2.0"
    write(directory, main=source, **{f"yaml_{kind}": yaml.safe_dump(settings)})
    return link_environment(directory)


def wheel(directory: Path, name: str = "greeting", version: str = "1.0") -> Path:
    """Make an installable wheel by hand, so that no build tool and no network is needed."""
    file = directory / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    directory.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}.py", "TEXT = 'hello from the wheel'\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return file


def executable(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(text).lstrip())
    file.chmod(0o755)
    return file


def calls(log: Path, method: str) -> list[dict[str, Any]]:
    """Read the answers to one method of the protocol from what PULUMI_DEBUG_GRPC wrote."""
    lines = (json.loads(line) for line in log.read_text().splitlines())
    return [
        line["response"] for line in lines if line["method"].endswith(f"/{method}") and "response" in line
    ]


def stack(pulumi: Pulumi, directory: Path, name: str = "dev") -> None:
    pulumi("stack", "init", name, cwd=directory, check=True)
