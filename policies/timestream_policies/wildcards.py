"""Patterns as IAM reads them: `*` for any text, `?` for any one character."""

import re
from functools import lru_cache


@lru_cache(maxsize=16384)
def matches(pattern: str, text: str) -> bool:
    """Tell whether the pattern covers the text."""
    if "?" in pattern:
        return _compiled(pattern).fullmatch(text) is not None
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    last = rest.pop()
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in rest:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    # Runs of stars are one star: `**…*x` would make the matcher slow.
    squeezed = re.sub(r"\*+", "*", pattern)
    return re.compile(
        "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in squeezed), re.DOTALL
    )


def has_wildcard(text: str) -> bool:
    """Tell whether the text is a pattern."""
    return "*" in text or "?" in text


def covers_everything(pattern: str) -> bool:
    """Tell whether the pattern is nothing but wildcards, with a star among them."""
    return "*" in pattern and not pattern.strip("*?")
