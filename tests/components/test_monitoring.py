"""Monitoring, alone and in the baseline: what it makes, refuses and says."""

import json
from typing import Any

import pulumi
import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import Deployment, deploy
from tests.filter_patterns import matches
from timestream_baseline.baseline import TimestreamBaseline
from timestream_baseline.inputs.mistakes import ArgumentsError
from timestream_baseline.monitoring import Monitoring

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
OTHER_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/x-trail"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:x"
LOG_GROUP = "x-trail-1a2b3c4"
ENDPOINT = "vpce-0123456789abcdef0"
SMALL: Any = {"databases": {"metrics": ["cpu", "disk"]}, "trail_arn": TRAIL, "log_group_name": LOG_GROUP}
EVERYTHING: Any = {
    **SMALL,
    "late_tables": ["metrics/cpu"],
    "influxdb_instances": ["plant"],
    "influxdb_clusters": {"replicas": "v2", "third": "v3"},
    "key_arns": {"databases/metrics": KEY},
    "role_names": ["x-writers-ingest"],
    "endpoint_ids": [ENDPOINT],
    "emails": ["ops@example.org"],
}


def monitoring(args: Any, *, unknown: bool = False) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        made = Monitoring("x", args)
        urls = {} if made.dashboard_url is None else {"dashboardUrl": made.dashboard_url}
        return {"topicArn": made.topic_arn, **urls}

    return deploy(program, unknown=unknown)


def mistakes(args: Any) -> list[str]:
    with pytest.raises(ArgumentsError) as caught:
        monitoring(args)
    return [str(mistake) for mistake in caught.value.mistakes]


def warnings(made: Deployment) -> list[str]:
    return [message for level, message in made.log if level == "warning"]


def resources(made: Deployment) -> list[str]:
    return sorted(f"{r.type.rsplit(':', 1)[1]} {r.name}" for r in made.registrations)


def without(*names: str) -> Any:
    return {name: value for name, value in EVERYTHING.items() if name not in names}


def test_these_are_all_the_resources() -> None:
    made = monitoring({**EVERYTHING, "cis_filters": "none"})
    assert resources(made) == [
        "Alias x-topic",
        "Dashboard x",
        "EncryptionKey x-topic",
        "EventRule x-changes/endpoints",
        "EventRule x-changes/influxdb",
        "EventRule x-changes/keys",
        "EventRule x-changes/tables",
        "EventRule x-changes/trail",
        "EventTarget x-changes/endpoints",
        "EventTarget x-changes/influxdb",
        "EventTarget x-changes/keys",
        "EventTarget x-changes/tables",
        "EventTarget x-changes/trail",
        "Key x-topic",
        "LogMetricFilter x-PolicyChanges",
        "LogMetricFilter x-RoleChanges",
        "MetricAlarm x-ActivePartitions/metrics",
        "MetricAlarm x-InfluxCpu/clusters",
        "MetricAlarm x-InfluxCpu/plant",
        "MetricAlarm x-InfluxDisk/clusters",
        "MetricAlarm x-InfluxDisk/plant",
        "MetricAlarm x-InfluxMemory/clusters",
        "MetricAlarm x-InfluxMemory/plant",
        "MetricAlarm x-Latency/Query",
        "MetricAlarm x-RejectedRecords/metrics/cpu",
        "MetricAlarm x-RejectedUploadFailures/AWS",
        "MetricAlarm x-RejectedUploadFailures/metrics/cpu",
        "MetricAlarm x-RoleChanges/roles",
        "MetricAlarm x-SystemErrors/Query",
        "MetricAlarm x-SystemErrors/WriteRecords",
        "MetricAlarm x-Undelivered/events",
        "MetricAlarm x-UserErrors/Query",
        "MetricAlarm x-UserErrors/WriteRecords",
        "MetricAlarm x-WriteLatency/metrics/1",
        "Monitoring x",
        "Notifications x",
        "Queue x-undelivered",
        "QueuePolicy x-undelivered",
        "Topic x",
        "TopicPolicy x",
        "TopicSubscription x/ops@example.org",
    ]


