"""Rules on Timestream for LiveAnalytics databases."""

from collections.abc import Iterator

import timestream_policies.examples.databases as examples
from timestream_policies.key_sharing import users_of_keys
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, value_or_customer_key
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.keys import DEFAULT_WINDOW, can_rotate
from timestream_policies.stack import Stack
from timestream_policies.types import BACKUP_VAULT, CUSTOMER_KEYS, DATABASE, KEY

ENCRYPTION_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/EncryptionAtRest.html"


@rule(
    "TS-DB-001",
    title="Databases are encrypted with a customer managed key",
    severity=Severity.HIGH,
    applies_to=[DATABASE],
    why="The key that AWS manages cannot be restricted, watched or revoked by you.",
    fix="Set kms_key_id to the ARN of a customer managed key (not of an alias): kms_key_id=key.arn.",
    snippet=examples.SNIPPET,
    good=examples.ENCRYPTED_GOOD,
    bad=examples.ENCRYPTED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["SC-28", "SC-28(1)", "SC-13"],
        "pci-dss-4.0": ["3.5.1"],
        "hipaa": ["164.312(a)(2)(iv)"],
        "soc-2": ["CC6.1"],
        "aws-timestream-security": ["security-best-practices", "data-protection"],
    },
    equivalents={
        "checkov": ["CKV_AWS_160"],
        "cdk-nag": ["AwsSolutions-TS3"],
        "semgrep": ["aws-timestream-database-encrypted-with-cmk"],
        "cloudsploit": ["timestreamDatabaseEncrypted"],
        "prancer": ["PR-AWS-TRF-TS-001", "PR-AWS-CFR-TS-001"],
        "brainiac": ["CB_TFAWS_138"],
        "risk-sentinel": ["C-10.2"],
    },
    catalogue=["TS-01", "GAP-11"],
    links=[ENCRYPTION_PAGE],
)
def databases_use_a_customer_key(database: Resource) -> Iterator[Finding]:
    """Judge the key by value, or by reference while the value is unknown."""
    value = value_or_customer_key(database, "kmsKeyId")
    if value is None:
        return
    if not value:
        yield database.finding("is encrypted with the key that AWS manages", at="kmsKeyId")
        return
    match key_name(value):
        case KeyName.AWS_ALIAS:
            yield database.finding(f"is encrypted with the key that AWS manages ({value})", at="kmsKeyId")
        case KeyName.NONSENSE:
            yield database.finding(f"has {value!r} for a key, which is not the ARN of a key", at="kmsKeyId")


@rule(
    "TS-DB-002",
    title="The key of a database is one that Timestream can rely on",
    severity=Severity.HIGH,
    applies_to=[DATABASE],
    why="A database is as safe as its key, and unusable with a key that Timestream cannot take.",
    fix="Use an enabled symmetric encryption key in the KMS key store with enable_key_rotation=True.",
    snippet=examples.SNIPPET,
    good=examples.SOUND_KEY_GOOD,
    bad=examples.SOUND_KEY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["SC-12", "SC-28"]},
    catalogue=["GAP-11", "GAP-12"],
    links=[
        ENCRYPTION_PAGE,
        "https://docs.aws.amazon.com/timestream/latest/developerguide/KeyManagement.html",
    ],
)
def database_keys_are_sound(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge how the key is named; follow the reference to the keys of this stack and judge each."""
    for value in database.words("kmsKeyId").known:
        match key_name(value):
            case KeyName.ALIAS:
                yield database.finding(
                    f"names its key by the alias {value}, which shows as a difference on every update",
                    at="kmsKeyId",
                )
            case KeyName.ID:
                yield database.finding(f"names its key by the id {value}, not by its ARN", at="kmsKeyId")
    keys = stack.behind(database, "kmsKeyId", *CUSTOMER_KEYS)
    if not keys and database.settings.approved_keys:
        for arn in database.words("kmsKeyId"):
            if not database.settings.is_approved_key(str(arn)):
                yield database.finding(
                    f"is encrypted with {arn}, which is none of the approved keys", at="kmsKeyId"
                )
    for key in keys:
        with key:
            for weakness in _weaknesses(key):
                yield database.finding(
                    f"is encrypted with the key {key.name!r}, which {weakness}",
                    at="kmsKeyId",
                    key=f"kmsKeyId/{key.name}/{weakness.split()[-1]}",
                )


@rule(
    "TS-DB-003",
    title="Databases and their backups do not share one key",
    severity=Severity.MEDIUM,
    applies_to=[DATABASE],
    why="Who loses or deletes the one key loses the data and its backups together.",
    fix="Give the backup vault a key of its own: kms_key_arn=backup_key.arn.",
    snippet=examples.SNIPPET,
    good=examples.OWN_KEY_GOOD,
    bad=examples.OWN_KEY_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2", "10.10"], "nist-800-53-r5": ["SC-12", "CP-9"]},
    catalogue=["GAP-13"],
    links=[
        ENCRYPTION_PAGE,
        "https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html",
    ],
)
def backups_have_their_own_key(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the database's key with those of the vaults of this stack."""
    for vault in users_of_keys(database, "kmsKeyId", stack, BACKUP_VAULT, "kmsKeyArn"):
        yield database.finding(
            f"shares its key with the backup vault {vault.name!r}",
            at="kmsKeyId",
            key=f"kmsKeyId/{vault.name}",
        )


def _weaknesses(key: Resource) -> Iterator[str]:
    if key.type != KEY:
        return  # a replica rotates with its primary, and rules on keys judge the rest
    if not key.flag("isEnabled", default=True):
        yield "is disabled"
    if not can_rotate(key):
        yield "is not a symmetric encryption key in the KMS key store, so Timestream cannot use it"
        return
    if not key.flag("enableKeyRotation"):
        yield "never rotates"
    days = key.number("deletionWindowInDays", DEFAULT_WINDOW)
    if days < key.settings.thresholds.key_deletion_days:
        yield f"is gone {days:g} days after it is deleted"
