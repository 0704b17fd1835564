"""Rules on Timestream for LiveAnalytics tables."""

from collections.abc import Iterator

import timestream_policies.examples.databases as examples
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, names_something, value_or_customer_key
from timestream_policies.rule import Severity, rule
from timestream_policies.types import TABLE

STORAGE_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/storage.html"
ENCRYPTION_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/EncryptionAtRest.html"
PARTITION_PAGE = (
    "https://docs.aws.amazon.com/timestream/latest/developerguide/customer-defined-partition-keys.html"
)
TABLE_API_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/API_CreateTable.html"
MEMORY = "retentionProperties.memoryStoreRetentionPeriodInHours"
MAGNETIC = "retentionProperties.magneticStoreRetentionPeriodInDays"
WRITES = "magneticStoreWriteProperties.enableMagneticStoreWrites"
REJECTS = "magneticStoreWriteProperties.magneticStoreRejectedDataLocation.s3Configuration"
HOURS_OF_A_DAY = 24
DEFAULT_MEMORY_HOURS = 6
DEFAULT_MAGNETIC_DAYS = 73000


@rule(
    "TS-TBL-001",
    title="Tables say how long they keep data, ten years at most",
    severity=Severity.MEDIUM,
    applies_to=[TABLE],
    why="Without a retention Timestream keeps data for 200 years, and memory for 6 hours only.",
    fix="Set both retention_properties, with magnetic_store_retention_period_in_days at 3653 or below.",
    snippet=examples.TABLE_SNIPPET,
    good=examples.RETENTION_GOOD,
    bad=examples.RETENTION_BAD,
    controls={"cis-aws-db-2.0.0": ["10.8", "10.10"], "nist-800-53-r5": ["SI-12"], "pci-dss-4.0": ["3.2.1"]},
    catalogue=["GAP-21"],
    links=[STORAGE_PAGE],
)
def retention_is_chosen(table: Resource) -> Iterator[Finding]:
    """Judge the magnetic store's retention; both are required together."""
    days = table.get(MAGNETIC)
    if days is None:
        yield table.finding(
            "says nothing about retention, so it keeps data for 200 years", at="retentionProperties"
        )
        return
    days = table.number(MAGNETIC, 0)
    if days > table.settings.thresholds.magnetic_retention_days:
        years = days / 365.25
        yield table.finding(f"keeps data for {days:g} days, about {years:.0f} years", at=MAGNETIC)


@rule(
    "TS-TBL-002",
    title="Data leaves the memory store before the magnetic store drops it",
    severity=Severity.LOW,
    applies_to=[TABLE],
    why="With a shorter magnetic retention data is dropped the moment that it leaves memory.",
    fix="Make magnetic_store_retention_period_in_days longer than the hours in memory.",
    snippet=examples.TABLE_SNIPPET,
    good=examples.ORDER_GOOD,
    bad=examples.ORDER_BAD,
    controls={"nist-800-53-r5": ["SI-12"]},
    catalogue=["GAP-22"],
    links=[STORAGE_PAGE],
)
def retention_is_in_order(table: Resource) -> Iterator[Finding]:
    """Compare the two retentions."""
    hours = table.number(MEMORY, DEFAULT_MEMORY_HOURS)
    days = table.number(MAGNETIC, DEFAULT_MAGNETIC_DAYS)
    if hours > days * HOURS_OF_A_DAY:
        yield table.finding(f"keeps data {hours:g} hours in memory, but {days:g} days in all", at=MEMORY)


@rule(
    "TS-TBL-003",
    title="Records that the magnetic store rejects are kept",
    severity=Severity.MEDIUM,
    applies_to=[TABLE],
    why="Late records are written asynchronously: without a location the rejected ones vanish unseen.",
    fix="Set magnetic_store_rejected_data_location.s3_configuration with a bucket_name.",
    snippet=examples.TABLE_SNIPPET,
    good=examples.REJECTS_GOOD,
    bad=examples.REJECTS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.1"], "nist-800-53-r5": ["SI-10"]},
    catalogue=["GAP-18"],
    links=[TABLE_API_PAGE],
)
def rejected_records_are_kept(table: Resource) -> Iterator[Finding]:
    """Look for a bucket where magnetic writes are on."""
    if not names_something(table, f"{REJECTS}.bucketName") and table.flag(WRITES):
        yield table.finding("loses the records that its magnetic store rejects", at=f"{REJECTS}.bucketName")


