"""The settings of a bucket, wherever they stand: on the bucket, or in resources that refer to it."""

from collections.abc import Callable, Iterator

from timestream_policies.documents import PolicyDocument
from timestream_policies.model import Part, Resource, top_of
from timestream_policies.references import KeyName, key_name
from timestream_policies.resource_policies import demands_tls, policies
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_VERSIONING,
    CUSTOMER_KEYS,
    TRAIL,
)
from timestream_policies.undecided import Undecided, all_of, any_of, settled

PUBLIC_ACCESS_FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
ENCRYPTION = "serverSideEncryptionConfiguration"
KMS = ("aws:kms", "aws:kms:dsse")
ALGORITHMS = ("AES256", *KMS)
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc")


def is_set(
    bucket: Resource,
    stack: Stack,
    type_: str,
    inline: Callable[[Resource], bool],
    apart: Callable[[Resource], bool],
) -> bool:
    """Tell whether a setting holds: on the bucket, or in a resource of the type that refers to it."""
    return any_of(
        (True, False),
        lambda here: inline(bucket) if here else any_of(stack.each_referring(bucket, type_, "bucket"), apart),
    )


def is_log_target(bucket: Resource, stack: Stack) -> bool:
    """Tell whether S3 delivers access logs here: then AES256 is all that S3 takes, and no Object Lock."""
    places = ((BUCKET_LOGGING, "targetBucket"), (BUCKET, "logging.targetBucket"))
    return any_of(
        (*places, None),
        lambda place: (
            bool(stack.referring(bucket, *place)) if place else bucket.get("acl") == "log-delivery-write"
        ),
    )


def is_trail_target(bucket: Resource, stack: Stack) -> bool:
    """Tell whether a trail of this stack delivers here."""
    return bool(stack.referring(bucket, TRAIL, "s3BucketName"))


def is_versioned(bucket: Resource, stack: Stack) -> bool:
    """Tell whether old versions of objects are kept."""
    return stack.once(
        f"versions of {bucket.urn}",
        lambda: is_set(
            bucket,
            stack,
            BUCKET_VERSIONING,
            lambda inline: inline.flag("versioning.enabled"),
            lambda apart: apart.get("versioningConfiguration.status") == "Enabled",
        ),
    )


def has_lifecycle(bucket: Resource, stack: Stack) -> bool:
    """Tell whether a lifecycle rule is switched on."""
    return stack.once(
        f"lifecycle of {bucket.urn}",
        lambda: is_set(
            bucket,
            stack,
            BUCKET_LIFECYCLE,
            lambda inline: any_of(inline.each("lifecycleRules"), lambda rule: rule.flag("enabled")),
            lambda apart: any_of(apart.each("rules"), lambda rule: rule.get("status") == "Enabled"),
        ),
    )


def blocks(block: Resource) -> Iterator[str]:
    """Yield the flags that a public access block leaves off."""
    for flag in PUBLIC_ACCESS_FLAGS:
        if not block.flag(flag):
            yield flag


def is_blocked(bucket: Resource, stack: Stack, *flags: str) -> bool:
    """Tell whether a public access block of the bucket has these flags on."""
    return any_of(
        stack.each_referring(bucket, BUCKET_PUBLIC_ACCESS_BLOCK, "bucket"),
        lambda block: all_of(flags, block.flag),
    )


def encrypts(bucket: Resource, stack: Stack, test: Callable[[Part], bool]) -> bool:
    """Tell whether some rule of default encryption passes the test."""
    return is_set(
        bucket,
        stack,
        BUCKET_ENCRYPTION,
        lambda inline: any_of(inline.each(f"{ENCRYPTION}.rule"), test),
        lambda apart: any_of(apart.each("rules"), test),
    )


def algorithm(rule: Part) -> str:
    """Return the algorithm of a rule of default encryption; empty if it names none."""
    return str(rule.get("applyServerSideEncryptionByDefault.sseAlgorithm", ""))


def uses_kms(rule: Part) -> bool:
    """Tell whether a rule of default encryption takes a key of KMS."""
    return algorithm(rule) in KMS


def uses_customer_key(rule: Part) -> bool:
    """Tell whether a rule of default encryption takes a customer managed key."""
    return all_of((uses_kms, _names_customer_key), lambda test: test(rule))


def is_encrypted(bucket: Resource, stack: Stack) -> bool:
    """Tell whether some rule of default encryption takes a customer managed key."""
    return stack.once(f"key of {bucket.urn}", lambda: encrypts(bucket, stack, uses_customer_key))


def _names_customer_key(rule: Part) -> bool:
    words = rule.words("applyServerSideEncryptionByDefault.kmsMasterKeyId")
    if words.unknown is None:
        return any(key_name(v) not in (KeyName.AWS_ALIAS, KeyName.NONSENSE) for v in words.known)
    resource = rule.resource
    top = top_of(rule.path)
    stack = resource.whole_stack(top)
    named = [stack.by_urn.get(urn) for urn in resource.property_dependencies.get(top, ())]
    if named and all(key is not None and key.type in CUSTOMER_KEYS for key in named):
        return True
    raise words.unknown


def bucket_arns(bucket: Resource) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ARNs of the bucket and of its objects, one for each partition."""
    return bucket.once("arns", lambda: _bucket_arns(bucket))


def _bucket_arns(bucket: Resource) -> tuple[tuple[str, ...], tuple[str, ...]]:
    name = bucket.get("bucket") or bucket.output("bucket") or bucket.id
    if not name:
        raise Undecided(bucket.urn, "bucket", "is not known yet")
    arns = tuple(f"arn:{partition}:s3:::{name}" for partition in _PARTITIONS)
    return arns, tuple(f"{arn}/*" for arn in arns)


def is_tls_only(bucket: Resource, stack: Stack) -> bool:
    """Tell whether the policy of the bucket refuses requests without TLS."""
    return stack.once(
        f"TLS of {bucket.urn}",
        lambda: any_of(policies(bucket, stack), lambda document: refuses_plain(document, bucket)),
    )


def refuses_plain(document: PolicyDocument, bucket: Resource) -> bool:
    """Tell whether a policy refuses requests without TLS to the bucket and to its objects."""
    return all_of((0, 1), lambda kind: demands_tls(document, "s3:*", lambda: bucket_arns(bucket)[kind]))


def hardening_gaps(bucket: Resource, stack: Stack) -> Iterator[str]:
    """Yield what a bucket for data or logs lacks; each text reads on from the bucket's name."""
    # Tables, queries and trails ask for the same few buckets.
    known = stack.once(f"gaps of {bucket.urn}", lambda: settled(_gaps(bucket, stack)))
    yield from _gaps(bucket, stack) if known is None else known


def _gaps(bucket: Resource, stack: Stack) -> Iterator[str]:
    with bucket:
        if not is_blocked(bucket, stack, *PUBLIC_ACCESS_FLAGS):
            yield "does not block public access with all four flags"
    with bucket:
        if not is_encrypted(bucket, stack) and not is_log_target(bucket, stack):
            yield "is not encrypted with a customer managed key"
    with bucket:
        if not is_versioned(bucket, stack):
            yield "keeps no old versions"
    with bucket:
        if not has_lifecycle(bucket, stack):
            yield "has no lifecycle rule"
    # Last: a policy that nobody can read ends the rule.
    with bucket:
        if not is_tls_only(bucket, stack):
            yield "takes requests without TLS"
