"""Asks an analyzer in this process what the engine asks."""

from typing import Any, NoReturn, cast

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from timestream_policies.analyzer import Analyzer

URN = "urn:pulumi:dev::project::{}::{}"


class Aborted(Exception):
    """The analyzer refused; what gRPC would carry to the engine."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(details)
        self.code = code


class _Context:
    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        raise Aborted(code, details)


CONTEXT = cast("grpc.ServicerContext", _Context())


def struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update(properties)
    return message


def analyzer(settings: dict[str, Any] | None = None, *, preview: bool = True, **levels: Any) -> Analyzer:
    """Return a configured analyzer, in a preview or an update. Rules are written with underscores."""
    pack = Analyzer()
    pack.ConfigureStack(
        analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev", project="project", dry_run=preview), CONTEXT
    )
    listed = {
        policy.name: policy.enforcementLevel
        for policy in pack.GetAnalyzerInfo(empty_pb2.Empty(), CONTEXT).policies
    }
    given = {name: analyzer_pb2.PolicyConfig(enforcementLevel=level) for name, level in listed.items()}
    for name, level in levels.items():
        given[name.replace("_", "-")] = analyzer_pb2.PolicyConfig(enforcementLevel=level)
    given["settings"].properties.CopyFrom(struct(settings or {}))
    pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=given), CONTEXT)
    return pack


def request(type_: str, name: str, properties: dict[str, Any], **options: Any) -> analyzer_pb2.AnalyzeRequest:
    return analyzer_pb2.AnalyzeRequest(
        type=type_,
        urn=URN.format(type_, name),
        name=name,
        properties=struct(properties),
        options=analyzer_pb2.AnalyzerResourceOptions(**options),
    )


def analyze(pack: Analyzer, type_: str, name: str, properties: dict[str, Any], **options: Any) -> Any:
    return pack.Analyze(request(type_, name, properties, **options), CONTEXT)


def member(
    type_: str, name: str, properties: dict[str, Any], **depends: list[str]
) -> analyzer_pb2.AnalyzerResource:
    return analyzer_pb2.AnalyzerResource(
        type=type_,
        urn=URN.format(type_, name),
        name=name,
        properties=struct(properties),
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns) for key, urns in depends.items()
        },
    )


def finish(pack: Analyzer, *members: analyzer_pb2.AnalyzerResource) -> Any:
    return pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=members), CONTEXT)


def silent(answer: Any) -> dict[str, str]:
    """Return why each rule said nothing."""
    return {entry.policy_name: entry.reason for entry in answer.not_applicable}


def spoken(answer: Any) -> list[str]:
    """Return the names of those who said something."""
    return [diagnostic.policyName for diagnostic in answer.diagnostics]
