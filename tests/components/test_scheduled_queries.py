"""Scheduled queries: what is made, what is refused, and what their roles and keys allow."""

import json
from typing import Any

import pulumi
import pytest
from pulumi_aws import timestreamwrite

from tests.components.arns import ACCOUNT, REGION, key_arn
from tests.components.recorder import UNKNOWN, Deployment, deploy
from tests.iam import Request, allowed
from timestream_baseline import TimestreamBaseline
from timestream_baseline.documents import buckets
from timestream_baseline.documents import scheduled_queries as documents
from timestream_baseline.documents.parts import document
from timestream_baseline.inputs import ArgumentsError, Place
from timestream_baseline.inputs.encryption import Encryption
from timestream_baseline.inputs.records import MapOf, Record
from timestream_baseline.inputs.scheduled_queries import QUERY_NAME, ScheduledQuery, check_tables
from timestream_baseline.location import Location
from timestream_baseline.rejected_records import RejectedRecords
from timestream_baseline.scheduled_queries import ScheduledQueries

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:x"
TABLE = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database"
HOURLY: Any = {
    "query": 'SELECT bin(time, 1h) AS hour, host, avg(load) AS load FROM "metrics"."cpu" GROUP BY 1, 2',
    "schedule": "rate(1 hour)",
    "sources": ["metrics/cpu"],
    "target": {
        "table": "reports/hourly",
        "time_column": "hour",
        "dimensions": {"host": "VARCHAR"},
        "measures": {"load": {"type": "DOUBLE", "name": "average_load"}},
    },
}
LOCATION = Location(
    partition="aws",
    region=REGION,
    account=ACCOUNT,
    caller_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/session",
)
KEYS: Any = MapOf(Record(ScheduledQuery), QUERY_NAME)


def table(path: str, options: pulumi.ResourceOptions) -> timestreamwrite.Table:
    database, _, name = path.partition("/")
    return timestreamwrite.Table(f"x-{path}", database_name=database, table_name=name, opts=options)


class Owner(pulumi.ComponentResource):
    """Stands for the baseline that owns the queries."""

    def __init__(self, queries: Any, topic_key_arn: str | None) -> None:
        super().__init__("timestream-baseline:index:TimestreamBaseline", "x", {})
        settings = read(queries)[0]
        mine = {query: key_arn(f"x-scheduledQueries/{query}") for query in settings}
        options = pulumi.ResourceOptions(parent=self)
        rejected = RejectedRecords(
            "x",
            owner="x",
            encryption=Encryption(),
            location=LOCATION,
            tags={},
            protect_data=True,
            report_key_arns=list(mine.values()),
            opts=options,
        )
        self.queries = ScheduledQueries(
            "x",
            owner="x",
            queries=settings,
            keys=mine,
            database_keys={"metrics": key_arn("metrics"), "reports": key_arn("reports")},
            tables={path: table(path, options) for path in ("metrics/cpu", "metrics/disk", "reports/hourly")},
            topic_arn=pulumi.Output.from_input(TOPIC),
            topic_key_arn=topic_key_arn,
            rejected_records=rejected,
            location=LOCATION,
            tags={"team": "metrics"},
            opts=options,
        )


def read(queries: Any, *, camel: bool = False) -> tuple[dict[str, ScheduledQuery], list[str]]:
    place = Place([], ("scheduled_queries",), camel=camel)
    settings = KEYS.read(queries, place)
    return settings, [str(mistake) for mistake in place.mistakes]


def made(queries: Any, *, topic_key_arn: str | None = key_arn("topic"), unknown: bool = False) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        it = Owner(queries, topic_key_arn).queries
        return {
            "roleArns": pulumi.Output.from_input(it.role_arns),
            "queryArns": pulumi.Output.from_input(it.query_arns),
        }

    return deploy(program, unknown=unknown)


def changed(**changes: Any) -> Any:
    return {"hourly": {**HOURLY, **changes}}


def target(**changes: Any) -> Any:
    return changed(target={**HOURLY["target"], **changes})


