"""Runs a program under Pulumi's mocks as a first preview would, and keeps what it registers.

What a provider computes is unknown, and each resource comes with the dependencies, options and
parent that the engine gets, so that rules follow references as they do in a real preview.
"""

import contextvars
import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, settings

from timestream_policies.model import Options, Resource
from timestream_policies.settings import DEFAULTS, Settings
from timestream_policies.stack import Stack
from timestream_policies.types import STACK
from timestream_policies.values import Properties

ACCOUNT = "111122223333"
REGION = "eu-west-1"
_OFFERS = ("options", "retain_on_delete")
_POLICY_DOCUMENT = "aws:iam/getPolicyDocument:getPolicyDocument"
_ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/session",
        "userId": "AROA",
        "id": ACCOUNT,
    },
    "aws:index/getRegion:getRegion": {"id": REGION, "name": REGION, "region": REGION},
    "aws:index/getPartition:getPartition": {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    },
}
"""What programs ask most, and what any account would answer in the same form."""
Calls = Mapping[str, Mapping[str, Any]]


class Unanswered(Exception):
    """The program calls a function of a provider that nobody answers here."""


def preview(
    program: Callable[[], Any],
    *,
    project: str,
    stack: str,
    config: Mapping[str, str],
    calls: Calls,
    settings: Settings = DEFAULTS,
) -> Stack:
    """Return the stack that a program makes. What it raises is raised here."""
    monitor = _Monitor(_Provider(calls), project, stack)
    # Pulumi keeps its settings in context variables: in a context of our own, the mocks that other
    # tests have set stay as they are.
    contextvars.Context().run(_run, program, monitor, dict(config))
    return Stack(monitor.made.values(), name=stack, settings=settings, offers=_OFFERS)


def _run(program: Callable[[], Any], monitor: "_Monitor", config: dict[str, str]) -> None:
    mocks.set_mocks(
        monitor.mocks, project=monitor.project, stack=monitor.stack, preview=True, monitor=monitor
    )
    settings.SETTINGS.callbacks = _Callbacks()
    pulumi.runtime.set_all_config(config)
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]


class _Provider(mocks.Mocks):
    """Knows of a resource what the program gave it, and nothing else: there is nothing else yet."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Answer with the inputs. Each output that is missing is unknown, and so is an empty id."""
        return "", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Answer as the test says, else as any account would."""
        if args.token in self.calls:
            return dict(self.calls[args.token]), []
        if args.token == _POLICY_DOCUMENT:
            return policy_document(args.args), []
        if args.token in _ANSWERS:
            return dict(_ANSWERS[args.token]), []
        raise Unanswered(
            f"the program calls {args.token}; say what it returns: calls={{{args.token!r}: {{...}}}}"
        )


class _Monitor(mocks.MockMonitor):
    """Keeps every registration."""

    def __init__(self, provider: _Provider, project: str, stack: str) -> None:
        super().__init__(provider)
        self.project = project
        self.stack = stack
        self.made: dict[str, Resource] = {}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Return the URN as the engine makes it: all components around a resource, but not the stack."""
        around = parent.split("::")[2] if parent else STACK
        qualified = type_ if around == STACK else f"{around}${type_}"
        return f"urn:pulumi:{self.stack}::{self.project}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        """Keep the resource, and answer as the SDK's own mock does."""
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        self.made[answer.urn] = Resource(
            urn=answer.urn,
            type_=request.type,
            name=request.name,
            inputs=Properties.of(MessageToDict(request.object)),
            parent=request.parent,
            dependencies=tuple(request.dependencies),
            property_dependencies={
                name: tuple(found.urns) for name, found in request.propertyDependencies.items()
            },
            options=Options(
                protect=request.protect,
                retain_on_delete=request.retainOnDelete,
                ignore_changes=tuple(request.ignoreChanges),
                additional_secret_outputs=tuple(request.additionalSecretOutputs),
                aliases=tuple(request.aliasURNs),
            ),
            provider=request.provider,
        )
        return answer

    def ReadResource(self, request: Any) -> Any:
        """Keep what a program only looks up: context, never judged."""
        answer = super().ReadResource(request)  # type: ignore[no-untyped-call]
        self.made[answer.urn] = Resource(
            urn=answer.urn,
            type_=request.type,
            name=request.name,
            inputs=Properties.of(MessageToDict(request.properties)),
            id_=request.id,
            parent=request.parent,
            external=True,
        )
        return answer


class _Callbacks:
    """Takes the hooks of a program, which no preview runs."""

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        """Take a hook."""

    def register_error_hook(self, hook: pulumi.ErrorHook) -> None:
        """Take a hook."""


def policy_document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the provider makes of the arguments of `aws.iam.get_policy_document`."""
    document: dict[str, Any] = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = [_statement(given) for given in arguments.get("statements") or []]
    merged = [
        *(arguments.get("sourcePolicyDocuments") or []),
        *(arguments.get("overridePolicyDocuments") or []),
    ]
    if merged:
        raise Unanswered(
            "the program merges policy documents; say what comes out: "
            f"calls={{{_POLICY_DOCUMENT!r}: {{...}}}}"
        )
    return {"id": "document", "json": json.dumps(document), **arguments}


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "actions": "Action",
        "notActions": "NotAction",
        "resources": "Resource",
        "notResources": "NotResource",
    }
    statement: dict[str, Any] = {"Effect": given.get("effect") or "Allow"}
    if given.get("sid"):
        statement["Sid"] = given["sid"]
    statement.update({to: given[name] for name, to in names.items() if given.get(name)})
    for name, to in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(name):
            statement[to] = _principals(given[name])
    conditions: dict[str, dict[str, list[str]]] = {}
    for condition in given.get("conditions") or []:
        conditions.setdefault(condition["test"], {})[condition["variable"]] = condition["values"]
    if conditions:
        statement["Condition"] = conditions
    return statement


def _principals(given: list[Mapping[str, Any]]) -> Any:
    named: dict[str, list[str]] = {}
    for principal in given:
        named.setdefault(principal["type"], []).extend(principal["identifiers"])
    return "*" if named.keys() == {"*"} else named
