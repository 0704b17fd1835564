"""Whether two values mean the same to AWS.

A change that means nothing must not be shown as one: policy documents come back reformatted, sets in
another order, and an absent property is what an empty or zero one is (the real provider's SDK treats it so).
"""

import json
from collections.abc import Mapping
from typing import Any

from aws_sandbox.schema import ObjectShape, Shape, is_policy, members


def is_empty(value: Any) -> bool:
    """Say whether a value is what an absent one is: none, false, zero, empty text, list or object."""
    if isinstance(value, dict):
        return all(is_empty(item) for item in value.values())
    return value in (None, False, 0, "", [])


def canonical_policy(document: Any) -> Any:
    """Return a policy in which order and the short form of one-element lists do not matter.

    IAM reads `"Action": "a"` and `"Action": ["a"]`, and the members of a list in any order, as the same.
    """
    if isinstance(document, dict):
        return {key: canonical_policy(item) for key, item in document.items()}
    if isinstance(document, list):
        items = [canonical_policy(item) for item in document]
        return items[0] if len(items) == 1 else sorted(items, key=_sort_key)
    return document


def _sort_key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _as_document(value: str) -> Any:
    if value[:1] not in "{[" or not value:
        return None
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return None


def same(old: Any, new: Any, shape: Shape | None = None) -> bool:
    """Say whether the new value asks for nothing that the old one is not."""
    if isinstance(old, dict) and isinstance(new, dict):
        return not changed_keys(old, new, members(shape))
    if isinstance(old, list) and isinstance(new, list):
        return _same_members(old, new, (shape or {}).get("items"))
    if isinstance(old, str) and isinstance(new, str) and old != new:
        return _same_text(old, new, is_policy(shape))
    if isinstance(old, bool) != isinstance(new, bool):
        return False
    return bool(old == new)


def _same_text(old: str, new: str, policies: bool) -> bool:
    """Compare two different texts as JSON; only in policies do lists have no order."""
    before, after = _as_document(old), _as_document(new)
    if before is None:
        return False
    return bool(canonical_policy(before) == canonical_policy(after) if policies else before == after)


def _same_members(old: list[Any], new: list[Any], shape: Shape | None) -> bool:
    """Compare as sets: hardly any list of these types has an order that AWS keeps."""
    if len(old) != len(new):
        return False
    left = list(old)
    for item in new:
        match = next((index for index, candidate in enumerate(left) if same(candidate, item, shape)), None)
        if match is None:
            return False
        del left[match]
    return True


def changed_keys(old: Mapping[str, Any], new: Mapping[str, Any], shape: ObjectShape) -> list[str]:
    """Return the properties in which the new object asks for something else, in a stable order."""
    return [
        key for key in [*new, *(key for key in old if key not in new)] if _is_changed(key, old, new, shape)
    ]


def _is_changed(key: str, old: Mapping[str, Any], new: Mapping[str, Any], shape: ObjectShape) -> bool:
    if shape.free is not None and (key in old) != (key in new):
        # An empty tag is a tag.
        return True
    if key not in new:
        # What the program leaves out and AWS fills in stays as it is; so does what was empty anyway.
        return key not in shape.computed and not is_empty(old[key])
    if key not in old:
        return not is_empty(new[key])
    return not same(old[key], new[key], shape.of(key))
