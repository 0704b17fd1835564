"""Event patterns in the sandbox, as EventBridge documents them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_sandbox.sandbox import Sandbox

EVENT = {
    "id": "1",
    "account": "000000000000",
    "source": "aws.kms",
    "time": "2026-11-22T12:00:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail-type": "AWS API Call via CloudTrail",
    "detail": {
        "eventName": "DisableKey",
        "resources": [{"ARN": "key/1", "type": "AWS::KMS::Key"}, {"ARN": "key/2"}],
    },
}


def tried(sandbox: Sandbox, pattern: dict[str, Any]) -> bool:
    result = sandbox.client("events").test_event_pattern(
        EventPattern=json.dumps(pattern), Event=json.dumps(EVENT)
    )
    return bool(result["Result"])


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        pytest.param({"eventName": ["DisableKey"]}, True, id="a value"),
        pytest.param({"eventName": ["EnableKey"]}, False, id="another value"),
        pytest.param({"resources": {"ARN": ["key/2"]}}, True, id="an object in an array"),
        pytest.param({"resources": {"ARN": ["key/3"]}}, False, id="no object in an array"),
        pytest.param({"resources": {"name": [{"exists": False}]}}, True, id="absent in every object"),
        pytest.param({"resources": {"type": [{"exists": False}]}}, False, id="present in one object"),
    ],
)
def test_a_pattern_can_be_tried(empty_sandbox: Sandbox, detail: dict[str, Any], expected: bool) -> None:
    assert tried(empty_sandbox, {"detail": detail}) is expected


def test_a_pattern_that_is_none_is_refused(empty_sandbox: Sandbox) -> None:
    with pytest.raises(ClientError, match="'eventName' must be an object or an array"):
        tried(empty_sandbox, {"detail": {"eventName": "DisableKey"}})
