"""Metric filters: their texts, and what they find."""

from typing import Any

import pytest

from tests.filter_patterns import matches
from timestream_baseline.documents.filters import (
    CIS,
    FILTER_SETS,
    SECURITY_HUB,
    Filter,
    policy_changes_pattern,
    role_changes_pattern,
    roles_per_filter,
)
from timestream_baseline.documents.limits import FILTER_PATTERN, FILTERS_PER_LOG_GROUP, fits
from timestream_baseline.naming import policy_name, policy_prefix

ALL = [
    pytest.param(it, id=f"{text} {it.name}") for text, chosen in FILTER_SETS.items() for it in chosen.filters
]
SIGN_IN = {"eventName": "ConsoleLogin", "eventSource": "signin.amazonaws.com"}
PERSON = {"type": "IAMUser"}
# What each filter finds, one event for each name of a metric.
FOUND: dict[str, dict[str, Any]] = {
    "UnauthorizedApiCalls": {
        "errorCode": "AccessDenied",
        "eventName": "DeleteTable",
        "sourceIPAddress": "192.0.2.1",
    },
    "ConsoleSignInWithoutMfa": {
        **SIGN_IN,
        "userIdentity": PERSON,
        "additionalEventData": {"MFAUsed": "No"},
        "responseElements": {"ConsoleLogin": "Success"},
    },
    "RootUsage": {"userIdentity": {"type": "Root"}, "eventType": "AwsApiCall"},
    "IamPolicyChanges": {"eventSource": "iam.amazonaws.com", "eventName": "CreatePolicyVersion"},
    "TrailChanges": {"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging"},
    "ConsoleSignInFailures": {**SIGN_IN, "errorMessage": "Failed authentication"},
    "KeysDisabledOrDeleted": {"eventSource": "kms.amazonaws.com", "eventName": "ScheduleKeyDeletion"},
    "BucketPolicyChanges": {"eventSource": "s3.amazonaws.com", "eventName": "PutBucketPolicy"},
    "ConfigChanges": {"eventSource": "config.amazonaws.com", "eventName": "StopConfigurationRecorder"},
    "SecurityGroupChanges": {"eventSource": "ec2.amazonaws.com", "eventName": "CreateSecurityGroup"},
    "NetworkAclChanges": {"eventSource": "ec2.amazonaws.com", "eventName": "ReplaceNetworkAclEntry"},
    "GatewayChanges": {"eventSource": "ec2.amazonaws.com", "eventName": "AttachInternetGateway"},
    "RouteTableChanges": {"eventSource": "ec2.amazonaws.com", "eventName": "CreateRoute"},
    "VpcChanges": {"eventSource": "ec2.amazonaws.com", "eventName": "DeleteVpc"},
    "OrganizationsChanges": {"eventSource": "organizations.amazonaws.com", "eventName": "LeaveOrganization"},
}
HARMLESS = {
    "eventSource": "timestream.amazonaws.com",
    "eventName": "DescribeTable",
    "eventType": "AwsApiCall",
    "userIdentity": {"type": "AssumedRole"},
    "sourceIPAddress": "192.0.2.1",
}


@pytest.mark.parametrize("found", ALL)
def test_a_filter_finds_its_event_and_no_other(found: Filter) -> None:
    assert [name for name, event in FOUND.items() if matches(found.pattern, event)] == [found.name]
    assert not matches(found.pattern, HARMLESS)


@pytest.mark.parametrize("found", ALL)
def test_a_filter_is_within_the_limit_of_aws(found: Filter) -> None:
    assert fits(FILTER_PATTERN, found.pattern)


def test_cis_wants_fifteen_filters_and_security_hub_fourteen() -> None:
    assert [it.control for it in CIS.filters] == [f"CIS 5.0.0 4.{number}" for number in range(1, 16)]
    assert {it.control for it in SECURITY_HUB.filters} == {f"CloudWatch.{number}" for number in range(1, 15)}
    assert [it.name for it in CIS.filters][:14] == [it.name for it in SECURITY_HUB.filters]


def test_the_metrics_are_where_each_text_wants_them() -> None:
    assert (CIS.namespace, CIS.default_value) == ("CISBenchmark", None)
    assert (SECURITY_HUB.namespace, SECURITY_HUB.default_value) == ("LogMetrics", "0")


