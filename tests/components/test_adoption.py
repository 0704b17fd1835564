"""Adopting: what is imported under which id, and the configuration that a reading of the account writes."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pulumi
import pytest
import yaml
from botocore.exceptions import ClientError, NoCredentialsError

from tests.components.recorder import Deployment, deploy
from timestream_baseline import ArgumentsError, LiveAnalytics, TimestreamBaseline
from timestream_baseline.adoption import FoundDatabase, FoundTable, Pace, configuration, read_account, remarks
from timestream_baseline.command import main
from timestream_baseline.inputs import StackArgs, baseline_settings

KEY = "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"
TIMESTREAM = "arn:aws:timestream:eu-west-1:000000000000:database"
CELLS = {"ingest_cell": "cell2", "query_cell": "cell3"}


def baseline(**arguments: Any) -> Deployment:
    def program() -> Mapping[str, pulumi.Output[Any]]:
        args: Any = {
            "network": CELLS,
            "audit": {"trail": "none"},
            "backup": {"enabled": False},
            **arguments,
        }
        TimestreamBaseline("tel", args)
        return {}

    return deploy(program)


def imports(deployed: Deployment) -> dict[str, str]:
    return {
        it.inputs.get("tableName", it.inputs["databaseName"]): it.import_id
        for kind in ("Database", "Table")
        for it in deployed.of(kind)
        if "databaseName" in it.inputs
    }


DATABASES: dict[str, Any] = {"metrics": {"key_arn": KEY, "tables": {"cpu": {}, "disk": {}}}}


def test_only_what_is_named_is_imported() -> None:
    made = baseline(databases=DATABASES, adopt=["metrics", "metrics/cpu"])
    assert imports(made) == {"metrics": "metrics", "cpu": "cpu:metrics", "disk": ""}


@pytest.mark.parametrize("component", [TimestreamBaseline, LiveAnalytics])
def test_imports_by_a_provider_of_another_region_are_refused_since_they_could_delete(component: Any) -> None:
    arguments = {"databases": DATABASES, "adopt": ["metrics"], "region": "us-east-1"}
    whole = {"network": CELLS, "audit": {"trail": "none"}, "backup": {"enabled": False}}

    def program() -> Mapping[str, pulumi.Output[Any]]:
        component("tel", {**arguments, **(whole if component is TimestreamBaseline else {})})
        return {}

    with pytest.raises(ArgumentsError) as error:
        deploy(program)
    assert list(map(str, error.value.mistakes)) == [
        "databases.metrics.key_arn: is a key of eu-west-1, but the database is made in us-east-1; "
        "name a key of that region",
        "adopt: imports from us-east-1, but the AWS provider works in eu-west-1; set aws:region to "
        "us-east-1, or give the component a provider of that region",
    ]


def test_what_may_be_replaced_is_not_imported_and_not_protected() -> None:
    made = baseline(databases=DATABASES, adopt=["metrics/cpu"], acknowledge=["metrics/cpu: replace"])
    cpu, disk = (made.named("Table", f"tel-metrics/{name}") for name in ("cpu", "disk"))
    assert (cpu.import_id, cpu.protect, cpu.retain_on_delete) == ("", False, False)
    assert (disk.protect, disk.retain_on_delete) == (True, True)
    assert made.named("Database", "tel-metrics").protect
    assert [text for level, text in made.log if level == "warning" and "acknowledged" in text] == [
        "metrics/cpu is not protected, as acknowledged: a replacement deletes its data. Run pulumi up with "
        "this entry alone first, then change what replaces it, then take the entry out"
    ]


def test_a_table_goes_before_its_replacement_comes_since_both_have_one_name() -> None:
    made = baseline(databases=DATABASES)
    assert all(table.delete_before_replace for table in made.of("Table"))


def test_entries_that_name_nothing_are_reported_with_all_other_mistakes() -> None:
    arguments = StackArgs(
        {
            "databases": DATABASES,
            "adopt": ["metric", "metrics/cpus", "metrics/cpu"],
            "acknowledge": ["metrics/cpu: magneticRetentionDays=30", "fleet: keyArn=created"],
            "access": {"writers": {"ingest": {}}},
        }
    )
    with pytest.raises(ArgumentsError) as error:
        baseline_settings("tel", arguments)
    assert sorted(map(str, error.value.mistakes)) == [
        "access.writers.ingest.trust: is missing; say who may assume this role",
        'acknowledge[1]: names "fleet", which is no database of this baseline; known are metrics',
        'adopt[0]: names "metric", which is no database of this baseline; did you mean "metrics"?',
        'adopt[1]: names "metrics/cpus", which is no table of this baseline; did you mean "metrics/cpu"?',
    ]


def table(name: str = "cpu", tags: dict[str, str] | None = None, **description: Any) -> FoundTable:
    retention = {"MemoryStoreRetentionPeriodInHours": 12, "MagneticStoreRetentionPeriodInDays": 90}
    return FoundTable(
        description={"TableName": name, "RetentionProperties": retention, **description}, tags=tags or {}
    )


def partition(*keys: dict[str, str]) -> dict[str, Any]:
    return {"Schema": {"CompositePartitionKey": list(keys)}}


def database(name: str = "metrics", **values: Any) -> FoundDatabase:
    customer = {"key_arn": KEY, "key_manager": "CUSTOMER", "key_state": "Enabled"}
    return FoundDatabase(name=name, **{**customer, **values})


PLAIN = {"memoryRetentionHours": 12, "magneticRetentionDays": 90, "magneticWrites": False}


@pytest.mark.parametrize(
    ("found", "written"),
    [
        pytest.param(table(), PLAIN, id="no magnetic writes"),
        pytest.param(
            table(MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True}),
            {**PLAIN, "magneticWrites": True},
            id="magnetic writes",
        ),
        pytest.param(table(**partition({"Type": "MEASURE"})), PLAIN, id="partitioned by measure"),
        pytest.param(
            table(**partition({"Type": "DIMENSION", "Name": "host", "EnforcementInRecord": "REQUIRED"})),
            {**PLAIN, "partitionKey": {"dimension": "host", "enforcement": "required"}},
            id="partitioned by a dimension that is required",
        ),
        pytest.param(
            table(**partition({"Type": "DIMENSION", "Name": "host"})),
            {**PLAIN, "partitionKey": {"dimension": "host", "enforcement": "optional"}},
            id="partitioned by a dimension that is optional",
        ),
        pytest.param(
            table(tags={"team": "press", "tier": "1"}),
            {**PLAIN, "tags": {"tier": "1"}},
            id="tags beside those of the database",
        ),
    ],
)
def test_a_table_is_written_as_it_is(found: FoundTable, written: dict[str, Any]) -> None:
    config = configuration([database(tables=(found,), tags={"team": "press"})])
    assert config["adopt"] == ["metrics", "metrics/cpu"]
    assert config["databases"]["metrics"] == {
        "keyArn": KEY,
        "tags": {"team": "press"},
        "tables": {"cpu": written},
    }
    baseline_settings("tel", StackArgs(config))


def test_a_database_under_a_key_that_aws_manages_is_a_choice() -> None:
    found = [database("legacy", key_manager="AWS")]
    assert configuration(found) == {"databases": {"legacy": {}}, "adopt": ["legacy"]}
    assert remarks(found) == [
        "legacy is encrypted with a key that AWS manages, which nobody can restrict or revoke. pulumi up "
        'refuses to adopt it until you choose. A key of its own: add "legacy: key_arn=created" to '
        f"acknowledge; records written before may need the old key. The key that it has: give legacy the "
        f"keyArn {KEY}"
    ]


LONG = "x" * 65
PATTERN = (
    "a name of 3 to 64 letters, digits and the characters _ . -, which is what Pulumi's AWS provider takes"
)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(database(), [], id="nothing"),
        pytest.param(
            database(LONG), [f"{LONG} is left out: its name is not {PATTERN}"], id="a name that is too long"
        ),
        pytest.param(
            database(tables=(table(LONG),)),
            [f"metrics/{LONG} is left out: its name is not {PATTERN}"],
            id="a table's name that is too long",
        ),
        pytest.param(
            database(tables=(table(TableStatus="DELETING"),)),
            ["metrics/cpu is left out: it is DELETING; run this again later"],
            id="a table that goes away",
        ),
        pytest.param(
            database(tables=(table(**partition({"Type": "MEASURE"}, {"Type": "DIMENSION", "Name": "a"})),)),
            ["metrics/cpu is left out: it has several partition keys, and Pulumi's AWS provider knows one"],
            id="several partition keys",
        ),
        pytest.param(
            database(key_manager=None, key_state=None),
            [
                f"metrics is encrypted with {KEY}, which could not be described; "
                "check that it is a customer managed key"
            ],
            id="a key that may not be described",
        ),
        pytest.param(
            database(key_state="PendingDeletion"),
            [
                f"metrics is encrypted with {KEY}, whose state is PendingDeletion; "
                "enable it, or its data cannot be read"
            ],
            id="a key that goes away",
        ),
        pytest.param(
            database(tags={"team": "press"}, tables=(table("cpu"), table("disk", {"team": "press"}))),
            ["metrics: the tags of a database are also those of its tables, so pulumi up adds tags to cpu"],
            id="tags that a table lacks",
        ),
    ],
)
def test_what_the_reader_must_know_is_said(found: FoundDatabase, said: list[str]) -> None:
    assert remarks([found]) == said


def test_what_is_left_out_is_not_written() -> None:
    found = [database(LONG), database(tables=(table(LONG), table()))]
    assert configuration(found) == {
        "databases": {"metrics": {"keyArn": KEY, "tables": {"cpu": PLAIN}}},
        "adopt": ["metrics", "metrics/cpu"],
    }


def refusal(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class Account:
    """What boto3's clients answer, two items a page, and what they were asked."""

    def __init__(self, *names: str, error: Exception | None = None) -> None:
        self.names, self.error = names, error
        self.asked: list[str] = []

    def client(self, service: str, config: object) -> "Account":
        return self

    def _page(
        self, operation: str, what: str, items: list[dict[str, Any]], request: Mapping[str, Any]
    ) -> dict[str, Any]:
        if self.error:
            raise self.error
        self.asked.append(operation)
        start = int(request.get("NextToken", "0"))
        more = {"NextToken": str(start + 2)} if start + 2 < len(items) else {}
        return {what: items[start : start + 2], **more}

    def _database(self, name: str) -> dict[str, Any]:
        return {"DatabaseName": name, "Arn": f"{TIMESTREAM}/{name}", "KmsKeyId": KEY, "TableCount": 1}

    def list_databases(self, **request: Any) -> dict[str, Any]:
        items = [self._database(name) for name in self.names]
        return self._page("ListDatabases", "Databases", items, request)

    def describe_database(self, **request: Any) -> dict[str, Any]:
        self.asked.append("DescribeDatabase")
        name = request["DatabaseName"]
        if name not in self.names:
            message = f"The database {name} does not exist."
            raise refusal("ResourceNotFoundException", message, "DescribeDatabase")
        return {"Database": self._database(name)}

    def list_tables(self, **request: Any) -> dict[str, Any]:
        items = [
            {**table(name).description, "Arn": f"{TIMESTREAM}/{request['DatabaseName']}/table/{name}"}
            for name in ("net", "cpu", "disk")
        ]
        return self._page("ListTables", "Tables", items, request)

    def list_tags_for_resource(self, **request: Any) -> dict[str, Any]:
        self.asked.append("ListTagsForResource")
        own = {"Key": "name", "Value": request["ResourceARN"].rsplit("/", 1)[1]}
        return {"Tags": [own, {"Key": "aws:cloudformation:stack-name", "Value": "x"}]}

    def describe_key(self, **_request: Any) -> dict[str, Any]:
        self.asked.append("DescribeKey")
        return {"KeyMetadata": {"KeyManager": "CUSTOMER", "KeyState": "Enabled"}}


