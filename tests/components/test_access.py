"""Roles: how they are made and bounded, and what is refused before anything is made."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import Deployment, deploy
from timestream_baseline import TimestreamBaseline
from timestream_baseline.access import AccessRoles
from timestream_baseline.documents.limits import INLINE_POLICIES, MANAGED_POLICY, fits, size
from timestream_baseline.inputs import ArgumentsError, baseline_settings
from timestream_baseline.inputs.trusts import anchored

METRICS = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics"
TABLES = f"{METRICS}/table/*"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
BUCKET = "arn:aws:s3:::exports"
ENDPOINTS = ["vpce-0aaaaaaaaaaaaaaaa", "vpce-0bbbbbbbbbbbbbbbb"]
LAMBDA: Any = {"trust": {"services": ["lambda.amazonaws.com"]}}
TEAM = {"team": "${aws:PrincipalTag/team}"}


def statements(document: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    assert document is not None
    return {statement["Sid"]: statement for statement in document["Statement"]}


# The component.


def made(args: Any, *, unknown: bool = False, **computed: str) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        arguments: Any = {
            **args,
            **{name: pulumi.Output.from_input(value) for name, value in computed.items()},
        }
        return {"roleArns": AccessRoles("baseline", arguments).role_arns}

    return deploy(program, unknown=unknown)


def mistakes(args: Any) -> list[str]:
    with pytest.raises(ArgumentsError) as caught:
        made(args)
    return [str(mistake) for mistake in caught.value.mistakes]


DATABASES: Any = {"databases": {"metrics": ["cpu", "disk"]}, "key_arns": {"metrics": KEY}}


def documents(deployment: Deployment, role: str) -> dict[str, dict[str, Any]]:
    """Return the inline policies of a role by their names."""
    return {
        it.inputs["name"]: it.document()
        for it in deployment.of("RolePolicy")
        if it.inputs["role"] == f"baseline-{role}"
    }


def test_every_kind_of_role() -> None:
    kinds = ("writers", "readers", "admins", "auditors")
    deployment = made(
        {
            **DATABASES,
            **{kind: {"one": LAMBDA} for kind in kinds},
            "unloaders": {"one": {**LAMBDA, "bucket_arn": BUCKET}},
            "batch_loaders": {"one": {**LAMBDA, "bucket_arn": BUCKET}},
            "client_side_key_arn": KEY,
            "log_bucket": "baseline-trail",
        }
    )
    purposes = {
        it.inputs["name"].removeprefix("baseline-"): sorted(documents(deployment, it.inputs["name"][9:]))
        for it in deployment.of("Role")
    }
    assert purposes == {
        "writers-one": ["client-side", "keys", "timestream"],
        "readers-one": ["client-side", "keys", "timestream"],
        "admins-one": ["keys", "timestream"],
        "auditors-one": ["keys", "timestream", "trail"],
        "unloaders-one": ["bucket", "keys", "timestream"],
        "batchLoaders-one": ["bucket", "keys", "timestream"],
    }
    assert set(deployment.outputs["roleArns"]) == {
        *(f"{kind}/one" for kind in kinds),
        "unloaders/one",
        "batchLoaders/one",
    }
    assert deployment.of("Policy") == []


def test_nothing_is_allowed_before_the_refusal_is_in_place() -> None:
    deployment = made(
        {**DATABASES, "endpoint_ids": ENDPOINTS, "writers": {"ingest": {**LAMBDA, "require_endpoint": True}}}
    )
    refusal = deployment.named("RolePolicy", "baseline-writers/ingest/endpoints")
    others = [it for it in deployment.of("RolePolicy") if it is not refusal]
    assert len(others) == 2
    assert all(refusal.urn in it.dependencies for it in others)


def test_what_is_known_can_be_read_at_preview() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        from pulumi_aws import kms

        key = kms.Key("key")
        args: Any = {**DATABASES, "key_arns": {"metrics": key.arn}, "readers": {"bi": LAMBDA}}
        return {"roleArns": AccessRoles("baseline", args).role_arns}

    deployment = deploy(program, unknown=True)
    texts = {it.name: it.inputs["policy"] for it in deployment.of("RolePolicy")}
    assert statements(json.loads(texts["baseline-readers/bi"]))["QueryTables"]["Resource"] == [TABLES]
    assert not texts["baseline-readers/bi/keys"].startswith("{")


def test_computed_values_stand_where_they_belong() -> None:
    deployment = made({"databases": {"metrics": []}, "readers": {"bi": LAMBDA}, "key_arns": {"metrics": KEY}})
    (statement,) = documents(deployment, "readers-bi")["keys"]["Statement"]
    assert statement["Resource"] == [KEY]

    def program() -> dict[str, pulumi.Output[Any]]:
        computed: Any = {
            "databases": {"metrics": []},
            "key_arns": {"metrics": pulumi.Output.from_input(KEY)},
            "endpoint_ids": [pulumi.Output.from_input(endpoint) for endpoint in ENDPOINTS],
            "log_bucket": pulumi.Output.from_input("baseline-trail"),
            "log_group_name": pulumi.Output.from_input("baseline"),
            "unloaders": {"export": {**LAMBDA, "bucket_arn": pulumi.Output.from_input(BUCKET)}},
            "auditors": {"audit": LAMBDA},
            "readers": {"bi": {**LAMBDA, "require_endpoint": True}},
        }
        return {"roleArns": AccessRoles("baseline", computed).role_arns}

    deployment = deploy(program)
    texts = [it.inputs["policy"] for it in deployment.of("RolePolicy")]
    assert not any("<" in text for text in texts)
    assert documents(deployment, "readers-bi")["keys"]["Statement"][0]["Resource"] == [KEY]
    export = statements(documents(deployment, "unloaders-export")["bucket"])
    assert export["WriteResultsIntoTheBucket"]["Resource"] == [f"{BUCKET}/*"]
    condition = export["LookAtTheKeyOfTheBucket"]["Condition"]
    assert condition["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": ["alias/exports"]}
    (refusal,) = documents(deployment, "readers-bi")["endpoints"]["Statement"]
    assert refusal["Condition"]["StringNotEquals"] == {"aws:SourceVpce": ENDPOINTS}
    trail = statements(documents(deployment, "auditors-audit")["trail"])
    assert trail["ReadLogs"]["Resource"] == ["arn:aws:s3:::baseline-trail/*"]


def databases(count: int, length: int = 12) -> dict[str, Any]:
    names = [f"db-{number:04}".ljust(length, "x") for number in range(count)]
    return {
        "databases": {name: [f"t{number:02}x" for number in range(20)] for name in names},
        "key_arns": {name: f"{KEY[:-4]}{number:04}" for number, name in enumerate(names)},
    }


@pytest.mark.parametrize("kind", ["writers", "readers"])
def test_fifty_databases_fit_into_inline_policies(kind: str) -> None:
    deployment = made({**databases(50), kind: {"all": LAMBDA}})
    texts = [it.inputs["policy"] for it in deployment.of("RolePolicy")]
    assert fits(INLINE_POLICIES, *texts)
    assert deployment.of("RolePolicyAttachment") == []
    assert all(" " not in text for text in texts)


@pytest.mark.parametrize(
    ("args", "role"),
    [
        pytest.param({**databases(50, 64), "readers": {"all": LAMBDA}}, "readers/all", id="long names"),
        pytest.param({**databases(80), "admins": {"all": LAMBDA}}, "admins/all", id="many databases"),
        pytest.param(
            {
                **databases(10),
                "readers": {
                    "some": {
                        **LAMBDA,
                        "tables": [f"{d}/t{n:02}x" for d in databases(10)["databases"] for n in range(20)],
                    }
                },
            },
            "readers/some",
            id="many single tables",
        ),
    ],
)
def test_what_exceeds_inline_policies_is_spread_over_managed_ones(args: Any, role: str) -> None:
    deployment = made(args)
    inline = [it.inputs["policy"] for it in deployment.of("RolePolicy")]
    managed = [it.inputs["policy"] for it in deployment.of("Policy")]
    assert fits(INLINE_POLICIES, *inline)
    assert all(fits(MANAGED_POLICY, text) for text in managed)
    assert 1 <= len(managed) <= 10
    assert len(deployment.of("RolePolicyAttachment")) == len(managed)
    # Nothing is lost: everything that was to be reached is named in one of the documents.
    everything = [json.loads(text) for text in (*inline, *managed)]
    named = {arn for it in everything for s in it["Statement"] for arn in s["Resource"]}
    assert set(args["key_arns"].values()) <= named
    if role == "readers/some":
        prefix = METRICS.removesuffix("metrics")
        wanted = {path.replace("/", "/table/") for path in args["readers"]["some"]["tables"]}
        assert {f"{prefix}{path}" for path in wanted} <= named


def test_what_ten_managed_policies_cannot_hold_is_refused_before_anything_is_made() -> None:
    many = databases(60)
    tables = [f"{name}/t{n:02}x" for name in many["databases"] for n in range(20)]
    (mistake,) = mistakes({**many, "readers": {"some": {**LAMBDA, "tables": tables}}})
    assert mistake.startswith("readers.some: reaches so much that it takes ")
    assert mistake.endswith(
        " managed policies, and AWS attaches 10 to a role; name whole databases, or make several roles"
    )


def test_the_baseline_refuses_too_large_roles_before_it_makes_anything() -> None:
    many = databases(60)["databases"]
    tables = [f"{name}/t{n:02}x" for name in many for n in range(20)]
    args: Any = {
        "databases": {name: {"tables": {table: {} for table in of}} for name, of in many.items()},
        "access": {"readers": {"some": {**LAMBDA, "tables": tables}}, "writers": {"all": LAMBDA}},
        "network": {"ingest_cell": "cell2", "query_cell": "cell3"},
    }

    def program() -> dict[str, pulumi.Output[Any]]:
        return {"roleArns": TimestreamBaseline("baseline", args).role_arns}

    with pytest.raises(ArgumentsError) as caught:
        deploy(program)
    (mistake,) = caught.value.mistakes
    assert mistake.path == "access.readers.some"
    assert mistake.reason.startswith("reaches so much that it takes ")


def queries(count: int) -> Any:
    names = [f"query-{number:03}" for number in range(count)]
    target: Any = {
        "table": "metrics/disk",
        "time_column": "hour",
        "dimensions": {"host": "VARCHAR"},
        "measures": {"load": {"type": "DOUBLE"}},
    }
    return {
        "databases": {"metrics": {"tables": {"cpu": {}, "disk": {}}}},
        "scheduled_queries": {
            name: {
                "query": "SELECT 1",
                "schedule": "rate(1 hour)",
                "sources": ["metrics/cpu"],
                "target": target,
            }
            for name in names
        },
        "access": {"auditors": {"audit": LAMBDA}},
        "network": {"ingest_cell": "cell2", "query_cell": "cell3"},
        "audit": {"trail": "none"},
        "backup": {"enabled": False},
    }


def baseline(args: Any) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        return {"keyArns": TimestreamBaseline("baseline", args).key_arns}

    return deploy(program)


def test_auditors_have_the_scheduled_queries_of_the_baseline_described_to_them() -> None:
    deployment = baseline(queries(3))
    found = statements(documents(deployment, "auditors-audit")["keys"])
    keys = deployment.outputs["keyArns"]
    assert found["LookAtKeys"]["Resource"] == [keys["databases/metrics"]]
    described = found["DescribeScheduledQueriesThatOwnKeysEncrypt"]
    assert described["Action"] == ["kms:Decrypt"]
    assert described["Resource"] == [keys[f"scheduledQueries/query-{number:03}"] for number in range(3)]


def test_the_keys_of_scheduled_queries_are_measured_before_anything_is_made() -> None:
    with pytest.raises(ArgumentsError) as caught:
        baseline(queries(800))
    found = {mistake.path: mistake.reason for mistake in caught.value.mistakes}
    assert found["access.auditors.audit"].startswith("reaches so much that it takes ")


NO_ENDPOINT = (
    "access.readers.x.require_endpoint: is true, but there is no endpoint for LiveAnalytics; "
    "give network.vpc_id or network.existing"
)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param({}, [NO_ENDPOINT], id="no endpoints"),
        pytest.param(
            {"network": {"existing": {"influxdb_endpoint_id": ENDPOINTS[0]}}},
            [NO_ENDPOINT],
            id="endpoints of the other engine",
        ),
        pytest.param(
            {"network": {"existing": {"query_endpoint_id": ENDPOINTS[0]}}}, [], id="an existing one"
        ),
        pytest.param(
            {"network": {"vpc_id": "vpc"}},
            ['network.vpc_id: is the text "vpc"; give the id of a VPC such as vpc-0123456789abcdef0'],
            id="nothing is said twice",
        ),
        pytest.param(
            {"databases": {}, "influxdb": {"factory": {}}},
            [
                "access.readers.x: reaches nothing, since there are no databases; leave this role out",
                NO_ENDPOINT,
            ],
            id="no databases",
        ),
    ],
)
def test_mistakes_that_only_the_baseline_can_see(args: Any, expected: list[str]) -> None:
    role = {**LAMBDA, "require_endpoint": True}
    given: Any = {"databases": {"metrics": {}}, "access": {"readers": {"x": role}}, **args}
    found: list[str] = []
    try:
        baseline_settings("baseline", given)
    except ArgumentsError as error:
        found = [str(mistake) for mistake in error.mistakes]
    assert [text for text in found if text.startswith(("access", "network"))] == expected


def test_a_computed_value_that_has_no_room_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match="has 129 characters; the policies of roles have room for 128"):
        made({**DATABASES, "auditors": {"audit": LAMBDA}}, log_group_name="x" * 129)


def test_a_trust_that_is_too_large_is_refused() -> None:
    role_arns = [f"arn:aws:iam::{ACCOUNT}:role/application-number-{n:03}" for n in range(60)]
    (mistake,) = mistakes({**DATABASES, "readers": {"bi": {"trust": {"role_arns": role_arns}}}})
    assert mistake.startswith("readers.bi.trust: makes the trust policy of a role 3,")
    assert mistake.endswith("AWS takes 2,048; name fewer principals, or make several roles")


# Sessions that carry tags.


def test_roles_pass_on_their_own_tags_only() -> None:
    grafana = f"arn:aws:iam::{ACCOUNT}:role/grafana"
    deployment = made(
        {
            **DATABASES,
            "readers": {
                "bi": {"trust": {"role_arns": [grafana]}, "tags_required": {"resource": TEAM}},
                "fixed": {"trust": {"role_arns": [grafana]}, "tags_required": {"resource": {"team": "blue"}}},
            },
        }
    )
    trust = deployment.named("Role", "baseline-readers/bi").statements("assumeRolePolicy")
    assert trust["NamedRolesPassOnTheirOwnTags"] == {
        "Sid": "NamedRolesPassOnTheirOwnTags",
        "Effect": "Allow",
        "Principal": {"AWS": grafana},
        "Action": ["sts:TagSession"],
        "Condition": {
            "StringEquals": {"aws:RequestTag/team": "${aws:PrincipalTag/team}"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
            "Null": {"aws:TagKeys": "false"},
        },
    }
    fixed = deployment.named("Role", "baseline-readers/fixed").statements("assumeRolePolicy")
    assert list(fixed) == ["NamedRoles"]


# The boundary.


def test_every_role_gets_the_boundary() -> None:
    roles_of_all_kinds: Any = {"writers": {"ingest": LAMBDA}, "auditors": {"audit": LAMBDA}}
    deployment = made({**DATABASES, **roles_of_all_kinds, "permissions_boundary": "create"})
    policy = deployment.named("Policy", "baseline-boundary")
    assert policy.inputs["name"] == "baseline-all-boundary"
    for role in deployment.of("Role"):
        assert role.inputs["permissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/baseline-all-boundary"
        assert policy.urn in role.dependencies
    # Alone the part does not know who has made the keys: it names them.
    assert statements(policy.document())["OtherKeys"]["Resource"] == [KEY]


def test_a_boundary_of_ones_own_is_taken_as_it_is() -> None:
    own = f"arn:aws:iam::{ACCOUNT}:policy/guardrail"
    deployment = made({**DATABASES, "writers": {"ingest": LAMBDA}, "permissions_boundary": own})
    assert deployment.of("Policy") == []
    assert [role.inputs["permissionsBoundary"] for role in deployment.of("Role")] == [own]


def test_a_boundary_that_cannot_name_all_databases_says_so() -> None:
    many: Any = {name: [] for name in databases(40)["databases"]}
    deployment = made({"databases": many, "writers": {"all": LAMBDA}, "permissions_boundary": "create"})
    document = deployment.named("Policy", "baseline-boundary").document()
    every = METRICS.replace("metrics", "*")
    assert statements(document)["DatabasesAndTables"]["Resource"] == [every, f"{every}/table/*"]
    assert size(document) <= MANAGED_POLICY.characters
    assert [m for _, m in deployment.log if m.startswith("access.permissions_boundary")] == [
        "access.permissions_boundary: the names of the databases do not fit into one policy, so the boundary "
        "takes in all databases of this account and region; the roles' own policies name theirs"
    ]


# Arguments.


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(
            {"unloaders": {"x": LAMBDA}, "batch_loaders": {"y": LAMBDA}},
            [
                "unloaders.x.bucket_arn: is missing; name the bucket that this role unloads to",
                "batch_loaders.y.bucket_arn: is missing; name the bucket that this role loads from",
            ],
            id="a bucket that is needed",
        ),
        pytest.param(
            {"readers": {"x": {**LAMBDA, "bucket_arn": BUCKET}}},
            ["readers.x.bucket_arn: belongs to unloaders and batch_loaders only; leave it out"],
            id="a bucket that would have no effect",
        ),
        pytest.param(
            {"readers": {"x": {**LAMBDA, "require_endpoint": True}}},
            [
                "readers.x.require_endpoint: is true, but no endpoint is known; name them in endpoint_ids",
            ],
            id="endpoints that nobody knows",
        ),
        pytest.param(
            {
                "endpoint_ids": ENDPOINTS,
                "writers": {
                    "x": {"trust": {"services": ["iot.amazonaws.com"]}, "require_endpoint": True},
                },
            },
            [
                "writers.x.trust.services[0]: is iot.amazonaws.com, which calls from a network of AWS and "
                "never through an endpoint; give it a role without require_endpoint"
            ],
            id="a service that never comes through an endpoint",
        ),
        pytest.param(
            {"writers": {"x": {**LAMBDA, "tags_required": {"request": {"team": "blue"}}}}},
            [
                "writers.x.tags_required.request: belongs to admins only, since no other role creates "
                "anything; leave it out"
            ],
            id="tags on creation for a role that creates nothing",
        ),
        pytest.param(
            {"admins": {"x": {**LAMBDA, "tags_required": {}}}},
            ["admins.x.tags_required: names no tags; name some under resource, or leave it out"],
            id="no tags",
        ),
        pytest.param(
            {"admins": {"x": {**LAMBDA, "tags_required": {"resource": {"team": "${aws:userid}"}}}}},
            [
                'admins.x.tags_required.resource.team: is "${aws:userid}", in which IAM would put something '
                "else; give a plain value, or nothing but ${aws:PrincipalTag/KEY}"
            ],
            id="another variable",
        ),
        pytest.param(
            {
                "admins": {
                    "x": {
                        **LAMBDA,
                        "tags_required": {"resource": {"team": "blue"}, "request": {"team": "red"}},
                    }
                }
            },
            [
                "admins.x.tags_required.request.team: differs from resource, so that the role could not "
                'reach what it creates; give "blue", or leave it out'
            ],
            id="tags that contradict each other",
        ),
        pytest.param(
            {"databases": {}, "readers": {"x": LAMBDA}, "auditors": {"y": LAMBDA}},
            ["readers.x: reaches nothing, since there are no databases; leave this role out"],
            id="nothing to reach",
        ),
        pytest.param(
            {"readers": {"x": {**LAMBDA, "databases": ["metric"], "tables": ["metrics/gpu"]}}},
            [
                'readers.x.databases[0]: names "metric", which is no database of this baseline; '
                'did you mean "metrics"?',
                'readers.x.tables[0]: names "metrics/gpu", which is no table of this baseline; '
                'did you mean "metrics/cpu"?',
            ],
            id="unknown databases and tables",
        ),
        pytest.param(
            {"permissions_boundary": "yes"},
            ['permissions_boundary: is the text "yes"; give "none", "create" or the ARN of a policy'],
            id="another boundary",
        ),
        pytest.param(
            {"break_glass_role_arns": ["arn:aws:iam::000000000000:role/*"]},
            [
                'break_glass_role_arns[0]: is the text "arn:aws:iam::000000000000:role/*"; '
                "give the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)"
            ],
            id="a pattern of roles",
        ),
        pytest.param(
            {"readers": {"x": {"trust": {"services": 1}, "require_endpoint": True, "tags_required": 1}}},
            [
                "readers.x.trust.services: is the number 1; give a list",
                "readers.x.tags_required: is the number 1; give a map",
                "readers.x.require_endpoint: is true, but no endpoint is known; name them in endpoint_ids",
            ],
            id="all at once",
        ),
    ],
)
def test_mistakes(args: Any, expected: list[str]) -> None:
    assert sorted(mistakes({**DATABASES, **args})) == sorted(expected)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("repo:example/telemetry:ref:refs/heads/main", True),
        ("repo:example/*", True),
        ("repo:example/telemetry:*", True),
        ("project_path:example/telemetry:ref_type:branch:ref:*", True),
        ("organization:example:project:telemetry:workspace:*", True),
        ("pulumi:deploy:org:example:project:*", True),
        ("org/0f7a/project/*", True),
        ("repository_owner:example:*", True),
        ("system:serviceaccount:telemetry:ingest", True),
        ("*", False),
        ("repo:*", False),
        ("repo:*/telemetry", False),
        ("repo:exam?le/telemetry", False),
        ("repo:example*", False),
        ("org/*", False),
        ("organization:*", False),
        ("organization:example*", False),
        ("https://example.org/*", False),
        ("system:serviceaccount:*:ingest", False),
    ],
)
def test_wildcards_stay_below_an_organisation(subject: str, expected: bool) -> None:
    assert anchored(subject) is expected
