"""Arguments: every kind of mistake with its whole message, and everything at once."""

import dataclasses
import math
import sys
from typing import Any

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timestream_baseline.inputs import (
    ArgumentsError,
    Baseline,
    CamelCaseArgs,
    access,
    audit,
    backup,
    baseline_settings,
    databases,
    encryption,
    influxdb,
    monitoring,
    network,
    scheduled_queries,
    shared,
    trusts,
)
from timestream_baseline.inputs import baseline as whole
from timestream_baseline.inputs.mistakes import camel_case, path_text, snake_case

SECTIONS = (
    access,
    trusts,
    audit,
    backup,
    databases,
    encryption,
    influxdb,
    monitoring,
    network,
    scheduled_queries,
    shared,
    whole,
)
ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
TRUST = {"services": ["lambda.amazonaws.com"]}
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
OIDC = {
    "provider_arn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
    "audience": "sts.amazonaws.com",
    "subjects": ["repo:example/telemetry:ref:refs/heads/main"],
}


def mistakes(args: Any) -> list[str]:
    try:
        baseline_settings("baseline", args)
    except ArgumentsError as error:
        return [str(mistake) for mistake in error.mistakes]
    return []


@pytest.mark.parametrize("name", ["aws", "aws/metrics"])
def test_a_component_is_refused_if_its_aliases_would_be(name: str) -> None:
    with pytest.raises(ArgumentsError) as caught:
        baseline_settings(name, {"databases": {"metrics": {}}})
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        f'the component is named "{name}", and AWS keeps aliases under alias/aws/ for itself; rename it'
    ]


def with_table(**table: Any) -> Any:
    return {"databases": {"metrics": {"tables": {"cpu": table}}}}


def with_writer(**role: Any) -> Any:
    return {
        "databases": {"metrics": {"tables": {"cpu": {}}}},
        "access": {"writers": {"ingest": {"trust": TRUST, **role}}},
    }


def with_trust(**trust: Any) -> Any:
    return with_writer(trust=trust)


def beside(**sections: Any) -> Any:
    return {"databases": {"metrics": {}}, **sections}


