"""Rules on who can reach a bucket: public access, ACLs, websites, CORS and names."""

import re
from collections.abc import Iterator

import timestream_policies.examples.buckets as examples
from timestream_policies.buckets import PUBLIC_ACCESS_FLAGS, is_blocked
from timestream_policies.model import Finding, Part, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_CORS,
    BUCKET_OWNERSHIP,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_WEBSITE,
)
from timestream_policies.undecided import any_of

PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read", "website")
PUBLIC_GROUPS = ("/global/AllUsers", "/global/AuthenticatedUsers")
METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "HEAD"})
_DNS_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")


@rule(
    "TS-S3-005",
    title="Buckets block public access with all four flags",
    severity=Severity.HIGH,
    applies_to=[BUCKET, BUCKET_PUBLIC_ACCESS_BLOCK],
    why="One wrong ACL or policy opens a bucket to the internet, unless a block stands before it.",
    fix="Add an aws.s3.BucketPublicAccessBlock with all four flags set to True.",
    snippet=examples.SNIPPET,
    good=examples.BLOCK_GOOD,
    bad=examples.BLOCK_BAD,
    controls={
        "cis-aws-5.0.0": ["2.1.4"],
        "cis-aws-7.0.0": ["3.1.4"],
        "cis-aws-3.0.0": ["2.1.4"],
        "aws-fsbp": ["S3.8"],
        "nist-800-53-r5": ["AC-3", "SC-7"],
    },
    equivalents={
        "checkov": ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"],
        "cdk-nag": ["AwsSolutions-S2", "S3BucketLevelPublicAccessProhibited"],
        "prowler": ["s3_bucket_level_public_access_block"],
        "kics": ["1a4bc881", "d0cc8694", "4fa66806", "1ec253ab"],
        "trivy": ["AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093", "AWS-0094"],
        "guard": ["S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"],
        "security-hub": ["S3.1"],
    },
    catalogue=["S3-05"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"],
)
def public_access_is_blocked(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the flags of a block, and look for a block of a bucket."""
    if resource.type == BUCKET_PUBLIC_ACCESS_BLOCK:
        for flag in PUBLIC_ACCESS_FLAGS:
            with resource:
                if not resource.flag(flag):
                    yield resource.finding(f"leaves {flag} off", at=flag)
    elif not stack.referring(resource, BUCKET_PUBLIC_ACCESS_BLOCK, "bucket"):
        yield resource.finding("has no public access block", at="bucket")


@rule(
    "TS-S3-006",
    title="No ACL opens a bucket to everybody",
    severity=Severity.CRITICAL,
    applies_to=[BUCKET, BUCKET_ACL],
    why="A public ACL hands every object to whoever finds the name of the bucket.",
    fix="Remove the public ACL or grant, and give access by policy.",
    snippet=examples.SNIPPET,
    good=examples.ACL_GOOD,
    bad=examples.ACL_BAD,
    controls={
        "nist-800-53-r5": ["AC-3", "AC-6"],
        "iso-27001-2022": ["A.8.1"],
        "soc-2": ["CC6.1"],
        "aws-fsbp": ["S3.2", "S3.3"],
    },
    equivalents={
        "checkov": ["CKV_AWS_20", "CKV_AWS_57", "CKV_AWS_375", "CKV2_AWS_43"],
        "cdk-nag": ["S3BucketPublicReadProhibited", "S3BucketPublicWriteProhibited"],
        "prowler": ["s3_bucket_public_access", "s3_bucket_public_list_acl", "s3_bucket_public_write_acl"],
        "kics": ["38c5ee0d", "64a222aa", "57b9893d"],
        "trivy": ["AWS-0092"],
        "guard": ["S3_BUCKET_PUBLIC_READ_PROHIBITED", "S3_BUCKET_PUBLIC_WRITE_PROHIBITED"],
        "compliance-policies": ["aws-s3-bucket-disallow-public-read"],
    },
    catalogue=["S3-06"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"],
)
def acls_are_private(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the canned ACL and the grants, unless a block makes S3 ignore them."""
    acl = resource.part("acl")
    canned = acl.partly_known
    if canned == "private" and resource.type == BUCKET_ACL:
        return
    if not any_of(
        (True, False), lambda by_name: acl.value in PUBLIC_ACLS if by_name else _grants_all(resource)
    ):
        return
    if not any_of(_buckets(resource, stack), lambda bucket: is_blocked(bucket, stack, "ignorePublicAcls")):
        how = f"by its ACL ({canned})" if canned in PUBLIC_ACLS else "by a grant"
        yield resource.finding(f"is open to everybody {how}", at="acl")


def _buckets(resource: Resource, stack: Stack) -> list[Resource]:
    return [resource] if resource.type == BUCKET else stack.find_behind(resource, "bucket", BUCKET)


def _grants_all(resource: Resource) -> bool:
    if resource.type == BUCKET:
        return any_of(resource.each("grants"), lambda grant: _is_all(grant, "uri"))
    return any_of(resource.each("accessControlPolicy.grants"), lambda grant: _is_all(grant, "grantee.uri"))


def _is_all(grant: Part, path: str) -> bool:
    return str(grant.get(path, "")).endswith(PUBLIC_GROUPS)


@rule(
    "TS-S3-007",
    title="ACLs of buckets are switched off",
    severity=Severity.MEDIUM,
    applies_to=[BUCKET_OWNERSHIP],
    why="With ACLs on, whoever uploads an object owns it and can open it to others.",
    fix='Set rule={"object_ownership": "BucketOwnerEnforced"}.',
    snippet=examples.SNIPPET,
    good=examples.OWNERSHIP_GOOD,
    bad=examples.OWNERSHIP_BAD,
    controls={"pci-dss-4.0": ["7.2.1", "7.2.2"], "aws-fsbp": ["S3.12"]},
    equivalents={"checkov": ["CKV2_AWS_65"], "prowler": ["s3_bucket_acl_prohibited"]},
    catalogue=["S3-07"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"],
)
def acls_are_off(ownership: Resource) -> Iterator[Finding]:
    """Judge the ownership of objects; S3 enforces the owner's where nothing is said."""
    chosen = ownership.get("rule.objectOwnership")
    if chosen != "BucketOwnerEnforced":
        yield ownership.finding(f"lets ACLs decide ({chosen})", at="rule.objectOwnership")


@rule(
    "TS-S3-021",
    title="Buckets are no websites",
    severity=Severity.MEDIUM,
    applies_to=[BUCKET, BUCKET_WEBSITE],
    why="A website endpoint serves objects without TLS, to browsers that nobody asks who they are.",
    fix="Remove the website configuration; serve web pages from a bucket of their own behind CloudFront.",
    snippet=examples.SNIPPET,
    good=examples.WEBSITE_GOOD,
    bad=examples.WEBSITE_BAD,
    controls={"nist-800-53-r5": ["AC-3", "SC-8"], "soc-2": ["CC6.1"]},
    equivalents={"cdk-nag": ["AwsSolutions-S5"], "kics": ["42bb6b7f"]},
    catalogue=["S3-21"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html"],
)
def buckets_are_no_websites(resource: Resource) -> Iterator[Finding]:
    """Judge the configuration on the bucket or beside it."""
    if resource.type == BUCKET_WEBSITE:
        yield resource.finding("makes a website of its bucket", at="bucket")
    elif resource.get("website"):
        yield resource.finding("is a website", at="website")


@rule(
    "TS-S3-022",
    title="Pages of any origin cannot use a bucket",
    severity=Severity.MEDIUM,
    applies_to=[BUCKET, BUCKET_CORS],
    why="With open CORS rules any web page can use a bucket with what its visitor's browser may do.",
    fix="Name the origins and the methods that need the bucket in cors_rules.",
    snippet=examples.SNIPPET,
    good=examples.CORS_GOOD,
    bad=examples.CORS_BAD,
    controls={"nist-800-53-r5": ["AC-4"], "soc-2": ["CC6.1"]},
    equivalents={"kics": ["98a8f708"]},
    catalogue=["S3-22"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html"],
)
def cors_is_narrow(resource: Resource) -> Iterator[Finding]:
    """Judge each rule."""
    for rule_ in resource.each("corsRules"):
        with rule_:
            if _is_open(rule_):
                yield resource.finding("has a CORS rule for everything", at=rule_.path)


def _is_open(rule_: Part) -> bool:
    return any_of((_any_origin, _any_header, _any_method), lambda test: test(rule_))


def _any_origin(rule_: Part) -> bool:
    return any_of(rule_.words("allowedOrigins"), lambda origin: origin in ("*", "http://*", "https://*"))


def _any_header(rule_: Part) -> bool:
    return len(set(rule_.words("allowedMethods"))) > 1 and "*" in rule_.words("allowedHeaders")


def _any_method(rule_: Part) -> bool:
    return set(rule_.words("allowedMethods")) >= METHODS


@rule(
    "TS-S3-023",
    title="Names of buckets work in DNS and with TLS",
    severity=Severity.LOW,
    applies_to=[BUCKET],
    why="The certificate of S3 covers no names with dots, so that clients switch the check off.",
    fix="Use 3 to 63 lower-case letters, digits and hyphens, and no dots.",
    snippet=examples.SNIPPET,
    good=examples.NAME_GOOD,
    bad=examples.NAME_BAD,
    controls={"nist-800-53-r5": ["SC-8"], "iso-27001-2022": ["A.8.24"]},
    equivalents={"trivy": ["AWS-0320"]},
    catalogue=["S3-23"],
    links=["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"],
)
def names_work_in_dns(bucket: Resource) -> Iterator[Finding]:
    """Judge the name, where the program gives one."""
    name = bucket.get("bucket")
    if name is not None and not _DNS_NAME.fullmatch(str(name)):
        yield bucket.finding(f"is called {name!r}, which does not work in DNS with TLS", at="bucket")
