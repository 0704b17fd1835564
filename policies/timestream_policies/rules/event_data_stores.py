"""Rules on the event data stores of CloudTrail Lake."""

from collections.abc import Iterator

import timestream_policies.examples.event_data_stores as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.references import customer_key_problem
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.trails import is_recording
from timestream_policies.types import EVENT_DATA_STORE

STORES_PAGE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html"
SWITCHES = (
    ("terminationProtectionEnabled", "may be deleted by anybody who may call DeleteEventDataStore"),
    ("multiRegionEnabled", "records one region only"),
)


@rule(
    "TS-CT-009",
    title="Event data stores are encrypted with a customer managed key",
    severity=Severity.MEDIUM,
    applies_to=[EVENT_DATA_STORE],
    why="The key that AWS owns cannot be restricted, watched or revoked by you.",
    fix="Set kms_key_id to the ARN of a customer managed key that admits CloudTrail.",
    snippet=examples.SNIPPET,
    good=examples.KMS_GOOD,
    bad=examples.KMS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-9(3)", "SC-28"],
        "aws-fsbp": ["CloudTrail.10"],
    },
    equivalents={"checkov": ["CKV_AWS_294"], "security-hub": ["CloudTrail.10"]},
    catalogue=["CT-09", "GAP-56"],
    links=["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-eds-cli.html"],
)
def stores_use_a_customer_key(store: Resource) -> Iterator[Finding]:
    """Judge the key by value, or by reference while the value is unknown."""
    if problem := customer_key_problem(store, "kmsKeyId"):
        yield store.finding(problem, at="kmsKeyId")


@rule(
    "TS-CT-018",
    title="Event data stores keep all events, and cannot be deleted by mistake",
    severity=Severity.MEDIUM,
    applies_to=[EVENT_DATA_STORE],
    why="Events that were not recorded, or not kept, are missing when they are asked for.",
    fix="Leave suspend, multi_region_enabled and termination_protection_enabled at their defaults.",
    snippet=examples.SNIPPET,
    good=examples.STRONG_GOOD,
    bad=examples.STRONG_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-9", "AU-11", "AU-12"],
        "pci-dss-4.0": ["10.5.1"],
    },
    catalogue=["GAP-56"],
    links=[STORES_PAGE],
    remedy=Remedy("terminationProtectionEnabled", True),
)
def stores_are_strong(store: Resource) -> Iterator[Finding]:
    """Judge each property alone."""
    for at, problem in SWITCHES:
        with store:
            if not store.flag(at, default=True):
                yield store.finding(problem, at=at)
    with store:
        if not is_recording(store):
            yield store.finding("is suspended", at="suspend")
    with store:
        least = store.settings.thresholds.event_store_retention_days
        days = store.number("retentionPeriod", least)
        if days < least:
            yield store.finding(f"keeps events for {days:g} days, less than {least}", at="retentionPeriod")
