"""Remedies: certain, small, and harmless to all that they do not mend."""

from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from tests.policies.asking import CONTEXT, Aborted, analyze, analyzer, request, struct
from tests.policies.helpers import UNKNOWN
from timestream_policies.evaluation import judge
from timestream_policies.examples import build
from timestream_policies.remediation import mended
from timestream_policies.rule import Remedy, Rule
from timestream_policies.rules import RULES
from timestream_policies.types import DATABASE, KEY, TRAIL
from timestream_policies.values import SECRET, SIGNATURE

MENDING = [rule for rule in RULES.values() if rule.remedy is not None]
SURVIVORS: dict[str, Any] = {
    "__defaults": ["isEnabled", "keyUsage"],
    "unknown": UNKNOWN,
    "secret": {SIGNATURE: SECRET, "value": "hunter2"},
    "nested": {"deep": [UNKNOWN, {SIGNATURE: SECRET, "value": {"a": 1.0}}], "empty": {}, "null": None},
}
NEVER_ROTATES: dict[str, Any] = {"description": "Telemetry", "enableKeyRotation": False}
NO_TRAIL: dict[str, Any] = {
    "name": "t",
    "s3BucketName": "b",
    "enableLogFileValidation": False,
    "isMultiRegionTrail": False,
}


def mending(*rules: str, settings: dict[str, Any] | None = None) -> Any:
    levels: dict[str, Any] = {rule.replace("-", "_"): analyzer_pb2.REMEDIATE for rule in rules}
    return analyzer(settings, **levels)


def remediate(pack: Any, type_: str, properties: dict[str, Any]) -> Any:
    return pack.Remediate(request(type_, "it", properties), CONTEXT)


def plain(message: Any) -> Any:
    return json_format.MessageToDict(message)


def test_at_least_twelve_rules_have_a_remedy() -> None:
    assert len(MENDING) >= 12


@pytest.mark.parametrize("rule", MENDING, ids=lambda rule: rule.id)
def test_a_remedy_turns_each_bad_example_into_a_pass_and_keeps_all_else(rule: Rule) -> None:
    assert rule.remedy is not None
    mended_examples = 0
    for example in rule.bad:
        given = example.resources[0]
        before = judge(rule, build(example.resources).resources[0]).findings
        if rule.remedy.path not in {finding.at for finding in before}:
            continue
        pack = mending(rule.id)
        (remediation,) = remediate(pack, given.type, {**given.properties, **SURVIVORS}).remediations
        after = plain(remediation.properties)
        assert after.pop(rule.remedy.path) == plain(struct({"it": rule.remedy.value}))["it"]
        expected = plain(struct({**given.properties, **SURVIVORS}))
        expected.pop(rule.remedy.path, None)
        assert after == expected
        answer = analyze(pack, given.type, "it", {**given.properties, rule.remedy.path: rule.remedy.value})
        still = {d.message for d in answer.diagnostics if d.policyName == rule.id}
        others = {finding.message for finding in before if finding.at != rule.remedy.path}
        assert all(any(other in message for other in others) for message in still)
        mended_examples += 1
    assert mended_examples


@pytest.mark.parametrize("rule", MENDING, ids=lambda rule: rule.id)
def test_a_good_resource_is_left_alone_before_its_stack_is_known(rule: Rule) -> None:
    for example in rule.good:
        for given in example.resources:
            assert list(remediate(mending(rule.id), given.type, dict(given.properties)).remediations) == []


def test_only_rules_that_are_set_to_mend_do_and_only_on_their_types() -> None:
    pack = mending("TS-KMS-002")
    assert list(remediate(pack, DATABASE, {}).remediations) == []
    (only,) = remediate(pack, KEY, {**NEVER_ROTATES, "bypassPolicyLockoutSafetyCheck": True}).remediations
    assert only.policyName == "TS-KMS-002"
    assert plain(only.properties)["bypassPolicyLockoutSafetyCheck"] is True
    assert [d.enforcementLevel for d in analyze(pack, KEY, "key", NEVER_ROTATES).diagnostics] == [
        analyzer_pb2.MANDATORY
    ] * len(analyze(pack, KEY, "key", NEVER_ROTATES).diagnostics)


def test_nothing_is_mended_that_is_good_or_not_known_yet() -> None:
    pack = mending("TS-KMS-002")
    for value in (True, UNKNOWN):
        assert list(remediate(pack, KEY, {"enableKeyRotation": value}).remediations) == []


def test_several_remedies_of_a_resource_add_up() -> None:
    rules = [rule.id for rule in MENDING if TRAIL in rule.applies_to]
    *_, last = remediate(mending(*rules), TRAIL, NO_TRAIL).remediations
    after = plain(last.properties)
    assert (after["enableLogFileValidation"], after["isMultiRegionTrail"]) == (True, True)


def test_an_accepted_risk_is_left_alone() -> None:
    risk = {
        "rule": "TS-KMS-002",
        "resource": "it",
        "reason": "The old reader cannot follow a rotation",
        "owner": "me",
        "expires": "2000-01-01",
    }
    expired = mending("TS-KMS-002", settings={"suppressions": [risk]})
    assert len(remediate(expired, KEY, NEVER_ROTATES).remediations) == 1
    accepted = mending("TS-KMS-002", settings={"suppressions": [{**risk, "expires": _next_month()}]})
    assert list(remediate(accepted, KEY, NEVER_ROTATES).remediations) == []


def _next_month() -> str:
    from datetime import date, timedelta

    return (date.today() + timedelta(days=30)).isoformat()


def test_a_secret_that_is_mended_stays_secret() -> None:
    secret = {SIGNATURE: SECRET, "value": False}
    after = plain(mended(struct({"flag": secret}), Remedy("flag", True)))
    assert after == {"flag": {SIGNATURE: SECRET, "value": True}}


def test_a_rule_without_a_remedy_mends_nothing_at_that_level() -> None:
    with pytest.raises(Aborted, match="no rule is at the level remediate"):
        remediate(mending("TS-DB-001"), DATABASE, {})
