"""Mistakes in arguments: where, what, and the one error that reports all of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pulumi

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST_SHOWN: Final = 80


@dataclass(frozen=True)
class Mistake:
    """One mistake: the path of the property, and what is wrong with it and how to mend it."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


class ArgumentsError(pulumi.InputPropertiesError, pulumi.RunError):
    """All mistakes of one set of arguments.

    As a `RunError` it ends a program without a stack trace; Pulumi shows the text of the exception. As an
    `InputPropertiesError` it keeps the property paths for callers and for component packages.
    """

    def __init__(self, subject: str, mistakes: Sequence[Mistake]) -> None:
        self.subject = subject
        self.mistakes = tuple(mistakes)
        super().__init__(
            self._summary(),
            [{"property_path": mistake.path, "reason": mistake.reason} for mistake in self.mistakes],
        )

    def _summary(self) -> str:
        count = len(self.mistakes)
        return f"{subject_line(self.subject)} {count} mistake{'s' if count != 1 else ''}"

    def __str__(self) -> str:
        return "\n".join([f"{self._summary()}:", *(f"  - {mistake}" for mistake in self.mistakes)])


def subject_line(subject: str) -> str:
    """Begin the sentence that counts the mistakes."""
    return f"the arguments of {subject} have"


@dataclass(frozen=True)
class Place:
    """Where a value stands in the arguments, and the list that collects mistakes."""

    mistakes: list[Mistake]
    path: tuple[str | int, ...] = ()
    # The spelling that names of missing properties get in messages: that of the caller's language.
    camel: bool = False
    # Arguments that are secrets in the stack's configuration: what they hold is never shown.
    secrets: frozenset[str] = frozenset()

    @property
    def is_secret(self) -> bool:
        """Tell whether the value here is part of a secret of the configuration."""
        return bool(self.path) and self.path[0] in self.secrets

    def at(self, *keys: str | int) -> Place:
        """Go down to a property, an entry or an item."""
        return replace(self, path=(*self.path, *keys))

    def field(self, name: str) -> Place:
        """Go down to a property by its Python name, spelled in the caller's language."""
        return self.at(self.spelled(name))

    def spelled(self, name: str) -> str:
        """Spell a property's Python name as the caller's language does."""
        return camel_case(name) if self.camel else name

    def mistake(self, reason: str) -> None:
        """Note a mistake here."""
        if self.is_secret:
            reason = (
                f"has a mistake; what is wrong is not shown, since {self.path[0]} is a secret in the "
                "configuration (docs/inputs.md says what it takes)"
            )
        self.mistakes.append(Mistake(self.text, reason))

    @property
    def text(self) -> str:
        """Write the path as Pulumi does: `databases["a.b"].tables.cpu`."""
        return path_text(self.path)


def path_text(path: Sequence[str | int]) -> str:
    """Write a path as Pulumi does, so that it can be given to `pulumi config set --path`."""
    text = ""
    for key in path:
        if isinstance(key, str) and _PLAIN_KEY.fullmatch(key):
            text += f".{key}" if text else key
        else:
            text += f"[{key}]" if isinstance(key, int) else f'["{key}"]'
    return text


def camel_case(name: str) -> str:
    """Turn a Python name into the name in YAML, TypeScript and stack configuration."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def snake_case(name: str) -> str:
    """Turn a camelCase name into the Python name."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def shown(value: object) -> str:
    """Show a value in a message: quoted text, short."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def known_name(name: str, names: Collection[str], what: str, place: Place) -> None:
    """Note a mistake if a name is none of those that this baseline has."""
    if name in names:
        return
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {shown(near[0])}?" if near else f"known are {', '.join(sorted(names)) or 'none'}"
    place.mistake(f"names {shown(name)}, which is no {what} of this baseline; {hint}")
