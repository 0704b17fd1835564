"""The record that a correction is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from moto.backends import get_backend

from aws_sandbox.account import ACCOUNT
from aws_sandbox.aws_api import Handler, Operation

Check = Callable[[Operation], None]
State = TypeVar("State")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One difference between moto and AWS, removed."""

    source: str
    """The AWS page that says how it is."""
    checks: Mapping[tuple[str, str], Check] = field(default_factory=dict)
    """By (service, operation); the operation "*" means every one."""
    handlers: Mapping[tuple[str, str], Handler] = field(default_factory=dict)
    patch: Callable[[], None] | None = None


def moto_backend(service: str, region: str) -> Any:
    """Return moto's backend object of a service; `region` is "aws" for global services."""
    return get_backend(service)[ACCOUNT][region]  # type: ignore[call-overload]


def moto_state(service: str, region: str, name: str, make: Callable[[], State]) -> State:
    """Return state of a correction that lives on moto's backend object, made when first asked for."""
    state: State = moto_backend(service, region).__dict__.setdefault(f"sandbox_{name}", make())
    return state


def replace(owner: type, name: str, function: Callable[..., Any]) -> None:
    """Put a function in the place of a method that moto has, or say that it has none such."""
    if not hasattr(owner, name):
        raise AttributeError(f"moto's {owner.__name__} has no {name} any more: see the correction again")
    setattr(owner, name, function)
