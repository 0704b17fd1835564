from functools import cache
from typing import Any

import pytest

from aws_sandbox.account import ACCOUNT
from aws_sandbox.sandbox import Sandbox
from tests.sandbox.services.resources import Resources


class AwsOfSandbox:
    """AWS as a service file sees it, without the provider."""

    account = ACCOUNT
    region = "eu-west-1"
    partition = "aws"

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def client(self, service: str, region: str | None = None) -> Any:
        return _client(self._sandbox, service, region or self.region)


@cache
def _client(sandbox: Sandbox, service: str, region: str) -> Any:
    return sandbox.client(service, region)


@pytest.fixture
def aws(empty_sandbox: Sandbox) -> AwsOfSandbox:
    return AwsOfSandbox(empty_sandbox)


@pytest.fixture
def resources(aws: AwsOfSandbox) -> Resources:
    return Resources(aws)
