"""The resources of a large state as a Terraform plan, for tools that do not read Pulumi.

`python scripts/terraform_plan.py 5000 > plan.json` has the resources of `large_states.py 5000`.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.large_states import export

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Terraform has no module for these, or says the name once.
_WITHOUT_MODULE = ("ec2",)
_NAMES = {"aws_cloudtrail_trail": "aws_cloudtrail"}
_MAPS = frozenset({"tags", "tags_all", "dimensions", "variables"})
"""Properties that are maps; every other object is a block, and stands in a list."""
_PROVIDER = "registry.terraform.io/hashicorp/aws"


def plan(resources: int) -> bytes:
    """Return the plan that makes the AWS resources of a state with that many resources."""
    state = json.loads(export(resources))
    made = [
        _resource(found) for found in state["deployment"]["resources"] if found["type"].startswith("aws:")
    ]
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.9.8",
            "planned_values": {"root_module": {"resources": made}},
            "resource_changes": [_change(resource) for resource in made],
            "configuration": {"root_module": {}},
        }
    ).encode()


def _resource(found: Mapping[str, Any]) -> dict[str, Any]:
    type_, name = terraform_type(found["type"]), found["urn"].rpartition("::")[2]
    return {
        "address": f"{type_}.{name}",
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_name": _PROVIDER,
        "schema_version": 0,
        "values": _values({**found["outputs"], **found["inputs"]}),
    }


def _change(resource: Mapping[str, Any]) -> dict[str, Any]:
    about = {key: resource[key] for key in ("address", "mode", "type", "name", "provider_name")}
    change = {"actions": ["create"], "before": None, "after": resource["values"], "after_unknown": {}}
    return {**about, "change": change}


def terraform_type(token: str) -> str:
    """Return Terraform's name for a type of Pulumi, such as `aws_s3_bucket_policy`."""
    module, _, name = token.split(":")[1].partition("/")
    parts = ["aws", *([] if module in _WITHOUT_MODULE else [module]), _snake(name)]
    type_ = "_".join(parts)
    return _NAMES.get(type_, type_)


def _snake(name: str) -> str:
    return _CAPITAL.sub("_", name).lower()


def _values(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        _terraform_name(key, value): value if _snake(key) in _MAPS else _value(value)
        for key, value in properties.items()
        if not key.startswith("__")
    }


def _terraform_name(key: str, value: Any) -> str:
    """Return Terraform's name of a property: blocks have the singular, however many there are."""
    are_blocks = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    name = _snake(key)
    return name.removesuffix("s") if are_blocks and not name.endswith("ss") else name


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return [_values(value)]
    if isinstance(value, list):
        return [_values(item) if isinstance(item, dict) else item for item in value]
    return value


if __name__ == "__main__":
    sys.stdout.buffer.write(plan(int(sys.argv[1]) if sys.argv[1:] else 5000))
