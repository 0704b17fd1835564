"""The engine's analyzer protocol: the stubs that the installed pulumi distribution ships.

`import pulumi` takes 0.2 s, and a policy pack needs none of it. So the stubs are imported with
empty stand-ins for the packages above them, which are taken away again at once.
"""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

    Level: TypeAlias = analyzer_pb2.EnforcementLevel.ValueType

_PACKAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


@contextmanager
def _without_initialisers() -> Iterator[None]:
    found = importlib.util.find_spec("pulumi")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("the pulumi distribution is not installed here: pip install pulumi")
    directory = Path(found.origin).parent
    added: list[str] = []
    try:
        for name in _PACKAGES:
            if name not in sys.modules:
                stand_in: Any = ModuleType(name)
                stand_in.__path__ = [str(directory.joinpath(*name.split(".")[1:]))]
                sys.modules[name] = stand_in
                added.append(name)
        yield
    finally:
        for name in added:
            del sys.modules[name]


if not TYPE_CHECKING:
    if "pulumi" in sys.modules:
        from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2
    else:
        with _without_initialisers():
            analyzer_pb2 = importlib.import_module("pulumi.runtime.proto.analyzer_pb2")
            analyzer_pb2_grpc = importlib.import_module("pulumi.runtime.proto.analyzer_pb2_grpc")
            plugin_pb2 = importlib.import_module("pulumi.runtime.proto.plugin_pb2")

__all__ = ["analyzer_pb2", "analyzer_pb2_grpc", "plugin_pb2"]
