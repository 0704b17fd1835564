"""What every rule must be."""

import builtins
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from tests.policies.helpers import verdict
from timestream_policies.evaluation import Verdict, evaluate
from timestream_policies.examples import build
from timestream_policies.model import Resource
from timestream_policies.packs import PACKS
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES
from timestream_policies.stack import Stack
from timestream_policies.values import Properties

FROZEN = Path(__file__).with_name("packs.yaml")
# What these rules are about is best left out, so their snippets show something else.
BETTER_WITHOUT = {
    "TS-CHG-005",
    "TS-IAM-010",
    "TS-IAM-011",
    "TS-IAM-012",
    "TS-IAM-029",
    "TS-IAM-030",
    "TS-IAM-034",
    "TS-NET-015",
}
EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


@EVERY_RULE
def test_the_record_is_complete_and_readable(rule: Rule) -> None:
    assert re.fullmatch(r"TS-[A-Z][A-Z0-9]{1,3}-\d{3}", rule.id)
    assert 15 <= len(rule.title) <= 80
    assert not rule.title.startswith("Ensure")
    assert not rule.title.endswith(".")
    assert rule.applies_to
    for text in (rule.why, rule.fix):
        assert text[0].isupper()
        assert text.endswith(".")
        assert 20 <= len(text) <= 130
    assert rule.links
    assert all(link.startswith("https://docs.aws.amazon.com/") for link in rule.links)
    assert rule.controls
    assert all(rule.controls.values())
    assert all(rule.equivalents.values())
    assert all(
        re.fullmatch(r"(TS|KMS|NET|IAM|S3|CT|CW|SNS|SQS|SM|BK|GEN|GAP)-\d\d", row) for row in rule.catalogue
    )


@EVERY_RULE
def test_there_are_examples_of_both_kinds_and_the_rule_tells_them_apart(rule: Rule) -> None:
    assert rule.good
    assert rule.bad
    for example in rule.good:
        assert verdict(rule, example) in (Verdict.PASS, Verdict.NOT_APPLICABLE), example.title
    for example in rule.bad:
        assert verdict(rule, example) is Verdict.FAIL, example.title


@EVERY_RULE
def test_messages_read_on_from_the_name_of_the_resource(rule: Rule) -> None:
    for example in rule.bad:
        stack = build(example.resources)
        for judgement in evaluate(stack, [rule]):
            for finding in judgement.findings:
                assert re.match(r"[a-z]", finding.message)
                assert not finding.message.endswith(".")
                assert finding.key


class Recorder(pulumi.runtime.Mocks):
    """Collects what a snippet registers."""

    def __init__(self) -> None:
        self.made: list[pulumi.runtime.MockResourceArgs] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.made.append(args)
        id_, arn = self.identity(args)
        return id_, {**args.inputs, "arn": arn}

    def identity(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, str]:
        """Return the id and the ARN by which others name a resource."""
        name = f"{args.name}-id"
        key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        if args.typ.startswith("aws:kms/key:"):
            return key.rsplit("/", 1)[-1], key
        return name, f"arn:aws:x:eu-west-1:111122223333:{name}"

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    mocks = Recorder()
    pulumi.runtime.set_mocks(mocks)
    yield mocks
    pulumi.runtime.settings.reset_options()


@EVERY_RULE
def test_the_snippet_runs_and_is_judged_clean(rule: Rule, recorder: Recorder) -> None:
    code = compile(rule.snippet, f"<snippet of {rule.id}>", "exec")

    def run() -> None:
        builtins.exec(code, {"__name__": "snippet"})  # noqa: S102 - our own snippet

    pulumi.runtime.test(run)()  # type: ignore[no-untyped-call]
    shown = {made.typ for made in recorder.made}
    assert shown if rule.id in BETTER_WITHOUT else shown & set(rule.applies_to)
    stack = Stack(
        Resource(
            urn=f"urn:pulumi:test::test::{made.typ}::{made.name}",
            type_=made.typ,
            name=made.name,
            inputs=Properties.of(made.inputs),
            id_=recorder.identity(made)[0],
            outputs=Properties.of({"arn": recorder.identity(made)[1]}),
        )
        for made in recorder.made
    )
    judged = list(evaluate(stack, [rule]))
    assert [finding.message for judgement in judged for finding in judgement.findings] == []
    assert all(judgement.verdict is not Verdict.UNDECIDED for judgement in judged)


def test_the_packs_are_what_they_were() -> None:
    """A rule enters `strict` one minor version before `baseline`: changing these lists is a decision."""
    frozen = yaml.safe_load(FROZEN.read_text(encoding="utf-8"))
    assert {name: list(ids) for name, ids in PACKS.items()} == frozen
