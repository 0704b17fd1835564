"""Examples for the rules on statements about Timestream."""

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.examples.access import DISCOVER, TABLE_ARN, WRITE, allow, role_policy
from timestream_policies.types import ROLE_POLICY, SCHEDULED_QUERY

DATABASE_ARN = TABLE_ARN.partition("/table/")[0]
QUERY_ROLE = "arn:aws:iam::111122223333:role/hourly"
_TO_TIMESTREAM = {"StringEquals": {"iam:PassedToService": "timestream.amazonaws.com"}}
PASSING = """\
import json
import pulumi_aws as aws

aws.iam.RolePolicy(
    "deployer",
    role="deployer",
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "PassTheRoleOfTheQuery",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "arn:aws:iam::111122223333:role/hourly",
            "Condition": {"StringEquals": {"iam:PassedToService": "timestream.amazonaws.com"}},
        }],
    }),
)
"""


def _deny(title: str, action: object, resource: object, **more: object) -> Example:
    return role_policy(title, {**allow(action, resource, **more), "Effect": "Deny"})


def _pass(title: str, **more: object) -> Example:
    return example(
        title,
        ROLE_POLICY,
        {"role": "deployer", "policy": document(allow("iam:PassRole", QUERY_ROLE, **more))},
        Given(SCHEDULED_QUERY, {"name": "hourly", "executionRoleArn": QUERY_ROLE}, "query"),
    )


ARN_GOOD = (
    role_policy("one table", WRITE),
    role_policy("all tables of one database", allow("timestream:Select", f"{DATABASE_ARN}/table/*")),
)
ARN_BAD = (
    role_policy("tables by prefix", allow("timestream:Select", f"{TABLE_ARN}*")),
    role_policy("databases by prefix", allow("timestream:Select", f"{DATABASE_ARN}*/table/cpu")),
)
NAMES_GOOD = (role_policy("what there is", WRITE, DISCOVER),)
NAMES_BAD = (
    role_policy("an action of the API that IAM has not", allow("timestream:Query", TABLE_ARN)),
    role_policy("a slip", allow("timesteam:WriteRecords", TABLE_ARN)),
    role_policy(
        "a key that there is not",
        allow("timestream:Select", TABLE_ARN, Condition={"StringEquals": {"timestream:ResourceTag/a": "b"}}),
    ),
)
KINDS_GOOD = (
    role_policy("a table", WRITE, DISCOVER),
    role_policy("tables of a database", allow("timestream:ListTables", DATABASE_ARN)),
)
KINDS_BAD = (
    role_policy("lists tables of a table", allow("timestream:ListTables", TABLE_ARN)),
    role_policy("knows no resource", allow("timestream:DescribeEndpoints", f"{DATABASE_ARN}*")),
)
DENY_GOOD = (
    _deny("deletion", "timestream:DeleteTable", TABLE_ARN),
    _deny("everything", "timestream:*", "*"),
)
DENY_BAD = (
    _deny("a slip", "timesteam:DeleteTable", "*"),
    _deny("a database has no such action", "timestream:DeleteTable", DATABASE_ARN),
    _deny(
        "a key that there is not",
        "timestream:DeleteTable",
        "*",
        Condition={"StringEquals": {"timestream:ResourceTag/keep": "yes"}},
    ),
)
BUCKET_GOOD = (
    role_policy("named", allow("s3:GetObject", ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"])),
)
BUCKET_BAD = (role_policy("goes on", allow("s3:GetObject", "arn:aws:s3:::reports*")),)
PASS_GOOD = (_pass("to Timestream", Condition=_TO_TIMESTREAM),)
PASS_BAD = (_pass("to any service"),)
