from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.influxdb import PASSWORD, secret
from timestream_policies.rules import influxdb
from timestream_policies.types import BUCKET, DB_CLUSTER, DB_INSTANCE
from timestream_policies.values import SECRET, SIGNATURE

GOOD = {
    "name": "plant",
    "password": secret(PASSWORD),
    "deploymentType": "WITH_MULTIAZ_STANDBY",
    "dbParameterGroupIdentifier": "plant-parameters",
    "logDeliveryConfiguration": {"s3Configuration": {"bucketName": "logs", "enabled": True}},
    "maintenanceSchedule": {"preferredMaintenanceWindow": "Sun:02:00-Sun:04:00", "timezone": "UTC"},
}
CLUSTER = {"name": "lab", "allocatedStorage": 20, "failoverMode": "AUTOMATIC"}
HIDDEN = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}


@pytest.mark.parametrize(
    ("rule", "change", "expected"),
    [
        pytest.param(influxdb.influxdb_is_private, {}, [], id="private by default"),
        pytest.param(
            influxdb.influxdb_is_private, {"publiclyAccessible": True}, ["has a public address"], id="public"
        ),
        pytest.param(
            influxdb.influxdb_is_private, {"publiclyAccessible": "true"}, ["has a public address"], id="text"
        ),
        pytest.param(
            influxdb.influxdb_is_private, {"publiclyAccessible": UNKNOWN}, [UNDECIDED], id="public?"
        ),
        pytest.param(influxdb.influxdb_delivers_logs, {}, [], id="logs"),
        pytest.param(
            influxdb.influxdb_delivers_logs,
            {"logDeliveryConfiguration": None},
            ["delivers no logs"],
            id="no logs",
        ),
        pytest.param(
            influxdb.influxdb_delivers_logs,
            {"logDeliveryConfiguration": {"s3Configuration": {"bucketName": "logs", "enabled": False}}},
            ["delivers no logs"],
            id="logs off",
        ),
        pytest.param(influxdb.influxdb_fails_over, {}, [], id="standby"),
        pytest.param(
            influxdb.influxdb_fails_over,
            {"deploymentType": "SINGLE_AZ"},
            ["has no standby in another zone (SINGLE_AZ)"],
            id="one zone",
        ),
        pytest.param(
            influxdb.influxdb_fails_over,
            {"deploymentType": None},
            ["has no standby in another zone"],
            id="nothing said of zones",
        ),
        pytest.param(influxdb.influxdb_fails_over, {"deploymentType": UNKNOWN}, [UNDECIDED], id="zones?"),
        pytest.param(influxdb.parameters_are_chosen, {}, [], id="parameters"),
        pytest.param(
            influxdb.parameters_are_chosen,
            {"dbParameterGroupIdentifier": None},
            ["runs with the default parameters"],
            id="default parameters",
        ),
        pytest.param(influxdb.maintenance_has_a_window, {}, [], id="window"),
        pytest.param(
            influxdb.maintenance_has_a_window,
            {"maintenanceSchedule": {"timezone": "UTC"}},
            ["is patched at an hour that AWS picks"],
            id="no window",
        ),
        pytest.param(
            influxdb.influxdb_uses_a_customer_key,
            {},
            ["not applicable: the provider has no input for the key of InfluxDB"],
            id="no key to be had",
        ),
        pytest.param(influxdb.influxdb_uses_a_customer_key, {"kmsKeyId": KEY_ARN}, [], id="a key"),
        pytest.param(
            influxdb.influxdb_uses_a_customer_key,
            {"kmsKeyId": "alias/aws/timestream"},
            ["has 'alias/aws/timestream' for a key, which is no customer managed key"],
            id="the key of AWS",
        ),
    ],
)
def test_instances(rule: Any, change: Any, expected: Any) -> None:
    assert messages(rule, DB_INSTANCE, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="fails over"),
        pytest.param(
            {"failoverMode": "NO_FAILOVER"},
            ["does not fail over by itself (NO_FAILOVER)"],
            id="does not",
        ),
        pytest.param(
            {"failoverMode": None, "allocatedStorage": None, "dbParameterGroupIdentifier": "InfluxDBV3Core"},
            ["not applicable: InfluxDB 3 knows neither deploymentType nor failoverMode"],
            id="version 3",
        ),
        pytest.param(
            {"failoverMode": None, "allocatedStorage": None, "dbParameterGroupIdentifier": "mine"},
            ["not applicable: InfluxDB 3 knows neither deploymentType nor failoverMode"],
            id="version 3 with a group of one's own",
        ),
        pytest.param(
            {"failoverMode": None, "dbParameterGroupIdentifier": "mine"},
            ["does not fail over by itself"],
            id="version 2 with a group of one's own",
        ),
        pytest.param(
            {"failoverMode": None, "dbParameterGroupIdentifier": UNKNOWN}, [UNDECIDED], id="which version?"
        ),
    ],
)
def test_clusters_fail_over(change: Any, expected: Any) -> None:
    assert messages(influxdb.influxdb_fails_over, DB_CLUSTER, CLUSTER, change) == expected


@pytest.mark.parametrize(
    ("change", "literal", "length"),
    [
        pytest.param({}, [], [], id="a secret"),
        pytest.param({"password": None}, [], [], id="none"),
        pytest.param({"password": PASSWORD}, ["has its password in plain text"], [], id="plain text"),
        pytest.param(
            {"password": "short"},
            ["has its password in plain text"],
            ["has a password of fewer than 16 characters"],
            id="short plain text",
        ),
        pytest.param(
            {"password": secret("short")},
            [],
            ["has a password of fewer than 16 characters"],
            id="a short secret",
        ),
        pytest.param(
            {"password": HIDDEN},
            [],
            ["not applicable: the password is a secret that cannot be read here"],
            id="an encrypted secret",
        ),
        pytest.param({"password": UNKNOWN}, [UNDECIDED], [UNDECIDED], id="not known yet"),
    ],
)
def test_passwords(change: Any, literal: Any, length: Any) -> None:
    assert messages(influxdb.password_is_a_secret, DB_INSTANCE, GOOD, change) == literal
    assert messages(influxdb.password_is_long, DB_INSTANCE, GOOD, change) == length


def test_a_password_from_another_resource_is_no_literal() -> None:
    change, depends = {"password": UNKNOWN}, {"password": ("other",)}
    other = Given(BUCKET, {}, "other")
    assert messages(influxdb.password_is_a_secret, DB_INSTANCE, GOOD, change, other, depends=depends) == []
