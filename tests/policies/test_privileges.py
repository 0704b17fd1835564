from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.rules import access, privileges, service_access
from timestream_policies.types import GROUP_POLICY, MANAGED_POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT

OBJECTS = "arn:aws:s3:::bucket/*"
ONE_ROLE = "arn:aws:iam::111122223333:role/query"


def said(rule: Any, action: Any, resource: Any = "*", **more: Any) -> Any:
    """Judge one statement in a role policy."""
    statement = {"Sid": "It", "Effect": "Allow", "Action": action, "Resource": resource, **more}
    return messages(rule, ROLE_POLICY, {"role": "writer"}, {"policy": {"Statement": statement}})


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        pytest.param("s3:GetObject", [], id="named"),
        pytest.param("s3:Get*", [], id="a family"),
        pytest.param("S3:*", ["allows s3:* (statement It)"], id="a service"),
        pytest.param("s3:**", ["allows s3:** (statement It)"], id="a service, longer written"),
        pytest.param(["sns:Publish", "iam:*"], ["allows iam:* (statement It)"], id="in a list"),
        pytest.param("*", [], id="everything is for another rule"),
        pytest.param("*:*", [], id="everything, longer written"),
        pytest.param(["s3:GetObject", UNKNOWN], [UNDECIDED], id="not known yet"),
    ],
)
def test_services_are_not_open(action: Any, expected: Any) -> None:
    assert said(service_access.services_are_not_open, action, OBJECTS) == expected


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        pytest.param("s3:PutObject", OBJECTS, [], id="one bucket"),
        pytest.param(
            "s3:PutObject", "*", ["allows s3:PutObject on every resource (statement It)"], id="every bucket"
        ),
        pytest.param(
            "s3:PutObject",
            "arn:aws:s3:::*",
            ["allows s3:PutObject on every resource (statement It)"],
            id="every ARN of S3",
        ),
        pytest.param(
            "sqs:Send*", "*", ["allows sqs:SendMessage on every resource (statement It)"], id="a family"
        ),
        pytest.param(
            "glacier:*", "*", ["allows glacier:* on every resource (statement It)"], id="not listed"
        ),
        pytest.param("glacier:DescribeJob", "*", [], id="one action of a service that is not listed"),
        pytest.param("logs:CreateLogGroup", "arn:aws:logs:eu-west-1:111122223333:*", [], id="one account"),
        pytest.param("s3:ListAllMyBuckets", "*", [], id="knows no resource"),
        pytest.param("s3:GetObject", "*", [], id="a read"),
        pytest.param("iam:PassRole", "*", [], id="for another rule"),
        pytest.param("timestream:WriteRecords", "*", [], id="for the rule on Timestream"),
        pytest.param("s3:PutObject", UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
def test_writes_are_restricted(action: Any, resource: Any, expected: Any) -> None:
    assert said(service_access.writes_are_restricted, action, resource) == expected


def test_a_condition_restricts_and_an_empty_one_does_not() -> None:
    rule = service_access.writes_are_restricted
    tagged = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    assert said(rule, "sns:Publish", Condition=tagged) == []
    assert said(rule, "sns:Publish", Condition={}) == ["allows sns:Publish on every resource (statement It)"]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], ["allows backup:TagResource on every resource (statement It)"], id="limits nobody"),
        pytest.param(
            [Given(ROLE, {"name": "w", "permissionsBoundary": "arn:limit"}, "w")], [], id="a boundary"
        ),
        pytest.param(
            [
                Given(ROLE, {"name": "w", "permissionsBoundary": "arn:limit"}, "w"),
                Given(ROLE_POLICY_ATTACHMENT, {"role": "w", "policyArn": "arn:limit"}, "a"),
            ],
            ["allows backup:TagResource on every resource (statement It)"],
            id="a boundary that is attached too",
        ),
    ],
)
def test_a_boundary_grants_nothing(others: Any, expected: Any) -> None:
    statement = {"Sid": "It", "Effect": "Allow", "Action": "backup:TagResource", "Resource": "*"}
    policy = {"name": "limit", "arn": "arn:limit", "policy": {"Statement": statement}}
    first = Given(MANAGED_POLICY, policy, outputs={"arn": "arn:limit"})
    stack = build((first, *others))
    found = judge(service_access.writes_are_restricted, stack.resources[0], stack).findings
    assert [finding.message for finding in found] == expected


