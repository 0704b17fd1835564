"""Filter patterns of CloudWatch Logs on JSON: which events they catch.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from timestream_policies.wildcards import matches

Event = Mapping[str, Any]
Test = Callable[[Event], bool]

ANY = object()
"""A value of an event that nobody knows: every pattern for it counts as fitting."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<mark>&&|\|\||[()])
      | (?P<compare>!=|<=|>=|=|<|>)
      | (?P<text>"(?:[^"\\]|\\.)*"|%[^%]*%)
      | (?P<word>[^\s&|()=<>!"]+)
    )""",
    re.VERBOSE,
)
_LONGEST = 4096
_DEEPEST = 60


class WrongPattern(ValueError):
    """CloudWatch Logs would not take it."""


def catches(pattern: str, event: Event) -> bool:
    """Tell whether a filter pattern catches an event; one of another form, or a wrong one, catches none."""
    test = _read(pattern)
    return test is not None and test(event)


@lru_cache(maxsize=1024)
def _read(pattern: str) -> Test | None:
    text = pattern.strip()
    if len(text) > _LONGEST or not (text.startswith("{") and text.endswith("}")):
        return None
    try:
        return _Reader(_tokens(text[1:-1])).whole()
    except WrongPattern:
        return None


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place, text = 0, text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise WrongPattern(text[place:])
        place = found.end()
        tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
    return tokens


class _Reader:
    """Reads tokens from left to right; `&&` binds closer than `||`."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Test:
        test = self._either()
        if self._next < len(self._tokens):
            raise WrongPattern(self._tokens[self._next][1])
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._takes("||"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda event: any(test(event) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self._takes("&&"):
            tests.append(self._single())
        return tests[0] if len(tests) == 1 else lambda event: all(test(event) for test in tests)

    def _single(self) -> Test:
        if not self._takes("("):
            return self._comparison()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise WrongPattern("(")
        test = self._either()
        self._depth -= 1
        if not self._takes(")"):
            raise WrongPattern("(")
        return test

    def _comparison(self) -> Test:
        selector = self._word()
        if not selector.startswith("$"):
            raise WrongPattern(selector)
        path = tuple(step for step in re.split(r"[.\[\]]+", selector[1:]) if step)
        kind, operator = self._token()
        if kind == "word":
            return self._in_words(path, operator.upper())
        if kind != "compare":
            raise WrongPattern(operator)
        kind, value = self._token()
        if kind not in ("text", "word"):
            raise WrongPattern(value)
        if value.startswith("%"):
            # What a regular expression finds is not worked out: only plain text in it is sure.
            value = f"*{value.strip('%')}*"
        elif kind == "text":
            value = value[1:-1]
        return lambda event: _compare(_at(event, path), operator, value)

    def _in_words(self, path: tuple[str, ...], operator: str) -> Test:
        expected = self._word().upper()
        match operator, expected:
            case "NOT", "EXISTS":
                return lambda event: _at(event, path) in (None, ANY)
            case "IS", "NULL":
                return lambda event: _at(event, path) is ANY
            case "IS", "TRUE" | "FALSE":
                return lambda event: _at(event, path) in (expected == "TRUE", ANY)
        raise WrongPattern(expected)

    def _takes(self, mark: str) -> bool:
        if self._next < len(self._tokens) and self._tokens[self._next] == ("mark", mark):
            self._next += 1
            return True
        return False

    def _token(self) -> tuple[str, str]:
        if self._next >= len(self._tokens):
            raise WrongPattern("ends too early")
        self._next += 1
        return self._tokens[self._next - 1]

    def _word(self) -> str:
        kind, word = self._token()
        if kind != "word":
            raise WrongPattern(word)
        return word


def _at(event: Event, path: tuple[str, ...]) -> Any:
    value: Any = event
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
        if value is None or value is ANY:
            break
    return value


def _compare(found: Any, operator: str, value: str) -> bool:
    """Compare as CloudWatch does; a field that an event does not have fits nothing, not even `!=`."""
    if found is ANY:
        return True
    if found is None:
        return False
    if operator == "=":
        return matches(value, str(found))
    return operator == "!=" and not matches(value, str(found))