def test_everything_is_made_in_the_region_and_tagged() -> None:
    made = monitoring({**EVERYTHING, "region": "us-east-1", "tags": {"team": "metering"}, "trail_arn": None})
    for resource in made.registrations:
        if resource.type.startswith("aws:"):
            assert resource.inputs["region"] == "us-east-1", resource.name
        if resource.type.endswith((":MetricAlarm", ":EventRule", ":Queue", ":Topic", ":Key")):
            assert resource.inputs["tags"] == {"team": "metering"}, resource.name


class TestAlarms:
    def test_every_alarm_tells_the_topic_and_is_silent_without_data(self) -> None:
        made = monitoring(EVERYTHING)
        for alarm in made.of("MetricAlarm"):
            assert alarm.inputs["alarmActions"] == [made.outputs["topicArn"]], alarm.name
            assert alarm.inputs["treatMissingData"] == "notBreaching", alarm.name
            assert alarm.inputs["evaluationPeriods"] == 1
            assert alarm.inputs["comparisonOperator"] == "GreaterThanOrEqualToThreshold"

    def test_what_happened_once_is_not_called_over(self) -> None:
        made = monitoring(EVERYTHING)
        once = ("x-cis/", "x-RoleChanges/")
        for alarm in made.of("MetricAlarm"):
            assert ("okActions" in alarm.inputs) is not alarm.name.startswith(once), alarm.name

    def test_an_alarm_on_one_metric_has_its_dimensions_and_statistic(self) -> None:
        inputs = monitoring(SMALL).named("MetricAlarm", "x-SystemErrors/Query").inputs
        assert {key: inputs[key] for key in ("name", "namespace", "metricName", "dimensions")} == {
            "name": "x-SystemErrors-Query",
            "namespace": "AWS/Timestream",
            "metricName": "SystemErrors",
            "dimensions": {"Operation": "Query"},
        }
        assert (inputs["statistic"], inputs["period"], inputs["threshold"]) == ("Sum", 300, 1)
        assert inputs["alarmDescription"] == "Query: Timestream itself fails: 1 or more within 300 seconds."

    def test_a_percentile_is_an_extended_statistic(self) -> None:
        inputs = monitoring(SMALL).named("MetricAlarm", "x-Latency/Query").inputs
        assert inputs["extendedStatistic"] == "p99"
        assert "statistic" not in inputs

    def test_writes_to_several_tables_are_judged_by_the_slowest(self) -> None:
        inputs = monitoring(SMALL).named("MetricAlarm", "x-WriteLatency/metrics/1").inputs
        highest, *each = inputs["metricQueries"]
        assert (highest["expression"], highest["returnData"]) == ("MAX(METRICS())", True)
        assert [(it["id"], it["metric"]["dimensions"]["TableName"], it["returnData"]) for it in each] == [
            ("m1", "cpu", False),
            ("m2", "disk", False),
        ]
        assert {it["metric"]["stat"] for it in each} == {"p99"}
        assert {it["metric"]["period"] for it in each} == {300}

    def test_a_query_looks_back_three_hours_at_most(self) -> None:
        made = monitoring({**EVERYTHING, "period_seconds": 86400})
        (query,) = made.named("MetricAlarm", "x-RejectedRecords/metrics/cpu").inputs["metricQueries"]
        assert query["period"] == 10800
        assert made.named("MetricAlarm", "x-UserErrors/Query").inputs["period"] == 86400

    def test_every_threshold_reaches_its_alarm(self) -> None:
        thresholds = {
            "system_errors": 2,
            "user_errors": 3,
            "rejected_records": 4,
            "rejected_upload_failures": 5,
            "write_latency_p99_ms": 6,
            "query_latency_p99_ms": 7,
            "active_partitions": 8,
            "influx_cpu": 9,
            "influx_memory": 10,
            "influx_disk": 11,
        }
        made = monitoring({**EVERYTHING, "thresholds": thresholds, "cis_filters": "none"})
        found = {
            alarm.name.split("/")[0].removeprefix("x-"): alarm.inputs["threshold"]
            for alarm in made.of("MetricAlarm")
        }
        assert found == {
            "SystemErrors": 2,
            "UserErrors": 3,
            "RejectedRecords": 4,
            "RejectedUploadFailures": 5,
            "WriteLatency": 6,
            "Latency": 7,
            "ActivePartitions": 8,
            "InfluxCpu": 9,
            "InfluxMemory": 10,
            "InfluxDisk": 11,
            "Undelivered": 1,
            "RoleChanges": 1,
        }

    def test_without_databases_nothing_of_live_analytics_is_watched(self) -> None:
        made = monitoring({"influxdb_instances": ["plant"], "trail_arn": TRAIL, "cis_filters": "none"})
        assert [alarm.name for alarm in made.of("MetricAlarm")] == [
            "x-InfluxCpu/plant",
            "x-InfluxDisk/plant",
            "x-InfluxMemory/plant",
            "x-Undelivered/events",
        ]


