"""The rule on policy documents as such."""

from collections.abc import Iterator

import timestream_policies.examples.access as examples
from timestream_policies.documents import parse_document
from timestream_policies.examples import example
from timestream_policies.model import Finding, Part, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.types import (
    BACKUP_VAULT_POLICY,
    BUCKET,
    BUCKET_POLICY,
    CUSTOMER_KEYS,
    EVENT_BUS_POLICY,
    IDENTITY_POLICIES,
    KEY,
    KEY_POLICY,
    LOG_RESOURCE_POLICY,
    QUEUE,
    QUEUE_POLICY,
    ROLE,
    SECRET,
    SECRET_POLICY,
    TOPIC,
    TOPIC_POLICY,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
)
from timestream_policies.undecided import NotApplicable

WITH_DOCUMENTS = (
    *IDENTITY_POLICIES,
    *CUSTOMER_KEYS,
    KEY_POLICY,
    BACKUP_VAULT_POLICY,
    BUCKET,
    BUCKET_POLICY,
    EVENT_BUS_POLICY,
    LOG_RESOURCE_POLICY,
    QUEUE,
    QUEUE_POLICY,
    SECRET,
    SECRET_POLICY,
    TOPIC,
    TOPIC_POLICY,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
)


@rule(
    "TS-DOC-001",
    title="Policy documents are readable",
    severity=Severity.HIGH,
    applies_to=WITH_DOCUMENTS,
    why="A document that cannot be read cannot be judged, and AWS will refuse it.",
    fix="Build the document with json.dumps, or pulumi.Output.json_dumps where it holds outputs.",
    snippet=examples.SNIPPET,
    good=[
        example("JSON", KEY_POLICY, {"policy": "{}"}),
        example("an object", KEY, {"policy": {"Statement": []}}),
    ],
    bad=[
        example("half of it said twice", KEY_POLICY, {"policy": '{"Statement": [], "Statement": []}'}),
        example("cut off", KEY_POLICY, {"policy": '{"Statement": ['}),
        example("an Output written as text", TOPIC_POLICY, {"policy": "Calling __str__ on an Output[T]"}),
    ],
    controls={"cis-aws-db-2.0.0": ["10.4"]},
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"],
)
def documents_are_readable(policy: Resource) -> Iterator[Finding]:
    """Parse every document of the resource."""
    for place, name in _places(policy):
        with place:
            text = place.get(name)
            if isinstance(text, str) and text and (problem := _problem(place, name, text)):
                at = place.part(name).path
                yield policy.finding(f"has a policy document that {problem}", at=at)


def _places(policy: Resource) -> Iterator[tuple[Part, str]]:
    if policy.type == ROLE:
        yield policy, "assumeRolePolicy"
        for inline in policy.each("inlinePolicies"):
            yield inline, "policy"
    else:
        yield policy, "policyDocument" if policy.type == LOG_RESOURCE_POLICY else "policy"


def _problem(place: Part, name: str, text: str) -> str:
    """Return what is wrong with a document: reading it as all rules do is free, if nothing is."""
    try:
        place.document(name)
    except NotApplicable:
        return _mistake(text)
    return ""


def _mistake(text: str) -> str:
    try:
        parse_document(text)
    except ValueError as problem:
        return str(problem)
    return ""
