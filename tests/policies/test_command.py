"""The command `timestream-policies` on files."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policies.helpers import UNKNOWN, leaves, replaced
from timestream_policies import __version__
from timestream_policies.cli import FORMATS, main
from timestream_policies.crossguard import HELP
from timestream_policies.packs import PACKS, rules_of
from timestream_policies.report import check
from timestream_policies.reports import json as as_json
from timestream_policies.reports import markdown, text
from timestream_policies.rules import RULES
from timestream_policies.states import parse
from timestream_policies.types import DATABASE, KEY, METRIC_ALARM, ROLE, STACK

URN = "urn:pulumi:dev::project::{}::{}"
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OWNER = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}
POLICIES = Path(__file__).resolve().parents[2] / "policies"
ROOT = {"urn": URN.format(STACK, "project-dev"), "type": STACK}


def resource(type_: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"urn": URN.format(type_, name), "custom": True, "type": type_, "inputs": inputs, **more}


KEY_GOOD = resource(
    KEY, "key", {"enableKeyRotation": True, "policy": {"Statement": [OWNER]}}, outputs={"arn": ARN}
)
KEY_BAD = resource(KEY, "key", {"enableKeyRotation": False, "policy": {"Statement": [OWNER]}})
KEY_OPEN = resource(KEY, "key", {"enableKeyRotation": UNKNOWN, "policy": {"Statement": [OWNER]}})


def export(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"manifest": {}, "resources": [ROOT, *resources]}}


def preview(*resources: dict[str, Any], op: str = "create") -> dict[str, Any]:
    steps = [{"op": op, "urn": found["urn"], "newState": found} for found in [ROOT, *resources]]
    return {"config": {}, "steps": steps, "changeSummary": {op: len(steps)}}


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Write states to files and run the command on them."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **files: Any) -> Result:
        names = []
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
            names.append(f"{name}.json")
        return CliRunner().invoke(main, [*arguments, *names])

    return run


RAN = "1 rule chosen by name"
NEVER_ROTATED = f"""\
HIGH     TS-KMS-002  aws.kms.Key 'key' is never rotated
         urn: {URN.format(KEY, "key")}
         at:  enableKeyRotation
         fix: Set enable_key_rotation=True and keep rotation_period_in_days at 365 or below.

1 finding (1 high); {RAN}, 2 resources.
"""
NOT_DECIDED = f"""\
Undecided, which is never a pass:
  aws.kms.Key 'key' cannot be judged: enableKeyRotation is not known yet (TS-KMS-002)