@pytest.mark.parametrize(
    ("rule", "action", "expected"),
    [
        pytest.param(
            service_access.reads_are_restricted,
            "s3:GetObject",
            ["allows s3:GetObject on every resource (statement It)"],
            id="reads",
        ),
        pytest.param(service_access.reads_are_restricted, "kms:ListAliases", [], id="knows no resource"),
        pytest.param(
            service_access.permissions_are_restricted,
            "kms:Put*",
            ["may change permissions with kms:PutKeyPolicy on every resource (statement It)"],
            id="permissions",
        ),
        pytest.param(service_access.permissions_are_restricted, "kms:Encrypt", [], id="no permissions"),
        pytest.param(
            privileges.credentials_are_not_exposed,
            "iam:CreateA*",
            ["may get credentials with iam:createaccesskey on every resource (statement It)"],
            id="credentials",
        ),
        pytest.param(privileges.credentials_are_not_exposed, "sts:GetCallerIdentity", [], id="who am I"),
        pytest.param(
            privileges.data_is_not_exposed,
            "secretsmanager:GetSecretValue",
            ["may read data with secretsmanager:getsecretvalue on every resource (statement It)"],
            id="secrets",
        ),
        pytest.param(privileges.data_is_not_exposed, "secretsmanager:ListSecrets", [], id="names only"),
    ],
)
def test_open_actions(rule: Any, action: Any, expected: Any) -> None:
    assert said(rule, action) == expected
    assert said(rule, action, "arn:aws:x:eu-west-1:111122223333:one") == []
    assert said(rule, UNKNOWN) == [UNDECIDED]


ADMINISTRATOR = "lets its holder become an administrator with "


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        pytest.param(
            "iam:UpdateLoginProfile",
            "*",
            [ADMINISTRATOR + "iam:updateloginprofile on every resource (statement It)"],
            id="a password",
        ),
        pytest.param("iam:UpdateLoginProfile", "arn:aws:iam::111122223333:user/ci", [], id="one user's"),
        pytest.param("iam:PassRole", "*", [], id="a role, and nothing that runs"),
        pytest.param("lambda:CreateFunction", "*", [], id="a function, and no role"),
        pytest.param(
            ["iam:PassRole", "lambda:CreateFunction"],
            "*",
            [ADMINISTRATOR + "iam:PassRole and lambda:createfunction on every resource (statement It)"],
            id="both",
        ),
        pytest.param(["iam:GetUser", UNKNOWN], "*", [UNDECIDED], id="not known yet"),
    ],
)
def test_privileges_do_not_escalate(action: Any, resource: Any, expected: Any) -> None:
    assert said(privileges.privileges_do_not_escalate, action, resource) == expected


def test_escalation_takes_two_statements_too() -> None:
    statements = [
        {"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/*"},
        {"Sid": "Run", "Effect": "Allow", "Action": "ec2:Run*", "Resource": "*"},
    ]
    change = {"policy": {"Statement": statements}}
    assert messages(privileges.privileges_do_not_escalate, ROLE_POLICY, {}, change) == [
        ADMINISTRATOR + "iam:PassRole and ec2:runinstances on every resource (statement Run)"
    ]


@pytest.mark.parametrize(
    ("resource", "wide"),
    [
        ("*", True),
        ("arn:aws:iam::*:role/*", True),
        ("arn:aws:iam::111122223333:role/*", True),
        ("arn:aws:iam::111122223333:*", True),
        ("arn:aws:iam::111122223333:role/query-*", False),
        (ONE_ROLE, False),
    ],
)
def test_roles_are_named(resource: str, wide: bool) -> None:
    passed = said(privileges.passed_roles_are_named, "iam:PassRole", resource)
    assumed = said(privileges.assumed_roles_are_named, "sts:Assume*", resource)
    assert passed == (["may pass every role (statement It)"] if wide else [])
    assert assumed == (["may assume every role that trusts its account (statement It)"] if wide else [])


def test_policies_of_groups_are_judged_too() -> None:
    change = {"policy": {"Statement": {"Action": "iam:PassRole", "Resource": "*"}}}
    found = messages(privileges.passed_roles_are_named, GROUP_POLICY, {"group": "g"}, change)
    assert found == ["may pass every role (statement 1)"]


def test_an_encryption_context_is_as_good_as_a_key() -> None:
    def with_context(value: str) -> Any:
        condition = {"StringEquals": {"kms:EncryptionContext:aws:timestream:database-name": value}}
        return said(access.decryption_is_narrow, "kms:Decrypt", Condition=condition)

    assert with_context("metrics") == []
    assert with_context("*") == ["allows decryption with every key (statement It)"]
