"""What TimestreamBaseline registers with the engine."""

import re
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import DEPLOYER, UNKNOWN, Deployment, deploy, walk
from timestream_baseline import ArgumentsError, TimestreamBaseline
from timestream_baseline.inputs import CamelCaseArgs, StackArgs

CELLS = {"ingest_cell": "cell2", "query_cell": "cell3"}
ENDPOINTS = {"ingest_endpoint_id": "vpce-0000000000000000a", "query_endpoint_id": "vpce-0000000000000000b"}
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
TIMESTREAM = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database"
TRUST: Any = {"services": ["lambda.amazonaws.com"]}
DEFAULT: Any = {
    "network": {**CELLS, "existing": ENDPOINTS},
    "databases": {
        "metrics": {"tables": {"cpu": {"magnetic_retention_days": 90}, "disk": {}}},
        "fleet": {"tables": {"trips": {}}, "tags": {"team": "fleet"}},
    },
    "access": {
        "writers": {"ingest": {"databases": ["metrics"], "tables": ["fleet/trips"], "trust": TRUST}},
        "readers": {"dashboards": {"trust": TRUST}},
    },
    "tags": {"owner": "platform"},
}


# For what does not concern the trail and backups, which have tests of their own.
SMALL: Any = {**DEFAULT, "audit": {"trail": "none"}, "backup": {"enabled": False}}


def baseline(args: Any, *, unknown: bool = False, **options: Any) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        return TimestreamBaseline("baseline", args, pulumi.ResourceOptions(**options)).outputs()

    return deploy(program, unknown=unknown)


def changed(**changes: Any) -> Any:
    return {**SMALL, **changes}


def test_a_baseline_makes_exactly_these_resources() -> None:
    made = baseline(SMALL)
    # What Monitoring makes is listed in test_monitoring.py; the trail and backups have tests of their own.
    others = [r for r in made.registrations if not r.parent.endswith(":Monitoring::baseline")]
    assert sorted(f"{r.type.rsplit(':', 1)[1]} {r.name}" for r in others) == [
        "AccessRoles baseline",
        "Alias baseline-databases/fleet",
        "Alias baseline-databases/metrics",
        "Alias baseline-rejectedRecords",
        "Alias baseline-topic",
        "AuditTrail baseline",
        "Backup baseline",
        "Bucket baseline-rejected-records",
        "BucketLifecycleConfiguration baseline-rejectedRecords",
        "BucketOwnershipControls baseline-rejectedRecords",
        "BucketPolicy baseline-rejectedRecords",
        "BucketPublicAccessBlock baseline-rejectedRecords",
        "BucketServerSideEncryptionConfiguration baseline-rejectedRecords",
        "BucketVersioning baseline-rejectedRecords",
        "Database baseline-fleet",
        "Database baseline-metrics",
        "EncryptionKey baseline-databases/fleet",
        "EncryptionKey baseline-databases/metrics",
        "EncryptionKey baseline-rejectedRecords",
        "EncryptionKey baseline-topic",
        "Key baseline-databases/fleet",
        "Key baseline-databases/metrics",
        "Key baseline-rejectedRecords",
        "Key baseline-topic",
        "LiveAnalytics baseline",
        "Monitoring baseline",
        "Notifications baseline",
        "PrivateEndpoints baseline",
        "RejectedRecords baseline",
        "Role baseline-readers/dashboards",
        "Role baseline-writers/ingest",
        "RolePolicy baseline-readers/dashboards",
        "RolePolicy baseline-readers/dashboards/keys",
        "RolePolicy baseline-writers/ingest",
        "RolePolicy baseline-writers/ingest/keys",
        "Table baseline-fleet/trips",
        "Table baseline-metrics/cpu",
        "Table baseline-metrics/disk",
        "TimestreamBaseline baseline",
        "Topic baseline",
        "TopicPolicy baseline",
    ]


