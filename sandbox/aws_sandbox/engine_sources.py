"""What an engine is made of, and the names that follow from it in the cache."""

import hashlib
import os
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
HOST = PACKAGE / "language_host"
GO_PACKAGES = ("tool", "./pulumi-sdkgen-python")  # `tool`: what go.mod lists as tools
GO_FLAGS = ("-trimpath", "-tags", "osusergo grpcnotrace")
PULUMI_INSTALL = "https://www.pulumi.com/docs/install/"
GO_INSTALL = "https://go.dev/doc/install"


class EngineError(Exception):
    """No engine, and what to do about it."""


@dataclass(frozen=True)
class Sources:
    """What an engine is made of, read once, so that what is hashed is what is built."""

    module: dict[str, bytes]  # the Go module's files
    lock: bytes
    host: dict[str, bytes]

    @property
    def version(self) -> str:
        """The CLI's version."""
        return _find(rb"pulumi/pkg/v3 v([0-9.]+)", self.module["go.mod"])

    @property
    def go(self) -> str:
        """The oldest Go that builds it."""
        return _find(rb"(?m)^go ([0-9.]+)", self.module["go.mod"])

    @property
    def go_key(self) -> str:
        """Name of the Go programs' directory."""
        return "go-" + _hash(self.module, platform.system(), platform.machine(), *GO_PACKAGES, *GO_FLAGS)

    @property
    def python_key(self) -> str:
        """Name of the environment's directory."""
        return "python-" + _hash(
            {"lock": self.lock}, platform.system(), platform.machine(), sys.version, str(base_python())
        )

    @property
    def key(self) -> str:
        """Name of the engine's directory."""
        return _hash(self.host, self.go_key, self.python_key)


def _find(pattern: bytes, text: bytes) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise EngineError(f"the engine's go.mod has no line like {pattern.decode()}")
    return found[1].decode()


def _hash(files: dict[str, bytes], *words: str) -> str:
    digest = hashlib.sha256()
    for part in (*words, *(each for name in sorted(files) for each in (name, files[name]))):
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def module_directory() -> Path:
    """Give the directory with go.mod: in an installed distribution, else in the checkout."""
    installed = PACKAGE / "engine_module"
    return installed if installed.is_dir() else PACKAGE.parent / "engine"


def read_sources() -> Sources:
    """Read everything that the engine is made of."""
    module = module_directory()
    files = [module / "go.mod", module / "go.sum", *module.glob("*/*.go")]
    return Sources(
        module={str(file.relative_to(module)): file.read_bytes() for file in files},
        lock=(module / "requirements.lock").read_bytes(),
        host={file.name: file.read_bytes() for file in HOST.glob("*.py")},
    )


def base_python() -> Path:
    """Give the interpreter itself, not one of a virtual environment that may go away."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def cache_directory() -> Path:
    """Give the directory that holds this user's engines."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "aws-sandbox" / "engine"


def numbers(version: str) -> tuple[int, ...]:
    """Read the leading numbers of a version: `v3.259.0-dev` and `go3.259` are both at least (3, 259)."""
    found = re.search(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
