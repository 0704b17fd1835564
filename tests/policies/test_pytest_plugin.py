"""The fixture for other teams: a program is judged as its first preview would be."""

import json
import re
import subprocess
import sys
import tomllib
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime import mocks, settings

from timestream_policies.mocked import Unanswered, policy_document, preview
from timestream_policies.packs import PACKS
from timestream_policies.pytest_plugin import TimestreamPolicies, UndecidedWarning
from timestream_policies.risk import accept_risk
from timestream_policies.settings import Settings, WrongSettings
from timestream_policies.stack import Stack
from timestream_policies.suppressions import WrongSuppressions
from timestream_policies.types import DATABASE, KEY, STACK

ROOT = Path(__file__).parents[2]
OWNER = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "kms:*",
    "Resource": "*",
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [OWNER]})
UNTIL = date.today() + timedelta(days=30)
pytest_plugins = ["pytester"]


class Metrics(pulumi.ComponentResource):
    """A component as any team might write it."""

    def __init__(self, name: str, *, rotate: bool = True, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("our:index:Metrics", name, {}, opts)
        inside = pulumi.ResourceOptions(parent=self, protect=True, ignore_changes=["description"])
        key = aws.kms.Key(name, enable_key_rotation=rotate, policy=POLICY, opts=inside)
        aws.timestreamwrite.Database(
            name, database_name=name, kms_key_id=key.arn, opts=pulumi.ResourceOptions(parent=self)
        )
        self.register_outputs({})


def made(program: Any, **more: Any) -> Stack:
    options: dict[str, Any] = {"project": "shop", "stack": "dev", "config": {}, "calls": {}, **more}
    return preview(program, **options)


def found(program: Any, **more: Any) -> list[str]:
    report = TimestreamPolicies().check(program, **more)
    return [f"{entry.rule.id} {entry.finding.name}" for entry in report.failed]


@pytest.fixture(autouse=True)
def packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKS, "one", ("TS-KMS-002",))
    monkeypatch.setitem(PACKS, "other", ("TS-SNS-001",))


def test_a_clean_component_passes_and_the_report_can_be_looked_at() -> None:
    report = TimestreamPolicies().assert_clean(lambda: Metrics("metrics"), settings={"packs": ["one"]})
    assert report.failed == []
    assert report.resources == 4


def test_what_is_wrong_is_found_by_reference_although_nothing_is_known() -> None:
    names = found(lambda: Metrics("metrics", rotate=False))
    assert {"TS-KMS-002 metrics", "TS-DB-002 metrics"} <= set(names)


def test_resources_come_as_the_engine_gets_them() -> None:
    stack = made(lambda: Metrics("metrics"))
    (key,), (database,) = stack.of_type(KEY), stack.of_type(DATABASE)
    assert key.urn == "urn:pulumi:dev::shop::our:index:Metrics$aws:kms/key:Key::metrics"
    assert database.parent == "urn:pulumi:dev::shop::our:index:Metrics::metrics"
    assert stack.urn == f"urn:pulumi:dev::shop::{STACK}::shop-dev"
    assert database.property_dependencies["kmsKeyId"] == (key.urn,)
    assert database.words("kmsKeyId").unknown is not None
    assert stack.behind(database, "kmsKeyId", KEY) == [key]
    assert key.options.protect
    assert key.options.ignore_changes == ("description",)
    assert key.flag("enableKeyRotation")


