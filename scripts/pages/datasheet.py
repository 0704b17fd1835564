"""The data sheet: what is made by default, service by service, read from what the component registers.

Two baselines are deployed against mocks: the smallest one, and one with a part of every kind. The words
around a value are written here; every number, list and choice is read from the registrations, which the
recorder of the tests keeps. So a default that changes in the code makes README stale, and a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from scripts.pages import defaults_around as around
from scripts.pages import defaults_of_data as data
from scripts.pages.registrations import Facts
from scripts.pages.text import cell
from tests.components.recorder import Deployment, deploy
from timestream_baseline import TimestreamBaseline

CELLS = {"ingest_cell": "cell2", "query_cell": "cell3"}
SMALLEST: Mapping[str, Any] = {"databases": {"metrics": {}}, "network": CELLS}
_VPC = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcde0a", "subnet-0123456789abcde0b"],
}
TYPICAL: Mapping[str, Any] = {
    "databases": {"metrics": {"tables": {"cpu": {}}}},
    "influxdb": {"plant": {**_VPC, "allowed_security_group_ids": ["sg-0123456789abcdef0"]}},
    "network": {**CELLS, **_VPC, "client_security_group_ids": ["sg-0123456789abcdef0"]},
    "access": {"writers": {"ingest": {"trust": {"services": ["lambda.amazonaws.com"]}}}},
}


SERVICES: Final[Mapping[str, Callable[[Deployment], Facts]]] = {
    "All": data.everything,
    "KMS": data.kms,
    "Timestream for LiveAnalytics": data.live_analytics,
    "Timestream for InfluxDB": data.influxdb,
    "S3": data.s3,
    "VPC": around.vpc,
    "IAM": around.iam,
    "CloudTrail": around.cloudtrail,
    "CloudWatch": around.cloudwatch,
    "EventBridge, SQS": around.eventbridge,
    "SNS": around.sns,
    "AWS Backup": around.backup,
}


class Row(NamedTuple):
    """One line of the sheet."""

    service: str
    what: str
    default: str
    arguments: tuple[str, ...]


def datasheet() -> str:
    """Return the table for README."""
    lines = ["| service | what | default | changed by |", "|---|---|---|---|"]
    before = ""
    for row in sheet(deployed(SMALLEST), deployed(TYPICAL)):
        service = "" if row.service == before else f"**{row.service}**"
        before = row.service
        lines.append(
            f"| {service} | {row.what} | {cell(row.default)} | {_shown(row.arguments) or 'nothing'} |"
        )
    return "\n".join(lines)


def deployed(args: Mapping[str, Any]) -> Deployment:
    """Deploy a baseline against mocks."""
    return deploy(lambda: TimestreamBaseline("baseline", args).outputs())  # type: ignore[arg-type]


def sheet(smallest: Deployment, typical: Deployment) -> list[Row]:
    """Return all rows."""
    rows = [Row(service, *fact) for service, facts in SERVICES.items() for fact in facts(typical)]
    counted = f"{len(smallest.of('MetricAlarm'))} for one database without a table"
    return [
        row._replace(default=f"{counted}; {row.default}") if row.what == "alarms" else row for row in rows
    ]


def _shown(arguments: tuple[str, ...]) -> str:
    """Name arguments by their paths; one below the same parent as that before it by its last part."""
    shown, parent = [], None
    for argument in arguments:
        above, _, last = argument.rpartition(".")
        shown.append(f"`{last if above and above == parent else argument}`")
        parent = above
    return ", ".join(shown)
