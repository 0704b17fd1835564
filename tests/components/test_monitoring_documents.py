"""Alarms that can fire, the dashboard, and the policy of the queue: pure functions of plain values."""

import json
from pathlib import Path
from typing import Any

import pytest

from timestream_baseline.documents.alarms import (
    Alarm,
    influxdb_alarms,
    operation_alarms,
    queue_alarm,
    write_latency_alarms,
)
from timestream_baseline.documents.dashboards import Limits, dashboard_body, dashboard_url
from timestream_baseline.documents.events import ALL_CALLS, Calls
from timestream_baseline.documents.late_records import QUERY_ALARMS, late_record_alarms
from timestream_baseline.documents.limits import DASHBOARD, DASHBOARD_WIDGETS, fits
from timestream_baseline.documents.queues import dead_letter_queue_policy

LIMITS = Limits(
    write_latency_ms=1000, query_latency_ms=10000, active_partitions=200, cpu=80, memory=90, disk=75
)


def late(**databases: int) -> list[Alarm]:
    """Write the alarms of databases with so many tables that accept late records."""
    tables = {name: tuple(f"t{n}" for n in range(count)) for name, count in databases.items()}
    return late_record_alarms(tables, rejected_records=1, rejected_upload_failures=2, active_partitions=200)


class TestOperations:
    ALARMS = tuple(operation_alarms(system_errors=1, user_errors=10, query_latency_p99_ms=10000))

    def test_every_metric_has_exactly_the_dimensions_it_is_published_by(self) -> None:
        assert [
            (alarm.kind, metric.namespace, metric.name, metric.statistic, metric.dimensions, alarm.threshold)
            for alarm in self.ALARMS
            for metric in alarm.metrics
        ] == [
            ("SystemErrors", "AWS/Timestream", "SystemErrors", "Sum", {"Operation": "WriteRecords"}, 1),
            ("SystemErrors", "AWS/Timestream", "SystemErrors", "Sum", {"Operation": "Query"}, 1),
            ("UserErrors", "AWS/Timestream", "UserErrors", "Sum", {"Operation": "WriteRecords"}, 10),
            ("UserErrors", "AWS/Timestream", "UserErrors", "Sum", {"Operation": "Query"}, 10),
            ("Latency", "AWS/Timestream", "SuccessfulRequestLatency", "p99", {"Operation": "Query"}, 10000),
        ]


class TestWrites:
    def test_a_write_is_measured_by_its_table(self) -> None:
        (alarm,) = write_latency_alarms({"metrics": ["cpu"]}, threshold=1000)
        assert [(it.name, it.statistic, it.dimensions) for it in alarm.metrics] == [
            (
                "SuccessfulRequestLatency",
                "p99",
                {"DatabaseName": "metrics", "TableName": "cpu", "Operation": "WriteRecords"},
            )
        ]

    def test_ten_tables_share_an_alarm(self) -> None:
        tables = {"metrics": [f"t{n}" for n in range(21)], "fleet": ["trips"], "empty": []}
        alarms = list(write_latency_alarms(tables, threshold=1000))
        assert [(alarm.of, len(alarm.metrics)) for alarm in alarms] == [
            ("metrics/1", 10),
            ("metrics/2", 10),
            ("metrics/3", 1),
            ("fleet/1", 1),
        ]


