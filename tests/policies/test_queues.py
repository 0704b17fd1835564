from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.queues import QUEUE_ARN, REDRIVE, SENDS, TARGET, TLS_ONLY, URL
from timestream_policies.rules import queues
from timestream_policies.types import BUCKET_NOTIFICATION, QUEUE, QUEUE_POLICY, TOPIC_SUBSCRIPTION

GOOD = {"name": "lost", "kmsMasterKeyId": KEY_ARN, "policy": {"Statement": [SENDS, TLS_ONLY]}}
BOTH = pytest.mark.parametrize("type_", [QUEUE, QUEUE_POLICY])
FROM_ANYWHERE = ["lets events.amazonaws.com write for any account by statement Send"]
SSE = {"kmsMasterKeyId": None, "sqsManagedSseEnabled": True}


def with_(statement: Any, **change: Any) -> dict[str, Any]:
    return {"policy": {"Statement": [{**statement, **change}]}}


def test_queues_are_encrypted() -> None:
    check = queues.queues_are_encrypted
    assert messages(check, QUEUE, {}, {}) == []
    assert messages(check, QUEUE, {}, {"sqsManagedSseEnabled": False}) == ["is not encrypted"]
    assert messages(check, QUEUE, GOOD, {"sqsManagedSseEnabled": False}) == []
    assert messages(check, QUEUE, {}, {"sqsManagedSseEnabled": UNKNOWN}) == [UNDECIDED]


NO_KEY = ["is not encrypted with a customer managed key"]


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        ({}, (), []),
        ({"kmsMasterKeyId": None}, (), NO_KEY),
        (SSE, (), NO_KEY),
        (SSE, (TARGET,), []),
        ({"kmsMasterKeyId": None}, (TARGET,), NO_KEY),
        (SSE, (Given(TOPIC_SUBSCRIPTION, {"redrivePolicy": REDRIVE}, "subscription"),), []),
        (SSE, (Given(QUEUE, {"redrivePolicy": REDRIVE}, "work"),), NO_KEY),
        (
            {"kmsMasterKeyId": "alias/aws/sqs"},
            (TARGET,),
            ["is encrypted with the key that AWS manages (alias/aws/sqs)"],
        ),
        ({"kmsMasterKeyId": UNKNOWN}, (), [UNDECIDED]),
    ],
)
def test_queues_use_a_customer_key(change: Any, others: Any, expected: Any) -> None:
    assert messages(queues.queues_use_a_customer_key, QUEUE, GOOD, change, *others) == expected


@BOTH
def test_policies(type_: str) -> None:
    def said(check: Any, change: Any) -> list[str]:
        return messages(check, type_, GOOD, change)

    assert said(queues.queue_policies_are_closed, {}) == []
    assert said(queues.queue_policies_are_closed, with_(SENDS, Principal="*", Condition=None)) == [
        "is open to everybody: statement Send allows a wildcard principal, "
        "and no condition keeps strangers out"
    ]
    assert said(queues.queue_policies_name_actions, {}) == []
    expected = ["allows every action in statement Send"]
    assert said(queues.queue_policies_name_actions, with_(SENDS, Action=["SQS:*"])) == expected
    assert said(queues.queue_policies_are_explicit, {}) == []
    assert said(queues.queue_policies_are_explicit, with_(SENDS, NotPrincipal={"AWS": "111122223333"})) == [
        "allows everybody but some (NotPrincipal) in statement Send"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"policy": None}, ["takes requests without TLS"]),
        (with_(TLS_ONLY, Action="sqs:SendMessage"), ["takes requests without TLS"]),
        (with_(TLS_ONLY, Condition=None), ["takes requests without TLS"]),
        ({"policy": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_queues_need_tls(change: Any, expected: Any) -> None:
    assert messages(queues.queues_need_tls, QUEUE, GOOD, change) == expected
    apart = Given(QUEUE_POLICY, {**URL, **GOOD, **change}, "policy", {"queueUrl": ("main",)})
    assert messages(queues.queues_need_tls, QUEUE, {"name": "lost"}, {}, apart) == expected


def test_dead_letter_queues() -> None:
    check = queues.queues_have_a_dead_letter_queue
    assert messages(check, QUEUE, GOOD, {}) == ["has no dead-letter queue"]
    assert messages(check, QUEUE, GOOD, {"redrivePolicy": REDRIVE}) == []
    nowhere = {"redrivePolicy": '{"maxReceiveCount": 5}'}
    assert messages(check, QUEUE, GOOD, nowhere) == ["has no dead-letter queue"]
    assert messages(check, QUEUE, GOOD, {}, TARGET) == []
    work = Given(QUEUE, {"redrivePolicy": UNKNOWN}, "work")
    assert messages(check, QUEUE, GOOD, {}, work) == [UNDECIDED]
    work = Given(QUEUE, {"redrivePolicy": UNKNOWN}, "work", {"redrivePolicy": ("main",)})
    assert messages(check, QUEUE, GOOD, {}, work) == []


def test_what_is_lost_is_kept_well() -> None:
    check = queues.dead_letter_queues_are_strong
    assert messages(check, QUEUE, GOOD, {}, TARGET) == []
    assert messages(check, QUEUE, GOOD, with_(SENDS, Condition=None), TARGET) == [
        "lets events.amazonaws.com write for any account by statement Send"
    ]
    off = {"kmsMasterKeyId": None, "sqsManagedSseEnabled": False}
    assert messages(check, QUEUE, GOOD, off, TARGET) == ["keeps what others leave there unencrypted"]
    assert messages(check, QUEUE, GOOD, off) == []


@pytest.mark.parametrize(
    ("announced", "depends", "expected"),
    [
        ({"queueArn": QUEUE_ARN}, (), FROM_ANYWHERE),
        ({"queueArn": UNKNOWN}, ("main",), FROM_ANYWHERE),
        ({"queueArn": UNKNOWN}, (), [UNDECIDED]),
        ({"queueArn": "arn:aws:sqs:eu-west-1:111122223333:other"}, (), []),
    ],
)
def test_what_buckets_announce_is_kept_well(announced: Any, depends: Any, expected: Any) -> None:
    check = queues.dead_letter_queues_are_strong
    other = {"queueArn": "arn:aws:sqs:eu-west-1:111122223333:of-others"}
    notification = Given(
        BUCKET_NOTIFICATION, {"queues": [other, announced]}, "bucket", {"queues": depends} if depends else {}
    )
    assert messages(check, QUEUE, GOOD, with_(SENDS, Condition=None), notification) == expected
    assert messages(check, QUEUE, GOOD, {}, notification) == [
        found for found in expected if found is UNDECIDED
    ]