TABLE = "databases.metrics.tables.cpu"
WRITER = "access.writers.ingest"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(
            {},
            ["databases: is missing; name at least one database, or an instance of influxdb"],
            id="nothing at all",
        ),
        pytest.param(3, ["is the number 3; give a map"], id="no map"),
        pytest.param(
            {"databases": ["metrics"]}, ["databases: is a list; give a map"], id="a list of databases"
        ),
        pytest.param(
            {"databases": {"metrics": None}},
            ["databases.metrics: has no value; write {} for the defaults"],
            id="a database without value",
        ),
        pytest.param(
            {"databases": {"m": {}}},
            ['databases.m: is named "m"; give a name of 3 to 64 letters, digits and the characters _ . -'],
            id="a name that is too short",
        ),
        pytest.param(
            {"databases": {"my metrics": {}}},
            [
                'databases["my metrics"]: is named "my metrics"; '
                "give a name of 3 to 64 letters, digits and the characters _ . -"
            ],
            id="a name with a space",
        ),
        pytest.param(
            with_table(memory_retention_hours=0),
            [f"{TABLE}.memory_retention_hours: is the number 0; give a whole number from 1 to 8766"],
            id="a number below its range",
        ),
        pytest.param(
            with_table(magnetic_retention_days=73001),
            [f"{TABLE}.magnetic_retention_days: is the number 73001; give a whole number from 1 to 73000"],
            id="a number above its range",
        ),
        pytest.param(
            with_table(memory_retention_hours=1.5),
            [f"{TABLE}.memory_retention_hours: is the number 1.5; give a whole number from 1 to 8766"],
            id="a fraction",
        ),
        pytest.param(
            with_table(memory_retention_hours=10**300, magnetic_retention_days=10**5000),
            [
                f"{TABLE}.memory_retention_hours: is the number 1{'0' * 78}…; "
                "give a whole number from 1 to 8766",
                f"{TABLE}.magnetic_retention_days: is a number too large to show; "
                "give a whole number from 1 to 73000",
            ],
            id="numbers that no float holds",
        ),
        pytest.param(
            beside(monitoring={"thresholds": {"system_errors": 10**400, "user_errors": math.nan}}),
            [
                "monitoring.thresholds.system_errors: is a number too large to show; "
                "give a number of at least 1",
                "monitoring.thresholds.user_errors: is the number nan; give a number of at least 1",
            ],
            id="thresholds that no float holds",
        ),
        pytest.param(
            with_trust(role_arns=["arn:aws:iam::００００００００００００:role/app"]),
            [
                f'{WRITER}.trust.role_arns[0]: is the text "arn:aws:iam::００００００００００００:role/app"; '
                "give the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)"
            ],
            id="digits that are none of ASCII's",
        ),
        pytest.param(
            with_trust(oidc=[{**OIDC, "subjects": ["${token.actions.githubusercontent.com:sub}"]}]),
            [
                f"{WRITER}.trust.oidc[0].subjects[0]: "
                'is the text "${token.actions.githubusercontent.com:sub}"; '
                "give a subject of the tokens, without variables"
            ],
            id="a subject that is every subject",
        ),
        pytest.param(
            beside(access={"writers": {"ingest/keys": {"trust": TRUST}}}),
            [
                'access.writers["ingest/keys"]: is named "ingest/keys"; '
                "give a name of 1 to 64 letters, digits and the characters + = , . @ _ -"
            ],
            id="a role named like the policy of another",
        ),
        pytest.param(
            with_table(memory_retention_hours=math.nan),
            [f"{TABLE}.memory_retention_hours: is the number nan; give a whole number from 1 to 8766"],
            id="no number",
        ),
        pytest.param(
            with_table(memory_retention_hours="24"),
            [f'{TABLE}.memory_retention_hours: is the text "24"; give a whole number from 1 to 8766'],
            id="a number as text",
        ),
        pytest.param(
            with_table(memory_retention_hours=True),
            [f"{TABLE}.memory_retention_hours: is true; give a whole number from 1 to 8766"],
            id="a boolean as number",
        ),
        pytest.param(
            with_table(magnetic_writes="yes"),
            [f'{TABLE}.magnetic_writes: is the text "yes"; give true or false'],
            id="text as boolean",
        ),
        pytest.param(
            with_table(retention=3),
            [
                f"{TABLE}.retention: is unknown; known are "
                "magnetic_retention_days, magnetic_writes, memory_retention_hours, partition_key, tags"
            ],
            id="an unknown property",
        ),
        pytest.param(
            with_table(magnetic_retention_day=3),
            [f"{TABLE}.magnetic_retention_day: is unknown; did you mean magnetic_retention_days?"],
            id="a misspelt property",
        ),
        pytest.param(
            with_table(magnetic_writes=True, magneticWrites=True),
            [f"{TABLE}.magneticWrites: is given twice, as magnetic_writes and as magneticWrites; keep one"],
            id="both spellings",
        ),
        pytest.param(
            with_table(partition_key={}),
            [f"{TABLE}.partition_key: needs exactly one of dimension and measure"],
            id="an empty partition key",
        ),
        pytest.param(
            with_table(partition_key={"dimension": "machine", "measure": True}),
            [f"{TABLE}.partition_key: needs exactly one of dimension and measure"],
            id="two partition keys",
        ),
        pytest.param(
            with_table(partition_key={"measure": False}),
            [f"{TABLE}.partition_key.measure: is false; give true, or leave it out"],
            id="a partition key that says no",
        ),
        pytest.param(
            with_table(partition_key={"dimension": "machine", "enforcement": "REQUIRED"}),
            [f'{TABLE}.partition_key.enforcement: is the text "REQUIRED"; give "required" or "optional"'],
            id="a word that is none of the choices",
        ),
        pytest.param(
            with_table(tags={"aws:owner": "x"}),
            [
                f'{TABLE}.tags["aws:owner"]: is named "aws:owner"; '
                "give a tag key of 1 to 128 characters that does not begin with aws:"
            ],
            id="a reserved tag",
        ),
        pytest.param(
            {"databases": {"metrics": {"key_arn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/mine"}}},
            [
                f'databases.metrics.key_arn: is the text "arn:aws:kms:eu-west-1:{ACCOUNT}:alias/mine"; '
                "give the ARN of a key, not of an alias (arn:aws:kms:REGION:ACCOUNT:key/ID)"
            ],
            id="an alias as key",
        ),
        pytest.param(
            beside(encryption={"rotation_period_days": 366}),
            ["encryption.rotation_period_days: is the number 366; give a whole number from 90 to 365"],
            id="a rotation that is too rare",
        ),
        pytest.param(
            beside(encryption={"administrators": [ROLE, ROLE]}),
            [f'encryption.administrators[1]: repeats "{ROLE}"; name it once'],
            id="a repeated item",
        ),
        pytest.param(
            beside(network={"ingest_cell": "query-cell2"}),
            ['network.ingest_cell: is the text "query-cell2"; give a cell such as "cell2" or "ingest-cell2"'],
            id="the cell of the other kind",
        ),
        pytest.param(
            beside(region="Ireland"),
            ['region: is the text "Ireland"; give a region such as eu-west-1'],
            id="no region",
        ),
        pytest.param(
            beside(monitoring={"period_seconds": 90}),
            [
                "monitoring.period_seconds: is the number 90; "
                "give a whole number from 60 to 86400 that is a multiple of 60"
            ],
            id="a period between minutes",
        ),
        pytest.param(
            beside(monitoring={"thresholds": {"system_errors": 0}}),
            ["monitoring.thresholds.system_errors: is the number 0; give a number of at least 1"],
            id="a threshold that always alarms",
        ),
        pytest.param(
            beside(
                monitoring={
                    "emails": ["ops@example.org"],
                    "topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:mine",
                }
            ),
            ["monitoring.emails: cannot be subscribed to an existing topic_arn; keep one of the two"],
            id="subscriptions to somebody else's topic",
        ),
        pytest.param(
            with_writer(databases=["metric"]),
            [
                f'{WRITER}.databases[0]: names "metric", which is no database of this baseline; '
                'did you mean "metrics"?'
            ],
            id="a role on a misspelt database",
        ),
        pytest.param(
            with_writer(tables=["fleet/trips"]),
            [
                f'{WRITER}.tables[0]: names "fleet/trips", which is no table of this baseline; '
                "known are metrics/cpu"
            ],
            id="a role on an unknown table",
        ),
        pytest.param(
            {
                "databases": {"metrics": {"tables": ["cpu"]}},
                "access": {"writers": {"ingest": {"trust": TRUST, "tables": ["metrics/cpu"]}}},
            },
            ["databases.metrics.tables: is a list; give a map"],
            id="one mistake is not reported as two",
        ),
        pytest.param(
            with_writer(tables=["cpu"]),
            [f'{WRITER}.tables[0]: is the text "cpu"; give a table as "database/table"'],
            id="a table without its database",
        ),
        pytest.param(
            with_writer(databases=[]),
            [f"{WRITER}: names no database and no table; leave both lists out for all databases"],
            id="an empty list never means everything",
        ),
        pytest.param(
            {"databases": {"metrics": {}}, "access": {"writers": {"ingest": {}}}},
            [f"{WRITER}.trust: is missing; say who may assume this role"],
            id="a role without trust",
        ),
        pytest.param(
            with_trust(),
            [
                f"{WRITER}.trust: trusts nobody; name services, role_arns or oidc, or set eks_pod_identity",
            ],
            id="a trust in nobody",
        ),
        pytest.param(
            with_trust(services=["lambda"]),
            [
                f'{WRITER}.trust.services[0]: is the text "lambda"; '
                "give a service principal such as lambda.amazonaws.com"
            ],
            id="a service without its domain",
        ),
        pytest.param(
            with_trust(role_arns=["*"]),
            [
                f'{WRITER}.trust.role_arns[0]: is the text "*"; '
                "give the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)"
            ],
            id="trust in everybody",
        ),
        pytest.param(
            with_trust(services=["lambda.amazonaws.com"], external_id="42"),
            [f"{WRITER}.trust.external_id: works with role_arns only; name the roles or leave it out"],
            id="an external id for services",
        ),
        pytest.param(
            with_trust(oidc=[{}]),
            [
                f"{WRITER}.trust.oidc[0].provider_arn: is missing; name the identity provider",
                f"{WRITER}.trust.oidc[0].audience: is missing; tokens made for others would be accepted",
                f"{WRITER}.trust.oidc[0].subjects: is missing; the provider's every user would be trusted",
            ],
            id="an identity provider without limits",
        ),
        pytest.param(
            with_trust(oidc=[{**OIDC, "subjects": ["repo:*"]}]),
            [
                f'{WRITER}.trust.oidc[0].subjects[0]: is "repo:*", whose wildcard is not anchored below an '
                "organisation or repository; write at least the organisation before it, such as "
                "repo:my-organisation/my-repository:*"
            ],
            id="a wildcard for every organisation",
        ),
        pytest.param(
            with_writer(bucket_arn="arn:aws:s3:::lake"),
            [f"{WRITER}.bucket_arn: belongs to unloaders and batch_loaders only; leave it out"],
            id="a property of another kind of role",
        ),
        pytest.param(
            {
                "databases": {"m": {"tables": {"cpu": {"memory_retention_hours": 0}}}},
                "access": {"writers": {"ingest": {"databases": ["fleet"]}}},
                "protect_data": "no",
                "regio": "eu-west-1",
            },
            [
                'databases.m: is named "m"; give a name of 3 to 64 letters, digits and the characters _ . -',
                "databases.m.tables.cpu.memory_retention_hours: is the number 0; "
                "give a whole number from 1 to 8766",
                f"{WRITER}.trust: is missing; say who may assume this role",
                'protect_data: is the text "no"; give true or false',
                "regio: is unknown; did you mean region?",
                f'{WRITER}.databases[0]: names "fleet", which is no database of this baseline; known are m',
            ],
            id="every mistake at once",
        ),
    ],
)
def test_mistakes(args: Any, expected: list[str]) -> None:
    assert mistakes(args) == expected


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(
            beside(influxdb={}, scheduled_queries={}, audit={}, backup={}, adopt=[], acknowledge=[]),
            id="empty sections of later parts",
        ),
        pytest.param(with_table(memory_retention_hours=24.0), id="whole numbers that arrive as floats"),
        pytest.param(with_table(memoryRetentionHours=24), id="camelCase inside"),
        pytest.param(
            {"databases": {"metrics": {}}, "protectData": False}, id="camelCase at the top in Python"
        ),
        pytest.param(with_table(partition_key=None), id="null is absent"),
        pytest.param(with_trust(oidc=[OIDC]), id="an identity provider"),
        pytest.param(
            with_trust(oidc=[{**OIDC, "subjects": ["repo:example/*"]}]), id="a wildcard below an organisation"
        ),
        pytest.param(
            {"databases": {"metrics": {"key_arn": pulumi.Output.from_input(KEY)}}}, id="a computed key"
        ),
        pytest.param(with_trust(role_arns=[pulumi.Output.secret(ROLE)]), id="a secret role"),
    ],
)
def test_what_is_accepted(args: Any) -> None:
    assert mistakes(args) == []


