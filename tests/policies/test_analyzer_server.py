"""The policy pack over real gRPC, as the engine speaks to it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.engine.cli import eventually
from tests.policies.helpers import UNKNOWN
from timestream_policies import __version__
from timestream_policies.packs import PACKS
from timestream_policies.rules import RULES
from timestream_policies.types import DATABASE, KEY, METRIC_ALARM, STACK

PACK = Path(sys.executable).with_name("timestream-policies-pack")
POLICIES = Path(__file__).resolve().parents[2] / "policies"
URN = "urn:pulumi:dev::project::{}::{}"
WIRE_SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
KEY_GOOD: dict[str, Any] = {
    "enableKeyRotation": True,
    "policy": {
        "Statement": {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "kms:*", "Resource": "*"},
    },
}


def started(*command: str) -> tuple["subprocess.Popen[str]", int]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


@pytest.fixture
def pack() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    process, port = started(str(PACK))
    with grpc.insecure_channel(
        f"127.0.0.1:{port}", options=[("grpc.max_send_message_length", -1)]
    ) as channel:
        yield analyzer_pb2_grpc.AnalyzerStub(channel)
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 0


def struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update(properties)
    return message


def analyze(pack: analyzer_pb2_grpc.AnalyzerStub, type_: str, name: str, properties: dict[str, Any]) -> Any:
    urn = URN.format(type_, name)
    request = analyzer_pb2.AnalyzeRequest(type=type_, urn=urn, name=name, properties=struct(properties))
    return pack.Analyze(request)


def member(
    type_: str, name: str, properties: dict[str, Any], depends: dict[str, list[str]] | None = None
) -> analyzer_pb2.AnalyzerResource:
    return analyzer_pb2.AnalyzerResource(
        type=type_,
        urn=URN.format(type_, name),
        name=name,
        properties=struct(properties),
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns) for key, urns in (depends or {}).items()
        },
    )


def finish(pack: analyzer_pb2_grpc.AnalyzerStub, *members: analyzer_pb2.AnalyzerResource) -> Any:
    return pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=members))


def preview(pack: analyzer_pb2_grpc.AnalyzerStub, *, dry_run: bool = True) -> None:
    pack.ConfigureStack(
        analyzer_pb2.AnalyzerStackConfigureRequest(
            stack="dev", project="project", organization="o", dry_run=dry_run
        )
    )


def test_the_pack_lists_every_rule_with_its_level(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    info = pack.GetAnalyzerInfo(empty_pb2.Empty())
    assert (info.name, info.version) == ("timestream-policies", __version__)
    listed = {policy.name: policy for policy in info.policies}
    settings = listed.pop("settings")
    assert settings.enforcementLevel == analyzer_pb2.DISABLED
    assert set(listed) == set(RULES)
    for policy in listed.values():
        rule = RULES[policy.name]
        in_pack = policy.name in PACKS["baseline"]
        assert policy.enforcementLevel == (analyzer_pb2.MANDATORY if in_pack else analyzer_pb2.DISABLED)
        assert policy.displayName == rule.title
        assert policy.severity == getattr(analyzer_pb2, f"POLICY_SEVERITY_{rule.severity.name}")
        assert policy.HasField("configSchema")
    assert pack.GetPluginInfo(empty_pb2.Empty()).version == __version__


def test_a_finding_names_rule_resource_reason_and_fix(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    answer = analyze(pack, DATABASE, "metrics", {"databaseName": "metrics"})
    (diagnostic,) = answer.diagnostics
    assert diagnostic.policyName == "TS-DB-001"
    assert diagnostic.enforcementLevel == analyzer_pb2.MANDATORY
    assert diagnostic.urn == URN.format(DATABASE, "metrics")
    assert diagnostic.message == (
        "TS-DB-001: aws.timestreamwrite.Database 'metrics' is encrypted with the key that AWS manages.\n"
        "Fix: Set kms_key_id to the ARN of a customer managed key (not of an alias): kms_key_id=key.arn."
    )


def test_rules_for_other_types_say_so_because_silence_is_a_pass(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    answer = analyze(pack, "aws:ecr/repository:Repository", "images", {})
    running = {id_ for id_ in PACKS["baseline"] if not RULES[id_].on_stack}
    reasons = {entry.policy_name: entry.reason for entry in answer.not_applicable}
    assert reasons.pop("settings") == "it holds the settings of the pack, and judges nothing"
    assert set(reasons) == running
    assert set(reasons.values()) == {"the rule is for other types of resources"}
    assert len(answer.diagnostics) == 0


def test_what_is_undecided_alone_is_decided_in_the_stack(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    preview(pack)
    alone = analyze(pack, DATABASE, "metrics", {"kmsKeyId": UNKNOWN})
    reasons = {entry.policy_name: entry.reason for entry in alone.not_applicable}
    assert reasons["TS-DB-001"] == "kmsKeyId is not known before the whole stack is"
    analyze(pack, KEY, "key", KEY_GOOD)
    key = URN.format(KEY, "key")
    answer = finish(
        pack,
        member(KEY, "key", KEY_GOOD),
        member(DATABASE, "metrics", {"kmsKeyId": UNKNOWN}, {"kmsKeyId": [key]}),
    )
    assert not {"TS-DB-001", "TS-DB-002", "undecided"} & {line.policyName for line in answer.diagnostics}
    assert not {"TS-DB-001", "TS-DB-002"} & {entry.policy_name for entry in answer.not_applicable}


def test_an_undecided_rule_is_one_advisory_line_at_preview(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    preview(pack)
    analyze(pack, KEY, "key", {**KEY_GOOD, "enableKeyRotation": UNKNOWN})
    answer = finish(pack, member(KEY, "key", {**KEY_GOOD, "enableKeyRotation": UNKNOWN}))
    (line,) = answer.diagnostics
    assert line.enforcementLevel == analyzer_pb2.ADVISORY
    assert line.urn == ""
    assert line.message == (
        "1 undecided, because values are not known yet: 'key' (TS-KMS-002). "
        "They are judged again during `pulumi up`."
    )
    reasons = {entry.policy_name: entry.reason for entry in answer.not_applicable}
    assert reasons["TS-KMS-002"] == "enableKeyRotation is not known yet"


@pytest.mark.parametrize("state", [False, True], ids=["up", "policy analyze"])
def test_an_undecided_rule_is_a_violation_where_values_should_be_known(
    pack: analyzer_pb2_grpc.AnalyzerStub, state: bool
) -> None:
    if not state:
        preview(pack, dry_run=False)
    analyze(pack, KEY, "key", {**KEY_GOOD, "enableKeyRotation": UNKNOWN})
    answer = finish(pack, member(KEY, "key", {**KEY_GOOD, "enableKeyRotation": UNKNOWN}))
    (line,) = answer.diagnostics
    assert (line.policyName, line.enforcementLevel) == ("TS-KMS-002", analyzer_pb2.MANDATORY)
    assert line.message == (
        "TS-KMS-002: aws.kms.Key 'key' cannot be judged: enableKeyRotation is not known yet.\n"
        "Fix: Give the value in the program, or refer to the resource that it comes from."
    )


def test_values_that_became_known_are_judged_with_the_outputs(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    preview(pack, dry_run=False)
    analyze(pack, KEY, "key", {**KEY_GOOD, "enableKeyRotation": UNKNOWN})
    answer = finish(pack, member(KEY, "key", {**KEY_GOOD, "enableKeyRotation": False}))
    assert [line.policyName for line in answer.diagnostics] == ["TS-KMS-002"]


def test_a_resource_that_is_only_read_is_context(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    answer = finish(pack, member(KEY, "key", {"enableKeyRotation": False}), member(STACK, "dev", {}))
    assert list(answer.diagnostics) == []


def test_a_secret_never_shows_in_a_message(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    secret = {**WIRE_SECRET, "value": "hunter2-not-a-key"}
    answer = analyze(pack, DATABASE, "metrics", {"kmsKeyId": secret})
    assert [d.message.splitlines()[0] for d in answer.diagnostics] == [
        "TS-DB-001: aws.timestreamwrite.Database 'metrics' has '[secret]' for a key, "
        "which is not the ARN of a key."
    ]


def test_a_stack_of_more_than_four_megabytes_is_taken(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    filler = member("aws:sqs/queue:Queue", "queue", {"text": "x" * 6_000_000})
    assert list(finish(pack, filler).diagnostics) == []


def test_a_level_of_the_user_wins_and_a_misspelt_rule_is_an_error(
    pack: analyzer_pb2_grpc.AnalyzerStub,
) -> None:
    def configure(name: str, level: int) -> None:
        config = analyzer_pb2.PolicyConfig(enforcementLevel=level)  # type: ignore[arg-type]
        pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig={name: config}))

    configure("TS-DB-001", analyzer_pb2.ADVISORY)
    (line,) = analyze(pack, DATABASE, "metrics", {}).diagnostics
    assert line.enforcementLevel == analyzer_pb2.ADVISORY
    configure("TS-DB-001", analyzer_pb2.DISABLED)
    assert list(analyze(pack, DATABASE, "metrics", {}).diagnostics) == []
    with pytest.raises(grpc.RpcError) as error:
        configure("TS-DB-01", analyzer_pb2.ADVISORY)
    assert "there is no rule 'TS-DB-01'; did you mean 'TS-DB-" in (error.value.details() or "")


def test_nothing_is_remediated(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    with pytest.raises(grpc.RpcError) as error:
        pack.Remediate(analyzer_pb2.AnalyzeRequest(type=KEY))
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_rule_that_is_set_to_mend_does(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    config = {"TS-KMS-002": analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.REMEDIATE)}
    pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config))
    request = analyzer_pb2.AnalyzeRequest(type=KEY, properties=struct({"enableKeyRotation": False}))
    (remediation,) = pack.Remediate(request).remediations
    assert remediation.properties["enableKeyRotation"] is True


def test_an_alarm_with_a_known_mistake_is_found_before_it_is_made(
    pack: analyzer_pb2_grpc.AnalyzerStub,
) -> None:
    alarm = {
        "namespace": "AWS/Timestream",
        "metricName": "SystemErrors",
        "dimensions": {"DatabaseName": "m"},
        "alarmActions": ["arn"],
    }
    assert [d.policyName for d in analyze(pack, METRIC_ALARM, "a", alarm).diagnostics] == ["TS-CW-002"]


@pytest.mark.parametrize(
    "command",
    [[str(PACK)], [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(POLICIES)]],
    ids=["executable", "directory"],
)
def test_the_pack_ends_quietly_on_sigint(command: list[str]) -> None:
    process, _ = started(*command)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (0, "", "")


def test_the_pack_ends_with_its_parent() -> None:
    script = (
        "import subprocess, sys; p = subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE); "
        "p.stdout.readline(); print(p.pid, flush=True)"
    )
    parent = subprocess.run(
        [sys.executable, "-c", script, str(PACK)], capture_output=True, text=True, timeout=20, check=True
    )
    pack = Path("/proc") / parent.stdout.strip()
    assert eventually(
        lambda: not pack.exists() or "Z" in (pack / "stat").read_text().rpartition(")")[2].split()[0]
    )
