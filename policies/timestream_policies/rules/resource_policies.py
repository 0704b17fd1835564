"""The rule on whom the policies of resources speak of."""

from collections.abc import Iterator

import timestream_policies.examples.resource_policies as examples
from timestream_policies.documents import PolicyDocument
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.types import (
    BACKUP_VAULT_POLICY,
    BUCKET,
    BUCKET_POLICY,
    EVENT_BUS_POLICY,
    KEY,
    KEY_POLICY,
    LOG_RESOURCE_POLICY,
    QUEUE,
    QUEUE_POLICY,
    REPLICA_KEY,
    ROLE,
    SECRET,
    SECRET_POLICY,
    TOPIC,
    TOPIC_POLICY,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
)

_PLACES = {ROLE: "assumeRolePolicy", LOG_RESOURCE_POLICY: "policyDocument"}
_TYPES = (
    BACKUP_VAULT_POLICY,
    BUCKET,
    BUCKET_POLICY,
    EVENT_BUS_POLICY,
    KEY,
    KEY_POLICY,
    LOG_RESOURCE_POLICY,
    QUEUE,
    QUEUE_POLICY,
    REPLICA_KEY,
    ROLE,
    SECRET,
    SECRET_POLICY,
    TOPIC,
    TOPIC_POLICY,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
)


@rule(
    "TS-IAM-035",
    title="Statements of resource policies say of whom they speak",
    severity=Severity.MEDIUM,
    applies_to=_TYPES,
    why="AWS refuses a resource policy without a Principal, so the guard that it should be is not there.",
    fix="Give every statement a Principal.",
    snippet=examples.SNIPPET,
    good=examples.PRINCIPAL_GOOD,
    bad=examples.PRINCIPAL_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-3"]},
    equivalents={"kics": ["bbe3dd3d"]},
    catalogue=["IAM-26"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"],
)
def statements_have_principals(policy: Resource) -> Iterator[Finding]:
    """Look for statements with neither Principal nor NotPrincipal."""
    at = _PLACES.get(policy.type, "policy")
    document: PolicyDocument | None = policy.document(at)
    for statement in document.statements if document else ():
        with statement:
            if not statement.principals and not statement.not_principals:
                yield policy.finding(f"speaks of nobody ({statement})", at=at, key=f"{at}/{statement.key}")