def no_pace() -> Pace:
    return Pace(0)


def test_every_page_is_read_and_tags_of_aws_are_left_out() -> None:
    account, said = Account("metrics", "fleet", "press"), list[str]()
    found = read_account(account, account, [], pace=no_pace(), progress=said.append)
    assert [it.name for it in found] == ["fleet", "metrics", "press"]
    assert [it.name for it in found[0].tables] == ["cpu", "disk", "net"]
    assert found[0].tables[0].tags == {"name": "cpu"}
    assert account.asked.count("ListDatabases") == 2
    assert account.asked.count("ListTables") == 6
    assert account.asked.count("DescribeKey") == 1
    assert said == [f"{name} ({n} of 3, 1 tables)" for n, name in enumerate(("fleet", "metrics", "press"), 1)]


def test_only_the_named_databases_are_read() -> None:
    account = Account("metrics", "fleet")
    found = read_account(account, account, ["fleet", "fleet"], pace=no_pace(), progress=lambda _: None)
    assert [it.name for it in found] == ["fleet"]
    assert "ListDatabases" not in account.asked


def test_a_key_that_may_not_be_described_does_not_stop_the_reading() -> None:
    class Denied(Account):
        def describe_key(self, **_request: Any) -> dict[str, Any]:
            raise refusal("AccessDeniedException", "no", "DescribeKey")

    account = Denied("metrics")
    (found,) = read_account(account, account, [], pace=no_pace(), progress=lambda _: None)
    assert (found.key_arn, found.key_manager) == (KEY, None)


