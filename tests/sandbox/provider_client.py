"""The engine's side of the provider protocol: what it sends for each step, in plain dicts."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import grpc
from google.protobuf.json_format import MessageToDict

from aws_sandbox.protocol import provider_pb2, provider_pb2_grpc, status_pb2
from aws_sandbox.wire import from_struct, to_struct

Properties = dict[str, Any]

URN = "urn:pulumi:dev::program::{token}::{name}"


@dataclass(frozen=True)
class Recorded:
    """A resource as the engine keeps it in the stack's state."""

    token: str
    name: str
    id: str
    inputs: Properties
    outputs: Properties

    @property
    def urn(self) -> str:
        return URN.format(token=self.token, name=self.name)


@dataclass(frozen=True)
class Change:
    """The provider's answer to a comparison."""

    kinds: dict[str, str] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    delete_before_replace: bool = False


class CheckFailedError(Exception):
    """The provider refused the inputs."""

    def __init__(self, failures: list[tuple[str, str]]) -> None:
        super().__init__(failures)
        self.failures = failures


class ProviderError(Exception):
    """The provider's error; `half_made` is what it says exists nevertheless."""

    def __init__(self, message: str, half_made: Recorded | None = None) -> None:
        super().__init__(message)
        self.half_made = half_made


class ProviderClient:
    """A provider process and the calls that the engine makes to it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "aws_sandbox.provider", "127.0.0.1:1"],
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self.stub, method)(request)
        except grpc.RpcError as error:
            raise ProviderError(error.details() or "", _half_made(error, request)) from None

    def configure(self, **settings: Any) -> None:
        values = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in {"region": "eu-west-1", **settings}.items()
        }
        checked = self._call("CheckConfig", provider_pb2.CheckRequest(urn="urn", news=to_struct(values)))
        if checked.failures:
            raise CheckFailedError([(failure.property, failure.reason) for failure in checked.failures])
        self._call("Configure", provider_pb2.ConfigureRequest(args=checked.inputs))

    def check(
        self, token: str, inputs: Properties, olds: Properties | None = None, name: str = "it"
    ) -> Properties:
        request = provider_pb2.CheckRequest(
            urn=URN.format(token=token, name=name),
            news=to_struct(inputs),
            olds=to_struct(olds or {}),
            randomSeed=b"seed",
            name=name,
            type=token,
        )
        answer = self._call("Check", request)
        if answer.failures:
            raise CheckFailedError([(failure.property, failure.reason) for failure in answer.failures])
        return from_struct(answer.inputs)

    def failures(self, token: str, inputs: Properties) -> list[tuple[str, str]]:
        try:
            self.check(token, inputs)
        except CheckFailedError as error:
            return error.failures
        return []

    def plan(self, token: str, inputs: Properties, name: str = "it") -> Properties:
        checked = self.check(token, inputs, name=name)
        request = provider_pb2.CreateRequest(
            urn=URN.format(token=token, name=name), type=token, properties=to_struct(checked), preview=True
        )
        return from_struct(self._call("Create", request).properties)

    def create(self, token: str, inputs: Properties, name: str = "it") -> Recorded:
        checked = self.check(token, inputs, name=name)
        request = provider_pb2.CreateRequest(
            urn=URN.format(token=token, name=name), type=token, properties=to_struct(checked)
        )
        answer = self._call("Create", request)
        return Recorded(token, name, answer.id, checked, from_struct(answer.properties))

    def diff(self, old: Recorded, inputs: Properties) -> Change:
        """Compare as the next `up` with these inputs does."""
        request = provider_pb2.DiffRequest(
            id=old.id,
            urn=old.urn,
            type=old.token,
            olds=to_struct(old.outputs),
            old_inputs=to_struct(old.inputs),
            news=to_struct(self.check(old.token, inputs, old.inputs, old.name)),
        )
        answer = self._call("Diff", request)
        kind = provider_pb2.PropertyDiff.Kind
        kinds = {path: kind.Name(item.kind) for path, item in sorted(answer.detailedDiff.items())}
        assert (answer.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(kinds)
        return Change(kinds, tuple(answer.replaces), answer.deleteBeforeReplace)

    def update(self, old: Recorded, inputs: Properties, *, preview: bool = False) -> Recorded:
        checked = self.check(old.token, inputs, old.inputs, old.name)
        request = provider_pb2.UpdateRequest(
            id=old.id,
            urn=old.urn,
            type=old.token,
            olds=to_struct(old.outputs),
            old_inputs=to_struct(old.inputs),
            news=to_struct(checked),
            preview=preview,
        )
        answer = self._call("Update", request)
        return replace(old, inputs=checked, outputs=from_struct(answer.properties))

    def refresh(self, old: Recorded) -> Recorded | None:
        request = provider_pb2.ReadRequest(
            id=old.id,
            urn=old.urn,
            type=old.token,
            properties=to_struct(old.outputs),
            inputs=to_struct(old.inputs),
        )
        return _read(old, self._call("Read", request))

    def find(self, token: str, resource_id: str, known: Properties | None = None) -> Recorded | None:
        """Read by id, as an import does, or a program's `get` that knows some properties."""
        wanted = Recorded(token, "it", resource_id, {}, known or {})
        # The engine sends what a `get` knows as both.
        properties = to_struct(wanted.outputs)
        request = provider_pb2.ReadRequest(
            id=wanted.id, urn=wanted.urn, type=token, properties=properties, inputs=properties
        )
        return _read(wanted, self._call("Read", request))

    def delete(self, old: Recorded) -> None:
        request = provider_pb2.DeleteRequest(
            id=old.id,
            urn=old.urn,
            type=old.token,
            properties=to_struct(old.outputs),
            old_inputs=to_struct(old.inputs),
        )
        self._call("Delete", request)

    def invoke(self, token: str, **arguments: Any) -> Properties:
        answer = self._call("Invoke", provider_pb2.InvokeRequest(tok=token, args=to_struct(arguments)))
        if answer.failures:
            raise CheckFailedError([(failure.property, failure.reason) for failure in answer.failures])
        return from_struct(getattr(answer, "return"))


def _read(old: Recorded, answer: provider_pb2.ReadResponse) -> Recorded | None:
    if not answer.id:
        return None
    inputs, outputs = from_struct(answer.inputs), from_struct(answer.properties)
    return replace(old, id=answer.id, inputs=inputs, outputs=outputs)


def _half_made(error: grpc.RpcError, request: Any) -> Recorded | None:
    pairs: Any = error.trailing_metadata() or ()
    metadata: dict[str, Any] = dict(pairs)
    if "grpc-status-details-bin" not in metadata:
        return None
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    status.details[0].Unpack(detail)
    assert MessageToDict(detail)["reasons"]
    given = request.properties if hasattr(request, "properties") else request.news
    return Recorded(
        request.type,
        request.urn.split("::")[-1],
        detail.id,
        from_struct(given),
        from_struct(detail.properties),
    )