class TestChanges:
    def pattern(self, made: Deployment, rule: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(made.named("EventRule", rule).inputs["eventPattern"])
        return found

    def test_only_what_is_ours_is_announced(self) -> None:
        made = monitoring(EVERYTHING)
        assert self.pattern(made, "x-changes/keys")["detail"]["resources"] == {"ARN": [KEY]}
        trail = self.pattern(made, "x-changes/trail")["detail"]["requestParameters"]
        assert trail["name"] == [TRAIL, "x-trail", {"exists": False}]
        tables = self.pattern(made, "x-changes/tables")["detail"]["requestParameters"]
        assert tables["databaseName"] == ["metrics", {"exists": False}]
        endpoints = self.pattern(made, "x-changes/endpoints")["detail"]["requestParameters"]
        assert endpoints["ModifyVpcEndpointRequest"]["VpcEndpointId"] == [ENDPOINT, {"exists": False}]

    def test_what_does_not_exist_has_no_rule(self) -> None:
        made = monitoring({**SMALL, "trail_arn": None})
        assert [rule.name for rule in made.of("EventRule")] == ["x-changes/tables"]

    def test_computed_names_reach_the_patterns(self) -> None:
        computed = {
            **EVERYTHING,
            "key_arns": {"a": pulumi.Output.from_input(KEY), "b": OTHER_KEY},
            "trail_arn": pulumi.Output.from_input(TRAIL),
            "endpoint_ids": [pulumi.Output.from_input(ENDPOINT)],
            "role_names": [pulumi.Output.from_input("x-writers-ingest")],
        }
        made = monitoring(computed)
        assert self.pattern(made, "x-changes/keys")["detail"]["resources"] == {"ARN": [KEY, OTHER_KEY]}
        trail = self.pattern(made, "x-changes/trail")["detail"]["requestParameters"]
        assert trail["trailName"] == [TRAIL, "x-trail", {"exists": False}]
        assert "x-writers-ingest" in made.named("LogMetricFilter", "x-RoleChanges").inputs["pattern"]

    def test_a_preview_that_knows_nothing_plans_the_same_resources(self) -> None:
        made = monitoring(EVERYTHING)
        assert resources(monitoring(EVERYTHING, unknown=True)) == resources(made)

    def test_a_key_of_several_databases_is_named_once(self) -> None:
        shared = pulumi.Output.from_input(KEY)
        made = monitoring({**SMALL, "key_arns": {"a": shared, "b": shared, "c": KEY}})
        assert self.pattern(made, "x-changes/keys")["detail"]["resources"] == {"ARN": [KEY]}

    def test_a_hundred_keys_take_several_rules_that_all_may_use_the_queue(self) -> None:
        keys = {str(number): f"{KEY[:-2]}{number:02}" for number in range(100)}
        made = monitoring({**SMALL, "key_arns": keys})
        rules = [rule for rule in made.of("EventRule") if rule.name.startswith("x-changes/keys")]
        named = [json.loads(rule.inputs["eventPattern"])["detail"]["resources"]["ARN"] for rule in rules]
        assert sorted(key for some in named for key in some) == sorted(keys.values())
        assert all(len(rule.inputs["eventPattern"]) <= 2048 for rule in rules)
        assert [rule.inputs["name"] for rule in rules][:2] == ["x-keys", "x-keys-2"]
        allowed = made.named("QueuePolicy", "x-undelivered").statements()["RulesKeepWhatTheyCouldNotDeliver"]
        assert set(allowed["Condition"]["ArnEquals"]["aws:SourceArn"]) == {
            f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule.inputs['name']}" for rule in made.of("EventRule")
        }

    def test_what_cannot_be_delivered_is_kept_for_two_weeks_and_not_under_the_key_of_the_topic(self) -> None:
        made = monitoring(EVERYTHING)
        queue = made.named("Queue", "x-undelivered").inputs
        assert (queue["sqsManagedSseEnabled"], queue["messageRetentionSeconds"]) == (True, 1209600)
        assert "kmsMasterKeyId" not in queue
        for target in made.of("EventTarget"):
            assert target.inputs["arn"] == made.outputs["topicArn"]
            assert target.inputs["deadLetterConfig"]["arn"].endswith("x-undelivered")
            assert "roleArn" not in target.inputs

    def test_they_can_be_turned_off_together_with_the_watch_on_roles(self) -> None:
        made = monitoring({**EVERYTHING, "change_events": False, "cis_filters": "none"})
        assert [made.of(kind) for kind in ("EventRule", "EventTarget", "Queue", "LogMetricFilter")] == [
            []
        ] * 4


