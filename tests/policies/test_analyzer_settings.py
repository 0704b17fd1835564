"""What the configuration of the pack changes in the analyzer's answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import empty_pb2
from msgspec.structs import replace
from pulumi.runtime.proto import analyzer_pb2

from tests.policies.asking import (
    CONTEXT,
    URN,
    Aborted,
    analyze,
    analyzer,
    finish,
    member,
    request,
    silent,
    spoken,
    struct,
)
from tests.policies.helpers import UNKNOWN
from timestream_policies.analyzer import Analyzer
from timestream_policies.model import Finding, Resource
from timestream_policies.packs import PACKS
from timestream_policies.rule import NEEDS
from timestream_policies.rules import RULES
from timestream_policies.settings import Settings
from timestream_policies.types import ACCEPTED_RISK, DATABASE, KEY, MANAGED_POLICY, QUEUE, QUEUE_POLICY, STACK

OWNER = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}
GOOD_KEY: dict[str, Any] = {"enableKeyRotation": True, "policy": {"Statement": OWNER}}
NEVER_ROTATES: dict[str, Any] = {"policy": {"Statement": OWNER}, "enableKeyRotation": False}
OPEN: dict[str, Any] = {**GOOD_KEY, "enableKeyRotation": UNKNOWN}
NEXT_MONTH = (date.today() + timedelta(days=30)).isoformat()
LAST_MONTH = (date.today() - timedelta(days=30)).isoformat()
RISK = {
    "rule": "TS-KMS-002",
    "resource": "key",
    "reason": "The old reader cannot follow a rotation",
    "owner": "data-platform",
    "expires": NEXT_MONTH,
}
ACCEPTED = f"accepted by data-platform until {NEXT_MONTH}: The old reader cannot follow a rotation"


def of_rule(answer: Any, rule: str = "TS-KMS-002") -> list[Any]:
    return [diagnostic for diagnostic in answer.diagnostics if diagnostic.policyName == rule]


def test_the_listed_schema_names_every_setting() -> None:
    (settings,) = [p for p in analyzer_info().policies if p.name == "settings"]
    schema = dict(settings.configSchema.properties.items())
    snake_case = {"".join(f"_{c.lower()}" if c.isupper() else c for c in name) for name in schema}
    assert snake_case == set(Settings.__struct_fields__)
    assert set(schema["thresholds"]["properties"]) >= {"keyRotationDays", "widestIpv4Prefix"}
    assert list(schema["packs"]["items"]["anyOf"][0]["enum"]) == list(PACKS)


def analyzer_info() -> Any:
    return Analyzer().GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT)


def test_packs_decide_which_rules_run() -> None:
    answer = analyze(analyzer({"packs": ["influxdb"]}), KEY, "key", NEVER_ROTATES)
    assert spoken(answer) == []
    running = {id_ for id_ in PACKS["influxdb"] if not RULES[id_].on_stack}
    assert set(silent(answer)) == {*running, "settings"}


def test_a_gate_without_a_rule_is_refused() -> None:
    with pytest.raises(Aborted, match=r"settings: packs is empty, so no rule runs; name some of advisory, "):
        analyzer({"packs": []})
    low = next(id_ for id_ in PACKS["strict"] if id_ not in PACKS["baseline"])
    levels: dict[str, Any] = {low.replace("-", "_"): analyzer_pb2.MANDATORY}
    assert analyzer({"packs": []}, **levels)


def test_a_level_of_the_user_wins_over_the_packs() -> None:
    advisory = analyzer({"packs": ["strict"]}, TS_KMS_002=analyzer_pb2.ADVISORY)
    (line,) = of_rule(analyze(advisory, KEY, "key", NEVER_ROTATES))
    assert line.enforcementLevel == analyzer_pb2.ADVISORY
    low = next(id_ for id_ in PACKS["strict"] if id_ not in PACKS["baseline"] and not RULES[id_].on_stack)
    level: dict[str, Any] = {low.replace("-", "_"): analyzer_pb2.MANDATORY}
    enabled = analyzer(**level)
    assert low in silent(analyze(enabled, STACK, "dev", {}))


def test_all_mistakes_are_told_at_once() -> None:
    config = {
        "settings": analyzer_pb2.PolicyConfig(properties=struct({"pakcs": ["strict"]})),
        "ROTATION": analyzer_pb2.PolicyConfig(),
        "TS-DB-001": analyzer_pb2.PolicyConfig(properties=struct({"days": 3})),
        "all": analyzer_pb2.PolicyConfig(),
    }
    with pytest.raises(Aborted) as error:
        Analyzer().Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config), CONTEXT)
    told = sorted(str(error.value).removeprefix("timestream-policies: ").splitlines())
    assert told[:2] == [
        "TS-DB-001: days is no setting of a rule; thresholds and all else stand under 'settings'",
        "settings: pakcs is no setting; did you mean 'packs'?",
    ]
    assert told[2] == "there is no rule 'ROTATION'; 'timestream-policies list' shows all"
    assert len(told) == 3


def test_thresholds_reach_the_rules() -> None:
    strict = analyzer({"thresholds": {"keyRotationDays": 90.0}})
    answer = analyze(strict, KEY, "key", {**GOOD_KEY, "rotationPeriodInDays": 100.0})
    assert [line.message.splitlines()[0] for line in of_rule(answer)] == [
        "TS-KMS-002: aws.kms.Key 'key' rotates only every 100 days."
    ]


@pytest.mark.parametrize(
    ("setting", "levels"),
    [("fail", [analyzer_pb2.MANDATORY]), ("warn", [analyzer_pb2.ADVISORY]), ("ignore", [])],
)
def test_what_is_undecided_at_preview_is_as_bad_as_the_settings_say(setting: str, levels: list[int]) -> None:
    pack = analyzer({"undecided": setting})
    analyze(pack, KEY, "key", OPEN)
    answer = finish(pack, member(KEY, "key", OPEN))
    assert [d.enforcementLevel for d in answer.diagnostics if d.policyName == "undecided"] == levels
    assert silent(answer)["TS-KMS-002"] == "enableKeyRotation is not known yet"


@pytest.mark.parametrize("setting", ["fail", "warn", "ignore"])
def test_at_up_what_is_undecided_is_a_violation_whatever_the_setting(setting: str) -> None:
    pack = analyzer({"undecided": setting}, preview=False, TS_KMS_002=analyzer_pb2.ADVISORY)
    analyze(pack, KEY, "key", OPEN)
    (line,) = of_rule(finish(pack, member(KEY, "key", OPEN)))
    assert line.enforcementLevel == analyzer_pb2.ADVISORY


def test_only_advisory_rules_that_are_undecided_stop_nothing() -> None:
    pack = analyzer({"undecided": "fail"}, TS_KMS_002=analyzer_pb2.ADVISORY)
    analyze(pack, KEY, "key", OPEN)
    (line,) = of_rule(finish(pack, member(KEY, "key", OPEN)), "undecided")
    assert line.enforcementLevel == analyzer_pb2.ADVISORY


def test_in_the_scope_of_timestream_rules_wait_for_the_whole_stack() -> None:
    pack = analyzer({"scope": "timestream"})
    for name in ("key", "other"):
        answer = analyze(pack, KEY, name, NEVER_ROTATES)
        assert spoken(answer) == []
        reason = "the scope is Timestream: it is judged when the whole stack is known"
        assert silent(answer)["TS-KMS-002"] == reason
    analyze(pack, DATABASE, "db", {"kmsKeyId": UNKNOWN})
    key = URN.format(KEY, "key")
    members = (
        member(KEY, "key", NEVER_ROTATES),
        member(KEY, "other", NEVER_ROTATES),
        member(DATABASE, "db", {"kmsKeyId": UNKNOWN}, kmsKeyId=[key]),
    )
    assert [line.urn for line in of_rule(finish(pack, *members))] == [key]


def test_an_accepted_risk_of_the_settings_is_not_applicable_with_its_owner() -> None:
    answer = analyze(analyzer({"suppressions": [RISK]}), KEY, "key", NEVER_ROTATES)
    assert of_rule(answer) == []
    assert silent(answer)["TS-KMS-002"] == ACCEPTED


def test_accepted_risks_of_a_file_are_found_from_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PWD", str(tmp_path))
    lines = "\n  ".join(f"{key}: {value}" for key, value in RISK.items())
    (tmp_path / "risks.yaml").write_text(f"- {lines}\n", encoding="utf-8")
    answer = analyze(analyzer({"suppressions": "risks.yaml"}), KEY, "key", NEVER_ROTATES)
    assert silent(answer)["TS-KMS-002"] == ACCEPTED
    with pytest.raises(Aborted, match=r"nowhere\.yaml: cannot be read"):
        analyzer({"suppressions": "nowhere.yaml"})


def test_an_undecided_rule_can_be_accepted() -> None:
    pack = analyzer({"suppressions": [RISK]}, preview=False)
    analyze(pack, KEY, "key", OPEN)
    answer = finish(pack, member(KEY, "key", OPEN))
    assert of_rule(answer) == []
    assert silent(answer)["TS-KMS-002"] == ACCEPTED


@pytest.mark.parametrize(("key", "told"), [("policy/Known", 1), (None, 0)])
def test_what_stayed_undecided_beside_an_accepted_finding_is_told(key: str | None, told: int) -> None:
    statements = [
        {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::data"}
        for sid, action in (("Known", "*"), ("Open", UNKNOWN))
    ]
    properties = {"policy": {"Version": "2012-10-17", "Statement": statements}}
    risk = {**RISK, "rule": "TS-IAM-002", "resource": "writer", **({"key": key} if key else {})}
    for preview in (True, False):
        # Other rules leave the unknown statement open too.
        others = dict.fromkeys(
            (id_.replace("-", "_") for id_ in RULES if id_ != "TS-IAM-002"), analyzer_pb2.DISABLED
        )
        pack = analyzer({"suppressions": [risk], "undecided": "fail"}, preview=preview, **others)
        assert of_rule(analyze(pack, MANAGED_POLICY, "writer", properties), "TS-IAM-002") == []
        lines = finish(pack, member(MANAGED_POLICY, "writer", properties)).diagnostics
        assert [line.policyName for line in lines] == ["undecided" if preview else "TS-IAM-002"] * told


def test_an_expired_risk_is_back_and_says_so() -> None:
    pack = analyzer({"suppressions": [{**RISK, "expires": LAST_MONTH}]})
    (line,) = of_rule(analyze(pack, KEY, "key", NEVER_ROTATES))
    assert line.message.splitlines()[0] == (
        "TS-KMS-002: aws.kms.Key 'key' is never rotated; the risk was accepted by data-platform "
        f"until {LAST_MONTH}, which has passed."
    )


def test_a_risk_that_meets_nothing_is_one_advisory_line() -> None:
    pack = analyzer({"suppressions": [RISK]})
    analyze(pack, KEY, "key", GOOD_KEY)
    (line,) = of_rule(finish(pack, member(KEY, "key", GOOD_KEY)), "suppressions")
    assert (line.enforcementLevel, line.urn) == (analyzer_pb2.ADVISORY, "")
    assert "TS-KMS-002 on 'key' (owner data-platform) meets no finding" in line.message


def test_a_risk_of_a_rule_that_does_not_run_is_not_told() -> None:
    pack = analyzer({"suppressions": [RISK]}, TS_KMS_002=analyzer_pb2.DISABLED)
    analyze(pack, KEY, "key", NEVER_ROTATES)
    assert of_rule(finish(pack, member(KEY, "key", NEVER_ROTATES)), "suppressions") == []


def test_the_program_accepts_a_risk_before_the_resource() -> None:
    pack = analyzer()
    assert spoken(analyze(pack, ACCEPTED_RISK, "risk", RISK)) == []
    answer = analyze(pack, KEY, "key", NEVER_ROTATES)
    assert of_rule(answer) == []
    assert silent(answer)["TS-KMS-002"] == ACCEPTED
    assert of_rule(finish(pack, member(KEY, "key", NEVER_ROTATES)), "suppressions") == []


def test_a_risk_that_comes_after_the_resource_is_too_late() -> None:
    pack = analyzer()
    assert of_rule(analyze(pack, KEY, "key", NEVER_ROTATES)) != []
    (line,) = analyze(pack, ACCEPTED_RISK, "risk", RISK).diagnostics
    assert line.enforcementLevel == analyzer_pb2.ADVISORY
    assert line.message == (
        "TS-KMS-002 on 'key' was accepted too late: create the risk first, "
        "and the resource with depends_on=[risk]"
    )
    assert of_rule(finish(pack, member(KEY, "key", NEVER_ROTATES)), "suppressions") == []


def test_the_settings_can_deny_the_program_its_risks() -> None:
    pack = analyzer({"program_suppressions": "deny"})
    (line,) = analyze(pack, ACCEPTED_RISK, "risk", RISK).diagnostics
    assert "counts for nothing: the settings let no program accept risks" in line.message
    assert of_rule(analyze(pack, KEY, "key", NEVER_ROTATES)) != []


@pytest.mark.parametrize(
    "settings", [{}, {"unsuppressible": ["TS-KMS-002"]}], ids=["wrong", "unsuppressible"]
)
def test_a_risk_that_may_not_be_accepted_is_a_violation(settings: dict[str, Any]) -> None:
    pack = analyzer(settings)
    risk = RISK if settings else {**RISK, "reason": "because"}
    (line,) = analyze(pack, ACCEPTED_RISK, "risk", risk).diagnostics
    assert line.enforcementLevel == analyzer_pb2.MANDATORY
    assert of_rule(analyze(pack, KEY, "key", NEVER_ROTATES)) != []


def test_what_the_protocol_does_not_carry_is_said_with_the_reason() -> None:
    needing = {id_: rule for id_, rule in RULES.items() if set(rule.needs) - {"options"}}
    pack = analyzer({"packs": ["strict", "advisory"]})
    reasons = silent(finish(pack, member(STACK, "dev", {})))
    for id_, rule in needing.items():
        assert reasons[id_] in {NEEDS[need] for need in rule.needs}


def test_options_reach_the_rules_in_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    original = RULES["TS-KMS-002"]

    def check(key: Resource) -> Iterator[Finding]:
        seen.append(key.options)
        return original.check(key)

    monkeypatch.setitem(RULES, original.id, replace(original, check=check))
    pack = analyzer()
    analyze(pack, KEY, "key", OPEN, protect=True, ignoreChanges=["policy"])
    seen.clear()
    finish(pack, member(KEY, "key", OPEN))
    assert [(options.protect, options.ignore_changes) for options in seen] == [(True, ("policy",))]


def test_a_resource_is_known_by_its_id_as_in_a_state() -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/queue"
    tls = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    members: list[tuple[str, dict[str, Any]]] = [
        (QUEUE, {"name": "queue"}),
        (QUEUE_POLICY, {"queueUrl": url, "policy": {"Statement": tls}}),
    ]
    pack = analyzer(preview=False)
    for type_, inputs in members:
        analyze(pack, type_, "it", inputs)
    found = finish(pack, *(member(type_, "it", {**inputs, "id": url}) for type_, inputs in members))
    assert "TS-SQS-005" not in spoken(found)
    unknown = finish(pack, *(member(type_, "it", {**inputs, "id": UNKNOWN}) for type_, inputs in members))
    assert "TS-SQS-005" in spoken(unknown)


def test_nothing_is_mended_unless_a_rule_is_set_to_mend() -> None:
    with pytest.raises(Aborted) as error:
        analyzer().Remediate(request(KEY, "key", NEVER_ROTATES), CONTEXT)
    assert error.value.code.name == "UNIMPLEMENTED"
