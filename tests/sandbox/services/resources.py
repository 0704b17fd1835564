"""Resources made through the service files' own functions, as the provider makes them."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

import aws_sandbox.services
from aws_sandbox.resource import Aws, Properties, ResourceType


@cache
def types() -> dict[str, ResourceType]:
    return {kind.token: kind for kind in _all_types()}


def _all_types() -> Iterator[ResourceType]:
    for module in pkgutil.iter_modules(aws_sandbox.services.__path__):
        if not module.name.startswith("_"):
            yield from importlib.import_module(f"aws_sandbox.services.{module.name}").TYPES


class RefusedError(Exception):
    """Inputs that the type's check does not let through."""


class Resource:
    def __init__(self, aws: Aws, kind: ResourceType, inputs: Properties) -> None:
        self._aws = aws
        self._kind = kind
        self.inputs = self._checked(inputs)
        if mistakes := list(kind.check(self.inputs) if kind.check else ()):
            raise RefusedError(mistakes)
        self.id = kind.create(aws, self.inputs)
        self.state = self.read(self.inputs)

    def _checked(self, inputs: Properties) -> Properties:
        tags = {"tagsAll": inputs["tags"]} if "tags" in inputs else {}
        return {**self._kind.defaults, **inputs, **tags}

    def find(self, state: Properties) -> Properties | None:
        return self._kind.read(self._aws, self.id, state)

    def read(self, state: Properties) -> Properties:
        found = self.find(state)
        assert found is not None, f"{self._kind.token} {self.id} is gone"
        # The provider keeps what AWS never answers, and adds the region and the id.
        kept = {name: state[name] for name in self._kind.write_only if name in state}
        return {"id": self.id, **kept, **found}

    def update(self, changes: Properties) -> Properties:
        assert self._kind.update is not None
        assert not changes.keys() & self._kind.replaces
        self.inputs = self._checked({**self.inputs, **changes})
        self._kind.update(self._aws, self.id, self.state, self.inputs)
        self.state = self.read({**self.state, **self.inputs})
        return self.state

    def delete(self) -> None:
        self._kind.delete(self._aws, self.id, self.state)


class Resources:
    """Makes resources by token."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws

    def create(self, token: str, **inputs: Any) -> Resource:
        return Resource(self.aws, types()[token], inputs)
