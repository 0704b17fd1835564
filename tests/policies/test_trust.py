from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.rules import trust
from timestream_policies.settings import Settings
from timestream_policies.stack import Stack
from timestream_policies.types import ROLE

ACCOUNT = "111122223333"
CI = f"arn:aws:iam::{ACCOUNT}:role/ci"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
GITHUB = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}
SUB = "token.actions.githubusercontent.com:sub"
POLICY = " (statement It of its trust policy)"


def trusting(principal: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    statement = {
        "Sid": "It",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": principal,
        "Condition": condition,
        **more,
    }
    return {"assumeRolePolicy": {"Statement": [{k: v for k, v in statement.items() if v is not None}]}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(trusting({"AWS": CI}), [], id="good"),
        pytest.param(
            trusting(None, NotPrincipal={"AWS": CI}),
            ["can be assumed by all but some principals" + POLICY],
            id="all but one",
        ),
        pytest.param(
            trusting({"AWS": CI}, Action=None, NotAction="sts:TagSession"),
            ["allows all but some ways to assume it" + POLICY],
            id="all ways but one",
        ),
        pytest.param(trusting({"AWS": CI}, Action="*"), ["allows *" + POLICY], id="every action"),
        pytest.param(
            trusting({"AWS": CI}, Action=["sts:AssumeRole", "s3:*"]),
            ["allows s3:*" + POLICY],
            id="every action of a service",
        ),
        pytest.param(trusting({"AWS": CI}, Action=UNKNOWN), [UNDECIDED], id="an action not known yet"),
        pytest.param(trusting(None, Effect="Deny", NotPrincipal={"AWS": CI}), [], id="a Deny"),
        pytest.param(trusting(None, NotPrincipal=UNKNOWN), [UNDECIDED], id="not known yet"),
    ],
)
def test_trust_is_positive(change: Any, expected: Any) -> None:
    assert messages(trust.trust_is_positive, ROLE, {}, change) == expected


WHOLE = [f"can be assumed by everybody in account {ACCOUNT}" + POLICY]


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        pytest.param({"AWS": CI}, None, [], id="a role"),
        pytest.param({"AWS": ROOT}, None, WHOLE, id="the root"),
        pytest.param({"AWS": [CI, ACCOUNT]}, None, WHOLE, id="an id in a list"),
        pytest.param({"AWS": ROOT}, {"StringEquals": {"sts:ExternalId": "1"}}, WHOLE, id="an external id"),
        pytest.param({"AWS": ROOT}, {"ArnLike": {"aws:PrincipalArn": f"{CI}-*"}}, [], id="some roles"),
        pytest.param({"Service": "lambda.amazonaws.com"}, None, [], id="a service"),
        pytest.param({"AWS": UNKNOWN}, None, [UNDECIDED], id="not known yet"),
    ],
)
def test_trust_names_roles(principal: Any, condition: Any, expected: Any) -> None:
    assert messages(trust.trust_names_roles, ROLE, {}, trusting(principal, condition)) == expected


