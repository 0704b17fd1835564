"""Clusters of Timestream for InfluxDB: what v2 needs and what v3 refuses."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_sandbox.sandbox import Sandbox

NETWORK: dict[str, Any] = {
    "name": "plant",
    "dbInstanceType": "db.influx.medium",
    "vpcSubnetIds": ["subnet-1"],
    "vpcSecurityGroupIds": ["sg-1"],
}
V2 = {
    "allocatedStorage": 20,
    "bucket": "plant",
    "organization": "plant",
    "password": "Abcdefgh12345678",
    "username": "admin",
}
V3 = {"dbParameterGroupIdentifier": "InfluxDBV3Core"}


def refused(sandbox: Sandbox, parameters: dict[str, Any]) -> str:
    with pytest.raises(ClientError) as error:
        sandbox.client("timestream-influxdb").create_db_cluster(**parameters)
    assert error.value.response["Error"]["Code"] == "ValidationException"
    return error.value.response["Error"]["Message"]


def test_a_cluster_of_v3_has_its_engine_port_and_maintenance_window(empty_sandbox: Sandbox) -> None:
    client = empty_sandbox.client("timestream-influxdb")
    window = {"timezone": "UTC", "preferredMaintenanceWindow": "Sun:02:00-Sun:04:00"}
    created = client.create_db_cluster(**NETWORK, **V3, maintenanceSchedule=window)
    found = client.get_db_cluster(dbClusterId=created["dbClusterId"])
    assert (found["engineType"], found["port"], found["maintenanceSchedule"]) == (
        "INFLUXDB_V3_CORE",
        8181,
        window,
    )


def test_a_cluster_of_v2_keeps_its_engine_and_port(empty_sandbox: Sandbox) -> None:
    client = empty_sandbox.client("timestream-influxdb")
    created = client.create_db_cluster(**NETWORK, **V2)
    found = client.get_db_cluster(dbClusterId=created["dbClusterId"])
    assert (found["engineType"], found["port"]) == ("INFLUXDB_V2", 8086)


@pytest.mark.parametrize("name", sorted(V2))
def test_v3_refuses_what_v2_needs(name: str, empty_sandbox: Sandbox) -> None:
    assert refused(empty_sandbox, {**NETWORK, **V3, name: V2[name]}) == (
        f"{name} is not supported with the parameter group InfluxDBV3Core"
    )


@pytest.mark.parametrize("name", sorted(V2))
def test_v2_needs_what_v3_refuses(name: str, empty_sandbox: Sandbox) -> None:
    given = {key: value for key, value in V2.items() if key != name}
    assert refused(empty_sandbox, {**NETWORK, **given}) == f"{name} is required for InfluxDB V2 clusters"
