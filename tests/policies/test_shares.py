"""A large state gives the same report however many processes judge it."""

import os

import pytest

from scripts.large_states import export
from timestream_policies import shares
from timestream_policies.packs import rules_of
from timestream_policies.report import JudgedState, merge
from timestream_policies.shares import judge_in_shares
from timestream_policies.states import State, parse

RULES = rules_of("strict", "advisory")


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setattr(shares, "WORTH_A_PROCESS", 50)
    # The workers of the test runner have threads of their own, which wait for nothing here.
    monkeypatch.setattr(shares, "_can_fork", lambda: hasattr(os, "fork"))
    return parse(export(200), "large.json")


@pytest.mark.parametrize("jobs", [2, 3, 4])
def test_shares_say_the_same_as_the_whole(state: State, jobs: int) -> None:
    whole = merge([judge_in_shares(state, RULES, jobs=1)], RULES)
    # Assumptions are written down where a stack is asked the first time: this one is read anew.
    parted = merge([judge_in_shares(parse(export(200), "large.json"), RULES, jobs=jobs)], RULES)

    assert whole.entries
    assert parted.entries == whole.entries
    assert parted.counts == whole.counts
    assert parted.assumptions == whole.assumptions
    assert parted.resources == whole.resources


def test_a_problem_in_a_share_is_the_problem_of_the_whole(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, share: int = 0, **__: object) -> JudgedState:
        if share:
            raise ValueError("no such share")
        return JudgedState("prod", "large.json", False, "")

    monkeypatch.setattr(shares, "judge_state", broken)

    with pytest.raises(ValueError, match="no such share"):
        judge_in_shares(state, RULES, jobs=2)


def test_a_share_whose_process_ends_is_never_a_pass(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()

    def ends(*_: object, **__: object) -> JudgedState:
        if os.getpid() != parent:
            os._exit(3)
        return JudgedState("prod", "large.json", False, "")

    monkeypatch.setattr(shares, "judge_state", ends)

    with pytest.raises(RuntimeError, match="ended with"):
        judge_in_shares(state, RULES, jobs=2)


def test_small_states_are_judged_at_once(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "WORTH_A_PROCESS", 1000)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("there was no need for a process"))

    assert judge_in_shares(state, RULES, jobs=8).resources == 200
