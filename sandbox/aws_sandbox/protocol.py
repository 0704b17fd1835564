"""The published provider protocol's messages, loaded without the rest of the Pulumi SDK.

`import pulumi` runs the SDK's initialiser and costs a third of a second, which every start of the
provider would pay. The generated message modules need none of it, so they are imported below empty
stand-ins for their parent packages, which are taken away again: a later `import pulumi` is the real one.
"""

import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

_PARENTS = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


@contextmanager
def _stand_in_parents() -> Iterator[None]:
    """Put empty packages with the right search path where the SDK's own have not been imported."""
    spec = importlib.util.find_spec("pulumi")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("The Python package `pulumi` is not installed.")
    root = Path(next(iter(spec.submodule_search_locations)))
    added = []
    for name in _PARENTS:
        if name not in sys.modules:
            module = ModuleType(name)
            module.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
            module.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
            sys.modules[name] = module
            added.append(name)
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]


with _stand_in_parents():
    from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

__all__ = ["plugin_pb2", "provider_pb2", "provider_pb2_grpc", "status_pb2"]
