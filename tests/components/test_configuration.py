"""Stack configuration becomes arguments; nothing in the project's namespace is overlooked."""

import asyncio
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from timestream_baseline.configuration import arguments_from
from timestream_baseline.inputs import ArgumentsError, Baseline, baseline_settings
from timestream_baseline.inputs.baseline import Baseline as Settings
from timestream_baseline.inputs.mistakes import camel_case

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "timestream-baseline"


def settings(configuration: dict[str, str]) -> Baseline:
    return baseline_settings("baseline", arguments_from(PROJECT, configuration))


def as_the_engine_sends(config: dict[str, Any]) -> dict[str, str]:
    """Values reach a program as text: structured ones and booleans as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


def test_every_argument_of_the_contract_is_a_typed_key_with_a_default() -> None:
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert project["name"] == PROJECT
    arguments = [field.name for field in fields(Settings)]
    assert sorted(project["config"]) == sorted(camel_case(name) for name in arguments)
    for key, declared in project["config"].items():
        assert {"type", "description", "default"} <= declared.keys(), key


def test_the_defaults_of_the_project_are_those_of_the_component() -> None:
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    defaults = {f"{PROJECT}:{key}": declared["default"] for key, declared in project["config"].items()}
    databases: dict[str, Any] = {f"{PROJECT}:databases": {"metrics": {}}}
    assert settings(as_the_engine_sends({**defaults, **databases})) == settings(
        as_the_engine_sends(databases)
    )


def test_the_sandbox_stack_is_valid_and_can_be_thrown_away() -> None:
    stack = yaml.safe_load((ROOT / "Pulumi.sandbox.yaml").read_text(encoding="utf-8"))
    assert stack["config"]["aws:allowedAccountIds"] == ["000000000000"]
    assert stack["config"]["aws:region"] == "eu-west-1"
    assert stack["encryptionsalt"].startswith("v1:")
    found = settings(as_the_engine_sends(stack["config"]))
    assert sorted(found.databases) == ["fleet", "metrics"]
    assert found.protect_data is False
    assert found.access.writers
    assert found.access.readers


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param(
            "protect_data", "false", "protect_data: is unknown; did you mean protectData?", id="snake_case"
        ),
        pytest.param("database", "{}", "database: is unknown; did you mean databases?", id="a misspelt key"),
        pytest.param(
            "protectData", "no", 'protectData: is the text "no"; give true or false', id="no boolean"
        ),
        pytest.param("tags", "[]", "tags: is a list; give a map", id="no map"),
    ],
)
def test_wrong_keys_and_values_are_named(key: str, value: str, expected: str) -> None:
    with pytest.raises(ArgumentsError) as caught:
        settings({f"{PROJECT}:databases": '{"metrics": {}}', f"{PROJECT}:{key}": value})
    assert [str(mistake) for mistake in caught.value.mistakes] == [expected]


def test_keys_of_other_projects_are_theirs() -> None:
    assert settings({f"{PROJECT}:databases": '{"metrics": {}}', "aws:region": "eu-west-1", "other:x": "y"})


QUERY = "SELECT * FROM payroll.salaries"
SECRETLY_QUERIED: dict[str, Any] = {
    f"{PROJECT}:databases": {"metrics": {"tables": {"cpu": {}}}},
    f"{PROJECT}:scheduledQueries": {
        "hourly": {
            "query": QUERY,
            "schedule": "rate(1 hour)",
            "sources": ["metrics/cpu"],
            "target": {
                "table": "metrics/cpu",
                "timeColumn": "hour",
                "dimensions": {"host": "VARCHAR"},
                "measures": {"load": {"type": "DOUBLE"}},
                "measureName": "load",
            },
        }
    },
}


def test_what_may_be_computed_stays_secret_under_a_secret_key() -> None:
    arguments = arguments_from(
        PROJECT, as_the_engine_sends(SECRETLY_QUERIED), secrets=[f"{PROJECT}:scheduledQueries"]
    )

    async def secret() -> bool:
        query = baseline_settings("baseline", arguments).scheduled_queries["hourly"].query
        assert isinstance(query, pulumi.Output)
        return await query.is_secret()

    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(secret())
    finally:
        loop.close()


def test_a_mistake_under_a_secret_key_shows_nothing_of_it() -> None:
    wrong = {**SECRETLY_QUERIED, f"{PROJECT}:databases": {"m": {"keyArn": "s3cr3t"}}}
    arguments = arguments_from(PROJECT, as_the_engine_sends(wrong), secrets=[f"{PROJECT}:databases"])
    with pytest.raises(ArgumentsError) as caught:
        baseline_settings("baseline", arguments)
    assert "s3cr3t" not in str(caught.value)
    assert str(caught.value.mistakes[0]) == (
        "databases.m: has a mistake; what is wrong is not shown, since databases is a secret in the "
        "configuration (docs/inputs.md says what it takes)"
    )
