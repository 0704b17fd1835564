"""The pack under the real CLI, on states without a program: `pulumi policy analyze`."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from aws_sandbox.sandbox import Sandbox
from tests.engine import project
from tests.engine.cli import Done, Pulumi
from timestream_policies.rules import RULES
from timestream_policies.types import DATABASE, KEY, METRIC_ALARM, STACK

ROOT = Path(__file__).resolve().parents[2]
PACK_FORMS = pytest.mark.parametrize(
    "pack",
    [str(ROOT / "policies"), str(ROOT / ".venv" / "bin" / "timestream-policies-pack")],
    ids=["directory", "executable"],
)
URN = "urn:pulumi:dev::project::{}::{}"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PASSPHRASE = {
    "type": "passphrase",
    "state": {
        "salt": "v1:QtVH35vAXQ8=:v1:0tGmKUdcp6dISwcO:kVo3tQuTBkVdmuBkzTmAMNl5avf0Zw=="
    },  # of another passphrase
}
OWNER = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}
ALARM = {
    "namespace": "AWS/Timestream",
    "dimensions": {"Operation": "WriteRecords"},
    "alarmActions": ["arn:aws:sns:eu-west-1:111122223333:alarms"],
}


def resource(type_: str, name: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "urn": URN.format(type_, name),
        "custom": type_ != STACK,
        "type": type_,
        "inputs": properties,
        "outputs": {**properties, **more},
        "id": name if type_ != STACK else "",
    }


def good_state() -> list[dict[str, Any]]:
    return [
        resource(STACK, "project-dev", {}),
        resource(
            KEY, "key", {"enableKeyRotation": True, "policy": json.dumps({"Statement": [OWNER]})}, arn=KEY_ARN
        ),
        resource(DATABASE, "metrics", {"databaseName": "metrics", "kmsKeyId": KEY_ARN}),
        resource(METRIC_ALARM, "system", {**ALARM, "metricName": "SystemErrors"}),
        resource(METRIC_ALARM, "user", {**ALARM, "metricName": "UserErrors"}),
    ]


# What the small states of these tests leave to others.
ELSEWHERE = {
    "settings": {"managed_elsewhere": ["endpoints", "trail", "backup"]},
    "TS-CW-014": "disabled",  # events on the key
}


@pytest.fixture
def pulumi(tmp_path: Path) -> Pulumi:
    return Pulumi(tmp_path)


def analyze(
    pulumi: Pulumi,
    pack: str,
    resources: list[dict[str, Any]],
    *,
    secrets_provider: dict[str, Any] | None = None,
    levels: Mapping[str, str] = MappingProxyType({}),
) -> Done:
    path = pulumi.directory / "state.json"
    deployment = {
        "manifest": {"time": "2026-01-01T00:00:00Z"},
        "resources": resources,
        "secrets_providers": secrets_provider,
    }
    path.write_text(json.dumps({"version": 3, "deployment": deployment}), encoding="utf-8")
    config = pulumi.directory / "config.json"
    config.write_text(json.dumps({**ELSEWHERE, **levels}), encoding="utf-8")
    arguments = ("--policy-pack", pack, "--policy-pack-config", str(config))
    return pulumi("policy", "analyze", "--file", str(path), *arguments)


@PACK_FORMS
def test_a_good_state_passes(pulumi: Pulumi, pack: str) -> None:
    done = analyze(pulumi, pack, good_state())
    assert done.code == 0, done.text
    assert "timestream-policies@v" in done.text


@PACK_FORMS
def test_a_finding_fails_the_run_with_rule_resource_reason_and_fix(pulumi: Pulumi, pack: str) -> None:
    resources = good_state()
    resources[2]["inputs"]["kmsKeyId"] = resources[2]["outputs"]["kmsKeyId"] = "alias/aws/timestream"
    done = analyze(pulumi, pack, resources)
    assert done.code != 0
    assert (
        "TS-DB-001: aws.timestreamwrite.Database 'metrics' is encrypted with the key that AWS manages "
        "(alias/aws/timestream).\n"
    ) in done.text
    assert "Fix: Set kms_key_id to the ARN of a customer managed key (not of an alias)" in done.text


def test_a_finding_on_the_whole_stack_fails_the_run(pulumi: Pulumi) -> None:
    done = analyze(pulumi, str(ROOT / "policies"), good_state()[:3])
    assert done.code != 0
    assert "TS-CW-001: aws.timestreamwrite.Database 'metrics' has nobody watching SystemErrors." in done.text


def test_a_value_that_a_state_does_not_show_is_never_passed(pulumi: Pulumi) -> None:
    resources = good_state()
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "v1:abc:def",
    }
    resources[1]["inputs"]["policy"] = resources[1]["outputs"]["policy"] = secret
    done = analyze(pulumi, str(ROOT / "policies"), resources, secrets_provider=PASSPHRASE)
    assert done.code != 0
    assert "TS-KMS-001: aws.kms.Key 'key' cannot be judged: policy is" in done.text


def test_a_level_in_the_configuration_of_the_pack_counts(pulumi: Pulumi) -> None:
    done = analyze(pulumi, str(ROOT / "policies"), good_state()[:3], levels={"TS-CW-001": "advisory"})
    assert done.code == 0, done.text
    assert "[advisory]" in done.text


QUEUE_FOR_A_KEY = """
import pulumi_aws as aws
aws.kms.Key("key", enable_key_rotation=True, deletion_window_in_days=30)
queue = aws.sqs.Queue("queue")
aws.timestreamwrite.Database("db", database_name="metrics", kms_key_id=queue.arn)
"""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "sandbox") as running:
        yield running


def test_the_engine_counts_no_silence_as_a_pass(tmp_path: Path, sandbox: Sandbox) -> None:
    """In the event log every rule without a word on a resource would stand under `passed`."""
    made = project.program(tmp_path / "project", sandbox, QUEUE_FOR_A_KEY)
    log = tmp_path / "events.json"
    subprocess.run(
        ["pulumi", "preview", "--policy-pack", project.PACK, "--event-log", str(log), "--non-interactive"],
        cwd=made.directory,
        env={**sandbox.env, "PULUMI_DEBUG_COMMANDS": "1"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    analyzed = [
        event["policyAnalyzeSummaryEvent"] for event in events if "policyAnalyzeSummaryEvent" in event
    ]
    passed = {event["resourceUrn"].rsplit("::", 2)[-2]: set(event.get("passed", ())) for event in analyzed}
    for type_, rules in passed.items():
        assert {id_ for id_ in rules if type_ not in RULES[id_].applies_to or RULES[id_].on_stack} == set()
    assert {"TS-KMS-002", "TS-KMS-003"} <= passed[KEY]
    assert "TS-DB-001" not in passed[DATABASE]
    (whole,) = [
        event["policyAnalyzeStackSummaryEvent"]
        for event in events
        if "policyAnalyzeStackSummaryEvent" in event
    ]
    assert {"TS-CW-001", "undecided"} <= set(whole["failed"])
    present = {STACK, "pulumi:providers:aws", "aws:sqs/queue:Queue", KEY, DATABASE}
    for id_ in whole.get("passed", ()):
        assert RULES[id_].on_stack
        assert present & set(RULES[id_].applies_to)
        assert set(RULES[id_].needs) <= {"options"}