class TestLateRecords:
    def test_every_table_has_two_alarms_and_every_database_one(self) -> None:
        assert [(it.kind, it.of, it.threshold, it.query) for it in late(metrics=1)] == [
            (
                "RejectedRecords",
                "metrics/t0",
                1,
                "SELECT SUM(MagneticStoreRejectedRecordCount) "
                'FROM SCHEMA("AWS/Timestream", DatabaseName, TableName, Operation) '
                "WHERE DatabaseName = 'metrics' AND TableName = 't0'",
            ),
            (
                "RejectedUploadFailures",
                "metrics/t0",
                2,
                "SELECT SUM(MagneticStoreRejectedUploadUserFailures) "
                'FROM SCHEMA("AWS/Timestream", DatabaseName, TableName, Operation) '
                "WHERE DatabaseName = 'metrics' AND TableName = 't0'",
            ),
            (
                "RejectedUploadFailures",
                "AWS",
                2,
                "SELECT SUM(MagneticStoreRejectedUploadSystemFailures) "
                'FROM SCHEMA("AWS/Timestream", DatabaseName, TableName, Operation)',
            ),
            (
                "ActivePartitions",
                "metrics",
                200,
                "SELECT MAX(ActiveMagneticStorePartitions) "
                "FROM SCHEMA(\"AWS/Timestream\", DatabaseName, Operation) WHERE DatabaseName = 'metrics'",
            ),
        ]

    def test_nothing_is_watched_where_no_table_accepts_late_records(self) -> None:
        assert late(metrics=0) == []

    def test_a_large_baseline_has_one_alarm_for_each_database_in_which_every_table_counts(self) -> None:
        alarms = late(**{f"db{n}": 20 for n in range(50)})
        assert len(alarms) == 50 + 50 + 50 + 1
        assert alarms[0].query == (
            "SELECT SUM(MagneticStoreRejectedRecordCount) "
            'FROM SCHEMA("AWS/Timestream", DatabaseName, TableName, Operation) '
            "WHERE DatabaseName = 'db0' GROUP BY TableName ORDER BY SUM() DESC"
        )

    def test_a_very_large_one_has_one_alarm_for_all(self) -> None:
        alarms = late(**{f"db{n}": 1 for n in range(500)})
        assert [alarm.of for alarm in alarms] == ["all tables", "all tables", "AWS", "all databases"]
        assert alarms[0].query.endswith("GROUP BY DatabaseName, TableName ORDER BY SUM() DESC")
        assert alarms[-1].query.endswith("GROUP BY DatabaseName ORDER BY MAX() DESC")

    @pytest.mark.parametrize("databases", [1, 39, 40, 65, 66, 500])
    @pytest.mark.parametrize("tables", [1, 2, 20, 97, 98])
    def test_an_account_may_have_so_many_alarms_on_queries(self, databases: int, tables: int) -> None:
        assert len(late(**{f"db{n}": tables for n in range(databases)})) + 3 <= QUERY_ALARMS

    def test_nobody_is_left_out_when_there_are_too_many_for_an_alarm_each(self) -> None:
        few = late(metrics=97)
        many = late(metrics=98)
        assert {alarm.of for alarm in few if alarm.kind == "RejectedRecords"} == {
            f"metrics/t{n}" for n in range(97)
        }
        assert [alarm.of for alarm in many if alarm.kind == "RejectedRecords"] == ["metrics"]


class TestInfluxDb:
    def alarms(self, *instances: str, **clusters: str) -> list[Alarm]:
        return list(influxdb_alarms(instances, clusters, cpu=80, memory=90, disk=75))

    def test_an_instance_is_watched_by_its_name(self) -> None:
        assert [
            (it.kind, it.threshold, metric.namespace, metric.name, metric.dimensions)
            for it in self.alarms("plant")
            for metric in it.metrics
        ] == [
            ("InfluxCpu", 80, "AWS/Timestream/InfluxDB", "CPUUtilization", {"DbInstanceName": "plant"}),
            ("InfluxMemory", 90, "AWS/Timestream/InfluxDB", "MemoryUtilization", {"DbInstanceName": "plant"}),
            ("InfluxDisk", 75, "AWS/Timestream/InfluxDB", "DiskUtilization", {"DbInstanceName": "plant"}),
        ]

    def test_a_cluster_is_watched_with_all_of_its_region(self) -> None:
        assert [(it.kind, it.of, it.query) for it in self.alarms(replicas="v2")] == [
            ("InfluxCpu", "clusters", 'SELECT MAX(CPUUtilization) FROM "AWS/Timestream/InfluxDB"'),
            ("InfluxMemory", "clusters", 'SELECT MAX(MemoryUtilization) FROM "AWS/Timestream/InfluxDB"'),
            ("InfluxDisk", "clusters", 'SELECT MAX(DiskUtilization) FROM "AWS/Timestream/InfluxDB"'),
        ]

    def test_version_three_has_no_disk_of_its_own(self) -> None:
        assert [it.kind for it in self.alarms(third="v3")] == ["InfluxCpu", "InfluxMemory"]


def test_the_queue_of_lost_announcements_is_watched() -> None:
    (metric,) = queue_alarm("baseline-undelivered").metrics
    assert (metric.namespace, metric.name, metric.dimensions) == (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": "baseline-undelivered"},
    )


def test_only_our_rules_put_messages_into_the_queue() -> None:
    rule = "arn:aws:events:eu-west-1:000000000000:rule/baseline-keys"
    queue = "arn:aws:sqs:eu-west-1:000000000000:baseline-undelivered"
    allowed, denied = dead_letter_queue_policy(queue_arn=queue, rule_arns=[rule])["Statement"]
    assert allowed == {
        "Sid": "RulesKeepWhatTheyCouldNotDeliver",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["sqs:SendMessage"],
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": [rule]}},
    }
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


