"""The evaluator judges all documents of a request together, and refuses what it cannot judge."""

import json
from typing import Any

import pytest

from tests.iam import Request, allowed

ACCOUNT = "000000000000"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/writer/test"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/writer"
TABLE = f"arn:aws:timestream:eu-west-1:{ACCOUNT}:database/metrics/table/cpu"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]}
    )


WRITE = document({"Action": "timestream:WriteRecords", "Resource": TABLE})
READ = document({"Action": "timestream:Select", "Resource": TABLE})
DECRYPT = document({"Action": "kms:Decrypt", "Resource": KEY})
THROUGH = document(
    {
        "Action": "*",
        "Resource": "*",
        "Principal": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    }
)
ACCOUNT_USES = document(
    {"Action": "kms:Decrypt", "Resource": "*", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
)
ANOTHER_USES = document(
    {"Action": "kms:Decrypt", "Resource": "*", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}
)
TRUST = document(
    {
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
)
HOST = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
TOKENS = document(
    {
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": PROVIDER},
        "Condition": {"StringLike": {f"{HOST}:sub": "repo:example/*"}},
    }
)


def write(**more: Any) -> Request:
    return Request(SESSION, "timestream:WriteRecords", TABLE, (WRITE,), **more)


def decrypt(**more: Any) -> Request:
    return Request(SESSION, "kms:Decrypt", KEY, (DECRYPT,), **more)


VALUES = document(
    {
        "Action": "kms:Decrypt",
        "Resource": KEY,
        "Condition": {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::ours"}},
    }
)


def decrypt_for(bucket: str) -> Request:
    context = {"kms:EncryptionContext:aws:s3:arn": bucket}
    return Request(SESSION, "kms:Decrypt", KEY, (VALUES,), resource_policy=ACCOUNT_USES, context=context)


def assume(**context: str) -> Request:
    return Request(
        "lambda.amazonaws.com",
        "sts:AssumeRole",
        ROLE,
        resource_policy=TRUST,
        context={"aws:SourceAccount": ACCOUNT, **context},
    )


def with_token(subject: str) -> Request:
    return Request(
        PROVIDER,
        "sts:AssumeRoleWithWebIdentity",
        ROLE,
        resource_policy=TOKENS,
        context={f"{HOST}:sub": subject},
    )


def from_account(account: str) -> dict[str, str]:
    return {"aws:PrincipalAccount": account}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(write(), True, id="an identity policy allows"),
        pytest.param(
            Request(SESSION, "timestream:Select", TABLE, (WRITE,)), False, id="an identity policy is silent"
        ),
        pytest.param(write(boundaries=(WRITE,)), True, id="within the boundary"),
        pytest.param(write(boundaries=(READ,)), False, id="beyond the boundary"),
        pytest.param(
            write(endpoint_policies=(THROUGH,), context=from_account(ACCOUNT)),
            True,
            id="the endpoint lets it through",
        ),
        pytest.param(
            write(endpoint_policies=(THROUGH,), context=from_account("111122223333")),
            False,
            id="the endpoint does not",
        ),
        pytest.param(decrypt(resource_policy=ACCOUNT_USES), True, id="the key leaves it to IAM"),
        pytest.param(decrypt(resource_policy=ANOTHER_USES), False, id="the key is another account's"),
        pytest.param(decrypt_for("arn:aws:s3:::ours"), True, id="an encryption context of ours"),
        pytest.param(decrypt_for("arn:aws:s3:::theirs"), False, id="an encryption context of others"),
        pytest.param(assume(), True, id="a trusted service"),
        pytest.param(
            assume(**{"aws:SourceAccount": "111122223333"}), False, id="a service for another account"
        ),
        pytest.param(with_token("repo:example/telemetry"), True, id="a token of ours"),
        pytest.param(with_token("repo:foreign/telemetry"), False, id="a token of others"),
    ],
)
def test_documents_are_judged_together(request_: Request, expected: bool) -> None:
    assert allowed([request_]) == [expected]


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        pytest.param(
            Request(SESSION, "timestream:Query", TABLE), "invalid.action", id="an action that is none"
        ),
        pytest.param(
            Request(SESSION, "timestream:SelectValues", TABLE),
            "must.use.wildcard",
            id="a resource that the action does not know",
        ),
        pytest.param(
            write(context={"kms:ViaService": "x"}),
            "the action knows no kms:ViaService",
            id="a context key that it does not know",
        ),
        pytest.param(
            write(boundaries=('{"Statement": [{}]}',)), "policy.errors", id="a document that is malformed"
        ),
    ],
)
def test_what_cannot_be_judged_is_an_error(request_: Request, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        allowed([request_])
