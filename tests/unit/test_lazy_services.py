"""A program pays for the services that its stack uses: `pulumi_aws` loads one when it is first used."""

import subprocess
import sys

# A service that nobody has used yet is a module that loads itself; loaded, it is like every other one.
LOADED = """
import sys, types
import {module}
print(*sorted(
    name for name, module in sys.modules.items()
    if name.startswith("pulumi_aws.") and name.count(".") == 1 and type(module) is types.ModuleType
    and module.__spec__.submodule_search_locations
))
"""


def loaded_by(module: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(module=module)], capture_output=True, text=True, check=True
    )
    return [name for name in done.stdout.split() if name != "pulumi_aws.config"]


def test_the_components_load_no_service() -> None:
    # The annotations of functions are looked at when a module is imported, unless they are quoted.
    assert loaded_by("timestream_baseline") == []


def test_a_service_that_is_used_is_seen() -> None:
    assert loaded_by("pulumi_aws.sns, pulumi_aws; pulumi_aws.sns.Topic") == ["pulumi_aws.sns"]
