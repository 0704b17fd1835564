"""Write `aws_schema.json`: what the installed pulumi_aws declares for the types that the sandbox has.

Run `python -m aws_sandbox.schema_extract` after adding a type to `RESOURCES` or a function to
`FUNCTIONS`. The file is a Pulumi package schema (without descriptions): the provider answers GetSchema
with it and checks inputs against it, without importing pulumi_aws, which would cost a second at each start.

pulumi_aws keeps its declarations in classes: `KeyArgs` has the inputs (an argument without default is
required), `Key` the outputs (an optional one is `Optional`), nested objects are classes of their own.
"""

import importlib
import importlib.metadata
import inspect
import json
import re
import sys
import types
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pulumi

Json = dict[str, Any]

SCHEMA_FILE = Path(__file__).with_name("aws_schema.json")

RESOURCES: dict[str, tuple[str, ...]] = {
    "backup": ("Plan", "Selection", "Vault", "VaultLockConfiguration", "VaultNotifications", "VaultPolicy"),
    "cloudtrail": ("EventDataStore", "Trail"),
    "cloudwatch": (
        "CompositeAlarm",
        "Dashboard",
        "EventRule",
        "EventTarget",
        "LogGroup",
        "LogMetricFilter",
        "LogResourcePolicy",
        "MetricAlarm",
    ),
    "ec2": ("FlowLog", "SecurityGroup", "Subnet", "Vpc", "VpcEndpoint", "VpcEndpointPolicy"),
    "iam": (
        "InstanceProfile",
        "OpenIdConnectProvider",
        "Policy",
        "Role",
        "RolePolicy",
        "RolePolicyAttachment",
    ),
    "kms": ("Alias", "Grant", "Key", "KeyPolicy", "ReplicaKey"),
    "s3": (
        "Bucket",
        "BucketLifecycleConfiguration",
        "BucketLogging",
        "BucketNotification",
        "BucketObjectLockConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
    ),
    "secretsmanager": ("Secret", "SecretPolicy", "SecretVersion"),
    "sns": ("Topic", "TopicPolicy", "TopicSubscription"),
    "sqs": ("Queue", "QueuePolicy"),
    "timestreaminfluxdb": ("DbCluster", "DbInstance"),
    "timestreamquery": ("ScheduledQuery",),
    "timestreamwrite": ("Database", "Table"),
    "vpc": ("SecurityGroupEgressRule", "SecurityGroupIngressRule"),
}
"""The resource types, by module of pulumi_aws."""

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "": ("get_availability_zones", "get_caller_identity", "get_partition", "get_region", "get_regions"),
    "ec2": ("get_subnet", "get_vpc", "get_vpc_endpoint_service"),
    "iam": ("get_session_context",),
}
"""The functions, by module of pulumi_aws."""

_PRIMITIVES = {str: "string", bool: "boolean", int: "integer", float: "number"}
_ANY = {"$ref": "pulumi.json#/Any"}


