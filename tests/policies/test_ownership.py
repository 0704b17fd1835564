from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given, document
from timestream_policies.examples.keys import OWNER
from timestream_policies.rules.ownership import settings_have_one_owner
from timestream_policies.types import (
    BUCKET,
    BUCKET_POLICY,
    BUCKET_VERSIONING,
    KEY,
    KEY_POLICY,
    QUEUE,
    QUEUE_POLICY,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_RULE,
    TOPIC,
    TOPIC_POLICY,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
)

POLICY = {"policy": document(OWNER)}
GROUP_RULE = {"protocol": "tcp", "fromPort": 443, "toPort": 443}


@pytest.mark.parametrize(
    ("type_", "name", "sibling", "path"),
    [
        (KEY, "aws.kms.KeyPolicy", KEY_POLICY, "keyId"),
        (BUCKET, "aws.s3.BucketPolicy", BUCKET_POLICY, "bucket"),
        (TOPIC, "aws.sns.TopicPolicy", TOPIC_POLICY, "arn"),
        (QUEUE, "aws.sqs.QueuePolicy", QUEUE_POLICY, "queueUrl"),
        (VPC_ENDPOINT, "aws.ec2.VpcEndpointPolicy", VPC_ENDPOINT_POLICY, "vpcEndpointId"),
    ],
)
def test_policies_have_one_owner(type_: str, name: str, sibling: str, path: str) -> None:
    first = Given(sibling, {**POLICY, path: UNKNOWN}, "first", {path: ("main",)})
    second = Given(sibling, {**POLICY, path: UNKNOWN}, "second", {path: ("main",)})
    rule = settings_have_one_owner
    assert messages(rule, type_, {}, {}) == []
    assert messages(rule, type_, POLICY, {}) == []
    assert messages(rule, type_, {}, {}, first) == []
    assert messages(rule, type_, POLICY, {}, first) == [f"sets policy itself, and {name} 'first' sets it too"]
    assert messages(rule, type_, {}, {}, first, second) == [
        f"has two resources that set the same: {name} 'first' and 'second'"
    ]
    elsewhere = Given(sibling, {**POLICY, path: UNKNOWN}, "first")
    assert messages(rule, type_, POLICY, {}, elsewhere) == [UNDECIDED]


def test_settings_of_buckets_have_one_owner() -> None:
    versioning = Given(BUCKET_VERSIONING, {"bucket": "data"}, "versioning")
    inline = {"bucket": "data", "versioning": {"enabled": True}}
    assert messages(settings_have_one_owner, BUCKET, {"bucket": "data"}, {}, versioning) == []
    assert messages(settings_have_one_owner, BUCKET, inline, {}, versioning) == [
        "sets versioning itself, and aws.s3.BucketVersioning 'versioning' sets it too"
    ]


@pytest.mark.parametrize(
    ("inline", "type_", "properties", "expected"),
    [
        pytest.param({}, SECURITY_GROUP_EGRESS_RULE, {}, [], id="beside only"),
        pytest.param(
            {"egress": [GROUP_RULE]},
            SECURITY_GROUP_EGRESS_RULE,
            {},
            ["sets egress itself, and aws.vpc.SecurityGroupEgressRule 'rule' sets it too"],
            id="both",
        ),
        pytest.param(
            {"ingress": [GROUP_RULE]}, SECURITY_GROUP_EGRESS_RULE, {}, [], id="different directions"
        ),
        pytest.param(
            {"ingress": [GROUP_RULE]},
            SECURITY_GROUP_RULE,
            {"type": "ingress"},
            ["sets ingress itself, and aws.ec2.SecurityGroupRule 'rule' sets it too"],
            id="the older type",
        ),
        pytest.param(
            {"ingress": [GROUP_RULE]},
            SECURITY_GROUP_RULE,
            {"type": "egress"},
            [],
            id="the older type, another direction",
        ),
    ],
)
def test_rules_of_groups_have_one_owner(inline: Any, type_: str, properties: Any, expected: Any) -> None:
    rule = Given(type_, {"securityGroupId": "sg-1", **properties}, "rule")
    again = Given(type_, {"securityGroupId": "sg-2", **properties}, "again")
    group = Given(SECURITY_GROUP, {}, "other", id="sg-2")
    change = {**inline, "id": "sg-1"}
    assert messages(settings_have_one_owner, SECURITY_GROUP, {}, change, rule, again, group) == expected