def test_cells_are_accepted_with_and_without_their_kind() -> None:
    network = baseline_settings(
        "baseline", beside(network={"ingest_cell": "ingest-cell2", "query_cell": "cell3"})
    ).network
    assert (network.ingest_cell, network.query_cell) == ("cell2", "cell3")


COMPUTED = pulumi.Output.from_input("x")
PLAIN = "is an Output, but this value must be known before anything is created; give a plain value"


@pytest.mark.parametrize(
    ("args", "path"),
    [
        pytest.param({"databases": COMPUTED}, "databases", id="a map"),
        pytest.param({"databases": {"metrics": COMPUTED}}, "databases.metrics", id="an object"),
        pytest.param(
            with_table(memory_retention_hours=COMPUTED), f"{TABLE}.memory_retention_hours", id="a number"
        ),
        pytest.param(beside(protect_data=COMPUTED), "protect_data", id="a boolean"),
        pytest.param(with_writer(tables=COMPUTED), f"{WRITER}.tables", id="a list"),
        pytest.param(with_writer(databases=[COMPUTED]), f"{WRITER}.databases[0]", id="a name in a list"),
        pytest.param(with_table(tags={"a": COMPUTED}), f"{TABLE}.tags.a", id="a tag"),
        pytest.param(beside(region=COMPUTED), "region", id="text"),
    ],
)
def test_an_output_where_a_plain_value_is_needed_is_a_mistake_with_its_path(args: Any, path: str) -> None:
    assert mistakes(args) == [f"{path}: {PLAIN}"]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(
            {"databases": {"metrics": {}}, "protect_data": False},
            ["protect_data: is unknown; did you mean protectData?"],
            id="snake_case at the top names the right spelling",
        ),
        pytest.param(
            with_table(memory_retention_hours=0),
            [f"{TABLE}.memory_retention_hours: is the number 0; give a whole number from 1 to 8766"],
            id="snake_case inside is accepted",
        ),
        pytest.param(
            with_table(magneticRetentionDay=1),
            [f"{TABLE}.magneticRetentionDay: is unknown; did you mean magneticRetentionDays?"],
            id="proposals are in camelCase",
        ),
        pytest.param(
            with_trust(oidc=[{"subjects": ["a"]}]),
            [
                f"{WRITER}.trust.oidc[0].providerArn: is missing; name the identity provider",
                f"{WRITER}.trust.oidc[0].audience: is missing; tokens made for others would be accepted",
            ],
            id="missing properties are in camelCase",
        ),
        pytest.param(
            with_trust(),
            [f"{WRITER}.trust: trusts nobody; name services, roleArns or oidc, or set eksPodIdentity"],
            id="reasons are in camelCase",
        ),
    ],
)
def test_configuration_and_other_languages_write_camel_case(args: Any, expected: list[str]) -> None:
    assert mistakes(CamelCaseArgs(args)) == expected


