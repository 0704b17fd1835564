"""Examples for the rules on Timestream for InfluxDB."""

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import REFERENCE
from timestream_policies.types import BUCKET, DB_CLUSTER, DB_INSTANCE
from timestream_policies.values import SECRET as SECRET_MARK
from timestream_policies.values import SIGNATURE

PASSWORD = "correct-horse-battery-staple"  # noqa: S105 - an example
V3 = "InfluxDBV3Core"

SNIPPET = """\
import pulumi
import pulumi_aws as aws

instance = aws.timestreaminfluxdb.DbInstance(
    "plant",
    name="plant",
    allocated_storage=20,
    bucket="machines",
    db_instance_type="db.influx.medium",
    db_parameter_group_identifier="plant-parameters",
    deployment_type="WITH_MULTIAZ_STANDBY",
    organization="example",
    username="operator",
    password=pulumi.Output.secret("correct-horse-battery-staple"),
    publicly_accessible=False,
    vpc_security_group_ids=["sg-0a1b2c3d4e5f67890"],
    vpc_subnet_ids=["subnet-0a1b2c3d4e5f67890", "subnet-1a1b2c3d4e5f67890"],
    log_delivery_configuration={"s3_configuration": {"bucket_name": "influxdb-logs", "enabled": True}},
    maintenance_schedule={"preferred_maintenance_window": "Sun:02:00-Sun:04:00", "timezone": "UTC"},
)
"""


def secret(text: str) -> dict[str, str]:
    """Return a value as a program's secret arrives."""
    return {SIGNATURE: SECRET_MARK, "value": text}


def _instance(title: str, **properties: object) -> Example:
    return example(title, DB_INSTANCE, {"name": "plant", **properties})


def _cluster(title: str, **properties: object) -> Example:
    return example(title, DB_CLUSTER, {"name": "lab", **properties})


def _logs(**s3: object) -> dict[str, object]:
    return {"s3Configuration": {"bucketName": "logs", **s3}}


PRIVATE_GOOD = (_instance("private"), _cluster("private, as it says", publiclyAccessible=False))
PRIVATE_BAD = (_instance("public", publiclyAccessible=True), _cluster("public too", publiclyAccessible=True))
LOGS_GOOD = (_instance("delivered", logDeliveryConfiguration=_logs(enabled=True)),)
LOGS_BAD = (_instance("nothing said"), _cluster("off", logDeliveryConfiguration=_logs(enabled=False)))
STANDBY_GOOD = (
    _instance("a standby", deploymentType="WITH_MULTIAZ_STANDBY"),
    _cluster("fails over", allocatedStorage=20, failoverMode="AUTOMATIC"),
    _cluster("InfluxDB 3", dbParameterGroupIdentifier=V3),
)
STANDBY_BAD = (
    _instance("one zone", deploymentType="SINGLE_AZ"),
    _cluster("no failover", allocatedStorage=20, failoverMode="NO_FAILOVER"),
)
LITERAL_GOOD = (
    _instance("a secret", password=secret(PASSWORD)),
    example(
        "from another resource",
        DB_INSTANCE,
        {"name": "plant", "password": REFERENCE},
        Given(BUCKET, {}, "other"),
        depends={"password": ("other",)},
    ),
    _cluster("InfluxDB 3 makes a token itself"),
)
LITERAL_BAD = (_instance("plain text", password=PASSWORD),)
LENGTH_GOOD = (_instance("28 characters", password=PASSWORD), _cluster("none"))
LENGTH_BAD = (_instance("eight characters", password="eight888"),)  # noqa: S106
KEY_GOOD = (_instance("no such input"),)
KEY_BAD = (_instance("no key at all", kmsKeyId="foo"),)
PARAMETERS_GOOD = (_instance("its own", dbParameterGroupIdentifier="plant-parameters"),)
PARAMETERS_BAD = (_instance("the defaults"),)
WINDOW_GOOD = (
    _instance("Sundays", maintenanceSchedule={"preferredMaintenanceWindow": "Sun:02:00-Sun:04:00"}),
)
WINDOW_BAD = (_instance("whenever AWS likes"),)
