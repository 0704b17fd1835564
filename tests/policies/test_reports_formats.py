"""Every format: what it must hold, that names are shown as they are, and that no secret gets into it."""

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import yaml
from jsonschema import Draft4Validator

from tests.policies.states_of_keys import (
    BAD,
    GOOD,
    HOSTILE,
    OPEN,
    ROTATION,
    SECRET,
    Run,
    export,
    key,
    preview,
    runner,
)
from timestream_policies import __version__
from timestream_policies.cli import FORMATS
from timestream_policies.coverage import coverage
from timestream_policies.evaluation import Verdict
from timestream_policies.frameworks import AWS_TIMESTREAM, CIS_DATABASES, FRAMEWORKS, frameworks_of
from timestream_policies.packs import rules_of
from timestream_policies.report import check
from timestream_policies.rules import RULES
from timestream_policies.states import parse
from timestream_policies.types import DATABASE, METRIC_ALARM

SARIF = Draft4Validator(json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_bytes()))
SOON = date.today() + timedelta(days=30)
RISK: dict[str, Any] = {
    "rule": ROTATION,
    "resource": "*::accepted",
    "reason": "Signed off | in the <review> of this year",
    "owner": "data@example.com",
    "expires": SOON,
}
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "risks.yaml").write_text(yaml.safe_dump([RISK]), encoding="utf-8")
    return runner(tmp_path)


def shown(run: Run, format_: str, *arguments: str, **files: Any) -> str:
    done = run("check", "--format", format_, *arguments, **files)
    assert done.exit_code in (0, 1, 3), done.output
    return done.stdout


def everything(run: Run, format_: str) -> str:
    """Return a report on a failure, something undecided and an accepted risk."""
    content = export(GOOD, BAD, OPEN, key("accepted", False))
    return shown(run, format_, "--only", ROTATION, "--suppressions", "risks.yaml", state=content)


def sarif_run(text: str) -> dict[str, Any]:
    content = json.loads(text)
    SARIF.validate(content)
    (found,) = content["runs"]
    return dict(found)


def test_sarif_has_every_entry_where_it_is(run: Run) -> None:
    found = sarif_run(everything(run, "sarif"))
    states = {
        result["locations"][0]["logicalLocations"][0]["name"]: (
            result["kind"],
            result["level"],
            [one["justification"] for one in result["suppressions"]],
        )
        for result in found["results"]
    }
    assert states == {
        "bad": ("fail", "error", []),
        "open": ("open", "none", []),
        "accepted": ("fail", "error", [RISK["reason"]]),
    }
    assert found["tool"]["driver"]["rules"][0]["id"] == ROTATION
    (location,) = found["results"][1]["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "state.json"}}


@pytest.mark.parametrize(
    ("options", "file"),
    [
        ((), "telemetry/my%20store.py"),
        (("--source-root", "infra/"), "infra/telemetry/my%20store.py"),
        (("--source-root", "."), "telemetry/my%20store.py"),
    ],
)
def test_sarif_points_to_the_line_of_the_program(run: Run, options: tuple[str, ...], file: str) -> None:
    placed = {**BAD, "sourcePosition": "project:///telemetry/my store.py#31"}
    (result,) = sarif_run(shown(run, "sarif", "--only", ROTATION, *options, s=export(placed)))["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": file},
        "region": {"startLine": 31},
    }


def test_sarif_fingerprints_outlive_the_message_and_tell_resources_apart(run: Run) -> None:
    results = sarif_run(shown(run, "sarif", "--only", ROTATION, s=export(BAD, key("worse", False))))[
        "results"
    ]
    prints = [result["partialFingerprints"]["timestreamPolicies/v1"] for result in results]
    again = sarif_run(shown(run, "sarif", "--only", ROTATION, t=export(BAD)))["results"]
    assert len(set(prints)) == 2
    assert again[0]["partialFingerprints"]["timestreamPolicies/v1"] == prints[0]


def test_sarif_of_all_rules_is_valid(run: Run) -> None:
    found = sarif_run(shown(run, "sarif", "--pack", "strict", "--pack", "advisory", s=export(BAD, OPEN)))
    assert len(found["tool"]["driver"]["rules"]) == len(RULES)


def xml(text: str) -> Xml.Element:
    return Xml.fromstring(text)  # noqa: S314 - our own report


def cases(text: str) -> dict[str, list[str]]:
    return {str(case.get("name")): [child.tag for child in case] for case in xml(text).iter("testcase")}


