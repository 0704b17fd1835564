"""The settings of the policy packs, from the structures that hold them."""

import ast
import inspect
import itertools
from collections.abc import Iterator
from typing import Any

import msgspec

from scripts.pages.text import GENERATED, cell

HEAD = """\
In `--policy-pack-config` they are the configuration of the listed policy `settings`, in a file for
`timestream-policies check --settings` they stand at the top. Names may be snake_case or camelCase.
An unknown name or a value that does not fit is an error, never ignored.

```json
{
  "settings": {
    "packs": ["strict"],
    "managed_elsewhere": ["trail"],
    "suppressions": "accepted-risks.yaml"
  },
  "TS-KMS-003": "advisory"
}
```

## Levels of rules

In `--policy-pack-config` a rule's name stands beside `settings`, and its level wins over the packs:

| level | |
|---|---|
| `mandatory` | a finding ends the preview; what every rule of the packs has |
| `advisory` | a finding is told and stops nothing |
| `disabled` | the rule does not run; what every other rule has |
| `remediate` | the rule mends what it finds, where it can ([gate](gate.md#mending)) |

`timestream-policies check` has `--only`, `--except` and `--severity` instead. It and the pytest fixture
take only what stands under `settings`, so a team that uses both keeps two files."""


def settings() -> str:
    """Return the page of all settings."""
    from timestream_policies.settings import Settings, Suppression, Thresholds

    lines = ["# How do I set the policies for my team?", "", GENERATED, HEAD, ""]
    for title, struct in (
        ("Settings", Settings),
        ("Thresholds", Thresholds),
        ("One suppression", Suppression),
    ):
        lines += [f"## {title}", "", "| name | default | what it decides |", "|---|---|---|"]
        lines += [*_rows(struct), ""]
    return "\n".join(lines)


def _rows(struct: type[msgspec.Struct]) -> Iterator[str]:
    meanings = _meanings(struct)
    for field in msgspec.structs.fields(struct):
        yield f"| `{field.name}` | {cell(_default(field))} | {cell(meanings[field.name])} |"


def _default(field: Any) -> str:
    if field.required:
        return "needed"
    default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if isinstance(default, msgspec.Struct):
        return "see below"
    if isinstance(default, (tuple, frozenset)):
        return ", ".join(f"`{item}`" for item in default) or "none"
    return "none" if default is None else f"`{default}`"


def _meanings(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return the text after each field."""
    (body,) = ast.parse(inspect.getsource(struct)).body
    meanings = {}
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for field, text in itertools.pairwise(statements):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            meanings[field.target.id] = str(text.value.value)
    return meanings
