"""Examples for the rules on access."""

from typing import Any

from timestream_policies.examples import Example, Given, document, example
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.types import (
    ACCESS_KEY,
    GROUP,
    GROUP_POLICY,
    MANAGED_POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    USER,
    USER_GROUP_MEMBERSHIP,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)

TABLE_ARN = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu"
AWS_POLICY = "arn:aws:iam::aws:policy/"


def allow(action: object, resource: object = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that allows."""
    return {"Sid": "It", "Effect": "Allow", "Action": action, "Resource": resource, **more}


WRITE = allow("timestream:WriteRecords", TABLE_ARN)
DISCOVER = allow(["timestream:DescribeEndpoints", "timestream:SelectValues"])


def role_policy(title: str, *statements: dict[str, Any]) -> Example:
    """Return an example of a policy on a role."""
    return example(title, ROLE_POLICY, {"role": "writer", "policy": document(*statements)})


def inline_policy(title: str, *statements: dict[str, Any]) -> Example:
    """Return an example of a policy in a role."""
    return example(title, ROLE, {"inlinePolicies": [{"name": "it", "policy": document(*statements)}]})


def trust(title: str, principal: object, **more: Any) -> Example:
    """Return an example of a role that these may assume."""
    statement = {"Sid": "It", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}
    return example(title, ROLE, {"assumeRolePolicy": document(statement)})


SNIPPET = """\
import json
import pulumi_aws as aws

table = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu"
role = aws.iam.Role(
    "writer",
    name="writer",
    assume_role_policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Lambda",
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }],
    }),
)
policy = aws.iam.RolePolicy(
    "writer",
    role="writer",
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Write", "Effect": "Allow", "Action": "timestream:WriteRecords", "Resource": table},
            {"Sid": "Discover", "Effect": "Allow", "Action": "timestream:DescribeEndpoints", "Resource": "*"},
            {
                "Sid": "ReadKey",
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            },
        ],
    }),
)
"""
ROLE_SNIPPET = """\
import json
import pulumi_aws as aws