def test_names_that_meet_in_aws_are_a_mistake() -> None:
    role = {"trust": TRUST}
    args: Any = beside(access={"readers": {"bi": role, "BI": role, "b,i": role}})
    assert mistakes(args) == [
        "access.readers.BI: becomes baseline-readers-BI in AWS, as access.readers.bi does; rename one of them"
    ]


def test_the_error_lists_everything_and_is_what_pulumi_prints_without_a_trace() -> None:
    with pytest.raises(ArgumentsError) as caught:
        baseline_settings("baseline", {"databases": {"metrics": {"tables": {"cp": {}}}}, "regio": "x"})
    error = caught.value
    assert isinstance(error, pulumi.InputPropertiesError)
    assert isinstance(error, pulumi.RunError)
    assert str(error) == (
        'the arguments of TimestreamBaseline "baseline" have 2 mistakes:\n'
        '  - databases.metrics.tables.cp: is named "cp"; give a name of 3 to 64 letters, digits and the '
        "characters _ . -\n"
        "  - regio: is unknown; did you mean region?"
    )
    assert [detail["property_path"] for detail in error.errors or []] == [
        "databases.metrics.tables.cp",
        "regio",
    ]


def test_defaults_are_those_of_the_contract() -> None:
    baseline = baseline_settings("baseline", {"databases": {"metrics": {"tables": {"cpu": {}}}}})
    assert dataclasses.asdict(baseline) == {
        "databases": {
            "metrics": {
                "tables": {
                    "cpu": {
                        "memory_retention_hours": 24,
                        "magnetic_retention_days": 365,
                        "magnetic_writes": True,
                        "partition_key": None,
                        "tags": {},
                    }
                },
                "key_arn": None,
                "tags": {},
            }
        },
        "influxdb": {},
        "scheduled_queries": {},
        "encryption": {
            "administrators": (),
            "rotation_period_days": 365,
            "deletion_window_days": 30,
            "multi_region": False,
            "replica_regions": (),
            "shared_key": False,
            "client_side_key": False,
        },
        "network": {
            "vpc_id": None,
            "subnet_ids": None,
            "client_security_group_ids": (),
            "client_cidrs": (),
            "ingest_cell": None,
            "query_cell": None,
            "private_dns": True,
            "also": (),
            "also_allow_databases": (),
            "organization_id": None,
            "existing": None,
        },
        "access": {
            "writers": {},
            "readers": {},
            "admins": {},
            "auditors": {},
            "unloaders": {},
            "batch_loaders": {},
            "permissions_boundary": "none",
            "break_glass_role_arns": (),
        },
        "audit": {
            "trail": "create",
            "trail_arn": None,
            "existing_log_group_name": None,
            "data_events": True,
            "management_events": True,
            "insights": True,
            "multi_region": True,
            "log_group": True,
            "log_retention_days": 400,
            "object_lock_mode": "governance",
            "object_lock_days": 365,
            "access_logs": True,
            "given": frozenset(),
        },
        "monitoring": {
            "emails": (),
            "topic_arn": None,
            "dashboard": True,
            "change_events": None,
            "cis_filters": None,
            "period_seconds": 300,
            "thresholds": {
                "system_errors": 1,
                "user_errors": 10,
                "rejected_records": 1,
                "rejected_upload_failures": 1,
                "write_latency_p99_ms": 1000,
                "query_latency_p99_ms": 10000,
                "active_partitions": 200,
                "influx_cpu": 80,
                "influx_memory": 90,
                "influx_disk": 75,
            },
        },
        "backup": {
            "enabled": True,
            "schedule": "cron(0 3 * * ? *)",
            "retention_days": 35,
            "cold_after_days": None,
            "vault_lock": "governance",
            "copy_to_vault_arn": None,
            "notify": True,
        },
        "adopt": (),
        "acknowledge": (),
        "protect_data": True,
        "tags": {},
        "region": "",
    }


