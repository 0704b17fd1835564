"""Rules on what the policies of topics allow."""

from collections.abc import Iterator

import timestream_policies.examples.topics as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.resource_policies import (
    account_in,
    allowing,
    demands_tls,
    policies,
    services_from_anywhere,
    strangers,
    too_wide,
)
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.topics import PUBLISHERS, WITHOUT_SOURCE, is_publisher, may_publish
from timestream_policies.types import TOPIC, TOPIC_POLICY
from timestream_policies.undecided import any_of


@rule(
    "TS-SNS-003",
    title="Topic policies let no other account in",
    severity=Severity.HIGH,
    applies_to=[TOPIC_POLICY, TOPIC],
    why="Whoever rules the other account reads the alarms, or sends false ones.",
    fix="Name principals of your own account, or list the account in trusted_accounts of the settings.",
    snippet=examples.TLS_SNIPPET,
    good=examples.ACCOUNTS_GOOD,
    bad=examples.ACCOUNTS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AC-3"]},
    equivalents={"checkov": ["CKV_AWS_385"]},
    catalogue=["SNS-04"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"],
)
def no_other_account_uses_the_topic(holder: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the accounts that statements name with the topic's own and the trusted ones."""
    at = "arn" if holder.type == TOPIC_POLICY else ""
    for statement in allowing(holder):
        with statement:
            arns = [holder.output("arn") or "", *(holder.words(at).known if at else ())]
            own = next((account for arn in arns if (account := account_in(str(arn)))), "")
            own = own or next((found for arn in statement.resources.known if (found := account_in(arn))), "")
            for account in strangers(statement, holder, stack, own):
                yield holder.finding(
                    f"lets {account} in by {statement}", at="policy", key=f"policy/{statement.key}/{account}"
                )


@rule(
    "TS-SNS-004",
    title="Topics refuse messages without TLS",
    severity=Severity.MEDIUM,
    applies_to=[TOPIC, TOPIC_POLICY],
    why="Without TLS whoever sits on the way reads and changes what is published.",
    fix="Deny sns:Publish to everybody where aws:SecureTransport is false.",
    snippet=examples.TLS_SNIPPET,
    good=examples.TLS_GOOD,
    bad=examples.TLS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.3"], "nist-800-53-r5": ["SC-8"], "pci-dss-4.0": ["4.2.1"]},
    equivalents={"cdk-nag": ["AwsSolutions-SNS3"]},
    catalogue=["SNS-05"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html"],
)
def topics_need_tls(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge a topic with its policies, and a policy of a topic that another stack owns."""
    if resource.type == TOPIC:
        if not any_of(policies(resource, stack), lambda document: demands_tls(document, "sns:publish")):
            yield resource.finding("takes messages without TLS", at="policy")
    elif not stack.find_behind(resource, "arn", TOPIC):
        document = resource.document("policy")
        if document is None or not demands_tls(document, "sns:publish"):
            yield resource.finding("lets its topic take messages without TLS", at="policy")


@rule(
    "TS-SNS-005",
    title="Topic policies name what they allow, and to whom",
    severity=Severity.HIGH,
    applies_to=[TOPIC_POLICY, TOPIC],
    why="NotAction and NotPrincipal allow what nobody thought of, and whatever AWS adds.",
    fix="List the actions and the principals that need them.",
    snippet=examples.TLS_SNIPPET,
    good=examples.WIDE_GOOD,
    bad=examples.WIDE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AC-6"]},
    equivalents={
        "kics": ["5ea624e4"],
        "guard": ["SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOT_ACTION", "SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL"],
    },
    catalogue=["SNS-06"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html"],
)
def topic_policies_are_explicit(holder: Resource) -> Iterator[Finding]:
    """Judge each Allow."""
    for statement in allowing(holder):
        for problem in too_wide(statement, "sns", actions=False):
            yield holder.finding(
                f"{problem} in {statement}", at="policy", key=f"policy/{statement.key}/{problem}"
            )


@rule(
    "TS-SNS-011",
    title="Topic policies let in the services that publish",
    severity=Severity.MEDIUM,
    applies_to=[TOPIC],
    why="An alarm that may not publish on its topic fails, and nobody hears of it.",
    fix="Allow sns:Publish to the service, with aws:SourceAccount or aws:SourceArn where it has them.",
    snippet=examples.TLS_SNIPPET,
    good=examples.ADMITS_GOOD,
    bad=examples.ADMITS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AU-5"]},
    equivalents={},
    catalogue=["GAP-64"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"],
)
def publishers_are_let_in(topic: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for an Allow for each service that something in this stack makes publish."""
    for service in PUBLISHERS:
        with topic:
            if is_publisher(service, topic, stack) and not may_publish(service, topic, stack):
                yield topic.finding(f"does not let {service} publish", at="policy", key=f"policy/{service}")


@rule(
    "TS-SNS-012",
    title="Services publish on topics for this account only",
    severity=Severity.MEDIUM,
    applies_to=[TOPIC_POLICY, TOPIC],
    why="Without a source condition an alarm of any account can publish on the topic.",
    fix="Add a condition on aws:SourceAccount or aws:SourceArn.",
    snippet=examples.TLS_SNIPPET,
    good=examples.CLOSED_GOOD,
    bad=examples.SOURCE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AC-3"]},
    equivalents={},
    catalogue=["GAP-64"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"],
)
def publishers_name_their_source(holder: Resource) -> Iterator[Finding]:
    """Judge each Allow for a service; EventBridge and Backup know no such condition."""
    for statement in allowing(holder):
        with statement:
            for service in services_from_anywhere(statement):
                if service not in WITHOUT_SOURCE:
                    yield holder.finding(
                        f"lets {service} publish for any account by {statement}",
                        at="policy",
                        key=f"policy/{statement.key}/{service}",
                    )
