"""The component package as the engine talks to it: schema, mistakes, computed values."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    errors_pb2,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
    status_pb2,
)

from tests.components.recorder import ACCOUNT, REGION, UNKNOWN

COMPONENTS = Path(__file__).resolve().parents[2] / "components"
TYPE = "timestream-baseline:index:TimestreamBaseline"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
CELLS = {"ingestCell": "cell2", "queryCell": "cell3"}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Registers what it is given, as the engine would at preview: nothing that AWS decides is known."""

    def __init__(self) -> None:
        self.registered: dict[str, dict[str, Any]] = {}
        # Why AWS answers no question, if it does not.
        self.refusal = ""

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "older engine")

    def Invoke(self, request: Any, context: Any) -> Any:
        answers = {
            "aws:index/getCallerIdentity:getCallerIdentity": {
                "accountId": ACCOUNT,
                "arn": f"arn:aws:iam::{ACCOUNT}:root",
                "userId": "x",
                "id": "x",
            },
            "aws:index/getRegion:getRegion": {"region": REGION, "id": REGION, "description": REGION},
            "aws:ec2/getVpcEndpointService:getVpcEndpointService": {
                "serviceName": dict(request.args).get("serviceName"),
                "vpcEndpointPolicySupported": True,
                "privateDnsName": "host.example",
                "availabilityZones": ["eu-west-1a"],
            },
        }
        if self.refusal:
            context.abort(
                grpc.StatusCode.UNKNOWN, f"invocation of {request.tok} returned an error: {self.refusal}"
            )
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").update(answers[request.tok])
        return answer

    def RegisterResource(self, request: Any, context: Any) -> Any:
        inputs = MessageToDict(request.object)
        self.registered[f"{request.type.rsplit(':', 1)[1]} {request.name}"] = inputs
        urn = f"urn:pulumi:dev::remote::{request.type}::{request.name}"
        answer = resource_pb2.RegisterResourceResponse(urn=urn, id=UNKNOWN)
        computed = {"arn": UNKNOWN, "keyId": UNKNOWN, "bucket": UNKNOWN} if request.custom else {}
        answer.object.update({**computed, **inputs})
        return answer

    def RegisterResourceHook(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


class Engine(engine_pb2_grpc.EngineServicer):
    def Log(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any) -> Any:
        return engine_pb2.GetRootResourceResponse(
            urn="urn:pulumi:dev::remote::pulumi:pulumi:Stack::remote-dev"
        )


class Package:
    """The running package, and an engine for it."""

    def __init__(self, stub: Any, address: str, monitor: Monitor) -> None:
        self.stub, self.address, self.monitor = stub, address, monitor

    def construct(self, inputs: dict[str, Any]) -> dict[str, Any]:
        request = provider_pb2.ConstructRequest(
            project="remote",
            stack="dev",
            type=TYPE,
            name="tel",
            dryRun=True,
            parallel=8,
            monitorEndpoint=self.address,
            accepts_output_values=True,
        )
        request.inputs.update(inputs)
        return MessageToDict(self.stub.Construct(request).state)

    def refused(self, inputs: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the mistakes as the engine reads them from the error."""
        with pytest.raises(grpc.RpcError) as caught:
            self.construct(inputs)
        error: Any = caught.value
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error.details()
        trailers = {entry.key: entry.value for entry in error.trailing_metadata()}
        status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
        details = errors_pb2.InputPropertiesError()
        assert status.details[0].Unpack(details)
        # A map of the protocol carries no order.
        return sorted((mistake.property_path, mistake.reason) for mistake in details.errors)


@contextmanager
def serving() -> Iterator[Package]:
    monitor = Monitor()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(Engine(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
    with subprocess.Popen(
        [sys.executable, str(COMPONENTS), address], stdout=subprocess.PIPE, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Package(provider_pb2_grpc.ResourceProviderStub(channel), address, monitor)
        finally:
            process.kill()
            server.stop(None)


@pytest.fixture(scope="module")
def running() -> Iterator[Package]:
    with serving() as package:
        yield package


@pytest.fixture
def package(running: Package) -> Package:
    running.monitor.registered.clear()
    running.monitor.refusal = ""
    return running


def secret(value: Any) -> dict[str, Any]:
    """Write a secret as the engine sends it to a package: an output value."""
    return {SIGNATURE: OUTPUT_VALUE, "value": value, "secret": True}


def unknown(*dependencies: str) -> dict[str, Any]:
    return {SIGNATURE: OUTPUT_VALUE, "dependencies": list(dependencies)}


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
