"""The component package as the engine talks to it: schema, mistakes, computed values."""

import json
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from tests.components.arns import ACCOUNT, REGION
from tests.components.hosting import (
    COMPONENTS,
    OUTPUT_VALUE,
    SECRET,
    SIGNATURE,
    TYPE,
    Package,
    secret,
    serving,
    unknown,
)
from tests.components.recorder import UNKNOWN

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
CELLS = {"ingestCell": "cell2", "queryCell": "cell3"}


@pytest.fixture(scope="module")
def running() -> Iterator[Package]:
    with serving() as package:
        yield package


@pytest.fixture
def package(running: Package) -> Package:
    running.monitor.registered.clear()
    running.monitor.refusal = ""
    return running


def minimal(**changes: Any) -> dict[str, Any]:
    return {
        "databases": {"metrics": {"tables": {"cpu": {"memoryRetentionHours": 24}}}},
        "network": CELLS,
        **changes,
    }


def test_the_schema_is_the_one_that_is_kept(package: Package) -> None:
    """To accept a change: `make docs`."""
    schema = json.loads(package.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    assert schema == json.loads((COMPONENTS / "schema.json").read_text(encoding="utf-8"))


def test_the_schema_depends_on_no_other_package_and_documents_every_field() -> None:
    schema = json.loads((COMPONENTS / "schema.json").read_text(encoding="utf-8"))
    assert schema["name"] == "timestream-baseline"
    assert schema["dependencies"] == []
    component = schema["resources"][TYPE]
    declared = [
        component["inputProperties"],
        component["properties"],
        *(t["properties"] for t in schema["types"].values()),
    ]
    assert [
        name for properties in declared for name, it in properties.items() if not it.get("description")
    ] == []
    assert component["requiredInputs"] == []


def test_numbers_that_arrive_as_floats_and_defaults_reach_the_table(package: Package) -> None:
    state = package.construct(minimal())
    assert package.monitor.registered["Table tel-metrics/cpu"]["retentionProperties"] == {
        "memoryStoreRetentionPeriodInHours": 24.0,
        "magneticStoreRetentionPeriodInDays": 365.0,
    }
    assert state["cells"] == {"ingest": "cell2", "query": "cell3"}
    assert state["endpointUrls"]["ingest"] == "https://ingest-cell2.timestream.eu-west-1.amazonaws.com"


def test_every_mistake_is_reported_at_once_with_its_path_and_nothing_is_made(package: Package) -> None:
    inputs = {
        "databases": {"m": {"tables": {"cpu": {"memoryRetentionHours": 0, "magneticRetentionDay": 3}}}},
        "regio": "eu-west-1",
        "protect_data": False,
        "backup": {"enabled": "yes"},
    }
    assert package.refused(inputs) == [
        ("backup.enabled", 'is the text "yes"; give true or false'),
        ("databases.m", 'is named "m"; give a name of 3 to 64 letters, digits and the characters _ . -'),
        ("databases.m.tables.cpu.magneticRetentionDay", "is unknown; did you mean magneticRetentionDays?"),
        (
            "databases.m.tables.cpu.memoryRetentionHours",
            "is the number 0; give a whole number from 1 to 8766",
        ),
        ("protect_data", "is unknown; did you mean protectData?"),
        ("regio", "is unknown; did you mean region?"),
    ]
    assert package.monitor.registered == {}


def test_an_aws_that_cannot_be_asked_is_one_sentence(package: Package) -> None:
    package.monitor.refusal = "the security token included in the request is expired"
    with pytest.raises(grpc.RpcError) as caught:
        package.construct(minimal())
    error: Any = caught.value
    assert error.details() == (
        "Unexpected <class 'pulumi.errors.RunError'>: "
        'TimestreamBaseline "tel" cannot ask AWS who deploys: '
        "the security token included in the request is expired"
    )


def test_a_missing_region_is_a_mistake_with_its_path(package: Package) -> None:
    package.monitor.refusal = "Missing region information\nMake sure you have set your AWS region"
    assert package.refused(minimal()) == [
        ("region", "is not set; run pulumi config set aws:region eu-west-1")
    ]


def test_an_unknown_key_reaches_the_database_as_unknown(package: Package) -> None:
    package.construct(minimal(databases={"metrics": {"keyArn": unknown()}}))
    value = package.monitor.registered["Database tel-metrics"]["kmsKeyId"]
    assert value == UNKNOWN or (value[SIGNATURE] == OUTPUT_VALUE and "value" not in value)


def test_a_secret_key_stays_secret(package: Package) -> None:
    package.construct(minimal(databases={"metrics": {"keyArn": secret(KEY)}}))
    value = package.monitor.registered["Database tel-metrics"]["kmsKeyId"]
    assert value["value"] == KEY
    assert value[SIGNATURE] == SECRET or value.get("secret") is True


def test_a_computed_role_in_a_list_reaches_the_trust(package: Package) -> None:
    access = {"readers": {"bi": {"trust": {"roleArns": [unknown()]}}}}
    package.construct(minimal(access=access))
    value = package.monitor.registered["Role tel-readers/bi"]["assumeRolePolicy"]
    assert value == UNKNOWN or (value[SIGNATURE] == OUTPUT_VALUE and "value" not in value)


def test_a_computed_network_reaches_the_endpoints_and_is_never_lost(package: Package) -> None:
    network = {
        **CELLS,
        "vpcId": unknown(),
        "subnetIds": unknown(),
        "clientSecurityGroupIds": [unknown(), secret("sg-0123456789abcdef0")],
    }
    package.construct(minimal(network=network))
    made = package.monitor.registered
    endpoint = made["VpcEndpoint tel-ingest"]
    assert endpoint["serviceName"] == "com.amazonaws.eu-west-1.timestream.ingest-cell2"
    for value in (
        endpoint["vpcId"],
        endpoint["subnetIds"],
        made["SecurityGroup tel-endpoints"]["vpcId"],
        made["SecurityGroupIngressRule tel-endpoints/client-0"]["referencedSecurityGroupId"],
    ):
        assert value == UNKNOWN or (value[SIGNATURE] == OUTPUT_VALUE and "value" not in value)
    client = made["SecurityGroupIngressRule tel-endpoints/client-1"]["referencedSecurityGroupId"]
    assert client["value"] == "sg-0123456789abcdef0"


def test_a_computed_value_where_a_plain_one_is_needed_is_a_mistake_with_its_path(package: Package) -> None:
    table = {"memoryRetentionHours": unknown(), "magneticRetentionDays": secret(30)}
    reason = "is an Output, but this value must be known before anything is created; give a plain value"
    assert package.refused(minimal(databases={"metrics": {"tables": {"cpu": table}}})) == [
        ("databases.metrics.tables.cpu.magneticRetentionDays", reason),
        ("databases.metrics.tables.cpu.memoryRetentionHours", reason),
    ]
