"""The data sheet: what is made by default, service by service, read from what the component registers.

Two baselines are deployed against mocks: the smallest one, and one with a part of every kind. The words
around a value are written here; every number, list and choice is read from the registrations, which the
recorder of the tests keeps. So a default that changes in the code makes README stale, and a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import fill
from typing import Any, Final, NamedTuple

from scripts.pages import defaults_around as around
from scripts.pages import defaults_of_data as data
from scripts.pages.registrations import Facts
from scripts.pages.text import cell
from tests.components.recorder import Deployment, deploy
from timestream_baseline import TimestreamBaseline

CELLS = {"ingest_cell": "cell2", "query_cell": "cell3"}
SMALLEST: Mapping[str, Any] = {"databases": {"metrics": {"tables": {"cpu": {}}}}, "network": CELLS}
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

# US dollars a month, list prices of us-east-1, as others quote AWS's price pages.
KEY, ALARM, ENDPOINT_ZONE = 1.00, 0.10, 7.30


class Row(NamedTuple):
    """One line of the sheet."""

    service: str
    what: str
    default: str
    arguments: tuple[str, ...]


def datasheet() -> str:
    """Return the table for README, and what the smallest baseline is made of and costs."""
    smallest, typical = deployed(SMALLEST), deployed(TYPICAL)
    lines = ["| service | what | default | changed by |", "|---|---|---|---|"]
    before = ""
    for row in sheet(smallest, typical):
        service = "" if row.service == before else f"**{row.service}**"
        before = row.service
        lines.append(
            f"| {service} | {row.what} | {cell(row.default)} | {_shown(row.arguments) or 'nothing'} |"
        )
    return "\n".join([*lines, "", _cost(smallest)])


def _cost(smallest: Deployment) -> str:
    resources = sum(not it.type.startswith("timestream-baseline:") for it in smallest.registrations)
    keys, alarms = len(smallest.of("Key")), len(smallest.of("MetricAlarm"))
    # Two endpoints, each in two zones.
    endpoints = 2 * 2 * ENDPOINT_ZONE
    around = keys * KEY + alarms * ALARM
    sentences = (
        f"**What it costs.** One database with one table is {resources} resources, {keys} keys and {alarms}",
        f"alarms among them: about ${around:.0f} a month, and ${endpoints:.0f} more with",
        "endpoints in two zones. Storage, queries, logs, backups and InfluxDB come on top. Reckoned with",
        f"${KEY:.2f} for a key, ${ALARM:.2f} for an alarm, ${ENDPOINT_ZONE:.2f} for an endpoint in one zone:",
        "list prices of us-east-1 from secondary sources, so check yours.",
    )
    return fill(" ".join(sentences), 118)


def deployed(args: Mapping[str, Any]) -> Deployment:
    """Deploy a baseline against mocks."""
    return deploy(lambda: TimestreamBaseline("baseline", args).outputs())  # type: ignore[arg-type]


def sheet(smallest: Deployment, typical: Deployment) -> list[Row]:
    """Return all rows."""
    rows = [Row(service, *fact) for service, facts in SERVICES.items() for fact in facts(typical)]
    counted = f"{len(smallest.of('MetricAlarm'))} for one database with one table"
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
