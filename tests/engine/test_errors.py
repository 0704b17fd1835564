"""What cannot work says why, without a stack trace."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests.engine.project import Project, Result

PROGRAM = """
from timestream_baseline import TimestreamBaseline

TimestreamBaseline("t", {"databases": {"metrics": {}}, "region": "%s"})
"""


def errors(result: Result) -> str:
    """Return what the CLI says at the end about a program that failed."""
    output = result.failed().output
    assert "Traceback" not in output
    assert ".py" not in output
    return output.partition("\nDiagnostics:\n")[2]


@pytest.mark.parametrize(
    ("region", "mistake"),
    [
        pytest.param("", "is not set; run pulumi config set aws:region eu-west-1", id="none"),
        pytest.param(
            "eu-central-1",
            "is eu-central-1, but the AWS provider has none; run pulumi config set aws:region eu-central-1",
            id="only that of the resources",
        ),
    ],
)
def test_a_stack_without_region_is_told_how_to_set_one(
    program: Callable[[str], Project], region: str, mistake: str
) -> None:
    project = program(PROGRAM % region)

    def without_region(config: dict[str, Any]) -> None:
        del config["aws:region"]

    project.configure(without_region)
    said = errors(project.preview())
    assert 'the arguments of TimestreamBaseline "t" have 1 mistake:' in said
    assert f"- region: {mistake}\n" in said


def test_an_aws_that_cannot_be_asked_is_one_sentence(program: Callable[[str], Project]) -> None:
    project = program(PROGRAM % "eu-west-1")
    nowhere = "http://127.0.0.1:9"
    environment = {**project.sandbox.env, "HTTPS_PROXY": nowhere, "https_proxy": nowhere}
    elsewhere: Any = SimpleNamespace(env=environment)
    said = errors(replace(project, sandbox=elsewhere).preview())
    assert (
        'error: TimestreamBaseline "t" cannot ask AWS who deploys: This is the sandbox\'s `aws` provider'
        in said
    )
