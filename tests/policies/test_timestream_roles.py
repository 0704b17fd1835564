from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.rules import database_access, query_roles, timestream_roles
from timestream_policies.types import (
    DATABASE,
    GROUP_POLICY,
    INSTANCE_PROFILE,
    MANAGED_POLICY,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    SCHEDULED_QUERY,
    VPC_ENDPOINT,
)

TABLE = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu"


def allow(action: Any, resource: Any = TABLE, **more: Any) -> dict[str, Any]:
    return {"Sid": "It", "Effect": "Allow", "Action": action, "Resource": resource, **more}


def policy(*statements: Any, role: str = "writer", name: str = "policy") -> Given:
    return Given(ROLE_POLICY, {"role": role, "policy": {"Statement": list(statements)}}, name)


def trust(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"assumeRolePolicy": {"Statement": statement}}


WRITE = allow("timestream:WriteRecords")
READ = allow("timestream:Select")
BOTH = ["may both write and read records of Timestream"]


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        pytest.param({}, [policy(WRITE)], [], id="writes"),
        pytest.param({}, [policy(WRITE, READ)], BOTH, id="both"),
        pytest.param({}, [policy(WRITE), policy(READ, name="other")], BOTH, id="in two policies"),
        pytest.param({}, [policy(WRITE, READ, role="other")], [], id="another role's"),
        pytest.param({}, [policy(WRITE, {**READ, "Effect": "Deny"})], [], id="one denied"),
        pytest.param(trust("timestream.amazonaws.com"), [policy(WRITE, READ)], [], id="of a scheduled query"),
        pytest.param(
            trust("timestream.amazonaws.com"),
            [Given(ROLE_POLICY, {"role": "writer", "policy": UNKNOWN}, "p")],
            [],
            id="of a scheduled query, not known yet",
        ),
        pytest.param(
            {"inlinePolicies": [{"name": "it", "policy": {"Statement": READ}}]},
            [policy(WRITE)],
            BOTH,
            id="one inline",
        ),
        pytest.param(
            {},
            [
                policy(WRITE),
                Given(MANAGED_POLICY, {"policy": {"Statement": READ}}, "managed"),
                Given(
                    ROLE_POLICY_ATTACHMENT,
                    {"role": "writer", "policyArn": UNKNOWN},
                    "a",
                    {"policyArn": ("managed",)},
                ),
            ],
            BOTH,
            id="one attached",
        ),
        pytest.param(
            {},
            [policy(WRITE), Given(ROLE_POLICY, {"role": "writer", "policy": UNKNOWN}, "p")],
            [UNDECIDED],
            id="not known yet",
        ),
    ],
)
def test_writers_do_not_read(change: Any, others: Any, expected: Any) -> None:
    found = messages(timestream_roles.writers_do_not_read, ROLE, {"name": "writer"}, change, *others)
    assert found == expected


@pytest.mark.parametrize(
    ("role", "action", "expected"),
    [
        ("writer", "timestream:WriteRecords", []),
        (
            "writer",
            "timestream:DeleteTable",
            ["allows timestream:DeleteTable to a role that is no administrator's (statement It)"],
        ),
        (
            "writer",
            "timestream:Up*",
            ["allows timestream:UpdateAccountSettings to a role that is no administrator's (statement It)"],
        ),
        ("timestream-admin", "timestream:DeleteTable", []),
        ("PlatformAdmins", "timestream:DeleteTable", []),
        (UNKNOWN, "timestream:DeleteTable", [UNDECIDED]),
    ],
)
def test_only_administrators_destroy(role: str, action: str, expected: Any) -> None:
    change = {"role": role, "policy": {"Statement": allow(action)}}
    found = messages(timestream_roles.only_administrators_destroy, ROLE_POLICY, {}, change)
    assert found == expected


def test_destructive_policies_of_groups_and_attached_ones() -> None:
    rule = timestream_roles.only_administrators_destroy
    wrong = ["allows timestream:DeleteTable to a role that is no administrator's (statement It)"]
    document = {"policy": {"Statement": allow("timestream:DeleteTable")}}
    assert messages(rule, GROUP_POLICY, {"group": "admin"}, document) == wrong
    assert messages(rule, MANAGED_POLICY, {}, document) == []
    for name, expected in (("writer", wrong), ("admin", [])):
        role = Given(
            ROLE, {"name": name, "managedPolicyArns": [UNKNOWN]}, "r", {"managedPolicyArns": ("main",)}
        )
        assert messages(rule, MANAGED_POLICY, {}, document, role) == expected
        outside = Given(
            ROLE_POLICY_ATTACHMENT, {"role": name, "policyArn": UNKNOWN}, "a", {"policyArn": ("main",)}
        )
        assert messages(rule, MANAGED_POLICY, {}, document, outside) == expected


