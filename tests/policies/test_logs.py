from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build, document
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.logs import ANYONE, SERVICE
from timestream_policies.rules import logs
from timestream_policies.settings import Settings, Thresholds
from timestream_policies.stack import Stack
from timestream_policies.types import KEY, LOG_GROUP, LOG_RESOURCE_POLICY

GOOD = {"name": "trail", "kmsKeyId": KEY_ARN, "retentionInDays": 365}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(KEY_ARN, [], id="good"),
        pytest.param(None, ["is not encrypted with a customer managed key"], id="no key"),
        pytest.param("", ["is not encrypted with a customer managed key"], id="an empty text"),
        pytest.param("foo", ["has 'foo' for a key, which is no key"], id="nonsense"),
        pytest.param(
            "alias/aws/logs", ["is encrypted with the key that AWS manages (alias/aws/logs)"], id="AWS's"
        ),
        pytest.param(UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
def test_log_groups_use_a_customer_key(key: Any, expected: Any) -> None:
    assert messages(logs.log_groups_use_a_customer_key, LOG_GROUP, GOOD, {"kmsKeyId": key}) == expected


def test_the_key_of_a_log_group_is_decided_by_reference() -> None:
    found = messages(
        logs.log_groups_use_a_customer_key, LOG_GROUP, {}, {"kmsKeyId": UNKNOWN}, Given(KEY, {}, "key"),
        depends={"kmsKeyId": ("key",)},
    )  # fmt: skip
    assert found == []


@pytest.mark.parametrize(
    ("days", "expected", "expected_of_a_year"),
    [
        (365, [], []),
        ("3653", [], []),
        (0, [], []),
        (30, [], ["keeps events for 30 days, less than 365"]),
        (None, ["does not say how long it keeps events"], []),
        (366, ["has a retention of 366 days, which CloudWatch Logs does not take"], []),
        (8675309, ["has a retention of 8675309 days, which CloudWatch Logs does not take"], []),
        (UNKNOWN, [UNDECIDED], [UNDECIDED]),
    ],
)
def test_retention(days: Any, expected: Any, expected_of_a_year: Any) -> None:
    change = {"retentionInDays": days}
    assert messages(logs.log_groups_have_a_retention, LOG_GROUP, GOOD, change) == expected
    assert messages(logs.log_groups_keep_a_year, LOG_GROUP, GOOD, change) == expected_of_a_year


def test_the_shortest_retention_is_a_setting() -> None:
    known = build((Given(LOG_GROUP, {"retentionInDays": 30}),)).resources
    stack = Stack(known, settings=Settings(thresholds=Thresholds(log_retention_days=30)))
    assert said(judge(logs.log_groups_keep_a_year, stack.resources[0], stack)) == []


def test_a_class_that_aws_empties_need_not_keep_a_year() -> None:
    change = {"logGroupClass": "DELIVERY", "retentionInDays": 2}
    assert messages(logs.log_groups_keep_a_year, LOG_GROUP, GOOD, change) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param(SERVICE, [], id="a service"),
        pytest.param(
            ANYONE,
            [
                "lets everybody in: statement Events allows a wildcard principal, "
                "and no condition keeps strangers out"
            ],
            id="everybody",
        ),
        pytest.param(
            {**ANYONE, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
            [],
            id="one account",
        ),
        pytest.param({**ANYONE, "Effect": "Deny"}, [], id="a denial"),
        pytest.param({**SERVICE, "Principal": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_log_policies_are_closed(statement: Any, expected: Any) -> None:
    change = {"policyDocument": document(statement)}
    assert messages(logs.log_policies_are_closed, LOG_RESOURCE_POLICY, {}, change) == expected