@pytest.mark.parametrize(
    "settings_class",
    [
        value
        for module in SECTIONS
        for value in vars(module).values()
        if dataclasses.is_dataclass(value) and isinstance(value, type) and value.__module__ == module.__name__
    ],
    ids=lambda value: value.__name__,
)
def test_public_types_name_the_same_properties_as_the_settings(settings_class: Any) -> None:
    name = "TimestreamBaseline" if settings_class is Baseline else settings_class.__name__
    arguments = getattr(sys.modules[settings_class.__module__], f"{name}Args")
    given = [field.name for field in dataclasses.fields(settings_class) if "kind" in field.metadata]
    assert sorted(arguments.__annotations__) == sorted(given)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (["databases", "metrics"], "databases.metrics"),
        (["databases", "a.b", "tables", 0], 'databases["a.b"].tables[0]'),
        ([], ""),
    ],
)
def test_paths_are_written_as_pulumi_writes_them(path: list[str | int], text: str) -> None:
    assert path_text(path) == text


def test_names_translate_both_ways() -> None:
    for settings_class in (Baseline, databases.Table, monitoring.Monitoring, trusts.Trust):
        for item in dataclasses.fields(settings_class):
            assert snake_case(camel_case(item.name)) == item.name


NAMES = st.sampled_from(
    [
        field.name
        for cls in (Baseline, databases.Database, databases.Table, access.Role, trusts.Trust)
        for field in dataclasses.fields(cls)
    ]
    + ["metrics", "cpu", "ingest", "m", "", "a b", "keyArn", "protectData", "vpc_id", "audit"]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["metrics", "metrics/cpu", "lambda.amazonaws.com", KEY, ROLE]),
    st.just(COMPUTED),
    st.builds(object),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.integers(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(args=st.dictionaries(NAMES, VALUES, max_size=5) | VALUES, camel=st.booleans())
def test_whatever_is_given_no_other_error_than_ours_comes_out(args: Any, camel: bool) -> None:
    if camel and isinstance(args, dict):
        args = CamelCaseArgs(args)
    try:
        result = baseline_settings("baseline", args)
    except ArgumentsError as error:
        assert error.mistakes  # noqa: PT017 - both outcomes are right, a third is not
        return
    assert isinstance(result, Baseline)


@settings(max_examples=100, deadline=None)
@given(hours=st.integers(-10, 9000), days=st.integers(-10, 80000))
def test_every_wrong_number_is_reported_and_every_right_one_kept(hours: int, days: int) -> None:
    found = mistakes(with_table(memory_retention_hours=float(hours), magnetic_retention_days=days))
    assert len(found) == (not 1 <= hours <= 8766) + (not 1 <= days <= 73000)