def test_the_outputs_have_the_names_and_shapes_of_the_contract() -> None:
    made = baseline(DEFAULT)
    assert made.outputs["databaseArns"].keys() == {"metrics", "fleet"}
    assert made.outputs["tableArns"].keys() == {"metrics/cpu", "metrics/disk", "fleet/trips"}
    assert made.outputs["keyArns"].keys() == {
        "databases/metrics",
        "databases/fleet",
        "rejectedRecords",
        "topic",
        "trail",
        "logGroup",
        "backup",
    }
    assert made.outputs["roleArns"].keys() == {"writers/ingest", "readers/dashboards", "backup"}
    assert made.outputs["cells"] == {"ingest": "cell2", "query": "cell3"}
    assert made.outputs["endpointUrls"] == {
        "ingest": "https://ingest-cell2.timestream.eu-west-1.amazonaws.com",
        "query": "https://query-cell3.timestream.eu-west-1.amazonaws.com",
    }
    assert made.outputs["topicArn"].endswith(":baseline")
    registered = made.registered_outputs["timestream-baseline:index:TimestreamBaseline::baseline"]
    assert registered == made.outputs


def test_every_child_hangs_below_the_component() -> None:
    made = baseline(SMALL)
    roots = [
        r.name
        for r in made.registrations
        if r.parent.endswith("pulumi:pulumi:Stack::timestream-baseline-test")
    ]
    assert roots == ["baseline"]
    assert {r.type for r in made.registrations if r.parent == ""} == set()


DATA = {
    ("Database", "baseline-metrics"),
    ("Database", "baseline-fleet"),
    ("Table", "baseline-metrics/cpu"),
    ("Table", "baseline-metrics/disk"),
    ("Table", "baseline-fleet/trips"),
    ("Key", "baseline-databases/metrics"),
    ("Key", "baseline-databases/fleet"),
    ("Key", "baseline-rejectedRecords"),
    ("Bucket", "baseline-rejected-records"),
    ("Trail", "baseline-trail"),
    ("Key", "baseline-trail"),
    ("Bucket", "baseline-trail"),
    ("Bucket", "baseline-access-logs"),
    ("LogGroup", "baseline-trail"),
    ("Key", "baseline-logGroup"),
    ("Vault", "baseline-backups"),
    ("Key", "baseline-backup"),
}
GUARDS_OF_THE_BUCKET = {
    ("BucketPublicAccessBlock", "baseline-rejectedRecords"),
    ("BucketOwnershipControls", "baseline-rejectedRecords"),
    ("BucketServerSideEncryptionConfiguration", "baseline-rejectedRecords"),
    ("BucketVersioning", "baseline-rejectedRecords"),
    ("BucketLifecycleConfiguration", "baseline-rejectedRecords"),
    ("BucketPolicy", "baseline-rejectedRecords"),
}


def test_data_and_its_keys_are_protected_and_retained_and_a_bucket_keeps_its_guards() -> None:
    made = baseline(DEFAULT)
    assert {(r.type.rsplit(":", 1)[1], r.name) for r in made.registrations if r.protect} == DATA
    retained = {(r.type.rsplit(":", 1)[1], r.name) for r in made.registrations if r.retain_on_delete}
    assert retained >= DATA | GUARDS_OF_THE_BUCKET
    of_buckets_and_vaults = {kind for kind, _ in retained - DATA}
    assert all(kind.startswith(("Bucket", "Vault")) for kind in of_buckets_and_vaults)


def test_nothing_is_protected_or_retained_when_protect_data_is_off() -> None:
    made = baseline(changed(protect_data=False))
    assert [r.name for r in made.registrations if r.protect or r.retain_on_delete] == []


def test_protection_given_to_the_component_reaches_its_children_although_protect_data_is_off() -> None:
    made = baseline(changed(protect_data=False), protect=True)
    assert all(r.protect for r in made.registrations)


def test_databases_have_a_rotating_key_of_their_own() -> None:
    made = baseline(SMALL)
    key = made.named("Key", "baseline-databases/metrics")
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["rotationPeriodInDays"] == 365
    assert key.inputs["deletionWindowInDays"] == 30
    assert key.inputs["bypassPolicyLockoutSafetyCheck"] is False
    alias = made.named("Alias", "baseline-databases/metrics")
    assert alias.inputs["name"] == "alias/baseline/databases/metrics"
    database = made.named("Database", "baseline-metrics")
    assert database.inputs["kmsKeyId"] == made.outputs["keyArns"]["databases/metrics"]
    assert made.outputs["keyArns"]["databases/metrics"] != made.outputs["keyArns"]["databases/fleet"]


def test_a_shared_key_serves_every_database_that_names_none() -> None:
    databases: Any = {"metrics": {}, "fleet": {}, "archive": {"key_arn": KEY}}
    made = baseline(changed(databases=databases, access={}, encryption={"shared_key": True}))
    arns = made.outputs["keyArns"]
    assert arns["databases/metrics"] == arns["databases/fleet"]
    assert arns["databases/archive"] == KEY
    assert [key.name for key in made.of("Key")] == ["baseline-databases", "baseline-topic"]


