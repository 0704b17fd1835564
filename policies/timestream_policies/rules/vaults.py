"""Rules on backup vaults."""

from collections.abc import Callable, Iterator

import timestream_policies.examples.backups as examples
from timestream_policies.documents import Condition, Statement
from timestream_policies.iam import is_anyone
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, value_or_customer_key
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.rules.backups import BACKUPS
from timestream_policies.stack import Stack
from timestream_policies.types import BACKUP_VAULT, BACKUP_VAULT_LOCK, BACKUP_VAULT_POLICY
from timestream_policies.undecided import all_of, any_of
from timestream_policies.wildcards import covers_everything, matches

ENCRYPTION_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html"
LOCK_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"
POLICY_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html"
DELETES = "backup:deleterecoverypoint"


@rule(
    "TS-BK-001",
    title="Backup vaults are encrypted with a customer managed key",
    severity=Severity.MEDIUM,
    applies_to=[BACKUP_VAULT],
    why="A backup is the data once more: the key that AWS manages can be neither restricted nor revoked.",
    fix="Set kms_key_arn to the ARN of a customer managed key: kms_key_arn=key.arn.",
    snippet=examples.SNIPPET,
    good=examples.ENCRYPTED_GOOD,
    bad=examples.ENCRYPTED_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2", "10.10"],
        "nist-800-53-r5": ["SC-28", "CP-9(8)"],
        "pci-dss-4.0": ["3.5.1"],
        "iso-27001-2022": ["A.8.24"],
        "aws-fsbp": ["Backup.1"],
    },
    equivalents={"checkov": ["CKV_AWS_166"], "prowler": ["backup_vaults_encrypted"]},
    catalogue=["BK-01"],
    links=[ENCRYPTION_PAGE],
)
def vaults_use_a_customer_key(vault: Resource) -> Iterator[Finding]:
    """Judge the key by value, or by reference while the value is unknown."""
    value = value_or_customer_key(vault, "kmsKeyArn")
    if value == "":
        yield vault.finding("is encrypted with the key that AWS manages", at="kmsKeyArn")
    elif value is not None and key_name(value) in (KeyName.AWS_ALIAS, KeyName.NONSENSE):
        yield vault.finding(f"is encrypted with {value!r}, which is no customer managed key", at="kmsKeyArn")


@rule(
    "TS-BK-005",
    title="Backup vaults are locked",
    severity=Severity.MEDIUM,
    applies_to=[BACKUP_VAULT],
    why="Without a lock whoever gets in deletes the backups first.",
    fix="Add an aws.backup.VaultLockConfiguration with min_retention_days.",
    snippet=examples.SNIPPET,
    good=examples.LOCKED_GOOD,
    bad=examples.LOCKED_BAD,
    controls=BACKUPS,
    catalogue=["GAP-70"],
    links=[LOCK_PAGE],
)
def vaults_are_locked(vault: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a lock that holds backups for some days."""
    locks = stack.referring(vault, BACKUP_VAULT_LOCK, "backupVaultName")
    if not locks:
        yield vault.finding("has no lock", key="lock")
    elif not any_of(locks, lambda lock: lock.number("minRetentionDays", 0) > 0):
        yield vault.finding("has a lock that holds backups for no day", key="lock")


@rule(
    "TS-BK-006",
    title="Nobody deletes backups by hand",
    severity=Severity.MEDIUM,
    applies_to=[BACKUP_VAULT],
    why="Backups that one command or one destroy can remove do not survive a mistake or an intruder.",
    fix="Deny backup:DeleteRecoveryPoint to everybody in an aws.backup.VaultPolicy; leave force_destroy out.",
    snippet=examples.SNIPPET,
    good=examples.KEPT_GOOD,
    bad=examples.KEPT_BAD,
    controls=BACKUPS,
    equivalents={"steampipe": ["backup_recovery_point_manual_deletion_disabled"]},
    catalogue=["GAP-71", "BK-07"],
    links=[POLICY_PAGE],
    remedy=Remedy("forceDestroy", value=False),
)
def backups_are_kept(vault: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge the flag, and look for the Deny."""
    with vault:
        if vault.flag("forceDestroy"):
            yield vault.finding("deletes its backups when it is destroyed", at="forceDestroy")
    policies = stack.referring(vault, BACKUP_VAULT_POLICY, "backupVaultName")
    if not any_of(policies, _keeps):
        yield vault.finding("lets backups be deleted by hand", key="policy")


def _keeps(policy: Resource) -> bool:
    document = policy.document("policy")
    return document is not None and any_of(document.statements, _forbids)


def _forbids(statement: Statement) -> bool:
    tests: tuple[Callable[[], bool], ...] = (
        lambda: not statement.allows,
        lambda: any_of(statement.actions, lambda action: matches(action, DELETES)),
        lambda: any_of(statement.principals, is_anyone),
        lambda: any_of(statement.resources, covers_everything),
        lambda: all_of(statement.conditions, _leaves_out),
    )
    return all_of(tests, lambda test: test())


def _leaves_out(condition: Condition) -> bool:
    """Tell whether a condition names who is not meant; any other may hold for nobody."""
    return "not" in condition.operator and bool(condition.values)