0 findings, 1 undecided; {RAN}, 2 resources.
"""
WARNING = "warning: 1 verdict waits for values that are not known yet\n"


@pytest.mark.parametrize(
    ("content", "arguments", "code", "output", "error"),
    [
        pytest.param(
            export(KEY_GOOD),
            [],
            0,
            f"0 findings; {RAN}, 2 resources.\n",
            "",
            id="clean",
        ),
        pytest.param(export(KEY_BAD), [], 1, NEVER_ROTATED, "", id="findings"),
        pytest.param(preview(KEY_BAD), [], 1, NEVER_ROTATED, "", id="findings in a preview"),
        pytest.param(
            {"checkpoint": {"latest": export(KEY_BAD)["deployment"]}},
            [],
            1,
            NEVER_ROTATED,
            "",
            id="checkpoint",
        ),
        pytest.param(export(KEY_OPEN), [], 3, NOT_DECIDED, "", id="undecided in a state"),
        pytest.param(preview(KEY_OPEN), [], 0, NOT_DECIDED, WARNING, id="undecided in a preview"),
        pytest.param(preview(KEY_OPEN), ["--undecided", "fail"], 3, NOT_DECIDED, "", id="undecided fails"),
        pytest.param(
            export(KEY_OPEN), ["--undecided", "warn"], 0, NOT_DECIDED, WARNING, id="undecided warns"
        ),
        pytest.param(
            export(KEY_OPEN), ["--undecided", "ignore"], 0, NOT_DECIDED, "", id="undecided is ignored"
        ),
        pytest.param(
            export({**KEY_BAD, "external": True}),
            [],
            0,
            f"0 findings; {RAN}, 2 resources.\n",
            "",
            id="external",
        ),
        pytest.param(
            export({**KEY_BAD, "delete": True}),
            [],
            0,
            f"0 findings; {RAN}, 1 resource.\n",
            "",
            id="pending deletion",
        ),
        pytest.param(
            preview(KEY_BAD, op="delete"),
            [],
            0,
            f"0 findings; {RAN}, 0 resources.\n",
            "",
            id="planned deletion",
        ),
    ],
)
def test_check(run: Run, content: Any, arguments: list[str], code: int, output: str, error: str) -> None:
    done = run("check", "--only", "TS-KMS-002", *arguments, state=content)
    assert (done.exit_code, done.stdout, done.stderr) == (code, output, error)


def test_a_database_is_judged_with_the_key_that_it_refers_to(run: Run) -> None:
    database = resource(
        DATABASE, "db", {"kmsKeyId": UNKNOWN}, propertyDependencies={"kmsKeyId": [URN.format(KEY, "key")]}
    )
    done = run("check", state=preview(KEY_BAD, database))
    assert (
        "TS-DB-002  aws.timestreamwrite.Database 'db' is encrypted with the key 'key', which never rotates"
        in done.stdout
    )
    assert "TS-DB-001" not in done.stdout


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param("", "not a state that Pulumi writes (Input data was truncated)", id="empty"),
        pytest.param(
            "[1]", "not a state that Pulumi writes (Expected `object`, got `array`)", id="another shape"
        ),
        pytest.param("{}", "holds no deployment, checkpoint or steps", id="another object"),
        pytest.param(
            "x" * 1000,
            "not a state that Pulumi writes (JSON is malformed: invalid character (byte 0))",
            id="text",
        ),
        pytest.param(
            export({**KEY_GOOD, "inputs": ["x"]}),
            f"not a state that Pulumi writes (the properties of {URN.format(KEY, 'key')} are not an object)",
            id="properties of another shape",
        ),
        pytest.param("[" * 100000, "not a state that Pulumi writes", id="very deep"),
        pytest.param(
            {"steps": [], "changeSummary": {}, "diagnostics": [{"message": "boom", "severity": "error"}]},
            "the preview failed, so what it shows is not the whole stack; mend the program and make it again "
            "with 'pulumi preview --json --show-sames > preview.json'",
            id="a preview of a program that failed",
        ),
        pytest.param(
            {"steps": [], "changeSummary": {"same": 3, "create": 1}},
            "the preview shows 0 of 4 steps, the rest cannot be judged",
            id="a preview that leaves out unchanged resources",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(run: Run, content: Any, error: str) -> None:
    done = run("check", state=content)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: state.json: {error}")
    assert "pulumi preview --json --show-sames" in done.stderr


ODD: list[Any] = [
    None,
    True,
    -1,
    1e308,
    "",
    "*",
    UNKNOWN,
    [],
    {},
    [[]],
    {"": None},
    "\ud83d\ude00",
    ["x" * 5000],
]


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_no_odd_value_breaks_the_check(data: st.DataObject) -> None:
    """A rule may break on it, which is then a finding; the check itself must not."""
    database = resource(DATABASE, "db", {"kmsKeyId": ARN})
    role = resource(ROLE, "role", {"inlinePolicies": [{"policy": {"Statement": [OWNER]}}]})
    alarm = resource(METRIC_ALARM, "alarm", {"namespace": "AWS/Timestream", "metricName": "SystemErrors"})
    found = data.draw(st.sampled_from([KEY_GOOD, database, role, alarm]))
    path = data.draw(st.sampled_from(list(leaves(found["inputs"]))))
    changed = {**found, "inputs": replaced(found["inputs"], path, data.draw(st.sampled_from(ODD)))}
    others = [other for other in (KEY_GOOD, database, role, alarm) if other is not found]
    state = parse(json.dumps(export(changed, *others)).encode(), "state.json")
    report = check([state], rules=rules_of("strict"))
    assert report.resources == 5
    assert json.loads(as_json.render(report))["schema"] == 1
    assert text.render(report)
    assert markdown.render(report)


def test_a_file_that_is_not_there(run: Run) -> None:
    done = run("check", "missing.json")
    assert (done.exit_code, done.stderr) == (2, "error: missing.json: No such file or directory\n")


def test_several_states_make_one_report_and_each_is_judged_alone(run: Run) -> None:
    database = resource(DATABASE, "db", {"kmsKeyId": ARN})
    alarms = [
        resource(METRIC_ALARM, metric, {
            "namespace": "AWS/Timestream", "metricName": metric, "dimensions": {"Operation": "Query"},
            "alarmActions": ["arn"],
        })
        for metric in ("SystemErrors", "UserErrors")
    ]  # fmt: skip
    together = run("check", "--only", "TS-CW-001", one=export(database, *alarms))
    apart = run("check", "--only", "TS-CW-001", one=export(database), two=export(*alarms))
    assert (together.exit_code, apart.exit_code) == (0, 1)
    assert apart.stdout.count("TS-CW-001") == 2


def test_json_is_the_contract(run: Run) -> None:
    done = run("check", "--only", "TS-KMS-002", "--format", "json", state=export(KEY_BAD))
    report = json.loads(done.stdout)
    assert report["schema"] == 1
    assert report["findings"] == [
        {
            "stack": "dev",
            "rule": "TS-KMS-002",
            "catalogue": ["KMS-01"],
            "severity": "high",
            "verdict": "fail",
            "urn": URN.format(KEY, "key"),
            "type": KEY,
            "name": "key",
            "at": "enableKeyRotation",
            "key": "enableKeyRotation",
            "message": "aws.kms.Key 'key' is never rotated",
            "fix": "Set enable_key_rotation=True and keep rotation_period_in_days at 365 or below.",
            "suppressed": None,
        }
    ]
    counts = {
        name: report["summary"][name] for name in ("fail", "undecided", "error", "high", "resources", "rules")
    }
    assert counts == {
        "fail": 1,
        "undecided": 0,
        "error": 0,
        "high": 1,
        "resources": 2,
        "rules": 1,
    }
    assert report["unchecked_types"] == {STACK: 1}
    assert report["tool"] == {"name": "timestream-policies", "version": __version__}
    assert len(report["input_sha256"][0]) == 64


def test_markdown_shows_hostile_names_as_they_are(run: Run) -> None:
    hostile = resource(KEY, "<script>|*x*", KEY_BAD["inputs"])
    done = run("check", "--format", "markdown", state=export(hostile))
    row = r"| high | TS-KMS-002 | aws.kms.Key '\<script\>\|\*x\*' is never rotated |"
    assert row in done.stdout


def test_no_secret_in_any_format(run: Run) -> None:
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": '"hunter2"',
    }
    for format_ in FORMATS:
        done = run("check", "--format", format_, state=export(resource(DATABASE, "db", {"kmsKeyId": secret})))
        assert "secret" in done.stdout
        assert "hunter2" not in done.stdout


def test_no_name_out_of_a_secret_map_in_any_format(run: Run) -> None:
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": '{"hunter2": "x"}',
    }
    alarm = resource(
        METRIC_ALARM,
        "alarm",
        {"namespace": "AWS/Timestream", "metricName": "UserErrors", "dimensions": secret},
    )
    for format_ in FORMATS:
        shown = run("check", "--format", format_, state=export(alarm)).stdout.replace("\\", "")
        assert "watches UserErrors by [secret], but it is published by Operation only" in shown
        assert "hunter2" not in shown


def test_the_report_can_go_to_a_file(run: Run, tmp_path: Path) -> None:
    done = run("check", "--only", "ts-kms-002", "--output", "report.txt", state=export(KEY_BAD))
    assert (done.exit_code, done.stdout) == (1, "")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == NEVER_ROTATED


def test_the_report_says_which_pack_ran(run: Run) -> None:
    summary = f"0 findings; {len(PACKS['strict'])} rules of the pack strict, 1 resource.\n"
    assert run("check", "--pack", "strict", state=export()).stdout == summary
    shown = run("check", "--pack", "strict", "--format", "markdown", state=export()).stdout
    assert shown == f"## Timestream policies\n\n{summary}"


def test_a_pack_that_is_not_there(run: Run) -> None:
    done = run("check", "--pack", "x", state=export())
    assert done.exit_code == 2
    assert "there is no pack 'x'; there are advisory, aws-timestream-security, baseline," in done.stderr


def test_list(run: Run) -> None:
    (line,) = [line for line in run("list").stdout.splitlines() if line.startswith("TS-DB-001 ")]
    assert line.startswith("TS-DB-001    high      Databases are encrypted with a customer managed key  [")
    assert {"baseline", "strict"} <= set(line.partition("[")[2].rstrip("]").split(", "))
    listed = json.loads(run("list", "--format", "json").stdout)
    assert listed["schema"] == 1
    assert [rule["id"] for rule in listed["rules"]] == sorted(RULES)


def test_explain(run: Run) -> None:
    text = run("explain", "ts-kms-002").stdout
    rule = RULES["TS-KMS-002"]
    for part in (
        rule.title,
        rule.why,
        rule.fix,
        "checkov: CKV_AWS_7",
        "cis-aws-db-2.0.0: 10.2",
        rule.links[0],
    ):
        assert part in text
    done = run("explain", "TS-XX-001")
    assert done.exit_code == 2
    assert "there is no rule 'TS-XX-001'; 'timestream-policies list' shows all" in done.stderr


def test_explain_says_which_actions_keep_every_resource(run: Run) -> None:
    text = run("explain", "TS-IAM-004").stdout
    assert (
        "Fix:    Name the database or table ARN in Resource; "
        "keep `*` for actions without one (DescribeEndpoints, SelectValues, CancelQuery, …).\n"
    ) in text
    assert text.endswith(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html\n"
    )


@pytest.mark.parametrize("command", [[], ["check"]])
def test_help_has_examples(run: Run, command: list[str]) -> None:
    assert "Examples:" in run(*command, "--help").stdout


COMMANDS = """\
Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
  check     Judge stacks in state files and previews.
  explain   Say what a RULE wants, why, and how to fix it.
  list      List all rules.
  packs     List the packs, and what is in them.
  schema    Print the JSON Schema of settings, suppressions or report.
  suppress  Write an entry that accepts a risk, to fill in.
