"""Rules on queues: what is lost, and rejected records, lie there."""

from collections.abc import Iterator

import timestream_policies.examples.queues as examples
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.queues import (
    is_dead_letter_queue,
    is_of_services,
    is_told_by_buckets,
    names_a_dead_letter_queue,
)
from timestream_policies.references import customer_key_problem, names_something
from timestream_policies.resource_policies import (
    allowing,
    demands_tls,
    is_every_action_of,
    policies,
    services_from_anywhere,
    too_wide,
)
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import QUEUE, QUEUE_POLICY, QUEUE_REDRIVE
from timestream_policies.undecided import any_of

SSE = "sqsManagedSseEnabled"


@rule(
    "TS-SQS-001",
    title="Queues are encrypted",
    severity=Severity.MEDIUM,
    applies_to=[QUEUE],
    why="Messages lie on disks of SQS until somebody takes them.",
    fix="Remove sqs_managed_sse_enabled=False, or set kms_master_key_id.",
    snippet=examples.SNIPPET,
    good=examples.ENCRYPTED_GOOD,
    bad=examples.ENCRYPTED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "iso-27001-2022": ["A.8.11", "A.8.24"], "aws-fsbp": ["SQS.1"]},
    equivalents={
        "checkov": ["CKV_AWS_27"],
        "cdk-nag": ["AwsSolutions-SQS2"],
        "prowler": ["sqs_queues_server_side_encryption_enabled"],
        "kics": ["6e8849c1"],
        "trivy": ["AWS-0096"],
    },
    catalogue=["SQS-01"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html"
    ],
)
def queues_are_encrypted(queue: Resource) -> Iterator[Finding]:
    """Judge the flag; SQS encrypts by itself where nothing is said."""
    if not queue.flag(SSE, default=True) and not names_something(queue, "kmsMasterKeyId"):
        yield queue.finding("is not encrypted", at=SSE)


