"""The verdicts of other tools' own test data, or the reason why ours differs.

`cases.json` is a copy of the shared cases. A case counts for every rule that names its `check`: to
fail, one of them must; to pass, none may fail or be undecided.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from timestream_policies.evaluation import Verdict, evaluate
from timestream_policies.examples import Given, build
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "conformance" / "cases.json"
CASES: list[dict[str, Any]] = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))


def rules_for(check: str) -> list[Rule]:
    return [rule for rule in RULES.values() if check in rule.catalogue]


def references(deps: dict[str, list[str]] | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(targets) for name, targets in (deps or {}).items()}


def verdict(case: dict[str, Any]) -> str:
    main = Given(case["pulumi_type"], case["props"], "main", references(case.get("deps")))
    context = [
        Given(other["pulumi_type"], other["props"], other["name"], references(other.get("deps")))
        for other in case.get("context") or ()
    ]
    stack = build((main, *context))
    judgements = list(evaluate(stack, rules_for(case["check"])))
    if case.get("kind") != "stack":
        judgements = [judgement for judgement in judgements if judgement.resource is stack.resources[0]]
    verdicts = {judgement.verdict for judgement in judgements}
    if Verdict.ERROR in verdicts:
        return "error"
    if Verdict.FAIL in verdicts:
        return "fail"
    return "undecided" if Verdict.UNDECIDED in verdicts else "pass"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_our_verdict(case: dict[str, Any]) -> None:
    assert rules_for(case["check"])
    if case["ours"] == "?":
        assert verdict(case) != "error"
    else:
        assert verdict(case) == case["ours"], case.get("why")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not on this machine")
def test_the_copy_is_the_shared_cases() -> None:
    assert json.loads(SHARED.read_text(encoding="utf-8")) == CASES
