"""What a change of the program, or of AWS behind its back, means for a resource."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_sandbox.sandbox import Sandbox
from tests.sandbox.provider_client import Change, ProviderClient, ProviderError, Recorded

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
KEY = "aws:kms/key:Key"
DATABASE = "aws:timestreamwrite/database:Database"
TABLE = "aws:timestreamwrite/table:Table"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"

HOURS = "retentionProperties.memoryStoreRetentionPeriodInHours"


def table(hours: int = 24, **inputs: Any) -> dict[str, Any]:
    retention = {"memoryStoreRetentionPeriodInHours": hours, "magneticStoreRetentionPeriodInDays": 30}
    return {"databaseName": "meters", "tableName": "readings", "retentionProperties": retention, **inputs}


def policy(*actions: str, **others: Any) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **others}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def readings(provider: ProviderClient) -> Recorded:
    provider.create(DATABASE, {"databaseName": "meters"})
    return provider.create(TABLE, table())


def test_a_new_table_shows_what_aws_filled_in(readings: Recorded) -> None:
    assert readings.id == "readings:meters"
    assert readings.outputs == {
        "__sandbox": {"account": "000000000000"},
        "arn": "arn:aws:timestream:eu-west-1:000000000000:database/meters/table/readings",
        "databaseName": "meters",
        "id": "readings:meters",
        "magneticStoreWriteProperties": {"enableMagneticStoreWrites": False},
        "region": "eu-west-1",
        "retentionProperties": {
            "magneticStoreRetentionPeriodInDays": 30,
            "memoryStoreRetentionPeriodInHours": 24,
        },
        "schema": {"compositePartitionKey": {"type": "MEASURE"}},
        "tableName": "readings",
        "tags": {},
        "tagsAll": {},
    }


def test_a_preview_shows_the_inputs_and_leaves_open_what_aws_decides(provider: ProviderClient) -> None:
    assert provider.plan(TABLE, table(databaseName=UNKNOWN, tags={"team": "meters"})) == {
        "arn": UNKNOWN,
        "databaseName": UNKNOWN,
        "id": UNKNOWN,
        "magneticStoreWriteProperties": UNKNOWN,
        "region": "eu-west-1",
        "retentionProperties": {
            "magneticStoreRetentionPeriodInDays": 30,
            "memoryStoreRetentionPeriodInHours": 24,
        },
        "schema": UNKNOWN,
        "tableName": "readings",
        "tags": {"team": "meters"},
        "tagsAll": {"team": "meters"},
    }


def test_a_previewed_update_keeps_the_outputs_that_do_not_change(
    readings: Recorded, provider: ProviderClient
) -> None:
    planned = provider.update(readings, table(48), preview=True)
    assert planned.outputs["arn"] == readings.outputs["arn"]
    assert planned.outputs["retentionProperties"]["memoryStoreRetentionPeriodInHours"] == 48
    assert provider.refresh(readings) == readings


@pytest.mark.parametrize(
    ("inputs", "change"),
    [
        pytest.param(table(48), Change({HOURS: "UPDATE"}), id="retention is changed in place"),
        pytest.param(table(tags={"team": "a"}), Change({"tags": "ADD"}), id="tags are added in place"),
        pytest.param(
            table(retentionProperties=UNKNOWN),
            Change({"retentionProperties": "UPDATE"}),
            id="what is not known yet counts as a change",
        ),
        pytest.param(
            table(tableName="events"),
            Change({"tableName": "UPDATE_REPLACE"}, ("tableName",)),
            id="a new name replaces",
        ),
        pytest.param(
            table(databaseName=UNKNOWN),
            Change({"databaseName": "UPDATE_REPLACE"}, ("databaseName",)),
            id="a database that is not known yet replaces",
        ),
        pytest.param(
            table(region="us-east-1"),
            Change({"region": "UPDATE_REPLACE"}, ("region",)),
            id="another region replaces",
        ),
        pytest.param(table(region="eu-west-1"), Change(), id="naming the region it lies in is no change"),
        pytest.param(
            table(schema={"compositePartitionKey": {"type": "DIMENSION", "name": "meter"}}),
            Change(
                {
                    "schema.compositePartitionKey.name": "ADD_REPLACE",
                    "schema.compositePartitionKey.type": "UPDATE_REPLACE",
                },
                ("schema",),
            ),
            id="another partition key replaces",
        ),
        pytest.param(
            table(schema={"compositePartitionKey": {"type": "MEASURE"}}),
            Change(),
            id="giving what AWS filled in is no change",
        ),
        pytest.param(
            {"databaseName": "meters", "tableName": "readings"},
            Change(),
            id="leaving out what AWS would keep is no change",
        ),
    ],
)
def test_a_change_of_a_table(
    inputs: dict[str, Any], change: Change, readings: Recorded, provider: ProviderClient
) -> None:
    assert provider.diff(readings, inputs) == change


def test_retention_is_changed_in_aws(
    readings: Recorded, provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    provider.update(readings, table(48))
    found = empty_sandbox.client("timestream-write").describe_table(
        DatabaseName="meters", TableName="readings"
    )
    assert found["Table"]["RetentionProperties"] == {
        "MemoryStoreRetentionPeriodInHours": 48,
        "MagneticStoreRetentionPeriodInDays": 30,
    }


@pytest.mark.parametrize(
    ("written", "same"),
    [
        pytest.param(json.dumps(json.loads(policy("kms:Decrypt")), indent=2), True, id="other whitespace"),
        pytest.param(
            policy("kms:Decrypt").replace('["kms:Decrypt"]', '"kms:Decrypt"'), True, id="one as text"
        ),
        pytest.param(policy("kms:Encrypt"), False, id="another action"),
        pytest.param(policy("kms:Decrypt", Condition={"Bool": {"a": "b"}}), False, id="a condition more"),
    ],
)
def test_a_document_is_compared_by_its_meaning(written: str, same: bool, provider: ProviderClient) -> None:
    role = provider.create(ROLE, {"name": "reader", "assumeRolePolicy": policy("sts:AssumeRole")})
    resource = provider.create(ROLE_POLICY, {"name": "a", "role": role.id, "policy": policy("kms:Decrypt")})
    change = provider.diff(resource, {"name": "a", "role": role.id, "policy": written})
    assert change == (Change() if same else Change({"policy": "UPDATE"}))


def test_the_order_of_a_set_is_no_change(provider: ProviderClient) -> None:
    ids = ["meters", "sts.amazonaws.com"]
    resource = provider.create(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        {"url": "https://token.example.org", "clientIdLists": ids, "thumbprintLists": ["a" * 40]},
    )
    again = {"url": "https://token.example.org", "clientIdLists": ids[::-1], "thumbprintLists": ["a" * 40]}
    assert provider.diff(resource, again) == Change()


def test_an_empty_tag_is_a_tag(readings: Recorded, provider: ProviderClient) -> None:
    tagged = provider.update(readings, table(tags={"team": "a"}))
    assert provider.diff(tagged, table(tags={"team": "a", "urgent": ""})) == Change({"tags.urgent": "ADD"})


def test_a_fixed_name_that_stays_is_deleted_before_its_replacement_is_made(provider: ProviderClient) -> None:
    trust = policy("sts:AssumeRole")
    fixed = provider.create(ROLE, {"name": "fixed", "assumeRolePolicy": trust})
    chosen = provider.create(ROLE, {"assumeRolePolicy": trust}, name="chosen")
    new_path = {"assumeRolePolicy": trust, "path": "/new/"}
    kinds = {"path": "UPDATE_REPLACE"}
    assert provider.diff(fixed, {"name": "fixed", **new_path}) == Change(kinds, ("path",), True)
    assert provider.diff(chosen, new_path) == Change(kinds, ("path",), False)


def test_what_was_deleted_behind_the_programs_back_is_gone(
    readings: Recorded, provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    client = empty_sandbox.client("timestream-write")
    client.delete_table(DatabaseName="meters", TableName="readings")
    assert provider.refresh(readings) is None


def test_a_drift_shows_in_inputs_and_outputs_and_the_next_up_repairs_it(
    readings: Recorded, provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    drifted = {"MemoryStoreRetentionPeriodInHours": 1, "MagneticStoreRetentionPeriodInDays": 30}
    empty_sandbox.client("timestream-write").update_table(
        DatabaseName="meters", TableName="readings", RetentionProperties=drifted
    )
    refreshed = provider.refresh(readings)
    assert refreshed is not None
    assert refreshed.inputs["retentionProperties"]["memoryStoreRetentionPeriodInHours"] == 1
    assert refreshed.outputs["retentionProperties"]["memoryStoreRetentionPeriodInHours"] == 1
    assert provider.diff(refreshed, table()) == Change({HOURS: "UPDATE"})
    assert provider.update(refreshed, table()).outputs == readings.outputs


def test_what_somebody_added_behind_the_programs_back_is_a_drift(
    provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    inputs = {"name": "reader", "assumeRolePolicy": policy("sts:AssumeRole")}
    role = provider.create(ROLE, inputs)
    empty_sandbox.client("iam").update_role(RoleName="reader", Description="mine now")
    empty_sandbox.client("iam").tag_role(RoleName="reader", Tags=[{"Key": "owner", "Value": "me"}])
    refreshed = provider.refresh(role)
    assert refreshed is not None
    assert provider.diff(refreshed, inputs) == Change({"description": "DELETE", "tags": "DELETE"})
    assert provider.update(refreshed, inputs).outputs == role.outputs


def test_importing_takes_over_what_aws_never_tells(provider: ProviderClient) -> None:
    inputs = {"description": "Meters", "deletionWindowInDays": 7}
    made = provider.create(KEY, inputs)
    imported = provider.find(KEY, made.id)
    assert imported is not None
    assert provider.diff(imported, inputs) == Change()
    assert provider.diff(imported, {**inputs, "description": "Others"}) == Change({"description": "UPDATE"})


def test_importing_from_another_region_by_the_id_with_its_region(provider: ProviderClient) -> None:
    made = provider.create(KEY, {"description": "Meters", "region": "us-east-1"})
    assert provider.find(KEY, made.id) is None
    imported = provider.find(KEY, f"{made.id}@us-east-1")
    assert imported is not None
    assert (imported.id, imported.inputs["region"]) == (made.id, "us-east-1")
    assert provider.diff(imported, {"description": "Meters", "region": "us-east-1"}) == Change()


def test_importing_what_does_not_exist_finds_nothing(provider: ProviderClient) -> None:
    assert provider.find(TABLE, "readings:meters") is None


def test_a_get_of_a_program_reads_by_id(readings: Recorded, provider: ProviderClient) -> None:
    found = provider.find(TABLE, "readings:meters", {"region": "eu-west-1"})
    assert found is not None
    assert found.outputs["arn"] == readings.outputs["arn"]


def test_an_error_of_aws_comes_through_with_code_and_message(provider: ProviderClient) -> None:
    with pytest.raises(ProviderError) as error:
        provider.create(TABLE, table())
    assert str(error.value) == (
        "creating aws:timestreamwrite/table:Table: "
        "ResourceNotFoundException: The database meters does not exist."
    )


def test_what_is_made_before_creation_fails_is_recorded_and_finished_by_the_next_up(
    provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    inputs = {"description": "Meters", "enableKeyRotation": True}
    empty_sandbox.fail("kms", "EnableKeyRotation", "KMSInternalException", "try again later", status=400)
    with pytest.raises(ProviderError) as error:
        provider.create(KEY, inputs)
    half_made = error.value.half_made
    assert half_made is not None
    assert str(error.value) == "creating aws:kms/key:Key: KMSInternalException: try again later"
    assert half_made.outputs["enableKeyRotation"] is False
    finished = provider.update(half_made, inputs)
    assert finished.outputs["enableKeyRotation"] is True
    status = empty_sandbox.client("kms").get_key_rotation_status(KeyId=half_made.id)
    assert status["KeyRotationEnabled"] is True


def test_deleting_a_database_that_has_tables_is_refused_as_aws_refuses_it(
    readings: Recorded, provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    database = provider.find(DATABASE, "meters")
    assert database is not None
    with pytest.raises(ProviderError) as error:
        provider.delete(database)
    assert str(error.value) == (
        "deleting aws:timestreamwrite/database:Database: ValidationException: The database meters "
        "cannot be deleted: it has tables (readings). Delete them first."
    )


def test_deleting_makes_it_gone_in_aws(
    readings: Recorded, provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    provider.delete(readings)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        empty_sandbox.client("timestream-write").describe_table(DatabaseName="meters", TableName="readings")


@pytest.mark.parametrize(
    ("token", "inputs", "document"),
    [
        pytest.param(
            "aws:cloudwatch/dashboard:Dashboard",
            {"dashboardName": "meters"},
            ("dashboardBody", "widgets", {"type": "text"}, {"type": "alarm"}),
            id="a dashboard",
        ),
        pytest.param(
            "aws:cloudwatch/eventRule:EventRule",
            {"name": "meters"},
            ("eventPattern", "source", "aws.kms", "aws.backup"),
            id="an event pattern",
        ),
    ],
)
def test_the_order_of_a_list_is_a_change_of(
    token: str, inputs: dict[str, Any], document: tuple[str, str, Any, Any], provider: ProviderClient
) -> None:
    name, key, first, second = document
    made = provider.create(token, {**inputs, name: json.dumps({key: [first, second]})})
    turned = {**inputs, name: json.dumps({key: [second, first]})}
    assert provider.diff(made, turned) == Change({name: "UPDATE"})
    assert provider.update(made, turned).outputs[name] == turned[name]
    spaced = {**inputs, name: json.dumps({key: [first, second]}, indent=2)}
    assert provider.diff(made, spaced) == Change()