def test_the_two_texts_differ_where_the_benchmarks_do() -> None:
    pairs = zip(CIS.filters, SECURITY_HUB.filters, strict=False)
    assert {cis.name for cis, hub in pairs if cis.pattern != hub.pattern} == {
        "UnauthorizedApiCalls",
        "ConsoleSignInWithoutMfa",
        "IamPolicyChanges",
        "SecurityGroupChanges",
        "RouteTableChanges",
    }


def test_cis_lets_deliveries_of_logs_and_checks_of_buckets_fail() -> None:
    (unauthorized, *_) = CIS.filters
    for quiet in ({"sourceIPAddress": "delivery.logs.amazonaws.com"}, {"eventName": "HeadBucket"}):
        assert not matches(unauthorized.pattern, {**FOUND["UnauthorizedApiCalls"], **quiet})


def role_event(call: str, role: str) -> dict[str, Any]:
    return {
        "eventSource": "iam.amazonaws.com",
        "eventName": call,
        "requestParameters": {"roleName": role},
    }


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(role_event("PutRolePolicy", "baseline-writers-ingest"), True, id="another policy"),
        pytest.param(role_event("UpdateAssumeRolePolicy", "baseline-backup"), True, id="another trust"),
        pytest.param(role_event("DeleteRole", "baseline-backup"), True, id="deleted"),
        pytest.param(
            role_event("DeleteRolePermissionsBoundary", "baseline-backup"), True, id="without its boundary"
        ),
        pytest.param(role_event("TagRole", "baseline-backup"), True, id="a tag that may decide"),
        pytest.param(role_event("GetRolePolicy", "baseline-backup"), False, id="read"),
        pytest.param(role_event("PutRolePolicy", "baseline-backup-2"), False, id="a role of somebody else"),
        pytest.param(
            {**role_event("PutRolePolicy", "baseline-backup"), "eventSource": "sts.amazonaws.com"},
            False,
            id="another service",
        ),
    ],
)
def test_the_watch_on_roles_finds_changes_to_ours(event: dict[str, Any], expected: bool) -> None:
    assert matches(role_changes_pattern(["baseline-writers-ingest", "baseline-backup"]), event) is expected


def policy_event(call: str, policy: str) -> dict[str, Any]:
    return {
        "eventSource": "iam.amazonaws.com",
        "eventName": call,
        "requestParameters": {"policyArn": f"arn:aws:iam::111122223333:policy/{policy}"},
    }


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(policy_event("CreatePolicyVersion", "baseline-all-boundary"), True, id="the boundary"),
        pytest.param(
            policy_event("SetDefaultPolicyVersion", "baseline-backup-keys-1"), True, id="an older version"
        ),
        pytest.param(policy_event("DeletePolicy", "baseline-backup-keys-1"), True, id="deleted"),
        pytest.param(policy_event("GetPolicyVersion", "baseline-all-boundary"), False, id="read"),
        pytest.param(policy_event("CreatePolicyVersion", "theirs"), False, id="a policy of somebody else"),
        pytest.param(role_event("PutRolePolicy", "baseline-backup"), False, id="a role"),
    ],
)
def test_the_watch_on_policies_finds_changes_to_ours(event: dict[str, Any], expected: bool) -> None:
    pattern = policy_changes_pattern("arn:aws:iam::111122223333:policy/baseline-*")
    assert matches(pattern, event) is expected
    assert fits(
        FILTER_PATTERN, policy_changes_pattern("arn:aws-us-gov:iam::111122223333:policy/" + "x" * 128)
    )


@pytest.mark.parametrize("component", ["baseline", "my baseline", "-odd", "Team/One"])
def test_the_watch_on_policies_knows_how_their_names_begin(component: str) -> None:
    assert policy_name(component, "all", "boundary").startswith(policy_prefix(component))


def test_as_many_roles_share_a_filter_as_fit_with_the_longest_names() -> None:
    most = roles_per_filter()
    assert most == 6
    assert fits(FILTER_PATTERN, role_changes_pattern(["x" * 64] * most))
    assert not fits(FILTER_PATTERN, role_changes_pattern(["x" * 64] * (most + 1)))
    assert len(CIS.filters) < FILTERS_PER_LOG_GROUP
