"""Rules on tags, on protection from deletion, and on regions."""

from collections.abc import Iterator, Mapping

import timestream_policies.examples.tags as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.regions import elsewhere
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.tagging import says_whose, tag
from timestream_policies.types import (
    BACKUP_PLAN,
    BACKUP_VAULT,
    BUCKET,
    COMPOSITE_ALARM,
    CUSTOMER_KEYS,
    DATABASE,
    EVENT_DATA_STORE,
    EVENT_RULE,
    FLOW_LOG,
    INFLUXDB,
    INSTANCE_PROFILE,
    INTERNET_GATEWAY,
    LOG_GROUP,
    MANAGED_POLICY,
    METRIC_ALARM,
    NETWORK_ACL,
    OPENID_PROVIDER,
    QUEUE,
    ROLE,
    ROUTE_TABLE,
    SCHEDULED_QUERY,
    SECRET,
    SECURITY_GROUP,
    SUBNET,
    TABLE,
    TIMESTREAM,
    TOPIC,
    TRAIL,
    USER,
    VPC,
    VPC_ENDPOINT,
)

TAGS_PAGE = "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"
MESSAGES = ((TOPIC, "kmsMasterKeyId"), (QUEUE, "kmsMasterKeyId"))
KEPT = (
    (DATABASE, "kmsKeyId"),
    (LOG_GROUP, "kmsKeyId"),
    (BACKUP_VAULT, "kmsKeyArn"),
    (SCHEDULED_QUERY, "kmsKeyId"),
)
STORES = (DATABASE, TABLE, *INFLUXDB, *CUSTOMER_KEYS, BACKUP_VAULT)
TAGGABLE = (
    *CUSTOMER_KEYS,
    BACKUP_PLAN,
    BACKUP_VAULT,
    BUCKET,
    COMPOSITE_ALARM,
    EVENT_DATA_STORE,
    EVENT_RULE,
    FLOW_LOG,
    INSTANCE_PROFILE,
    INTERNET_GATEWAY,
    LOG_GROUP,
    MANAGED_POLICY,
    METRIC_ALARM,
    NETWORK_ACL,
    OPENID_PROVIDER,
    QUEUE,
    ROLE,
    ROUTE_TABLE,
    SECRET,
    SECURITY_GROUP,
    SUBNET,
    TOPIC,
    TRAIL,
    USER,
    VPC,
    VPC_ENDPOINT,
)
REJECTS = "magneticStoreWriteProperties.magneticStoreRejectedDataLocation.s3Configuration"
REPORTS = "errorReportConfiguration.s3Configuration"
# What stands in the region of the resource, or is of no use to it.
REFERENCES: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    DATABASE: (("kmsKeyId", CUSTOMER_KEYS),),
    TABLE: ((f"{REJECTS}.bucketName", (BUCKET,)), (f"{REJECTS}.kmsKeyId", CUSTOMER_KEYS)),
    SCHEDULED_QUERY: (
        ("kmsKeyId", CUSTOMER_KEYS),
        ("notificationConfiguration.snsConfiguration.topicArn", (TOPIC,)),
        (f"{REPORTS}.bucketName", (BUCKET,)),
    ),
    **dict.fromkeys(INFLUXDB, (("logDeliveryConfiguration.s3Configuration.bucketName", (BUCKET,)),)),
    METRIC_ALARM: (("alarmActions", (TOPIC,)),),
    BACKUP_VAULT: (("kmsKeyArn", CUSTOMER_KEYS),),
    TOPIC: (("kmsMasterKeyId", CUSTOMER_KEYS),),
}


@rule(
    "TS-GEN-001",
    title="Timestream resources have the tags that they must have",
    severity=Severity.LOW,
    applies_to=TIMESTREAM,
    why="Without tags nobody knows whose data it is, and permissions by tag do not reach it.",
    fix="Set tags, or default_tags on the provider, with all names of the setting required_tags.",
    snippet=examples.SNIPPET,
    good=examples.TAGGED_GOOD,
    bad=examples.TAGGED_BAD,
    controls={"nist-800-53-r5": ["CM-8"], "iso-27001-2022": ["A.5.9"]},
    equivalents={"kics": ["e38a8e0a"]},
    catalogue=["GAP-74", "GEN-01"],
    links=[TAGS_PAGE],
)
def timestream_is_tagged(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the required tags; if none is required, for any."""
    required = resource.settings.required_tags
    for name in required:
        with resource:
            if not tag(resource, stack, name):
                yield resource.finding(f"has no tag {name!r}", at="tags", key=f"tags/{name}")
    if not required and not says_whose(resource, stack):
        yield resource.finding("has no tags", at="tags")


@rule(
    "TS-GEN-002",
    title="Resources around Timestream have tags",
    severity=Severity.LOW,
    applies_to=TAGGABLE,
    why="Without tags nobody knows whose resource it is, and whether it may go.",
    fix="Set tags, or default_tags on the provider: a name alone tells nobody who owns it.",
    snippet=examples.SNIPPET,
    good=examples.OTHERS_GOOD,
    bad=examples.OTHERS_BAD,
    controls={"nist-800-53-r5": ["CM-8"], "iso-27001-2022": ["A.5.9"]},
    equivalents={"kics": ["e38a8e0a"]},
    catalogue=["GEN-01"],
    links=[TAGS_PAGE],
)
def others_are_tagged(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for any tag."""
    if not says_whose(resource, stack):
        yield resource.finding("has no tags", at="tags")


@rule(
    "TS-GEN-003",
    title="What holds production data is protected from deletion",
    severity=Severity.MEDIUM,
    applies_to=STORES,
    why="One wrong destroy or rename deletes a database, or the key that its backups need.",
    fix="Set protect=True in the resource's options.",
    snippet=examples.SNIPPET,
    good=examples.PROTECTED_GOOD,
    bad=examples.PROTECTED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.10"], "nist-800-53-r5": ["CP-9", "SI-12"], "soc-2": ["A1.2"]},
    catalogue=["GAP-25"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/best-practices.html"],
    needs=["options"],
)
def stores_are_protected(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the option, in stacks whose names the settings call production."""
    if resource.options.protect or not resource.settings.is_production(stack.name):
        return
    if not (resource.type in CUSTOMER_KEYS and _is_for_messages(resource, stack)):
        yield resource.finding(
            f"is not protected from deletion, but {stack.name!r} is production", key="protect"
        )


def _is_for_messages(key: Resource, stack: Stack) -> bool:
    """Tell whether a key encrypts what passes through topics and queues, and nothing that is kept."""
    return any(stack.referring(key, type_, path) for type_, path in MESSAGES) and not any(
        stack.referring(key, type_, path) for type_, path in KEPT
    )


@rule(
    "TS-GEN-004",
    title="What belongs together stands in one region",
    severity=Severity.MEDIUM,
    applies_to=REFERENCES,
    why="Timestream takes no key, bucket or topic of another region: it fails late, or sends data abroad.",
    fix="Give the resource and what it refers to the same region, or the same provider.",
    snippet=examples.SNIPPET,
    good=examples.REGION_GOOD,
    bad=examples.REGION_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["SC-7"]},
    catalogue=["GAP-26"],
    links=["https://docs.aws.amazon.com/timestream/latest/developerguide/EncryptionAtRest.html"],
)
def regions_agree(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the region of the resource with those of what it refers to."""
    for path, types in REFERENCES[resource.type]:
        with resource:
            for name, region in elsewhere(resource, path, stack, *types):
                yield resource.finding(
                    f"is in {stack.region_of(resource)}, but {name} is in {region}",
                    at=path,
                    key=f"{path}/{region}",
                )
