"""Timestream in the sandbox behaves as AWS does where moto does not."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_sandbox.sandbox import Sandbox

NOW = int(time.time() * 1000)
HOUR = 3_600_000


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    parts = error.value.response["Error"]
    return parts["Code"], parts["Message"]


def record(value: str = "1.5", *, at: int = NOW, **others: Any) -> dict[str, Any]:
    host = {"Name": "host", "Value": "a"}
    return {"Dimensions": [host], "MeasureName": "load", "MeasureValue": value, "Time": str(at), **others}


@pytest.fixture
def write(empty_sandbox: Sandbox) -> Any:
    client = empty_sandbox.client("timestream-write")
    client.create_database(DatabaseName="metrics")
    client.create_table(DatabaseName="metrics", TableName="cpu")
    return client


@pytest.fixture
def query(empty_sandbox: Sandbox) -> Any:
    return empty_sandbox.client("timestream-query")


@pytest.mark.parametrize(
    ("service", "host"),
    [
        ("timestream-write", "ingest-cell2.timestream.us-east-1.amazonaws.com"),
        ("timestream-query", "query-cell3.timestream.us-east-1.amazonaws.com"),
    ],
)
def test_each_api_is_at_a_cell_of_its_own(empty_sandbox: Sandbox, service: str, host: str) -> None:
    answer = empty_sandbox.client(service, region="us-east-1").describe_endpoints()

    assert answer["Endpoints"] == [{"Address": host, "CachePeriodInMinutes": 1440}]


def test_a_client_finds_the_cell_and_uses_it(empty_sandbox: Sandbox, write: Any) -> None:
    hosts = {call.action: call.host for call in empty_sandbox.calls("timestream-write")}

    assert hosts == {
        "DescribeEndpoints": "ingest.timestream.eu-west-1.amazonaws.com",
        "CreateDatabase": "ingest-cell2.timestream.eu-west-1.amazonaws.com",
        "CreateTable": "ingest-cell2.timestream.eu-west-1.amazonaws.com",
    }


def test_databases_without_a_key_share_the_one_that_aws_manages(empty_sandbox: Sandbox, write: Any) -> None:
    other = write.create_database(DatabaseName="other")["Database"]["KmsKeyId"]
    described = empty_sandbox.client("kms").describe_key(KeyId=other)["KeyMetadata"]

    assert other == write.describe_database(DatabaseName="metrics")["Database"]["KmsKeyId"]
    assert (described["Arn"], described["KeyManager"]) == (other, "AWS")


@pytest.mark.parametrize("host", ["ingest", "ingest-cell1", "query-cell3"])
def test_an_operation_at_another_host_than_the_cell_is_unknown(empty_sandbox: Sandbox, host: str) -> None:
    url = f"https://{host}.timestream.eu-west-1.amazonaws.com"

    with pytest.raises(ClientError) as error:
        empty_sandbox.client("timestream-write", endpoint_url=url).list_databases()

    assert error.value.response["Error"]["Code"] == "UnknownOperationException"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_database_that_has_tables_cannot_be_deleted(write: Any) -> None:
    with pytest.raises(ClientError) as error:
        write.delete_database(DatabaseName="metrics")

    assert refused(error) == (
        "ValidationException",
        "The database metrics cannot be deleted: it has tables (cpu). Delete them first.",
    )
    write.delete_table(DatabaseName="metrics", TableName="cpu")
    write.delete_database(DatabaseName="metrics")
    assert write.list_databases()["Databases"] == []


def test_what_exists_is_not_made_again(write: Any) -> None:
    with pytest.raises(ClientError) as database:
        write.create_database(DatabaseName="metrics")
    with pytest.raises(ClientError) as table:
        write.create_table(DatabaseName="metrics", TableName="cpu")

    assert refused(database) == ("ConflictException", "The database metrics already exists.")
    assert refused(table) == ("ConflictException", "The table cpu already exists.")


@pytest.mark.parametrize(
    ("operation", "names", "message"),
    [
        ("delete_database", {"DatabaseName": "gone"}, "The database gone does not exist."),
        ("update_database", {"DatabaseName": "gone", "KmsKeyId": "k"}, "The database gone does not exist."),
        ("delete_table", {"DatabaseName": "metrics", "TableName": "gone"}, "The table gone does not exist."),
        ("update_table", {"DatabaseName": "metrics", "TableName": "gone"}, "The table gone does not exist."),
    ],
)
def test_what_does_not_exist_is_not_found(
    write: Any, operation: str, names: dict[str, str], message: str
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(write, operation)(**names)

    assert refused(error) == ("ResourceNotFoundException", message)


def test_an_update_keeps_the_retention_that_it_does_not_mention(write: Any) -> None:
    retention = {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 365}
    write.update_table(DatabaseName="metrics", TableName="cpu", RetentionProperties=retention)

    magnetic = {"EnableMagneticStoreWrites": True}
    write.update_table(DatabaseName="metrics", TableName="cpu", MagneticStoreWriteProperties=magnetic)

    table = write.describe_table(DatabaseName="metrics", TableName="cpu")["Table"]
    assert table["RetentionProperties"] == retention
    assert table["MagneticStoreWriteProperties"] == magnetic


@pytest.mark.parametrize("name", ["id", "arn", "alias", "alias arn"])
def test_the_key_of_a_database_is_told_by_its_arn_however_it_was_named(
    empty_sandbox: Sandbox, write: Any, name: str
) -> None:
    kms = empty_sandbox.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/metrics", TargetKeyId=key["KeyId"])
    names = {
        "id": key["KeyId"],
        "arn": key["Arn"],
        "alias": "alias/metrics",
        "alias arn": "arn:aws:kms:eu-west-1:000000000000:alias/metrics",
    }

    created = write.create_database(DatabaseName="other", KmsKeyId=names[name])["Database"]
    updated = write.update_database(DatabaseName="metrics", KmsKeyId=names[name])["Database"]

    assert (created["KmsKeyId"], updated["KmsKeyId"]) == (key["Arn"], key["Arn"])


HOURLY: dict[str, Any] = {
    "Name": "hourly",
    "QueryString": 'SELECT * FROM "metrics"."cpu"',
    "ScheduleConfiguration": {"ScheduleExpression": "rate(1 hour)"},
    "NotificationConfiguration": {"SnsConfiguration": {"TopicArn": "arn:aws:sns:eu-west-1:000000000000:t"}},
    "ScheduledQueryExecutionRoleArn": "arn:aws:iam::000000000000:role/queries",
    "ErrorReportConfiguration": {"S3Configuration": {"BucketName": "reports"}},
    "Tags": [{"Key": "team", "Value": "data"}],
}


def test_a_scheduled_query_over_a_table_that_never_held_data_is_refused(query: Any, write: Any) -> None:
    with pytest.raises(ClientError) as error:
        query.create_scheduled_query(**HOURLY)

    assert refused(error) == ("ValidationException", "line 1:8: Column 'time' does not exist")
    assert query.list_scheduled_queries()["ScheduledQueries"] == []


def test_scheduled_queries_are_listed_and_their_tags_are_theirs(query: Any, write: Any) -> None:
    write.write_records(
        DatabaseName="metrics",
        TableName="cpu",
        Records=[{"MeasureName": "load", "MeasureValue": "1", "Time": str(NOW)}],
    )
    arn = query.create_scheduled_query(**HOURLY)["Arn"]

    listed = query.list_scheduled_queries()["ScheduledQueries"]

    assert [(found["Name"], found["State"]) for found in listed] == [("hourly", "ENABLED")]
    assert query.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "team", "Value": "data"}]


class TestRecords:
    def test_are_counted_and_take_the_common_attributes(self, write: Any, query: Any) -> None:
        answer = write.write_records(
            DatabaseName="metrics",
            TableName="cpu",
            CommonAttributes={"Dimensions": [{"Name": "zone", "Value": "z"}], "Time": str(NOW)},
            Records=[
                {"MeasureName": "load", "MeasureValue": "1"},
                {"MeasureName": "idle", "MeasureValue": "2"},
            ],
        )

        assert answer["RecordsIngested"] == {"Total": 2, "MemoryStore": 2, "MagneticStore": 0}
        rows = query.query(QueryString='SELECT zone, measure_name FROM "metrics"."cpu"')["Rows"]
        assert [[cell["ScalarValue"] for cell in row["Data"]] for row in rows] == [
            ["z", "load"],
            ["z", "idle"],
        ]

    def test_older_than_the_memory_store_are_rejected_and_the_others_are_kept(
        self, write: Any, query: Any
    ) -> None:
        with pytest.raises(write.exceptions.RejectedRecordsException) as error:
            write.write_records(
                DatabaseName="metrics", TableName="cpu", Records=[record(), record(at=NOW - 7 * HOUR)]
            )

        (rejected,) = error.value.response["RejectedRecords"]
        assert rejected["RecordIndex"] == 1
        assert rejected["Reason"].startswith("The record timestamp is outside the time range [")
        assert len(query.query(QueryString='SELECT * FROM "metrics"."cpu"')["Rows"]) == 1

    def test_older_than_the_memory_store_go_to_the_magnetic_store_where_that_is_on(self, write: Any) -> None:
        write.update_table(
            DatabaseName="metrics",
            TableName="cpu",
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )

        answer = write.write_records(
            DatabaseName="metrics", TableName="cpu", Records=[record(at=NOW - 7 * HOUR)]
        )

        assert answer["RecordsIngested"] == {"Total": 1, "MemoryStore": 0, "MagneticStore": 1}

    def test_with_another_value_need_a_higher_version(self, write: Any, query: Any) -> None:
        write.write_records(DatabaseName="metrics", TableName="cpu", Records=[record("1"), record("1")])

        with pytest.raises(write.exceptions.RejectedRecordsException) as error:
            write.write_records(DatabaseName="metrics", TableName="cpu", Records=[record("2")])
        write.write_records(DatabaseName="metrics", TableName="cpu", Records=[record("2", Version=2)])

        assert error.value.response["RejectedRecords"][0]["ExistingVersion"] == 1
        (row,) = query.query(QueryString='SELECT measure_value::double FROM "metrics"."cpu"')["Rows"]
        assert row["Data"] == [{"ScalarValue": "2.0"}]

    def test_of_another_type_than_the_measure_has_are_rejected(self, write: Any) -> None:
        write.write_records(DatabaseName="metrics", TableName="cpu", Records=[record("1")])
        values = [{"Name": "measure_value::double", "Type": "BIGINT", "Value": "1"}]
        other = record(MeasureValueType="MULTI", MeasureValues=values, MeasureName="other")

        with pytest.raises(write.exceptions.RejectedRecordsException) as error:
            write.write_records(DatabaseName="metrics", TableName="cpu", Records=[other])

        assert error.value.response["RejectedRecords"][0]["Reason"] == (
            "Measure measure_value::double has the type DOUBLE; a value of type BIGINT is rejected."
        )

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (record("warm"), "The measure value 'warm' is no DOUBLE."),
            (record(MeasureValueType="MULTI"), "A record of type MULTI has MeasureValues."),
            ({"MeasureName": "load", "MeasureValue": "1"}, "A record has no Time."),
        ],
    )
    def test_that_are_wrong_are_refused(self, write: Any, wrong: dict[str, Any], message: str) -> None:
        with pytest.raises(ClientError) as error:
            write.write_records(DatabaseName="metrics", TableName="cpu", Records=[wrong])

        assert refused(error) == ("ValidationException", message)


class TestQuery:
    def test_answers_typed_columns_in_the_order_of_aws(self, write: Any, query: Any) -> None:
        at = 1_700_000_000_123
        write.update_table(
            DatabaseName="metrics",
            TableName="cpu",
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )
        values = [
            {"Name": "count", "Type": "BIGINT", "Value": "3"},
            {"Name": "healthy", "Type": "BOOLEAN", "Value": "true"},
            {"Name": "state", "Type": "VARCHAR", "Value": "idle"},
            {"Name": "since", "Type": "TIMESTAMP", "Value": str(at)},
        ]
        multi = {"MeasureName": "status", "MeasureValueType": "MULTI", "MeasureValues": values}
        write.write_records(
            DatabaseName="metrics",
            TableName="cpu",
            CommonAttributes={"Dimensions": [{"Name": "host", "Value": "a"}], "Time": str(at)},
            Records=[{"MeasureName": "load", "MeasureValue": "1.5"}, multi],
        )

        answer = query.query(QueryString='SELECT * FROM "metrics"."cpu"')

        moment, null = "2023-11-14 22:13:20.123000000", None
        assert [(column["Name"], column["Type"]["ScalarType"]) for column in answer["ColumnInfo"]] == [
            ("host", "VARCHAR"),
            ("measure_name", "VARCHAR"),
            ("time", "TIMESTAMP"),
            ("measure_value::double", "DOUBLE"),
            ("count", "BIGINT"),
            ("healthy", "BOOLEAN"),
            ("state", "VARCHAR"),
            ("since", "TIMESTAMP"),
        ]
        assert [[cell.get("ScalarValue") for cell in row["Data"]] for row in answer["Rows"]] == [
            ["a", "load", moment, "1.5", null, null, null, null],
            ["a", "status", moment, null, "3", "true", "idle", moment],
        ]
        assert answer["Rows"][0]["Data"][4] == {"NullValue": True}

    def test_filters_sorts_and_limits(self, write: Any, query: Any) -> None:
        for number in range(4):
            write.write_records(
                DatabaseName="metrics",
                TableName="cpu",
                Records=[
                    record(str(number), at=NOW - number * 1000),
                    record(str(10 + number), at=NOW - number * 1000, MeasureName="idle"),
                ],
            )

        text = (
            'SELECT measure_value::double FROM "metrics"."cpu" '
            "WHERE measure_name = 'load' ORDER BY time ASC LIMIT 2"
        )
        rows = query.query(QueryString=text)["Rows"]

        assert [row["Data"][0]["ScalarValue"] for row in rows] == ["3.0", "2.0"]

    @pytest.mark.parametrize("moment", ["2023-11-14 22:13:20", "2023-11-14 22:13:20.0"])
    def test_finds_a_moment(self, write: Any, query: Any, moment: str) -> None:
        write.update_table(
            DatabaseName="metrics",
            TableName="cpu",
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )
        records = [record(at=1_700_000_000_000), record(at=1_700_000_000_001)]
        write.write_records(DatabaseName="metrics", TableName="cpu", Records=records)

        text = f"SELECT time FROM metrics.cpu WHERE time = '{moment}'"  # noqa: S608
        rows = query.query(QueryString=text)["Rows"]

        assert [row["Data"][0]["ScalarValue"] for row in rows] == ["2023-11-14 22:13:20.000000000"]

    def test_pages_are_followed(self, write: Any, query: Any) -> None:
        records = [record(at=NOW - number * 1000) for number in range(5)]
        write.write_records(DatabaseName="metrics", TableName="cpu", Records=records)

        pages = list(
            query.get_paginator("query").paginate(
                QueryString='SELECT * FROM "metrics"."cpu"', PaginationConfig={"PageSize": 2}
            )
        )

        assert [len(page["Rows"]) for page in pages] == [2, 2, 1]

    def test_that_is_not_understood_is_refused_with_what_is(self, query: Any) -> None:
        with pytest.raises(ClientError) as error:
            query.query(QueryString='SELECT count(*) FROM "metrics"."cpu"')

        assert refused(error) == (
            "ValidationException",
            "The sandbox does not understand this query: nothing is understood from "
            '\'(*) FROM "metrics"."cpu"\' on. It understands SELECT * | column, … FROM "database"."table" '
            "[WHERE column = literal [AND …]] [ORDER BY time [ASC | DESC]] [LIMIT number]",
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('SELECT * FROM "gone"."cpu"', "The database gone does not exist."),
            ('SELECT * FROM "metrics"."gone"', "The table gone does not exist."),
            ('SELECT host FROM "metrics"."cpu"', "Column 'host' does not exist"),
            (
                'SELECT * FROM "metrics"."cpu" WHERE measure_name = 1',
                "Column 'measure_name' is varchar: 1.0 cannot equal it",
            ),
        ],
    )
    def test_of_what_is_not_there_is_refused(self, write: Any, query: Any, text: str, message: str) -> None:
        with pytest.raises(ClientError) as error:
            query.query(QueryString=text)

        assert refused(error) == ("ValidationException", message)
