"""Guards: hooks that stop a change in place that loses data, at preview and before it takes effect.

A replacement never reaches these hooks: there protection is the guard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
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
from timestream_baseline.resources import engine_calls_back, hook_name

# https://docs.aws.amazon.com/timestream/latest/developerguide/API_CreateTable.html
_EXISTS: Final = re.compile(r"ConflictException|already exists", re.IGNORECASE)


class DataLossError(Exception):
    """A change that nobody has acknowledged; its text is what the user reads."""


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """A database or a table that is guarded."""

    # "db" or "db/table".
    target: str
    # Compares old and new inputs.
    losses: Callable[[Properties, Properties], list[Loss]]
    # Finds the arguments that match inputs.
    arguments: Callable[[Properties], dict[str, Any]]
    # Where these arguments stand.
    place: Place


def guarded_table(database: str, table: str, place: Place) -> Guarded:
    """Guard a table; `place` is that of the databases."""
    target = f"{database}/{table}"
    return Guarded(
        target=target,
        losses=partial(table_losses, target),
        arguments=table_configuration,
        place=place.at(database).field("tables").at(table),
    )


def guarded_database(database: str, place: Place, *, created: bool) -> Guarded:
    """Guard a database; `place` is that of the databases. `created`: its key is made by the baseline."""
    return Guarded(
        target=database,
        losses=partial(database_losses, database, created=created),
        arguments=database_configuration,
        place=place.at(database),
    )


def guards(
    owner: str, guarded: Mapping[str, Guarded], acknowledge: Collection[str]
) -> pulumi.ResourceHookBinding | None:
    """Guard resources of the component named `owner`, by their logical names.

    One hook serves them all: registering one for each takes the engine 5 ms, 10 s for a thousand tables.
    """
    if not engine_calls_back():
        return None

    async def stop(args: pulumi.ResourceHookArgs) -> None:
        it = guarded[args.name]
        old, new = await plain_values(args.old_inputs or {}), await plain_values(args.new_inputs or {})
        if stopping := refused(it.losses(old, new), acknowledge):
            keep = written(it.place, it.arguments(old))
            raise DataLossError(refusal(it.target, stopping, keep=keep))

    async def explain(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation == "create" and _EXISTS.search(args.errors[0]):
            target = guarded[args.name].target
            pulumi.log.error(exists(target, lifted=may_be_replaced(acknowledge, target)))
        return False  # no second attempt

    on_dry_run = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHookBinding(
        before_update=[pulumi.ResourceHook(hook_name(f"guard of the data of {owner}"), stop, on_dry_run)],
        on_error=[pulumi.ErrorHook(hook_name(f"creation of the data of {owner}"), explain)],
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


async def plain_values(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what the SDK hands to hooks into plain values, UNKNOWN and Hidden."""
    return {key: await _value(value) for key, value in inputs.items()}


async def _value(value: Any) -> Any:
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
        return await plain_values(value)
    return value
