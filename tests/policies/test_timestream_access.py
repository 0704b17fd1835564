from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.rules import timestream_access
from timestream_policies.types import MANAGED_POLICY, ROLE, ROLE_POLICY, SCHEDULED_QUERY

DATABASE = "arn:aws:timestream:eu-west-1:111122223333:database/metrics"
TABLE = f"{DATABASE}/table/cpu"
QUERY = "arn:aws:timestream:eu-west-1:111122223333:scheduled-query/hourly"


def said(rule: Any, action: Any, resource: Any = TABLE, *others: Given, **more: Any) -> Any:
    """Judge one statement in a role policy."""
    statement = {"Sid": "It", "Effect": "Allow", "Action": action, "Resource": resource, **more}
    return messages(rule, ROLE_POLICY, {"role": "writer"}, {"policy": {"Statement": statement}}, *others)


@pytest.mark.parametrize(
    ("resource", "wide"),
    [
        (TABLE, False),
        (DATABASE, False),
        (f"{DATABASE}/table/*", False),
        (f"{DATABASE}/table/a*", True),
        (f"{DATABASE}*", True),
        (f"{DATABASE}*/table/cpu", True),
        ("*", False),
        ("arn:aws:timestream:eu-west-1:111122223333:database/*", False),
        ("arn:aws:timestream:*:*:scheduled-query/*", False),
    ],
)
def test_arns_are_named(resource: str, wide: bool) -> None:
    found = said(timestream_access.arns_are_named, "timestream:Select", resource)
    assert found == ([f"allows actions on {resource} (statement It)"] if wide else [])


@pytest.mark.parametrize(
    ("action", "exists"),
    [
        ("timestream:Select", True),
        ("timestream:select", True),
        ("timestream:Describe*", True),
        ("timestream-influxdb:GetDbInstance", True),
        ("s3:Whatever", True),
        ("timestream:Query", False),
        ("timestream:ListTable", False),
        ("timestream:Qu*", False),
        ("timestream-write:WriteRecords", False),
        ("timesteam:WriteRecords", False),
        ("timestream-influxdb:CreateDbUser", False),
    ],
)
def test_names_exist(action: str, exists: bool) -> None:
    allowed = said(timestream_access.names_exist, action)
    denied = said(timestream_access.denials_match, action, "*", Effect="Deny")
    assert allowed == ([] if exists else [f"allows {action.lower()}, which does not exist (statement It)"])
    assert denied == ([] if exists else [f"denies {action.lower()}, which does not exist (statement It)"])


@pytest.mark.parametrize(
    ("operator", "silent"),
    [
        ("StringEquals", False),
        ("ForAnyValue:StringLike", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
    ],
)
def test_condition_keys_exist(operator: str, silent: bool) -> None:
    condition = {operator: {"timestream:ResourceTag/keep": "yes"}}
    key = "timestream:resourcetag/keep"
    assert said(timestream_access.names_exist, "timestream:Select", Condition=condition) == [
        f"asks for {key}, which does not exist (statement It)"
    ]
    found = said(
        timestream_access.denials_match, "timestream:DeleteTable", "*", Effect="Deny", Condition=condition
    )
    expected = f"denies only where {key} is sent, which does not exist (statement It)"
    assert found == ([] if silent else [expected])


@pytest.mark.parametrize(
    ("action", "resource", "fits"),
    [
        ("timestream:Select", TABLE, True),
        ("timestream:Select", DATABASE, False),
        ("timestream:Select", f"{DATABASE}*", True),
        ("timestream:Select", "arn:aws:timestream:*:*:*", True),
        ("timestream:ListTables", DATABASE, True),
        ("timestream:ListTables", TABLE, False),
        ("timestream:CreateTable", DATABASE, True),
        ("timestream:CreateTable", TABLE, True),
        ("timestream:TagResource", QUERY, True),
        ("timestream:DescribeScheduledQuery", TABLE, False),
        ("timestream:DescribeEndpoints", "*", True),
        ("timestream:DescribeEndpoints", DATABASE, False),
        ("timestream:ListDatabases", "arn:aws:timestream:*:*:database/*", False),
        ("timestream:Select", "arn:aws:s3:::bucket", False),
        ("timestream:Select", [DATABASE, TABLE], True),
        ("timestream:*", DATABASE, True),
        ("timestream:Select", "arn:aws:timestream:*:*:database/${aws:PrincipalTag/team}", True),
    ],
)
def test_kinds_fit(action: str, resource: Any, fits: bool) -> None:
    allowed = said(timestream_access.kinds_fit, action, resource)
    denied = said(timestream_access.denials_match, action, resource, Effect="Deny")
    wrong = f"{action.lower()} on resources that it does not know (statement It)"
    assert allowed == ([] if fits else [f"allows {wrong}"])
    assert denied == ([] if fits else [f"denies {wrong}"])


@pytest.mark.parametrize(
    "rule",
    [timestream_access.names_exist, timestream_access.kinds_fit, timestream_access.arns_are_named],
)
def test_what_is_not_known_is_undecided(rule: Any) -> None:
    assert said(rule, UNKNOWN, UNKNOWN) == [UNDECIDED]


@pytest.mark.parametrize(
    ("resource", "goes_on"),
    [
        ("arn:aws:s3:::reports", False),
        ("arn:aws:s3:::reports/*", False),
        ("arn:aws:s3:::reports/a*", False),
        ("arn:aws:s3:::*", False),
        ("arn:aws:s3:::reports*", True),
        ("*", False),
    ],
)
def test_buckets_are_named(resource: str, goes_on: bool) -> None:
    found = said(timestream_access.buckets_are_named, "s3:GetObject", resource)
    assert found == ([f"allows actions on every bucket like {resource} (statement It)"] if goes_on else [])


def test_buckets_of_one_account_may_go_on() -> None:
    condition = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
    rule = timestream_access.buckets_are_named
    assert said(rule, "s3:GetObject", "arn:aws:s3:::reports*", Condition=condition) == []
    policy = {"policy": {"Statement": {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports*"}}}
    boundary = Given(
        ROLE, {"name": "w", "permissionsBoundary": UNKNOWN}, "w", {"permissionsBoundary": ("main",)}
    )
    assert messages(rule, MANAGED_POLICY, policy, {}, boundary) == []


RUNNER = "arn:aws:iam::111122223333:role/hourly"


@pytest.mark.parametrize(
    ("resource", "condition", "expected"),
    [
        pytest.param(RUNNER, None, True, id="any service"),
        pytest.param("*", None, True, id="every role"),
        pytest.param("arn:aws:iam::111122223333:role/other", None, False, id="another role"),
        pytest.param(
            RUNNER, {"StringEquals": {"iam:PassedToService": "timestream.amazonaws.com"}}, False, id="good"
        ),
        pytest.param(
            RUNNER, {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}, True, id="to Lambda"
        ),
        pytest.param(RUNNER, {"StringLike": {"iam:PassedToService": "*"}}, True, id="to anything"),
    ],
)
def test_query_roles_are_passed_to_timestream(resource: str, condition: Any, expected: bool) -> None:
    query = Given(SCHEDULED_QUERY, {"executionRoleArn": RUNNER}, "query")
    rule = timestream_access.query_roles_are_passed_to_timestream
    more = {"Condition": condition} if condition else {}
    found = said(rule, "iam:PassRole", resource, query, **more)
    assert found == (
        ["passes the role of a scheduled query to any service (statement It)"] if expected else []
    )
