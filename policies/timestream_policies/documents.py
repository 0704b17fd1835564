"""Policy documents, normalised before they are judged: lists everywhere, actions in lower case.

Reading is lenient and wide: a missing Effect is Allow, and a part of an odd shape counts as the
widest that it could mean.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import msgspec

from timestream_policies.model import Part, Resource
from timestream_policies.undecided import Judged, NotApplicable, Undecided, Words
from timestream_policies.values import Unknown, first_unknown, holds_unknown

T = TypeVar("T")
_WIDEST = {"effect": "Allow", "action": "*", "resource": "*", "principal": "*"}


class Principal(msgspec.Struct, frozen=True, gc=False):
    """Who a statement speaks of: the kind (`AWS`, `Service`, `Federated`, `*`) and the value."""

    kind: str
    value: str

    def __str__(self) -> str:
        return self.value if self.kind == "*" else f"{self.kind} {self.value}"


class Condition(msgspec.Struct, frozen=True, gc=False):
    """One operator on one key: all conditions of a statement must hold, any value will do."""

    operator: str
    key: str
    values: Words[str]


class Statement(Judged):
    """One statement. Reading a part that is unknown raises `Undecided`."""

    __slots__ = ("_known", "_parts", "grants", "index", "path", "resource")

    def __init__(self, resource: Resource, path: str, index: int, raw: Any) -> None:
        self.resource = resource
        self.path = path
        self.index = index
        # Many rules read the same parts: each is normalised once.
        self._known: dict[str, Any] = {}
        self._parts: dict[str, Any] | Unknown
        if isinstance(raw, (dict, Unknown)):
            self._parts = _folded(raw) if isinstance(raw, dict) else raw
        else:
            self._parts = dict(_WIDEST)
        self.grants = self._grants()
        """Whether the statement grants something; None if its effect is not known."""

    def once(self, question: str, answer: Callable[[], T]) -> T:
        """Return what many rules ask of this statement, worked out once."""
        if question not in self._known:
            self._known[question] = answer()
        known: T = self._known[question]
        return known

    @property
    def key(self) -> str:
        """What tells this statement from the others: its Sid, else its number."""
        sid = None if isinstance(self._parts, Unknown) else self._parts.get("sid")
        return sid if isinstance(sid, str) and sid else str(self.index + 1)

    def __str__(self) -> str:
        return f"statement {self.key}"

    @property
    def allows(self) -> bool:
        """Whether the statement grants something; all but Deny does."""
        if self.grants is None:
            effect = self._part("effect")
            self._raise("Effect", effect)
        return self.grants

    def _grants(self) -> bool | None:
        effect = self._parts if isinstance(self._parts, Unknown) else self._parts.get("effect")
        return None if isinstance(effect, Unknown) else str(effect).lower() != "deny"

    @property
    def actions(self) -> Words[str]:
        """The actions, in lower case."""
        known: Words[str] | None = self._known.get("actions")
        if known is None:
            known = self._known["actions"] = self._words("action", str.lower)
        return known

    @property
    def not_actions(self) -> Words[str]:
        """What NotAction leaves out, in lower case."""
        known: Words[str] | None = self._known.get("not_actions")
        if known is None:
            known = self._known["not_actions"] = self._words("notaction", str.lower)
        return known

    @property
    def resources(self) -> Words[str]:
        """The resource patterns."""
        known: Words[str] | None = self._known.get("resources")
        if known is None:
            known = self._known["resources"] = self._words("resource")
        return known

    @property
    def not_resources(self) -> Words[str]:
        """What NotResource leaves out."""
        known: Words[str] | None = self._known.get("not_resources")
        if known is None:
            known = self._known["not_resources"] = self._words("notresource")
        return known

    @property
    def principals(self) -> Words[Principal]:
        """The principals."""
        known: Words[Principal] | None = self._known.get("principals")
        if known is None:
            known = self._known["principals"] = self._principals("principal")
        return known

    @property
    def not_principals(self) -> Words[Principal]:
        """What NotPrincipal leaves out."""
        known: Words[Principal] | None = self._known.get("not_principals")
        if known is None:
            known = self._known["not_principals"] = self._principals("notprincipal")
        return known

    @property
    def conditions(self) -> Words[Condition]:
        """The conditions: operators and keys in lower case."""
        known: Words[Condition] | None = self._known.get("conditions")
        if known is None:
            known = self._known["conditions"] = self._conditions()
        return known

    def _conditions(self) -> Words[Condition]:
        block = self._part("condition")
        if isinstance(block, Unknown):
            return Words((), self._undecided("Condition", block))
        conditions: list[Condition] = []
        unknown: Undecided | None = None
        for operator, keys in block.items() if isinstance(block, dict) else ():
            if isinstance(keys, Unknown):
                unknown = self._undecided(f"Condition.{operator}", keys)
                continue
            for key, values in keys.items() if isinstance(keys, dict) else ():
                where = f"Condition.{operator}.{key}"
                conditions.append(Condition(operator.lower(), key.lower(), self._texts(where, values, str)))
        return Words(conditions, unknown)

    def _part(self, name: str) -> Any:
        if isinstance(self._parts, Unknown):
            self._raise("", self._parts)
        return self._parts.get(name)

    def _words(self, name: str, change: Callable[[str], str] = str) -> Words[str]:
        return self._texts(name.capitalize(), self._part(name), change)

    def _texts(self, where: str, value: Any, change: Callable[[str], str]) -> Words[str]:
        if value is None:
            return Words(())
        items = value if isinstance(value, list) else [value]
        unknown = first_unknown(items)
        # Anything but text is not what AWS means: read it as everything.
        known = [
            change(item)
            if isinstance(item, str)
            else str(item).lower()
            if isinstance(item, (bool, int))
            else "*"
            for item in items
            if not holds_unknown(item)
        ]
        return Words(known, self._undecided(where, unknown[1]) if unknown else None)

    def _principals(self, name: str) -> Words[Principal]:
        value = self._part(name)
        if isinstance(value, Unknown):
            return Words((), self._undecided(name.capitalize(), value))
        if value is None:
            return Words(())
        if not isinstance(value, dict):
            kind = "*" if value == "*" else "AWS"
            texts = self._texts(name.capitalize(), value, str)
            return Words(
                [Principal("*" if text == "*" else kind, text) for text in texts.known], texts.unknown
            )
        known: list[Principal] = []
        unknown: Undecided | None = None
        for kind, values in value.items():
            texts = self._texts(f"{name.capitalize()}.{kind}", values, str)
            known.extend(Principal(kind, text) for text in texts.known)
            unknown = unknown or texts.unknown
        return Words(known, unknown)

    def _undecided(self, where: str, unknown: Unknown) -> Undecided:
        path = f"{self.path}.Statement[{self.index}]"
        return Undecided(self.resource.urn, f"{path}.{where}" if where else path, unknown.reason)

    def _raise(self, where: str, unknown: Unknown) -> NoReturn:
        raise self._undecided(where, unknown)


def _folded(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a statement by their names in lower case; a name given twice is the widest."""
    parts: dict[str, Any] = {}
    for name, value in raw.items():
        name = str(name).lower()
        parts[name] = _WIDEST.get(name) if name in parts else value
    return parts


