"""Rules on the buckets and keys of trails."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import timestream_policies.examples.trail_storage as examples
from timestream_policies.documents import Statement
from timestream_policies.model import Finding, Resource
from timestream_policies.references import names_something
from timestream_policies.resource_policies import policy_statements
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.trail_storage import (
    CLOUDTRAIL,
    bucket_of,
    default_keys,
    has_open_policy,
    has_public_acl,
    is_for,
    is_logged,
    is_not_blocked,
    lets_encrypt,
    names_source,
    needs_mfa_to_delete,
)
from timestream_policies.types import CUSTOMER_KEYS, EVENT_DATA_STORE, LOG_GROUP, TRAIL
from timestream_policies.undecided import all_of, any_of

GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide"
BUCKET_PAGE = f"{GUIDE}/create-s3-bucket-policy-for-cloudtrail.html"
KEY_PAGE = f"{GUIDE}/create-kms-key-policy-for-cloudtrail.html"
_CLOUDTRAIL = (CLOUDTRAIL,)
_LOGS = ("logs.",)


@rule(
    "TS-CT-007",
    title="The bucket of a trail is not public",
    severity=Severity.CRITICAL,
    applies_to=[TRAIL],
    why="A trail tells strangers who works here, on what, and with which rights.",
    fix="Add an aws.s3.BucketPublicAccessBlock for the bucket, and take public ACLs and statements away.",
    snippet=examples.SNIPPET,
    good=examples.PRIVATE_GOOD,
    bad=examples.PRIVATE_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-9", "AC-3"],
        "aws-fsbp": ["CloudTrail.6"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "prowler": ["cloudtrail_logs_s3_bucket_is_not_publicly_accessible"],
        "kics": ["bd0088a5"],
        "trivy": ["AWS-0161"],
        "security-hub": ["CloudTrail.6"],
    },
    catalogue=["CT-07"],
    links=[BUCKET_PAGE],
)
def trail_buckets_are_private(trail: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge access control lists and policy, unless all public access is blocked."""
    for bucket in bucket_of(trail, stack):
        for way, opens in (("access control list", has_public_acl), ("policy", has_open_policy)):
            with trail:
                if all_of((opens, is_not_blocked), partial(_answers, bucket, stack)):
                    yield trail.finding(
                        f"writes to the bucket {bucket.name!r}, which its {way} opens to everybody",
                        at="s3BucketName",
                        key=way,
                    )


def _answers(bucket: Resource, stack: Stack, question: Callable[[Resource, Stack], bool]) -> bool:
    return question(bucket, stack)


