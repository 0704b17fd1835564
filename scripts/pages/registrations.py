"""How the data sheet reads what a deployment has registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.components.recorder import Deployment, Registration

NONE: Final = "none"

# What, its default, and the arguments that change it.
Facts = Iterator[tuple[str, str, tuple[str, ...]]]


def only(made: Deployment, type_: str, name: str = "") -> dict[str, Any]:
    """Return the inputs of the first of a type whose name ends in `name`, or nothing."""
    return next((it.inputs for it in made.of(type_) if it.name.endswith(name)), {})


def short(it: Registration) -> str:
    """Return a name without that of the component."""
    return it.name.removeprefix("baseline-")


def every(test: Callable[[Any], bool], items: list[Any]) -> bool:
    """Tell whether all pass, and there are any."""
    return bool(items) and all(map(test, items))


def yes(value: object) -> str:
    """Write yes or no."""
    return "yes" if value else "no"


def sources(rules: list[dict[str, Any]]) -> str:
    """Say from where a security group lets connections in."""
    groups = any("referencedSecurityGroupId" in rule for rule in rules)
    addresses = any("cidrIpv4" in rule or "cidrIpv6" in rule for rule in rules)
    named = [name for name, given in (("security groups", groups), ("addresses", addresses)) if given]
    return f"from the named {' and '.join(named)} only"
