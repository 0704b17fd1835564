"""Texts that stand for computed values."""

from __future__ import annotations

import pulumi

from timestream_baseline.inputs.texts import TextInput


class StandIns:
    """Texts that stand for computed values, so that documents are written and measured before those exist."""

    def __init__(self) -> None:
        """Begin without any."""
        self._texts: dict[int, tuple[str, pulumi.Output[str]]] = {}

    def text(self, value: TextInput, longest: int) -> str:
        """Return a known value, or for a computed one a text as long as it can become."""
        if isinstance(value, str):
            return value
        number = len(self._texts) + 1
        # Documents sort them: with zeros they keep their order when another value comes before them.
        return self._texts.setdefault(id(value), (f"<{number:04}>".ljust(longest, "-"), value))[0]

    def fill(self, text: str) -> pulumi.Input[str]:
        """Put the computed values where their stand-ins are. Without any the gate can read it at preview."""
        used = [entry for entry in self._texts.values() if entry[0] in text]
        if not used:
            return text

        def filled(values: list[str]) -> str:
            result = text
            for (stand_in, _), value in zip(used, values, strict=True):
                if len(value) > len(stand_in):
                    raise pulumi.RunError(
                        f"{value} has {len(value)} characters; the policies of roles have room for "
                        f"{len(stand_in)}: give it as plain text, so that it is measured before"
                    )
                result = result.replace(stand_in, value)
            return result

        return pulumi.Output.all(*(value for _, value in used)).apply(filled)
