from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.backups import (
    ADMINISTRATOR,
    BACKUP_POLICY,
    COPY,
    KEEPS,
    ROLE_ARN,
    TABLE_ARN,
    attachment,
    lock,
    policy,
    role,
    rule,
    selection,
)
from timestream_policies.examples.backups import VAULT as VAULT_NAME
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.rules import backups, vaults
from timestream_policies.types import BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT, KEY, TABLE

CPU = {"databaseName": "metrics", "tableName": "cpu", "tags": {"backup": "daily", "stage": "prod"}}
VAULT = {"name": VAULT_NAME, "kmsKeyArn": KEY_ARN}
UNSELECTED = ["is in no backup selection"]
DAILY = {"type": "STRINGEQUALS", "key": "backup", "value": "daily"}
WEEKLY = {"type": "STRINGEQUALS", "key": "backup", "value": "weekly"}


def condition(operator: str, name: str, value: str) -> Any:
    return {"conditions": [{operator: [{"key": f"aws:ResourceTag/{name}", "value": value}]}]}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        pytest.param({"resources": [TABLE_ARN]}, [], id="its ARN"),
        pytest.param({"resources": ["arn:aws:timestream:*:*:database/*"]}, [], id="a pattern"),
        pytest.param({"resources": ["*"]}, [], id="everything"),
        pytest.param(
            {"resources": ["arn:aws:timestream:*:*:database/other/table/*"]}, UNSELECTED, id="another"
        ),
        pytest.param({"resources": ["arn:aws:dynamodb:*:*:table/*"]}, UNSELECTED, id="another service"),
        pytest.param({"resources": ["*"], "notResources": [TABLE_ARN]}, UNSELECTED, id="left out"),
        pytest.param({"selectionTags": [DAILY]}, [], id="a tag"),
        pytest.param({"selectionTags": [WEEKLY]}, UNSELECTED, id="another tag"),
        pytest.param({"selectionTags": [WEEKLY, DAILY]}, [], id="one of two tags"),
        pytest.param(condition("stringEquals", "backup", "daily"), [], id="a condition"),
        pytest.param(condition("stringEquals", "backup", "weekly"), UNSELECTED, id="another condition"),
        pytest.param(condition("stringLikes", "stage", "p*"), [], id="a likeness"),
        pytest.param(condition("stringNotEquals", "stage", "prod"), UNSELECTED, id="not for production"),
        pytest.param(
            {"resources": ["*"], **condition("stringEquals", "backup", "never")}, UNSELECTED, id="both"
        ),
        pytest.param({}, UNSELECTED, id="nothing"),
        pytest.param({"resources": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param({"resources": ["*"], "notResources": [UNKNOWN]}, [UNDECIDED], id="left out, perhaps"),
    ],
)
def test_tables_are_backed_up(chosen: Any, expected: Any) -> None:
    assert messages(backups.tables_are_backed_up, TABLE, CPU, {}, selection(**chosen)) == expected


def test_a_table_without_selections_and_one_by_reference() -> None:
    rule_ = backups.tables_are_backed_up
    assert messages(rule_, TABLE, CPU, {}) == UNSELECTED
    by_reference = Given(BACKUP_SELECTION, {"resources": [UNKNOWN]}, "selection", {"resources": ("main",)})
    assert messages(rule_, TABLE, CPU, {}, by_reference) == []


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"schedule": None}, ["never runs the rule 'daily' by itself"], id="no schedule"),
        pytest.param(
            {"lifecycle": {"deleteAfter": 34}},
            ["keeps the backups of the rule 'daily' for 34 days only"],
            id="34 days",
        ),
        pytest.param({"lifecycle": None}, [], id="for ever"),
        pytest.param({"lifecycle": {"coldStorageAfter": 30, "deleteAfter": 120}}, [], id="cold for long"),
        pytest.param(
            {"lifecycle": {"coldStorageAfter": 30, "deleteAfter": 119}},
            ["deletes the backups of the rule 'daily' before they were cold for 90 days, which AWS refuses"],
            id="cold for 89 days",
        ),
        pytest.param({"lifecycle": {"deleteAfter": UNKNOWN}}, [UNDECIDED], id="not known yet"),
    ],
)
def test_plans_are_sound(properties: Any, expected: Any) -> None:
    plan = {"name": "tables", "rules": [rule(**properties)]}
    assert messages(backups.plans_are_sound, BACKUP_PLAN, plan, {}) == expected


def test_backups_are_copied() -> None:
    def said_of(**properties: Any) -> list[str]:
        return messages(backups.backups_are_copied, BACKUP_PLAN, {"rules": [rule(**properties)]}, {})

    assert said_of(copyActions=[COPY]) == []
    assert said_of() == ["keeps the backups of the rule 'daily' in one place"]
    assert said_of(copyActions=[{"destinationVaultArn": UNKNOWN}]) == [UNDECIDED]


