"""`scope: timestream`: what is judged is what a Timestream resource depends on or is reached by."""

from typing import Any

from timestream_policies.evaluation import evaluate
from timestream_policies.model import Resource
from timestream_policies.rules import RULES
from timestream_policies.scope import timestream_scope
from timestream_policies.settings import Settings
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    BUCKET_POLICY,
    DATABASE,
    KEY,
    KEY_POLICY,
    METRIC_ALARM,
    QUEUE,
    ROLE,
    ROLE_POLICY,
    STACK,
    TABLE,
    TOPIC,
    TOPIC_SUBSCRIPTION,
)
from timestream_policies.values import Properties

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def made(
    type_: str,
    name: str,
    inputs: dict[str, Any] | None = None,
    parent: str = "",
    arn: str = "",
    **depends: str,
) -> Resource:
    return Resource(
        urn=name,
        type_=type_,
        name=name,
        parent=parent,
        inputs=Properties.of(inputs or {}),
        outputs=Properties.of({"arn": arn} if arn else {}),
        property_dependencies={key: (urn,) for key, urn in depends.items()},
    )


def scope(*resources: Resource) -> set[str]:
    return set(timestream_scope(Stack(resources)))


def test_what_a_database_depends_on_belongs_however_far_it_is() -> None:
    assert scope(
        made(KEY, "key"),
        made(KEY, "other-key"),
        made(KEY_POLICY, "policy", keyId="key"),
        made(KEY_POLICY, "other-policy", keyId="other-key"),
        made(BUCKET, "bucket"),
        made(BUCKET, "other-bucket"),
        made(BUCKET_POLICY, "on-bucket", bucket="bucket", policy="other-bucket"),
        made(BUCKET_POLICY, "on-other", bucket="other-bucket", policy="bucket"),
        made(DATABASE, "database", kmsKeyId="key"),
        made(TABLE, "table", databaseName="database", magneticStoreWriteProperties="bucket"),
    ) == {"key", "policy", "bucket", "on-bucket", "database", "table"}


def test_references_by_value_count_as_in_a_state() -> None:
    assert scope(
        made(KEY, "key", arn=KEY_ARN),
        made(KEY, "other", arn=f"{KEY_ARN}b"),
        made(DATABASE, "database", {"kmsKeyId": KEY_ARN}),
    ) == {"key", "database"}


def test_what_reaches_timestream_belongs_with_what_it_needs() -> None:
    assert scope(
        made(TOPIC, "topic"),
        made(TOPIC, "other-topic"),
        made(TOPIC_SUBSCRIPTION, "subscription", topic="topic"),
        made(METRIC_ALARM, "alarm", {"namespace": "AWS/Timestream"}, alarmActions="topic"),
        made(METRIC_ALARM, "other-alarm", {"namespace": "AWS/SQS"}, alarmActions="other-topic"),
        made(ROLE, "role"),
        made(ROLE, "other-role"),
        made(ROLE_POLICY, "policy", {"policy": '{"Action": "timestream:Select"}'}, role="role"),
        made(ROLE_POLICY, "other-policy", {"policy": '{"Action": "sqs:*"}'}, role="other-role"),
    ) == {"topic", "subscription", "alarm", "role", "policy"}


def test_what_depends_on_a_database_belongs_and_a_component_stands_for_what_is_in_it() -> None:
    component = "acme:index:Store"
    assert scope(
        made(STACK, "stack"),
        made(component, "store", parent="stack"),
        made(KEY, "key", parent="store"),
        made(DATABASE, "database", kmsKeyId="store"),
        made(QUEUE, "queue", tags="database"),
        made(QUEUE, "other-queue"),
    ) == {"stack", "store", "key", "database", "queue"}


def test_a_stack_without_timestream_has_nothing_in_scope() -> None:
    assert scope(made(STACK, "stack"), made(BUCKET, "bucket")) == set()


def test_only_the_scope_is_judged() -> None:
    resources = [made(KEY, "key"), made(KEY, "other"), made(DATABASE, "database", kmsKeyId="key")]
    rotation = [RULES["TS-KMS-002"]]
    narrow = Stack(resources, settings=Settings(scope="timestream"))
    assert [judgement.resource.name for judgement in evaluate(narrow, rotation)] == ["key"]
    assert [judgement.resource.name for judgement in evaluate(Stack(resources), rotation)] == ["key", "other"]
