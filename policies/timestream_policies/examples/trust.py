"""Examples for the rules on trust policies."""

from timestream_policies.examples import example
from timestream_policies.examples.access import trust
from timestream_policies.types import ROLE

ACCOUNT = "111122223333"
CI = f"arn:aws:iam::{ACCOUNT}:role/ci"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
_SUB = "token.actions.githubusercontent.com:sub"
_TIMESTREAM = {"Service": "timestream.amazonaws.com"}
_QUERY = f"arn:aws:timestream:eu-west-1:{ACCOUNT}:scheduled-query/hourly-*"
_WEB = {"Action": "sts:AssumeRoleWithWebIdentity"}

QUERY_ROLE_SNIPPET = """\
import json
import pulumi_aws as aws

query = "arn:aws:timestream:eu-west-1:111122223333:scheduled-query/hourly-*"
aws.iam.Role(
    "hourly",
    assume_role_policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "OneScheduledQuery",
            "Effect": "Allow",
            "Principal": {"Service": "timestream.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "111122223333"},
                "ArnLike": {"aws:SourceArn": query},
            },
        }],
    }),
)
"""

POSITIVE_GOOD = (
    trust("named", {"AWS": CI}),
    trust("a Deny for all but one", None, Effect="Deny", NotPrincipal={"AWS": CI}),
)
POSITIVE_BAD = (
    trust("all but one", None, NotPrincipal={"AWS": CI}),
    trust("all actions but one", {"AWS": CI}, Action=None, NotAction="sts:TagSession"),
    trust("every action of STS", {"AWS": CI}, Action="sts:*"),
)
ACCOUNT_GOOD = (
    trust("one role", {"AWS": CI}),
    trust(
        "some roles of an account",
        {"AWS": ACCOUNT},
        Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/ci-*"}},
    ),
)
ACCOUNT_BAD = (
    trust("the root of an account", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
    trust("an account id in a list", {"AWS": [CI, ACCOUNT]}),
)
EXTERNAL_GOOD = (
    trust("an external id", {"AWS": ACCOUNT}, Condition={"StringEquals": {"sts:ExternalId": "98765"}}),
    trust("MFA", {"AWS": ACCOUNT}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    example(
        "its own account",
        ROLE,
        trust("", {"AWS": CI}).resources[0].properties,
        outputs={"arn": f"arn:aws:iam::{ACCOUNT}:role/writer"},
    ),
)
EXTERNAL_BAD = (
    trust("another account", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
    example(
        "a role of another account",
        ROLE,
        trust("", {"AWS": CI}).resources[0].properties,
        outputs={"arn": "arn:aws:iam::444455556666:role/writer"},
    ),
)
DEPUTY_GOOD = (
    trust("a service that sends no source", {"Service": "ec2.amazonaws.com"}),
    trust(
        "one account",
        {"Service": "scheduler.amazonaws.com"},
        Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    ),
)
DEPUTY_BAD = (
    trust("any account", {"Service": ["scheduler.amazonaws.com", "events.amazonaws.com"]}),
    trust(
        "any account's ARN",
        {"Service": "states.amazonaws.com"},
        Condition={"ArnLike": {"aws:SourceArn": "arn:aws:states:*:*:*"}},
    ),
)
SUBJECT_GOOD = (
    trust(
        "one repository",
        {"Federated": GITHUB},
        Condition={"StringLike": {_SUB: "repo:example/metrics:ref:refs/heads/*"}},
        **_WEB,
    ),
    trust("no token", {"AWS": CI}),
)
SUBJECT_BAD = (
    trust("no condition", {"Federated": GITHUB}, **_WEB),
    trust("every repository", {"Federated": GITHUB}, Condition={"StringLike": {_SUB: "repo:*"}}, **_WEB),
    trust(
        "a claim that anybody can set",
        {"Federated": GITHUB},
        Condition={"StringEquals": {_SUB: "environment:production"}},
        **_WEB,
    ),
)
QUERY_GOOD = (
    trust(
        "one query",
        _TIMESTREAM,
        Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": _QUERY}},
    ),
    trust("another service", {"Service": "lambda.amazonaws.com"}),
)
QUERY_BAD = (
    trust("any query", _TIMESTREAM),
    trust(
        "any query of the account", _TIMESTREAM, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    ),
)
