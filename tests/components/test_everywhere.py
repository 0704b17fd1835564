"""What holds for every resource of a baseline with everything on: tags, region, partition, names, parents."""

import importlib
import inspect
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pulumi
import pytest

from tests.components import arns, recorder
from tests.components.arns import REGION
from tests.components.everything import EVERYTHING, NAME, deployed, everything
from tests.components.recorder import Deployment, Registration, walk
from timestream_baseline import TimestreamBaseline


@cache
def arguments_of(token: str) -> frozenset[str]:
    """Name the arguments of the class that pulumi_aws has for a type."""
    _, module, name = token.split(":")
    package = module.split("/")[0].replace("index", "")
    found = importlib.import_module(f"pulumi_aws.{package}" if package else "pulumi_aws")
    return frozenset(inspect.signature(getattr(found, name)._internal_init).parameters)


def resources(made: Deployment) -> Iterator[Registration]:
    return (it for it in made.registrations if it.type.startswith("aws:"))


def test_whatever_can_be_tagged_has_the_tags_of_the_baseline() -> None:
    made = deployed({"tags": {"owner": "platform"}})
    untagged = [
        f"{it.type} {it.name}"
        for it in resources(made)
        if "tags" in arguments_of(it.type) and it.inputs.get("tags", {}).get("owner") != "platform"
    ]
    assert untagged == []


def test_every_regional_resource_names_its_region() -> None:
    regions = {
        f"{it.type} {it.name}": it.inputs.get("region")
        for it in resources(everything())
        if "region" in arguments_of(it.type)
    }
    elsewhere = {name: region for name, region in regions.items() if region != REGION}
    assert set(elsewhere.values()) == {"eu-central-1"}
    assert {name.split()[0] for name in elsewhere} == {"aws:kms/replicaKey:ReplicaKey", "aws:kms/alias:Alias"}


@pytest.mark.parametrize(
    ("partition", "replica", "suffix"),
    [("aws-us-gov", "us-gov-east-1", "com"), ("aws-cn", "cn-north-1", "com.cn")],
)
def test_no_arn_of_another_partition_is_written(
    partition: str, replica: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def arn_of(*asked: Any) -> str:
        return arns.arn_of(*asked).replace("arn:aws:", f"arn:{partition}:")

    monkeypatch.setattr(recorder, "CALLER", recorder.CALLER.replace("arn:aws:", f"arn:{partition}:"))
    monkeypatch.setattr("tests.components.recorder.arn_of", arn_of)
    monkeypatch.setattr(recorder, "DEPLOYER", recorder.DEPLOYER.replace("arn:aws:", f"arn:{partition}:"))
    text = json.dumps(EVERYTHING).replace("arn:aws:", f"arn:{partition}:").replace("eu-central-1", replica)

    def program() -> dict[str, pulumi.Output[Any]]:
        return TimestreamBaseline(NAME, json.loads(text)).outputs()

    made = recorder.deploy(program)
    wrong = {
        f"{it.type} {it.name}: {text[max(0, text.index('arn:aws:') - 60) :][:160]}"
        for it in resources(made)
        for text in walk(it.inputs)
        if "arn:aws:" in text
    }
    assert wrong == set()
    through = {
        service
        for it in resources(made)
        for text in walk(it.inputs)
        for service in re.findall(r'"kms:ViaService":\[?"([^"]+)"', text)
    }
    assert {service.partition(".amazonaws.")[2] for service in through if service != "true"} == {suffix}


def test_every_resource_hangs_below_the_baseline_and_has_its_name() -> None:
    made = everything()
    assert [it.name for it in resources(made) if NAME not in it.name] == []
    assert [it.name for it in made.registrations if it.parent == ""] == []


def test_no_two_resources_of_one_type_have_one_name() -> None:
    named = [(it.type, it.name) for it in everything().registrations]
    assert len(named) == len(set(named))
