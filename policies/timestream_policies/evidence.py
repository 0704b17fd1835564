"""The value that a finding is about, as a reader may see it: short, and without secrets."""

import json
import re
from typing import Any

from timestream_policies.model import Resource, top_of
from timestream_policies.scrubbing import Scrub
from timestream_policies.values import REDACTED, Unknown, secret_places

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_LONGEST = 300


def evidence(resource: Resource, at: str, scrub: Scrub) -> str:
    """Return the value at a path of the inputs; empty if the path leads nowhere."""
    if not at:
        return ""
    top = top_of(at)
    places = secret_places(resource.inputs.raw.get(top), top)
    if any(place.startswith(at) or at.startswith(place) for place in places):
        return REDACTED
    steps = [int(index) if index else name for index, name in _STEP.findall(at)]
    value: Any = resource.inputs.get(top)
    for step in steps[1:]:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    if value is None:
        return "not set"
    text = value if isinstance(value, str) else json.dumps(value, default=_unknown, ensure_ascii=False)
    shown = scrub(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _unknown(value: object) -> str:
    return value.reason if isinstance(value, Unknown) else REDACTED
