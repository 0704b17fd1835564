"""Examples for the rules on actions that give more than they say."""

from timestream_policies.examples.access import allow, inline_policy, role_policy
from timestream_policies.examples.service_access import OBJECTS

ONE_ROLE = "arn:aws:iam::111122223333:role/query"

CREDENTIALS_GOOD = (
    role_policy("one user", allow("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/ci")),
    role_policy("who am I", allow("sts:GetCallerIdentity")),
)
CREDENTIALS_BAD = (
    role_policy("keys for anybody", allow("iam:CreateAccessKey")),
    role_policy("by a pattern", allow("sts:Assume*")),
)
DATA_GOOD = (
    role_policy("one bucket", allow("s3:GetObject", OBJECTS)),
    role_policy("only names", allow("secretsmanager:ListSecrets")),
)
DATA_BAD = (
    role_policy("every object", allow("s3:GetObject")),
    role_policy("every parameter", allow("ssm:Get*")),
)
ESCALATION_GOOD = (
    role_policy("one role", allow("iam:PutRolePolicy", ONE_ROLE)),
    role_policy("runs with one role", allow("iam:PassRole", ONE_ROLE), allow("lambda:CreateFunction")),
)
ESCALATION_BAD = (
    role_policy("anybody's password", allow("iam:UpdateLoginProfile")),
    role_policy("runs as anybody", allow(["iam:PassRole", "lambda:CreateFunction"])),
    inline_policy("by a pattern", allow("iam:Put*")),
)
PASS_GOOD = (
    role_policy("one role", allow("iam:PassRole", ONE_ROLE)),
    role_policy("a family of roles", allow("iam:PassRole", "arn:aws:iam::111122223333:role/query-*")),
)
PASS_BAD = (
    role_policy("any role", allow(["s3:ListBucket", "iam:PassRole"])),
    role_policy("any role of an account", allow("iam:Pass*", "arn:aws:iam::111122223333:role/*")),
)
ASSUME_GOOD = (role_policy("one role", allow("sts:AssumeRole", ONE_ROLE)),)
ASSUME_BAD = (
    role_policy("any role", allow("sts:AssumeRole")),
    role_policy("any role of any account", allow("sts:*", "arn:aws:iam::*:role/*")),
)