class TestFilters:
    @pytest.mark.parametrize(
        ("text", "count", "namespace"), [("cis", 15, "CISBenchmark"), ("security-hub", 14, "LogMetrics")]
    )
    def test_every_filter_has_an_alarm_on_its_metric(self, text: str, count: int, namespace: str) -> None:
        made = monitoring({**SMALL, "cis_filters": text})
        filters = made.of("LogMetricFilter")
        assert len(filters) == count
        for it in filters:
            counted = it.inputs["metricTransformation"]
            alarm = made.named("MetricAlarm", f"x-cis/{counted['name']}").inputs
            assert (counted["namespace"], counted["value"]) == (namespace, "1")
            assert it.inputs["logGroupName"] == LOG_GROUP
            assert (alarm["namespace"], alarm["metricName"]) == (namespace, counted["name"])
            assert (alarm["statistic"], alarm["period"], alarm["threshold"]) == ("Sum", 300, 1)
            assert "dimensions" not in alarm

    def test_the_text_of_cis_is_the_default(self) -> None:
        assert len(monitoring(SMALL).of("LogMetricFilter")) == 15

    def test_many_roles_share_filters_but_have_one_alarm(self) -> None:
        roles = [f"x-writers-{number}" for number in range(14)]
        made = monitoring({**SMALL, "role_names": roles, "cis_filters": "none"})
        filters = made.of("LogMetricFilter")
        assert [it.inputs["name"] for it in filters] == [
            "x-PolicyChanges",
            "x-RoleChanges",
            "x-RoleChanges-2",
            "x-RoleChanges-3",
        ]
        for role in roles:
            event = {
                "eventSource": "iam.amazonaws.com",
                "eventName": "PutRolePolicy",
                "requestParameters": {"roleName": role},
            }
            assert sum(matches(it.inputs["pattern"], event) for it in filters) == 1
        metrics = {it.inputs["metricTransformation"]["name"] for it in filters}
        alarm = made.named("MetricAlarm", "x-RoleChanges/roles").inputs
        assert metrics == {alarm["metricName"]}
        assert alarm["namespace"] == "TimestreamBaseline"


