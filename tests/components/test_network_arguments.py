"""The section `network`: every mistake with its whole message, all at once."""

from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from tests.components.arns import ACCOUNT, REGION
from timestream_baseline.inputs import Place
from timestream_baseline.inputs.network import Network
from timestream_baseline.inputs.records import Record

TIMESTREAM = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database"
VPC, SUBNET = "vpc-0123456789abcdef0", "subnet-0000000a"
CLIENTS, ENDPOINT = "sg-0123456789abcdef0", "vpce-0123456789abcdef0"
NETWORK: Any = {"vpc_id": VPC, "subnet_ids": [SUBNET], "client_security_group_ids": [CLIENTS]}


def changed_network(**changes: Any) -> Any:
    return {key: value for key, value in {**NETWORK, **changes}.items() if value is not None}


def section(args: Any, *, camel: bool = False) -> list[str]:
    """Return the mistakes of the section `network`, as inside the baseline."""
    place = Place([], camel=camel).field("network")
    Record(Network, camel_only=camel).read(args, place)
    return [str(mistake) for mistake in place.mistakes]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(NETWORK, [], id="a VPC, a subnet and a client"),
        pytest.param({"existing": {"ingest_endpoint_id": ENDPOINT}}, [], id="an endpoint that exists"),
        pytest.param(
            changed_network(subnet_ids=None),
            ["network.subnet_ids: is missing; name subnets of vpc_id, one for each zone"],
            id="a VPC without subnets",
        ),
        pytest.param(
            changed_network(subnet_ids=[], client_security_group_ids=[]),
            [
                "network.subnet_ids: is missing; name subnets of vpc_id, one for each zone",
                "network: names no client, so that nobody could connect; give client_security_group_ids or "
                "client_cidrs",
            ],
            id="empty lists",
        ),
        pytest.param(
            changed_network(existing={"query_endpoint_id": ENDPOINT}),
            [
                "network.existing: stands beside vpc_id; endpoints are either named or made: keep one of the "
                "two"
            ],
            id="endpoints made and named",
        ),
        pytest.param(
            {"existing": {}},
            ["network.existing: names no endpoint; give ingest_endpoint_id or leave it out"],
            id="existing ones without name",
        ),
        pytest.param(
            {"existing": {"ingest_endpoint_id": "vpc-0123456789abcdef0"}},
            [
                'network.existing.ingest_endpoint_id: is the text "vpc-0123456789abcdef0"; give the id of an '
                "interface endpoint such as vpce-0123456789abcdef0"
            ],
            id="another id than an endpoint's",
        ),
        pytest.param(
            {"existing": {"ingest_endpoint_id": pulumi.Output.from_input(ENDPOINT)}},
            [
                "network.existing.ingest_endpoint_id: is an Output, but this value must be known before "
                "anything is created; give a plain value"
            ],
            id="a computed endpoint",
        ),
        pytest.param(
            {
                "subnet_ids": [SUBNET],
                "client_security_group_ids": [CLIENTS],
                "client_cidrs": ["10.0.0.0/16"],
                "also": ["kms"],
                "also_allow_databases": [f"{TIMESTREAM}/theirs"],
                "organization_id": "o-a1b2c3d4e5",
                "private_dns": False,
            },
            [
                f"network.{name}: says nothing without vpc_id; name the VPC or leave it out"
                for name in (
                    "subnet_ids",
                    "client_security_group_ids",
                    "client_cidrs",
                    "also",
                    "also_allow_databases",
                    "organization_id",
                    "private_dns",
                )
            ],
            id="settings of endpoints without a VPC",
        ),
        pytest.param(
            {
                "vpc_id": "vpc",
                "subnet_ids": [SUBNET, SUBNET, "subnet"],
                "client_security_group_ids": ["sg"],
                "client_cidrs": [
                    "10.0.0.0/8",
                    "10.0.0.1/16",
                    "0.0.0.0/0",
                    "::/0",
                    "everybody",
                    "10.0.0.1/99",
                    8,
                ],
                "ingest_cell": "cell-2",
                "query_cell": "ingest-cell3",
                "private_dns": "yes",
                "also": ["s3", "kms", "kms"],
                "also_allow_databases": ["metrics", f"{TIMESTREAM}/metrics/table/cpu"],
                "organization_id": "acme",
                "existing": {"ingest": ENDPOINT},
            },
            [
                'network.vpc_id: is the text "vpc"; give the id of a VPC such as vpc-0123456789abcdef0',
                'network.subnet_ids[2]: is the text "subnet"; '
                "give the id of a subnet such as subnet-0123456789abcdef0",
                f'network.subnet_ids[1]: repeats "{SUBNET}"; name it once',
                'network.client_security_group_ids[0]: is the text "sg"; '
                "give the id of a security group such as sg-0123456789abcdef0",
                'network.client_cidrs[1]: is "10.0.0.1/16", which AWS writes as 10.0.0.0/16; write it so',
                'network.client_cidrs[2]: is "0.0.0.0/0", which is everybody; '
                "name the addresses of the clients",
                'network.client_cidrs[3]: is "::/0", which is everybody; name the addresses of the clients',
                'network.client_cidrs[4]: is the text "everybody"; '
                "give a range of addresses such as 10.0.0.0/16",
                'network.client_cidrs[5]: is the text "10.0.0.1/99"; '
                "give a range of addresses such as 10.0.0.0/16",
                "network.client_cidrs[6]: is the number 8; give a range of addresses such as 10.0.0.0/16",
                'network.ingest_cell: is the text "cell-2"; give a cell such as "cell2" or "ingest-cell2"',
                'network.query_cell: is the text "ingest-cell3"; '
                'give a cell such as "cell2" or "query-cell2"',
                'network.private_dns: is the text "yes"; give true or false',
                'network.also[0]: is the text "s3"; give "kms" or "sts" or "logs" or "secretsmanager"',
                'network.also[2]: repeats "kms"; name it once',
                'network.also_allow_databases[0]: is the text "metrics"; '
                "give the ARN of a database (arn:aws:timestream:REGION:ACCOUNT:database/NAME)",
                f'network.also_allow_databases[1]: is the text "{TIMESTREAM}/metrics/table/cpu"; '
                "give the ARN of a database (arn:aws:timestream:REGION:ACCOUNT:database/NAME)",
                'network.organization_id: is the text "acme"; '
                "give the id of an organisation such as o-a1b2c3d4e5",
                "network.existing.ingest: is unknown; known are influxdb_endpoint_id, ingest_endpoint_id, "
                "query_endpoint_id",
                "network.existing: names no endpoint; give ingest_endpoint_id or leave it out",
            ],
            id="every mistake at once",
        ),
    ],
)
def test_mistakes_of_the_section(args: Any, expected: list[str]) -> None:
    assert section(args) == expected


def test_mistakes_are_spelled_as_the_caller_writes() -> None:
    assert section({"vpcId": VPC}, camel=True) == [
        "network.subnetIds: is missing; name subnets of vpcId, one for each zone",
        "network: names no client, so that nobody could connect; give clientSecurityGroupIds or clientCidrs",
    ]


def test_the_example_of_the_page_is_one_that_is_taken() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "network.md").read_text(encoding="utf-8")
    example = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    assert section(example["config"]["timestream-baseline:network"], camel=True) == []
