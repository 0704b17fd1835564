"""What a resource was before a change, for the rules that guard changes."""

from collections.abc import Iterator

from timestream_policies.model import Part, Resource
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BACKUP_VAULT,
    BUCKET,
    CUSTOMER_KEYS,
    DATABASE,
    EVENT_DATA_STORE,
    INFLUXDB,
    LOG_GROUP,
    TABLE,
    TRAIL,
)

DATA_STORES = (
    DATABASE,
    TABLE,
    *INFLUXDB,
    BUCKET,
    BACKUP_VAULT,
    *CUSTOMER_KEYS,
    LOG_GROUP,
    TRAIL,
    EVENT_DATA_STORE,
)
"""What cannot be made again once it is gone, or without which data cannot be read or answered for."""


def place_before(before: Resource, name: str) -> Part:
    """Return a top-level property as the program gave it, else as the provider filled it in."""
    if name in before.inputs:
        return before.part(name)
    return Part(before, name, before.outputs.get(name))


def gone(stack: Stack, *types: str) -> Iterator[Resource]:
    """Yield what the change deletes of these types. What is retained only leaves the stack."""
    for resource in stack.deleted:
        if resource.type in types and not resource.external and not resource.options.retain_on_delete:
            yield resource
