from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.examples.timestream_roles import REPORTS_GOOD, USES_KEY
from timestream_policies.examples.topics import ALARM, ALARMS, NO_TLS, OUTSIDE, TARGET, TOPIC_ARN, key_for
from timestream_policies.rules import query_roles, storage, topic_delivery, topic_policies, topics
from timestream_policies.types import (
    BACKUP_VAULT_NOTIFICATIONS,
    BUCKET_NOTIFICATION,
    ROLE,
    ROLE_POLICY,
    SCHEDULED_QUERY,
    TOPIC,
    TOPIC_POLICY,
    TOPIC_SUBSCRIPTION,
)

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SHUT_OUT = ["reports on the topic 'topic', whose key 'key' its role 'role' may not use"]
GOOD = {"name": "alarms", "kmsMasterKeyId": KEY_ARN, "policy": {"Statement": [ALARMS, NO_TLS]}}
BOTH = pytest.mark.parametrize("good", [(TOPIC, GOOD), (TOPIC_POLICY, {**GOOD, "arn": TOPIC_ARN})])


def with_(statement: Any, **change: Any) -> dict[str, Any]:
    return {"policy": {"Statement": [{**statement, **change}]}}


@BOTH
@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("arn:aws:iam::111122223333:root", []),
        ("arn:aws:iam::444455556666:root", ["lets 444455556666 in by statement Alarms"]),
        ("*", ["lets any account in by statement Alarms"]),
    ],
)
def test_other_accounts(good: Any, principal: str, expected: Any) -> None:
    change = with_(OUTSIDE, Principal={"AWS": principal})
    assert messages(topic_policies.no_other_account_uses_the_topic, good[0], good[1], change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"policy": None}, ["takes messages without TLS"]),
        (with_(NO_TLS, Effect="Allow"), ["takes messages without TLS"]),
        (with_(NO_TLS, Action="sns:Subscribe"), ["takes messages without TLS"]),
        (with_(NO_TLS, Condition={"Bool": {"aws:SecureTransport": False}}), []),
        ({"policy": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_topics_need_tls(change: Any, expected: Any) -> None:
    assert messages(topic_policies.topics_need_tls, TOPIC, GOOD, change) == expected
    apart = Given(TOPIC_POLICY, {**GOOD, **change, "arn": UNKNOWN}, "policy", {"arn": ("main",)})
    assert messages(topic_policies.topics_need_tls, TOPIC, {"name": "alarms"}, {}, apart) == expected


@BOTH
def test_policies_are_explicit(good: Any) -> None:
    check = topic_policies.topic_policies_are_explicit
    assert messages(check, good[0], good[1], {}) == []
    assert messages(check, good[0], good[1], with_(ALARMS, Action=None, NotAction="sns:Publish")) == [
        "allows all actions but some (NotAction) in statement Alarms"
    ]


@BOTH
def test_services_name_their_source(good: Any) -> None:
    check = topic_policies.publishers_name_their_source
    expected = ["lets cloudwatch.amazonaws.com publish for any account by statement Alarms"]
    assert messages(check, good[0], good[1], {}) == []
    assert messages(check, good[0], good[1], with_(ALARMS, Condition=None)) == expected
    anywhere = {"StringLike": {"aws:SourceAccount": "*"}}
    assert messages(check, good[0], good[1], with_(ALARMS, Condition=anywhere)) == expected
    rules = {"Service": "events.amazonaws.com"}
    assert messages(check, good[0], good[1], with_(ALARMS, Principal=rules, Condition=None)) == []


def test_publishers_are_let_in() -> None:
    check = topic_policies.publishers_are_let_in
    assert messages(check, TOPIC, GOOD, {}, ALARM) == []
    assert messages(check, TOPIC, GOOD, {}, ALARM, TARGET) == ["does not let events.amazonaws.com publish"]
    assert messages(check, TOPIC, GOOD, with_(NO_TLS), ALARM) == [
        "does not let cloudwatch.amazonaws.com publish"
    ]
    assert messages(check, TOPIC, GOOD, {"policy": None}, ALARM) == []


def test_subscriptions() -> None:
    check = topic_delivery.subscriptions_use_tls
    assert messages(check, TOPIC_SUBSCRIPTION, {"protocol": "https"}, {}) == []
    assert messages(check, TOPIC_SUBSCRIPTION, {"protocol": "http"}, {}) == ["is told over plain HTTP"]
    kept = topic_delivery.subscriptions_keep_what_is_lost
    lost = ["loses what cannot be delivered"]
    assert messages(kept, TOPIC_SUBSCRIPTION, {"protocol": "sqs"}, {}) == lost
    assert messages(kept, TOPIC_SUBSCRIPTION, {"protocol": "sqs"}, {"redrivePolicy": "{}"}) == lost
    redrive = '{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:lost"}'
    assert messages(kept, TOPIC_SUBSCRIPTION, {"protocol": "sqs"}, {"redrivePolicy": redrive}) == []
    assert messages(kept, TOPIC_SUBSCRIPTION, {"protocol": "sqs"}, {"redrivePolicy": UNKNOWN}) == [UNDECIDED]
    assert messages(kept, TOPIC_SUBSCRIPTION, {"protocol": "email"}, {}) == []


def test_somebody_listens() -> None:
    check = topic_delivery.somebody_listens
    silent = ["has no subscriber, so that nobody hears its alarms"]
    listener = Given(TOPIC_SUBSCRIPTION, {"topic": UNKNOWN}, "listener", {"topic": ("main",)})
    assert messages(check, TOPIC, GOOD, {}) == []
    assert messages(check, TOPIC, GOOD, {}, ALARM) == silent
    assert messages(check, TOPIC, GOOD, {}, ALARM, listener) == []


def test_alarms_can_use_the_key() -> None:
    check = topic_delivery.alarms_can_use_the_key
    assert messages(check, TOPIC, GOOD, {}, ALARM, key_for("cloudwatch.amazonaws.com")) == []
    assert messages(check, TOPIC, GOOD, {}, ALARM, key_for("sns.amazonaws.com")) == [
        "is encrypted with 'key', which cloudwatch.amazonaws.com may not use"
    ]
    assert messages(check, TOPIC, GOOD, {"kmsMasterKeyId": "alias/aws/sns"}, ALARM) == [
        "is encrypted with alias/aws/sns, which cloudwatch.amazonaws.com cannot use"
    ]
    assert messages(check, TOPIC, GOOD, {"kmsMasterKeyId": None}, ALARM) == []
    assert messages(check, TOPIC, GOOD, {"kmsMasterKeyId": UNKNOWN}, ALARM) == [UNDECIDED]


def test_vaults_can_use_the_key() -> None:
    vault = Given(BACKUP_VAULT_NOTIFICATIONS, {"snsTopicArn": "alarms"}, "vault")
    check = topic_delivery.services_can_use_the_key
    assert messages(check, TOPIC, GOOD, {}, vault, key_for("backup.amazonaws.com")) == []
    assert messages(check, TOPIC, GOOD, {}, vault, key_for("events.amazonaws.com")) == [
        "is encrypted with 'key', which backup.amazonaws.com may not use"
    ]


@pytest.mark.parametrize(
    ("topics", "depends", "expected"),
    [
        ([{"topicArn": "other"}, {"topicArn": "alarms"}], (), ["s3"]),
        ([{"topicArn": "other"}, {"topicArn": UNKNOWN}], ("main",), ["s3"]),
        (UNKNOWN, ("main",), ["s3"]),
        ([{"topicArn": "other"}], (), []),
    ],
)
def test_buckets_publish_too(topics: Any, depends: Any, expected: Any) -> None:
    bucket = Given(BUCKET_NOTIFICATION, {"topics": topics}, "bucket", {"topics": depends} if depends else {})
    key, admitted = key_for("s3.amazonaws.com"), with_(ALARMS, Principal={"Service": "s3.amazonaws.com"})
    can_use, let_in = topic_delivery.services_can_use_the_key, topic_policies.publishers_are_let_in
    assert messages(can_use, TOPIC, GOOD, {}, bucket, key) == []
    assert messages(can_use, TOPIC, GOOD, {}, bucket, key_for("events.amazonaws.com")) == [
        f"is encrypted with 'key', which {name}.amazonaws.com may not use" for name in expected
    ]
    assert messages(let_in, TOPIC, GOOD, admitted, bucket) == []
    assert messages(let_in, TOPIC, GOOD, {}, bucket) == [
        f"does not let {name}.amazonaws.com publish" for name in expected
    ]


def test_topics_are_encrypted_with_some_key() -> None:
    assert messages(topics.topics_are_encrypted, TOPIC, GOOD, {"kmsMasterKeyId": "alias/aws/sns"}) == []
    assert messages(topics.topics_are_encrypted, TOPIC, GOOD, {"kmsMasterKeyId": None}) == [
        "is not encrypted"
    ]


def test_the_topic_of_a_scheduled_query() -> None:
    query = {"notificationConfiguration": {"snsConfiguration": {"topicArn": "alarms"}}}
    check = storage.reports_go_to_a_closed_topic
    assert messages(check, SCHEDULED_QUERY, query, {}, Given(TOPIC, GOOD, "topic")) == []
    assert messages(check, SCHEDULED_QUERY, query, {}, Given(TOPIC, {"name": "alarms"}, "topic")) == [
        "reports on the topic 'topic', which is not encrypted with a customer managed key"
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (USES_KEY, []),
        ({**USES_KEY, "Action": "kms:*"}, []),
        ({**USES_KEY, "Resource": "*"}, []),
        ({**USES_KEY, "Effect": "Deny"}, SHUT_OUT),
        ({**USES_KEY, "Action": "kms:Decrypt"}, SHUT_OUT),
        ({**USES_KEY, "Resource": f"{KEY_ARN[:-1]}0"}, SHUT_OUT),
        ({**USES_KEY, "Action": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_a_scheduled_query_can_use_the_key_of_its_topic(statement: Any, expected: Any) -> None:
    check = query_roles.reports_reach_the_topic
    main, role, _, *rest = REPORTS_GOOD[0].resources
    policy = Given(ROLE_POLICY, {"role": "hourly", "policy": {"Statement": statement}}, "policy")
    assert messages(check, SCHEDULED_QUERY, main.properties, {}, role, policy, *rest) == expected
    by_aws = Given(
        ROLE, {**role.properties, "managedPolicyArns": [ADMINISTRATOR]}, "role", outputs=role.outputs
    )
    assert messages(check, SCHEDULED_QUERY, main.properties, {}, by_aws, policy, *rest) == []
    assert messages(check, SCHEDULED_QUERY, main.properties, {"notificationConfiguration": None}, role) == []
