"""Who may assume the roles of the baseline, and for whom."""

from typing import Any, Final

import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.everything import GITHUB, GRAFANA, OTHER_ACCOUNT
from tests.components.expected import EXPECTED
from tests.components.world import roles
from tests.iam import Request, allowed

HOST: Final = "token.actions.githubusercontent.com"
ANYTHING: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
OUR_QUERY: Final = f"arn:aws:timestream:{REGION}:{ACCOUNT}:scheduled-query/baseline-hourly-1a2b3c4d5e6f"
OUR_TRAIL: Final = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail"
LAMBDA, SCHEDULER, STATES = (f"{it}.amazonaws.com" for it in ("lambda", "scheduler", "states"))
PODS, TIMESTREAM, BACKUP, CLOUDTRAIL = (
    f"{it}.amazonaws.com" for it in ("pods.eks", "timestream", "backup", "cloudtrail")
)
MAIN: Final = "repo:example/telemetry:ref:refs/heads/main"


def service(name: str, **context: Any) -> tuple[str, str, dict[str, Any]]:
    return name, "sts:AssumeRole", context


def session(arn: str, **context: Any) -> tuple[str, str, dict[str, Any]]:
    return arn, "sts:AssumeRole", context


def token(subject: str, audience: str = "sts.amazonaws.com", provider: str = GITHUB) -> tuple[str, str, Any]:
    host = provider.partition(":oidc-provider/")[2]
    return provider, "sts:AssumeRoleWithWebIdentity", {f"{host}:sub": subject, f"{host}:aud": audience}


FROM_US: Final[Any] = {"aws:SourceAccount": ACCOUNT}
FROM_THEM: Final[Any] = {"aws:SourceAccount": OTHER_ACCOUNT}
SECRET: Final[Any] = {"sts:ExternalId": "telemetry-42"}

WHO: Final[dict[str, Any]] = {
    "Lambda": service(LAMBDA),
    "Lambda for another account": service(LAMBDA, **FROM_THEM),
    "EventBridge Scheduler for us": service(SCHEDULER, **FROM_US),
    "EventBridge Scheduler for another account": service(SCHEDULER, **FROM_THEM),
    "EventBridge Scheduler for nobody known": service(SCHEDULER),
    "Step Functions for us": service(STATES, **FROM_US),
    "pods of ours": service(PODS, **FROM_US),
    "pods of another account": service(PODS, **FROM_THEM),
    "our query": service(TIMESTREAM, **FROM_US, **{"aws:SourceArn": OUR_QUERY}),
    "another query of ours": service(
        TIMESTREAM, **FROM_US, **{"aws:SourceArn": OUR_QUERY.replace("hourly", "nightly")}
    ),
    "a query of another account": service(
        TIMESTREAM, **FROM_THEM, **{"aws:SourceArn": OUR_QUERY.replace(ACCOUNT, OTHER_ACCOUNT)}
    ),
    "Timestream for nobody known": service(TIMESTREAM),
    "AWS Backup": service(BACKUP),
    "CloudTrail": service(CLOUDTRAIL, **{"aws:SourceArn": OUR_TRAIL}),
    "EC2": service("ec2.amazonaws.com", **FROM_US),
    "Grafana with the external id": session(GRAFANA, **SECRET),
    "Grafana without it": session(GRAFANA),
    "Grafana with another one": session(GRAFANA, **{"sts:ExternalId": "telemetry-43"}),
    "a neighbour of Grafana with it": session(f"arn:aws:iam::{OTHER_ACCOUNT}:role/other", **SECRET),
    "an administrator of this account": session(f"arn:aws:iam::{ACCOUNT}:role/administrator"),
    "a token of the main branch": token(MAIN),
    "a token of another branch": token(f"{MAIN}-2"),
    "a token of the repository with a wildcard": token("repo:example/edge/deploy"),
    "a token of a repository that begins alike": token("repo:example/edgeless/deploy"),
    "a token of a stranger": token("repo:stranger/telemetry:ref:refs/heads/main"),
    "a token for somebody else": token(MAIN, audience="https://example.org"),
    "a token of another provider": token(MAIN, provider=GITHUB.replace(HOST, "accounts.example.org")),
}
LAMBDAS: Final = {"Lambda", "Lambda for another account"}
TRUSTED: Final[dict[str, set[str]]] = {
    **dict.fromkeys(EXPECTED, LAMBDAS),
    "writers/ingest": LAMBDAS | {"EventBridge Scheduler for us"},
    "writers/edge": {"a token of the main branch", "a token of the repository with a wildcard"},
    "readers/dashboards": {"Grafana with the external id"},
    "readers/pods": {"pods of ours"},
    "scheduledQueries/hourly": {"our query"},
    "backup": {"AWS Backup"},
    "trail-delivery": {"CloudTrail"},
}


@pytest.mark.parametrize("name", TRUSTED)
def test_a_role_trusts_exactly(name: str) -> None:
    role = roles()[name]
    requests = [
        Request(
            principal,
            action,
            role.arn,
            (ANYTHING,) if ":role/" in principal else (),
            resource_policy=role.trust,
            context=context,
        )
        for principal, action, context in WHO.values()
    ]
    assert {who for who, yes in zip(WHO, allowed(requests), strict=True) if yes} == TRUSTED[name]
