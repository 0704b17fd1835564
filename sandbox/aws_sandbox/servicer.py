# ruff: noqa: ARG002 - the protocol fixes the signatures
"""The sandbox's Pulumi provider for package `aws`: the published provider protocol over `operations`."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.empty_pb2 import Empty

from aws_sandbox import configuration, schema, tags
from aws_sandbox.checks import Failure
from aws_sandbox.client import ConfigurationError, connect, explain
from aws_sandbox.diffs import Difference, top_level
from aws_sandbox.functions import LookupFailedError
from aws_sandbox.guard import ForeignResourceError
from aws_sandbox.operations import InitFailedError, Provider
from aws_sandbox.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from aws_sandbox.registry import UnsupportedTypeError
from aws_sandbox.wire import from_struct, to_struct

Request = TypeVar("Request")
Response = TypeVar("Response")
Method = Callable[["AwsProvider", Request, grpc.ServicerContext], Response]

_SELF_EXPLAINING = (ConfigurationError, ForeignResourceError, UnsupportedTypeError)


def _token(request: Any) -> str:
    return cast(str, request.type) or request.urn.split("::")[2].split("$")[-1]


def _subject(doing: str, request: Any) -> str:
    if isinstance(request, provider_pb2.InvokeRequest):
        return f"{doing} {request.tok}"
    if isinstance(request, provider_pb2.ConfigureRequest):
        return doing
    return f"{doing} {_token(request)}"


def _reported(doing: str) -> Callable[[Method[Request, Response]], Method[Request, Response]]:
    """Turn what goes wrong into the protocol's errors, with AWS's code and message."""

    def decorate(method: Method[Request, Response]) -> Method[Request, Response]:
        @functools.wraps(method)
        def call(self: "AwsProvider", request: Request, context: grpc.ServicerContext) -> Response:
            try:
                return method(self, request, context)
            except InitFailedError as error:
                _abort_half_made(context, error)
            except _SELF_EXPLAINING as error:
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
            except LookupFailedError as error:
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"{_subject(doing, request)}: {error}")
            except Exception as error:
                # The engine must get an answer, and the cause with it.
                context.abort(grpc.StatusCode.UNKNOWN, f"{_subject(doing, request)}: {explain(error)}")
            raise AssertionError("abort raises")

        return call

    return decorate


def _abort_half_made(context: grpc.ServicerContext, error: InitFailedError) -> None:
    """Tell the engine what exists although the operation failed, so that it is recorded."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id, properties=to_struct(error.state), reasons=[error.reason]
    )
    packed = AnyMessage()
    packed.Pack(detail)
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason, details=[packed])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, error.reason)


def _failures(found: Iterable[Failure]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=item.property, reason=item.reason) for item in found]


class AwsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The provider's side of the protocol."""

    def __init__(self) -> None:
        self._provider: Provider | None = None

    @property
    def _configured(self) -> Provider:
        if self._provider is None:
            raise ConfigurationError("The provider has not been configured.")
        return self._provider

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Say what the provider takes: plain values, for which the engine keeps secrecy itself."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=False,
            accept_resources=False,
            accept_outputs=False,
            supports_autonaming_configuration=True,
        )

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> Empty:
        """Accept an engine that found us by our port."""
        return Empty()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Return the version of the AWS package that we stand in for."""
        return plugin_pb2.PluginInfo(version=schema.version())

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Return the declared types, which YAML programs ask for."""
        return provider_pb2.GetSchemaResponse(schema=schema.text())

    @_reported("checking the configuration of")
    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Check the provider's configuration."""
        return provider_pb2.CheckResponse(
            inputs=request.news, failures=_failures(configuration.check(from_struct(request.news)))
        )

    @_reported("comparing the configuration of")
    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Compare configurations; a new region replaces what lies in the old one, not the provider."""
        old = request.old_inputs if request.old_inputs.fields else request.olds
        changed = configuration.changed(from_struct(old), from_struct(request.news))
        kind = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=kind, diffs=changed)

    @_reported("configuring the provider")
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Connect to AWS and find out who we are."""
        settings, failures = configuration.decode(from_struct(request.args))
        if failures:
            raise ConfigurationError(" ".join(failure.reason for failure in failures))
        self._provider = Provider(connect(settings), tags.settings(settings))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=False,
            supportsPreview=True,
            acceptResources=False,
            acceptOutputs=False,
            supports_autonaming_configuration=True,
        )

    @_reported("calling")
    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """Call a function."""
        answer, failures = self._configured.invoke(request.tok, from_struct(request.args))
        # The field is called `return`, which no Python call can name.
        return provider_pb2.InvokeResponse(**{"return": to_struct(answer)}, failures=_failures(failures))

    @_reported("checking")
    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Check inputs and fill in what the provider chooses."""
        inputs, failures = self._configured.check(
            _token(request),
            from_struct(request.news),
            from_struct(request.olds),
            name=request.name or request.urn.rsplit("::", 1)[-1],
            seed=request.randomSeed,
            proposed=request.autonaming.proposed_name,
        )
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=_failures(failures))

    @_reported("comparing")
    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Compare recorded and new inputs."""
        found = self._configured.diff(
            _token(request),
            request.urn,
            request.id,
            state=from_struct(request.olds),
            olds=from_struct(request.old_inputs),
            news=from_struct(request.news),
            ignored=tuple(request.ignoreChanges),
        )
        return _diff_response(found)

    @_reported("creating")
    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Create a resource, or say what creating it would give."""
        inputs = from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(
                properties=to_struct(self._configured.plan(_token(request), inputs, {}))
            )
        resource_id, outputs = self._configured.create(_token(request), inputs)
        return provider_pb2.CreateResponse(id=resource_id, properties=to_struct(outputs))

    @_reported("reading")
    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """Read a resource for a refresh, an import or a `get`; an empty id means that it is gone."""
        found = self._configured.read(
            _token(request),
            request.urn,
            request.id,
            state=from_struct(request.properties),
            inputs=from_struct(request.inputs),
        )
        if found is None:
            return provider_pb2.ReadResponse()
        resource_id, outputs, inputs = found
        return provider_pb2.ReadResponse(
            id=resource_id, properties=to_struct(outputs), inputs=to_struct(inputs)
        )

    @_reported("updating")
    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Change a resource in place, or say what that would give."""
        state, news = from_struct(request.olds), from_struct(request.news)
        if request.preview:
            outputs = self._configured.plan(_token(request), news, state)
        else:
            outputs = self._configured.update(
                _token(request),
                request.urn,
                request.id,
                state=state,
                olds=from_struct(request.old_inputs),
                news=news,
            )
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @_reported("deleting")
    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        """Delete a resource."""
        self._configured.delete(
            _token(request),
            request.urn,
            request.id,
            state=from_struct(request.properties),
            olds=from_struct(request.old_inputs),
        )
        return Empty()

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConstructResponse:
        """Refuse components, of which the AWS package has none."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"The sandbox has no component {request.type}.")
        raise AssertionError("abort raises")

    def Call(
        self, request: provider_pb2.CallRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CallResponse:
        """Refuse methods of resources, of which these types have none."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"The sandbox has no method {request.tok}.")
        raise AssertionError("abort raises")

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Let what is under way finish: no call to the sandbox takes long, and nothing is left half-done."""
        return Empty()


def _diff_response(found: Difference) -> provider_pb2.DiffResponse:
    detailed = {}
    for path, kind in found.changes.items():
        name = f"{kind.value}_REPLACE" if path in found.replaces else kind.value
        detailed[path] = provider_pb2.PropertyDiff(
            kind=provider_pb2.PropertyDiff.Kind.Value(name), inputDiff=True
        )
    some = provider_pb2.DiffResponse.DIFF_SOME if detailed else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some,
        diffs=sorted({top_level(path) for path in found.changes}),
        replaces=sorted({top_level(path) for path in found.replaces}),
        deleteBeforeReplace=found.delete_before_replace,
        detailedDiff=detailed,
        hasDetailedDiff=bool(detailed),
    )
