"""The policy gate in the real engine: what it stops, what it says, and what it cannot know."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import ROOT, Project, initialised, root_program
from tests.engine.test_lifecycle import mutations
from timestream_policies.evaluation import Verdict
from timestream_policies.packs import rules_of
from timestream_policies.report import check
from timestream_policies.states import parse

EXECUTABLE_PACK = str(ROOT / ".venv" / "bin" / "timestream-policies-pack")
# What the small stacks of these tests leave to others.
ELSEWHERE = ["endpoints", "trail", "alarms", "backup"]

NO_KEY = """
import pulumi_aws as aws
aws.timestreamwrite.Database("db", database_name="metrics")
"""
KEY_IN_THE_STACK = """
import json, pulumi, pulumi_aws as aws
key = aws.kms.Key(
    "key", enable_key_rotation=True, deletion_window_in_days=30,
    opts=pulumi.ResourceOptions(protect=False),
)
aws.timestreamwrite.Database("db", database_name="metrics", kms_key_id=key.arn)
"""
KEY_FROM_SOMETHING_ELSE = """
import pulumi, pulumi_aws as aws
queue = aws.sqs.Queue("queue", sqs_managed_sse_enabled=True)
aws.timestreamwrite.Database("db", database_name="metrics", kms_key_id=queue.arn.apply(lambda arn: arn))
"""


KEY_THAT_NEVER_ROTATES = """
import pulumi_aws as aws
aws.kms.Key("key")
"""
KEY_WITH_AN_ACCEPTED_RISK = """
import datetime, pulumi, pulumi_aws as aws
from timestream_policies.risk import accept_risk

