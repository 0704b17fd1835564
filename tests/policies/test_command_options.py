"""What each option of `timestream-policies check` does."""

import json
import os
import pty
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.policies.helpers import UNKNOWN
from tests.policies.states_of_keys import (
    BAD,
    GOOD,
    OPEN,
    ROTATION,
    SECRET,
    Run,
    export,
    key,
    preview,
    runner,
    urn,
)
from timestream_policies.packs import PACKS
from timestream_policies.rules import RULES
from timestream_policies.types import ACCEPTED_RISK, KEY, MANAGED_POLICY

SOON = date.today() + timedelta(days=30)
RISK: dict[str, Any] = {
    "rule": ROTATION,
    "resource": "urn:pulumi:dev::project::aws:kms/key:Key::bad",
    "reason": "Signed off in the review of this year",
    "owner": "data@example.com",
    "expires": SOON,
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    return runner(tmp_path)


def report(run: Run, *arguments: str, **files: Any) -> dict[str, Any]:
    done = run("check", "--format", "json", *arguments, **files)
    assert done.exit_code in (0, 1, 3), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rules_run(found: dict[str, Any]) -> list[str]:
    return [rule["id"] for rule in found["rules"]]


def names(found: dict[str, Any]) -> list[str]:
    return [finding["name"] for finding in found["findings"]]


def write_risks(directory: Path, *risks: dict[str, Any]) -> str:
    (directory / "risks.yaml").write_text(yaml.safe_dump(list(risks)), encoding="utf-8")
    return "risks.yaml"


def test_packs_are_added_up(run: Run) -> None:
    found = report(run, "--pack", "influxdb", "--pack", "cis-aws-db-2.0.0", s=export(GOOD))
    assert rules_run(found) == sorted({*PACKS["influxdb"], *PACKS["cis-aws-db-2.0.0"]})
    assert rules_run(report(run, s=export(GOOD))) == sorted(PACKS["baseline"])


def test_only_names_rules_of_any_pack_and_except_leaves_rules_out(run: Run) -> None:
    low = next(id_ for id_ in PACKS["strict"] if id_ not in PACKS["baseline"])
    assert rules_run(report(run, "--only", low, "--only", ROTATION.lower(), s=export(GOOD))) == sorted(
        [low, ROTATION]
    )
    assert rules_run(report(run, "--only", f"{low},{ROTATION}", s=export(GOOD))) == sorted([low, ROTATION])
    left = rules_run(report(run, "--except", ROTATION, s=export(BAD)))
    assert left == sorted(set(PACKS["baseline"]) - {ROTATION})


def test_a_framework_runs_the_rules_that_answer_it(run: Run) -> None:
    found = report(run, "--framework", "hipaa", s=export(GOOD))
    assert rules_run(found) == sorted(id_ for id_ in PACKS["strict"] if "hipaa" in RULES[id_].controls)
    both = report(run, "--framework", "hipaa", "--pack", "baseline", s=export(GOOD))
    assert rules_run(both) == sorted(id_ for id_ in PACKS["baseline"] if "hipaa" in RULES[id_].controls)
    shown = run("check", "--framework", "cis-aws-db-2.0.0", s=export(GOOD)).stdout
    assert " rules for CIS AWS Database Services Benchmark v2.0.0, section 10, " in shown


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--pack", "strickt"], "there is no pack 'strickt'; there are advisory, "),
        (["--only", "TS-KMSS-002"], "there is no rule 'TS-KMSS-002'; did you mean 'TS-KMS-002'?"),
        (["--except", "x"], "there is no rule 'X'; 'timestream-policies list' shows all"),
        (["--framework", "hippa"], "there is no framework 'hippa'; did you mean 'hipaa'?"),
        (["--only", ROTATION, "--except", ROTATION], "no rule is left to run; leave out an option"),
        (["--settings", "none.yaml"], "none.yaml: No such file or directory"),
        (["--baseline", "none.json"], "none.json: No such file or directory"),
        (["--baseline", "state.json"], "state.json: not a JSON report ("),
        (["--suppressions", "none.yaml"], "none.yaml: cannot be read (No such file or directory)"),
        (["--suppressions", "x", "--no-suppressions"], "give either --suppressions or --no-suppressions"),
        (["--previous", "state.json", "state.json"], "--previous is about one stack; give one STATE, not 2"),
        (["--state", "state.json", "state.json"], "--state is about one stack; give one STATE, not 2"),
        (["--output", "none/report.txt"], "cannot write none/report.txt: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_refused(run: Run, arguments: list[str], error: str) -> None:
    done = run("check", *arguments, state=export(BAD))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {error}")


INPUTS = {
    "STATE": [],
    "--previous": ["--previous", "old.json"],
    "--state": ["--state", "old.json"],
    "--baseline": ["--baseline", "known.json"],
    "--settings": ["--settings", "team.yaml"],
    "--suppressions": ["--suppressions", "risks.yaml"],
    "the suppressions of --settings": ["--settings", "team.yaml"],
}


@pytest.mark.parametrize("link", [False, True], ids=["by its name", "through a link"])
@pytest.mark.parametrize("what", INPUTS)
def test_the_report_is_never_written_over_an_input(run: Run, tmp_path: Path, what: str, link: bool) -> None:
    (tmp_path / "old.json").write_text(json.dumps(export(BAD)), encoding="utf-8")
    (tmp_path / "team.yaml").write_text("suppressions: risks.yaml", encoding="utf-8")
    (tmp_path / "known.json").write_text('{"schema": 1, "findings": []}', encoding="utf-8")
    write_risks(tmp_path, RISK)
    arguments = INPUTS[what]
    path = "state.json" if what == "STATE" else arguments[1]
    if what.startswith("the supp"):
        path = str(tmp_path / "risks.yaml")
    output = path
    if link:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "report").symlink_to(tmp_path / path)
        output = "elsewhere/../elsewhere/report"
    (tmp_path / "state.json").write_text(json.dumps(export(BAD)), encoding="utf-8")
    before = (tmp_path / path).read_bytes()
    done = run("check", *arguments, "--output", output, "state.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: --output {output} would overwrite {what} {path}; "
        "give another file, or leave --output out to print the report\n"
    )
    assert (tmp_path / path).read_bytes() == before


def test_the_report_is_not_written_over_a_checkpoint_in_a_directory(run: Run, tmp_path: Path) -> None:
    (tmp_path / "states").mkdir()
    for name in ("dev", "test"):
        content = json.dumps(export(GOOD, stack=name))
        (tmp_path / "states" / f"{name}.json").write_text(content, encoding="utf-8")
    refused = run("check", "states", "--output", "states/test.json")
    assert refused.exit_code == 2
    assert refused.stderr.startswith(
        "error: --output states/test.json would overwrite STATE states/test.json;"
    )
    assert run("check", "states", "--output", "states/report.txt").exit_code == 0


def test_the_report_is_not_written_over_what_standard_input_comes_from(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps(export(BAD)), encoding="utf-8")
    with state.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "timestream_policies.cli", "check", "-", "--output", str(state)],
            stdin=file,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: --output {state} would overwrite STATE -; give another file")
    assert json.loads(state.read_bytes()) == export(BAD)


