"""A defect stays a defect when the same content stands in the other place that the provider has for it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.policies.siblings import MOVES, variants
from timestream_policies.evaluation import Verdict, evaluate
from timestream_policies.examples import Given, build
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES

CASES = json.loads((Path(__file__).parents[1] / "conformance" / "cases.json").read_text(encoding="utf-8"))
# These are about the place itself, not about what stands there.
ABOUT_THE_PLACE = {"GAP-76", "NET-20", "IAM-18", "IAM-23", "KMS-04"}


def fails(rules: list[Rule], resources: tuple[Given, ...]) -> bool:
    judged = [judgement.verdict for judgement in evaluate(build(resources), rules)]
    assert Verdict.ERROR not in judged
    return Verdict.FAIL in judged


def references(deps: dict[str, list[str]] | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(targets) for name, targets in (deps or {}).items()}


def defects() -> Iterator[Any]:
    for rule in RULES.values():
        if ABOUT_THE_PLACE & set(rule.catalogue):
            continue
        for example in rule.bad:
            for title, stack in variants(example.resources):
                yield pytest.param([rule], stack, id=f"{rule.id}: {example.title}: {title}")
    for case in CASES:
        rules = [rule for rule in RULES.values() if case["check"] in rule.catalogue]
        if case["ours"] != "fail" or case["check"] in ABOUT_THE_PLACE or not rules:
            continue
        main = Given(case["pulumi_type"], case["props"], "main", references(case.get("deps")))
        others = [
            Given(other["pulumi_type"], other["props"], other["name"], references(other.get("deps")))
            for other in case.get("context") or ()
        ]
        for title, stack in variants((main, *others)):
            yield pytest.param(rules, stack, id=f"{case['id']}: {title}")


@pytest.mark.parametrize(("rules", "resources"), list(defects()))
def test_a_defect_that_moves_is_still_found(rules: list[Rule], resources: tuple[Given, ...]) -> None:
    assert fails(rules, resources)


def test_every_move_is_tried() -> None:
    tried = {title for rule in RULES.values() for ex in rule.bad for title, _ in variants(ex.resources)}
    tried |= {
        title
        for case in CASES
        for title, _ in variants(
            (Given(case["pulumi_type"], case["props"], "main", references(case.get("deps"))),)
        )
    }
    for move in MOVES:
        assert {f"{move.name}: apart", f"{move.name}: inline"} & tried, move.name
