"""CloudWatch Logs' filter patterns for JSON, as far as ours use them, judged without AWS.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

TOKEN = re.compile(r'\s*(&&|\|\||[(){}]|!=|=|NOT EXISTS|\$[.\w]+|"[^"]*"|[^\s(){}=!&|"]+)')


def matches(pattern: str, event: Mapping[str, Any]) -> bool:
    """Tell whether an event matches. A pattern that cannot be read is a ValueError."""
    tokens = _tokens(pattern)
    if tokens[0] != "{" or tokens[-1] != "}":
        raise ValueError(f"no pattern for JSON: {pattern}")
    reader = _Reader(tokens[1:-1], event)
    found = reader.either()
    if reader.tokens:
        raise ValueError(f"left over in {pattern}: {reader.tokens}")
    return found


def _tokens(pattern: str) -> list[str]:
    found, position = [], 0
    while position < len(pattern.rstrip()):
        match = TOKEN.match(pattern, position)
        if match is None:
            raise ValueError(f"not understood: {pattern[position:]}")
        found.append(match.group(1))
        position = match.end()
    return found


class _Reader:
    """Reads from the left; `&&` binds more tightly than `||`."""

    def __init__(self, tokens: list[str], event: Mapping[str, Any]) -> None:
        self.tokens = tokens
        self.event = event

    def either(self) -> bool:
        found = self.both()
        while self.tokens[:1] == ["||"]:
            self.tokens.pop(0)
            found = self.both() or found
        return found

    def both(self) -> bool:
        found = self.term()
        while self.tokens[:1] == ["&&"]:
            self.tokens.pop(0)
            found = self.term() and found
        return found

    def term(self) -> bool:
        token = self.tokens.pop(0)
        if token == "(":
            found = self.either()
            if self.tokens.pop(0) != ")":
                raise ValueError("a bracket is not closed")
            return found
        if not token.startswith("$."):
            raise ValueError(f"not a property: {token}")
        value: Any = self.event
        for step in token[2:].split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        operator = self.tokens.pop(0)
        if operator == "NOT EXISTS":
            return value is None
        wanted = self.tokens.pop(0).strip('"')
        equal = value is not None and fnmatchcase(str(value), wanted)
        # A property that is absent is not compared.
        return equal if operator == "=" else value is not None and not equal
