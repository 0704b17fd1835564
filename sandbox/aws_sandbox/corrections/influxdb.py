"""Timestream for InfluxDB: InfluxDB 3, changing instances and clusters, and what moto leaves out."""

import re
from typing import Any

from moto.timestreaminfluxdb.models import Cluster, DBInstance, InstanceStatus, TimestreamInfluxDBBackend

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend, replace

SERVICE = "timestream-influxdb"

_SCHEDULE = "maintenance_schedule"
_ENGINE = "engine_type"
"""Attributes that moto's objects have not."""

_V3_GROUP = re.compile(r"InfluxDBV3(Core|Enterprise)[A-Za-z0-9]*")
"""The parameter groups of InfluxDB 3 that the service defines."""

_NOT_FOR_V3 = ("allocatedStorage", "bucket", "deploymentType", "organization", "password", "username")
_NEEDED_BY_V2 = ("allocatedStorage", "bucket", "organization", "password", "username")

_ATTRIBUTES = {
    "allocatedStorage": "allocated_storage",
    "dbInstanceType": "db_instance_type",
    "dbStorageType": "db_storage_type",
    "deploymentType": "deployment_type",
    "failoverMode": "failover_mode",
    "logDeliveryConfiguration": "log_delivery_configuration",
    "maintenanceSchedule": _SCHEDULE,
    "port": "port",
}


def _backend(call: Operation) -> TimestreamInfluxDBBackend:
    backend: TimestreamInfluxDBBackend = moto_backend(SERVICE, call.region)
    return backend


def _instance(call: Operation) -> DBInstance:
    identifier = call.params["identifier"]
    instances = _backend(call).db_instances
    if identifier not in instances:
        raise AwsError("ResourceNotFoundException", f"DB Instance with id {identifier} not found")
    return instances[identifier]


def _cluster(call: Operation) -> Cluster:
    identifier = call.params["dbClusterId"]
    clusters = _backend(call).db_clusters
    if identifier not in clusters:
        raise AwsError("ResourceNotFoundException", f"DB cluster with ID {identifier} not found")
    return clusters[identifier]


def _change(resource: DBInstance | Cluster, call: Operation, group: str) -> None:
    names = {**_ATTRIBUTES, "dbParameterGroupIdentifier": group}
    for name, attribute in names.items():
        if name in call.params:
            setattr(resource, attribute, call.params[name])


def _update_instance(call: Operation) -> Result:
    instance = _instance(call)
    _change(instance, call, "db_parameter_group_id")
    answer: dict[str, Any] = instance.to_dict()
    return answer


def _update_cluster(call: Operation) -> Result:
    cluster = _cluster(call)
    _change(cluster, call, "db_parameter_group_identifier")
    return {"dbClusterStatus": cluster.status}


def _delete_cluster(call: Operation) -> Result:
    cluster = _cluster(call)
    del _backend(call).db_clusters[cluster.id]
    return {"dbClusterStatus": "DELETING"}


def _create_instance(call: Operation) -> Result:
    """Create through moto, which takes every parameter but the maintenance schedule."""
    names = {
        "name": "name",
        "username": "username",
        "password": "password",
        "organization": "organization",
        "bucket": "bucket",
        "dbInstanceType": "db_instance_type",
        "vpcSubnetIds": "vpc_subnet_ids",
        "vpcSecurityGroupIds": "vpc_security_group_ids",
        "publiclyAccessible": "publicly_accessible",
        "dbStorageType": "db_storage_type",
        "allocatedStorage": "allocated_storage",
        "dbParameterGroupIdentifier": "db_parameter_group_identifier",
        "deploymentType": "deployment_type",
        "logDeliveryConfiguration": "log_delivery_configuration",
        "tags": "tags",
        "port": "port",
        "networkType": "network_type",
    }
    defaults = {
        "publiclyAccessible": False,
        "dbStorageType": "InfluxIOIncludedT1",
        "deploymentType": "SINGLE_AZ",
        "port": 8086,
        "networkType": "IPV4",
    }
    given = {**defaults, **call.params}
    parameters: dict[str, Any] = {attribute: given.get(name) for name, attribute in names.items()}
    instance = _backend(call).create_db_instance(**parameters)
    instance.status = InstanceStatus.AVAILABLE
    setattr(instance, _SCHEDULE, call.params.get("maintenanceSchedule"))
    answer: dict[str, Any] = instance.to_dict()
    return answer


def _create_cluster(call: Operation) -> Result:
    """Create through moto, which knows no InfluxDB 3 and no maintenance schedule."""
    given = dict(call.params)
    group = given.get("dbParameterGroupIdentifier", "")
    v3 = _V3_GROUP.fullmatch(group)
    odd = [name for name in _NOT_FOR_V3 if name in given]
    missing = [name for name in _NEEDED_BY_V2 if name not in given]
    if v3 and odd:
        raise AwsError("ValidationException", f"{odd[0]} is not supported with the parameter group {group}")
    if not v3 and missing:
        raise AwsError("ValidationException", f"{missing[0]} is required for InfluxDB V2 clusters")
    schedule = given.pop("maintenanceSchedule", None)
    if v3:
        given = {"port": 8181, **given}
    parameters = {_snake(name): value for name, value in given.items()}
    identifier, status = _backend(call).create_db_cluster(**{"password": "", **parameters})
    cluster = _backend(call).db_clusters[identifier]
    setattr(cluster, _SCHEDULE, schedule)
    setattr(cluster, _ENGINE, f"INFLUXDB_V3_{v3[1].upper()}" if v3 else "INFLUXDB_V2")
    return {"dbClusterId": identifier, "dbClusterStatus": status}


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _patch() -> None:
    describe_instance, describe_cluster = DBInstance.to_dict, Cluster.to_dict

    def instance(self: DBInstance) -> dict[str, Any]:
        secret = self.arn.replace(":timestream-influxdb:", ":secretsmanager:").replace(
            ":db-instance/", ":secret:READONLY-InfluxDB-auth-parameters-"
        )
        region = self.arn.split(":")[3]
        told = {
            "availabilityZone": f"{region}a",
            "influxAuthParametersSecretArn": secret,
            "maintenanceSchedule": getattr(self, _SCHEDULE, None),
        }
        if self.deployment_type == "WITH_MULTIAZ_STANDBY":
            told["secondaryAvailabilityZone"] = f"{region}b"
        return _present({**describe_instance(self), **told})

    def cluster(self: Cluster) -> dict[str, Any]:
        told = {
            "engineType": getattr(self, _ENGINE, "INFLUXDB_V2"),
            "maintenanceSchedule": getattr(self, _SCHEDULE, None),
        }
        return _present({**describe_cluster(self), **told})

    replace(DBInstance, "to_dict", instance)
    replace(Cluster, "to_dict", cluster)


def _present(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if value not in (None, {})}


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/ts-influxdb/latest/ts-influxdb-api/API_Operations.html",
    handlers={
        (SERVICE, "CreateDbCluster"): _create_cluster,
        (SERVICE, "CreateDbInstance"): _create_instance,
        (SERVICE, "UpdateDbInstance"): _update_instance,
        (SERVICE, "UpdateDbCluster"): _update_cluster,
        (SERVICE, "DeleteDbCluster"): _delete_cluster,
    },
    patch=_patch,
)