class TestDashboard:
    def body(self, databases: int = 1, *, influxdb: bool = True, alarms: int = 3) -> dict[str, Any]:
        return dashboard_body(
            title="baseline",
            region="eu-west-1",
            period=300,
            databases=[f"db{n}" + "x" * 60 for n in range(databases)],
            influxdb=influxdb,
            alarm_arns=[f"arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a{n}" for n in range(alarms)],
            limits=LIMITS,
        )

    def titles(self, body: dict[str, Any]) -> list[str]:
        return [it["properties"]["title"] for it in body["widgets"] if "title" in it["properties"]]

    def test_it_opens_on_what_an_operator_wants_to_see(self) -> None:
        assert self.titles(self.body()) == [
            "Alarms",
            "System errors",
            "User errors",
            "Write latency, p99 (ms)",
            "Query latency, p99 (ms)",
            "Rejected records",
            "Reports of rejected records that could not be stored",
            "Active partitions of the magnetic store",
            "Records",
            "Bytes written and queried",
            "Memory store (bytes)",
            "Magnetic store (bytes)",
            "Compute units of queries (TCU)",
            "InfluxDB CPU (%)",
            "InfluxDB memory (%)",
            "InfluxDB disk (%)",
        ]

    def test_it_shows_the_engines_in_use_only(self) -> None:
        assert not [title for title in self.titles(self.body(influxdb=False)) if "InfluxDB" in title]
        assert self.titles(self.body(0))[1:] == [
            "InfluxDB CPU (%)",
            "InfluxDB memory (%)",
            "InfluxDB disk (%)",
        ]

    def test_no_two_widgets_overlap_and_none_is_too_wide(self) -> None:
        taken: set[tuple[int, int]] = set()
        for widget in self.body()["widgets"]:
            cells = {
                (x, y)
                for x in range(widget["x"], widget["x"] + widget["width"])
                for y in range(widget["y"], widget["y"] + widget["height"])
            }
            assert not cells & taken
            assert max(x for x, _ in cells) < 24
            taken |= cells

    def test_it_does_not_grow_with_the_number_of_databases_and_alarms(self) -> None:
        body = self.body(500, alarms=2000)
        assert len(body["widgets"]) == len(self.body()["widgets"]) <= DASHBOARD_WIDGETS
        assert fits(DASHBOARD, body)
        assert len(body["widgets"][1]["properties"]["alarms"]) == 100
        assert self.titles(body)[0] == "The first 100 alarms"

    @pytest.mark.parametrize("databases", [1, 10, 500])
    def test_no_search_is_longer_than_cloudwatch_takes(self, databases: int) -> None:
        for widget in self.body(databases)["widgets"]:
            for (metric,) in widget["properties"].get("metrics", []):
                assert len(metric["expression"]) <= 1024

    def test_few_databases_are_searched_by_name_and_many_not_at_all(self) -> None:
        assert 'DatabaseName=(\\"db0' in json.dumps(self.body(3))
        assert "DatabaseName=(" not in json.dumps(self.body(500))

    @pytest.mark.parametrize(
        ("partition", "region", "host"),
        [
            ("aws", "eu-west-1", "eu-west-1.console.aws.amazon.com"),
            ("aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
            ("aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ],
    )
    def test_its_address_knows_partitions(self, partition: str, region: str, host: str) -> None:
        url = dashboard_url(partition=partition, region=region, name="baseline")
        assert url == f"https://{host}/cloudwatch/home?region={region}#dashboards/dashboard/baseline"


class TestPage:
    PAGE = (Path(__file__).resolve().parents[2] / "docs" / "monitoring.md").read_text(encoding="utf-8")

    def test_it_says_of_every_alarm_what_to_do_first(self) -> None:
        alarms = [
            *operation_alarms(system_errors=1, user_errors=1, query_latency_p99_ms=1),
            *write_latency_alarms({"metrics": ["cpu"]}, threshold=1),
            *late(metrics=1),
            *influxdb_alarms(["plant"], {}, cpu=1, memory=1, disk=1),
            queue_alarm("baseline-undelivered"),
        ]
        rows = [line for line in self.PAGE.splitlines() if line.startswith("| `")]
        for kind in {alarm.kind for alarm in alarms} | {"RoleChanges", "cis…"}:
            assert [row for row in rows if row.startswith(f"| `{kind}`")], kind

    @pytest.mark.parametrize("calls", ALL_CALLS, ids=lambda calls: calls.kind)
    def test_it_lists_every_call_and_whether_it_was_seen(self, calls: Calls) -> None:
        names = ", ".join(f"`{name}`" for name in calls.names)
        (row,) = [line for line in self.PAGE.splitlines() if f"| {names} |" in line]
        assert row.endswith("| yes |" if calls.verified else "| no (unverified) |")
