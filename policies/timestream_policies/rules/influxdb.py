"""Rules on Timestream for InfluxDB instances and clusters."""

from collections.abc import Iterator

import timestream_policies.examples.influxdb as examples
from timestream_policies.influxdb import is_version_3
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, names_something, value_or_customer_key
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.types import DB_INSTANCE, INFLUXDB
from timestream_policies.undecided import NotApplicable

GUIDE = "https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influxdb.html"
API = "https://docs.aws.amazon.com/ts-influxdb/latest/ts-influxdb-api"
INSTANCE_PAGE = f"{API}/API_CreateDbInstance.html"
CLUSTER_PAGE = f"{API}/API_CreateDbCluster.html"
LOGS = "logDeliveryConfiguration.s3Configuration.enabled"
WINDOW = "maintenanceSchedule.preferredMaintenanceWindow"


@rule(
    "TS-IDB-001",
    title="InfluxDB has no public address",
    severity=Severity.CRITICAL,
    applies_to=INFLUXDB,
    why="A public address leaves nothing but a password between the internet and the data.",
    fix="Set publicly_accessible=False; AWS cannot change it in place, so the instance is replaced.",
    snippet=examples.SNIPPET,
    good=examples.PRIVATE_GOOD,
    bad=examples.PRIVATE_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["AC-4", "SC-7"],
        "pci-dss-4.0": ["1.4.4"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-01"],
    links=[INSTANCE_PAGE, CLUSTER_PAGE],
    remedy=Remedy("publiclyAccessible", value=False),
)
def influxdb_is_private(database: Resource) -> Iterator[Finding]:
    """Judge the flag; it is off by default."""
    if database.flag("publiclyAccessible"):
        yield database.finding("has a public address", at="publiclyAccessible")


@rule(
    "TS-IDB-005",
    title="InfluxDB delivers its logs",
    severity=Severity.MEDIUM,
    applies_to=INFLUXDB,
    why="Without the engine's logs nobody can tell who logged on or what failed.",
    fix="Set log_delivery_configuration.s3_configuration with a bucket_name and enabled=True.",
    snippet=examples.SNIPPET,
    good=examples.LOGS_GOOD,
    bad=examples.LOGS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-2", "AU-12"], "soc-2": ["CC7.2"]},
    catalogue=["GAP-05"],
    links=[INSTANCE_PAGE],
)
def influxdb_delivers_logs(database: Resource) -> Iterator[Finding]:
    """Judge the flag of the delivery."""
    if not database.flag(LOGS):
        yield database.finding("delivers no logs", at=LOGS)


@rule(
    "TS-IDB-007",
    title="InfluxDB has a standby and fails over by itself",
    severity=Severity.MEDIUM,
    applies_to=INFLUXDB,
    why="If the only zone fails, nothing is written and nothing is read until it is back.",
    fix='Set deployment_type="WITH_MULTIAZ_STANDBY", or failover_mode="AUTOMATIC" on a cluster.',
    snippet=examples.SNIPPET,
    good=examples.STANDBY_GOOD,
    bad=examples.STANDBY_BAD,
    controls={"nist-800-53-r5": ["CP-10", "SC-36"], "soc-2": ["A1.2"]},
    catalogue=["GAP-07"],
    links=[INSTANCE_PAGE, CLUSTER_PAGE],
)
def influxdb_fails_over(database: Resource) -> Iterator[Finding]:
    """Judge the deployment of an instance, and the failover of a cluster."""
    at, wanted = (
        ("deploymentType", "WITH_MULTIAZ_STANDBY")
        if database.type == DB_INSTANCE
        else ("failoverMode", "AUTOMATIC")
    )
    chosen = database.get(at)
    if chosen == wanted:
        return
    if is_version_3(database):
        raise NotApplicable("InfluxDB 3 knows neither deploymentType nor failoverMode")
    what = "has no standby in another zone" if at == "deploymentType" else "does not fail over by itself"
    yield database.finding(f"{what} ({chosen})" if chosen else what, at=at)


@rule(
    "TS-IDB-008",
    title="The password of InfluxDB does not stand in the program",
    severity=Severity.HIGH,
    applies_to=INFLUXDB,
    why="A password in plain text is read by whoever reads the program, the state or a log.",
    fix="Use a secret of the configuration (config.require_secret) or a generated password.",
    snippet=examples.SNIPPET,
    good=examples.LITERAL_GOOD,
    bad=examples.LITERAL_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.4"],
        "nist-800-53-r5": ["IA-5(7)"],
        "pci-dss-4.0": ["8.6.2"],
    },
    catalogue=["GAP-08"],
    links=[INSTANCE_PAGE],
)
def password_is_a_secret(database: Resource) -> Iterator[Finding]:
    """Look for a password that neither is a secret nor comes from a resource."""
    if database.is_secret("password") or not names_something(database, "password"):
        return
    if not database.property_dependencies.get("password"):
        yield database.finding("has its password in plain text", at="password")


