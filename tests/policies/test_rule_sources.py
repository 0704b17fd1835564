"""How rules are written: what the accessors are for must not be done by hand."""

import ast
from pathlib import Path

import pytest

import timestream_policies.rules

SOURCES = sorted(Path(str(timestream_policies.rules.__file__)).parent.glob("*.py"))


def calls_get(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"


def offences(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        loops = [node.iter] if isinstance(node, (ast.For, ast.comprehension)) else []
        if any(calls_get(part) for loop in loops for part in ast.walk(loop)):
            found.append(f"line {loops[0].lineno}: loops over get(); use each() or words()")
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            if caught == "everything" or "Undecided" in caught or "Exception" in caught:
                found.append(f"line {node.lineno}: catches {caught}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_rules_leave_unknowns_to_the_accessors(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for a in key.get('x'):\n    pass", ["line 1: loops over get(); use each() or words()"]),
        ("[a for a in (key.get('x') or [])]", ["line 1: loops over get(); use each() or words()"]),
        ("try:\n    pass\nexcept Undecided:\n    pass", ["line 3: catches Undecided"]),
        ("try:\n    pass\nexcept Exception:\n    pass", ["line 3: catches Exception"]),
    ],
)
def test_the_lint_finds_what_it_is_for(source: str, expected: list[str]) -> None:
    assert offences(source) == expected
