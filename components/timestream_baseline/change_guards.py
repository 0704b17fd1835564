"""Guards: hooks that stop a change in place that loses data, at preview and before it takes effect.

A replacement never reaches these hooks: there protection is the guard.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final

import pulumi
from pulumi.runtime import rpc

from timestream_baseline.changes import (
    UNKNOWN,
    Hidden,
    Loss,
    Properties,
    database_configuration,
    database_losses,
    exists,
    refusal,
    refused,
    table_configuration,
    table_losses,
    written,
)
from timestream_baseline.inputs.acknowledge import may_be_replaced
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.resources import engine_calls_back

_taken: Final[Counter[str]] = Counter()
# https://docs.aws.amazon.com/timestream/latest/developerguide/API_CreateTable.html
_EXISTS: Final = re.compile(r"ConflictException|already exists", re.IGNORECASE)


class DataLossError(Exception):
    """A change that nobody has acknowledged; its text is what the user reads."""


def table_guard(
    owner: str, database: str, table: str, place: Place, acknowledge: Collection[str]
) -> pulumi.ResourceHookBinding | None:
    """Guard a table of the baseline named `owner`; `place` is that of the databases."""
    target = f"{database}/{table}"
    return _guard(
        owner=owner,
        target=target,
        losses=partial(table_losses, target),
        arguments=table_configuration,
        place=place.at(database).field("tables").at(table),
        acknowledge=acknowledge,
    )


def database_guard(
    owner: str, database: str, place: Place, acknowledge: Collection[str], *, created: bool
) -> pulumi.ResourceHookBinding | None:
    """Guard a database of the baseline named `owner`. `created`: its key is one that the baseline makes."""
    return _guard(
        owner=owner,
        target=database,
        losses=partial(database_losses, database, created=created),
        arguments=database_configuration,
        place=place.at(database),
        acknowledge=acknowledge,
    )


def announce_lifted_protection(
    component: pulumi.ComponentResource, acknowledge: Collection[str], targets: Collection[str]
) -> None:
    """Say which of these resources may be replaced, and that this takes two updates.

    The engine heeds the retention that it recorded before: it would let go of the old resource, which keeps
    the name that the new one needs.
    """
    for target in targets:
        if may_be_replaced(acknowledge, target):
            pulumi.log.warn(
                f"{target} is not protected, as acknowledged: a replacement deletes its data. Run pulumi up "
                "with this entry alone first, then change what replaces it, then take the entry out",
                resource=component,
            )


def _guard(
    *,
    owner: str,
    target: str,
    losses: Callable[[Properties, Properties], list[Loss]],
    arguments: Callable[[Properties], dict[str, Any]],
    place: Place,
    acknowledge: Collection[str],
) -> pulumi.ResourceHookBinding | None:
    """Guard one resource.

    `losses` compares old and new inputs, `arguments` finds those that match the old ones; `place` is where
    they stand.
    """
    if not engine_calls_back():
        return None

    async def stop(args: pulumi.ResourceHookArgs) -> None:
        old, new = await _values(args.old_inputs or {}), await _values(args.new_inputs or {})
        if stopping := refused(losses(old, new), acknowledge):
            raise DataLossError(refusal(target, stopping, keep=written(place, arguments(old))))

    async def explain(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation == "create" and _EXISTS.search(args.errors[0]):
            pulumi.log.error(exists(target))
        return False  # no second attempt

    return pulumi.ResourceHookBinding(
        before_update=[
            pulumi.ResourceHook(
                _unique(f"guard of {target} in {owner}"), stop, pulumi.ResourceHookOptions(on_dry_run=True)
            )
        ],
        on_error=[pulumi.ErrorHook(_unique(f"creation of {target} in {owner}"), explain)],
    )


def _unique(name: str) -> str:
    """Make the name of a hook: the engine takes each one once per update, whatever resource it belongs to.

    Components of one name under parents of different types are the only ones that meet.
    """
    _taken[name] += 1
    return name if _taken[name] == 1 else f"{name} ({_taken[name]})"


async def _values(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: await _value(value) for key, value in inputs.items()}


async def _value(value: Any) -> Any:
    """Turn what the SDK hands to hooks into plain values, UNKNOWN and Hidden."""
    if isinstance(value, pulumi.output.Unknown):
        return UNKNOWN
    if isinstance(value, pulumi.Output):
        if not await value.is_known():
            return UNKNOWN
        known = await _value(await value.future())
        return Hidden(known) if await value.is_secret() else known
    if rpc.is_rpc_secret(value):  # the SDK unwraps secrets at the top level only
        return Hidden(await _value(rpc.unwrap_rpc_secret(value)))
    if isinstance(value, Mapping):
        return await _values(value)
    return value