def test_junit_has_a_case_for_every_entry(run: Run) -> None:
    text = everything(run, "junit")
    assert cases(text) == {
        f"{ROTATION} bad enableKeyRotation": ["failure"],
        f"{ROTATION} open": ["error"],
        f"{ROTATION} accepted enableKeyRotation": ["skipped"],
    }
    suites = xml(text)
    counted = {name: suites.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counted == {"tests": "3", "failures": "1", "errors": "1", "skipped": "1"}


def test_junit_skips_what_is_undecided_where_that_is_no_failure(run: Run) -> None:
    assert cases(shown(run, "junit", "--only", ROTATION, s=preview(OPEN))) == {
        f"{ROTATION} open": ["skipped"]
    }


def test_junit_has_a_suite_for_each_stack_and_a_case_for_each_rule_that_passed(run: Run) -> None:
    other = export(key("bad", False, "prod"), stack="prod")
    suites = xml(shown(run, "junit", "--only", ROTATION, a=export(GOOD), b=other))
    found = {
        suite.get("name"): [case.get("name") for case in suite.iter("testcase")]
        for suite in suites.iter("testsuite")
    }
    assert found == {
        "dev": [f"{ROTATION} {RULES[ROTATION].title}"],
        "prod": [f"{ROTATION} bad enableKeyRotation"],
    }


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_one_file_without_script(run: Run) -> None:
    text = everything(run, "html")
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & {
        tag for tag, _ in page.elements
    }
    for _, attributes in page.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")
        ]
        assert str(attributes.get("href", "https://docs.aws.amazon.com/")).startswith(
            "https://docs.aws.amazon.com/"
        )
    assert "url(" not in text
    assert "@import" not in text


def test_html_holds_all_that_a_reviewer_asks_for(run: Run) -> None:
    text = " ".join(Page(everything(run, "html")).text.split())
    sha256 = json.loads(everything(run, "json"))["input_sha256"][0]
    for part in (
        "aws.kms.Key 'bad' is never rotated",
        f"Fix: {RULES[ROTATION].fix}",
        "enableKeyRotation is false",
        "aws.kms.Key 'open' cannot be judged: enableKeyRotation is not known yet",
        f"{SOON.isoformat()} data@example.com",
        RISK["reason"],
        "10.9 no rule" if not RULES_FOR_REVIEW else "10.9",
        "Process: people review",
        f"timestream-policies {__version__}",
        f"sha256 {sha256}",
    ):
        assert part in text
    # What was accepted is read before anything else.
    assert text.index("data@example.com") < text.index("'bad' is never rotated")


RULES_FOR_REVIEW = [rule for rule in RULES.values() if "10.9" in rule.controls.get(CIS_DATABASES, ())]


def test_html_shows_what_a_control_is_worth(run: Run) -> None:
    report = check([parse(json.dumps(export(BAD)).encode(), "s.json")], rules=rules_of("strict"))
    found = {one.framework.id: {c.control.id: c.state for c in one.controls} for one in coverage(report)}
    assert found[CIS_DATABASES]["10.2"] == "failed"
    clean = check([parse(json.dumps(export()).encode(), "s.json")], rules=[RULES[ROTATION]])
    other = {one.framework.id: {c.control.id: c.state for c in one.controls} for one in coverage(clean)}
    assert other[CIS_DATABASES]["10.10"] == "did not run"
    assert other[CIS_DATABASES]["10.2"] == "nothing to judge"


def test_a_known_finding_does_not_make_a_control_look_met() -> None:
    report = check([parse(json.dumps(export(BAD, GOOD)).encode(), "s.json")], rules=[RULES[ROTATION]])
    report.counts[ROTATION][Verdict.FAIL] -= 1
    report.known[ROTATION] += 1
    report.entries.clear()
    found = {one.framework.id: {c.control.id: c.state for c in one.controls} for one in coverage(report)}
    assert found[CIS_DATABASES]["10.2"] == "failed"


def test_frameworks_know_every_control_that_rules_name() -> None:
    named = {(name, c) for rule in RULES.values() for name, ids in rule.controls.items() for c in ids}
    known = {(f.id, c.id) for f in frameworks_of(RULES.values()).values() for c in f.controls}
    assert named <= known
    for framework in (CIS_DATABASES, AWS_TIMESTREAM):
        ids = {control.id for control in FRAMEWORKS[framework].controls}
        assert {c for name, c in named if name == framework} <= ids, "a control that does not exist"
    assert [c.id for c in FRAMEWORKS[CIS_DATABASES].controls] == [f"10.{n}" for n in range(1, 11)]


