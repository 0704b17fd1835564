"""Verdicts: only a pass is a pass."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from tests.policies.helpers import UNKNOWN
from timestream_policies.evaluation import Judgement, Verdict, evaluate, judge
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES
from timestream_policies.stack import Stack
from timestream_policies.undecided import NotApplicable
from timestream_policies.values import Properties

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}


def rule(check: Any) -> Rule:
    return replace(RULES["TS-KMS-002"], check=check, applies_to=("t",))


def resource(**properties: Any) -> Resource:
    return Resource(urn="urn:x::y::t::name", type_="t", inputs=Properties.of(properties))


def passes(it: Resource) -> Iterator[Finding]:
    yield from ()


def fails(it: Resource) -> Iterator[Finding]:
    yield it.finding(f"is {it.get('a')}", at="a")


def fails_then_is_open(it: Resource) -> Iterator[Finding]:
    yield it.finding("is bad", at="a")
    it.get("open")


def breaks(it: Resource) -> Iterator[Finding]:
    yield it.finding("is bad", at="a")
    raise ValueError(f"odd value {it.get('a')}")


def does_not_apply(it: Resource) -> Iterator[Finding]:
    raise NotApplicable("policy is not JSON")
    yield  # pragma: no cover


def notes_one_part(it: Resource) -> Iterator[Finding]:
    for part in it.each("list"):
        with part:
            part.get("x")
    yield from ()


@pytest.mark.parametrize(
    ("check", "verdict", "messages", "reason"),
    [
        (passes, Verdict.PASS, [], ""),
        (fails, Verdict.FAIL, ["is x"], ""),
        (fails_then_is_open, Verdict.FAIL, ["is bad"], "open is not known yet"),
        (notes_one_part, Verdict.UNDECIDED, [], "list[1] is not known yet"),
        (does_not_apply, Verdict.NOT_APPLICABLE, [], "policy is not JSON"),
        (
            breaks,
            Verdict.ERROR,
            ["is bad", "could not be judged: the rule broke (ValueError: odd value x)"],
            "ValueError: odd value x",
        ),
    ],
)
def test_verdicts(check: Any, verdict: Verdict, messages: list[str], reason: str) -> None:
    judgement = judge(rule(check), resource(a="x", open=UNKNOWN, list=[{"x": 1.0}, UNKNOWN]))
    assert judgement.verdict is verdict
    assert [finding.message for finding in judgement.findings] == messages
    assert judgement.reason == reason
    assert judgement.failed is (verdict in (Verdict.FAIL, Verdict.ERROR))


@pytest.mark.parametrize("check", [fails, breaks])
def test_no_secret_leaves_the_evaluator(check: Any) -> None:
    judgement: Judgement = judge(rule(check), resource(a=SECRET))
    assert "hunter2" not in repr(judgement.findings) + judgement.reason
    assert "[secret]" in repr(judgement.findings)


def test_in_a_stack_the_secrets_of_all_resources_are_taken_out() -> None:
    teller = resource(a="hunter2")
    keeper = Resource(urn="urn:k", type_="other", inputs=Properties.of({"password": SECRET}))
    (judgement,) = evaluate(Stack([teller, keeper]), [rule(fails)])
    assert [finding.message for finding in judgement.findings] == ["is [secret]"]


def test_external_resources_are_context_and_never_judged() -> None:
    external = Resource(urn="urn:e", type_="t", outputs=Properties.of({"a": "x"}), external=True)
    assert list(evaluate(Stack([external]), [rule(fails)])) == []
