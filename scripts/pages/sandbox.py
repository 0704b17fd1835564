"""What the sandbox has."""

import importlib
import json
from pathlib import Path

from scripts.pages.text import cell

ROOT = Path(__file__).resolve().parents[2]
NOTHING_RECORDED = (
    "Recorded only: none. Each of them exists in AWS on this machine and can be read back by boto3."
)


def sandbox_types() -> str:
    """Return the tables of what the sandbox's provider has, and of what it only records."""
    schema = json.loads((ROOT / "sandbox" / "aws_sandbox" / "aws_schema.json").read_text(encoding="utf-8"))
    registry = importlib.import_module("aws_sandbox.registry")
    services: dict[str, list[str]] = {}
    recorded = []
    for token in sorted(schema["resources"]):
        module, name = token.split(":")[1].split("/")[0], token.rsplit(":", 1)[1]
        services.setdefault(module, []).append(name)
        if why := registry.resource_type(token).recorded_only:
            recorded.append(f"| `{module}.{name}` | {cell(why)} |")
    lines = ["| module | types |", "|---|---|"]
    lines += [f"| `{module}` | {', '.join(names)} |" for module, names in services.items()]
    lines += ["", "| recorded only | why |", "|---|---|", *recorded] if recorded else ["", NOTHING_RECORDED]
    functions = sorted(
        token.split(":")[1].replace("index/", "").replace("/", ".") for token in schema["functions"]
    )
    return "\n".join([*lines, "", f"Functions: {', '.join(f'`{name}`' for name in functions)}."])
