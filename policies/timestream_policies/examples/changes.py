"""Examples for the rules on changes: what was before, and what it becomes."""

from collections.abc import Mapping
from typing import Any

from timestream_policies.examples import Given, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE, TABLE_SNIPPET
from timestream_policies.model import Options
from timestream_policies.types import (
    BACKUP_PLAN,
    BACKUP_VAULT_LOCK,
    BUCKET,
    DATABASE,
    KEY,
    STACK,
    TABLE,
    TRAIL,
)

OTHER_ARN = KEY_ARN.replace("1234abcd", "fedcba98")

SNIPPET = """\
import pulumi
import pulumi_aws as aws

key = aws.kms.Key("metrics", enable_key_rotation=True, opts=pulumi.ResourceOptions(protect=True))
database = aws.timestreamwrite.Database(
    "metrics",
    database_name="metrics",
    kms_key_id=key.arn,
    opts=pulumi.ResourceOptions(protect=True, retain_on_delete=True),
)
"""
PLAN_SNIPPET = """\
import pulumi_aws as aws

plan = aws.backup.Plan(
    "daily",
    rules=[
        {
            "rule_name": "daily",
            "target_vault_name": "metrics",
            "schedule": "cron(0 5 ? * * *)",
            "lifecycle": {"delete_after": 35},
        }
    ],
)
"""
LOCK_SNIPPET = """\
import pulumi_aws as aws

lock = aws.backup.VaultLockConfiguration("metrics", backup_vault_name="metrics", min_retention_days=35)
"""
TRAIL_SNIPPET = """\
import pulumi_aws as aws

trail = aws.cloudtrail.Trail(
    "audit", s3_bucket_name="audit-logs", is_multi_region_trail=True, enable_log_file_validation=True
)
"""

KEPT = {
    "retentionProperties": {
        "memoryStoreRetentionPeriodInHours": 24,
        "magneticStoreRetentionPeriodInDays": 365,
    }
}
SHORT = {
    "retentionProperties": {
        "memoryStoreRetentionPeriodInHours": 12,
        "magneticStoreRetentionPeriodInDays": 30,
    }
}
RETENTION_SNIPPET = TABLE_SNIPPET
RETENTION_GOOD = (
    example("the same periods", TABLE, KEPT, before=Given(TABLE, KEPT)),
    example("longer periods", TABLE, KEPT, before=Given(TABLE, SHORT)),
    example("a new table", TABLE, SHORT),
)
RETENTION_BAD = (example("shorter periods", TABLE, SHORT, before=Given(TABLE, KEPT)),)

WRITES_ON = {"magneticStoreWriteProperties": {"enableMagneticStoreWrites": True}}
WRITES_OFF = {"magneticStoreWriteProperties": {"enableMagneticStoreWrites": False}}
WRITES_GOOD = (
    example("still on", TABLE, WRITES_ON, before=Given(TABLE, WRITES_ON)),
    example("turned on", TABLE, WRITES_ON, before=Given(TABLE, WRITES_OFF)),
)
WRITES_BAD = (example("turned off", TABLE, WRITES_OFF, before=Given(TABLE, WRITES_ON)),)

_KEYED = Given(DATABASE, {"kmsKeyId": KEY_ARN})
_KEY = Given(KEY, {}, "key", outputs={"arn": KEY_ARN})
KEY_STAYS_GOOD = (
    example("the same key", DATABASE, {"kmsKeyId": KEY_ARN}, before=_KEYED),
    example(
        "the same key by reference",
        DATABASE,
        {"kmsKeyId": REFERENCE},
        Given(KEY, {"isEnabled": True}, "key", before=_KEY),
        depends={"kmsKeyId": ("key",)},
        before=_KEYED,
    ),
    example("a key at last", DATABASE, {"kmsKeyId": KEY_ARN}, before=Given(DATABASE, {})),
)
KEY_STAYS_BAD = (
    example("another key", DATABASE, {"kmsKeyId": OTHER_ARN}, before=_KEYED),
    example(
        "a key that is made with this change",
        DATABASE,
        {"kmsKeyId": REFERENCE},
        Given(KEY, {"isEnabled": True}, "key"),
        depends={"kmsKeyId": ("key",)},
        before=_KEYED,
    ),
    example(
        "a key that is made anew",
        DATABASE,
        {"kmsKeyId": REFERENCE},
        Given(KEY, {"isEnabled": True}, "key", before=_KEY, is_anew=True),
        depends={"kmsKeyId": ("key",)},
        before=_KEYED,
    ),
)

