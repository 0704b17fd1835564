"""What comes through the interface endpoints, and what roles that require them may do beside them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.everything import BREAK_GLASS, NEIGHBOUR, ORGANIZATION, OTHER_ACCOUNT, deployed
from tests.components.expected import EXPECTED
from tests.components.world import (
    DATABASES,
    Context,
    Role,
    actions_of,
    database,
    endpoints,
    policies_of_endpoints,
    roles,
    table,
    tried,
)
from tests.iam import Request, allowed

REQUIRING: Final = ("writers/edge", "readers/pods")
FOREIGN_ENDPOINT: Final = "vpce-0fedcba9876543210"


def through(name: str) -> Context:
    return {"aws:SourceVpce": endpoints()[name][0]}


WAYS: Final[Mapping[str, Any]] = {
    "through the endpoint for writing": lambda: through("ingest"),
    "through the endpoint for queries": lambda: through("query"),
    "through another service of AWS": lambda: {"aws:ViaAWSService": "true"},
    "with a role for emergencies": lambda: {"aws:PrincipalArn": BREAK_GLASS},
    "through somebody else's endpoint": lambda: {"aws:SourceVpce": FOREIGN_ENDPOINT},
    "over the internet": dict,
}
OPEN: Final = tuple(WAYS)[:4]


@pytest.mark.parametrize("name", REQUIRING)
def test_a_role_that_requires_an_endpoint_finds_no_other_way(name: str) -> None:
    role = roles()[name]
    rows = [
        (way, action, resource)
        for way in WAYS
        for action, types in actions_of("timestream").items()
        for resource in tried(types)
    ]
    requests = [role.asks(f"timestream:{action}", resource, WAYS[way]()) for way, action, resource in rows]
    found = {row for row, yes in zip(rows, allowed(requests), strict=True) if yes}
    everything = {(way, *row) for way in OPEN for row in EXPECTED[name].rows()}
    # The regional host, where cells are asked for, has no interface endpoint.
    beside = {(way, "DescribeEndpoints", "*") for way in WAYS}
    assert found == everything | beside


def test_other_roles_are_not_bound_to_endpoints() -> None:
    free = [role for name, role in roles().items() if name in EXPECTED and name not in REQUIRING]
    on = [table("metrics/cpu"), table("fleet/trips")]
    requests = [role.asks("timestream:Select", arn, {}) for role in free for arn in on]
    requests += [role.asks("timestream:WriteRecords", arn, {}) for role in free for arn in on]
    bound = [replace(one, context={**one.context, **through("query")}) for one in requests]
    assert allowed(requests) == allowed(bound)


# Everything that a caller could be allowed otherwise: what is denied then, the endpoint denies.
ANYTHING: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def caller(account: str, organization: str | None = None) -> Role:
    tags = {"aws:PrincipalOrgID": organization} if organization else {}
    return Role("anybody", f"arn:aws:iam::{account}:role/anybody", "", (ANYTHING,), (), extra=tags)


OURS: Final = caller(ACCOUNT)
THEIRS: Final = caller(OTHER_ACCOUNT)


@cache
def rows() -> tuple[tuple[str, str], ...]:
    return tuple(
        (action, resource)
        for action, types in actions_of("timestream").items()
        for resource in (*tried(types), *([NEIGHBOUR] if "database" in types else []))
    )


def comes_through(who: Role, policy: str) -> set[tuple[str, str]]:
    requests = [
        # Whoever owns the resource is no matter here: the endpoint alone shall decide.
        who.asks(
            f"timestream:{action}",
            resource,
            through("ingest"),
            endpoint_policies=(policy,),
            account=who.arn.split(":")[4],
        )
        for action, resource in rows()
    ]
    return {row for row, yes in zip(rows(), allowed(requests), strict=True) if yes}


def reachable() -> set[tuple[str, str]]:
    """Everything on our databases, on the neighbour's, on scheduled queries, and what has no resource."""
    known = [database(name) for name in ("metrics", "fleet", "legacy")] + [NEIGHBOUR]
    mine = f"arn:aws:timestream:{REGION}:{ACCOUNT}"
    return {
        (action, resource)
        for action, resource in rows()
        if resource == "*"
        or resource.startswith(f"{mine}:scheduled-query/")
        or any(resource == it or resource.startswith(f"{it}/table/") for it in known)
    }


@pytest.mark.parametrize("name", ["ingest", "query"])
def test_callers_of_this_account_reach_the_named_databases(name: str) -> None:
    found = comes_through(OURS, endpoints()[name][1])
    assert found == reachable()
    assert {resource for _, resource in found} & set(DATABASES) == {
        database(it) for it in ("metrics", "fleet", "legacy")
    }


@pytest.mark.parametrize("name", ["ingest", "query"])
def test_callers_of_other_accounts_reach_nothing(name: str) -> None:
    assert comes_through(THEIRS, endpoints()[name][1]) == set()


def test_with_an_organisation_its_callers_come_through_and_nobody_else() -> None:
    policies = policies_of_endpoints(deployed({"network.organization_id": ORGANIZATION}))
    for name in ("ingest", "query"):
        colleague, stranger = caller(OTHER_ACCOUNT, ORGANIZATION), caller(ACCOUNT, "o-z9y8x7w6v5")
        assert comes_through(colleague, policies[name]) == reachable()
        assert comes_through(stranger, policies[name]) == set()


@pytest.mark.parametrize(
    ("service", "action", "resource"),
    [
        ("kms", "kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"),
        ("logs", "logs:CreateLogGroup", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:app"),
        (
            "secretsmanager",
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:app-AbCdEf",
        ),
        ("sts", "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/app"),
        ("sts", "sts:DecodeAuthorizationMessage", "*"),
    ],
)
def test_other_services_are_for_callers_of_this_account(service: str, action: str, resource: str) -> None:
    policy = endpoints()[service][1]
    own, strange = (
        who.asks(
            action,
            resource,
            {},
            endpoint_policies=(policy,),
            resource_policy=_open(action),
            account=who.arn.split(":")[4],
        )
        for who in (OURS, THEIRS)
    )
    assert allowed([own, strange]) == [True, False]


def _open(action: str) -> str | None:
    """Let the resource trust everybody, so that only the endpoint can deny."""
    if action.startswith(("kms:", "sts:AssumeRole", "secretsmanager:")):
        resource = "" if action.startswith("sts:") else '"Resource":"*",'
        return (
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
            + resource
            + f'"Action":"{action}"}}]}}'
        )
    return None


@pytest.mark.parametrize(("account", "expected"), [(ACCOUNT, True), (OTHER_ACCOUNT, False)])
def test_tokens_come_through_for_roles_of_this_account(account: str, expected: bool) -> None:
    provider = f"arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com"
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"'
        + provider
        + '"},"Action":"sts:AssumeRoleWithWebIdentity"}]}'
    )
    request = Request(
        provider,
        "sts:AssumeRoleWithWebIdentity",
        f"arn:aws:iam::{account}:role/app",
        resource_policy=trust,
        context={"aws:ResourceAccount": account},
        endpoint_policies=(endpoints()["sts"][1],),
    )
    assert allowed([request]) == [expected]