@rule(
    "TS-TBL-004",
    title="Rejected records are encrypted with a customer managed key",
    severity=Severity.HIGH,
    applies_to=[TABLE],
    why="Rejected records are the same data as the table's, and need the same key.",
    fix='Set encryption_option="SSE_KMS" and kms_key_id=key.arn in the s3_configuration of rejected records.',
    snippet=examples.TABLE_SNIPPET,
    good=examples.REJECTS_ENCRYPTED_GOOD,
    bad=examples.REJECTS_ENCRYPTED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["SC-28"],
        "aws-timestream-security": ["data-protection"],
    },
    catalogue=["GAP-19"],
    links=[TABLE_API_PAGE],
)
def rejected_records_are_encrypted(table: Resource) -> Iterator[Finding]:
    """Judge the encryption of the location, where there is one."""
    if not names_something(table, f"{REJECTS}.bucketName"):
        return
    option = table.get(f"{REJECTS}.encryptionOption")
    if option != "SSE_KMS":
        how = f"with {option}" if option else "without a key"
        yield table.finding(f"writes rejected records {how}", at=f"{REJECTS}.encryptionOption")
        return
    at = f"{REJECTS}.kmsKeyId"
    key = value_or_customer_key(table, at)
    if key == "":
        yield table.finding("writes rejected records with SSE_KMS but names no key", at=at)
    elif key is not None and key_name(key) in (KeyName.AWS_ALIAS, KeyName.NONSENSE):
        yield table.finding(f"writes rejected records with {key!r}, which is no customer managed key", at=at)


@rule(
    "TS-TBL-005",
    title="Data does not stay long in the memory store, which no customer key covers",
    severity=Severity.LOW,
    applies_to=[TABLE],
    why="The memory store is encrypted with a key of the service: the database's key covers the disks only.",
    fix="Set memory_store_retention_period_in_hours to 168 or below: as long as data may come late.",
    snippet=examples.TABLE_SNIPPET,
    good=examples.MEMORY_GOOD,
    bad=examples.MEMORY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["SC-28"]},
    catalogue=["GAP-23"],
    links=[ENCRYPTION_PAGE],
)
def memory_is_short(table: Resource) -> Iterator[Finding]:
    """Judge the memory store's retention."""
    hours = table.number(MEMORY, DEFAULT_MEMORY_HOURS)
    if hours > table.settings.thresholds.memory_retention_hours:
        yield table.finding(f"keeps data {hours:g} hours in memory, outside the customer key", at=MEMORY)


@rule(
    "TS-TBL-006",
    title="Records without the partition key are refused",
    severity=Severity.LOW,
    applies_to=[TABLE],
    why="Records that lack an optional key land in one partition, where queries by key do not find them.",
    fix='Set enforcement_in_record="REQUIRED" on the partition key of type DIMENSION.',
    snippet=examples.TABLE_SNIPPET,
    good=examples.PARTITION_GOOD,
    bad=examples.PARTITION_BAD,
    controls={"nist-800-53-r5": ["SI-10"]},
    catalogue=["GAP-24"],
    links=[PARTITION_PAGE],
)
def partition_keys_are_enforced(table: Resource) -> Iterator[Finding]:
    """Judge a key of the type DIMENSION; one of the type MEASURE needs nothing."""
    key = table.part("schema.compositePartitionKey")
    if str(key.get("type", "")) == "DIMENSION" and key.get("enforcementInRecord") != "REQUIRED":
        yield table.finding(
            f"takes records without its partition key {key.get('name', '')!r}",
            at="schema.compositePartitionKey.enforcementInRecord",
        )
