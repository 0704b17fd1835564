from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.rules import scheduled_queries
from timestream_policies.types import KEY, SCHEDULED_QUERY

REPORTS = {"s3Configuration": {"bucketName": "errors", "encryptionOption": "SSE_KMS"}}
GOOD = {"name": "hourly", "kmsKeyId": KEY_ARN, "errorReportConfiguration": REPORTS}
KEY_OF_STACK = Given(KEY, {"enableKeyRotation": True}, "key")


def reports(**s3: Any) -> Any:
    return {"errorReportConfiguration": {"s3Configuration": {"bucketName": "errors", **s3}}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"kmsKeyId": None}, ["is encrypted with a key that Timestream owns"], id="none"),
        pytest.param({"kmsKeyId": ""}, ["is encrypted with a key that Timestream owns"], id="empty"),
        pytest.param(
            {"kmsKeyId": "alias/aws/timestream"},
            ["is encrypted with 'alias/aws/timestream', which is no customer managed key"],
            id="the key of AWS",
        ),
        pytest.param(
            {"kmsKeyId": "foo"},
            ["is encrypted with 'foo', which is no customer managed key"],
            id="nonsense",
        ),
        pytest.param({"kmsKeyId": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_queries_use_a_customer_key(change: Any, expected: Any) -> None:
    assert messages(scheduled_queries.queries_use_a_customer_key, SCHEDULED_QUERY, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(reports(), ["writes error reports without a key"], id="no option"),
        pytest.param(
            reports(encryptionOption="SSE_S3"), ["writes error reports with SSE_S3"], id="keys of S3"
        ),
        pytest.param(
            {"kmsKeyId": None}, ["writes error reports with SSE_KMS, but has no key"], id="KMS without a key"
        ),
        pytest.param(
            {"errorReportConfiguration": None}, ["writes error reports without a key"], id="no reports"
        ),
        pytest.param(reports(encryptionOption=UNKNOWN), [UNDECIDED], id="option not known yet"),
        pytest.param({"kmsKeyId": UNKNOWN}, [UNDECIDED], id="key not known yet"),
    ],
)
def test_error_reports_are_encrypted(change: Any, expected: Any) -> None:
    assert messages(scheduled_queries.error_reports_are_encrypted, SCHEDULED_QUERY, GOOD, change) == expected


def test_a_key_that_is_not_made_yet_is_decided_by_reference() -> None:
    for rule in (
        scheduled_queries.queries_use_a_customer_key,
        scheduled_queries.error_reports_are_encrypted,
    ):
        change, depends = {"kmsKeyId": UNKNOWN}, {"kmsKeyId": ("key",)}
        assert messages(rule, SCHEDULED_QUERY, GOOD, change, KEY_OF_STACK, depends=depends) == []
