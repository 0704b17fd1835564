"""Which resource types the sandbox has; a service's file is imported when one of its types is first used."""

import importlib
from functools import cache

from aws_sandbox import schema
from aws_sandbox.resource import ResourceType

_SERVICE_OF = {"vpc": "ec2"}
"""Modules of pulumi_aws whose types belong to another service's file."""


class UnsupportedTypeError(Exception):
    """The sandbox has no such type or function."""


def resource_type(token: str) -> ResourceType:
    """Return the type, or say which types of the same service there are."""
    found = _types_of(_service(token)).get(token)
    if found is None:
        raise UnsupportedTypeError(_unsupported(token, schema.package()["resources"]))
    return found


def require_function(token: str) -> schema.Declaration:
    """Return what is declared for a function, or say which functions there are."""
    declaration = schema.function(token)
    if declaration is None:
        raise UnsupportedTypeError(_unsupported(token, schema.package()["functions"]))
    return declaration


def _service(token: str) -> str:
    module = token.split(":")[1].split("/")[0] if token.count(":") == 2 else ""
    return _SERVICE_OF.get(module, module)


@cache
def _types_of(service: str) -> dict[str, ResourceType]:
    known = {_service(token) for token in schema.package()["resources"]}
    if service not in known:
        return {}
    module = importlib.import_module(f"aws_sandbox.services.{service}")
    return {item.token: item for item in module.TYPES}


def _unsupported(token: str, known: dict[str, object]) -> str:
    near = [other for other in known if _service(other) == _service(token)] or list(known)
    return f"The sandbox has no {token}; it has: {', '.join(sorted(near))}."
