"""Examples for the rules on what roles may do with Timestream."""

from typing import Any

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.examples.access import DISCOVER, TABLE_ARN, WRITE, allow, role_policy
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.types import (
    DATABASE,
    INSTANCE_PROFILE,
    KEY,
    MANAGED_POLICY,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    SCHEDULED_QUERY,
    TOPIC,
    USER_POLICY,
    VPC_ENDPOINT,
)

READ = allow("timestream:Select", TABLE_ARN)
ROLE_ARN = "arn:aws:iam::111122223333:role/hourly"
_TIMESTREAM = {
    "Effect": "Allow",
    "Principal": {"Service": "timestream.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
_LAMBDA = {**_TIMESTREAM, "Principal": {"Service": "lambda.amazonaws.com"}}
_ENDPOINT = Given(
    VPC_ENDPOINT, {"serviceName": "com.amazonaws.eu-west-1.timestream.ingest-cell1"}, "endpoint"
)
_TIED = {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}
_TARGET = {"timestreamConfiguration": {"databaseName": "metrics", "tableName": "cpu"}}
QUERY_SNIPPET = """\
import json
import pulumi_aws as aws

table = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/"
role = aws.iam.Role(
    "hourly",
    name="hourly",
    assume_role_policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "timestream.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "111122223333"},
                "ArnLike": {"aws:SourceArn": "arn:aws:timestream:eu-west-1:111122223333:scheduled-query/*"},
            },
        }],
    }),
)
policy = aws.iam.RolePolicy(
    "hourly",
    role=role.name,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "timestream:Select", "Resource": table + "cpu"},
            {"Effect": "Allow", "Action": "timestream:WriteRecords", "Resource": table + "hourly"},
            {
                "Effect": "Allow",
                "Action": ["timestream:DescribeEndpoints", "timestream:SelectValues"],
                "Resource": "*",
            },
        ],
    }),
)
query = aws.timestreamquery.ScheduledQuery(
    "hourly",
    name="hourly",
    execution_role_arn=role.arn,
    query_string='SELECT host, AVG(load) AS load, bin(time, 1h) AS hour FROM "metrics"."cpu" GROUP BY 1, 3',
    schedule_configuration={"schedule_expression": "rate(1 hour)"},
    target_configuration={
        "timestream_configuration": {
            "database_name": "metrics",
            "table_name": "hourly",
            "time_column": "hour",
            "dimension_mappings": [{"name": "host", "dimension_value_type": "VARCHAR"}],
            "mixed_measure_mappings": [
                {"source_column": "load", "measure_value_type": "DOUBLE"}
            ],
        },
    },
    notification_configuration={
        "sns_configuration": {"topic_arn": "arn:aws:sns:eu-west-1:111122223333:queries"}
    },
    error_report_configuration={"s3_configuration": {"bucket_name": "failed-queries"}},
)
"""
PROFILE_SNIPPET = """\
import json
import pulumi_aws as aws

role = aws.iam.Role(
    "machines",
    name="machines",
    assume_role_policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }],
    }),
)
policy = aws.iam.RolePolicy(
    "machines",
    role=role.name,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": "timestream:Select",
            "Resource": "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu",
        }],
    }),
)
profile = aws.iam.InstanceProfile("machines", name="machines", role=role.name)
"""
BESIDE_SNIPPET = """\
import json
import pulumi_aws as aws

database = aws.timestreamwrite.Database("metrics", database_name="metrics")
role = aws.iam.Role(
    "writer",
    name="writer",
    assume_role_policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }],
    }),
)
policy = aws.iam.RolePolicy(
    "writer",
    role=role.name,
    policy=database.arn.apply(lambda arn: json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "timestream:WriteRecords", "Resource": f"{arn}/table/*"},
            {"Effect": "Allow", "Action": "timestream:DescribeEndpoints", "Resource": "*"},
        ],
    })),
)
"""


def _role(title: str, *statements: dict[str, Any], others: tuple[Given, ...] = (), **more: Any) -> Example:
    policy = Given(
        ROLE_POLICY, {"role": "writer", "policy": document(*statements)}, "policy", {"role": ("main",)}
    )
    return example(title, ROLE, {"name": "writer", **more}, policy, *others)


def _query(title: str, *statements: dict[str, Any]) -> Example:
    return example(
        title,
        SCHEDULED_QUERY,
        {"executionRoleArn": ROLE_ARN, "targetConfiguration": _TARGET},
        Given(ROLE, {"name": "hourly"}, "role", outputs={"arn": ROLE_ARN}, id="hourly"),
        Given(
            ROLE_POLICY, {"role": "hourly", "policy": document(*statements)}, "policy", {"role": ("role",)}
        ),
    )


def _run(table: str, name: str) -> Given:
    target = {"timestreamConfiguration": {"databaseName": "metrics", "tableName": table}}
    return Given(SCHEDULED_QUERY, {"executionRoleArn": ROLE_ARN, "targetConfiguration": target}, name)


def _runner(title: str, trust: dict[str, Any], *queries: Given) -> Example:
    properties = {"name": "hourly", "assumeRolePolicy": document(trust)}
    return example(title, ROLE, properties, *queries, outputs={"arn": ROLE_ARN})


SPLIT_GOOD = (
    _role("only writes", WRITE),
    _role("of a scheduled query", WRITE, READ, assumeRolePolicy=document(_TIMESTREAM)),
)
SPLIT_BAD = (
    _role("both", WRITE, READ),
    example("both, in two places", ROLE,
            {"name": "writer", "inlinePolicies": [{"name": "it", "policy": document(WRITE)}]},
            Given(MANAGED_POLICY, {"policy": document(READ)}, "policy", outputs={"arn": "arn:read"}),
            Given(ROLE_POLICY_ATTACHMENT, {"role": "writer", "policyArn": "arn:read"}, "attachment",
                  {"role": ("main",), "policyArn": ("policy",)})),
)  # fmt: skip
_DELETE = allow("timestream:DeleteTable", TABLE_ARN)
DESTRUCTIVE_GOOD = (
    role_policy("only writes", WRITE),
    example("an administrator", ROLE_POLICY, {"role": "timestream-admin", "policy": document(_DELETE)}),
    example("attached to nobody", MANAGED_POLICY, {"policy": document(_DELETE)}),
)
DESTRUCTIVE_BAD = (
    role_policy("of a writer", _DELETE),
    example("of a user", USER_POLICY, {"user": "admin", "policy": document(_DELETE)}),
    example("attached", MANAGED_POLICY, {"policy": document(allow("timestream:Up*", TABLE_ARN))},
            Given(ROLE, {"name": "writer"}, "role"),
            Given(ROLE_POLICY_ATTACHMENT, {"role": "writer", "policyArn": "arn:p"}, "attachment"),
            outputs={"arn": "arn:p"}),
)  # fmt: skip
_UNLOAD = allow("timestream:Unload", TABLE_ARN)
UNLOAD_GOOD = (_role("one bucket", _UNLOAD, allow("s3:PutObject", "arn:aws:s3:::lake/*")),)
UNLOAD_BAD = (
    _role("any bucket", _UNLOAD, allow("s3:PutObject")),
    _role("any bucket, longer written", _UNLOAD, allow("s3:Put*", "arn:aws:s3:::*/*")),
)
DISCOVER_GOOD = (_role("both", WRITE, DISCOVER), _role("no Timestream", allow("s3:GetObject")))
DISCOVER_BAD = (_role("only writes", WRITE),)
TIED_GOOD = (
    _role(
        "a Deny",
        WRITE,
        {**allow("timestream:*"), **_TIED, "Effect": "Deny"},
        others=(_ENDPOINT,),
        assumeRolePolicy=document(_LAMBDA),
    ),
    _role("no endpoint here", WRITE),
)
TIED_BAD = (_role("from anywhere", WRITE, others=(_ENDPOINT,), assumeRolePolicy=document(_LAMBDA)),)


def _profile(title: str, *statements: dict[str, Any]) -> Example:
    return example(
        title,
        INSTANCE_PROFILE,
        {"role": "machine"},
        Given(ROLE, {"name": "machine"}, "role"),
        Given(
            ROLE_POLICY, {"role": "machine", "policy": document(*statements)}, "policy", {"role": ("role",)}
        ),
    )


PROFILE_GOOD = (_profile("reads", READ),)
PROFILE_BAD = (_profile("writes", WRITE),)
BESIDE_GOOD = (
    example("with a writer", DATABASE, {"databaseName": "metrics"},
            Given(ROLE, {"name": "writer"}, "role"),
            Given(ROLE_POLICY, {"role": "writer", "policy": document(WRITE)}, "policy")),
)  # fmt: skip
BESIDE_BAD = (example("alone", DATABASE, {"databaseName": "metrics"}),)
EXECUTION_GOOD = (_query("its tables", WRITE, READ, DISCOVER),)
EXECUTION_BAD = (
    _query("another table", allow("timestream:WriteRecords", f"{TABLE_ARN}2"), READ),
    _query("every table", WRITE, allow("timestream:Select")),
)


def _reports(title: str, *statements: dict[str, Any], key: tuple[dict[str, Any], ...] = ()) -> Example:
    return example(
        title,
        SCHEDULED_QUERY,
        {
            "executionRoleArn": "hourly",
            "notificationConfiguration": {"snsConfiguration": {"topicArn": "queries"}},
        },
        Given(ROLE, {"name": "hourly"}, "role"),
        Given(ROLE_POLICY, {"role": "hourly", "policy": document(*statements)}, "policy"),
        Given(TOPIC, {"name": "queries", "kmsMasterKeyId": KEY_ARN}, "topic"),
        Given(KEY, {"policy": document(*key)}, "key", outputs={"arn": KEY_ARN}),
    )


USES_KEY = allow(["kms:Decrypt", "kms:GenerateDataKey*"], KEY_ARN)
REPORTS_GOOD = (
    _reports("by its own policy", USES_KEY),
    _reports("by the key's policy", key=({**allow("kms:*"), "Principal": {"AWS": ROLE_ARN}},)),
)
REPORTS_BAD = (
    _reports("not at all", READ),
    _reports("reads only", allow("kms:Decrypt", KEY_ARN)),
)
SHARED_GOOD = (_runner("one query", _TIMESTREAM, _run("cpu", "one")),)
SHARED_BAD = (
    _runner("two targets", _TIMESTREAM, _run("cpu", "one"), _run("memory", "two")),
    _runner("another service too", _LAMBDA, _run("cpu", "one")),
)
