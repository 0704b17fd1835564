"""Which resources use one key: by the key's URN where it is of this stack, else by the text that names it."""

from collections import defaultdict

from timestream_policies.model import Resource
from timestream_policies.stack import Stack
from timestream_policies.types import CUSTOMER_KEYS
from timestream_policies.undecided import Undecided, Words


def keys_of(resource: Resource, path: str, stack: Stack) -> list[str]:
    """Return what stands for the keys that a property names; raises if it cannot be told."""
    if not resource.part(path).partly_known:
        return []
    keys = stack.find_behind(resource, path, *CUSTOMER_KEYS)
    return [key.urn for key in keys] or [str(value) for value in resource.words(path)]


def users_of_keys(resource: Resource, path: str, stack: Stack, type_: str, type_path: str) -> Words[Resource]:
    """Return the resources of a type that use a key of this resource, the known ones first."""
    users, unknown = stack.once(f"{type_} by {type_path}", lambda: _by_key(stack, type_, type_path))
    keys = keys_of(resource, path, stack) if users or unknown else []
    return Words([user for key in keys for user in users.get(key, ())], unknown if keys else None)


def _by_key(stack: Stack, type_: str, path: str) -> tuple[dict[str, list[Resource]], Undecided | None]:
    users: defaultdict[str, list[Resource]] = defaultdict(list)
    unknown: Undecided | None = None
    for resource in stack.of_type(type_):
        try:
            for key in keys_of(resource, path, stack):
                users[key].append(resource)
        except Undecided as undecided:
            unknown = undecided
    return dict(users), unknown
