"""Patterns as IAM reads them: `*` for any text, `?` for any one character."""

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    # Runs of stars are one star: `**…*x` would make the matcher slow.
    squeezed = re.sub(r"\*+", "*", pattern)
    return re.compile(
        "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in squeezed), re.DOTALL
    )


def matches(pattern: str, text: str) -> bool:
    """Tell whether the pattern covers the text."""
    return _compiled(pattern).fullmatch(text) is not None


def has_wildcard(text: str) -> bool:
    """Tell whether the text is a pattern."""
    return "*" in text or "?" in text


def covers_everything(pattern: str) -> bool:
    """Tell whether the pattern is nothing but wildcards, with a star among them."""
    return "*" in pattern and not pattern.strip("*?")