def test_selections_are_supported() -> None:
    rule_ = backups.selections_are_supported
    influxdb = "arn:aws:timestream-influxdb:eu-west-1:111122223333:db-instance/abc"
    assert messages(rule_, BACKUP_SELECTION, {"resources": [TABLE_ARN, "*"]}, {}) == []
    assert messages(rule_, BACKUP_SELECTION, {"resources": [TABLE_ARN, influxdb]}, {}) == [
        f"names {influxdb}, which AWS Backup does not back up"
    ]
    assert messages(rule_, BACKUP_SELECTION, {"resources": [UNKNOWN]}, {}) == [UNDECIDED]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param((role(), attachment(BACKUP_POLICY)), [], id="for backups"),
        pytest.param(
            (role(), attachment(ADMINISTRATOR)),
            [f"uses the role 'role', which has {ADMINISTRATOR} too"],
            id="an administrator",
        ),
        pytest.param(
            (role(managedPolicyArns=[ADMINISTRATOR]),),
            [f"uses the role 'role', which has {ADMINISTRATOR} too"],
            id="an administrator, by itself",
        ),
        pytest.param(
            (role("ec2.amazonaws.com"),),
            ["uses the role 'role', which Service ec2.amazonaws.com may take too"],
            id="another service",
        ),
    ],
)
def test_backup_roles_are_narrow(others: Any, expected: Any) -> None:
    rule_ = backups.backup_roles_are_narrow
    change, depends = {"iamRoleArn": UNKNOWN}, {"iamRoleArn": ("role",)}
    assert messages(rule_, BACKUP_SELECTION, {}, change, *others, depends=depends) == expected
    assert messages(rule_, BACKUP_SELECTION, {}, {"iamRoleArn": ROLE_ARN}) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"kmsKeyArn": None}, ["is encrypted with the key that AWS manages"], id="none"),
        pytest.param(
            {"kmsKeyArn": "alias/aws/backup"},
            ["is encrypted with 'alias/aws/backup', which is no customer managed key"],
            id="the key of AWS",
        ),
        pytest.param({"kmsKeyArn": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_vaults_use_a_customer_key(change: Any, expected: Any) -> None:
    assert messages(vaults.vaults_use_a_customer_key, BACKUP_VAULT, VAULT, change) == expected


def test_the_key_of_a_vault_is_decided_by_reference() -> None:
    change, depends = {"kmsKeyArn": UNKNOWN}, {"kmsKeyArn": ("key",)}
    key = Given(KEY, {}, "key")
    assert messages(vaults.vaults_use_a_customer_key, BACKUP_VAULT, VAULT, change, key, depends=depends) == []


def test_vaults_are_locked() -> None:
    rule_ = vaults.vaults_are_locked
    assert messages(rule_, BACKUP_VAULT, VAULT, {}, lock(minRetentionDays=35)) == []
    assert messages(rule_, BACKUP_VAULT, VAULT, {}) == ["has no lock"]
    assert messages(rule_, BACKUP_VAULT, VAULT, {}, lock()) == ["has a lock that holds backups for no day"]
    assert messages(rule_, BACKUP_VAULT, VAULT, {}, lock(minRetentionDays=UNKNOWN)) == [UNDECIDED]


DELETED = ["lets backups be deleted by hand"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param(KEEPS, [], id="nobody"),
        pytest.param({**KEEPS, "Action": "backup:*"}, [], id="by a pattern"),
        pytest.param({**KEEPS, "Principal": {"AWS": "*"}}, [], id="every AWS principal"),
        pytest.param({**KEEPS, "Effect": "Allow"}, DELETED, id="allowed"),
        pytest.param({**KEEPS, "Action": "backup:StartCopyJob"}, DELETED, id="something else"),
        pytest.param({**KEEPS, "Principal": {"AWS": ROLE_ARN}}, DELETED, id="one role"),
        pytest.param(
            {**KEEPS, "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}},
            DELETED,
            id="only some",
        ),
        pytest.param(
            {**KEEPS, "Condition": {"ArnNotLike": {"aws:PrincipalArn": ROLE_ARN}}}, [], id="all but one"
        ),
        pytest.param({**KEEPS, "Action": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_backups_are_kept(statement: Any, expected: Any) -> None:
    assert messages(vaults.backups_are_kept, BACKUP_VAULT, VAULT, {}, policy(statement)) == expected


def test_vaults_that_are_emptied() -> None:
    assert messages(vaults.backups_are_kept, BACKUP_VAULT, VAULT, {"forceDestroy": True}, policy(KEEPS)) == [
        "deletes its backups when it is destroyed"
    ]
    assert messages(vaults.backups_are_kept, BACKUP_VAULT, VAULT, {}) == DELETED
