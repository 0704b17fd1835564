"""Takes every secret out of what people will read."""

import json
import re
from collections.abc import Iterable

from timestream_policies.model import Resource
from timestream_policies.values import REDACTED, secret_leaves

_STANDS_FOR_ITSELF = 4
"""Shorter secrets are taken out only where they stand alone; else every "a" of a text would go."""


class Scrub:
    """Replaces the secrets of these resources in a text. They are gathered when first needed."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = resources
        self._pattern: re.Pattern[str] | None = None
        self._is_idle = False

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        if not text or self._is_idle:
            return text
        if self._pattern is None:
            self._pattern = self._compile()
        return self._pattern.sub(REDACTED, text)

    def _compile(self) -> re.Pattern[str]:
        leaves: set[str] = set()
        for resource in self._resources:
            for properties in (resource.inputs, resource.outputs):
                if properties.may_hold_secrets():
                    for raw in properties.raw.values():
                        leaves.update(secret_leaves(raw))
        alternatives = [
            re.escape(leaf) if len(leaf) >= _STANDS_FOR_ITSELF else rf"(?<!\w){re.escape(leaf)}(?!\w)"
            for leaf in sorted(
                {form for leaf in leaves for form in _forms(leaf)}, key=lambda leaf: (-len(leaf), leaf)
            )
            if leaf.strip()
        ]
        self._is_idle = not alternatives
        return re.compile("|".join(alternatives) or r"(?!)", re.IGNORECASE)


def _forms(leaf: str) -> tuple[str, ...]:
    """Return a secret as it is, and as messages quote it: with escapes, or as a rounded number."""
    forms = (leaf, repr(leaf)[1:-1], repr(f"{leaf}'\"")[1:-4], json.dumps(leaf)[1:-1])
    try:
        return (*forms, f"{float(leaf):g}")
    except ValueError:
        return forms