def test_names_of_nested_components_are_whole() -> None:
    class Outer(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("our:index:Outer", "o", {})
            Metrics("m", opts=pulumi.ResourceOptions(parent=self))

    (key,) = made(Outer).of_type(KEY)
    assert key.urn == "urn:pulumi:dev::shop::our:index:Outer$our:index:Metrics$aws:kms/key:Key::m"


def test_secrets_keep_their_mark() -> None:
    def program() -> None:
        aws.secretsmanager.SecretVersion(
            "token", secret_id="x", secret_string=pulumi.Output.secret("hunter2")
        )

    (version,) = made(program).of_type("aws:secretsmanager/secretVersion:SecretVersion")
    assert version.is_secret("secretString")


def test_what_is_only_looked_up_is_not_judged() -> None:
    def program() -> None:
        aws.kms.Key.get("theirs", "1234abcd-12ab-34cd-56ef-1234567890ab")

    (key,) = made(program).of_type(KEY)
    assert key.external
    assert found(program, pack="strict") == []


def test_outputs_are_unknown_and_the_program_sees_a_preview() -> None:
    seen: list[Any] = []

    def program() -> None:
        key = aws.kms.Key("k")
        key.arn.apply(seen.append)
        key.id.apply(seen.append)
        seen.append(pulumi.runtime.is_dry_run())

    made(program)
    assert seen == [True]


def test_configuration_and_names_are_the_tests_to_choose() -> None:
    seen: list[Any] = []

    def program() -> None:
        seen.extend([pulumi.Config().get("size"), pulumi.get_stack(), pulumi.get_project()])

    made(program, config={"shop:size": "small"})
    assert seen == ["small", "dev", "shop"]


def test_a_program_that_fails_fails_the_test_with_its_own_error() -> None:
    def program() -> None:
        raise KeyError("its own mistake")

    with pytest.raises(KeyError, match="its own mistake"):
        found(program)


def test_functions_are_answered_by_the_test_or_like_in_any_account() -> None:
    seen: list[Any] = []
    zones = "aws:index/getAvailabilityZones:getAvailabilityZones"

    def program() -> None:
        seen.append(aws.get_caller_identity().account_id)
        seen.append(aws.get_availability_zones().names)

    made(program, calls={zones: {"names": ["eu-west-1a"]}})
    assert seen == ["111122223333", ["eu-west-1a"]]
    with pytest.raises(Unanswered, match=r"the program calls .*getAvailabilityZones; say what it returns"):
        made(program)


def test_policy_documents_of_the_provider_are_judged_too() -> None:
    def program() -> None:
        everybody = aws.iam.get_policy_document(
            statements=[
                {
                    "actions": ["kms:*"],
                    "resources": ["*"],
                    "principals": [{"type": "*", "identifiers": ["*"]}],
                }
            ]
        )
        aws.kms.Key("open", enable_key_rotation=True, policy=everybody.json)

    assert "TS-KMS-001 open" in found(program)


def test_policy_documents_are_made_as_the_provider_makes_them() -> None:
    statement = {
        "sid": "A",
        "effect": "Deny",
        "notActions": ["s3:Get*"],
        "notResources": ["arn:aws:s3:::a"],
        "notPrincipals": [
            {"type": "AWS", "identifiers": ["a", "b"]},
            {"type": "Service", "identifiers": ["c"]},
        ],
        "conditions": [
            {"test": "StringEquals", "variable": "x", "values": ["1"]},
            {"test": "StringEquals", "variable": "y", "values": ["2"]},
        ],
    }
    made_of = policy_document({"policyId": "P", "statements": [statement, {"actions": ["s3:*"]}]})
    assert json.loads(made_of["json"]) == {
        "Version": "2012-10-17",
        "Id": "P",
        "Statement": [
            {
                "Sid": "A",
                "Effect": "Deny",
                "NotAction": ["s3:Get*"],
                "NotResource": ["arn:aws:s3:::a"],
                "NotPrincipal": {"AWS": ["a", "b"], "Service": ["c"]},
                "Condition": {"StringEquals": {"x": ["1"], "y": ["2"]}},
            },
            {"Effect": "Allow", "Action": ["s3:*"]},
        ],
    }
    with pytest.raises(Unanswered, match="merges policy documents"):
        policy_document({"sourcePolicyDocuments": ["{}"]})


def test_hooks_are_taken_and_not_run() -> None:
    def never(args: Any) -> None:
        raise AssertionError

    def program() -> None:
        hook = pulumi.ResourceHook("never", never, opts=pulumi.ResourceHookOptions(on_dry_run=True))
        aws.kms.Key("k", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook])))

    assert len(list(made(program).of_type(KEY))) == 1