class TestDashboard:
    def test_its_address_is_an_output(self) -> None:
        made = monitoring(SMALL)
        assert made.outputs["dashboardUrl"] == (
            f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}#dashboards/dashboard/x"
        )
        registered = made.registered_outputs["timestream-baseline:index:Monitoring::x"]
        assert registered == made.outputs

    def test_it_lists_every_alarm(self) -> None:
        made = monitoring(EVERYTHING)
        body = json.loads(made.named("Dashboard", "x").inputs["dashboardBody"])
        assert set(body["widgets"][1]["properties"]["alarms"]) == {
            f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{alarm.inputs['name']}"
            for alarm in made.of("MetricAlarm")
        }

    def test_it_can_be_left_out(self) -> None:
        made = monitoring({**SMALL, "dashboard": False})
        assert made.of("Dashboard") == []
        assert "dashboardUrl" not in made.outputs


def test_fifty_databases_with_twenty_tables_stay_within_what_aws_allows() -> None:
    tables = [f"table-{number}" for number in range(20)]
    databases = {f"{'database' * 7}-{number:02}": tables for number in range(50)}
    made = monitoring(
        {
            **EVERYTHING,
            "databases": databases,
            "late_tables": [f"{database}/{table}" for database in databases for table in tables],
            "key_arns": {str(number): f"{KEY[:-3]}{number:03}" for number in range(200)},
            "role_names": [f"{'x' * 60}-{number:03}" for number in range(100)],
        }
    )
    on_queries = [
        alarm
        for alarm in made.of("MetricAlarm")
        if any("SELECT" in it.get("expression", "") for it in alarm.inputs.get("metricQueries", []))
    ]
    assert (len(on_queries), len(made.of("MetricAlarm"))) == (154, 154 + 100 + 5 + 3 + 15 + 2)
    assert all(len(alarm.inputs["alarmDescription"]) <= 1024 for alarm in made.of("MetricAlarm"))
    assert all(len(rule.inputs["eventPattern"]) <= 2048 for rule in made.of("EventRule"))
    assert all(len(it.inputs["pattern"]) <= 1024 for it in made.of("LogMetricFilter"))
    assert len(made.of("LogMetricFilter")) <= 100
    assert len(made.named("QueuePolicy", "x-undelivered").inputs["policy"]) <= 8192
    assert len(made.named("Dashboard", "x").inputs["dashboardBody"]) <= 1_048_576


class TestTopic:
    def test_it_is_encrypted_with_a_key_that_every_publisher_may_use(self) -> None:
        made = monitoring(EVERYTHING)
        users = {
            service
            for statement in made.named("Key", "x-topic").statements().values()
            if isinstance(statement["Principal"].get("Service"), (str, list))
            for service in (
                [statement["Principal"]["Service"]]
                if isinstance(statement["Principal"]["Service"], str)
                else statement["Principal"]["Service"]
            )
        }
        publishers = {
            statement["Principal"]["Service"]
            for statement in made.named("TopicPolicy", "x").statements().values()
            if "Service" in statement["Principal"]
        }
        assert (
            users
            == publishers
            == {f"{name}.amazonaws.com" for name in ("backup", "cloudtrail", "cloudwatch", "events")}
        )

    def test_eventbridge_has_no_condition_since_it_sends_nothing_to_compare(self) -> None:
        made = monitoring(EVERYTHING)
        topic = made.named("TopicPolicy", "x").statements()
        key = made.named("Key", "x-topic").statements()
        assert "Condition" not in topic["RulesPublishWithoutConditionsThatEventBridgeLacks"]
        assert "Condition" not in key["EventsTrailsAndBackupsPublish"]
        assert key["CloudWatchAlarmsPublish"]["Condition"] == topic["AlarmsOfThisAccountPublish"]["Condition"]

    def test_an_existing_one_is_used_and_its_owner_is_told_what_it_must_allow(self) -> None:
        made = monitoring({**SMALL, "topic_arn": TOPIC})
        assert made.of("Topic") + made.of("Key") == []
        assert made.outputs["topicArn"] == TOPIC
        assert warnings(made) == [
            f"the existing topic {TOPIC} is not changed: its policy must let cloudwatch.amazonaws.com, "
            "events.amazonaws.com, cloudtrail.amazonaws.com, backup.amazonaws.com publish, and the policy of "
            "its key, if it has one, must let them use kms:Decrypt and kms:GenerateDataKey*"
        ]


