"""What a property that should name a customer managed key really names."""

import re
from enum import Enum

from timestream_policies.model import Resource, top_of
from timestream_policies.types import CUSTOMER_KEYS
from timestream_policies.undecided import Undecided

_KEY_ID = r"(?:mrk-)?[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY_ARN = re.compile(rf"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{{12}}:key/(?:{_KEY_ID})")
_ALIAS_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(alias/[A-Za-z0-9/_-]+)")
_ALIAS = re.compile(r"alias/[A-Za-z0-9/_-]+")


class KeyName(Enum):
    """What a text that should name a key is."""

    ARN = "key ARN"
    ID = "key id"
    ALIAS = "alias"
    AWS_ALIAS = "alias of a key that AWS manages"
    NONSENSE = "neither a key nor an alias"


def key_name(value: object) -> KeyName:
    """Tell what a text that should name a key is."""
    text = value if isinstance(value, str) else ""
    if _KEY_ARN.fullmatch(text):
        return KeyName.ARN
    if re.fullmatch(_KEY_ID, text):
        return KeyName.ID
    alias = _ALIAS_ARN.fullmatch(text)
    name = alias.group(1) if alias else text
    if _ALIAS.fullmatch(name):
        return KeyName.AWS_ALIAS if name.startswith("alias/aws/") else KeyName.ALIAS
    return KeyName.NONSENSE


def names_something(resource: Resource, path: str) -> bool:
    """Tell whether a property holds a value, or comes from a resource; raises if it cannot be told."""
    values = resource.words(path)
    if any(values.known):
        return True
    if values.unknown is None:
        return False
    resource.whole_stack(path)
    if resource.property_dependencies.get(top_of(path)):
        return True
    raise values.unknown


def refers_to_customer_key(resource: Resource, path: str) -> bool:
    """Tell whether an unknown property comes from a key of this stack; raises if it cannot be told."""
    return bool(resource.behind(path, *CUSTOMER_KEYS))


def value_or_customer_key(resource: Resource, path: str) -> str | None:
    """Return the text that names the key; None if it is unknown but comes from a key of this stack.

    An absent property is the empty text. Raises `Undecided` if nothing tells.
    """
    try:
        return str(resource.get(path, ""))
    except Undecided:
        if refers_to_customer_key(resource, path):
            return None
        raise


def customer_key_problem(resource: Resource, path: str) -> str | None:
    """Return what is wrong with the property that names a customer managed key, or None."""
    value = value_or_customer_key(resource, path)
    if value is None:
        return None
    if not value:
        return "is not encrypted with a customer managed key"
    name = key_name(value)
    if name is KeyName.AWS_ALIAS:
        return f"is encrypted with the key that AWS manages ({value})"
    return f"has {value!r} for a key, which is no key" if name is KeyName.NONSENSE else None
