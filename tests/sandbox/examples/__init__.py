"""One realistic example for each resource type of the sandbox, for tests of every part that handles them.

Each module of this package holds `EXAMPLES`, a dict from type token to `Example`.
"""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Properties = dict[str, Any]

_REFERENCE = re.compile(r"\$\{(\w+)\.(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Need:
    """A resource that must exist first."""

    token: str
    inputs: Properties


@dataclass(frozen=True, kw_only=True)
class Example:
    """Inputs of one resource and two changes to them."""

    inputs: Properties
    needs: Mapping[str, Need] = field(default_factory=dict)
    """Prerequisites by name, in the order to make them. Any text in `inputs`, `change`, `replace` and
    later needs may hold `${name.property}`, or `${name.id}`."""
    change: Properties = field(default_factory=dict)
    """Inputs to merge over `inputs`: an update in place. Empty where the type has none."""
    replace: Properties = field(default_factory=dict)
    """Inputs to merge over `inputs`: a replacement."""
    stays: str | None = None
    """Why reading still answers after the deletion (AWS falls back to a default); None: it is gone."""


def resolve(value: Any, made: Mapping[str, Properties]) -> Any:
    """Put the properties of the prerequisites into `${name.property}` references."""
    if isinstance(value, dict):
        return {key: resolve(item, made) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, made) for item in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: str(made[match[1]][match[2]]), value)
    return value


def all_examples() -> dict[str, Example]:
    """Collect the examples of all modules of this package."""
    found: dict[str, Example] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").EXAMPLES
    return found