def test_calls_are_kept_apart() -> None:
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    pace = Pace(0.2, clock=lambda: now[0], sleep=sleep)
    pace.wait()
    pace.wait()
    now[0] += 0.15
    pace.wait()
    now[0] += 1
    pace.wait()
    assert slept == [0.2, 0.05]


def run(monkeypatch: pytest.MonkeyPatch, account: Account, *args: str) -> int:
    monkeypatch.setattr(boto3, "Session", lambda **_: account)
    monkeypatch.setattr("timestream_baseline.adopt_command.Pace", no_pace)
    return main(["adopt", "--region", "eu-west-1", *args])


def test_the_command_writes_yaml_that_the_baseline_accepts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, Account("metrics")) == 0
    written = capsys.readouterr()
    assert written.out.splitlines()[:10] == [
        "# Databases of eu-west-1 as they are. To be put into Pulumi.<stack>.yaml.",
        "config:",
        "  aws:region: eu-west-1",
        "  timestream-baseline:databases:",
        "    metrics:",
        f"      keyArn: {KEY}",
        "      tags:",
        "        name: metrics",
        "      tables:",
        "        cpu:",
    ]
    config = yaml.safe_load(written.out)["config"]
    assert config["timestream-baseline:adopt"] == ["metrics", "metrics/cpu", "metrics/disk", "metrics/net"]
    assert config.pop("aws:region") == "eu-west-1"
    names = {key.removeprefix("timestream-baseline:"): value for key, value in config.items()}
    baseline_settings("tel", StackArgs(names))
    assert written.err == "reading metrics (1 of 1, 1 tables)\n"


