"""Examples for the rules on what keys are called, and on who may use them for what."""

from typing import Any

from timestream_policies.examples import Example, document, example
from timestream_policies.examples.keys import OWNER
from timestream_policies.types import KEY, KEY_POLICY, MANAGED_POLICY

ROLE_ARN = "arn:aws:iam::111122223333:role/writer"
THROUGH_TIMESTREAM = {"StringEquals": {"kms:ViaService": "timestream.eu-west-1.amazonaws.com"}}
OF_THE_ACCOUNT = {"StringEquals": {"kms:CallerAccount": "111122223333"}}
FOR_RESOURCES = {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def statement(action: Any, condition: Any = None, principal: Any = None, **more: Any) -> dict[str, Any]:
    """Return an Allow for the role, with what is given."""
    parts = {
        "Sid": "Use",
        "Effect": "Allow",
        "Principal": principal or {"AWS": ROLE_ARN},
        "Action": action,
        "Resource": "*",
        **more,
    }
    return {**parts, "Condition": condition} if condition else parts


SNIPPET = """\
import json
import pulumi_aws as aws

key = aws.kms.Key(
    "metrics",
    description="Timestream database metrics",
    enable_key_rotation=True,
    policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AccountAdministersTheKey",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                "Sid": "WritersUseItThroughTimestream",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:role/writer"},
                "Action": "kms:CreateGrant",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": "timestream.eu-west-1.amazonaws.com"},
                    "Bool": {"kms:GrantIsForAWSResource": "true"},
                },
            },
        ],
    }),
)
"""


def _key(title: str, *statements: dict[str, Any]) -> Example:
    return example(title, KEY, {"policy": document(OWNER, *statements)})


def _identity(title: str, **parts: Any) -> Example:
    return example(
        title,
        MANAGED_POLICY,
        {"policy": document({"Effect": "Allow", "Resource": "arn:aws:kms:::key/k", **parts})},
    )


DESCRIBED_GOOD = (example("a purpose", KEY, {"description": "Timestream database metrics"}),)
DESCRIBED_BAD = (
    example("none", KEY, {"enableKeyRotation": True}),
    example("a word that says nothing", KEY, {"description": "key"}),
)
SINGLE_REGION_GOOD = (
    example("one region by default", KEY, {"description": "metrics"}),
    example("one region", KEY, {"multiRegion": False}),
)
SINGLE_REGION_BAD = (example("many regions", KEY, {"multiRegion": True}),)
THROUGH_GOOD = (
    _key("through Timestream", statement("kms:Decrypt", THROUGH_TIMESTREAM)),
    _key("callers of the account", statement("kms:Decrypt", OF_THE_ACCOUNT)),
)
THROUGH_BAD = (
    _key("a role, for anything", statement("kms:Decrypt")),
    example(
        "through any service, on a separate key policy",
        KEY_POLICY,
        {
            "keyId": "alias/metrics",
            "policy": document(statement("kms:*", {"StringLike": {"kms:ViaService": "*.amazonaws.com"}})),
        },
    ),
)
GRANTS_GOOD = (
    _key("for resources of AWS", statement("kms:CreateGrant", FOR_RESOURCES)),
    _identity("the same in IAM", Action="kms:CreateGrant", Condition=FOR_RESOURCES),
)
GRANTS_BAD = (
    _key("any grant", statement("kms:CreateGrant")),
    _identity("any grant in IAM", Action="kms:Create*"),
)
SEPARATE_GOOD = (
    _key(
        "one administers, another uses",
        statement("kms:Put*", Sid="Admin", Principal={"AWS": "arn:aws:iam::111122223333:role/admin"}),
        statement("kms:Decrypt"),
    ),
)
SEPARATE_BAD = (
    _key("both in two statements", statement("kms:Put*", Sid="Admin"), statement("kms:Decrypt")),
    _key("both in one", statement("kms:*")),
)
