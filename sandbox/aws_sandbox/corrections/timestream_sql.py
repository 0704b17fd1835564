"""The one kind of query that the sandbox understands, read from text.

query     = SELECT columns FROM table [WHERE condition {AND condition}]
[ORDER BY time [ASC | DESC]] [LIMIT number]
columns   = "*" | column {"," column}
table     = name "." name
condition = column "=" literal
literal   = 'text' | number | TRUE | FALSE
column    = name
name      = "any characters" | letters, digits, "_", and "::" as in measure_value::double
"""

import re
from dataclasses import dataclass

UNDERSTOOD = (
    'SELECT * | column, … FROM "database"."table" [WHERE column = literal [AND …]] '
    "[ORDER BY time [ASC | DESC]] [LIMIT number]"
)

_TOKEN = re.compile(
    r"""\s*(?:
      "(?P<quoted>(?:[^"]|"")+)"
    | '(?P<text>(?:[^']|'')*)'
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z]+)?)
    | (?P<sign>[*,.=;])
    )""",
    re.VERBOSE,
)

Literal = str | float | bool


class NotUnderstood(ValueError):
    """A query that is no sentence of the grammar; the message says where it leaves it."""


@dataclass(frozen=True)
class Query:
    """A query that was understood."""

    columns: tuple[str, ...]
    """The selected columns; none stands for all."""
    database: str
    table: str
    conditions: tuple[tuple[str, Literal], ...] = ()
    descending: bool | None = None
    """The order by time; None if the query asks for none."""
    limit: int | None = None


@dataclass(frozen=True)
class _Token:
    kind: str
    value: str

    def is_word(self, word: str) -> bool:
        return self.kind == "word" and self.value.upper() == word


_END = _Token("end", "the end")


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0

    def peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else _END

    def take(self) -> _Token:
        token = self.peek()
        self._next += 1
        return token

    def word(self, word: str) -> bool:
        """Take this word if it comes next."""
        return self._taken(self.peek().is_word(word))

    def sign(self, sign: str) -> bool:
        """Take this sign if it comes next."""
        return self._taken(self.peek() == _Token("sign", sign))

    def need(self, found: bool, wanted: str) -> None:
        if not found:
            raise NotUnderstood(f"{wanted} is expected where it says {self.peek().value}")

    def name(self, wanted: str) -> str:
        self.need(self.peek().kind in ("quoted", "word"), wanted)
        return self.take().value

    def _taken(self, found: bool) -> bool:
        self._next += found
        return found


def parse(text: str) -> Query:
    """Return what a query asks for."""
    reader = _Reader(text)
    reader.need(reader.word("SELECT"), "SELECT")
    columns = _columns(reader)
    reader.need(reader.word("FROM"), "FROM")
    database = reader.name("a database")
    reader.need(reader.sign("."), "a dot after the database")
    table = reader.name("a table")
    conditions = _conditions(reader)
    descending = _order(reader)
    limit = _limit(reader)
    reader.sign(";")
    reader.need(reader.peek() is _END, "the end of the query")
    return Query(columns, database, table, conditions, descending, limit)


def _columns(reader: _Reader) -> tuple[str, ...]:
    if reader.sign("*"):
        return ()
    columns = [reader.name("a column or *")]
    while reader.sign(","):
        columns.append(reader.name("a column"))
    return tuple(columns)


def _conditions(reader: _Reader) -> tuple[tuple[str, Literal], ...]:
    if not reader.word("WHERE"):
        return ()
    conditions = [_condition(reader)]
    while reader.word("AND"):
        conditions.append(_condition(reader))
    return tuple(conditions)


def _condition(reader: _Reader) -> tuple[str, Literal]:
    column = reader.name("a column")
    reader.need(reader.sign("="), "=")
    if reader.word("TRUE"):
        return column, True
    if reader.word("FALSE"):
        return column, False
    reader.need(reader.peek().kind in ("text", "number"), "a literal")
    token = reader.take()
    return column, token.value if token.kind == "text" else float(token.value)


def _order(reader: _Reader) -> bool | None:
    if not reader.word("ORDER"):
        return None
    reader.need(reader.word("BY"), "BY")
    column = reader.peek()
    reader.need(column.kind in ("word", "quoted") and column.value.lower() == "time", "ORDER BY time")
    reader.take()
    if reader.word("DESC"):
        return True
    reader.word("ASC")
    return False


def _limit(reader: _Reader) -> int | None:
    if not reader.word("LIMIT"):
        return None
    reader.need(reader.peek().kind == "number" and reader.peek().value.isdigit(), "a whole number")
    return int(reader.take().value)


def _tokens(text: str) -> list[_Token]:
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found or not found.lastgroup:
            raise NotUnderstood(f"nothing is understood from {text[position:].strip()[:40]!r} on")
        value = found[found.lastgroup]
        quote = {"quoted": '"', "text": "'"}.get(found.lastgroup, "")
        tokens.append(_Token(found.lastgroup, value.replace(quote * 2, quote) if quote else value))
        position = found.end()
    return tokens
