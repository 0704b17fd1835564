"""The dashboard: what an operator wants to see first, in as few widgets as the engines in use need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from timestream_baseline.documents.alarms import INFLUXDB, LIVE_ANALYTICS
from timestream_baseline.documents.late_records import ACTIVE_PARTITIONS_QUOTA

Widget = dict[str, Any]
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
_WIDTH: Final = 24
_ALARMS_PER_WIDGET: Final = 100
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html (a search expression)
_LONGEST_SEARCH: Final = 1024
# Console hosts. https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
_CONSOLES: Final = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Lines that graphs show: from there on an alarm goes off."""

    write_latency_ms: float
    query_latency_ms: float
    active_partitions: float
    cpu: float
    memory: float
    disk: float


def dashboard_url(*, partition: str, region: str, name: str) -> str:
    """Build the address under which the console shows a dashboard."""
    host = _CONSOLES.get(partition, "console.aws.amazon.com")
    return f"https://{region}.{host}/cloudwatch/home?region={region}#dashboards/dashboard/{name}"


def dashboard_body(
    *,
    title: str,
    region: str,
    period: int,
    databases: Sequence[str],
    influxdb: bool,
    alarm_arns: Sequence[str],
    limits: Limits,
) -> dict[str, Any]:
    """Lay out the dashboard: alarms, then errors and latency, then amounts.

    Its size does not grow with the number of tables: searches find them when somebody looks.
    """
    rows: list[list[Widget]] = [[_text(title)], [_alarms(alarm_arns)]]
    if databases:
        rows += _live_analytics(region, period, databases, limits)
    if influxdb:
        rows += _influxdb(region, period, limits)
    return {"widgets": list(_placed(rows))}


def _placed(rows: Sequence[Sequence[Widget]]) -> Iterator[Widget]:
    """Put rows below each other, the widgets of a row side by side."""
    y = 0
    for row in rows:
        height = 2 if row[0]["type"] == "text" else 6
        width = _WIDTH // len(row)
        for index, widget in enumerate(row):
            yield {**widget, "x": index * width, "y": y, "width": width, "height": height}
        y += height


def _live_analytics(
    region: str, period: int, databases: Sequence[str], limits: Limits
) -> Iterator[list[Widget]]:
    def graph(title: str, *searches: str, lines: Sequence[tuple[str, float]] = ()) -> Widget:
        return _graph(title, region, period, searches, lines)

    def by_operation(metric: str, statistic: str) -> str:
        return _search(f'{{{LIVE_ANALYTICS},Operation}} MetricName="{metric}"', statistic, period)

    def by_table(metric: str, statistic: str, more: str = "") -> str:
        schema = f"{{{LIVE_ANALYTICS},DatabaseName,Operation,TableName}}"
        return _search_of(f'{schema} MetricName="{metric}"{more}', databases, statistic, period)

    yield [
        graph("System errors", by_operation("SystemErrors", "Sum")),
        graph("User errors", by_operation("UserErrors", "Sum")),
    ]
    yield [
        graph(
            "Write latency, p99 (ms)",
            by_table("SuccessfulRequestLatency", "p99", ' Operation="WriteRecords"'),
            lines=[("alarm", limits.write_latency_ms)],
        ),
        graph(
            "Query latency, p99 (ms)",
            _search(
                f'{{{LIVE_ANALYTICS},Operation}} MetricName="SuccessfulRequestLatency" Operation="Query"',
                "p99",
                period,
            ),
            lines=[("alarm", limits.query_latency_ms)],
        ),
    ]
    yield [
        graph("Rejected records", by_table("MagneticStoreRejectedRecordCount", "Sum")),
        graph(
            "Reports of rejected records that could not be stored",
            by_table("MagneticStoreRejectedUploadUserFailures", "Sum"),
            by_table("MagneticStoreRejectedUploadSystemFailures", "Sum"),
        ),
        graph(
            "Active partitions of the magnetic store",
            _search_of(
                f'{{{LIVE_ANALYTICS},DatabaseName,Operation}} MetricName="ActiveMagneticStorePartitions"',
                databases,
                "Maximum",
                period,
            ),
            lines=[("alarm", limits.active_partitions), ("quota", ACTIVE_PARTITIONS_QUOTA)],
        ),
    ]
    yield [
        graph("Records", by_operation("NumberOfRecords", "Sum")),
        graph("Bytes written and queried", by_operation("CumulativeBytesMetered", "Sum")),
    ]
    yield [
        graph("Memory store (bytes)", by_operation("MemoryCumulativeBytesMetered", "Average")),
        graph("Magnetic store (bytes)", by_operation("MagneticCumulativeBytesMetered", "Average")),
        # AWS does not say in which of the two namespaces this metric is (unverified): both are searched.
        graph(
            "Compute units of queries (TCU)",
            *(
                _search(
                    f"{{{namespace},Class,Resource,Service,Type}} "
                    'MetricName="ResourceCount" Resource="QueryTCU"',
                    "Maximum",
                    period,
                )
                for namespace in ("AWS/Usage", LIVE_ANALYTICS)
            ),
        ),
    ]


def _influxdb(region: str, period: int, limits: Limits) -> Iterator[list[Widget]]:
    shown = (
        ("CPU", "CPUUtilization", limits.cpu),
        ("memory", "MemoryUtilization", limits.memory),
        ("disk", "DiskUtilization", limits.disk),
    )
    # By namespace alone, since the dimension of clusters is unverified.
    yield [
        _graph(
            f"InfluxDB {name} (%)",
            region,
            period,
            [_search(f'Namespace="{INFLUXDB}" MetricName="{metric}"', "Maximum", period)],
            [("alarm", limit)],
        )
        for name, metric, limit in shown
    ]


def _search(terms: str, statistic: str, period: int) -> str:
    """Write a search, which finds metrics when somebody looks. Alarms cannot use it.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
    """
    return f"SEARCH('{terms}', '{statistic}', {period})"


def _search_of(terms: str, databases: Sequence[str], statistic: str, period: int) -> str:
    """Search our databases; too many for one expression: all of the region."""
    names = " OR ".join(f'"{name}"' for name in databases)
    ours = f"{terms} DatabaseName=({names})"
    return _search(ours if len(ours) < _LONGEST_SEARCH - 100 else terms, statistic, period)


def _graph(
    title: str, region: str, period: int, searches: Sequence[str], lines: Sequence[tuple[str, float]]
) -> Widget:
    properties: dict[str, Any] = {
        "title": title,
        "region": region,
        "view": "timeSeries",
        "period": period,
        "metrics": [[{"expression": search, "id": f"e{n}"}] for n, search in enumerate(searches, start=1)],
        "yAxis": {"left": {"min": 0}},
    }
    if lines:
        properties["annotations"] = {
            "horizontal": [{"label": label, "value": value} for label, value in lines]
        }
    return {"type": "metric", "properties": properties}


def _alarms(arns: Sequence[str]) -> Widget:
    title = "Alarms" if len(arns) <= _ALARMS_PER_WIDGET else f"The first {_ALARMS_PER_WIDGET} alarms"
    return {"type": "alarm", "properties": {"title": title, "alarms": list(arns[:_ALARMS_PER_WIDGET])}}


def _text(title: str) -> Widget:
    return {
        "type": "text",
        "properties": {
            "markdown": (
                f"# {title}\nErrors, records and bytes are those of the whole account in this region: "
                "Timestream publishes them by operation only."
            )
        },
    }