@rule(
    "TS-IDB-012",
    title="The password of InfluxDB is long",
    severity=Severity.HIGH,
    applies_to=INFLUXDB,
    why="The password guards an API that takes any number of guesses.",
    fix="Use a generated password of 16 characters or more.",
    snippet=examples.SNIPPET,
    good=examples.LENGTH_GOOD,
    bad=examples.LENGTH_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["IA-5(1)"], "pci-dss-4.0": ["8.3.6"]},
    catalogue=["GAP-08"],
    links=[INSTANCE_PAGE],
)
def password_is_long(database: Resource) -> Iterator[Finding]:
    """Compare the length, which no message tells."""
    shortest = database.settings.thresholds.password_length
    words = database.words("password")
    if words.unknown is not None and database.is_secret("password"):
        raise NotApplicable("the password is a secret that cannot be read here")
    for password in words:
        if len(str(password)) < shortest:
            yield database.finding(
                f"has a password of fewer than {shortest} characters", at="password", key="password/length"
            )


@rule(
    "TS-IDB-009",
    title="InfluxDB is encrypted with a customer managed key where that can be had",
    severity=Severity.LOW,
    applies_to=INFLUXDB,
    why="The key that AWS manages cannot be restricted, watched or revoked by you.",
    fix="Set kms_key_id=key.arn once the provider has such an input.",
    snippet=examples.SNIPPET,
    good=examples.KEY_GOOD,
    bad=examples.KEY_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2"],
        "nist-800-53-r5": ["SC-28"],
        "aws-timestream-security": ["data-protection"],
    },
    catalogue=["GAP-09"],
    links=[GUIDE],
)
def influxdb_uses_a_customer_key(database: Resource) -> Iterator[Finding]:
    """Judge the key as soon as the provider shows that it knows one."""
    value = value_or_customer_key(database, "kmsKeyId")
    if value is None:
        return
    if not value:
        if not database.output("kmsKeyId"):
            raise NotApplicable("the provider has no input for the key of InfluxDB")
        yield database.finding("is encrypted with the key that AWS manages", at="kmsKeyId")
    elif key_name(value) in (KeyName.AWS_ALIAS, KeyName.NONSENSE):
        yield database.finding(f"has {value!r} for a key, which is no customer managed key", at="kmsKeyId")


@rule(
    "TS-IDB-010",
    title="InfluxDB has a parameter group of its own",
    severity=Severity.LOW,
    applies_to=INFLUXDB,
    why="Without a group nobody has chosen log level, session length and limits of queries.",
    fix="Set db_parameter_group_identifier to a parameter group with the values that you want.",
    snippet=examples.SNIPPET,
    good=examples.PARAMETERS_GOOD,
    bad=examples.PARAMETERS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.9"], "nist-800-53-r5": ["CM-6"]},
    catalogue=["GAP-10"],
    links=[f"{API}/API_CreateDbParameterGroup.html"],
)
def parameters_are_chosen(database: Resource) -> Iterator[Finding]:
    """Look for a group."""
    if not names_something(database, "dbParameterGroupIdentifier"):
        yield database.finding("runs with the default parameters", at="dbParameterGroupIdentifier")


@rule(
    "TS-IDB-011",
    title="InfluxDB says when it may be patched",
    severity=Severity.LOW,
    applies_to=INFLUXDB,
    why="Without a window AWS picks the hour at which the database restarts.",
    fix="Set maintenance_schedule with a preferred_maintenance_window and a timezone.",
    snippet=examples.SNIPPET,
    good=examples.WINDOW_GOOD,
    bad=examples.WINDOW_BAD,
    controls={"cis-aws-db-2.0.0": ["10.7"], "nist-800-53-r5": ["SI-2"], "pci-dss-4.0": ["6.3.3"]},
    catalogue=["GAP-10"],
    links=[INSTANCE_PAGE],
)
def maintenance_has_a_window(database: Resource) -> Iterator[Finding]:
    """Look for a window."""
    if not database.get(WINDOW):
        yield database.finding("is patched at an hour that AWS picks", at=WINDOW)
