"""The component package as the engine talks to it: a running host, and an engine for it."""

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

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import CALLER, DEPLOYER, UNKNOWN

COMPONENTS = Path(__file__).resolve().parents[2] / "components"
TYPE = "timestream-baseline:index:TimestreamBaseline"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


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
                "arn": CALLER,
                "userId": "x",
                "id": "x",
            },
            "aws:iam/getSessionContext:getSessionContext": {"issuerArn": DEPLOYER, "arn": CALLER},
            "aws:ec2/getSubnet:getSubnet": {"availabilityZone": "eu-west-1a"},
            "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-0123456789abcdef0"},
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
        # The engine knows an id that is not known yet as an empty one.
        answer = resource_pb2.RegisterResourceResponse(urn=urn, id="")
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

    def construct(self, inputs: dict[str, Any], class_: str = "TimestreamBaseline") -> dict[str, Any]:
        request = provider_pb2.ConstructRequest(
            project="remote",
            stack="dev",
            type=f"timestream-baseline:index:{class_}",
            name="tel",
            dryRun=True,
            parallel=8,
            monitorEndpoint=self.address,
            accepts_output_values=True,
        )
        request.inputs.update(inputs)
        return MessageToDict(self.stub.Construct(request).state)

    def refused(self, inputs: dict[str, Any], class_: str = "TimestreamBaseline") -> list[tuple[str, str]]:
        """Return the mistakes as the engine reads them from the error."""
        with pytest.raises(grpc.RpcError) as caught:
            self.construct(inputs, class_)
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


def secret(value: Any) -> dict[str, Any]:
    """Write a secret as the engine sends it to a package: an output value."""
    return {SIGNATURE: OUTPUT_VALUE, "value": value, "secret": True}


def unknown(*dependencies: str) -> dict[str, Any]:
    return {SIGNATURE: OUTPUT_VALUE, "dependencies": list(dependencies)}
