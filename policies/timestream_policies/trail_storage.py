"""Where a trail leaves its files: the bucket, its policy, and the keys."""

from collections.abc import Iterator
from functools import partial

from timestream_policies.buckets import PUBLIC_ACCESS_FLAGS, is_blocked, is_set
from timestream_policies.documents import Statement
from timestream_policies.iam import is_open_to_anyone, narrows
from timestream_policies.key_policies import covers
from timestream_policies.model import Part, Resource, top_of
from timestream_policies.references import names_something
from timestream_policies.resource_policies import policy_statements
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_ENCRYPTION,
    BUCKET_LOGGING,
    BUCKET_VERSIONING,
    CUSTOMER_KEYS,
)
from timestream_policies.undecided import any_of

CLOUDTRAIL = "cloudtrail.amazonaws.com"
_SOURCES = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
_LOGGING = ("logging.targetBucket", "loggings.targetBucket")
_KEY = "applyServerSideEncryptionByDefault.kmsMasterKeyId"
_INLINE_KEYS = (
    f"serverSideEncryptionConfiguration.rule.{_KEY}",
    f"serverSideEncryptionConfigurations.rules.{_KEY}",
)
_PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
_EVERYBODY = ("/global/AllUsers", "/global/AuthenticatedUsers")


def bucket_of(trail: Resource, stack: Stack) -> list[Resource]:
    """Return the bucket of this stack that a trail writes to."""
    return stack.behind(trail, "s3BucketName", BUCKET)


def is_logged(bucket: Resource, stack: Stack) -> bool:
    """Tell whether somebody writes down who used a bucket."""
    return is_set(
        bucket,
        stack,
        BUCKET_LOGGING,
        lambda inline: any_of(_LOGGING, partial(names_something, inline)),
        # It must name a target: that there is such a resource is enough, known or not.
        lambda apart: apart.type == BUCKET_LOGGING,
    )


def needs_mfa_to_delete(bucket: Resource, stack: Stack) -> bool:
    """Tell whether versions of objects are deleted with a second factor only."""
    return is_set(
        bucket,
        stack,
        BUCKET_VERSIONING,
        lambda inline: inline.flag("versioning.mfaDelete"),
        lambda apart: bool(apart.get("versioningConfiguration.mfaDelete") == "Enabled"),
    )


def is_not_blocked(bucket: Resource, stack: Stack) -> bool:
    """Tell whether some public access to a bucket is possible."""
    return not is_blocked(bucket, stack, *PUBLIC_ACCESS_FLAGS)


def has_open_policy(bucket: Resource, stack: Stack) -> bool:
    """Tell whether a policy opens a bucket to everybody."""
    return any_of(
        policy_statements(bucket, stack),
        lambda statement: statement.allows and is_open_to_anyone(statement),
    )


def has_public_acl(bucket: Resource, stack: Stack) -> bool:
    """Tell whether an access control list opens a bucket to everybody."""
    return any_of(_lists(bucket, stack), _is_public)


def _lists(bucket: Resource, stack: Stack) -> Iterator[Part]:
    yield bucket
    yield from stack.each_referring(bucket, BUCKET_ACL, "bucket")


def _is_public(place: Part) -> bool:
    if place.get("acl") in _PUBLIC_ACLS:
        return True
    inline = any_of(place.each("grants"), lambda grant: _names_everybody(grant.get("uri")))
    return inline or any_of(
        place.each("accessControlPolicy.grants"), lambda grant: _names_everybody(grant.get("grantee.uri"))
    )


def _names_everybody(uri: object) -> bool:
    return str(uri).endswith(_EVERYBODY)


def default_keys(bucket: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the keys of this stack that a bucket encrypts with by default."""
    for inline in _INLINE_KEYS:
        if bucket.part(top_of(inline)).partly_known is not None:
            yield from stack.behind(bucket, inline, *CUSTOMER_KEYS)
    for encryption in stack.each_referring(bucket, BUCKET_ENCRYPTION, "bucket"):
        yield from stack.behind(encryption, f"rules.{_KEY}", *CUSTOMER_KEYS)


def is_for(statement: Statement, services: tuple[str, ...]) -> bool:
    """Tell whether a statement allows something to one of these services."""
    return statement.allows and any_of(
        statement.principals,
        lambda principal: (
            principal.kind == "*" or (principal.kind == "Service" and principal.value.startswith(services))
        ),
    )


def lets_encrypt(statement: Statement, services: tuple[str, ...]) -> bool:
    """Tell whether a statement of a key's policy lets a service encrypt with it."""
    return is_for(statement, services) and covers(statement, "kms:generatedatakey")


def names_source(statement: Statement) -> bool:
    """Tell whether a statement is for one trail or one account only."""
    return any_of(statement.conditions, lambda condition: condition.key in _SOURCES and narrows(condition))
