"""Stacks that an earlier version made go on under this one: nothing they have is made again or removed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.project import Project

STATES = Path(__file__).parent / "states"


@pytest.mark.parametrize("state", sorted(STATES.glob("*.json")), ids=lambda path: path.stem)
def test_a_stack_of_an_earlier_version_goes_on(state: Path, baseline: Project) -> None:
    def protect(config: dict[str, Any]) -> None:
        config["timestream-baseline:protectData"] = True

    baseline.configure(protect)
    baseline.pulumi("stack", "import", "--file", str(state)).ok()
    steps = json.loads(baseline.pulumi("preview", "--json").ok().output)["steps"]
    before = {resource["urn"] for resource in json.loads(state.read_text())["deployment"]["resources"]}
    operations = {step["urn"]: step["op"] for step in steps}
    assert {operations.get(urn, "same") for urn in before} <= {"same", "update"}
    data = ("Database", "Table", "Bucket", "Key")
    changed = {
        urn.split("::")[-2].rsplit(":", 1)[1]: urn
        for urn in before
        if operations.get(urn) == "update" and urn.split("::")[-2].endswith(data)
    }
    assert set(changed) <= {"Key"}, "only the policies of keys may change"