def test_a_query_makes_itself_and_a_role() -> None:
    deployment = made(changed())
    mine = [it for it in deployment.registrations if "ScheduledQueries" in it.parent]
    assert sorted((it.type.rpartition(":")[2], it.name) for it in mine) == [
        ("Role", "x-scheduledQueries/hourly"),
        ("RolePolicy", "x-scheduledQueries/hourly"),
        ("RolePolicy", "x-scheduledQueries/hourly/reports"),
        ("ScheduledQuery", "x-hourly"),
    ]
    assert deployment.outputs == {
        "roleArns": {"hourly": f"arn:aws:iam::{ACCOUNT}:role/x-scheduledQueries-hourly"},
        "queryArns": {"hourly": f"arn:aws:timestream:{REGION}:{ACCOUNT}:scheduled-query/x-hourly-1a2b3c4d"},
    }
    assert [it.name for it in mine if it.protect or it.retain_on_delete] == []


def test_the_query_says_what_runs_when_under_which_key_and_where_it_reports() -> None:
    query = made(changed()).named("ScheduledQuery", "x-hourly").inputs
    assert query == {
        "name": "x-hourly",
        "queryString": HOURLY["query"],
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/x-scheduledQueries-hourly",
        "kmsKeyId": key_arn("x-scheduledQueries/hourly"),
        "scheduleConfiguration": {"scheduleExpression": "rate(1 hour)"},
        "notificationConfiguration": {"snsConfiguration": {"topicArn": TOPIC}},
        "errorReportConfiguration": {
            "s3Configuration": {
                "bucketName": "x-rejected-records-1a2b3c4",
                "encryptionOption": "SSE_KMS",
                "objectKeyPrefix": "scheduled-queries/hourly/",
            }
        },
        "targetConfiguration": {
            "timestreamConfiguration": {
                "databaseName": "reports",
                "tableName": "hourly",
                "timeColumn": "hour",
                "dimensionMappings": [{"name": "host", "dimensionValueType": "VARCHAR"}],
                "multiMeasureMappings": {
                    "targetMultiMeasureName": "hourly",
                    "multiMeasureAttributeMappings": [
                        {
                            "sourceColumn": "load",
                            "measureValueType": "DOUBLE",
                            "targetMultiMeasureAttributeName": "average_load",
                        }
                    ],
                },
            }
        },
        "tags": {"team": "metrics"},
        "region": REGION,
    }


def test_measures_keep_the_names_of_their_columns_and_records_may_have_one_of_their_own() -> None:
    query = made(target(measures={"load": {"type": "DOUBLE"}}, measure_name="load"))
    written = query.named("ScheduledQuery", "x-hourly").inputs["targetConfiguration"]
    assert written["timestreamConfiguration"]["multiMeasureMappings"] == {
        "targetMultiMeasureName": "load",
        "multiMeasureAttributeMappings": [
            {
                "sourceColumn": "load",
                "measureValueType": "DOUBLE",
                "targetMultiMeasureAttributeName": "load",
            }
        ],
    }


def test_a_query_waits_for_its_tables_its_permissions_and_the_guards_of_the_bucket() -> None:
    deployment = made(changed())
    waits = deployment.named("ScheduledQuery", "x-hourly").dependencies
    needed = [it for it in deployment.of("RolePolicy") if it.name.startswith("x-scheduledQueries/")]
    needed += [deployment.named("BucketPolicy", "x-rejectedRecords")]
    needed += [deployment.named("Table", path) for path in ("x-metrics/cpu", "x-reports/hourly")]
    assert {it.urn for it in needed} <= set(waits)


def test_a_query_that_is_not_enabled_has_its_role_already() -> None:
    deployment = made(changed(enabled=False))
    assert deployment.of("ScheduledQuery") == []
    assert deployment.outputs["roleArns"] == {
        "hourly": f"arn:aws:iam::{ACCOUNT}:role/x-scheduledQueries-hourly"
    }
    assert deployment.outputs["queryArns"] == {}


def test_the_query_may_be_computed() -> None:
    text = pulumi.Output.from_input(HOURLY["query"])
    assert (
        made(changed(query=text)).named("ScheduledQuery", "x-hourly").inputs["queryString"] == HOURLY["query"]
    )


