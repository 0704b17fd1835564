from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.rules import attachments, identities, resource_policies
from timestream_policies.types import (
    ACCESS_KEY,
    BUCKET_POLICY,
    GROUP_MEMBERSHIP,
    GROUP_POLICY,
    KEY_POLICY,
    LOG_RESOURCE_POLICY,
    MANAGED_POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICIES_EXCLUSIVE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    USER,
    USER_GROUP_MEMBERSHIP,
    USER_POLICIES_EXCLUSIVE,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)

OWN = "arn:aws:iam::111122223333:policy/own"
READS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}


def of_aws(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{name}"


@pytest.mark.parametrize("type_", [ROLE_POLICY_ATTACHMENT, ROLE, USER_POLICIES_EXCLUSIVE])
@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (OWN, []),
        (of_aws("service-role/AWSLambdaRole"), ["attaches AWSLambdaRole, which AWS manages"]),
        (UNKNOWN, [UNDECIDED]),
    ],
)
def test_policies_are_own(type_: str, arn: str, expected: Any) -> None:
    change: dict[str, dict[str, Any]] = {
        ROLE_POLICY_ATTACHMENT: {"policyArn": arn},
        ROLE: {"managedPolicyArns": [arn]},
        USER_POLICIES_EXCLUSIVE: {"policyArns": [arn]},
    }
    assert messages(attachments.policies_are_own, type_, {}, change[type_]) == expected


@pytest.mark.parametrize(
    "rule",
    [
        attachments.policies_are_own,
        identities.full_access_is_not_attached,
        identities.administrator_is_not_attached,
    ],
)
def test_an_unknown_arn_that_comes_from_an_own_policy_is_not_of_aws(rule: Any) -> None:
    own = Given(MANAGED_POLICY, {"policy": {"Statement": READS}}, "own")
    found = messages(
        rule, ROLE_POLICY_ATTACHMENT, {}, {"policyArn": UNKNOWN}, own, depends={"policyArn": ("own",)}
    )
    assert found == []


@pytest.mark.parametrize(
    "name",
    [
        "AmazonEC2ContainerRegistryPowerUser",
        "AdministratorAccess-Amplify",
        "job-function/NetworkAdministrator",
    ],
)
def test_other_policies_of_aws_that_change_things(name: str) -> None:
    found = messages(identities.full_access_is_not_attached, ROLE, {}, {"managedPolicyArns": [of_aws(name)]})
    assert found == [f"attaches {name.rpartition('/')[2]}"]


def test_inline_policies_of_users_and_groups_are_reported() -> None:
    for type_, owner in ((USER_POLICY, "user"), (GROUP_POLICY, "group")):
        assert messages(attachments.policies_are_managed, type_, {owner: "x"}, {}) == ["is an inline policy"]


@pytest.mark.parametrize(
    ("type_", "properties", "expected"),
    [
        (USER_POLICY, {"user": "ann"}, ["gives a policy to a user"]),
        (USER_POLICY_ATTACHMENT, {"user": "ann", "policyArn": OWN}, ["gives a policy to a user"]),
        (POLICY_ATTACHMENT, {"users": ["ann"], "policyArn": OWN}, ["attaches a policy to users"]),
        (POLICY_ATTACHMENT, {"users": [], "roles": ["r"], "policyArn": OWN}, []),
        (POLICY_ATTACHMENT, {"users": UNKNOWN, "policyArn": OWN}, [UNDECIDED]),
        (USER_POLICIES_EXCLUSIVE, {"userName": "ann", "policyArns": [OWN]}, ["attaches policies to a user"]),
        (USER_POLICIES_EXCLUSIVE, {"userName": "ann", "policyArns": []}, []),
    ],
)
def test_users_have_no_policies(type_: str, properties: Any, expected: Any) -> None:
    assert messages(attachments.users_have_no_policies, type_, {}, properties) == expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], ["belongs to no group"], id="none"),
        pytest.param([Given(USER_GROUP_MEMBERSHIP, {"user": "ann", "groups": ["g"]}, "m")], [], id="listed"),
        pytest.param([Given(GROUP_MEMBERSHIP, {"group": "g", "users": ["ann"]}, "m")], [], id="of a group"),
        pytest.param(
            [Given(USER_GROUP_MEMBERSHIP, {"user": "ann", "groups": []}, "m")],
            ["belongs to no group"],
            id="an empty list",
        ),
        pytest.param(
            [Given(USER_GROUP_MEMBERSHIP, {"user": UNKNOWN, "groups": ["g"]}, "m")],
            [UNDECIDED],
            id="nobody knows whose",
        ),
    ],
)
def test_users_are_in_groups(others: Any, expected: Any) -> None:
    assert messages(attachments.users_are_in_groups, USER, {"name": "ann"}, {}, *others) == expected


