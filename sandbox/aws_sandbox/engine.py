"""The Pulumi engine: the official CLI where it is there, else one that is built once for this user.

python -m aws_sandbox.engine     # prints the directories for PATH; builds the engine if need be
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_sandbox.engine_build import build
from aws_sandbox.engine_progress import Console, Progress
from aws_sandbox.engine_sources import EngineError, Sources, cache_directory, numbers, read_sources

__all__ = ["Engine", "EngineError", "find_or_build"]

LANGUAGE_HOST = "pulumi-language-python"
VERSION_SECONDS = 30
HELP = """\
Finds the Pulumi CLI with its Python language host on PATH. If there is none, or it is too old,
builds both from Go modules into $XDG_CACHE_HOME/aws-sandbox/engine (once, about 5 minutes).
Prints the directories that have to be first on PATH.

examples:
  python -m aws_sandbox.engine
  PATH="$(python -m aws_sandbox.engine):$PATH" pulumi version
"""


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI and what has to be on PATH for it."""

    pulumi: Path
    path_entries: list[Path]
    version: str
    official: bool


def find_or_build(progress: Progress | None = None) -> Engine:
    """Give an engine: the official one on PATH, else the cached one, else a new build."""
    progress = progress or Console()
    sources = read_sources()
    official = find_official(sources, progress)
    if official is not None:
        return official
    programs = build(sources, progress) / "bin"
    return Engine(programs / "pulumi", [programs], sources.version, official=False)


def find_official(sources: Sources, progress: Progress) -> Engine | None:
    """Find the CLI and its Python language host on PATH; say why one that is there is not used."""
    path = _path_without_our_own()
    pulumi, host = shutil.which("pulumi", path=path), shutil.which(LANGUAGE_HOST, path=path)
    if pulumi is None:
        return None
    version = _version(pulumi)
    wanted = ".".join(sources.version.split(".")[:2])
    if numbers(version) < numbers(wanted):
        found = f"{pulumi} is Pulumi {version}" if version else f"{pulumi} does not tell its version"
        progress.note(f"{found}; {wanted} or newer is needed: our own build of {sources.version} is used.")
        return None
    if host is None:
        progress.note(f"{pulumi} has no {LANGUAGE_HOST} on PATH: our own build of {sources.version} is used.")
        return None
    entries = list(dict.fromkeys(Path(each).parent for each in (pulumi, host)))
    return Engine(Path(pulumi), entries, version, official=True)


def _path_without_our_own() -> str:
    """Give PATH without our cache: a PATH that already starts with our engine finds nothing official."""
    cache = cache_directory()
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if entry and cache not in Path(entry).parents)


def _version(pulumi: str) -> str:
    """Ask a CLI for its version; empty if it gives none."""
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    try:
        done = subprocess.run(
            [pulumi, "version"],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=VERSION_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().removeprefix("v") if done.returncode == 0 else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the directories for PATH."""
    parser = argparse.ArgumentParser(
        prog="python -m aws_sandbox.engine",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args(arguments)
    try:
        engine = find_or_build()
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing half-built is left", file=sys.stderr)
        return 130
    print(os.pathsep.join(str(entry) for entry in engine.path_entries))
    return 0


if __name__ == "__main__":
    sys.exit(main())