def test_a_key_that_is_computed_reaches_the_database() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        key = aws.kms.Key("mine")
        args: Any = changed(databases={"metrics": {"key_arn": key.arn}}, access={})
        return TimestreamBaseline("baseline", args).outputs()

    made = deploy(program, unknown=True)
    assert made.named("Database", "baseline-metrics").inputs["kmsKeyId"] == UNKNOWN
    assert [key.name for key in made.of("Key")] == ["baseline-topic", "mine"]


def test_a_computed_key_that_turns_out_to_be_an_alias_is_refused() -> None:
    alias = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/mine"

    def program() -> dict[str, pulumi.Output[Any]]:
        args: Any = changed(databases={"metrics": {"key_arn": pulumi.Output.from_input(alias)}}, access={})
        return TimestreamBaseline("baseline", args).outputs()

    with pytest.raises(ArgumentsError) as caught:
        deploy(program)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "databases.metrics.key_arn: was computed and is wrong; give the ARN of a key, not of an alias "
        "(arn:aws:kms:REGION:ACCOUNT:key/ID)"
    ]


def test_a_key_may_be_awaited() -> None:
    async def key() -> str:
        return KEY

    def program() -> dict[str, pulumi.Output[Any]]:
        args: Any = changed(databases={"metrics": {"key_arn": key()}}, access={})
        return TimestreamBaseline("baseline", args).outputs()

    assert deploy(program).named("Database", "baseline-metrics").inputs["kmsKeyId"] == KEY


def test_arguments_that_are_given_one_by_one_are_told_to_stand_in_a_dictionary() -> None:
    unexpected: Any = {"databases": {"metrics": {}}, "tags": {}}
    with pytest.raises(ArgumentsError) as caught:
        deploy(lambda: TimestreamBaseline("t", **unexpected).outputs())
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        'give the arguments as one dictionary: TimestreamBaseline("t", {"databases": …, "tags": …})'
    ]


def test_tables_wait_for_their_database_and_carry_its_name_and_tags() -> None:
    made = baseline(SMALL)
    table = made.named("Table", "baseline-fleet/trips")
    assert made.named("Database", "baseline-fleet").urn in table.dependencies
    assert table.inputs["databaseName"] == "fleet"
    assert table.inputs["tags"] == {"owner": "platform", "team": "fleet"}
    assert table.inputs["retentionProperties"] == {
        "memoryStoreRetentionPeriodInHours": 24,
        "magneticStoreRetentionPeriodInDays": 365,
    }


def test_tables_send_rejected_records_to_the_bucket_below_a_prefix_of_their_own() -> None:
    made = baseline(SMALL)
    table = made.named("Table", "baseline-fleet/trips")
    assert table.inputs["magneticStoreWriteProperties"] == {
        "enableMagneticStoreWrites": True,
        "magneticStoreRejectedDataLocation": {
            "s3Configuration": {
                "bucketName": made.outputs["rejectedRecordsBucket"],
                "encryptionOption": "SSE_KMS",
                "kmsKeyId": made.outputs["keyArns"]["rejectedRecords"],
                "objectKeyPrefix": "rejected-records/fleet/trips/",
            }
        },
    }
    waits_for = {urn.split("$")[-1] for urn in table.dependencies}
    assert waits_for >= {
        "aws:s3/bucketPolicy:BucketPolicy::baseline-rejectedRecords",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::baseline-rejectedRecords",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::baseline-rejectedRecords",
    }


def test_the_bucket_of_rejected_records_is_private_versioned_encrypted_and_forgets() -> None:
    made = baseline(SMALL)
    name = "baseline-rejectedRecords"
    block = made.named("BucketPublicAccessBlock", name).inputs
    assert {block[key] for key in block if key.startswith(("block", "ignore", "restrict"))} == {True}
    assert made.named("BucketOwnershipControls", name).inputs["rule"] == {
        "objectOwnership": "BucketOwnerEnforced"
    }
    assert made.named("BucketVersioning", name).inputs["versioningConfiguration"] == {"status": "Enabled"}
    encryption = made.named("BucketServerSideEncryptionConfiguration", name).inputs["rules"][0]
    assert encryption["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": made.outputs["keyArns"]["rejectedRecords"],
    }
    lifecycle = made.named("BucketLifecycleConfiguration", name).inputs["rules"][0]
    assert (lifecycle["expiration"], lifecycle["noncurrentVersionExpiration"]) == (
        {"days": 90},
        {"noncurrentDays": 90},
    )