@rule(
    "TS-SQS-002",
    title="Queues are encrypted with a customer managed key",
    severity=Severity.LOW,
    applies_to=[QUEUE],
    why="The key that AWS manages cannot be restricted, watched or revoked by you.",
    fix="Set kms_master_key_id=key.arn.",
    snippet=examples.SNIPPET,
    good=examples.KEY_GOOD,
    bad=examples.KEY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["SC-12", "SC-28"]},
    equivalents={
        "checkov": ["CKV2_AWS_73"],
        "trivy": ["AWS-0135"],
        "guard": ["SQS_QUEUE_KMS_MASTER_KEY_ID_RULE"],
    },
    catalogue=["SQS-02"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html"
    ],
)
def queues_use_a_customer_key(queue: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the key. SSE-SQS will do where EventBridge or SNS leaves what is lost: it shuts no one out."""
    problem = customer_key_problem(queue, "kmsMasterKeyId")
    if problem is None or (
        not names_something(queue, "kmsMasterKeyId") and queue.flag(SSE) and is_of_services(queue, stack)
    ):
        return
    yield queue.finding(problem, at="kmsMasterKeyId")


@rule(
    "TS-SQS-003",
    title="Queue policies grant nothing to everybody",
    severity=Severity.CRITICAL,
    applies_to=[QUEUE_POLICY, QUEUE],
    why="Anybody could read what was lost, or bury it under messages.",
    fix="Name the principals, or add a condition on aws:SourceArn or aws:PrincipalOrgID.",
    snippet=examples.SNIPPET,
    good=examples.POLICY_GOOD,
    bad=examples.PUBLIC_BAD,
    controls={"cis-aws-7.0.0": ["2.21"], "iso-27001-2022": ["A.8.1"], "aws-fsbp": ["SQS.3"]},
    equivalents={
        "checkov": ["CKV_AWS_168", "CKV_AWS_387"],
        "prowler": ["sqs_queues_not_publicly_accessible"],
        "kics": ["abb06e5f", "730675f9"],
        "guard": ["SQS_QUEUEPOLICY_NO_WILDCARD_PRINCIPAL"],
    },
    catalogue=["SQS-03"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html"
    ],
)
def queue_policies_are_closed(holder: Resource) -> Iterator[Finding]:
    """Judge each statement, on the queue or on the separate policy."""
    for statement in allowing(holder):
        with statement:
            if is_open_to_anyone(statement):
                yield holder.finding(
                    f"is open to everybody: {statement} allows a wildcard principal, "
                    "and no condition keeps strangers out",
                    at="policy",
                    key=f"policy/{statement.key}",
                )


@rule(
    "TS-SQS-004",
    title="Queue policies name the actions that they allow",
    severity=Severity.HIGH,
    applies_to=[QUEUE_POLICY, QUEUE],
    why="Whoever may do everything can delete the queue, or change its policy.",
    fix="List the actions that are needed, such as sqs:SendMessage.",
    snippet=examples.SNIPPET,
    good=examples.POLICY_GOOD,
    bad=examples.ACTION_BAD,
    controls={"nist-800-53-r5": ["AC-6"], "soc-2": ["CC6.1"]},
    equivalents={
        "checkov": ["CKV_AWS_72"],
        "kics": ["816ea8cf"],
        "trivy": ["AWS-0097"],
        "guard": ["SQS_QUEUEPOLICY_NO_WILDCARD_ACTION"],
    },
    catalogue=["SQS-04"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html"
    ],
)
def queue_policies_name_actions(holder: Resource) -> Iterator[Finding]:
    """Judge each Allow."""
    for statement in allowing(holder):
        with statement:
            if any_of(statement.actions, lambda pattern: is_every_action_of(pattern, "sqs")):
                yield holder.finding(
                    f"allows every action in {statement}", at="policy", key=f"policy/{statement.key}"
                )


@rule(
    "TS-SQS-005",
    title="Queues refuse requests without TLS",
    severity=Severity.MEDIUM,
    applies_to=[QUEUE, QUEUE_POLICY],
    why="Without TLS whoever sits on the way reads and changes what is sent.",
    fix="Deny sqs:* to everybody where aws:SecureTransport is false.",
    snippet=examples.SNIPPET,
    good=examples.TLS_GOOD,
    bad=examples.TLS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.3"], "nist-800-53-r5": ["SC-8"], "pci-dss-4.0": ["4.2.1"]},
    equivalents={"cdk-nag": ["AwsSolutions-SQS4"]},
    catalogue=["SQS-05"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html"
    ],
)
def queues_need_tls(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge a queue with its policies, and a policy of a queue that another stack owns."""
    if resource.type == QUEUE:
        if not any_of(policies(resource, stack), lambda document: demands_tls(document, "sqs:*")):
            yield resource.finding("takes requests without TLS", at="policy")
    elif not stack.find_behind(resource, "queueUrl", QUEUE):
        document = resource.document("policy")
        if document is None or not demands_tls(document, "sqs:*"):
            yield resource.finding("lets its queue take requests without TLS", at="policy")


@rule(
    "TS-SQS-006",
    title="Queues have a dead-letter queue, or are one",
    severity=Severity.LOW,
    applies_to=[QUEUE],
    why="A message that nobody can work off comes back until it is dropped.",
    fix="Set redrive_policy, or redrive_allow_policy on the queue where such messages end.",
    snippet=examples.SNIPPET,
    good=examples.DEAD_GOOD,
    bad=examples.DEAD_BAD,
    controls={"nist-800-53-r5": ["SI-11"], "soc-2": ["A1.2"]},
    equivalents={"cdk-nag": ["AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"]},
    catalogue=["SQS-06"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
    ],
)
def queues_have_a_dead_letter_queue(queue: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a redrive policy on the queue or beside it, or for who redrives to it."""

    def has(way: str) -> bool:
        if way == "beside":
            return bool(stack.referring(queue, QUEUE_REDRIVE, "queueUrl"))
        if way == "redriveAllowPolicy":
            return names_something(queue, way)
        return (
            is_dead_letter_queue(queue, stack) if way == "itself" else names_a_dead_letter_queue(queue, way)
        )

    if not any_of(("redrivePolicy", "redriveAllowPolicy", "beside", "itself"), has):
        yield queue.finding("has no dead-letter queue", at="redrivePolicy")


@rule(
    "TS-SQS-007",
    title="Queue policies name what they allow, and to whom",
    severity=Severity.HIGH,
    applies_to=[QUEUE_POLICY, QUEUE],
    why="NotAction and NotPrincipal allow what nobody thought of, and whatever AWS adds.",
    fix="List the actions and the principals that need them.",
    snippet=examples.SNIPPET,
    good=examples.POLICY_GOOD,
    bad=examples.WIDE_BAD,
    controls={"nist-800-53-r5": ["AC-6"], "soc-2": ["CC6.1"]},
    equivalents={
        "guard": ["SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOT_ACTION", "SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL"]
    },
    catalogue=["SQS-07"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html"
    ],
)
def queue_policies_are_explicit(holder: Resource) -> Iterator[Finding]:
    """Judge each Allow."""
    for statement in allowing(holder):
        for problem in too_wide(statement, "sqs", actions=False):
            yield holder.finding(
                f"{problem} in {statement}", at="policy", key=f"policy/{statement.key}/{problem}"
            )


@rule(
    "TS-SQS-008",
    title="Queues for what is lost or announced are encrypted, and have named writers",
    severity=Severity.LOW,
    applies_to=[QUEUE],
    why="What lies there is as secret as where it came from, and only that source should add to it.",
    fix="Keep the encryption on, and add a condition on aws:SourceArn to what services may do.",
    snippet=examples.SNIPPET,
    good=examples.WEAK_GOOD,
    bad=examples.WEAK_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8"], "nist-800-53-r5": ["AC-3", "SC-28"]},
    equivalents={},
    catalogue=["GAP-77"],
    links=[
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
    ],
)
def dead_letter_queues_are_strong(queue: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge encryption and each Allow for a service, where others leave what is lost or buckets announce."""
    if not any_of((is_dead_letter_queue, is_told_by_buckets), lambda holds: holds(queue, stack)):
        return
    with queue:
        if not queue.flag(SSE, default=True) and not names_something(queue, "kmsMasterKeyId"):
            yield queue.finding("keeps what others leave there unencrypted", at=SSE)
    for document in policies(queue, stack):
        for statement in document.statements:
            with statement:
                for service in services_from_anywhere(statement) if statement.allows else ():
                    yield queue.finding(
                        f"lets {service} write for any account by {statement}",
                        at="policy",
                        key=f"policy/{statement.key}/{service}",
                    )