_SAFE = Options(protect=True, retain_on_delete=True)
PROTECTED_GOOD = (
    example("still protected", DATABASE, {}, options=_SAFE, before=Given(DATABASE, {}, options=_SAFE)),
    example("protected at last", DATABASE, {}, options=_SAFE, before=Given(DATABASE, {})),
)
PROTECTED_BAD = (
    example("protected no more", DATABASE, {}, before=Given(DATABASE, {}, options=_SAFE)),
    example(
        "retained no more",
        BUCKET,
        {},
        options=Options(protect=True),
        before=Given(BUCKET, {}, options=_SAFE),
    ),
)

KEPT_GOOD = (
    example("nothing is deleted", STACK, {}, before=Given(STACK, {})),
    example(
        "a database that is retained leaves the stack",
        STACK,
        {},
        Given(DATABASE, {}, "metrics", is_gone=True, options=Options(retain_on_delete=True)),
    ),
)
KEPT_BAD = (
    example("a database is deleted", STACK, {}, Given(DATABASE, {}, "metrics", is_gone=True)),
    example("a key is deleted", STACK, {}, Given(KEY, {}, "metrics", is_gone=True)),
)

SAME_STORE_GOOD = (
    example("changed in place", DATABASE, {"tags": {"a": "b"}}, before=Given(DATABASE, {})),
    example(
        "the old one is retained",
        DATABASE,
        {},
        before=Given(DATABASE, {}, options=Options(retain_on_delete=True)),
        is_anew=True,
    ),
)
SAME_STORE_BAD = (
    example("another name", TABLE, {"tableName": "new"}, before=Given(TABLE, {}), is_anew=True),
)


def _plan(*rules: Mapping[str, Any]) -> dict[str, Any]:
    return {"rules": list(rules)}


_DAILY = {"ruleName": "daily", "lifecycle": {"deleteAfter": 35}}
_WEEKLY = {"ruleName": "weekly"}
BACKUP_GOOD = (
    example("the same plan", BACKUP_PLAN, _plan(_DAILY), before=Given(BACKUP_PLAN, _plan(_DAILY))),
    example("one rule more", BACKUP_PLAN, _plan(_DAILY, _WEEKLY), before=Given(BACKUP_PLAN, _plan(_DAILY))),
)
BACKUP_BAD = (
    example(
        "kept for a week",
        BACKUP_PLAN,
        _plan({"ruleName": "daily", "lifecycle": {"deleteAfter": 7}}),
        before=Given(BACKUP_PLAN, _plan(_DAILY)),
    ),
    example("one rule less", BACKUP_PLAN, _plan(_DAILY), before=Given(BACKUP_PLAN, _plan(_DAILY, _WEEKLY))),
    example("no plan any more", STACK, {}, Given(BACKUP_PLAN, {}, "daily", is_gone=True)),
)

_LOCK = {"minRetentionDays": 35, "changeableForDays": 3}
LOCK_GOOD = (
    example("the same lock", BACKUP_VAULT_LOCK, _LOCK, before=Given(BACKUP_VAULT_LOCK, _LOCK)),
    example(
        "a tighter lock",
        BACKUP_VAULT_LOCK,
        {"minRetentionDays": 90, "changeableForDays": 3},
        before=Given(BACKUP_VAULT_LOCK, _LOCK),
    ),
)
LOCK_BAD = (
    example(
        "a shorter retention",
        BACKUP_VAULT_LOCK,
        {"minRetentionDays": 1, "changeableForDays": 3},
        before=Given(BACKUP_VAULT_LOCK, _LOCK),
    ),
    example("no lock any more", STACK, {}, Given(BACKUP_VAULT_LOCK, _LOCK, "lock", is_gone=True)),
)

_TABLES = {
    "eventSelectors": [{"dataResources": [{"type": "AWS::Timestream::Table", "values": ["arn:aws:x"]}]}]
}
_ADVANCED_TABLES = {
    "advancedEventSelectors": [
        {"fieldSelectors": [{"field": "resources.type", "equals": ["AWS::Timestream::Table"]}]}
    ]
}
TRAIL_GOOD = (
    example("the same trail", TRAIL, _TABLES, before=Given(TRAIL, _TABLES)),
    example("the same events, said in the new way", TRAIL, _ADVANCED_TABLES, before=Given(TRAIL, _TABLES)),
)
TRAIL_BAD = (
    example("it stops", TRAIL, {"enableLogging": False}, before=Given(TRAIL, {"enableLogging": True})),
    example("it records no tables any more", TRAIL, {}, before=Given(TRAIL, _TABLES)),
)