aws.iam.Role(
    "writer",
    assume_role_policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Lambda",
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }],
    }),
)
"""

ADMIN_GOOD = (
    role_policy("one table", WRITE, DISCOVER),
    role_policy("denied", {**allow("*"), "Effect": "Deny"}),
)
ADMIN_BAD = (
    role_policy("everything", allow("*")),
    role_policy(
        "everything, in lists, with no effect given", {"Action": ["s3:GetObject", "*"], "Resource": ["*"]}
    ),
    inline_policy("everything, inline", allow("*:*")),
)
ACTIONS_GOOD = ADMIN_GOOD
ACTIONS_BAD = (
    role_policy("every action on one table", allow("*", TABLE_ARN)),
    example(
        "every action, in a managed policy", MANAGED_POLICY, {"policy": document(allow(["*"], TABLE_ARN))}
    ),
)
SERVICE_GOOD = (
    role_policy("named actions", WRITE, DISCOVER),
    role_policy("all ways to describe", allow(["timestream:Describe*", "timestream:List*"], TABLE_ARN)),
    role_policy("another service", allow("s3:*", "arn:aws:s3:::bucket/*")),
)
SERVICE_BAD = (
    role_policy("all of Timestream on one table", allow("timestream:*", TABLE_ARN)),
    role_policy("all ways to delete", allow("timestream:Delete*", TABLE_ARN)),
    role_policy("all of InfluxDB", allow("timestream-influxdb:*", "*")),
    inline_policy("inline", allow(["timestream:U*"], TABLE_ARN)),
)
RESOURCES_GOOD = (
    role_policy("only what knows no resource", DISCOVER),
    role_policy("one table", WRITE),
)
RESOURCES_BAD = (
    role_policy("writes anywhere", allow(["timestream:DescribeEndpoints", "timestream:WriteRecords"])),
    role_policy(
        "any resource of the account",
        allow("timestream:Select", "arn:aws:timestream:eu-west-1:111122223333:*"),
    ),
)
DECRYPT_GOOD = (
    role_policy("one key", allow("kms:Decrypt", KEY_ARN)),
    role_policy(
        "keys of one alias",
        allow("kms:Decrypt", "*", Condition={"StringEquals": {"kms:ResourceAliases": "alias/metrics"}}),
    ),
    role_policy("only listing", allow("kms:ListAliases")),
)
DECRYPT_BAD = (
    role_policy("every key", allow("kms:Decrypt")),
    role_policy("every key of the account", allow("kms:De*", "arn:aws:kms:eu-west-1:111122223333:key/*")),
    role_policy("everything with one key", allow("kms:*", KEY_ARN)),
)
TRUST_GOOD = (
    trust("a service", {"Service": "lambda.amazonaws.com"}),
    trust(
        "one organization", {"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    ),
    trust("everybody is denied", "*", Effect="Deny"),
)
TRUST_BAD = (
    trust("everybody", "*"),
    trust("everybody, in a list", {"AWS": ["arn:aws:iam::111122223333:role/ci", "*"]}),
    trust("any account", {"AWS": "arn:aws:iam::*:root"}),
    trust(
        "everybody if the condition is there",
        "*",
        Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
    ),
)
MANAGED_GOOD = (
    example(
        "an own policy",
        ROLE_POLICY_ATTACHMENT,
        {"role": "r", "policyArn": "arn:aws:iam::111122223333:policy/own"},
    ),
    example("to read S3", ROLE, {"managedPolicyArns": [f"{AWS_POLICY}AmazonS3ReadOnlyAccess"]}),
)
MANAGED_BAD = (
    example(
        "Timestream",
        ROLE_POLICY_ATTACHMENT,
        {"role": "r", "policyArn": f"{AWS_POLICY}AmazonTimestreamFullAccess"},
    ),
    example("on the role", ROLE, {"managedPolicyArns": [f"{AWS_POLICY}AmazonTimestreamConsoleFullAccess"]}),
    example("IAM", POLICY_ATTACHMENT, {"roles": ["r"], "policyArn": f"{AWS_POLICY}IAMFullAccess"}),
)
ADMINISTRATOR_GOOD = MANAGED_GOOD
ADMINISTRATOR_BAD = (
    example(
        "attached", ROLE_POLICY_ATTACHMENT, {"role": "r", "policyArn": f"{AWS_POLICY}AdministratorAccess"}
    ),
    example("on the role", ROLE, {"managedPolicyArns": [f"{AWS_POLICY}AdministratorAccess"]}),
)
NOT_GOOD = (
    role_policy("positive", WRITE),
    role_policy("a Deny for all but one", {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}),
)
NOT_BAD = (
    role_policy("all actions but one", {"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE_ARN}),
    role_policy(
        "all resources but one", {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": TABLE_ARN}
    ),
)
USERS_GOOD = (example("a role", ROLE, {"name": "writer"}),)
USERS_BAD = (example("a user", USER, {"name": "writer"}),)
ROOT_KEY_GOOD = (example("a user's key", ACCESS_KEY, {"user": "writer"}),)
ROOT_KEY_BAD = (example("a key of root", ACCESS_KEY, {"user": "root"}),)
_USER = Given(USER, {"name": "writer"}, "user")
INGEST_GOOD = (
    example("no Timestream", ACCESS_KEY, {"user": "writer"}, _USER,
            Given(USER_POLICY, {"user": "writer", "policy": document(allow("s3:GetObject"))}, "policy")),
    example("a user from elsewhere", ACCESS_KEY, {"user": "other"}),
)  # fmt: skip
INGEST_BAD = (
    example("by its own policy", ACCESS_KEY, {"user": "writer"}, _USER,
            Given(USER_POLICY, {"user": "writer", "policy": document(WRITE)}, "policy")),
    example("by an attached policy", ACCESS_KEY, {"user": "writer"}, _USER,
            Given(MANAGED_POLICY, {"policy": document(WRITE)}, "policy", outputs={"arn": "arn:write"}),
            Given(USER_POLICY_ATTACHMENT, {"user": "writer", "policyArn": "arn:write"}, "attachment")),
    example("by a policy of AWS", ACCESS_KEY, {"user": "writer"}, _USER,
            Given(USER_POLICY_ATTACHMENT,
                  {"user": "writer", "policyArn": f"{AWS_POLICY}AmazonTimestreamFullAccess"}, "attachment")),
    example("by its group", ACCESS_KEY, {"user": "writer"}, _USER,
            Given(GROUP, {"name": "writers"}, "group"),
            Given(USER_GROUP_MEMBERSHIP, {"user": "writer", "groups": ["writers"]}, "membership"),
            Given(GROUP_POLICY, {"group": "writers", "policy": document(WRITE)}, "policy")),
)  # fmt: skip