def test_a_dash_as_output_is_standard_output(run: Run, tmp_path: Path) -> None:
    done = run("check", "--output", "-", state=export(BAD))
    assert done.exit_code == 1
    assert ROTATION in done.stdout
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(("lowest", "code"), [("critical", 0), ("high", 1), ("medium", 1), ("low", 1)])
def test_findings_below_the_severity_stay_findings_but_do_not_fail(run: Run, lowest: str, code: int) -> None:
    done = run("check", "--only", ROTATION, "--format", "json", "--severity", lowest, s=export(BAD))
    assert done.exit_code == code
    assert [finding["verdict"] for finding in json.loads(done.stdout)["findings"]] == ["fail"]


def test_settings_come_from_yaml_or_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("packs: [influxdb]\nmanagedElsewhere: [keys]\n", encoding="utf-8")
    found = report(run, "--settings", "settings.yaml", s=export(GOOD))
    assert rules_run(found) == sorted(PACKS["influxdb"])
    (tmp_path / "settings.json").write_text('{"packs": ["influxdb"]}', encoding="utf-8")
    chosen = report(run, "--settings", "settings.json", "--pack", "baseline", s=export(GOOD))
    assert rules_run(chosen) == sorted(PACKS["baseline"])


def test_what_is_undecided_goes_by_the_settings_for_previews_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("undecided: ignore\n", encoding="utf-8")
    options = ("check", "--only", ROTATION, "--settings", "settings.yaml")
    planned = run(*options, s=preview(OPEN))
    assert (planned.exit_code, planned.stderr) == (0, "")
    assert run(*options, s=export(OPEN)).exit_code == 3
    assert run(*options, a=preview(OPEN), b=export(GOOD)).exit_code == 3


