"""The data sheet of README: defaults are read from what is made, and arguments change what their rows say."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from scripts.pages.datasheet import SMALLEST, TYPICAL, Row, deployed, sheet
from scripts.pages.inputs import TYPE, schema
from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import DEPLOYER, Deployment

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
OTHERS = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/elsewhere"
COPIES = f"arn:aws:backup:eu-central-1:{ACCOUNT}:backup-vault:copies"
# An argument stands in that one of these which does not change the same row by another argument.
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "one": {
        "protect_data": False,
        "encryption.shared_key": True,
        "encryption.rotation_period_days": 180,
        "encryption.administrators": [DEPLOYER],
        "encryption.multi_region": True,
        "databases.metrics.tables.cpu.memory_retention_hours": 48,
        "influxdb.plant.instance_type": "db.influx.large",
        "influxdb.plant.port": 8087,
        "influxdb.plant.password": "elevenelevn",
        "influxdb.plant.log_retention_days": 90,
        "network.also": ["kms"],
        "network.client_cidrs": ["10.0.0.0/16"],
        "network.organization_id": "o-a1b2c3d4e5",
        "access.writers.ingest.max_session_hours": 2,
        "access.permissions_boundary": "create",
        "audit.object_lock_mode": "compliance",
        "audit.data_events": False,
        "audit.log_retention_days": 731,
        "monitoring.period_seconds": 60,
        "monitoring.thresholds": {"user_errors": 50},
        "monitoring.cis_filters": "none",
        "monitoring.emails": ["on-call@example.org"],
        "backup.schedule": "cron(30 2 * * ? *)",
        "backup.vault_lock": "compliance",
        "backup.copy_to_vault_arn": COPIES,
    },
    "two": {
        "databases.metrics.key_arn": KEY,
        "encryption.client_side_key": True,
        "encryption.deletion_window_days": 7,
        "encryption.multi_region": True,
        "encryption.replica_regions": ["eu-central-1"],
        "databases.metrics.tables.cpu.magnetic_retention_days": 90,
        "databases.metrics.tables.cpu.magnetic_writes": False,
        "influxdb.plant.storage_gib": 400,
        "network.client_security_group_ids": [],
        "network.client_cidrs": ["10.0.0.0/16"],
        "network.also_allow_databases": [OTHERS],
        "network.private_dns": False,
        "audit.object_lock_days": 30,
        "audit.access_logs": False,
        "audit.insights": False,
        "audit.multi_region": False,
        "audit.log_group": False,
        "monitoring.dashboard": False,
        "monitoring.change_events": False,
        "monitoring.topic_arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:existing",
        "backup.retention_days": 120,
        "backup.cold_after_days": 7,
        "backup.notify": False,
    },
    "three": {
        "influxdb.plant.multi_az": False,
        "network": {"ingest_cell": "cell2", "query_cell": "cell3"},
        "access.writers": {},
        "audit.management_events": False,
        "backup.enabled": False,
    },
    "four": {"audit.trail": "none"},
}
# The sheet says that groups are named, not which: what changes is in no cell.
NOT_SHOWN = {"influxdb.*.allowedSecurityGroupIds"}


def changed(args: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(args)
    for path, value in changes.items():
        head, _, rest = path.partition(".")
        result[head] = changed(result.get(head, {}), {rest: value}) if rest else value
    return result


def spelled(path: str) -> str:
    """Write a path of CHANGES as the sheet does."""
    for name in ("databases.metrics", "tables.cpu", "influxdb.plant", "writers.ingest"):
        path = path.replace(name, f"{name.partition('.')[0]}.*")
    head, *rest = path.split("_")
    return head + "".join(part[0].upper() + part[1:] for part in rest)


@cache
def smallest() -> Deployment:
    return deployed(SMALLEST)


@cache
def rows(change: str = "") -> dict[tuple[str, str], Row]:
    made = sheet(smallest(), deployed(changed(TYPICAL, CHANGES.get(change, {}))))
    return {(row.service, row.what): row for row in made}


def arguments() -> Iterator[tuple[Row, str]]:
    yield from ((row, argument) for row in rows().values() for argument in row.arguments)


def exists(path: str) -> bool:
    """Tell whether the schema of the package has an argument."""
    whole = schema()
    found: dict[str, Any] = {"properties": whole["resources"][f"{TYPE}TimestreamBaseline"]["inputProperties"]}
    for part in path.split("."):
        found = found["additionalProperties"] if part == "*" else found["properties"].get(part, {})
        if "$ref" in found:
            found = whole["types"][found["$ref"].removeprefix("#/types/")]
    return bool(found)


def test_every_argument_exists() -> None:
    assert [argument for _, argument in arguments() if not exists(argument)] == []


def test_every_argument_changes_what_its_row_says() -> None:
    where: dict[str, list[str]] = {}
    for change, values in CHANGES.items():
        for path in values:
            where.setdefault("network.vpcId" if path == "network" else spelled(path), []).append(change)
    without_effect = [
        f"{row.service}, {row.what}: {argument}"
        for row, argument in arguments()
        if argument not in NOT_SHOWN
        and not any(
            rows(change).get((row.service, row.what), row._replace(default="")).default != row.default
            for change in where.get(argument, [])
        )
    ]
    assert without_effect == []


def test_defaults_are_shown_as_they_are_made() -> None:
    shown = {key: row.default for key, row in rows().items()}
    assert shown["KMS", "rotation, deletion"] == "every 365 days; 30 days after it is asked for"
    assert shown["S3", "4 buckets"] == "public access blocked, ACLs off, versioned, TLS only"
    assert shown["S3", "lock of the trail's bucket"] == "GOVERNANCE, 365 days"
    assert shown["IAM", "users, access keys, AWS managed policies"] == "none"
    assert shown["AWS Backup", "plan"] == "cron(0 3 * * ? *), kept 35 days"
