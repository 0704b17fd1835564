"""Changes that a program ignores, and secrets that it does not mark."""

from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.model import Options
from timestream_policies.rules import options
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    DATABASE,
    DB_INSTANCE,
    KEY,
    ROLE,
    SECRET_VERSION,
    SECURITY_GROUP,
    TABLE,
    TOPIC_SUBSCRIPTION,
)
from timestream_policies.values import REDACTED, SECRET, SIGNATURE

MARKED = {SIGNATURE: SECRET, "plaintext": '"a long pass phrase"'}


@pytest.mark.parametrize(
    ("type_", "paths", "expected"),
    [
        (DATABASE, (), []),
        (DATABASE, ("kmsKeyId",), ["kmsKeyId"]),
        (DATABASE, ("kms_key_id",), ["kms_key_id"]),
        (DATABASE, ("tags",), ["tags"]),
        (DATABASE, ("tagsAll", "databaseName"), []),
        (DB_INSTANCE, ("password",), []),
        (DB_INSTANCE, ("publiclyAccessible", "password"), ["publiclyAccessible"]),
        (TABLE, ("retentionProperties.memory",), ["retentionProperties.memory"]),
        (SECURITY_GROUP, ("ingress[0].cidrBlocks", 'egress["x"]'), ["ingress[0].cidrBlocks", 'egress["x"]']),
        (SECURITY_GROUP, ('["ingress"]',), ['["ingress"]']),
        (KEY, ("*",), ["*"]),
        (KEY, ("policyX", "description", ""), []),
        (ROLE, ("inlinePolicies", "description"), ["inlinePolicies"]),
        (BUCKET, ("serverSideEncryptionConfiguration", "lifecycleRules"), []),
        (f"{BUCKET.replace(':Bucket', 'V2:Bucket')}V2", ("policy",), ["policy"]),
    ],
)  # fmt: skip
def test_ignored_changes(type_: str, paths: tuple[str, ...], expected: list[str]) -> None:
    stack = build((Given(type_, {}, options=Options(ignore_changes=paths)),))
    judgement = judge(options.security_inputs_are_not_ignored, stack.resources[0], stack)
    assert said(judgement) == [f"ignores changes to {path}, so a later fix is dropped" for path in expected]
    assert [finding.key for finding in judgement.findings] == [f"ignoreChanges/{path}" for path in expected]


def test_where_options_are_not_told_the_rule_says_so() -> None:
    stack = Stack(build((Given(KEY, {}, options=Options(ignore_changes=("policy",))),)).resources)
    assert said(judge(options.security_inputs_are_not_ignored, stack.resources[0], stack)) == [
        "not applicable: this file does not hold the options of resources"
    ]


SHOWN = "shows its secretString to whoever can read the state"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"secretString": "a long pass phrase"}, [SHOWN]),
        ({"secretString": ""}, []),
        ({"secretString": None}, []),
        ({"secretString": REDACTED}, []),
        ({"secretString": UNKNOWN}, [UNDECIDED]),
        ({"secretString": {SIGNATURE: SECRET, "value": UNKNOWN}}, []),
        ({"secretString": {SIGNATURE: SECRET, "ciphertext": "AAAA"}}, []),
        ({"secretBinary": "c2VjcmV0"}, ["shows its secretBinary to whoever can read the state"]),
        (
            {"secretString": UNKNOWN, "secretBinary": "x"},
            ["shows its secretBinary to whoever can read the state"],
        ),
    ],
)
def test_secret_versions(change: dict[str, Any], expected: list[str]) -> None:
    assert messages(options.secrets_are_marked, SECRET_VERSION, {"secretString": MARKED}, change) == expected


@pytest.mark.parametrize("name", ["secretKey", "token"])
def test_keys_of_the_provider(name: str) -> None:
    rule, type_ = options.secrets_are_marked, options.AWS_PROVIDER
    assert messages(rule, type_, {"region": "eu-west-1"}, {name: "x"}) == [
        f"shows its {name} to whoever can read the state"
    ]
    assert messages(rule, type_, {"region": "eu-west-1"}, {name: MARKED}) == []


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (
            "https://me:word@example.com/hook",
            ["shows the password in its endpoint to whoever can read the state"],
        ),
        ("HTTPS://me:word@example.com", ["shows the password in its endpoint to whoever can read the state"]),
        ("https://example.com/a:b@c", []),
        ("https://example.com:8443/hook", []),
        ("https://me@example.com/hook", []),
        ("someone@example.com", []),
        ("arn:aws:sqs:eu-west-1:111122223333:queue", []),
        ({SIGNATURE: SECRET, "plaintext": '"https://me:word@example.com/"'}, []),
        (UNKNOWN, [UNDECIDED]),
    ],
)
def test_addresses_with_a_password(endpoint: Any, expected: list[str]) -> None:
    rule = options.secrets_are_marked
    assert messages(rule, TOPIC_SUBSCRIPTION, {"protocol": "https"}, {"endpoint": endpoint}) == expected


def test_the_secret_itself_is_never_told() -> None:
    stack = build((Given(SECRET_VERSION, {"secretString": "hunter2"}),))
    judgement = judge(options.secrets_are_marked, stack.resources[0])
    assert "hunter2" not in str([(f.message, f.at, f.key) for f in judgement.findings])
