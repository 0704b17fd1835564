"""One sandbox for each test worker, emptied before each test; every test has its own project directory."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aws_sandbox.sandbox import Sandbox
from tests.engine import project
from tests.engine.leftovers import wait_for_none

SMALL = {
    "timestream-baseline:databases": {
        "metrics": {"tables": {"cpu": {"memoryRetentionHours": 24, "magneticRetentionDays": 365}, "disk": {}}}
    },
    "timestream-baseline:access": {
        "writers": {"ingest": {"trust": {"services": ["lambda.amazonaws.com"]}}},
        "readers": {"dashboards": {"trust": {"services": ["ec2.amazonaws.com"]}}},
    },
    # Trail, backups, events and dashboard have tests of their own: without them every other test is quick.
    "timestream-baseline:monitoring": {"changeEvents": False, "dashboard": False},
    "timestream-baseline:audit": {"trail": "none"},
    "timestream-baseline:backup": {"enabled": False},
    "timestream-baseline:protectData": False,
}


@pytest.fixture(scope="session")
def worker_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(worker_sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return the worker's sandbox without any resource or stack; no process may be left after it."""
    worker_sandbox.reset()
    backend = worker_sandbox.directory / "state"
    shutil.rmtree(backend)
    backend.mkdir()
    yield worker_sandbox
    wait_for_none(worker_sandbox)


@pytest.fixture
def baseline(tmp_path: Path, sandbox: Sandbox) -> project.Project:
    """Return the root program with one database, two tables, a writer and a reader; protection off."""
    made = project.root_program(tmp_path / "baseline", sandbox)

    def small(config: dict[str, Any]) -> None:
        for key in [key for key in config if key.startswith("timestream-baseline:")]:
            del config[key]
        config.update(SMALL)

    made.configure(small)
    return made


@pytest.fixture
def program(tmp_path: Path, sandbox: Sandbox) -> Callable[[str], project.Project]:
    """Return a maker of small projects from the text of their program."""

    def make(source: str) -> project.Project:
        return project.program(tmp_path / "program", sandbox, source)

    return make