def test_a_control_without_a_rule_says_why() -> None:
    named = {(name, c) for rule in RULES.values() for name, ids in rule.controls.items() for c in ids}
    for framework in FRAMEWORKS.values():
        for control in framework.controls:
            assert (framework.id, control.id) in named or control.reason


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_names_are_shown_as_they_are(run: Run, format_: str) -> None:
    text = shown(
        run, format_, "--only", ROTATION, s=export(key(HOSTILE, False), key(f"{HOSTILE}2", "no idea"))
    )
    assert not UNSEEN.search(text), "a character that nobody sees got through"
    if format_ == "html":
        assert "script" not in {tag for tag, _ in Page(text).elements}
        assert "<script>alert(1)</script>|`x`" in Page(text).text
    elif format_ == "json":
        assert {found["name"] for found in json.loads(text)["findings"]} == {HOSTILE, f"{HOSTILE}2"}
    elif format_ == "sarif":
        assert len(sarif_run(text)["results"]) == 2
    elif format_ == "junit":
        assert len(cases(text)) == 2
        assert "<script>" not in text
    elif format_ == "markdown":
        assert not re.search(
            r"(?<!\\)[<>|`\[\]](?!\s|\Z)", re.sub(r"^\|.*?\| | \|", "", text.split("|---|")[2])
        )
    else:
        assert "\\x1b[31m" in text


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_stacks_files_and_properties_are_shown_as_they_are(
    run: Run, tmp_path: Path, format_: str
) -> None:
    state = json.loads(json.dumps(export(BAD)).replace("urn:pulumi:dev::", "urn:pulumi:<q>\\u001b[31m::"))
    name = "<q>\x1b[31m.json"
    (tmp_path / name).write_text(json.dumps(state), encoding="utf-8")
    text = shown(run, format_, "--only", ROTATION, name)
    assert not UNSEEN.search(text)
    if format_ in ("html", "junit"):
        assert "<q>" not in text
    if format_ == "sarif":
        sarif_run(text)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("mark", [{"plaintext": '"hunter2"'}, {"value": "hunter2"}])
def test_no_secret_in_any_format(run: Run, format_: str, mark: dict[str, str]) -> None:
    secret = {**SECRET, **mark}
    database = {
        **BAD,
        "type": DATABASE,
        "urn": BAD["urn"].replace("kms/key:Key", "timestreamwrite/database:Database"),
    }
    database["inputs"] = {"kmsKeyId": secret}
    alarm = {
        **BAD,
        "type": METRIC_ALARM,
        "urn": BAD["urn"].replace("kms/key:Key", "cloudwatch/metricAlarm:MetricAlarm"),
    }
    alarm["inputs"] = {"namespace": "AWS/Timestream", "metricName": "UserErrors", "dimensions": {"x": secret}}
    rotated = key("k", secret)
    text = shown(run, format_, "--pack", "strict", s=export(database, alarm, rotated))
    assert "TS-" in text
    assert "hunter2" not in text


def test_evidence_is_the_value_and_never_a_secret(run: Run) -> None:
    text = Page(
        shown(run, "html", "--only", ROTATION, s=export(key("k", {**SECRET, "plaintext": "false"})))
    ).text
    assert "enableKeyRotation is [secret]" in " ".join(text.split())


def test_a_rule_that_broke_is_an_error_in_every_format(run: Run) -> None:
    odd = export(key("odd", "no idea"))
    done = run("check", "--only", ROTATION, "--severity", "critical", s=odd)
    assert done.exit_code == 1, "what broke counts whatever the severity"
    assert "ERROR" in done.stdout
    assert "rule broke" in Page(shown(run, "html", "--only", ROTATION, s=odd)).text
    assert sarif_run(shown(run, "sarif", "--only", ROTATION, s=odd))["results"][0]["level"] == "error"
    assert list(cases(shown(run, "junit", "--only", ROTATION, s=odd)).values()) == [["error"]]


def test_markdown_fits_into_a_comment(run: Run) -> None:
    many = export(*(key(f"key{number}", False) for number in range(1000)))
    text = shown(run, "markdown", "--only", ROTATION, s=many)
    assert "800 more findings are not shown here" in text
    assert len(text) < 65_536
