from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.sandbox.services.resources import Resources


@cache
def new_client(service: str, region: str) -> Any:
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]


class InProcessAws:
    """AWS as a service file sees it, inside this process."""

    account = DEFAULT_ACCOUNT_ID
    region = "eu-west-1"
    partition = "aws"

    def client(self, service: str, region: str | None = None) -> Any:
        return new_client(service, region or self.region)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcessAws]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield InProcessAws()


@pytest.fixture
def resources(aws: InProcessAws) -> Resources:
    return Resources(aws)
