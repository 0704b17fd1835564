"""One sandbox for each test process, emptied before each test that asks for it."""

from collections.abc import Iterator

import pytest
from aws_sandbox.sandbox import Sandbox


@pytest.fixture(scope="session")
def session_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(session_sandbox: Sandbox) -> Sandbox:
    session_sandbox.reset()
    return session_sandbox
