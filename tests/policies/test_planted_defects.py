"""Every planted defect is found, and nothing is found where nothing was planted."""

import pytest

from tests.policies.planting.blocks import block
from tests.policies.planting.defects import IN_PLACE, plant
from tests.policies.planting.surroundings import surroundings
from timestream_policies.evaluation import Verdict, evaluate
from timestream_policies.examples import Given, build
from timestream_policies.packs import PACKS, rules_of
from timestream_policies.rules import RULES

BLOCKS = 50
NEEDS_MORE = {id_ for id_, rule in RULES.items() if rule.needs}
"""Rules on what a finished state alone does not show; their own tests plant their defects."""


def clean(blocks: int) -> list[Given]:
    return [*surroundings(blocks), *(given for number in range(blocks) for given in block(number))]


def test_a_clean_stack_of_a_thousand_resources_has_no_finding() -> None:
    stack = clean(BLOCKS)

    judged = list(evaluate(build(tuple(stack)), rules_of("strict")))

    assert len(stack) >= 20 * BLOCKS
    assert [
        (one.rule.id, one.resource.name, one.verdict.value, [f.message for f in one.findings], one.reason)
        for one in judged
        if one.verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.UNDECIDED)
    ] == []


@pytest.mark.parametrize("id_", sorted(set(RULES) - NEEDS_MORE))
def test_a_planted_defect_is_found(id_: str) -> None:
    planted = plant(RULES[id_], clean(1))

    judged = evaluate(build(planted.resources), [RULES[id_]])

    found = {one.resource.name for one in judged if one.verdict is Verdict.FAIL}
    assert found & planted.names
    if id_ not in IN_PLACE and id_ in PACKS["strict"]:
        assert found <= planted.names


def test_what_is_planted_in_place_is_for_rules_that_exist() -> None:
    assert set(IN_PLACE) <= set(RULES)
