"""Odd values at every place of small stacks: the front ends go on, and a broken rule is a finding."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.policies import asking
from tests.policies.helpers import UNKNOWN, leaves, replaced
from timestream_policies.checkpoints import Unreadable
from timestream_policies.examples import Example, Given
from timestream_policies.model import Finding, Resource
from timestream_policies.report import check
from timestream_policies.reports import html, junit, markdown, sarif, text
from timestream_policies.reports import json as as_json
from timestream_policies.rules import RULES
from timestream_policies.states import parse
from timestream_policies.types import STACK
from timestream_policies.values import OUTPUT, REDACTED, RESOURCE_REFERENCE, SECRET, SIGNATURE

URN = "urn:pulumi:dev::project::{}::{}"
EXAMPLES = [example for rule in RULES.values() for example in (*rule.good, *rule.bad)]


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


ODD: list[Any] = [
    None, True, -1, 10**30, 1e308, "", "*", "foo", "::", "arn:aws:kms:::", "999.9.9.9/99", "NaN", "1e999",
    UNKNOWN, REDACTED, "\x00\x1b[31m<script>alert(1)</script>", "\N{GRINNING FACE}" * 50, "x" * 5000,
    [], {}, [[]], [None], {"": None}, nested(60), nested(150),
    {"Statement": 7}, {"Statement": [7]}, {"Statement": {"Principal": 7, "Action": {"x": 1}, "Effect": []}},
    '{"Statement": ' + "[" * 3000, json.dumps({"Statement": nested(150)}), '{"a": 1, "a": 2}',
    {SIGNATURE: SECRET}, {SIGNATURE: SECRET, "value": None}, {SIGNATURE: SECRET, "value": {"a": ["b"]}},
    {SIGNATURE: SECRET, "plaintext": "{bad"}, {SIGNATURE: SECRET, "plaintext": "[" * 3000},
    {SIGNATURE: SECRET, "plaintext": json.dumps(nested(300))}, {SIGNATURE: OUTPUT},
    {SIGNATURE: OUTPUT, "value": {"a": 1}, "secret": True}, {SIGNATURE: RESOURCE_REFERENCE},
    {SIGNATURE: RESOURCE_REFERENCE, "id": {"x": 1}}, {SIGNATURE: 5}, {SIGNATURE: {"a": 1}},
]  # fmt: skip

FORMATS = (text, as_json, markdown, html, sarif, junit)


@st.composite
def odd_examples(draw: st.DrawFn) -> tuple[Given, ...]:
    example: Example = draw(st.sampled_from(EXAMPLES))
    resources = list(example.resources)
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(resources) - 1))
        kept = resources[number]
        places = list(leaves(kept.properties))
        if places:
            changed = replaced(
                dict(kept.properties), draw(st.sampled_from(places)), draw(st.sampled_from(ODD))
            )
            resources[number] = replace(kept, properties=changed)
    return tuple(resources)


def state(resources: tuple[Given, ...]) -> bytes:
    urns = {given.name: URN.format(given.type, given.name) for given in resources}
    root = {"urn": URN.format(STACK, "project-dev"), "type": STACK}
    told = [
        {
            "urn": urns[given.name],
            "type": given.type,
            "inputs": given.properties,
            "outputs": given.outputs,
            "id": given.id,
            "propertyDependencies": {
                name: [urns[target] for target in targets] for name, targets in given.depends.items()
            },
        }
        for given in resources
    ]
    return json.dumps({"version": 3, "deployment": {"resources": [root, *told]}}).encode()


@given(resources=odd_examples())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_check_reports_whatever_a_state_holds(resources: tuple[Given, ...]) -> None:
    try:
        report = check([parse(state(resources), "state.json")], rules=list(RULES.values()))
    except Unreadable as refused:
        told = str(refused)
        assert told.endswith("nested over 100 deep")
        return
    for format_ in FORMATS:
        shown = format_.render(report)
        assert shown
        if format_ is not as_json:
            assert "\x1b[31m" not in shown
    assert "<script>alert(1)" not in html.render(report)


@given(resources=odd_examples())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_analyzer_answers_whatever_the_engine_sends(resources: tuple[Given, ...]) -> None:
    pack = asking.analyzer()
    sent = [(it.type, it.name, dict(it.properties)) for it in resources]
    requests = [asking.request(*resource) for resource in sent]
    for request in requests:
        pack.Analyze(request, asking.CONTEXT)
    members = [asking.member(*resource) for resource in sent]
    answer = asking.finish(pack, *members)
    assert all(diagnostic.message for diagnostic in answer.diagnostics)


def test_a_broken_rule_is_a_finding_that_names_it_in_every_format(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(key: Resource) -> Iterator[Finding]:
        raise RuntimeError("<b>out of luck</b>\x1b[31m")
        yield key.finding("")

    broken = replace(RULES["TS-KMS-002"], check=breaks)
    key = Given("aws:kms/key:Key", {}, "key")
    report = check([parse(state((key,)), "state.json")], rules=[broken])
    (entry,) = report.failed
    assert entry.verdict.value == "error"
    assert "the rule broke (RuntimeError: <b>out of luck</b>" in entry.finding.message
    for format_ in FORMATS:
        assert "TS-KMS-002" in format_.render(report)
    assert "<b>out" not in html.render(report)
    monkeypatch.setitem(RULES, broken.id, broken)
    answer = asking.analyze(asking.analyzer(), key.type, key.name, {})
    (told,) = [found.message for found in answer.diagnostics if found.policyName == broken.id]
    assert told.startswith("TS-KMS-002: aws.kms.Key 'key' could not be judged: the rule broke (RuntimeError")