@rule(
    "TS-CT-008",
    title="The use of a trail's bucket is logged",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="Who reads or deletes the log files of a trail leaves no other mark.",
    fix="Add an aws.s3.BucketLogging for the trail's bucket, with another bucket as the target.",
    snippet=examples.SNIPPET,
    good=examples.LOGGED_GOOD,
    bad=examples.LOGGED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "cis-aws-3.0.0": ["3.4"],
        "cis-aws-5.0.0": ["3.4"],
        "cis-aws-7.0.0": ["4.4"],
        "nist-800-53-r5": ["AU-9"],
        "aws-fsbp": ["CloudTrail.7"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "prowler": ["cloudtrail_logs_s3_bucket_access_logging_enabled"],
        "kics": ["ee9e50e8"],
        "trivy": ["AWS-0163"],
        "security-hub": ["CloudTrail.7"],
    },
    catalogue=["CT-08", "TS-04"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"],
)
def trail_buckets_are_logged(trail: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for access logging on the bucket or beside it."""
    for bucket in bucket_of(trail, stack):
        if not is_logged(bucket, stack):
            yield trail.finding(
                f"writes to the bucket {bucket.name!r}, whose use nobody writes down", at="s3BucketName"
            )


@rule(
    "TS-CT-011",
    title="Deleting versions from a trail's bucket takes a second factor",
    severity=Severity.LOW,
    applies_to=[TRAIL],
    why="With a stolen key an intruder could delete the log files that tell of him.",
    fix="Let the root user enable MFA delete on the bucket's versioning, or lock the objects instead.",
    snippet=examples.MFA_SNIPPET,
    good=examples.MFA_GOOD,
    bad=examples.MFA_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-9"]},
    equivalents={"prowler": ["cloudtrail_bucket_requires_mfa_delete"]},
    catalogue=["CT-11"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html"],
)
def trail_buckets_need_mfa(trail: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for MFA delete on the bucket or beside it."""
    for bucket in bucket_of(trail, stack):
        if not needs_mfa_to_delete(bucket, stack):
            yield trail.finding(
                f"writes to the bucket {bucket.name!r}, from which versions are deleted without MFA",
                at="s3BucketName",
            )


@rule(
    "TS-CT-019",
    title="The bucket and the key of a trail admit that trail only",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="CloudTrail acts for every account: without a source anybody's trail may write and encrypt here.",
    fix="Add a condition on aws:SourceArn (or aws:SourceAccount) to the statements for CloudTrail.",
    snippet=examples.SNIPPET,
    good=examples.SOURCE_GOOD,
    bad=examples.SOURCE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AC-3", "AC-6"]},
    catalogue=["GAP-57"],
    links=[BUCKET_PAGE, KEY_PAGE],
)
def trail_policies_name_the_source(trail: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge each statement for CloudTrail in the policies of the bucket and of the key."""
    with trail:
        for bucket in bucket_of(trail, stack):
            yield from _without_source(trail, "bucket", bucket, policy_statements(bucket, stack))
    with trail:
        for key in stack.behind(trail, "kmsKeyId", *CUSTOMER_KEYS):
            yield from _without_source(trail, "key", key, policy_statements(key, stack))


def _without_source(
    trail: Resource, kind: str, holder: Resource, statements: Iterable[Statement]
) -> Iterator[Finding]:
    for statement in statements:
        with statement:
            if is_for(statement, _CLOUDTRAIL) and not names_source(statement):
                yield trail.finding(
                    f"shares its {kind} {holder.name!r} with the trails of all accounts: "
                    f"{statement} asks for no aws:SourceArn",
                    key=f"{kind}/{statement.key}",
                )


@rule(
    "TS-CT-020",
    title="The keys of trails and log groups admit the service that encrypts",
    severity=Severity.HIGH,
    applies_to=[TRAIL, EVENT_DATA_STORE, LOG_GROUP],
    why="Without leave to use the key nothing is delivered, and nobody is told.",
    fix="Allow kms:GenerateDataKey* to cloudtrail.amazonaws.com, or to logs.<region>.amazonaws.com.",
    snippet=examples.SNIPPET,
    good=examples.ADMITTED_GOOD,
    bad=examples.ADMITTED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-5", "SC-12"]},
    catalogue=["GAP-81"],
    links=[KEY_PAGE, "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"],
)
def keys_admit_the_service(place: Resource, stack: Stack) -> Iterator[Finding]:
    """Look in the policy of each key for a statement that lets the service encrypt."""
    services, name = (_LOGS, "CloudWatch Logs") if place.type == LOG_GROUP else (_CLOUDTRAIL, "CloudTrail")
    for key in _keys(place, stack):
        if not any_of(policy_statements(key, stack), partial(_lets, services)):
            yield place.finding(
                f"is encrypted with the key {key.name!r}, whose policy does not let {name} use it",
                at="kmsKeyId",
                key=f"kmsKeyId/{key.name}",
            )


def _keys(place: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the keys of this stack that are used: a trail without one takes that of its bucket."""
    if names_something(place, "kmsKeyId"):
        yield from stack.behind(place, "kmsKeyId", *CUSTOMER_KEYS)
    elif place.type == TRAIL:
        for bucket in bucket_of(place, stack):
            yield from default_keys(bucket, stack)


def _lets(services: tuple[str, ...], statement: Statement) -> bool:
    return lets_encrypt(statement, services)
