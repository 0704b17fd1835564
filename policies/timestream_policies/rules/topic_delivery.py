"""Rules on whether what is published on a topic arrives."""

from collections.abc import Iterator

import timestream_policies.examples.topics as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.queues import names_a_dead_letter_queue
from timestream_policies.references import KeyName, key_name, value_or_customer_key
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.topics import CLOUDWATCH, PUBLISHERS, is_publisher, keys, may_use_key
from timestream_policies.types import TOPIC, TOPIC_SUBSCRIPTION

PEOPLE = ("email", "email-json", "sms")
"""Protocols to people: a queue would keep what nobody sends again."""


@rule(
    "TS-SNS-006",
    title="Nobody is told over plain HTTP",
    severity=Severity.HIGH,
    applies_to=[TOPIC_SUBSCRIPTION],
    why="Over http everybody on the way reads what the alarms say.",
    fix='Set protocol="https" and an endpoint with a certificate.',
    snippet=examples.TLS_SNIPPET,
    good=examples.HTTPS_GOOD,
    bad=examples.HTTPS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.3"], "nist-800-53-r5": ["SC-8"]},
    equivalents={"prowler": ["sns_subscription_not_using_http_endpoints"]},
    catalogue=["SNS-07"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html"],
)
def subscriptions_use_tls(subscription: Resource) -> Iterator[Finding]:
    """Judge the protocol."""
    if subscription.get("protocol") == "http":
        yield subscription.finding("is told over plain HTTP", at="protocol")


@rule(
    "TS-SNS-007",
    title="What cannot be delivered is kept",
    severity=Severity.LOW,
    applies_to=[TOPIC_SUBSCRIPTION],
    why="Without a dead-letter queue a message that the subscriber misses is gone.",
    fix="Set redrive_policy with the deadLetterTargetArn of a queue.",
    snippet=examples.TLS_SNIPPET,
    good=examples.REDRIVE_GOOD,
    bad=examples.REDRIVE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AU-5"]},
    equivalents={"cdk-nag": ["Serverless-SNSRedrivePolicy"]},
    catalogue=["SNS-08"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html"],
)
def subscriptions_keep_what_is_lost(subscription: Resource) -> Iterator[Finding]:
    """Look for a redrive policy; people have none."""
    at = "redrivePolicy"
    if subscription.get("protocol") not in PEOPLE and not names_a_dead_letter_queue(subscription, at):
        yield subscription.finding("loses what cannot be delivered", at=at)


@rule(
    "TS-SNS-008",
    title="Somebody listens to the topics of alarms",
    severity=Severity.LOW,
    applies_to=[TOPIC],
    why="An alarm that nobody is told of is no alarm.",
    fix="Add an aws.sns.TopicSubscription, or put subscriptions under managed_elsewhere in the settings.",
    snippet=examples.TLS_SNIPPET,
    good=examples.SUBSCRIBERS_GOOD,
    bad=examples.SUBSCRIBERS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["IR-6"]},
    equivalents={},
    catalogue=["GAP-65"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html"],
)
def somebody_listens(topic: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a subscription, where alarms go to the topic."""
    if not is_publisher(CLOUDWATCH, topic, stack) or stack.referring(topic, TOPIC_SUBSCRIPTION, "topic"):
        return
    if not stack.is_elsewhere("subscriptions", topic):
        yield topic.finding("has no subscriber, so that nobody hears its alarms", at="name")


@rule(
    "TS-SNS-009",
    title="Alarms can use the key of their topic",
    severity=Severity.HIGH,
    applies_to=[TOPIC],
    why="CloudWatch cannot publish on a topic whose key it may not use, and nobody hears the alarm.",
    fix="Let cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey* in the key's policy.",
    snippet=examples.TLS_SNIPPET,
    good=examples.ALARM_KEY_GOOD,
    bad=examples.ALARM_KEY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AU-5"]},
    equivalents={},
    catalogue=["GAP-62"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"],
)
def alarms_can_use_the_key(topic: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the key, where alarms go to the topic."""
    yield from _shut_out(topic, stack, CLOUDWATCH)


@rule(
    "TS-SNS-010",
    title="Rules, trails, backups and buckets can use the key of their topic",
    severity=Severity.MEDIUM,
    applies_to=[TOPIC],
    why="A service cannot publish on a topic whose key it may not use, and nobody hears of it.",
    fix="Let the service use kms:Decrypt and kms:GenerateDataKey* in the policy of a customer key.",
    snippet=examples.TLS_SNIPPET,
    good=examples.SERVICE_KEY_GOOD,
    bad=examples.SERVICE_KEY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AU-5"]},
    equivalents={},
    catalogue=["GAP-63"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"],
)
def services_can_use_the_key(topic: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the key for each service that something in this stack makes publish."""
    for service in PUBLISHERS:
        if service != CLOUDWATCH:
            with topic:
                yield from _shut_out(topic, stack, service)


def _shut_out(topic: Resource, stack: Stack, service: str) -> Iterator[Finding]:
    at = "kmsMasterKeyId"
    if topic.part(at).partly_known in (None, "") or not is_publisher(service, topic, stack):
        return
    value = value_or_customer_key(topic, at)
    if value and key_name(value) is KeyName.AWS_ALIAS:
        yield topic.finding(
            f"is encrypted with {value}, which {service} cannot use", at=at, key=f"{at}/{service}"
        )
        return
    for key in keys(topic, stack):
        if not may_use_key(service, key, stack):
            yield topic.finding(
                f"is encrypted with {key.name!r}, which {service} may not use", at=at, key=f"{at}/{service}"
            )
