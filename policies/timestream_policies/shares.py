"""A large state judged in shares, each by a process of its own."""

import os
import threading
from collections.abc import Sequence
from typing import NoReturn

from timestream_policies.report import JudgedState, joined, judge_state
from timestream_policies.rule import Rule
from timestream_policies.states import State

WORTH_A_PROCESS = 1000
"""So many resources take longer to judge than a process takes to start."""


def judge_in_shares(
    state: State, rules: Sequence[Rule], *, jobs: int, with_evidence: bool = False
) -> JudgedState:
    """Let the rules judge one state, a large one in as many processes as are worth it."""
    shares = min(jobs, len(state.stack.resources) // WORTH_A_PROCESS)
    if shares < 2 or not _can_fork():
        return judge_state(state, rules, with_evidence=with_evidence)
    others = [_start(state, rules, with_evidence, share, shares) for share in range(1, shares)]
    own = judge_state(state, rules, with_evidence=with_evidence, share=0, shares=shares)
    return joined([own, *(_result(process, pipe) for process, pipe in others)])


def _can_fork() -> bool:
    # A copy of a process with threads could wait for ever for what one of them held.
    return hasattr(os, "fork") and threading.active_count() == 1


def _start(
    state: State, rules: Sequence[Rule], with_evidence: bool, share: int, shares: int
) -> tuple[int, int]:
    """Start the process of one share, which has read the state already; return it and its answer's pipe."""
    answer, question = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(answer)
        _judge_and_leave(state, rules, with_evidence, share, shares, question)
    os.close(question)
    return process, answer


def _judge_and_leave(
    state: State, rules: Sequence[Rule], with_evidence: bool, share: int, shares: int, pipe: int
) -> NoReturn:
    try:
        import pickle

        result: object
        try:
            result = judge_state(state, rules, with_evidence=with_evidence, share=share, shares=shares)
        except Exception as problem:
            result = problem
        with os.fdopen(pipe, "wb") as out:
            pickle.dump(result, out, protocol=pickle.HIGHEST_PROTOCOL)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _result(process: int, pipe: int) -> JudgedState:
    import pickle

    with os.fdopen(pipe, "rb") as answer:
        content = answer.read()
    _, status = os.waitpid(process, 0)
    if status != 0:
        raise RuntimeError(f"a process that judged a share of the state ended with {status}")
    result = pickle.loads(content)  # noqa: S301 - what our own process has just written
    if isinstance(result, Exception):
        raise result
    if not isinstance(result, JudgedState):
        raise TypeError(f"a process that judged a share of the state answered {type(result).__name__}")
    return result