def test_before_anything_exists_the_gate_can_read_which_tables_are_read_and_written() -> None:
    deployment = made(changed(), unknown=True)
    statements = deployment.named("RolePolicy", "x-scheduledQueries/hourly").statements()
    assert statements["ReadTheSources"]["Resource"] == [f"{TABLE}/metrics/table/cpu"]
    assert statements["WriteTheTarget"]["Resource"] == [f"{TABLE}/reports/table/hourly"]
    assert deployment.named("RolePolicy", "x-scheduledQueries/hourly/reports").inputs["policy"] == UNKNOWN


def test_the_role_gets_the_keys_of_all_its_tables_and_that_of_the_topic_if_it_is_ours() -> None:
    statements = (
        made(changed(sources=["metrics/cpu", "metrics/disk"]))
        .named("RolePolicy", "x-scheduledQueries/hourly/reports")
        .statements()
    )
    assert statements["DecryptSourcesAndTargetThroughTimestream"]["Resource"] == sorted(
        [key_arn("metrics"), key_arn("reports")]
    )
    assert statements["EncryptAnnouncementsThroughSns"]["Resource"] == [key_arn("topic")]
    foreign = made(changed(), topic_key_arn=None).named("RolePolicy", "x-scheduledQueries/hourly/reports")
    assert "EncryptAnnouncementsThroughSns" not in foreign.statements()


def test_the_bucket_takes_objects_under_its_own_key_and_those_of_the_queries() -> None:
    policy = made({**changed(), "daily": HOURLY}).named("BucketPolicy", "x-rejectedRecords").statements()
    assert policy["NobodyPutsWithAnotherKey"]["Condition"] == {
        "StringNotEquals": {
            "s3:x-amz-server-side-encryption-aws-kms-key-id": sorted(
                [
                    key_arn("x-rejectedRecords"),
                    key_arn("x-scheduledQueries/hourly"),
                    key_arn("x-scheduledQueries/daily"),
                ]
            )
        }
    }


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        pytest.param(changed(), [], id="complete"),
        pytest.param(
            {"hourly": {}},
            [
                "scheduled_queries.hourly.query: is missing; write what is run",
                "scheduled_queries.hourly.schedule: is missing; say when it runs",
                "scheduled_queries.hourly.sources: is missing; name the tables that it reads",
                "scheduled_queries.hourly.target: is missing; say where it writes",
            ],
            id="nothing given",
        ),
        pytest.param(
            changed(target={}),
            [
                "scheduled_queries.hourly.target.table: is missing; name the table to write to",
                "scheduled_queries.hourly.target.time_column: is missing; name the column that holds the "
                "time",
                "scheduled_queries.hourly.target.dimensions: is missing; name at least one column that "
                "becomes a dimension",
                "scheduled_queries.hourly.target.measures: is missing; name at least one column that becomes "
                "a measure",
            ],
            id="an empty target",
        ),
        pytest.param(
            changed(schedule="every hour", sources=["cpu"], enabled="no"),
            [
                'scheduled_queries.hourly.schedule: is the text "every hour"; give a schedule such as '
                "rate(1 hour) or cron(0 3 * * ? *)",
                'scheduled_queries.hourly.sources[0]: is the text "cpu"; give a table as "database/table"',
                'scheduled_queries.hourly.enabled: is the text "no"; give true or false',
            ],
            id="wrong values",
        ),
        pytest.param(
            changed(schedule="rate(0 hours)"),
            [
                'scheduled_queries.hourly.schedule: is the text "rate(0 hours)"; give a schedule such as '
                "rate(1 hour) or cron(0 3 * * ? *)",
            ],
            id="a rate of nothing",
        ),
        pytest.param(
            target(dimensions={"host": "BIGINT"}, measures={"load": {"type": "FLOAT"}}),
            [
                'scheduled_queries.hourly.target.dimensions.host: is the text "BIGINT"; give "VARCHAR"',
                'scheduled_queries.hourly.target.measures.load.type: is the text "FLOAT"; give "BIGINT" or '
                '"BOOLEAN" or "DOUBLE" or "VARCHAR" or "TIMESTAMP"',
            ],
            id="types that Timestream lacks",
        ),
        pytest.param(
            target(measures={"load": {}}),
            [
                "scheduled_queries.hourly.target.measures.load.type: is missing; give BIGINT or BOOLEAN or "
                "DOUBLE or VARCHAR or TIMESTAMP"
            ],
            id="a measure without type",
        ),
        pytest.param(
            target(
                dimensions={"host": "VARCHAR", "hour": "VARCHAR"},
                measures={"host": {"type": "VARCHAR"}, "hour": {"type": "TIMESTAMP"}},
            ),
            [
                "scheduled_queries.hourly.target.dimensions.hour: is the time column; leave it out here",
                "scheduled_queries.hourly.target.measures.host: is a dimension already; leave it out here",
                "scheduled_queries.hourly.target.measures.hour: is a dimension already; leave it out here",
            ],
            id="columns with two meanings",
        ),
        pytest.param(
            target(measures={"a": {"type": "DOUBLE", "name": "b"}, "b": {"type": "DOUBLE"}}),
            [
                'scheduled_queries.hourly.target.measures.b: is written as "b", as column "a" is; '
                "give it another name"
            ],
            id="two measures of one name",
        ),
        pytest.param(
            target(
                dimensions={"host": "VARCHAR", "ts_zone": "VARCHAR"},
                measures={"load": {"type": "DOUBLE", "name": "time"}},
            ),
            [
                'scheduled_queries.hourly.target.dimensions.ts_zone: is written as "ts_zone", which '
                "Timestream keeps for itself; choose another name",
                'scheduled_queries.hourly.target.measures.load: is written as "time", which Timestream keeps '
                "for itself; choose another name",
            ],
            id="names of the service",
        ),
        pytest.param(
            {"every hour*": HOURLY},
            [
                'scheduled_queries["every hour*"]: is named "every hour*"; give a name of 2 to 64 letters, '
                "digits and the characters _ . -"
            ],
            id="a name that IAM would read as a pattern",
        ),
    ],
)
def test_mistakes_say_where_and_the_way_out(queries: Any, expected: list[str]) -> None:
    assert read(queries)[1] == expected


