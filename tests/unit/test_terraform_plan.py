"""The plan that a peer is measured with has the resources of the state."""

import json
from typing import Any

import pytest

from scripts.large_states import BLOCK, export
from scripts.terraform_plan import plan, terraform_type


@pytest.fixture(scope="module")
def planned() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(plan(5 * BLOCK))
    return made


def test_the_plan_has_every_resource_of_the_provider(planned: dict[str, Any]) -> None:
    resources = json.loads(export(5 * BLOCK))["deployment"]["resources"]
    of_aws = [found for found in resources if found["type"].startswith("aws:")]
    assert len(planned["resource_changes"]) == len(of_aws)
    assert {change["type"] for change in planned["resource_changes"]} == {
        terraform_type(found["type"]) for found in of_aws
    }


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("aws:kms/key:Key", "aws_kms_key"),
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws_s3_bucket_public_access_block"),
        ("aws:ec2/securityGroup:SecurityGroup", "aws_security_group"),
        ("aws:cloudtrail/trail:Trail", "aws_cloudtrail"),
    ],
)
def test_names_are_those_of_terraform(token: str, expected: str) -> None:
    assert terraform_type(token) == expected


def test_blocks_stand_in_lists_and_have_the_singular(planned: dict[str, Any]) -> None:
    values = next(
        resource["values"]
        for resource in planned["planned_values"]["root_module"]["resources"]
        if resource["type"] == "aws_s3_bucket_server_side_encryption_configuration"
    )
    (default,) = values["rule"][0]["apply_server_side_encryption_by_default"]
    assert default["sse_algorithm"] == "aws:kms"