def test_without_late_records_there_is_no_bucket_for_rejected_ones() -> None:
    databases = {"metrics": {"tables": {"cpu": {"magnetic_writes": False}}}}
    made = baseline(changed(databases=databases, access={}))
    assert made.of("Bucket") == []
    assert "rejectedRecordsBucket" not in made.outputs
    assert made.named("Table", "baseline-metrics/cpu").inputs["magneticStoreWriteProperties"] == {
        "enableMagneticStoreWrites": False
    }


@pytest.mark.parametrize(
    ("partition_key", "expected"),
    [
        pytest.param(
            {"dimension": "machine"},
            {"type": "DIMENSION", "name": "machine", "enforcementInRecord": "REQUIRED"},
            id="a dimension that every record must have",
        ),
        pytest.param(
            {"dimension": "machine", "enforcement": "optional"},
            {"type": "DIMENSION", "name": "machine", "enforcementInRecord": "OPTIONAL"},
            id="a dimension that records may lack",
        ),
        pytest.param({"measure": True}, {"type": "MEASURE"}, id="the measure name"),
    ],
)
def test_partition_keys(partition_key: Any, expected: Any) -> None:
    databases = {"metrics": {"tables": {"cpu": {"partition_key": partition_key}}}}
    made = baseline(changed(databases=databases, access={}))
    table = made.named("Table", "baseline-metrics/cpu")
    assert table.inputs["schema"] == {"compositePartitionKey": expected}


def test_writers_write_to_their_tables_and_know_only_the_keys_of_their_databases() -> None:
    databases = {**SMALL["databases"], "secret": {}}
    made = baseline(changed(databases=databases))
    statements = made.named("RolePolicy", "baseline-writers/ingest").statements()
    assert statements["WriteRecords"]["Resource"] == [
        f"{TIMESTREAM}/fleet/table/trips",
        f"{TIMESTREAM}/metrics/table/*",
    ]
    keys = made.named("RolePolicy", "baseline-writers/ingest/keys").statements()
    arns = made.outputs["keyArns"]
    assert set(keys["DecryptThroughTimestream"]["Resource"]) == {
        arns["databases/fleet"],
        arns["databases/metrics"],
    }


def test_readers_without_a_list_reach_every_database_of_the_baseline() -> None:
    statements = baseline(SMALL).named("RolePolicy", "baseline-readers/dashboards").statements()
    assert statements["QueryTables"]["Resource"] == [
        f"{TIMESTREAM}/fleet/table/*",
        f"{TIMESTREAM}/metrics/table/*",
    ]


def test_documents_are_readable_at_preview_except_those_that_name_new_keys() -> None:
    made = baseline(SMALL, unknown=True)
    documents = {
        f"{r.type.rsplit(':', 1)[1]} {r.name}": r.inputs[key]
        for r in made.registrations
        for key in ("policy", "assumeRolePolicy")
        if key in r.inputs
    }
    assert {name for name, text in documents.items() if text == UNKNOWN} == {
        "BucketPolicy baseline-rejectedRecords",
        "RolePolicy baseline-readers/dashboards/keys",
        "RolePolicy baseline-writers/ingest/keys",
    }


def test_role_arns_in_a_trust_may_be_computed() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        role = pulumi.Output.from_input("arn:aws:iam::111122223333:role/grafana")
        access = {"readers": {"dashboards": {"trust": {"role_arns": [role], "external_id": "42"}}}}
        args: Any = changed(access=access)
        return TimestreamBaseline("baseline", args).outputs()

    trust = deploy(program).named("Role", "baseline-readers/dashboards").statements("assumeRolePolicy")
    assert trust["NamedRoles"]["Principal"] == {"AWS": "arn:aws:iam::111122223333:role/grafana"}
    assert trust["NamedRoles"]["Condition"] == {"StringEquals": {"sts:ExternalId": "42"}}


