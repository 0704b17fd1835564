"""Timestream databases, tables and scheduled queries: the refusals and the details that moto leaves out."""

import re
from typing import Any

from moto.core.utils import unix_time
from moto.timestreamquery.models import TimestreamQueryBackend, timestreamquery_backends
from moto.timestreamwrite.models import (
    TimestreamDatabase,
    TimestreamTable,
    TimestreamWriteBackend,
    timestreamwrite_backends,
)

from aws_sandbox.account import ACCOUNT
from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend, replace
from aws_sandbox.corrections.kms import find_key

WRITE = "timestream-write"
QUERY = "timestream-query"

_REGION_MOTO_LACKS = "ap-south-1"
_SOURCE = re.compile(r'\bFROM\s+"([^"]+)"\s*\.\s*"([^"]+)"', re.IGNORECASE)
_AWS_KEY = "alias/aws/timestream"


def find_database(call: Operation, name: str) -> TimestreamDatabase:
    """Return moto's database, or refuse as AWS does."""
    backend: TimestreamWriteBackend = moto_backend(WRITE, call.region)
    if name not in backend.databases:
        raise AwsError("ResourceNotFoundException", f"The database {name} does not exist.")
    return backend.databases[name]


def find_table(call: Operation, database: str, name: str) -> TimestreamTable:
    """Return moto's table, or refuse as AWS does."""
    tables = find_database(call, database).tables
    if name not in tables:
        raise AwsError("ResourceNotFoundException", f"The table {name} does not exist.")
    return tables[name]


def _database_is_new(call: Operation) -> None:
    name = call.params["DatabaseName"]
    if name in moto_backend(WRITE, call.region).databases:
        raise AwsError("ConflictException", f"The database {name} already exists.")


def _table_is_new(call: Operation) -> None:
    name = call.params["TableName"]
    if name in find_database(call, call.params["DatabaseName"]).tables:
        raise AwsError("ConflictException", f"The table {name} already exists.")


def _database_exists(call: Operation) -> None:
    find_database(call, call.params["DatabaseName"])


def _table_exists(call: Operation) -> None:
    find_table(call, call.params["DatabaseName"], call.params["TableName"])


def _database_is_empty(call: Operation) -> None:
    # "All tables in the database must be deleted first, or a ValidationException error will be thrown."
    name = call.params["DatabaseName"]
    tables = sorted(find_database(call, name).tables)
    if tables:
        message = (
            f"The database {name} cannot be deleted: it has tables ({', '.join(tables)}). Delete them first."
        )
        raise AwsError("ValidationException", message)


def _scheduled_query_exists(call: Operation) -> None:
    arn = call.params["ScheduledQueryArn"]
    if arn not in moto_backend(QUERY, call.region).scheduled_queries:
        raise AwsError("ResourceNotFoundException", f"The scheduled query {arn} does not exist.")


def _scheduled_query_is_new_and_can_run(call: Operation) -> None:
    queries = moto_backend(QUERY, call.region).scheduled_queries.values()
    if any(query.name == call.params["Name"] for query in queries):
        raise AwsError("ConflictException", f"The scheduled query {call.params['Name']} already exists.")
    databases = moto_backend(WRITE, call.region).databases
    for database, name in _SOURCE.findall(call.params["QueryString"]):
        table = databases[database].tables.get(name) if database in databases else None
        # Columns come into being with the first record: a table that is not known here is let through.
        if table is not None and not table.records:
            raise AwsError("ValidationException", "line 1:8: Column 'time' does not exist")


def _list_scheduled_queries(call: Operation) -> Result:
    queries = moto_backend(QUERY, call.region).scheduled_queries.values()
    return {
        "ScheduledQueries": [
            {"Arn": query.arn, "Name": query.name, "CreationTime": query.created_on, "State": query.state}
            for query in queries
        ]
    }


def _key_arn(region: str, name: str | None) -> str | None:
    """Return the ARN of a key that is named by its id or an alias: AWS answers ARNs alone.

    A database that names no key gets the one that AWS manages for Timestream.
    """
    key = find_key(region, name) if name else find_key(region, _AWS_KEY) or _make_aws_key(region)
    return str(key.arn) if key else name


def _make_aws_key(region: str) -> Any:
    kms = moto_backend("kms", region)
    key = kms.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "Default key of Timestream", None)
    key.key_manager = "AWS"
    kms.create_alias(key.id, _AWS_KEY)
    return key


def _patch_keys() -> None:
    make, change = TimestreamDatabase.__init__, TimestreamDatabase.update

    def initialise(
        self: TimestreamDatabase, account_id: str, region_name: str, database_name: str, kms_key_id: str
    ) -> None:
        make(self, account_id, region_name, database_name, _key_arn(region_name, kms_key_id) or "")

    def update(self: TimestreamDatabase, kms_key_id: str) -> None:
        change(self, _key_arn(self.region_name, kms_key_id) or "")
        self.updated_on = unix_time()

    replace(TimestreamDatabase, "__init__", initialise)
    replace(TimestreamDatabase, "update", update)


def _patch() -> None:
    _patch_keys()
    create = TimestreamQueryBackend.create_scheduled_query

    def create_scheduled_query(self: TimestreamQueryBackend, **parameters: Any) -> Any:
        query = create(self, **parameters)
        # The tagging operations of both APIs read the tags of the write API's model.
        moto_backend(WRITE, self.region_name).tagging_service.tag_resource(
            query.arn, parameters["tags"] or []
        )
        return query

    update = TimestreamTable.update

    def update_table(self: TimestreamTable, retention_properties: Any, *others: Any, **named: Any) -> None:
        """Keep the retention that a request does not mention."""
        update(self, retention_properties or self.retention_properties, *others, **named)

    replace(TimestreamQueryBackend, "create_scheduled_query", create_scheduled_query)
    replace(TimestreamTable, "update", update_table)
    for backends in (timestreamwrite_backends, timestreamquery_backends):
        regions = backends[ACCOUNT].regions
        if _REGION_MOTO_LACKS not in regions:
            backends._additional_regions = [*(backends._additional_regions or []), _REGION_MOTO_LACKS]
            regions.append(_REGION_MOTO_LACKS)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/timestream/latest/developerguide/API_DeleteDatabase.html",
    checks={
        (WRITE, "CreateDatabase"): _database_is_new,
        (WRITE, "UpdateDatabase"): _database_exists,
        (WRITE, "DeleteDatabase"): _database_is_empty,
        (WRITE, "CreateTable"): _table_is_new,
        (WRITE, "UpdateTable"): _table_exists,
        (WRITE, "DeleteTable"): _table_exists,
        (QUERY, "CreateScheduledQuery"): _scheduled_query_is_new_and_can_run,
        (QUERY, "UpdateScheduledQuery"): _scheduled_query_exists,
        (QUERY, "DeleteScheduledQuery"): _scheduled_query_exists,
    },
    handlers={(QUERY, "ListScheduledQueries"): _list_scheduled_queries},
    patch=_patch,
)
