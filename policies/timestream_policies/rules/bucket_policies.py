"""Rules on the policies of buckets."""

from collections.abc import Iterator

import timestream_policies.examples.buckets as examples
from timestream_policies.buckets import is_tls_only, refuses_plain
from timestream_policies.iam import is_open_to_anyone
from timestream_policies.key_policies import covers
from timestream_policies.model import Finding, Resource
from timestream_policies.resource_policies import allowing, strangers, too_wide
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import BUCKET, BUCKET_POLICY
from timestream_policies.undecided import any_of, holds


@rule(
    "TS-S3-008",
    title="Bucket policies grant nothing to everybody",
    severity=Severity.CRITICAL,
    applies_to=[BUCKET_POLICY, BUCKET],
    why="Whoever finds the name of the bucket could read or replace what is in it.",
    fix="Name the principals, or add a condition on aws:PrincipalOrgID or aws:SourceVpce.",
    snippet=examples.SNIPPET,
    good=examples.POLICY_GOOD,
    bad=examples.PUBLIC_BAD,
    controls={"cis-aws-7.0.0": ["2.21"], "nist-800-53-r5": ["AC-3", "AC-6"], "iso-27001-2022": ["A.8.1"]},
    equivalents={
        "checkov": ["CKV_AWS_70"],
        "prowler": ["s3_bucket_policy_public_write_access"],
        "kics": ["7af43613"],
        "guard": ["S3_BUCKET_POLICY_NO_WILDCARD_PRINCIPAL"],
    },
    catalogue=["S3-08"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"],
)
def bucket_policies_are_closed(holder: Resource) -> Iterator[Finding]:
    """Judge each statement, on the bucket or on the separate policy."""
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
    "TS-S3-009",
    title="Buckets refuse requests without TLS",
    severity=Severity.MEDIUM,
    applies_to=[BUCKET, BUCKET_POLICY],
    why="Without TLS whoever sits on the way reads and changes what is sent.",
    fix="Deny s3:* to everybody on the bucket and its objects where aws:SecureTransport is false.",
    snippet=examples.SNIPPET,
    good=examples.TLS_GOOD,
    bad=examples.TLS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.3"],
        "cis-aws-5.0.0": ["2.1.1"],
        "cis-aws-7.0.0": ["3.1.1"],
        "cis-aws-3.0.0": ["2.1.1"],
        "nist-800-53-r5": ["AC-4", "SC-8", "SC-23"],
        "aws-fsbp": ["S3.5"],
    },
    equivalents={
        "checkov": ["CKV_AWS_379"],
        "cdk-nag": ["AwsSolutions-S10", "S3BucketSSLRequestsOnly"],
        "prowler": ["s3_bucket_secure_transport_policy"],
        "kics": ["4bc4dd4c"],
        "guard": ["S3_BUCKET_SSL_REQUESTS_ONLY"],
    },
    catalogue=["S3-09"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"],
)
def buckets_need_tls(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge a bucket with its policies, and a policy of a bucket that another stack owns."""
    if resource.type == BUCKET:
        if not is_tls_only(resource, stack):
            yield resource.finding("takes requests without TLS", at="policy")
    elif not stack.find_behind(resource, "bucket", BUCKET):
        document = resource.document("policy")
        if document is None or not refuses_plain(document, resource):
            yield resource.finding("lets its bucket take requests without TLS", at="policy")


@rule(
    "TS-S3-018",
    title="Bucket policies leave somebody in",
    severity=Severity.HIGH,
    applies_to=[BUCKET_POLICY, BUCKET],
    why="A policy that denies everything to everybody can be taken back by the root user only.",
    fix="Give the Deny a condition, or name whom it is for.",
    snippet=examples.SNIPPET,
    good=examples.POLICY_GOOD,
    bad=examples.LOCKOUT_BAD,
    controls={"nist-800-53-r5": ["AC-3"], "soc-2": ["A1.2"]},
    equivalents={"checkov": ["CKV_AWS_93"]},
    catalogue=["S3-18"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"],
)
def bucket_policies_leave_somebody(holder: Resource) -> Iterator[Finding]:
    """Look for a Deny of everything to everybody that has no condition."""
    document = holder.document("policy")
    for statement in document.statements if document else ():
        with statement:
            if holds(
                statement,
                lambda s: not s.allows,
                lambda s: any_of(s.principals, lambda principal: principal.value == "*"),
                lambda s: not any_of(s.conditions, lambda condition: bool(condition.values)),
                lambda s: covers(s, "s3:putbucketpolicy"),
            ):
                yield holder.finding(
                    f"locks everybody out: {statement} denies everything to everybody",
                    at="policy",
                    key=f"policy/{statement.key}",
                )


@rule(
    "TS-S3-019",
    title="Bucket policies let no other account in",
    severity=Severity.HIGH,
    applies_to=[BUCKET_POLICY, BUCKET],
    why="Whoever rules the other account decides who reads the bucket.",
    fix="Name principals of your own account, or list the account in trusted_accounts of the settings.",
    snippet=examples.SNIPPET,
    good=examples.ACCOUNTS_GOOD,
    bad=examples.ACCOUNTS_BAD,
    controls={"pci-dss-4.0": ["7.2.6"], "nist-800-53-r5": ["AC-3", "AC-6"], "aws-fsbp": ["S3.6"]},
    equivalents={"prowler": ["s3_bucket_cross_account_access"]},
    catalogue=["S3-19"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"],
)
def no_other_account_uses_the_bucket(holder: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the accounts that statements name with ours and the trusted ones."""
    for statement in allowing(holder):
        with statement:
            for account in strangers(statement, holder, stack):
                yield holder.finding(
                    f"lets {account} in by {statement}", at="policy", key=f"policy/{statement.key}/{account}"
                )


@rule(
    "TS-S3-020",
    title="Bucket policies name what they allow, and to whom",
    severity=Severity.HIGH,
    applies_to=[BUCKET_POLICY, BUCKET],
    why="NotAction, NotPrincipal and * allow what nobody thought of, and whatever AWS adds.",
    fix="List the actions and the principals that need them.",
    snippet=examples.SNIPPET,
    good=examples.POLICY_GOOD,
    bad=examples.WIDE_BAD,
    controls={"nist-800-53-r5": ["AC-6"], "soc-2": ["CC6.1"]},
    equivalents={
        "kics": ["a4966c4f"],
        "guard": [
            "S3_BUCKET_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
            "S3_BUCKET_POLICY_NO_WILDCARD_ACTION",
            "S3_BUCKETPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
        ],
    },
    catalogue=["S3-20"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"],
)
def bucket_policies_are_explicit(holder: Resource) -> Iterator[Finding]:
    """Judge each Allow."""
    for statement in allowing(holder):
        for problem in too_wide(statement, "s3"):
            yield holder.finding(
                f"{problem} in {statement}", at="policy", key=f"policy/{statement.key}/{problem}"
            )