def test_role_options() -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
    role = {"trust": TRUST, "max_session_hours": 4, "path": "/timestream/"}
    made = baseline(changed(access={"writers": {"ingest": role}, "permissions_boundary": boundary}))
    inputs = made.named("Role", "baseline-writers/ingest").inputs
    assert inputs["maxSessionDuration"] == 4 * 3600
    assert inputs["path"] == "/timestream/"
    assert inputs["permissionsBoundary"] == boundary
    assert inputs["name"] == "baseline-writers-ingest"


def test_the_topic_is_encrypted_with_a_key_that_cloudwatch_may_use() -> None:
    made = baseline(changed(monitoring={"emails": ["ops@example.org"]}))
    topic = made.named("Topic", "baseline")
    assert topic.inputs["kmsMasterKeyId"] == made.outputs["keyArns"]["topic"]
    statement = made.named("Key", "baseline-topic").statements()["CloudWatchAlarmsPublish"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    subscription = made.of("TopicSubscription")[0]
    assert (subscription.inputs["protocol"], subscription.inputs["endpoint"]) == ("email", "ops@example.org")


def test_mails_leave_out_every_log_file_and_every_scheduled_query_that_went_well() -> None:
    made = baseline(changed(monitoring={"emails": ["ops@example.org"]}))
    (subscription,) = made.of("TopicSubscription")
    assert subscription.document("filterPolicy") == {
        "s3ObjectKey": [{"exists": False}],
        "type": [{"exists": False}, {"anything-but": ["AUTO_TRIGGER_SUCCESS", "MANUAL_TRIGGER_SUCCESS"]}],
    }
    assert subscription.inputs["filterPolicyScope"] == "MessageBody"


def test_an_existing_topic_gets_the_alarms_and_no_other_is_made() -> None:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:existing"
    made = baseline(changed(monitoring={"topic_arn": topic}))
    assert made.of("Topic") == []
    assert made.outputs["topicArn"] == topic
    assert made.outputs["keyArns"].keys() == {"databases/metrics", "databases/fleet", "rejectedRecords"}
    assert {tuple(alarm.inputs["alarmActions"]) for alarm in made.of("MetricAlarm")} == {(topic,)}


def test_the_region_reaches_every_regional_resource_and_every_arn() -> None:
    made = baseline(changed(region="us-east-1"))
    regional = [
        r for r in made.registrations if r.type.startswith("aws:") and not r.type.startswith("aws:iam")
    ]
    assert {r.inputs.get("region") for r in regional} == {"us-east-1"}
    assert made.outputs["endpointUrls"]["query"] == "https://query-cell3.timestream.us-east-1.amazonaws.com"
    texts = {text for r in made.registrations for text in walk(r.inputs)}
    assert [text for text in texts if REGION in text] == []


def test_everything_that_can_be_tagged_is_tagged() -> None:
    made = baseline(SMALL)
    taggable = {"Key", "Database", "Table", "Role", "Topic", "MetricAlarm"}
    for resource in made.registrations:
        if resource.type.rsplit(":", 1)[1] in taggable:
            assert resource.inputs["tags"]["owner"] == "platform", resource.name


def test_a_provider_given_to_the_component_reaches_children_and_questions() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        provider = aws.Provider("other", region="us-east-1")
        return TimestreamBaseline("baseline", SMALL, pulumi.ResourceOptions(providers=[provider])).outputs()

    made = deploy(program)
    children = [r for r in made.registrations if r.type.startswith("aws:")]
    assert all("::other::" in r.provider for r in children), {r.name for r in children if not r.provider}


def test_with_a_provider_of_its_own_the_cells_must_be_given() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        provider = aws.Provider("other", region="us-east-1")
        args: Any = {**SMALL, "network": {"ingest_cell": "cell2"}}
        return TimestreamBaseline("baseline", args, pulumi.ResourceOptions(providers=[provider])).outputs()

    with pytest.raises(ArgumentsError) as caught:
        deploy(program)
    assert str(caught.value) == (
        'the arguments of TimestreamBaseline "baseline" have 1 mistake:\n'
        "  - network.query_cell: is not given and cannot be discovered: the component has a provider of its "
        "own, whose credentials cannot be read from here. Give the cell that "
        "`aws timestream-query describe-endpoints --region eu-west-1` answers, for example cell1"
    )


@pytest.mark.parametrize(
    ("arguments", "network", "advice"),
    [
        pytest.param(
            StackArgs,
            {},
            "to pin them: pulumi config set --path network.ingestCell cell2 && "
            "pulumi config set --path network.queryCell cell3",
            id="stack configuration",
        ),
        pytest.param(
            StackArgs,
            {"ingestCell": "cell2"},
            "to pin them: pulumi config set --path network.queryCell cell3",
            id="stack configuration that names one",
        ),
        pytest.param(
            dict,
            {},
            'to pin them, give "network": {"ingest_cell": "cell2", "query_cell": "cell3"}',
            id="a program",
        ),
        pytest.param(
            dict,
            {"query_cell": "cell3"},
            'to pin them, give "network": {"query_cell": "cell3", "ingest_cell": "cell2"}',
            id="a program that names one",
        ),
        pytest.param(
            CamelCaseArgs,
            {},
            'to pin them, give "network": {"ingestCell": "cell2", "queryCell": "cell3"}',
            id="another language",
        ),
    ],
)
def test_how_to_pin_discovered_cells_is_said_for_the_place_where_the_arguments_stand(
    monkeypatch: pytest.MonkeyPatch, arguments: type[dict[str, Any]], network: dict[str, str], advice: str
) -> None:
    answers = {"ingest": "cell2", "query": "cell3"}

    def asked(kinds: list[str], *_: object) -> dict[str, str]:
        return {kind: answers[kind] for kind in kinds}

    monkeypatch.setattr("timestream_baseline.network.discover_cells", asked)
    made = baseline(arguments({"databases": {"metrics": {}}, "network": network}))
    (said,) = [message for _, message in made.log if message.startswith("discovered")]
    assert said.partition("; ")[2] == advice


def test_administrators_manage_the_keys_when_the_deployer_is_one_of_them() -> None:
    made = baseline(changed(encryption={"administrators": [DEPLOYER]}))
    statements = made.named("Key", "baseline-databases/metrics").statements()
    assert statements["AdministratorsManageWithoutUsing"]["Principal"] == {"AWS": DEPLOYER}


def test_administrators_without_the_deployer_are_refused_before_anything_is_made() -> None:
    other = f"arn:aws:iam::{ACCOUNT}:role/security"
    with pytest.raises(ArgumentsError) as caught:
        baseline(changed(encryption={"administrators": [other]}))
    assert str(caught.value) == (
        'the arguments of TimestreamBaseline "baseline" have 1 mistake:\n'
        f"  - encryption.administrators: lacks {DEPLOYER}, which deploys this stack and could not manage the "
        "keys that it makes; add it"
    )


def test_weakened_defaults_are_announced_once_each() -> None:
    weakened = {"encryption": {"deletion_window_days": 7, "shared_key": True}, "protect_data": False}
    made = baseline({**DEFAULT, **weakened, "access": {}})
    assert [message for level, message in made.log if level == "warning"] == [
        "protect_data is false (default true): destroy deletes what holds data, and its keys (TS-GEN-003)",
        "encryption.deletion_window_days is 7 (default 30): less time to notice the deletion of a key "
        "(TS-KMS-003)",
        "encryption.shared_key is true (default false): one key opens all databases",
    ]


def test_secure_defaults_are_silent() -> None:
    writer = {"ingest": {"trust": {"services": ["glue.amazonaws.com"]}}}
    made = baseline({**DEFAULT, "access": {"writers": writer}})
    assert [message for level, message in made.log if level == "warning"] == []


def test_services_that_cannot_be_held_to_this_account_are_named_once_for_all_roles() -> None:
    assert [message for level, message in baseline(DEFAULT).log if level == "warning"] == [
        "access: AWS offers no condition that ties the trust in lambda.amazonaws.com to this account; "
        "limit who has iam:PassRole on the roles that trust it",
    ]


def test_a_key_of_another_region_is_refused_before_anything_is_made() -> None:
    with pytest.raises(ArgumentsError) as caught:
        baseline(changed(databases={"metrics": {"key_arn": KEY}}, access={}, region="us-east-1"))
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "databases.metrics.key_arn: is a key of eu-west-1, but the database is made in us-east-1; "
        "name a key of that region"
    ]


def test_names_with_characters_that_services_refuse_stay_apart() -> None:
    databases: Any = {"a.b": {}, "a-b": {}}
    aliases = [
        alias.inputs["name"] for alias in baseline(changed(databases=databases, access={})).of("Alias")
    ]
    assert aliases[0] == "alias/baseline/databases/a-b"
    assert re.fullmatch(r"alias/baseline/databases/a-b-[0-9a-f]{8}", aliases[1])
