"""Text of unknown origin, such as names of resources, made fit to be shown."""

import re

# Control characters move the cursor, colour a terminal or end a line; the others turn text around.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\u200e\u200f\ufeff\ud800-\udfff]")


def printable(text: str) -> str:
    """Return the text in one line, with what cannot be seen written as an escape."""
    return _UNSEEN.sub(_escape, text)


def in_json(text: str) -> str:
    """Return JSON in which every character that cannot be seen is written as JSON writes it."""
    return _UNSEEN_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


_UNSEEN_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\u200e\u200f\ufeff]")


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