@pytest.mark.parametrize(
    ("condition", "proven"),
    [
        pytest.param(None, False, id="nothing"),
        pytest.param({"StringEquals": {"sts:ExternalId": "98765"}}, True, id="an external id"),
        pytest.param({"StringLike": {"sts:ExternalId": "*"}}, False, id="any external id"),
        pytest.param({"StringEqualsIfExists": {"sts:ExternalId": "1"}}, False, id="if there is one"),
        pytest.param({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, True, id="MFA"),
        pytest.param({"Bool": {"aws:MultiFactorAuthPresent": True}}, True, id="MFA as a boolean"),
        pytest.param({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, False, id="no MFA"),
        pytest.param({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, False, id="MFA if told"),
        pytest.param({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, True, id="one organization"),
    ],
)
def test_other_accounts_prove_themselves(condition: Any, proven: bool) -> None:
    found = messages(trust.other_accounts_prove_themselves, ROLE, {}, trusting({"AWS": ROOT}, condition))
    wrong = f"can be assumed by {ROOT} of account {ACCOUNT} without external id or MFA" + POLICY
    assert found == ([] if proven else [wrong])


@pytest.mark.parametrize(
    ("own", "trusted", "expected"),
    [
        pytest.param(ACCOUNT, (), [], id="its own account"),
        pytest.param("444455556666", (ACCOUNT,), [], id="a trusted account"),
        pytest.param(
            "444455556666",
            (),
            [f"can be assumed by {CI} of account {ACCOUNT} without external id or MFA" + POLICY],
            id="another account",
        ),
        pytest.param("", (), [UNDECIDED], id="its own account is not known yet"),
    ],
)
def test_roles_of_other_accounts(own: str, trusted: Any, expected: Any) -> None:
    outputs = {"arn": f"arn:aws:iam::{own}:role/writer"} if own else {}
    made = build((Given(ROLE, trusting({"AWS": CI}), outputs=outputs),))
    stack = Stack(made.resources, settings=Settings(trusted_accounts=trusted))
    assert said(judge(trust.other_accounts_prove_themselves, stack.resources[0], stack)) == expected


@pytest.mark.parametrize(
    ("service", "condition", "guarded"),
    [
        ("ec2.amazonaws.com", None, True),
        ("lambda.amazonaws.com", None, True),
        ("cloudtrail.amazonaws.com", None, True),
        ("backup.amazonaws.com", None, True),
        ("scheduler.amazonaws.com", None, False),
        ("vpc-flow-logs.amazonaws.com", None, False),
        ("events.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ACCOUNT}}, True),
        ("events.amazonaws.com", {"StringLike": {"aws:SourceAccount": "*"}}, False),
        ("events.amazonaws.com", {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}, False),
        ("events.amazonaws.com", {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}, False),
        ("states.amazonaws.com", {"ArnLike": {"aws:SourceArn": f"arn:aws:states:*:{ACCOUNT}:*"}}, True),
        ("states.amazonaws.com", {"ArnLike": {"aws:SourceArn": "arn:aws:states:*:*:*"}}, False),
    ],
)
def test_services_name_their_source(service: str, condition: Any, guarded: bool) -> None:
    found = messages(trust.services_name_their_source, ROLE, {}, trusting({"Service": [service]}, condition))
    assert found == ([] if guarded else [f"can be used through {service} by any account" + POLICY])


@pytest.mark.parametrize(
    ("condition", "pinned"),
    [
        pytest.param(None, False, id="nothing"),
        pytest.param({"StringLike": {SUB: "repo:example/metrics:*"}}, True, id="one repository"),
        pytest.param({"StringLike": {SUB: "repo:example/*"}}, True, id="one owner"),
        pytest.param({"StringLike": {SUB: "repo:*"}}, False, id="every repository"),
        pytest.param({"StringLike": {SUB: "repo:exam*"}}, False, id="owners by prefix"),
        pytest.param({"StringLike": {SUB: ["repo:example/a:*", "*"]}}, False, id="one of them open"),
        pytest.param({"StringEquals": {SUB: "workflow:deploy"}}, False, id="a claim that anybody can set"),
        pytest.param({"StringLikeIfExists": {SUB: "repo:example/a:*"}}, False, id="if there is one"),
        pytest.param({"ForAllValues:StringLike": {SUB: "repo:example/a:*"}}, False, id="holds for none"),
        pytest.param(
            {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}},
            False,
            id="the audience only",
        ),
        pytest.param(
            {"StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/A:sub": "system:serviceaccount:*:*"}},
            False,
            id="every namespace",
        ),
        pytest.param(
            {"StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/A:sub": "system:serviceaccount:metrics:*"}},
            True,
            id="one namespace",
        ),
        pytest.param(
            {"StringEquals": {"token.actions.githubusercontent.com:sub": "invalid"}},
            False,
            id="no subject that GitHub knows",
        ),
        pytest.param({"StringLike": {"gitlab.com:sub": "project_path:example/*"}}, True, id="one group"),
        pytest.param({"StringLike": {"gitlab.com:sub": "project_path:*"}}, False, id="every group"),
        pytest.param(
            {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}}, True, id="one pool"
        ),
    ],
)
def test_tokens_name_their_subject(condition: Any, pinned: bool) -> None:
    change = trusting(GITHUB, condition, Action="sts:AssumeRoleWithWebIdentity")
    found = messages(trust.tokens_name_their_subject, ROLE, {}, change)
    assert found == ([] if pinned else ["accepts tokens whatever their subject is" + POLICY])


QUERY = f"arn:aws:timestream:eu-west-1:{ACCOUNT}:scheduled-query/hourly-*"


@pytest.mark.parametrize(
    ("condition", "lacking"),
    [
        pytest.param(None, "aws:SourceAccount and aws:SourceArn", id="nothing"),
        pytest.param({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, "aws:SourceArn", id="the account"),
        pytest.param({"ArnLike": {"aws:SourceArn": QUERY}}, "aws:SourceAccount", id="the ARN"),
        pytest.param(
            {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:timestream:*:{ACCOUNT}:*"},
            },
            "aws:SourceArn",
            id="anything of the account",
        ),
        pytest.param(
            {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": QUERY}},
            "",
            id="good",
        ),
    ],
)
def test_queries_are_named(condition: Any, lacking: str) -> None:
    change = trusting({"Service": "timestream.amazonaws.com"}, condition)
    found = messages(trust.queries_are_named, ROLE, {}, change)
    assert found == ([f"lets Timestream in without {lacking}" + POLICY] if lacking else [])