@pytest.mark.parametrize(
    ("put", "expected"),
    [
        (allow("s3:PutObject", "arn:aws:s3:::lake/*"), []),
        (allow("s3:PutObject", "*"), ["may unload tables into any bucket"]),
        (allow("s3:*", "arn:aws:s3:::*"), ["may unload tables into any bucket"]),
        (
            allow("s3:PutObject", "*", Condition={"StringEquals": {"aws:ResourceAccount": "111122223333"}}),
            [],
        ),
        (allow(UNKNOWN, "*"), [UNDECIDED]),
    ],
)
def test_unloads_go_to_named_buckets(put: Any, expected: Any) -> None:
    others = [policy(allow("timestream:Unload"), put)]
    rule = timestream_roles.unloads_go_to_named_buckets
    assert messages(rule, ROLE, {"name": "writer"}, {}, *others) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([WRITE, allow("timestream:DescribeEndpoints", "*")], []),
        ([WRITE, allow("timestream:Describe*", "*")], []),
        (
            [WRITE, allow("timestream:DescribeEndpoints")],
            ["uses Timestream without timestream:DescribeEndpoints on *"],
        ),
        ([WRITE], ["uses Timestream without timestream:DescribeEndpoints on *"]),
        ([allow("s3:GetObject")], []),
        ([WRITE, allow(UNKNOWN, "*")], [UNDECIDED]),
    ],
)
def test_endpoints_are_discovered(statements: Any, expected: Any) -> None:
    rule = timestream_roles.endpoints_are_discovered
    assert messages(rule, ROLE, {"name": "writer"}, {}, policy(*statements)) == expected


@pytest.mark.parametrize(
    ("service", "extra", "tied"),
    [
        ("lambda.amazonaws.com", None, False),
        ("states.amazonaws.com", None, True),
        (
            "lambda.amazonaws.com",
            {
                **allow("timestream:*", "*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
                "Effect": "Deny",
            },
            True,
        ),
    ],
)
def test_roles_are_tied_to_endpoints(service: str, extra: Any, tied: bool) -> None:
    endpoint = Given(VPC_ENDPOINT, {"serviceName": "com.amazonaws.eu-west-1.timestream.query-cell1"}, "e")
    own = policy(*([WRITE, extra] if extra else [WRITE]))
    rule = timestream_roles.roles_are_tied_to_endpoints
    found = messages(rule, ROLE, {"name": "writer"}, trust(service), own, endpoint)
    assert found == ([] if tied else ["may use Timestream from outside of the endpoints of this stack"])
    assert messages(rule, ROLE, {"name": "writer"}, trust(service), own) == []


def test_instances_do_not_write() -> None:
    role = Given(ROLE, {"name": "writer"}, "role")
    rule = timestream_roles.instances_do_not_write
    profile = {"role": "writer"}
    assert messages(rule, INSTANCE_PROFILE, profile, {}, role, policy(READ)) == []
    assert messages(rule, INSTANCE_PROFILE, profile, {}, role, policy(WRITE)) == [
        "gives instances the role 'role', which writes to Timestream"
    ]


def test_access_is_managed_beside() -> None:
    rule = database_access.access_is_managed_beside
    role = Given(ROLE, {"name": "writer"}, "role")
    assert messages(rule, DATABASE, {"databaseName": "metrics"}, {}, role, policy(WRITE)) == []
    assert messages(rule, DATABASE, {"databaseName": "metrics"}, {}, role) == [
        "has no role and policy beside it"
    ]


ARN = "arn:aws:iam::111122223333:role/writer"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (WRITE, []),
        (READ, []),
        (allow("timestream:Select", f"{TABLE.rpartition('/')[0]}/*"), []),
        (allow("timestream:SelectValues", "*"), []),
        (allow("timestream:WriteRecords", f"{TABLE}2"), [f"writes to {TABLE}2"]),
        (allow("timestream:WriteRecords", "*"), ["writes to *"]),
        (allow("timestream:Select", "*"), ["reads *"]),
        (allow("timestream:DeleteTable"), ["changes or deletes databases and tables"]),
        ({**allow("timestream:DeleteTable"), "Effect": "Deny"}, []),
    ],
)
def test_execution_roles_are_narrow(statement: Any, expected: list[str]) -> None:
    query = {
        "executionRoleArn": ARN,
        "targetConfiguration": {"timestreamConfiguration": {"databaseName": "metrics", "tableName": "cpu"}},
    }
    role = Given(ROLE, {"name": "writer"}, "role", outputs={"arn": ARN})
    found = messages(
        query_roles.execution_roles_are_narrow, SCHEDULED_QUERY, query, {}, role, policy(statement)
    )
    assert found == [f"runs as role 'role', which {what} (statement It)" for what in expected]


def run(table: str, name: str) -> Given:
    target = {"timestreamConfiguration": {"databaseName": "metrics", "tableName": table}}
    properties = {"executionRoleArn": UNKNOWN, "targetConfiguration": target}
    return Given(SCHEDULED_QUERY, properties, name, {"executionRoleArn": ("main",)})


@pytest.mark.parametrize(
    ("service", "queries", "expected"),
    [
        ("timestream.amazonaws.com", [run("cpu", "a")], []),
        ("timestream.amazonaws.com", [run("cpu", "a"), run("cpu", "b")], []),
        (
            "timestream.amazonaws.com",
            [run("cpu", "a"), run("memory", "b")],
            ["runs 2 scheduled queries with different targets"],
        ),
        (
            "lambda.amazonaws.com",
            [run("cpu", "a")],
            ["runs a scheduled query and is for lambda.amazonaws.com too"],
        ),
        ("lambda.amazonaws.com", [], []),
    ],
)
def test_execution_roles_are_not_shared(service: str, queries: Any, expected: Any) -> None:
    rule = query_roles.execution_roles_are_not_shared
    assert messages(rule, ROLE, {"name": "writer"}, trust(service), *queries) == expected
