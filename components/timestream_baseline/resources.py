"""Resource options and outputs that rooms share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

_hooks: Final[Counter[str]] = Counter()


def child_of(
    parent: pulumi.Resource, *, depends_on: Sequence[pulumi.Resource] = (), **more: Any
) -> pulumi.ResourceOptions:
    """Build the options of a child, which gets its provider through its parent.

    A component never forwards its own options: aliases and imports would leak.
    """
    return pulumi.ResourceOptions(parent=parent, depends_on=list(depends_on) or None, **more)


def data_child_of(
    parent: pulumi.Resource, *, protect_data: bool, depends_on: Sequence[pulumi.Resource] = ()
) -> pulumi.ResourceOptions:
    """Build the options of a child that holds data or the key to it: protected and retained if data is.

    Unprotected means unset, so that protection given to the whole component still reaches the child.
    """
    flag = True if protect_data else None
    return child_of(parent, depends_on=depends_on, protect=flag, retain_on_delete=flag)


def engine_calls_back() -> bool:
    """Tell whether hooks can be registered. With Pulumi's mocks nothing calls back: the SDK refuses them.

    Everything else is taken for an engine, so that guards are never left out in silence.
    """
    return not isinstance(get_monitor(), MockMonitor)


def hook_name(name: str) -> str:
    """Make the name of a hook: the engine takes each one once per update, whatever resource it belongs to.

    Components of one name under parents of different types are the only ones that meet.
    """
    _hooks[name] += 1
    return name if _hooks[name] == 1 else f"{name} ({_hooks[name]})"


def output_map(values: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[dict[str, str]]:
    """Turn a map of outputs into an output of a map."""
    return cast(pulumi.Output[dict[str, str]], pulumi.Output.from_input(dict(values)))
