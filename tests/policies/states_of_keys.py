"""States of a few keys, for tests of the command and of the formats of its report."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from tests.policies.helpers import UNKNOWN
from timestream_policies.cli import main
from timestream_policies.types import KEY, STACK

OWNER = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
ROTATION = "TS-KMS-002"
HOSTILE = "<script>alert(1)</script>|`x`\x1b[31m\x07\u202e&\"'\x9b2J](x)"
Run = Callable[..., Result]


def urn(type_: str, name: str, stack: str = "dev") -> str:
    return f"urn:pulumi:{stack}::project::{type_}::{name}"


def key(name: str, rotated: Any, stack: str = "dev", **more: Any) -> dict[str, Any]:
    """Return a key of which only the rotation may be wrong."""
    inputs = {"enableKeyRotation": rotated, "policy": {"Statement": [OWNER]}}
    return {"urn": urn(KEY, name, stack), "custom": True, "type": KEY, "inputs": inputs, **more}


GOOD, BAD, OPEN = key("good", True), key("bad", False), key("open", UNKNOWN)


def export(*resources: dict[str, Any], stack: str = "dev") -> dict[str, Any]:
    root = {"urn": urn(STACK, f"project-{stack}", stack), "type": STACK}
    return {"version": 3, "deployment": {"manifest": {}, "resources": [root, *resources]}}


def preview(*resources: dict[str, Any]) -> dict[str, Any]:
    found = export(*resources)["deployment"]["resources"]
    steps = [{"op": "create", "urn": one["urn"], "newState": one} for one in found]
    return {"config": {}, "steps": steps, "changeSummary": {"create": len(steps)}}


def runner(directory: Path) -> Run:
    """Return what writes states to files in the directory and runs the command on them."""

    def run(*arguments: str, **files: Any) -> Result:
        names = []
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (directory / f"{name}.json").write_text(text, encoding="utf-8")
            names.append(f"{name}.json")
        return CliRunner().invoke(main, [*arguments, *names])

    return run