def _members(annotation: Any) -> Iterator[Any]:
    """Yield what a value may be, looking through `Input`, `Output`, `Optional` and plain unions."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _members(member)
    elif origin in (Awaitable, pulumi.Output):
        yield from _members(get_args(annotation)[0])
    elif annotation is not type(None):
        yield annotation


def _is_optional(annotation: Any) -> bool:
    if annotation is type(None):
        return True
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_is_optional(member) for member in get_args(annotation))
    if get_origin(annotation) is pulumi.Output:
        return _is_optional(get_args(annotation)[0])
    return False


def _getters(cls: type) -> dict[str, tuple[str, Any]]:
    """Return the declared properties: Python name to Pulumi name and annotation."""
    found = {}
    # `Input` names `Output[T]` by a forward reference that only the SDK's own modules resolve.
    scope = {**vars(inspect.getmodule(cls)), "Output": pulumi.Output, "T": type(None)}
    for name, value in vars(cls).items():
        if isinstance(value, property) and value.fget is not None and hasattr(value.fget, "_pulumi_name"):
            found[name] = (value.fget._pulumi_name, get_type_hints(value.fget, scope).get("return"))
    return found


def _required_arguments(cls: Any) -> set[str]:
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    return {item.name for item in parameters if item.default is inspect.Parameter.empty}


class _Extraction:
    """The nested object types found so far, shared by all resources."""

    def __init__(self) -> None:
        self.types: dict[str, Json] = {}

    def type_of(self, annotation: Any) -> Json:
        """Return the schema of a value."""
        members = list(dict.fromkeys(_members(annotation)))
        for primitive in (str, float, int, bool):
            # An enumeration is declared as a union with its plain type, which is what travels.
            if primitive in members:
                return {"type": _PRIMITIVES[primitive]}
        for member in members:
            origin, arguments = get_origin(member), get_args(member)
            if origin is Mapping:
                return {"type": "object", "additionalProperties": self.type_of(arguments[1])}
            if origin is Sequence:
                return {"type": "array", "items": self.type_of(arguments[0])}
            if isinstance(member, type) and issubclass(member, Enum):
                return {"type": "string"}
            if isinstance(member, type) and (
                hasattr(member, "_pulumi_input_type") or hasattr(member, "_pulumi_output_type")
            ):
                return {"$ref": f"#/types/{self._object(member)}"}
        return dict(_ANY)

    def _object(self, cls: type) -> str:
        """Declare a nested object type and return its token."""
        name = cls.__name__
        is_input = hasattr(cls, "_pulumi_input_type")
        if is_input:
            name = name.removesuffix("Args")
        module = cls.__module__.split(".")[1]
        token = f"aws:{'index' if module in ('_inputs', 'outputs') else module}/{name}:{name}"
        declared = self.types.get(token)
        if declared is None:
            declared = self.types[token] = {"type": "object", "properties": {}}
        # Inputs and outputs share one token; what an input must have is what both must have.
        kind = "input" if is_input else "output"
        if kind in declared.setdefault("_seen", []):
            return token
        declared["_seen"].append(kind)
        required = _required_arguments(cls)
        names = []
        for python_name, (pulumi_name, annotation) in _getters(cls).items():
            declared["properties"].setdefault(pulumi_name, self.type_of(annotation))
            if python_name in required if is_input else not _is_optional(annotation):
                names.append(pulumi_name)
        declared[f"_{kind}_required"] = sorted(names)
        return token

    def resource(self, args: type, resource: type) -> Json:
        """Return the schema of a resource type."""
        required = _required_arguments(args)
        inputs = {py: (name, self.type_of(hint)) for py, (name, hint) in _getters(args).items()}
        outputs = {name: hint for name, hint in _getters(resource).values() if name not in ("urn", "id")}
        secret = _secret_outputs(resource)
        properties = {name: self.type_of(hint) for name, hint in outputs.items()}
        for name in secret & properties.keys():
            properties[name] = {**properties[name], "secret": True}
        return {
            "properties": properties,
            "required": sorted(name for name, hint in outputs.items() if not _is_optional(hint)),
            "inputProperties": dict(inputs.values()),
            "requiredInputs": sorted(inputs[py][0] for py in required),
        }

    def function(self, function: Callable[..., Any], result: type) -> Json:
        """Return the schema of a function."""
        hints = get_type_hints(function, vars(inspect.getmodule(function)))
        parameters = [item for name, item in inspect.signature(function).parameters.items() if name != "opts"]
        wire = dict(re.findall(r"__args__\['(\w+)'\] = (\w+)", inspect.getsource(function)))
        names = {python: pulumi for pulumi, python in wire.items()}
        outputs = dict(_getters(result).values())
        return {
            "inputs": {
                "type": "object",
                "properties": {names[item.name]: self.type_of(hints[item.name]) for item in parameters},
            },
            "outputs": {
                "type": "object",
                "properties": {name: self.type_of(hint) for name, hint in outputs.items()},
                "required": sorted(name for name, hint in outputs.items() if not _is_optional(hint)),
            },
        }

    def nested_types(self) -> dict[str, Json]:
        """Return the nested object types as a package schema has them."""
        return {
            token: {
                "type": "object",
                "properties": declared["properties"],
                "required": declared.get("_input_required", declared.get("_output_required", [])),
                # Not of the metaschema, which allows it: what an answer always has, so that an input
                # that is left out is known to be filled in by AWS.
                **(
                    {"language": {"sandbox": {"computed": computed}}}
                    if (computed := _computed(declared))
                    else {}
                ),
            }
            for token, declared in sorted(self.types.items())
        }


def _computed(declared: Json) -> list[str]:
    outputs, inputs = declared.get("_output_required", []), declared.get("_input_required", [])
    return sorted(set(outputs) - set(inputs)) if "input" in declared["_seen"] else []


def _secret_outputs(resource: Any) -> set[str]:
    found = re.search(r"additional_secret_outputs=\[([^\]]*)\]", inspect.getsource(resource._internal_init))
    return set(re.findall(r'"(\w+)"', found.group(1))) if found else set()


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def extract() -> Json:
    """Return the package schema of everything the sandbox has."""
    extraction = _Extraction()
    resources, functions = {}, {}
    for module, names in RESOURCES.items():
        for name in names:
            source = importlib.import_module(f"pulumi_aws.{module}.{_snake(name)}")
            resource = getattr(source, name)
            # A nested object type of another resource may have taken the name: then it is InitArgs.
            args = getattr(source, f"{name}InitArgs", None) or getattr(source, f"{name}Args")
            resources[resource.pulumi_type] = extraction.resource(args, resource)
    for module, names in FUNCTIONS.items():
        for name in names:
            source = importlib.import_module(".".join(filter(None, ("pulumi_aws", module, name))))
            function = getattr(source, name)
            token = re.search(r"invoke\('(aws:[^']+)'", inspect.getsource(function))
            if token is None:
                raise ValueError(f"pulumi_aws.{module}.{name} does not call a function of the provider")
            result = getattr(source, "".join(word.capitalize() for word in name.split("_")) + "Result")
            functions[token.group(1)] = extraction.function(function, result)
    source = importlib.import_module("pulumi_aws.provider")
    configuration = {name: extraction.type_of(hint) for name, hint in _getters(source.ProviderArgs).values()}
    return {
        "name": "aws",
        "version": importlib.metadata.version("pulumi_aws"),
        "description": "The types of the AWS package that the sandbox has.",
        "config": {"variables": configuration},
        "types": extraction.nested_types(),
        "provider": {"inputProperties": configuration},
        "resources": resources,
        "functions": functions,
    }


def text() -> str:
    """Return the contents of the schema file: one resource, type or function on a line."""

    def compact(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"), sort_keys=True)

    sections = []
    for name, value in extract().items():
        if name in ("types", "resources", "functions"):
            lines = ",\n".join(f"  {json.dumps(token)}:{compact(value[token])}" for token in sorted(value))
            sections.append(f"{json.dumps(name)}:{{\n{lines}\n}}")
        else:
            sections.append(f"{json.dumps(name)}:{compact(value)}")
    return "{" + ",\n".join(sections) + "}\n"


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with `--check` say whether it is up to date."""
    if list(arguments) == ["--check"]:
        if SCHEMA_FILE.read_text(encoding="utf-8") == text():
            return 0
        print(f"{SCHEMA_FILE.name} is stale: run `python -m aws_sandbox.schema_extract`.")
        return 1
    SCHEMA_FILE.write_text(text(), encoding="utf-8")
    print(f"wrote {SCHEMA_FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