def parse_document(text: str) -> Any:
    """Return what a policy document says; `ValueError` if AWS would not take it, and why.

    A name that is given twice is refused: which of the two counts is up to the reader.
    """
    try:
        content = _READER.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("is not JSON") from None
    if not isinstance(content, (dict, list)):
        raise ValueError("is not an object")
    return content


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("names something twice")
    return content


_READER = json.JSONDecoder(object_pairs_hook=_once_each)


class PolicyDocument(msgspec.Struct, frozen=True):
    """A policy document as its statements."""

    statements: tuple[Statement, ...]


def read_document(part: Part) -> PolicyDocument | None:
    """Return the document at a place in a resource; None if there is none."""
    value = part.partly_known
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = parse_document(value)
        except ValueError as problem:
            raise NotApplicable(f"{part.path} {problem}") from None
    if isinstance(value, Unknown):
        raise Undecided(part.resource.urn, part.path, value.reason)
    found: Any = value
    if isinstance(value, dict):
        spelled = [item for key, item in value.items() if str(key).lower() == "statement"]
        found = spelled[0] if len(spelled) == 1 else spelled
    if isinstance(found, Unknown):
        raise Undecided(part.resource.urn, f"{part.path}.Statement", found.reason)
    statements = found if isinstance(found, list) else [found]
    return PolicyDocument(
        tuple(Statement(part.resource, part.path, index, raw) for index, raw in enumerate(statements))
    )
