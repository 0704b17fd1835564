"""Examples for the rules on attached policies, users and groups."""

from timestream_policies.examples import Given, document, example
from timestream_policies.examples.access import AWS_POLICY, allow, role_policy
from timestream_policies.types import (
    ACCESS_KEY,
    GROUP,
    GROUP_POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    USER,
    USER_GROUP_MEMBERSHIP,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)

OWN = "arn:aws:iam::111122223333:policy/own"
_READ = allow("s3:GetObject", "arn:aws:s3:::bucket/*")
_MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
_NO_MFA = {
    **allow("*"),
    "Effect": "Deny",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}
MANAGED_SNIPPET = """\
import json
import pulumi_aws as aws

table = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu"
group = aws.iam.Group("readers", name="readers")
policy = aws.iam.Policy(
    "readers",
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": "timestream:Select", "Resource": table},
        ],
    }),
)
aws.iam.GroupPolicyAttachment("readers", group=group.name, policy_arn=policy.arn)
"""
MEMBER_SNIPPET = """\
import pulumi_aws as aws

group = aws.iam.Group("readers", name="readers")
user = aws.iam.User("ann", name="ann")
aws.iam.UserGroupMembership("ann", user="ann", groups=["readers"])
"""
ONE_KEY_SNIPPET = """\
import pulumi_aws as aws

user = aws.iam.User("device", name="device")
aws.iam.AccessKey("device", user="device", status="Active")
"""

OWN_GOOD = (
    example("an own policy", ROLE_POLICY_ATTACHMENT, {"role": "r", "policyArn": OWN}),
    example("on the role", ROLE, {"managedPolicyArns": [OWN]}),
)
OWN_BAD = (
    example(
        "to read Timestream",
        ROLE_POLICY_ATTACHMENT,
        {"role": "r", "policyArn": f"{AWS_POLICY}AmazonTimestreamReadOnlyAccess"},
    ),
    example(
        "for a service",
        ROLE,
        {"managedPolicyArns": [f"{AWS_POLICY}service-role/AWSLambdaBasicExecutionRole"]},
    ),
)
INLINE_GOOD = (role_policy("of a role", _READ),)
INLINE_BAD = (
    example("of a user", USER_POLICY, {"user": "ann", "policy": document(_READ)}),
    example("of a group", GROUP_POLICY, {"group": "readers", "policy": document(_READ)}),
)
USER_POLICIES_GOOD = (
    example("to a role", POLICY_ATTACHMENT, {"roles": ["r"], "policyArn": OWN}),
    example("to a group", GROUP_POLICY, {"group": "readers", "policy": document(_READ)}),
)
USER_POLICIES_BAD = (
    example("to a user", USER_POLICY_ATTACHMENT, {"user": "ann", "policyArn": OWN}),
    example("inline", USER_POLICY, {"user": "ann", "policy": document(_READ)}),
    example("to several users", POLICY_ATTACHMENT, {"users": ["ann"], "policyArn": OWN}),
)
MEMBER_GOOD = (
    example("in a group", USER, {"name": "ann"},
            Given(USER_GROUP_MEMBERSHIP, {"user": "ann", "groups": ["readers"]}, "membership")),
)  # fmt: skip
MEMBER_BAD = (
    example("in no group", USER, {"name": "ann"},
            Given(USER_GROUP_MEMBERSHIP, {"user": "bob", "groups": ["readers"]}, "membership")),
)  # fmt: skip
ONE_KEY_GOOD = (
    example("one of two is inactive", USER, {"name": "ann"},
            Given(ACCESS_KEY, {"user": "ann"}, "new"),
            Given(ACCESS_KEY, {"user": "ann", "status": "Inactive"}, "old")),
)  # fmt: skip
ONE_KEY_BAD = (
    example("two keys", USER, {"name": "ann"},
            Given(ACCESS_KEY, {"user": "ann"}, "new"),
            Given(ACCESS_KEY, {"user": "ann", "status": "Active"}, "old")),
)  # fmt: skip
ONE_PLACE_GOOD = (
    example("attachments only", ROLE, {"name": "writer"},
            Given(ROLE_POLICY_ATTACHMENT, {"role": "writer", "policyArn": OWN}, "attachment")),
    example("another role's", ROLE, {"name": "reader", "managedPolicyArns": [OWN]},
            Given(ROLE_POLICY_ATTACHMENT, {"role": "writer", "policyArn": OWN}, "attachment")),
)  # fmt: skip
ONE_PLACE_BAD = (
    example("both", ROLE, {"name": "writer", "managedPolicyArns": [OWN]},
            Given(ROLE_POLICY_ATTACHMENT, {"role": "writer", "policyArn": OWN}, "attachment")),
    example("both, inline", ROLE,
            {"name": "writer", "inlinePolicies": [{"name": "it", "policy": document(_READ)}]},
            Given(ROLE_POLICY, {"role": "writer", "policy": document(_READ)}, "policy")),
)  # fmt: skip
MFA_GOOD = (
    example(
        "only with MFA",
        GROUP_POLICY,
        {"group": "readers", "policy": document({**_READ, **_MFA})},
        Given(GROUP, {"name": "readers"}, "group"),
    ),
    example("nothing without MFA", GROUP_POLICY, {"group": "readers", "policy": document(_READ, _NO_MFA)}),
)
MFA_BAD = (
    example("without MFA", GROUP_POLICY, {"group": "readers", "policy": document(_READ)}),
    example(
        "partly without MFA",
        USER_POLICY,
        {"user": "ann", "policy": document({**_READ, **_MFA}, _READ)},
    ),
)