class TestMistakes:
    @pytest.mark.parametrize(
        ("args", "expected"),
        [
            pytest.param(
                {},
                [
                    "databases: is missing; name at least one database, or influxdb_instances or "
                    "influxdb_clusters"
                ],
                id="nothing to watch",
            ),
            pytest.param(
                {**SMALL, "late_tables": ["metrics/cpus"]},
                [
                    'late_tables[0]: names "metrics/cpus", which is no table of this baseline; '
                    'did you mean "metrics/cpu"?'
                ],
                id="a late table that is not watched",
            ),
            pytest.param(
                {**without("log_group_name"), "cis_filters": "cis"},
                [
                    "cis_filters: needs a log group to which a trail sends management events; "
                    "give log_group_name",
                    "role_names: are watched in a log group; give log_group_name",
                ],
                id="filters and roles without a log group",
            ),
            pytest.param(
                {**SMALL, "topic_arn": TOPIC.replace(REGION, "us-east-1")},
                [
                    f"topic_arn: is a topic of us-east-1, but alarms in {REGION} can only tell one of that "
                    "region; name such a topic, or leave it out"
                ],
                id="a topic of another region",
            ),
            pytest.param(
                {**SMALL, "role_names": [f"role-{number}" for number in range(511)]},
                [
                    "role_names: names 511 roles, and the 100 metric filters that AWS allows on a log group "
                    "take 504; name fewer"
                ],
                id="more roles than a log group has filters for",
            ),
            pytest.param(
                {**SMALL, "influxdb_clusters": {"third": "v1"}, "thresholds": {"influx_cpu": 0}},
                [
                    'influxdb_clusters.third: is the text "v1"; give "v2" or "v3"',
                    "thresholds.influx_cpu: is the number 0; give a number of at least 1",
                ],
                id="an engine and a threshold that do not exist",
            ),
        ],
    )
    def test_all_at_once_with_their_paths(self, args: Any, expected: list[str]) -> None:
        assert mistakes(args) == expected


class TestWarnings:
    def test_a_complete_one_says_nothing(self) -> None:
        assert warnings(monitoring(EVERYTHING)) == []

    def test_what_cannot_apply_is_dropped_with_one_warning(self) -> None:
        assert warnings(monitoring({"databases": {"metrics": ["cpu"]}, "trail_arn": TRAIL})) == [
            "left out: the filters of CIS, since no log group is known to which a trail sends management "
            "events"
        ]

    def test_without_a_trail_nobody_is_told_of_changes(self) -> None:
        made = monitoring({"databases": {"metrics": ["cpu"]}, "cis_filters": "none"})
        assert warnings(made)[-1] == (
            "no trail is known that records management events: unless the account has one, nobody is told of "
            "destructive calls"
        )

    def test_a_log_group_is_proof_of_a_trail(self) -> None:
        assert warnings(monitoring({**SMALL, "trail_arn": None})) == []

    def test_a_trail_of_another_region_is_not_watched_here(self) -> None:
        made = monitoring({**SMALL, "trail_arn": TRAIL.replace(REGION, "us-east-1")})
        assert "x-changes/trail" not in [rule.name for rule in made.of("EventRule")]
        assert warnings(made) == [
            f"the trail is one of us-east-1, where EventBridge in {REGION} does not see who stops it; "
            "watch it there"
        ]

    def test_weakened_defaults_are_announced(self) -> None:
        weak = {
            "change_events": False,
            "cis_filters": "none",
            "period_seconds": 3600,
            "thresholds": {"rejected_records": 100, "user_errors": 5},
        }
        assert warnings(monitoring({**SMALL, **weak})) == [
            "change_events is false (default true): nobody is told of destructive calls",
            'cis_filters is "none" (default "cis"): nobody counts what CIS wants counted (TS-CW-008)',
            "period_seconds is 3600 (default 300): alarms go off later",
            "thresholds.rejected_records is 100 (default 1): its alarms go off later",
        ]