def test_queries_read_and_write_tables_of_the_baseline_only() -> None:
    place = Place([], ("scheduledQueries",), camel=True)
    settings, _ = read({**changed(sources=["metrics/cpu", "metrics/cpus", "broken/any"])})
    check_tables(settings, ["metrics/cpu"], {"broken"}, place)
    assert [str(mistake) for mistake in place.mistakes] == [
        'scheduledQueries.hourly.sources[1]: names "metrics/cpus", which is no table of this baseline; '
        'did you mean "metrics/cpu"?',
        'scheduledQueries.hourly.target.table: names "reports/hourly", which is no table of this baseline; '
        "known are metrics/cpu",
    ]


ROLE = f"arn:aws:iam::{ACCOUNT}:role/x-scheduledQueries-hourly"
SERVICE = "timestream.amazonaws.com"
BUCKET = "arn:aws:s3:::x-rejected-records-1a2b3c4"
REPORT = f"{BUCKET}/scheduled-queries/hourly/2026-11-22/report.json"
OWN_KEY = key_arn("x-scheduledQueries/hourly")
CALLED: Any = {"kms:CallerAccount": ACCOUNT}
PLACE: Any = {"partition": "aws", "region": REGION, "account": ACCOUNT}


def through(service: str) -> dict[str, Any]:
    return {**CALLED, "kms:ViaService": f"{service}.{REGION}.amazonaws.com"}


def assume(query: str, account: str = ACCOUNT, service: str = SERVICE) -> Request:
    trust = documents.scheduled_query_trust_policy(**PLACE, query="x-hourly")
    source = f"arn:aws:timestream:{REGION}:{account}:scheduled-query/{query}"
    return Request(
        principal=service,
        action="sts:AssumeRole",
        resource=ROLE,
        resource_policy=json.dumps(trust),
        context={"aws:SourceAccount": account, "aws:SourceArn": source},
    )


