"""The published protocol's messages, loaded without running the Pulumi SDK.

`import pulumi` takes 0.3 s and the host needs nothing of it but the generated messages. The packages above
them are therefore put in place empty, with their directories, and only the messages are imported (0.02 s).
"""

import importlib.util
import sys
import types
from pathlib import Path


def _without_initialiser(name: str, directory: Path) -> None:
    package = types.ModuleType(name)
    package.__path__ = [str(directory)]
    sys.modules[name] = package


def _prepare() -> None:
    if "pulumi" in sys.modules:
        return
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the language host needs the distribution 'pulumi'")
    root = Path(spec.submodule_search_locations[0])
    _without_initialiser("pulumi", root)
    _without_initialiser("pulumi.runtime", root / "runtime")
    _without_initialiser("pulumi.runtime.proto", root / "runtime" / "proto")


_prepare()

from pulumi.runtime.proto import (  # noqa: E402
    language_pb2 as language,
)
from pulumi.runtime.proto import (  # noqa: E402
    language_pb2_grpc as language_grpc,
)
from pulumi.runtime.proto import (  # noqa: E402
    plugin_pb2 as plugin,
)

__all__ = ["language", "language_grpc", "plugin"]
