"""Cells: what Timestream answers, and one readable sentence for each way it can fail."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pulumi
import pulumi_aws
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import Deployment, deploy
from timestream_baseline.endpoints import PrivateEndpoints
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs
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
        self.limits: list[tuple[float, float]] = []
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

        def client(self, service: str, *, config: Config) -> Client:
            answers.limits.append((config.connect_timeout, config.read_timeout))  # type: ignore[attr-defined]
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


def test_influxdb_has_a_url_without_cell() -> None:
    assert endpoint_urls({}, PLACE, influxdb=True) == {
        "influxdb": "https://timestream-influxdb.eu-west-1.amazonaws.com"
    }


def test_no_call_hangs_where_aws_cannot_be_reached(aws: Answers) -> None:
    discover_cells(["ingest", "query"], PLACE, {"assumeRole": {"roleArn": "arn:aws:iam::0:role/x"}})
    assert len(aws.limits) == 4
    assert set(aws.limits) == {(5, 10)}


DATABASES: Any = [f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics"]
ALONE: Any = {"database_arns": DATABASES}


class TestPrivateEndpointsAlone:
    """What holds for the baseline holds for the part that finds cells."""

    def made(self, args: Any, *, with_provider: bool = False) -> Deployment:
        def program() -> dict[str, pulumi.Output[Any]]:
            options = pulumi.ResourceOptions()
            if with_provider:
                options = pulumi.ResourceOptions(providers=[pulumi_aws.Provider("other", region=REGION)])
            part = PrivateEndpoints("baseline", args, options)
            return {"cells": part.cells, "urls": part.endpoint_urls}

        return deploy(program)

    @pytest.mark.parametrize(
        ("args", "advice"),
        [
            pytest.param(
                ALONE,
                'discovered ingest cell2, query cell3; to pin them, give "ingest_cell": "cell2", '
                '"query_cell": "cell3"',
                id="a program",
            ),
            pytest.param(
                CamelCaseArgs({"databaseArns": DATABASES}),
                'discovered ingest cell2, query cell3; to pin them, give "ingestCell": "cell2", '
                '"queryCell": "cell3"',
                id="another language",
            ),
            pytest.param(
                {**ALONE, "query_cell": "cell3"},
                'discovered ingest cell2; to pin them, give "query_cell": "cell3", "ingest_cell": "cell2"',
                id="a program that names one",
            ),
        ],
    )
    def test_cells_are_discovered_and_one_line_says_how_to_pin_them(
        self, aws: Answers, args: Any, advice: str
    ) -> None:
        made = self.made(args)
        assert made.outputs["cells"] == {"ingest": "cell2", "query": "cell3"}
        assert made.outputs["urls"]["query"] == "https://query-cell3.timestream.eu-west-1.amazonaws.com"
        assert [message for level, message in made.log if level == "info"] == [advice]

    def test_pinned_cells_are_not_asked_for_and_nothing_is_said(self, aws: Answers) -> None:
        made = self.made({**ALONE, "ingest_cell": "cell2", "query_cell": "query-cell3"})
        assert aws.sessions == []
        assert [message for level, message in made.log if level == "info"] == []

    def test_without_databases_nothing_is_discovered(self, aws: Answers) -> None:
        made = self.made({"influxdb": True})
        assert aws.sessions == []
        assert made.outputs["cells"] == {}

    @pytest.mark.parametrize(
        ("change", "with_provider", "reason"),
        [
            pytest.param(
                {},
                True,
                "the component has a provider of its own, whose credentials cannot be read from here",
                id="a provider of its own",
            ),
            pytest.param(
                {"account": "111122223333"},
                False,
                "the credentials found here belong to account 111122223333, the stack to 000000000000",
                id="another account",
            ),
            pytest.param({"error": NoCredentialsError()}, False, "no AWS credentials were found", id="none"),
            pytest.param(
                {"hosts": {**HOSTS, "timestream-write": "elsewhere.example"}},
                False,
                "Timestream answered the unexpected host 'elsewhere.example'",
                id="an unexpected host",
            ),
        ],
    )
    def test_what_cannot_be_discovered_has_to_be_given(
        self, aws: Answers, change: dict[str, Any], with_provider: bool, reason: str
    ) -> None:
        vars(aws).update(change)
        with pytest.raises(ArgumentsError) as caught:
            self.made(ALONE, with_provider=with_provider)
        assert str(caught.value) == (
            'the arguments of PrivateEndpoints "baseline" have 2 mistakes:\n'
            f"  - ingest_cell: is not given and cannot be discovered: {reason}. Give the cell that "
            "`aws timestream-write describe-endpoints --region eu-west-1` answers, for example cell1\n"
            f"  - query_cell: is not given and cannot be discovered: {reason}. Give the cell that "
            "`aws timestream-query describe-endpoints --region eu-west-1` answers, for example cell1"
        )