"""


def test_the_help_shows_every_command_in_one_whole_line(run: Run) -> None:
    assert COMMANDS in run("-h").stdout


@pytest.mark.parametrize("command", ["check", "explain", "list", "packs", "schema", "suppress"])
def test_every_command_has_the_short_form_of_help(run: Run, command: str) -> None:
    done = run(command, "-h")
    assert (done.exit_code, done.stdout) == (0, run(command, "--help").stdout)


def test_the_help_names_the_packs(run: Run) -> None:
    shown = " ".join(run("check", "-h").stdout.split())
    assert "--pack PACK The rules to run; may be repeated. Default: baseline." in shown


def test_the_version_needs_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys; from timestream_policies.cli import main\n"
        "try: main(['--version'])\nexcept SystemExit: pass\n"
        "print(sorted({'msgspec', 'grpc', 'pulumi', 'rich', 'google.protobuf'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"timestream-policies, version {__version__}\n[]\n"


@pytest.mark.parametrize(
    "command",
    [[str(Path(sys.executable).with_name("timestream-policies-pack"))], [sys.executable, str(POLICIES)]],
    ids=["executable", "directory"],
)
@pytest.mark.parametrize(
    ("option", "output"),
    [
        ("-h", HELP),
        ("--help", HELP),
        ("--version", f"timestream-policies-pack, version {__version__}\n"),
    ],
)
def test_the_pack_answers_people_without_starting_a_server(
    command: list[str], option: str, output: str
) -> None:
    done = subprocess.run([*command, option], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, output, "")
    assert 'pulumi preview --policy-pack "$(command -v timestream-policies-pack)"' in HELP


def test_the_help_of_the_pack_loads_no_server() -> None:
    code = (
        "import sys; sys.argv = ['pack', '--help']; from timestream_policies.crossguard import main; main()\n"
        "print(sorted({'grpc', 'msgspec', 'timestream_policies.analyzer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{HELP}[]\n"


def test_the_checker_loads_neither_grpc_nor_pulumi() -> None:
    code = (
        "import sys, timestream_policies.states, timestream_policies.report, timestream_policies.packs\n"
        "print(sorted({'grpc', 'pulumi', 'pulumi_aws', 'google.protobuf'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_analyzer_does_not_run_the_initialiser_of_pulumi() -> None:
    code = (
        "import sys, timestream_policies.analyzer\n"
        "print(sorted({'pulumi', 'pulumi_aws', 'pulumi.runtime', 'pulumi.output'} & set(sys.modules)))\n"
        "import pulumi; print(hasattr(pulumi, 'ComponentResource'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\nTrue\n"