class Own(mocks.Mocks):
    """What another test of the same team has set."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        return "own", {"arn": "own"}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


def test_mocks_that_other_tests_have_set_stay_as_they_are() -> None:
    mocks.set_mocks(Own(), project="theirs", preview=False)
    mine = settings.get_monitor()
    try:
        found(lambda: Metrics("metrics"))
        assert settings.get_monitor() is mine
        assert (pulumi.get_project(), pulumi.runtime.is_dry_run()) == ("theirs", False)
    finally:
        settings.reset_options()


# Packs, settings, suppressions.


def test_packs_and_settings_choose_what_is_judged() -> None:
    weak = lambda: Metrics("metrics", rotate=False)  # noqa: E731 - as tests write it
    assert found(weak, pack="one") == ["TS-KMS-002 metrics"]
    assert found(weak, pack="other") == []
    assert found(weak, settings=Settings(packs=("other",))) == []
    assert found(weak, pack=["other", "one"]) == ["TS-KMS-002 metrics"]
    with pytest.raises(WrongSettings, match="settings"):
        found(weak, settings={"pack": "x"})


ENTRY = {
    "rule": "TS-KMS-002",
    "resource": "urn:pulumi:test::*::metrics",
    "reason": "Rotation is done by hand until March",
    "owner": "us",
    "expires": UNTIL.isoformat(),
}


def test_risks_are_accepted_in_a_file_in_the_settings_and_in_the_program(tmp_path: Path) -> None:
    def weak() -> None:
        Metrics("metrics", rotate=False)

    def accepting() -> None:
        accept_risk(**ENTRY)
        weak()

    path = tmp_path / "suppressions.yaml"
    path.write_text(json.dumps([ENTRY]))
    for more in (
        {"suppressions": path},
        {"suppressions": str(path)},
        {"settings": {"suppressions": [ENTRY]}},
    ):
        assert "TS-KMS-002 metrics" not in found(weak, **more)
    assert "TS-KMS-002 metrics" not in found(accepting)
    assert "TS-KMS-002 metrics" in found(accepting, settings={"program_suppressions": "deny"})
    path.write_text(json.dumps([{**ENTRY, "resource": "*"}]))
    with pytest.raises(WrongSuppressions, match="covers every resource"):
        found(weak, suppressions=path)


# What the test sees.


def test_what_cannot_be_judged_warns_fails_or_is_left() -> None:
    def program() -> None:
        first = aws.kms.Key("first", enable_key_rotation=True)
        aws.kms.Key("second", enable_key_rotation=first.multi_region)

    judge = TimestreamPolicies().assert_clean
    with pytest.warns(
        UndecidedWarning, match="stack is made: aws.kms.Key 'second' cannot be judged: enableKey"
    ):
        judge(program, pack="one")
    for answer in ({"undecided": "fail"}, {"settings": {"undecided": "fail"}}):
        with pytest.raises(pytest.fail.Exception, match="Undecided, which is never a pass"):
            judge(program, pack="one", **cast("Any", answer))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judge(program, pack="one", undecided="ignore")


TESTS = """
import pulumi_aws as aws

def weak():
    aws.kms.Key("metrics", enable_key_rotation=False)

def test_weak(timestream_policies):
    timestream_policies.assert_clean(weak)

def test_sound(timestream_policies):
    timestream_policies.assert_clean(
        lambda: aws.kms.Key("metrics", enable_key_rotation=True), pack="influxdb"
    )
"""


def test_the_failure_is_the_report(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess("-p", "timestream_policies.pytest_plugin", "--tb=short")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "the stack is not clean",
            "HIGH*TS-KMS-002  aws.kms.Key 'metrics' is never rotated",
            "*urn: urn:pulumi:test::project::aws:kms/key:Key::metrics",
            "*fix: Set enable_key_rotation=True and keep rotation_period_in_days at 365 or below.",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_fixture_is_listed_with_its_use(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    result = pytester.runpytest_subprocess("-p", "timestream_policies.pytest_plugin", "--fixtures")
    result.stdout.fnmatch_lines(["timestream_policies*", "*Judge what a Pulumi program or component makes*"])


def test_pytest_finds_the_plug_in_and_loads_nothing_else() -> None:
    project = tomllib.loads((ROOT / "policies" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"timestream-policies": "timestream_policies.pytest_plugin"}
    code = (
        "import sys, pytest; before = set(sys.modules); import timestream_policies.pytest_plugin;"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('timestream')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_programs_of_the_pages_run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "testing-with-pytest.md").read_text(encoding="utf-8")
    first, second = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    program = "\n\ndef our_program():\n    assert len(aws.get_availability_zones().names) == 2\n\n\n"
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(first + program + second)
    result = pytester.runpytest_subprocess("-p", "timestream_policies.pytest_plugin")
    result.assert_outcomes(passed=3)


def test_the_risk_of_the_page_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "suppressions.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    code = compile(program.replace("2027-03-31", UNTIL.isoformat()), "<page>", "exec")
    report = TimestreamPolicies().check(lambda: exec(code, {}), pack="one")  # noqa: S102 - our own page
    (accepted,) = report.suppressed
    assert (accepted.rule.id, accepted.finding.name) == ("TS-KMS-002", "legacy")
