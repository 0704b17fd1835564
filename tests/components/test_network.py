"""Cells: what Timestream answers, and one readable sentence for each way it can fail."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pulumi
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from timestream_baseline.location import Location
from timestream_baseline.network import (
    DiscoveryError,
    discover_cells,
    endpoint_urls,
    stack_credentials,
)

PLACE = Location(partition="aws", region="eu-west-1", account="000000000000", caller_arn="")
HOSTS = {
    "timestream-write": "ingest-cell2.timestream.eu-west-1.amazonaws.com",
    "timestream-query": "query-cell3.timestream.eu-west-1.amazonaws.com",
}


class Answers:
    """What AWS answers to each service, and what it was asked with."""

    def __init__(self) -> None:
        self.account = "000000000000"
        self.hosts = dict(HOSTS)
        self.error: Exception | None = None
        self.sessions: list[dict[str, Any]] = []
        self.assumed: list[dict[str, Any]] = []


class Client:
    def __init__(self, answers: Answers, service: str) -> None:
        self.answers, self.service = answers, service

    def get_caller_identity(self) -> dict[str, str]:
        if isinstance(self.answers.error, NoCredentialsError):
            raise self.answers.error
        return {"Account": self.answers.account}

    def assume_role(self, **request: Any) -> dict[str, Any]:
        self.answers.assumed.append(request)
        return {"Credentials": {"AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T"}}

    def describe_endpoints(self) -> dict[str, Any]:
        if self.answers.error:
            raise self.answers.error
        host = self.answers.hosts[self.service]
        return {"Endpoints": [{"Address": host}] if host else []}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    answers = Answers()

    class Session:
        def __init__(self, **options: Any) -> None:
            answers.sessions.append(options)

        def client(self, service: str, *, config: Any) -> Client:
            return Client(answers, service)

    monkeypatch.setattr(boto3, "Session", Session)
    yield answers
    pulumi.runtime.set_all_config({})


def test_cells_are_those_that_timestream_answers(aws: Answers) -> None:
    assert discover_cells(["ingest", "query"], PLACE, {}) == {"ingest": "cell2", "query": "cell3"}
    assert aws.sessions == [{"region_name": "eu-west-1"}]


def test_only_the_cells_that_are_missing_are_asked_for(aws: Answers) -> None:
    aws.hosts["timestream-write"] = "never asked"
    assert discover_cells(["query"], PLACE, {}) == {"query": "cell3"}


def denied(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "not today"}}, "DescribeEndpoints")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"error": NoCredentialsError()}, "no AWS credentials were found", id="no credentials"),
        pytest.param(
            {"error": denied("AccessDeniedException")},
            "access denied (not today). The deploying role lacks timestream:DescribeEndpoints, or this "
            "account may not use LiveAnalytics, which has been closed to new customers since 2025-06-20",
            id="not allow-listed",
        ),
        pytest.param(
            {"error": denied("ThrottlingException")},
            "AWS answered ThrottlingException (not today)",
            id="another answer",
        ),
        pytest.param(
            {"error": EndpointConnectionError(endpoint_url="https://x")},
            'AWS could not be asked (Could not connect to the endpoint URL: "https://x")',
            id="no connection",
        ),
        pytest.param(
            {"hosts": {**HOSTS, "timestream-write": "ingest.timestream.eu-west-1.amazonaws.com"}},
            "Timestream answered the unexpected host 'ingest.timestream.eu-west-1.amazonaws.com'",
            id="a host without cell",
        ),
        pytest.param(
            {"hosts": {**HOSTS, "timestream-query": "query-cell3.timestream.us-east-1.amazonaws.com"}},
            "Timestream answered the unexpected host 'query-cell3.timestream.us-east-1.amazonaws.com'",
            id="a host of another region",
        ),
        pytest.param(
            {"hosts": {**HOSTS, "timestream-query": ""}},
            "Timestream answered the unexpected host ''",
            id="no host",
        ),
        pytest.param(
            {"account": "111122223333"},
            "the credentials found here belong to account 111122223333, the stack to 000000000000",
            id="another account",
        ),
    ],
)
def test_each_failure_is_one_readable_sentence(aws: Answers, change: dict[str, Any], message: str) -> None:
    vars(aws).update(change)
    with pytest.raises(DiscoveryError) as caught:
        discover_cells(["ingest", "query"], PLACE, {})
    assert str(caught.value) == message


def test_the_credentials_are_those_of_the_stack(aws: Answers) -> None:
    roles = [{"roleArn": "arn:aws:iam::000000000000:role/deployer", "externalId": "42"}]
    pulumi.runtime.set_all_config({"aws:profile": "prod", "aws:assumeRoles": json.dumps(roles)})
    discover_cells(["ingest"], PLACE, stack_credentials())
    assert aws.sessions == [
        {"region_name": "eu-west-1", "profile_name": "prod"},
        {
            "region_name": "eu-west-1",
            "aws_access_key_id": "A",
            "aws_secret_access_key": "S",
            "aws_session_token": "T",
        },
    ]
    assert aws.assumed == [
        {
            "RoleArn": "arn:aws:iam::000000000000:role/deployer",
            "RoleSessionName": "timestream-baseline",
            "ExternalId": "42",
        }
    ]


@pytest.mark.parametrize(
    ("partition", "region", "url"),
    [
        ("aws", "eu-west-1", "https://ingest-cell2.timestream.eu-west-1.amazonaws.com"),
        ("aws-us-gov", "us-gov-west-1", "https://ingest-cell2.timestream.us-gov-west-1.amazonaws.com"),
        ("aws-cn", "cn-north-1", "https://ingest-cell2.timestream.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_endpoint_urls_know_partitions(partition: str, region: str, url: str) -> None:
    place = Location(partition=partition, region=region, account="000000000000", caller_arn="")
    assert endpoint_urls({"ingest": "cell2"}, place) == {"ingest": url}
