"""The states that the benchmark measures with are like real ones."""

import json

import pytest

from scripts.large_states import BLOCK, export
from timestream_policies.evaluation import evaluate
from timestream_policies.packs import rules_of
from timestream_policies.states import parse


def test_a_state_has_the_size_and_the_references_of_a_real_one() -> None:
    content = export(10 * BLOCK)
    assert content == export(10 * BLOCK)
    assert 4_000 < len(content) / (10 * BLOCK) < 5_500
    resources = json.loads(content)["deployment"]["resources"]
    urns = [resource["urn"] for resource in resources]
    assert len(urns) == len(set(urns)) == 10 * BLOCK
    named = {urn for resource in resources for urn in resource.get("dependencies", ())}
    assert named
    assert named <= set(urns)
    assert b"{n}" not in content
    assert len(parse(content, "state.json").stack.resources) == 10 * BLOCK


def test_nothing_is_wrong_in_them_so_that_findings_take_no_time() -> None:
    stack = parse(export(6 * BLOCK), "state.json").stack
    judgements = list(evaluate(stack, rules_of("strict")))
    assert [(j.rule.id, j.resource.name, j.findings) for j in judgements if j.failed] == []


def test_a_number_that_makes_half_a_block_is_refused() -> None:
    with pytest.raises(ValueError, match="30 resources: give a multiple of 20, at least 100"):
        export(30)