def by_the_role(action: str, resource: str, context: dict[str, Any] | None = None) -> Request:
    statements = [
        *documents.scheduled_query_data_statements(
            source_arns=[f"{TABLE}/metrics/table/cpu"], target_arn=f"{TABLE}/reports/table/hourly"
        ),
        *documents.scheduled_query_report_statements(
            topic_arn=TOPIC,
            topic_key_arn=key_arn("topic"),
            bucket_arn=BUCKET,
            report_prefix="scheduled-queries/hourly/",
            query_key_arn=OWN_KEY,
            database_key_arns=[key_arn("metrics"), key_arn("reports")],
            account=ACCOUNT,
            region=REGION,
            dns_suffix="amazonaws.com",
        ),
    ]
    resource_policy = None
    if resource == OWN_KEY:
        key = documents.scheduled_query_key_policy(**PLACE, dns_suffix="amazonaws.com", administrators=[])
        resource_policy = json.dumps(key)
    if resource.startswith(BUCKET):
        bucket = buckets.rejected_records_bucket_policy(bucket_arn=BUCKET, key_arns=[OWN_KEY])
        resource_policy = json.dumps(bucket)
        context = {"aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT, **(context or {})}
    return Request(
        principal=ROLE,
        action=action,
        resource=resource,
        policies=(json.dumps(document(*statements)),),
        resource_policy=resource_policy,
        context=context or {},
        account=ACCOUNT,
    )


ENCRYPTION = "s3:x-amz-server-side-encryption"
UNDER_OWN_KEY = {ENCRYPTION: "aws:kms", f"{ENCRYPTION}-aws-kms-key-id": OWN_KEY}
DECISIONS: dict[str, tuple[bool, Request]] = {
    "Timestream runs this query": (True, assume("x-hourly-1a2b3c4d")),
    "Timestream runs another query": (False, assume("x-daily-1a2b3c4d")),
    "Timestream runs a query of another account": (False, assume("x-hourly-1a2b3c4d", "111122223333")),
    "another service": (False, assume("x-hourly-1a2b3c4d", service="lambda.amazonaws.com")),
    "reads its source": (True, by_the_role("timestream:Select", f"{TABLE}/metrics/table/cpu")),
    "reads another table": (False, by_the_role("timestream:Select", f"{TABLE}/metrics/table/disk")),
    "reads its target": (False, by_the_role("timestream:Select", f"{TABLE}/reports/table/hourly")),
    "computes without a table": (True, by_the_role("timestream:SelectValues", "*")),
    "writes its target": (True, by_the_role("timestream:WriteRecords", f"{TABLE}/reports/table/hourly")),
    "writes its source": (False, by_the_role("timestream:WriteRecords", f"{TABLE}/metrics/table/cpu")),
    "deletes its target": (False, by_the_role("timestream:DeleteTable", f"{TABLE}/reports/table/hourly")),
    "announces a run": (True, by_the_role("sns:Publish", TOPIC)),
    "announces elsewhere": (False, by_the_role("sns:Publish", f"{TOPIC}-2")),
    "reports an error under its own key": (True, by_the_role("s3:PutObject", REPORT, UNDER_OWN_KEY)),
    "reports an error under no key": (False, by_the_role("s3:PutObject", REPORT)),
    "reports an error under a key of S3": (
        False,
        by_the_role("s3:PutObject", REPORT, {ENCRYPTION: "aws:kms"}),
    ),
    "reports an error under another key": (
        False,
        by_the_role("s3:PutObject", REPORT, {**UNDER_OWN_KEY, f"{ENCRYPTION}-aws-kms-key-id": key_arn("y")}),
    ),
    "reports an error without TLS": (
        False,
        by_the_role("s3:PutObject", REPORT, {**UNDER_OWN_KEY, "aws:SecureTransport": "false"}),
    ),
    "reports an error to a bucket that another account has now": (
        False,
        by_the_role("s3:PutObject", REPORT, {**UNDER_OWN_KEY, "aws:ResourceAccount": "111122223333"}),
    ),
    "writes among the rejected records": (
        False,
        by_the_role("s3:PutObject", f"{BUCKET}/rejected-records/metrics/cpu/1", UNDER_OWN_KEY),
    ),
    "reads its reports": (False, by_the_role("s3:GetObject", REPORT)),
    "finds the bucket": (True, by_the_role("s3:GetBucketAcl", BUCKET)),
    "encrypts a report": (True, by_the_role("kms:GenerateDataKey", OWN_KEY, through("s3"))),
    "reads the query through Timestream": (True, by_the_role("kms:Decrypt", OWN_KEY, through("timestream"))),
    "reads the query by itself": (True, by_the_role("kms:Decrypt", OWN_KEY, CALLED)),
    "uses its key through another service": (False, by_the_role("kms:Decrypt", OWN_KEY, through("lambda"))),
    "gives its key away": (False, by_the_role("kms:CreateGrant", OWN_KEY, through("timestream"))),
}


def test_the_role_runs_its_query_and_does_nothing_else() -> None:
    decisions = allowed([request for _, request in DECISIONS.values()])
    assert dict(zip(DECISIONS, decisions, strict=True)) == {
        name: expected for name, (expected, _) in DECISIONS.items()
    }


def test_a_name_with_a_wildcard_never_comes_into_a_trust() -> None:
    with pytest.raises(ValueError, match=r"the name of a scheduled query may hold no wildcard: a\*"):
        documents.scheduled_query_trust_policy(**PLACE, query="a*")


def in_the_baseline(**sections: Any) -> Deployment:
    quiet = {"audit": {"trail": "none"}, "network": {"ingest_cell": "cell2", "query_cell": "cell3"}}
    args: Any = {
        "databases": {
            "metrics": {"tables": {"cpu": {"magnetic_writes": False}}},
            "reports": {"tables": {"hourly": {"magnetic_writes": False}}},
        },
        "scheduled_queries": changed(),
        **quiet,
        **sections,
    }
    return deploy(lambda: TimestreamBaseline("x", args).outputs())


def test_a_query_has_a_bucket_to_report_into_even_if_no_table_rejects_records() -> None:
    deployment = in_the_baseline()
    query = deployment.named("ScheduledQuery", "x-hourly").inputs
    report = query["errorReportConfiguration"]["s3Configuration"]
    assert report["bucketName"] == deployment.outputs["rejectedRecordsBucket"]
    assert query["kmsKeyId"] == deployment.outputs["keyArns"]["scheduledQueries/hourly"]
    assert query["executionRoleArn"] == deployment.outputs["roleArns"]["scheduledQueries/hourly"]
    assert (
        query["notificationConfiguration"]["snsConfiguration"]["topicArn"] == deployment.outputs["topicArn"]
    )
    late = [it.inputs["magneticStoreWriteProperties"] for it in deployment.of("Table")]
    assert late == [{"enableMagneticStoreWrites": False}] * 2


def test_without_queries_and_late_records_there_is_no_such_bucket() -> None:
    assert "rejectedRecordsBucket" not in in_the_baseline(scheduled_queries={}).outputs


def test_the_key_of_a_query_is_protected_since_it_encrypts_reports() -> None:
    key = in_the_baseline().named("Key", "x-scheduledQueries/hourly")
    assert (key.protect, key.retain_on_delete) == (True, True)


def test_the_baseline_refuses_unknown_tables_and_names_that_meet() -> None:
    queries = {"hourly": {**HOURLY, "sources": ["metrics/gpu"]}, "Hourly": HOURLY}
    with pytest.raises(ArgumentsError) as caught:
        in_the_baseline(scheduled_queries=queries)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        'scheduled_queries.hourly.sources[0]: names "metrics/gpu", which is no table of this baseline; '
        'did you mean "metrics/cpu"?',
        "scheduled_queries.Hourly: becomes x-scheduledQueries-Hourly in AWS, as scheduled_queries.hourly "
        "does; rename one of them",
    ]