@pytest.mark.parametrize("content", ["paks: [strict]\n", "- packs\n", "a: b: c\n"])
def test_wrong_settings_are_refused(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.yaml").write_text(content, encoding="utf-8")
    done = run("check", "--settings", "settings.yaml", s=export(GOOD))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: settings.yaml: ")


def test_an_accepted_risk_does_not_fail_and_is_told(run: Run, tmp_path: Path) -> None:
    options = ("--only", ROTATION, "--suppressions", write_risks(tmp_path, RISK))
    done = run("check", *options, s=export(BAD))
    assert done.exit_code == 0
    assert done.stdout == (
        "Accepted risks:\n"
        f"  {ROTATION} aws.kms.Key 'bad' is never rotated: {RISK['reason']} (data@example.com, "
        f"until {SOON})\n"
        "\n0 findings, 1 accepted; 1 rule chosen by name, 2 resources.\n"
    )
    found = report(run, *options, s=export(BAD))
    accepted = {"reason": RISK["reason"], "owner": RISK["owner"], "expires": SOON.isoformat()}
    assert [finding["suppressed"] for finding in found["findings"]] == [accepted]
    (counts,) = found["rules"]
    assert (counts["fail"], counts["suppressed"]) == (0, 1)
    assert (found["summary"]["fail"], found["summary"]["suppressed"], found["summary"]["high"]) == (0, 1, 0)


def test_what_is_undecided_can_be_accepted(run: Run, tmp_path: Path) -> None:
    risks = write_risks(tmp_path, {**RISK, "resource": "open"})
    done = run("check", "--only", ROTATION, "--suppressions", risks, s=export(OPEN))
    assert (done.exit_code, "0 findings, 1 accepted;" in done.stdout) == (0, True)


def test_what_stayed_undecided_beside_an_accepted_finding_is_told(run: Run, tmp_path: Path) -> None:
    statements = [
        {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::data"}
        for sid, action in (("Known", "*"), ("Open", UNKNOWN))
    ]
    policy = {"urn": urn(MANAGED_POLICY, "writer"), "custom": True, "type": MANAGED_POLICY}
    policy["inputs"] = {"policy": {"Version": "2012-10-17", "Statement": statements}}
    only = ("--only", "TS-IAM-002")
    found = report(run, *only, s=export(policy))
    assert [finding["verdict"] for finding in found["findings"]] == ["fail"]
    narrow = {**RISK, "rule": "TS-IAM-002", "resource": "writer", "key": "policy/Known"}
    accepted = write_risks(tmp_path, narrow)
    found = report(run, *only, "--suppressions", accepted, s=export(policy))
    undecided, known = found["findings"]
    assert (undecided["verdict"], undecided["suppressed"], known["verdict"]) == ("undecided", None, "fail")
    assert "policy.Statement[1].Action is not known yet" in undecided["message"]
    assert known["suppressed"]["owner"] == RISK["owner"]
    assert [found["summary"][what] for what in ("fail", "undecided", "suppressed")] == [0, 1, 0]
    done = run("check", *only, "--suppressions", accepted, s=export(policy))
    assert done.exit_code == 3
    # Who accepts all that the rule finds there has accepted what nobody can tell as well.
    wide = write_risks(tmp_path, {**narrow, "key": None})
    found = report(run, *only, "--suppressions", wide, s=export(policy))
    assert [found["summary"][what] for what in ("fail", "undecided", "suppressed")] == [0, 0, 1]
    assert run("check", *only, "--suppressions", wide, s=export(policy)).exit_code == 0


def test_no_suppressions_shows_all_of_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("suppressions: risks.yaml\n", encoding="utf-8")
    write_risks(tmp_path, RISK)
    marker = {"urn": urn(ACCEPTED_RISK, "risk"), "type": ACCEPTED_RISK}
    carried = {**RISK, "expires": SOON.isoformat()}
    options = ("check", "--only", ROTATION)
    assert run(*options, "--settings", "settings.yaml", s=export(BAD)).exit_code == 0
    own = export({**marker, "inputs": carried}, BAD)
    assert run(*options, s=own).exit_code == 0
    for given in (("--settings", "settings.yaml"), ()):
        assert run(*options, *given, "--no-suppressions", s=own).exit_code == 1


def test_what_a_program_accepts_is_accepted_in_its_own_stack_only(run: Run) -> None:
    risk = {**RISK, "resource": "bad", "expires": SOON.isoformat()}
    marker = {"urn": urn(ACCEPTED_RISK, "risk"), "type": ACCEPTED_RISK, "inputs": risk}
    other = export(key("bad", False, "prod"), stack="prod")
    found = report(run, "--only", ROTATION, a=export(marker, BAD), b=other)
    assert [(one["stack"], one["suppressed"] is not None) for one in found["findings"]] == [
        ("dev", True),
        ("prod", False),
    ]


def test_wrong_risks_of_programs_are_told_whole_from_whatever_process(run: Run) -> None:
    entry = {name: str(value) for name, value in RISK.items()} | {"reason": "short"}
    risk = {"urn": urn(ACCEPTED_RISK, "risk"), "type": ACCEPTED_RISK, "inputs": entry}
    told = f"error: {risk['urn']}.reason: 'short' has 5 characters; say in 20 or more why"
    alone = run("check", one=export(BAD, risk))
    together = run("check", "--jobs", "2", one=export(BAD, risk), two=export(GOOD))
    assert (alone.exit_code, together.exit_code) == (2, 2)
    assert alone.stderr == together.stderr
    assert alone.stderr.startswith(told)


def test_an_expired_risk_is_back_and_says_so(run: Run, tmp_path: Path) -> None:
    yesterday = date.today() - timedelta(days=1)
    risks = write_risks(tmp_path, {**RISK, "expires": yesterday})
    found = report(run, "--only", ROTATION, "--suppressions", risks, s=export(BAD))
    (finding,) = found["findings"]
    assert (finding["verdict"], finding["suppressed"]) == ("fail", None)
    assert finding["message"] == (
        "aws.kms.Key 'bad' is never rotated; the risk was accepted by data@example.com "
        f"until {yesterday}, which has passed"
    )


def test_every_finding_is_new_or_known_although_one_verdict_has_several(run: Run, tmp_path: Path) -> None:
    def opened(*sids: str) -> dict[str, Any]:
        anyone = {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
        found = key("open", True)
        found["inputs"]["policy"] = {"Statement": [{**anyone, "Sid": sid} for sid in sids]}
        return found

    old = run("check", "--only", "TS-KMS-001", "--format", "json", s=export(opened("One", "Two"))).stdout
    (tmp_path / "old.json").write_text(old, encoding="utf-8")
    found = report(
        run, "--only", "TS-KMS-001", "--baseline", "old.json", s=export(opened("One", "Two", "Three"))
    )
    assert (len(found["findings"]), found["summary"]["known"]) == (1, 2)


def test_a_risk_that_meets_no_finding_is_a_warning(run: Run, tmp_path: Path) -> None:
    risks = write_risks(tmp_path, RISK)
    found = report(run, "--only", ROTATION, "--suppressions", risks, s=export(GOOD))
    (warning,) = found["warnings"]
    assert warning.startswith(f"the suppression of {ROTATION} on {RISK['resource']!r}")
    assert "Warnings:\n  the suppression of" in run("check", "--suppressions", risks, s=export(GOOD)).stdout


def test_a_risk_of_a_rule_that_did_not_run_is_no_warning(run: Run, tmp_path: Path) -> None:
    risks = write_risks(tmp_path, RISK)
    assert report(run, "--except", ROTATION, "--suppressions", risks, s=export(BAD))["warnings"] == []


def test_the_baseline_leaves_only_what_is_new(run: Run, tmp_path: Path) -> None:
    old = run("check", "--only", ROTATION, "--format", "json", s=export(BAD, OPEN)).stdout
    (tmp_path / "old.json").write_text(old, encoding="utf-8")
    options = ("--only", ROTATION, "--baseline", "old.json")
    assert run("check", *options, s=export(BAD, OPEN)).exit_code == 0
    found = report(run, *options, s=export(BAD, OPEN, key("new", False)))
    assert (names(found), found["summary"]["known"]) == (["new"], 2)
    assert (
        "1 finding (1 high), 2 known before;"
        in run("check", *options, s=export(BAD, OPEN, key("new", False))).stdout
    )
    # What was undecided and is wrong now is new; so is the same key in another stack.
    assert names(report(run, *options, s=export(key("open", False)))) == ["open"]
    assert names(report(run, *options, s=export(key("bad", False, "prod"), stack="prod"))) == ["bad"]


def test_the_baseline_knows_a_finding_whatever_its_message(run: Run, tmp_path: Path) -> None:
    old = report(run, "--only", ROTATION, s=export(BAD))
    old["findings"][0]["message"] = "said otherwise"
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    assert names(report(run, "--only", ROTATION, "--baseline", "old.json", s=export(BAD))) == []


def test_the_baseline_does_not_know_what_was_only_accepted(run: Run, tmp_path: Path) -> None:
    risks = write_risks(tmp_path, RISK)
    old = run("check", "--only", ROTATION, "--format", "json", "--suppressions", risks, s=export(BAD)).stdout
    (tmp_path / "old.json").write_text(old, encoding="utf-8")
    assert names(report(run, "--only", ROTATION, "--baseline", "old.json", s=export(BAD))) == ["bad"]


def test_a_directory_of_checkpoints_is_judged_stack_by_stack(run: Run, tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    for stack in ("dev", "prod"):
        latest = export(key("bad", False, stack), stack=stack)["deployment"]
        content = {"version": 3, "checkpoint": {"stack": stack, "latest": latest}}
        (tmp_path / "stacks" / f"{stack}.json").write_text(json.dumps(content), encoding="utf-8")
    found = report(run, "--only", ROTATION, "stacks")
    assert [one["stack"] for one in found["findings"]] == ["dev", "prod"]
    assert len(found["input_sha256"]) == 2


def test_a_state_counts_once_however_often_it_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "states").mkdir()
    (tmp_path / "states" / "dev.json").write_text(json.dumps(export(BAD)), encoding="utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "states" / "dev.json")
    found = report(run, "states/dev.json", "states", "link.json", "./states/../states/dev.json")
    assert names(found) == ["bad"]
    assert names(report(run, "states", s=export(BAD))) == ["bad", "bad"]


def test_an_empty_name_of_a_state_is_not_the_directory_where_one_stands(run: Run, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(json.dumps(export(GOOD)), encoding="utf-8")
    done = run("check", "")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: the name of a STATE is empty; give a file")


def test_several_processes_make_the_same_report(run: Run, tmp_path: Path) -> None:
    files = {f"s{n}": export(key("bad", n % 2 == 0), stack=f"dev{n}") for n in range(4)}
    risks = write_risks(tmp_path, RISK)
    one = report(run, "--suppressions", risks, **files)
    more = report(run, "--suppressions", risks, "--jobs", "2", **files)
    one["summary"].pop("seconds")
    more["summary"].pop("seconds")
    assert one == more


def test_a_finding_on_the_whole_stack_has_the_urn_of_the_stack(run: Run) -> None:
    found = report(run, "--pack", "strict", s=export(GOOD, BAD, OPEN))
    assert all(finding["urn"].startswith("urn:pulumi:dev::project::") for finding in found["findings"])


def test_the_schemas_hold_what_is_written(run: Run, tmp_path: Path) -> None:
    secret = key("secret", {**SECRET, "plaintext": '"hunter2"'})
    risks = write_risks(tmp_path, RISK)
    found = report(run, "--pack", "strict", "--suppressions", risks, s=export(BAD, OPEN, secret))
    listed = [{**RISK, "expires": SOON.isoformat()}]
    samples: dict[str, list[Any]] = {
        "report": [found],
        "suppressions": [listed, {"suppressions": listed}],
        "settings": [{}, {"packs": ["strict"], "thresholds": {"password_length": 20}}],
    }
    wrong = {"report": {**found, "schema": 2}, "suppressions": [{}], "settings": {"paks": []}}
    for what, contents in samples.items():
        schema = json.loads(run("schema", what).stdout)
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        for content in contents:
            validator.validate(content)
        assert not validator.is_valid(wrong[what])
        assert all(
            field.get("description")
            for definition in schema["$defs"].values()
            for field in definition.get("properties", {}).values()
        )


def test_suppress_writes_an_entry_that_is_refused_until_it_is_filled_in(run: Run, tmp_path: Path) -> None:
    written = run("suppress", ROTATION, urn(KEY, "bad"), "--key", "enableKeyRotation").stdout
    (tmp_path / "risks.yaml").write_text(written, encoding="utf-8")
    options = ("check", "--only", ROTATION, "--suppressions", "risks.yaml")
    done = run(*options, s=export(BAD))
    assert done.exit_code == 2
    assert ".reason" in done.stderr
    assert ".owner" in done.stderr
    filled = written.replace('reason: ""', f'reason: "{RISK["reason"]}"').replace('owner: ""', 'owner: "me"')
    (tmp_path / "risks.yaml").write_text(filled, encoding="utf-8")
    assert run(*options, s=export(BAD)).exit_code == 0


@pytest.mark.parametrize("pattern", ["", "*", "urn:pulumi:*"])
def test_suppress_writes_no_entry_that_would_be_refused_for_its_pattern(run: Run, pattern: str) -> None:
    done = run("suppress", ROTATION, pattern)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "RESOURCE" in done.stderr
    assert "is empty; give the URN" in done.stderr or "covers every resource; name the" in done.stderr


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_shows_colours_unless_somebody_says_no(
    tmp_path: Path, variables: dict[str, str], coloured: bool
) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps(export(BAD)), encoding="utf-8")
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "timestream_policies.cli", "check", "--only", ROTATION, str(state)],
        stdout=terminal,
        env={"PATH": os.environ["PATH"], **variables},
    )
    os.close(terminal)
    shown = os.read(main, 10_000)
    assert process.wait() == 1
    os.close(main)
    assert b"HIGH" in shown
    assert (b"\x1b[" in shown) is coloured


def test_packs_lists_all_packs(run: Run) -> None:
    shown = run("packs").stdout
    assert all(f"{name} " in shown for name in PACKS)
    listed = json.loads(run("packs", "--format", "json").stdout)["packs"]
    assert {pack["name"]: tuple(rule["id"] for rule in pack["rules"]) for pack in listed} == PACKS


def test_list_has_all_metadata(run: Run) -> None:
    listed = json.loads(run("list", "--format", "json").stdout)["rules"]
    assert {rule["id"]: tuple(rule["packs"]) for rule in listed} == {
        id_: tuple(sorted(name for name, ids in PACKS.items() if id_ in ids)) for id_ in RULES
    }
    for rule in listed:
        source = RULES[rule["id"]]
        assert tuple(rule["needs"]) == source.needs
        assert (rule["remedy"] is None) == (source.remedy is None)
    advisory = json.loads(run("list", "--format", "json", "--pack", "advisory").stdout)["rules"]
    assert tuple(rule["id"] for rule in advisory) == PACKS["advisory"]
