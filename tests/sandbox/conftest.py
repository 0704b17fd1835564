"""One sandbox and one provider for each test worker, emptied before each test."""

from collections.abc import Iterator

import pytest

from aws_sandbox.sandbox import Sandbox
from tests.sandbox.provider_client import ProviderClient


@pytest.fixture(scope="session")
def worker_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), region="eu-west-1") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def worker_provider(worker_sandbox: Sandbox) -> Iterator[ProviderClient]:
    with ProviderClient(worker_sandbox.aws_env) as client:
        client.configure()
        yield client


@pytest.fixture
def empty_sandbox(worker_sandbox: Sandbox) -> Sandbox:
    """Return the worker's sandbox without any resource."""
    worker_sandbox.reset()
    return worker_sandbox


@pytest.fixture
def provider(empty_sandbox: Sandbox, worker_provider: ProviderClient) -> ProviderClient:
    """Return a provider for eu-west-1 with no further configuration, on an empty sandbox."""
    return worker_provider