risk = accept_risk(
    "TS-KMS-003", resource="key", reason="A trial: its data is gone within a week", owner="me",
    expires=datetime.date.today() + datetime.timedelta(days=30),
)
aws.kms.Key("key", deletion_window_in_days=7, opts=pulumi.ResourceOptions(depends_on=[risk]))
"""


def findings(output: str, rule: str) -> list[str]:
    return [line for line in output.splitlines() if rule in line]


@pytest.mark.parametrize("pack", [str(ROOT / "policies"), EXECUTABLE_PACK], ids=["directory", "executable"])
def test_a_mandatory_finding_stops_up_before_anything_is_made(
    program: Callable[[str], Project], pack: str
) -> None:
    project = program(NO_KEY)
    stopped = project.pulumi("up", "--yes", "--policy-pack", pack).failed()
    assert "TS-DB-001" in stopped.output  # the rule
    assert "db" in stopped.output  # the resource
    assert "customer managed key" in stopped.output  # the reason
    assert "kms_key_id" in stopped.output  # the fix
    assert mutations(project.sandbox) == []


def test_with_skip_preview_the_resource_of_the_finding_is_not_made(program: Callable[[str], Project]) -> None:
    project = program(NO_KEY)
    assert "TS-DB-001" in project.up(gate=True, elsewhere=()).failed().output
    assert mutations(project.sandbox) == []


def test_a_key_that_is_not_known_yet_is_decided_by_its_reference(program: Callable[[str], Project]) -> None:
    project = program(KEY_IN_THE_STACK)
    output = project.preview(gate=True, elsewhere=()).failed().output
    # The gate ran and judged: the database has no alarms. About its key it neither complains nor wonders.
    assert findings(output, "TS-CW-001")
    assert findings(output, "TS-DB-001") == []
    assert findings(output, "undecided") == []


def test_a_key_that_nothing_tells_about_is_undecided_and_never_passed(
    program: Callable[[str], Project],
) -> None:
    project = program(KEY_FROM_SOMETHING_ELSE)
    output = project.preview(gate=True, elsewhere=()).failed().output
    (said,) = findings(output, "TS-DB-001")
    assert " undecided, because values are not known yet: 'db' (" in said
    assert said.endswith("They are judged again during `pulumi up`.")


def test_the_settings_decide_what_runs_and_a_misspelt_one_stops_all(
    program: Callable[[str], Project], tmp_path: Path
) -> None:
    project = program(KEY_THAT_NEVER_ROTATES)
    config = tmp_path / "config.json"
    gate = ("--policy-pack", str(ROOT / "policies"), "--policy-pack-config", str(config))
    config.write_text(json.dumps({"settings": {"packs": ["influxdb"]}}), encoding="utf-8")
    assert "TS-" not in project.preview(*gate).ok().output
    config.write_text(json.dumps({"settings": {"pakcs": ["influxdb"]}, "TS-X": "advisory"}), encoding="utf-8")
    output = project.preview(*gate).failed().output
    assert "settings: pakcs is no setting; did you mean 'packs'?" in output
    assert "there is no rule 'TS-X'" in output


def test_a_program_accepts_a_risk_and_a_rule_mends_what_it_finds(
    program: Callable[[str], Project], tmp_path: Path
) -> None:
    project = program(KEY_WITH_AN_ACCEPTED_RISK)
    config = tmp_path / "config.json"
    levels = {"all": "disabled", "TS-KMS-002": "remediate", "TS-KMS-003": "mandatory"}
    config.write_text(json.dumps(levels), encoding="utf-8")
    project.up("--policy-pack", EXECUTABLE_PACK, "--policy-pack-config", str(config)).ok()
    (key,) = [r["inputs"] for r in project.resources() if r["type"] == "aws:kms/key:Key"]
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 7)


def test_the_insecure_example_is_stopped_with_every_mistake_that_it_names(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    directory = tmp_path / "insecure"
    shutil.copytree(
        ROOT / "examples" / "insecure", directory, ignore=shutil.ignore_patterns(".venv", "__pycache__")
    )
    text = (directory / "Pulumi.yaml").read_text(encoding="utf-8").replace("../../.venv", ".venv")
    (directory / "Pulumi.yaml").write_text(text, encoding="utf-8")
    project = initialised(directory, sandbox)
    stopped = project.preview(gate=True, elsewhere=()).failed().output
    source = (directory / "__main__.py").read_text(encoding="utf-8")
    named = {word.strip(".,:;()") for line in source.splitlines() if "#" in line for word in line.split()}
    rules = {word for word in named if word.startswith("TS-") and word[-3:].isdigit()}
    assert rules
    assert {rule for rule in rules if rule not in stopped} == set()
    assert mutations(sandbox) == []


def test_a_state_file_is_judged_without_program_and_provider(baseline: Project, tmp_path: Path) -> None:
    baseline.up().ok()
    state = tmp_path / "state.json"
    state.write_text(baseline.pulumi("stack", "export").ok().output, encoding="utf-8")
    config = tmp_path / "config.json"
    # The small baseline keeps no access logs, and says so in its configuration.
    levels = {"TS-S3-010": "advisory"}
    settings = {"managedElsewhere": ELSEWHERE}
    config.write_text(json.dumps({"settings": settings, **levels}), encoding="utf-8")
    pack = ("--policy-pack", str(ROOT / "policies"), "--policy-pack-config", str(config))
    baseline.pulumi("policy", "analyze", "--file", str(state), *pack).ok()
    deployment = json.loads(state.read_text(encoding="utf-8"))
    for resource in deployment["deployment"]["resources"]:
        if resource["type"] == "aws:kms/key:Key":
            resource["inputs"]["enableKeyRotation"] = resource["outputs"]["enableKeyRotation"] = False
    state.write_text(json.dumps(deployment), encoding="utf-8")
    analyzed = baseline.pulumi("policy", "analyze", "--file", str(state), *pack).failed()
    assert "TS-KMS-002" in analyzed.output


def test_a_rule_that_raises_fails_the_run_and_is_named(
    program: Callable[[str], Project], tmp_path: Path
) -> None:
    project = program(KEY_IN_THE_STACK)
    pack = tmp_path / "broken-pack"
    pack.write_text(
        f"""#!{ROOT / ".venv/bin/python"}
import msgspec
from timestream_policies import crossguard
from timestream_policies.rules import keys

def broken(*_):
    raise ZeroDivisionError("division by zero")

msgspec.structs.force_setattr(keys.keys_rotate, "check", broken)
crossguard.main()
""",
        encoding="utf-8",
    )
    pack.chmod(0o755)
    failed = project.pulumi("preview", "--policy-pack", str(pack)).failed()
    assert findings(failed.output, "TS-KMS-002")
    assert "ZeroDivisionError" in failed.output


def test_most_is_decided_before_anything_exists(tmp_path: Path, sandbox: Sandbox) -> None:
    project = root_program(tmp_path / "root", sandbox)
    shown = subprocess.run(
        ["pulumi", "preview", "--json", "--show-sames", "--non-interactive"],
        cwd=project.directory,
        env=sandbox.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=True,
    )

    judged = check([parse(shown.stdout, "preview.json")], rules=rules_of("strict")).verdicts

    decided = judged[Verdict.PASS] + judged[Verdict.FAIL]
    assert decided / (decided + judged[Verdict.UNDECIDED]) >= 0.85