def test_the_command_writes_json_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, Account("metrics"), "--format", "json") == 0
    as_json = json.loads(capsys.readouterr().out)
    run(monkeypatch, Account("metrics"))
    assert yaml.safe_load(capsys.readouterr().out) == as_json


def test_the_command_tells_by_its_exit_code_that_something_was_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, Account(LONG, "metrics")) == 3
    assert f"note: {LONG} is left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("account", "args", "said"),
    [
        pytest.param(
            Account(error=NoCredentialsError()),
            (),
            "error: no AWS credentials were found; set AWS_PROFILE or give --profile\n",
            id="no credentials",
        ),
        pytest.param(
            Account(error=refusal("AccessDeniedException", "no", "ListDatabases")),
            (),
            "error: ListDatabases was denied (no). Reading needs timestream:DescribeEndpoints, "
            "ListDatabases, DescribeDatabase, ListTables and ListTagsForResource. An account "
            "that was no customer before 2025-06-20 cannot use LiveAnalytics at all\n",
            id="access denied",
        ),
        pytest.param(
            Account("metrics"),
            ("--database", "metric"),
            "error: The database metric does not exist. Look with: aws timestream-write list-databases "
            "--region eu-west-1\n",
            id="no such database",
        ),
        pytest.param(
            Account(error=refusal("ThrottlingException", "slower", "ListDatabases")),
            (),
            "error: ListDatabases: AWS answered ThrottlingException (slower)\n",
            id="anything else",
        ),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    account: Account,
    args: tuple[str, ...],
    said: str,
) -> None:
    assert run(monkeypatch, account, *args) == 1
    assert capsys.readouterr() == ("", said)