class TestInTheBaseline:
    def baseline(self, **more: Any) -> Deployment:
        args: Any = {
            "databases": {"metrics": {"tables": {"cpu": {}}}},
            "network": {"ingest_cell": "cell2", "query_cell": "cell3"},
            **more,
        }
        return deploy(lambda: TimestreamBaseline("x", args).outputs())

    def test_the_smallest_one_has_28_alarms_as_the_page_says(self) -> None:
        assert len(self.baseline().of("MetricAlarm")) == 28

    def test_every_key_that_it_makes_is_watched(self) -> None:
        made = self.baseline(encryption={"client_side_key": True})
        watched = {
            arn
            for rule in made.of("EventRule")
            for arn in json.loads(rule.inputs["eventPattern"])["detail"].get("resources", {}).get("ARN", [])
        }
        assert watched == set(made.outputs["keyArns"].values())
        assert len(watched) >= 7

    def test_every_role_that_it_makes_is_watched(self) -> None:
        trust = {"services": ["lambda.amazonaws.com"]}
        made = self.baseline(access={"writers": {"ingest": {"trust": trust}}})
        (watch,) = (it for it in made.of("LogMetricFilter") if it.name.startswith("x-RoleChanges"))
        for role in made.of("Role"):
            event = {
                "eventSource": "iam.amazonaws.com",
                "eventName": "UpdateAssumeRolePolicy",
                "requestParameters": {"roleName": role.inputs["name"]},
            }
            assert matches(watch.inputs["pattern"], event), role.name

    def test_its_own_trail_and_log_group_are_enough_to_say_nothing(self) -> None:
        said = warnings(self.baseline())
        assert [it for it in said if "network.vpc_id" not in it] == []

    def test_without_any_trail_it_says_what_is_missing(self) -> None:
        said = warnings(self.baseline(audit={"trail": "none"}))
        assert [it for it in said if it.startswith(("no trail", "left out"))] == [
            "no trail is known that records management events: unless the account has one, nobody is told of "
            "destructive calls",
            "left out: the filters of CIS and the watch on roles, since no log group is known to which a "
            "trail sends management events",
        ]

    def test_a_topic_of_another_region_is_refused_before_anything_is_made(self) -> None:
        with pytest.raises(ArgumentsError) as caught:
            self.baseline(monitoring={"topic_arn": TOPIC.replace(REGION, "us-east-1")})
        assert [mistake.path for mistake in caught.value.mistakes] == ["monitoring.topic_arn"]

    @pytest.mark.parametrize(
        "audit",
        [
            pytest.param({"trail": "none"}, id="no trail"),
            pytest.param({"management_events": False}, id="a trail without management events"),
            pytest.param({"log_group": False}, id="a trail without a log group"),
        ],
    )
    def test_filters_that_were_asked_for_and_cannot_apply_are_refused(self, audit: Any) -> None:
        with pytest.raises(ArgumentsError) as caught:
            self.baseline(audit=audit, monitoring={"cis_filters": "security-hub"})
        assert [str(mistake) for mistake in caught.value.mistakes] == [
            "monitoring.cis_filters: needs a log group to which a trail sends management events; give "
            "audit.existing_log_group_name"
        ]

    def test_the_log_group_of_another_trail_will_do(self) -> None:
        audit = {"trail": "none", "existing_log_group_name": "organisation-trail"}
        made = self.baseline(audit=audit, monitoring={"cis_filters": "security-hub"})
        assert {it.inputs["logGroupName"] for it in made.of("LogMetricFilter")} == {"organisation-trail"}
