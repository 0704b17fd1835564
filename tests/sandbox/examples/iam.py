import json

from tests.sandbox.examples import Example, Need


def _trust(service: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"},
            ],
        }
    )


def _allow(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


_ROLE = Need(
    token="aws:iam/role:Role", inputs={"name": "writer", "assumeRolePolicy": _trust("ec2.amazonaws.com")}
)
_READER = Need(
    token="aws:iam/role:Role", inputs={"name": "reader", "assumeRolePolicy": _trust("ec2.amazonaws.com")}
)
_POLICY = Need(
    token="aws:iam/policy:Policy",
    inputs={"name": "boundary", "policy": _allow("timestream:*", "kms:Decrypt")},
)

EXAMPLES: dict[str, Example] = {
    "aws:iam/role:Role": Example(
        needs={"policy": _POLICY},
        inputs={
            "name": "ingest",
            "path": "/meters/",
            "description": "Writes meters",
            "assumeRolePolicy": _trust("ec2.amazonaws.com"),
            "inlinePolicies": [{"name": "write", "policy": _allow("timestream:WriteRecords")}],
            "managedPolicyArns": ["${policy.arn}"],
            "maxSessionDuration": 7200,
            "permissionsBoundary": "${policy.arn}",
            "tags": {"team": "meters"},
        },
        change={
            "assumeRolePolicy": _trust("ecs-tasks.amazonaws.com"),
            "description": "Writes all meters",
            "inlinePolicies": [
                {"name": "describe", "policy": _allow("timestream:DescribeEndpoints")},
                {"name": "write", "policy": _allow("timestream:WriteRecords", "kms:Decrypt")},
            ],
            "managedPolicyArns": [],
            "maxSessionDuration": 3600,
            "tags": {"team": "billing"},
        },
        replace={"name": "query"},
    ),
    "aws:iam/rolePolicy:RolePolicy": Example(
        needs={"role": _ROLE, "other": _READER},
        inputs={"name": "write", "role": "${role.name}", "policy": _allow("timestream:WriteRecords")},
        change={"policy": _allow("timestream:WriteRecords", "timestream:DescribeEndpoints")},
        replace={"role": "${other.name}"},
    ),
    "aws:iam/policy:Policy": Example(
        inputs={
            "name": "read",
            "description": "Reads meters",
            "policy": _allow("timestream:Select"),
            "tags": {"team": "meters"},
        },
        change={"policy": _allow("timestream:Select", "timestream:ListTables"), "tags": {"team": "billing"}},
        replace={"description": "Reads all meters"},
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Example(
        needs={"role": _ROLE, "other": _READER, "policy": _POLICY},
        inputs={"role": "${role.name}", "policyArn": "${policy.arn}"},
        replace={"role": "${other.name}"},
    ),
    "aws:iam/instanceProfile:InstanceProfile": Example(
        needs={"role": _ROLE, "other": _READER},
        inputs={"name": "ingest", "role": "${role.name}", "tags": {"team": "meters"}},
        change={"role": "${other.name}", "tags": {"team": "billing"}},
        replace={"name": "query"},
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Example(
        inputs={
            "url": "https://token.example.org",
            "clientIdLists": ["sts.amazonaws.com"],
            "thumbprintLists": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            "tags": {"team": "meters"},
        },
        change={"clientIdLists": ["sts.amazonaws.com", "meters"], "tags": {"team": "billing"}},
        replace={"url": "https://other.example.org"},
    ),
}
