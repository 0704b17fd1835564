"""Write `aws_schema.json`: what the installed pulumi_aws declares for the types that the sandbox has.

Run `python -m aws_sandbox.schema_extract` after adding a type to `RESOURCES` or a function to
`FUNCTIONS`. The file is a Pulumi package schema (without descriptions): the provider answers GetSchema
with it and checks inputs against it, without importing pulumi_aws, which would cost a second at each start.
"""

import importlib
import importlib.metadata
import inspect
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aws_sandbox.schema_declarations import Extraction, Json, declared_properties

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
    "ec2": ("get_managed_prefix_list", "get_subnet", "get_vpc", "get_vpc_endpoint_service"),
    "iam": ("get_session_context",),
}
"""The functions, by module of pulumi_aws."""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def extract() -> Json:
    """Return the package schema of everything the sandbox has."""
    extraction = Extraction()
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
    configuration = {
        name: extraction.type_of(hint) for name, hint in declared_properties(source.ProviderArgs).values()
    }
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