def test_users_and_groups_that_are_not_made_yet_are_followed() -> None:
    ann = Given(USER, {"name": "ann"}, "ann")
    attached = {"name": "x", "users": [UNKNOWN], "policyArn": "a"}
    check = attachments.users_have_no_policies
    assert messages(check, POLICY_ATTACHMENT, attached, {}) == [UNDECIDED]
    depends = {"users": ("ann",)}
    found = messages(check, POLICY_ATTACHMENT, attached, {}, ann, depends=depends)
    assert found == ["attaches a policy to users"]
    member = Given(
        USER_GROUP_MEMBERSHIP,
        {"user": UNKNOWN, "groups": [UNKNOWN]},
        "member",
        {"user": ("main",), "groups": ("staff",)},
    )
    staff = Given("aws:iam/group:Group", {}, "staff")
    assert messages(attachments.users_are_in_groups, USER, {"name": "ann"}, {}, member, staff) == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"user": "ann"}, ["has 2 active access keys"]),
        ({"user": "ann", "status": "Inactive"}, []),
        ({"user": "bob"}, []),
        ({"user": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_users_have_one_key(second: Any, expected: Any) -> None:
    keys = [Given(ACCESS_KEY, {"user": "ann"}, "one"), Given(ACCESS_KEY, second, "two")]
    assert messages(attachments.users_have_one_key, USER, {"name": "ann"}, {}, *keys) == expected


INLINE = [{"name": "it", "policy": {"Statement": READS}}]


@pytest.mark.parametrize(
    ("change", "other", "expected"),
    [
        pytest.param(
            {"managedPolicyArns": [OWN]},
            Given(ROLE_POLICY_ATTACHMENT, {"role": "w", "policyArn": OWN}, "a"),
            ["has managedPolicyArns, and also the policy of 'a'"],
            id="attached",
        ),
        pytest.param(
            {"managedPolicyArns": [OWN]},
            Given(ROLE_POLICIES_EXCLUSIVE, {"roleName": "w", "policyArns": [OWN]}, "a"),
            ["has managedPolicyArns, and also the policy of 'a'"],
            id="two exclusive lists",
        ),
        pytest.param(
            {"inlinePolicies": INLINE},
            Given(ROLE_POLICY, {"role": "w", "policy": {"Statement": READS}}, "a"),
            ["has inlinePolicies, and also the policy of 'a'"],
            id="inline",
        ),
        pytest.param(
            {"managedPolicyArns": [OWN]},
            Given(ROLE_POLICY, {"role": "w", "policy": {"Statement": READS}}, "a"),
            [],
            id="different kinds",
        ),
        pytest.param(
            {"managedPolicyArns": []},
            Given(ROLE_POLICY_ATTACHMENT, {"role": "w", "policyArn": OWN}, "a"),
            [],
            id="an empty list",
        ),
        pytest.param(
            {"managedPolicyArns": UNKNOWN},
            Given(ROLE_POLICY_ATTACHMENT, {"role": "w", "policyArn": OWN}, "a"),
            [UNDECIDED],
            id="not known yet",
        ),
    ],
)
def test_policies_have_one_owner(change: Any, other: Given, expected: Any) -> None:
    assert messages(attachments.policies_have_one_owner, ROLE, {"name": "w"}, change, other) == expected


def with_mfa(operator: str, value: Any, effect: str = "Allow") -> dict[str, Any]:
    return {**READS, "Effect": effect, "Condition": {operator: {"aws:MultiFactorAuthPresent": value}}}


@pytest.mark.parametrize(
    ("statements", "asked"),
    [
        pytest.param([READS], False, id="no MFA"),
        pytest.param([with_mfa("Bool", "true")], True, id="MFA"),
        pytest.param([with_mfa("BoolIfExists", "true")], False, id="MFA if told"),
        pytest.param([with_mfa("Bool", "true"), READS], False, id="half of it"),
        pytest.param([READS, with_mfa("BoolIfExists", "false", "Deny")], True, id="a Deny without"),
        pytest.param([READS, with_mfa("Bool", "true", "Deny")], False, id="a Deny with"),
    ],
)
def test_people_use_mfa(statements: Any, asked: bool) -> None:
    found = messages(attachments.people_use_mfa, GROUP_POLICY, {}, {"policy": {"Statement": statements}})
    assert found == ([] if asked else ["allows actions without MFA"])


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        (BUCKET_POLICY, "policy"),
        (KEY_POLICY, "policy"),
        (LOG_RESOURCE_POLICY, "policyDocument"),
        (ROLE, "assumeRolePolicy"),
    ],
)
def test_statements_have_principals(type_: str, path: str) -> None:
    def judged(**more: Any) -> list[str]:
        change = {path: {"Statement": {"Sid": "It", "Action": "s3:GetObject", "Resource": "*", **more}}}
        return messages(resource_policies.statements_have_principals, type_, {}, change)

    assert judged() == ["speaks of nobody (statement It)"]
    assert judged(Principal="*") == []
    assert judged(Principal={"AWS": []}) == ["speaks of nobody (statement It)"]
    assert judged(Effect="Deny", NotPrincipal={"AWS": OWN}) == []
    assert judged(Principal=UNKNOWN) == [UNDECIDED]
