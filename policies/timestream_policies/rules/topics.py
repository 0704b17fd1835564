"""Rules on the SNS topics that alarms go to."""

from collections.abc import Iterator

import timestream_policies.examples.topics as examples
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, names_something, value_or_customer_key
from timestream_policies.rule import Severity, rule
from timestream_policies.types import TOPIC, TOPIC_POLICY


@rule(
    "TS-SNS-001",
    title="Topics are encrypted with a customer managed key",
    severity=Severity.HIGH,
    applies_to=[TOPIC],
    why="Alarms name what fails and where; with the key of AWS CloudWatch cannot even publish them.",
    fix="Set kms_master_key_id to a customer managed key whose policy lets cloudwatch.amazonaws.com use it.",
    snippet=examples.SNIPPET,
    good=examples.ENCRYPTED_GOOD,
    bad=examples.ENCRYPTED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.8"],
        "nist-800-53-r5": ["SC-28"],
        "pci-dss-4.0": ["3.5.1"],
        "aws-fsbp": ["SNS.1"],
    },
    equivalents={
        "checkov": ["CKV_AWS_26"],
        "trivy": ["AWS-0136"],
        "prowler": ["sns_topics_kms_encryption_at_rest_enabled"],
        "kics": ["b1a72f66"],
    },
    catalogue=["SNS-02"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html"],
)
def topics_use_a_customer_key(topic: Resource) -> Iterator[Finding]:
    """Judge the key by value, or by reference while the value is unknown."""
    at = "kmsMasterKeyId"
    value = value_or_customer_key(topic, at)
    if value == "":
        yield topic.finding("is not encrypted with a key", at=at)
    elif value is not None and (name := key_name(value)) in (KeyName.AWS_ALIAS, KeyName.NONSENSE):
        what = "the key that AWS manages" if name is KeyName.AWS_ALIAS else "something that is no key"
        yield topic.finding(f"is encrypted with {what} ({value})", at=at)


@rule(
    "TS-SNS-002",
    title="Topic policies grant nothing to everybody",
    severity=Severity.HIGH,
    applies_to=[TOPIC_POLICY, TOPIC],
    why="Anybody could read the alarms, or drown the real ones in false ones.",
    fix="Name the principals, or add a condition on aws:SourceAccount or aws:PrincipalOrgID.",
    snippet=examples.SNIPPET,
    good=examples.CLOSED_GOOD,
    bad=examples.CLOSED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "cis-aws-7.0.0": ["2.21"], "aws-fsbp": ["SNS.4"]},
    equivalents={
        "checkov": ["CKV_AWS_169"],
        "prowler": ["sns_topics_not_publicly_accessible"],
        "kics": ["b26d2b7e"],
        "guard": ["SNS_TOPICPOLICY_NO_WILDCARD_PRINCIPAL"],
    },
    catalogue=["SNS-03"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html"],
)
def topic_policies_are_closed(policy: Resource) -> Iterator[Finding]:
    """Judge each statement, on the topic or on the separate policy."""
    document = policy.document("policy")
    for statement in document.statements if document else ():
        with statement:
            if statement.allows and is_open_to_anyone(statement):
                yield policy.finding(
                    f"is open to everybody: {statement} allows a wildcard principal, "
                    "and no condition keeps strangers out",
                    at="policy",
                    key=f"policy/{statement.key}",
                )


@rule(
    "TS-SNS-013",
    title="Topics are encrypted",
    severity=Severity.HIGH,
    applies_to=[TOPIC],
    why="What is published lies on disks of SNS until it is delivered.",
    fix="Set kms_master_key_id to a customer managed key.",
    snippet=examples.SNIPPET,
    good=examples.ENCRYPTED_GOOD,
    bad=examples.UNENCRYPTED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["SC-28"], "aws-fsbp": ["SNS.1"]},
    equivalents={
        "checkov": ["CKV_AWS_26"],
        "prowler": ["sns_topics_kms_encryption_at_rest_enabled"],
        "kics": ["28545147"],
        "trivy": ["AWS-0095"],
        "guard": ["SNS_ENCRYPTED_KMS"],
        "cdk-nag": ["SNSEncryptedKMS"],
    },
    catalogue=["SNS-01"],
    links=["https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html"],
)
def topics_are_encrypted(topic: Resource) -> Iterator[Finding]:
    """Look for a key, whosever it is."""
    if not names_something(topic, "kmsMasterKeyId"):
        yield topic.finding("is not encrypted", at="kmsMasterKeyId")
