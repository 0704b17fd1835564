"""Deploys a component against mocks and keeps every registration as the engine would get it."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, settings

from tests.components.arns import ACCOUNT, REGION, arn_of, id_of, physical_name

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/session"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/deployer"


@dataclass(frozen=True)
class Registration:
    """One resource as it was registered."""

    type: str
    name: str
    urn: str
    parent: str
    inputs: dict[str, Any]
    protect: bool
    retain_on_delete: bool
    dependencies: tuple[str, ...]
    provider: str
    ignore_changes: tuple[str, ...] = ()
    delete_before_replace: bool = False
    replace_on_changes: tuple[str, ...] = ()
    deleted_with: str = ""
    import_id: str = ""

    def document(self, key: str = "policy") -> dict[str, Any]:
        """Parse a policy document of this resource."""
        parsed: dict[str, Any] = json.loads(self.inputs[key])
        return parsed

    def statements(self, key: str = "policy") -> dict[str, dict[str, Any]]:
        """Return the statements of a policy document by Sid."""
        return {statement["Sid"]: statement for statement in self.document(key)["Statement"]}


@dataclass
class Deployment:
    """Everything that a program registered, its outputs, and what it logged."""

    registrations: list[Registration] = field(default_factory=list)
    registered_outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)

    def of(self, type_: str) -> list[Registration]:
        """Return the registrations whose type ends in `type_`, in their order of name."""
        return sorted((r for r in self.registrations if r.type.endswith(f":{type_}")), key=lambda r: r.name)

    def named(self, type_: str, name: str) -> Registration:
        """Return the one registration of a type and name."""
        found = [r for r in self.of(type_) if r.name == name]
        assert len(found) == 1, [(r.type, r.name) for r in self.registrations]
        return found[0]


def _value(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _value(item) for key, item in value.items()}
    return [_value(item) for item in value] if isinstance(value, list) else value


class _Aws(mocks.Mocks):
    def __init__(self, unknown: bool) -> None:
        self.unknown = unknown

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {
                "accountId": ACCOUNT,
                "arn": CALLER,
                "userId": "x",
                "id": ACCOUNT,
            },
            "aws:index/getRegion:getRegion": {"region": REGION, "id": REGION, "name": REGION},
            "aws:iam/getSessionContext:getSessionContext": {"issuerArn": DEPLOYER, "arn": CALLER},
            "aws:ec2/getVpcEndpointService:getVpcEndpointService": {
                "serviceName": args.args.get("serviceName"),
                "vpcEndpointPolicySupported": True,
                "privateDnsName": "host.example",
                "availabilityZones": ["eu-west-1a", "eu-west-1b"],
            },
            # The last letter of a subnet's id is that of its zone.
            "aws:ec2/getSubnet:getSubnet": {"availabilityZone": f"eu-west-1{args.args.get('id', '-')[-1]}"},
            "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": f"pl-{args.args.get('name')}"},
        }
        return answers[args.token], []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if not args.custom:
            return "", dict(args.inputs)
        name = physical_name(args.name, args.inputs)
        known = {"arn": arn_of(args.typ, args.name, args.inputs), "bucket": name, "name": name}
        known["keyId"] = known["arn"].rpartition("/")[2]
        if args.typ.startswith("aws:timestreaminfluxdb/"):
            known["endpoint"] = f"{name}.timestream-influxdb.{REGION}.on.aws"
            known["influxAuthParametersSecretArn"] = (
                f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}"
            )
        computed = dict.fromkeys(known, UNKNOWN) if self.unknown else known
        # The engine knows an id that is not known yet as an empty one.
        return "" if self.unknown else id_of(args.typ, args.name), {**computed, **args.inputs}


class _Monitor(mocks.MockMonitor):
    def __init__(self, deployment: Deployment, unknown: bool) -> None:
        super().__init__(_Aws(unknown))
        self.deployment = deployment

    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":
            self.deployment.registrations.append(
                Registration(
                    type=request.type,
                    name=request.name,
                    urn=answer.urn,
                    parent=request.parent,
                    inputs=_value(MessageToDict(request.object)),
                    protect=request.protect,
                    retain_on_delete=request.retainOnDelete,
                    dependencies=tuple(request.dependencies),
                    provider=request.provider,
                    ignore_changes=tuple(request.ignoreChanges),
                    delete_before_replace=request.deleteBeforeReplace,
                    replace_on_changes=tuple(request.replaceOnChanges),
                    deleted_with=request.deletedWith,
                    import_id=request.importId,
                )
            )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:
        name = request.urn.rsplit("::", 1)[1]
        token = request.urn.split("::")[2].split("$")[-1]
        self.deployment.registered_outputs[f"{token}::{name}"] = _value(MessageToDict(request.outputs))
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


class _Callbacks:
    """Takes hooks, which no mock ever runs: without it the SDK refuses them."""

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        """Take a hook."""

    def register_error_hook(self, hook: pulumi.ErrorHook) -> None:
        """Take a hook."""


class _Log(logging.Handler):
    def __init__(self, deployment: Deployment) -> None:
        super().__init__()
        self.deployment = deployment

    def emit(self, record: logging.LogRecord) -> None:
        self.deployment.log.append((record.levelname.lower(), record.getMessage()))


def deploy(program: Callable[[], Mapping[str, pulumi.Output[Any]]], *, unknown: bool = False) -> Deployment:
    """Run a program that returns its outputs; `unknown`: as a preview in which nothing exists yet."""
    deployment = Deployment()
    logger = logging.Logger("recorder")
    logger.addHandler(_Log(deployment))
    mocks.set_mocks(
        _Aws(unknown),
        project="timestream-baseline",
        stack="test",
        preview=unknown,
        logger=logger,
        monitor=_Monitor(deployment, unknown),
    )
    settings.SETTINGS.callbacks = _Callbacks()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def run() -> pulumi.Output[None]:
        return pulumi.Output.all(**program()).apply(deployment.outputs.update)

    run()
    return deployment


def walk(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)
    elif isinstance(value, str):
        yield value
