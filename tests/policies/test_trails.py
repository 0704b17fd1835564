from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build, document
from timestream_policies.examples.event_data_stores import STRONG_GOOD
from timestream_policies.examples.keys import OWNER
from timestream_policies.examples.trail_storage import BLOCKED, DELIVERS, ENCRYPTS, LOGS, NAME, OURS
from timestream_policies.examples.trails import DATABASES, MANAGEMENT, OBJECTS, TABLES, selector, trail
from timestream_policies.rule import Rule
from timestream_policies.rules import event_data_stores, trail_selectors, trail_storage, trails
from timestream_policies.settings import Settings, Thresholds
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET,
    BUCKET_ACL,
    BUCKET_LOGGING,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_VERSIONING,
    DATABASE,
    EVENT_DATA_STORE,
    KEY,
    KEY_POLICY,
    LOG_GROUP,
    TABLE,
    TRAIL,
)


@pytest.mark.parametrize(
    ("rule", "change", "expected"),
    [
        pytest.param(
            trails.trails_use_a_customer_key,
            {"kmsKeyId": None},
            ["is not encrypted with a customer managed key"],
            id="no key",
        ),
        pytest.param(
            trails.trails_use_a_customer_key,
            {"kmsKeyId": "foo"},
            ["has 'foo' for a key, which is no key"],
            id="nonsense for a key",
        ),
        pytest.param(trails.trails_use_a_customer_key, {"kmsKeyId": "alias/trail"}, [], id="an alias"),
        pytest.param(trails.trails_use_a_customer_key, {"kmsKeyId": UNKNOWN}, [UNDECIDED], id="unknown key"),
        pytest.param(
            trails.log_files_are_validated,
            {"enableLogFileValidation": "false"},
            ["writes no digests of its log files"],
            id="no validation",
        ),
        pytest.param(
            trails.trails_record_all_regions,
            {"isMultiRegionTrail": False, "includeGlobalServiceEvents": False},
            ["records one region only", "leaves out the global services, such as IAM and STS"],
            id="one region and no global services",
        ),
        pytest.param(
            trails.trails_record_all_regions,
            {"isMultiRegionTrail": UNKNOWN, "includeGlobalServiceEvents": False},
            ["leaves out the global services, such as IAM and STS"],
            id="one unknown hides nothing",
        ),
        pytest.param(
            trails.trails_deliver_to_logs,
            {"cloudWatchLogsGroupArn": None},
            ["delivers to no log group, so that no alarm can watch it"],
            id="no log group",
        ),
        pytest.param(trails.trails_are_on, {"enableLogging": False}, ["is switched off"], id="off"),
        pytest.param(
            trails.trails_announce_delivery,
            {"snsTopicName": None},
            ["tells no topic when it delivers"],
            id="no topic",
        ),
        pytest.param(
            trails.trails_look_for_unusual_activity,
            {"insightSelectors": []},
            ["looks for no unusual activity"],
            id="no insights",
        ),
        pytest.param(
            trail_selectors.management_events_are_recorded,
            {"advancedEventSelectors": [TABLES]},
            ["records no management events"],
            id="data events only",
        ),
        pytest.param(
            trail_selectors.management_events_are_recorded,
            {"advancedEventSelectors": [TABLES, UNKNOWN]},
            [UNDECIDED],
            id="the other selector may be for management events",
        ),
        pytest.param(
            trail_selectors.timestream_needs_advanced_selectors,
            {"eventSelectors": [{"dataResources": [{"type": "AWS::Timestream::Table", "values": ["a"]}]}]},
            ["selects AWS::Timestream::Table by a basic selector, which CloudTrail refuses"],
            id="a basic selector",
        ),
        pytest.param(
            trail_selectors.queries_are_not_left_out,
            {
                "advancedEventSelectors": [
                    selector(eventCategory="Data", type="AWS::Timestream::Table", readOnly="false")
                ]
            },
            ["records no queries: the field readOnly of its selector leaves true out"],
            id="writes only",
        ),
        pytest.param(
            trail_selectors.queries_are_not_left_out,
            {
                "advancedEventSelectors": [
                    {
                        "fieldSelectors": [
                            *TABLES["fieldSelectors"],
                            {"field": "eventName", "notEquals": ["Query"]},
                        ]
                    }
                ]
            },
            ["records no queries: the field eventName of its selector leaves Query out"],
            id="all but queries",
        ),
        pytest.param(
            trail_selectors.queries_are_not_left_out,
            {
                "advancedEventSelectors": [
                    {
                        "fieldSelectors": [
                            *TABLES["fieldSelectors"],
                            {"field": "eventName", "startsWith": ["Qu"]},
                            {"field": "readOnly", "equals": ["true"]},
                        ]
                    }
                ]
            },
            [],
            id="queries among others",
        ),
        pytest.param(
            trail_selectors.queries_are_not_filtered,
            {
                "advancedEventSelectors": [
                    {
                        "fieldSelectors": [
                            *DATABASES["fieldSelectors"],
                            {"field": "resources.ARN", "endsWith": ["database/metrics"]},
                        ]
                    }
                ]
            },
            ["records queries on some databases only: its selector filters by resources.ARN"],
            id="one database",
        ),
        pytest.param(
            trail_selectors.object_events_are_recorded,
            {"advancedEventSelectors": [MANAGEMENT]},
            ["does not record reads of objects in S3", "does not record writes of objects in S3"],
            id="no data events",
        ),
        pytest.param(
            trail_selectors.object_events_are_recorded,
            {"advancedEventSelectors": [MANAGEMENT, OBJECTS]},
            [],
            id="data events of objects",
        ),
    ],
)
def test_a_good_trail_after_one_change(rule: Rule, change: Any, expected: Any) -> None:
    assert messages(rule, TRAIL, trail(), {}) == []
    assert messages(rule, TRAIL, trail(), change) == expected


BOTH = [
    "has no trail that records queries on AWS::Timestream::Database",
    "has no trail that records queries on AWS::Timestream::Table",
]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], BOTH, id="no trail"),
        pytest.param([Given(TRAIL, trail(), "trail")], [], id="a good trail"),
        pytest.param([Given(TRAIL, trail(enableLogging=False), "trail")], BOTH, id="it is off"),
        pytest.param(
            [Given(TRAIL, trail(advancedEventSelectors=[MANAGEMENT]), "trail")],
            BOTH,
            id="management events only",
        ),
        pytest.param(
            [Given(TRAIL, trail(advancedEventSelectors=[TABLES]), "trail")], BOTH[:1], id="tables only"
        ),
        pytest.param(
            [Given(EVENT_DATA_STORE, {"advancedEventSelectors": [TABLES, DATABASES]}, "store")],
            [],
            id="an event data store",
        ),
        pytest.param(
            [
                Given(
                    EVENT_DATA_STORE,
                    {"suspend": "true", "advancedEventSelectors": [TABLES, DATABASES]},
                    "store",
                )
            ],
            BOTH,
            id="it is suspended",
        ),
        pytest.param(
            [Given(TRAIL, {"advancedEventSelectors": UNKNOWN}, "trail")], [UNDECIDED], id="not known yet"
        ),
    ],
)
def test_queries_are_recorded(others: list[Given], expected: list[str]) -> None:
    good = {"databaseName": "metrics"}
    assert messages(trail_selectors.queries_are_recorded, DATABASE, good, {}, *others) == expected
    assert messages(trail_selectors.queries_are_recorded, TABLE, good, {}, *others) == expected


def test_a_table_beside_a_database_is_not_told_of_twice() -> None:
    database = Given(DATABASE, {"databaseName": "metrics"}, "database")
    assert messages(trail_selectors.queries_are_recorded, TABLE, {}, {}, database) == []


def test_a_trail_of_another_stack_is_assumed() -> None:
    known = build((Given(DATABASE, {"databaseName": "metrics"}),)).resources
    stack = Stack(known, settings=Settings(managed_elsewhere=frozenset({"trail"})))
    judgement = judge(trail_selectors.queries_are_recorded, stack.resources[0], stack)
    assert said(judgement) == []
    assert [assumption.text for assumption in judgement.assumptions] == [
        "trail are managed elsewhere, as the settings say"
    ]


def on_bucket(rule: Rule, *others: Given, **properties: Any) -> list[str]:
    bucket = Given(BUCKET, {"bucket": NAME, **properties}, "bucket")
    return messages(rule, TRAIL, trail(s3BucketName=NAME), {}, bucket, *others)


OPEN = "writes to the bucket 'bucket', which its {} opens to everybody"
ANYONE = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}


@pytest.mark.parametrize(
    ("others", "properties", "expected"),
    [
        pytest.param([], {}, [], id="private"),
        pytest.param([], {"acl": "public-read"}, [OPEN.format("access control list")], id="a public list"),
        pytest.param(
            [Given(BUCKET_ACL, {"bucket": NAME, "acl": "public-read-write"}, "acl")],
            {},
            [OPEN.format("access control list")],
            id="a separate list",
        ),
        pytest.param(
            [],
            {"grants": [{"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers"}]},
            [OPEN.format("access control list")],
            id="a grant",
        ),
        pytest.param([], {"policy": document(ANYONE)}, [OPEN.format("policy")], id="an inline policy"),
        pytest.param(
            [Given(BUCKET_POLICY, {"bucket": NAME, "policy": document(ANYONE)}, "policy")],
            {},
            [OPEN.format("policy")],
            id="a policy beside it",
        ),
        pytest.param(
            [Given(BUCKET_PUBLIC_ACCESS_BLOCK, {"bucket": NAME, **BLOCKED}, "block")],
            {"acl": "public-read", "policy": document(ANYONE)},
            [],
            id="all of it blocked",
        ),
        pytest.param(
            [
                Given(
                    BUCKET_PUBLIC_ACCESS_BLOCK,
                    {"bucket": NAME, **BLOCKED, "ignorePublicAcls": False},
                    "block",
                )
            ],
            {"acl": "public-read"},
            [OPEN.format("access control list")],
            id="blocked by half",
        ),
        pytest.param([], {"acl": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_the_bucket_of_a_trail_is_private(others: Any, properties: Any, expected: Any) -> None:
    assert on_bucket(trail_storage.trail_buckets_are_private, *others, **properties) == expected


def test_the_bucket_of_a_trail_is_logged() -> None:
    rule = trail_storage.trail_buckets_are_logged
    apart = Given(BUCKET_LOGGING, {"bucket": NAME, "targetBucket": UNKNOWN}, "logging")
    assert on_bucket(rule) == ["writes to the bucket 'bucket', whose use nobody writes down"]
    assert on_bucket(rule, logging={"targetBucket": "logs"}) == []
    assert on_bucket(rule, apart) == []


def test_versions_are_deleted_with_mfa() -> None:
    rule = trail_storage.trail_buckets_need_mfa
    said_apart = {"versioningConfiguration": {"status": "Enabled", "mfaDelete": "Enabled"}}
    apart = Given(BUCKET_VERSIONING, {"bucket": NAME, **said_apart}, "versioning")
    assert on_bucket(rule) == ["writes to the bucket 'bucket', from which versions are deleted without MFA"]
    assert on_bucket(rule, versioning={"enabled": True, "mfaDelete": True}) == []
    assert on_bucket(rule, apart) == []


def test_a_bucket_of_another_stack_is_assumed_to_be_good() -> None:
    stack = build((Given(TRAIL, trail()),))
    for rule in (trail_storage.trail_buckets_are_logged, trail_storage.trail_buckets_are_private):
        judgement = judge(rule, stack.resources[0], stack)
        assert said(judgement) == []
        assert [assumption.at for assumption in judgement.assumptions] == ["s3BucketName"]


def keyed(rule: Rule, type_: str, *statements: Any, apart: bool = False) -> list[str]:
    policy = document(OWNER, *statements)
    key = Given(KEY, {"description": "t"} if apart else {"policy": policy}, "key", outputs={"keyId": "1"})
    others = [key, Given(KEY_POLICY, {"keyId": "1", "policy": policy}, "policy")] if apart else [key]
    return messages(rule, type_, {"kmsKeyId": UNKNOWN}, {}, *others, depends={"kmsKeyId": ("key",)})


@pytest.mark.parametrize("apart", [False, True])
def test_policies_for_a_trail_name_the_source(apart: bool) -> None:
    rule = trail_storage.trail_policies_name_the_source
    ours = {**ENCRYPTS, "Condition": OURS}
    any_trail = {**ENCRYPTS, "Condition": {"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"}}}
    problem = (
        "shares its key 'key' with the trails of all accounts: statement Encrypts asks for no aws:SourceArn"
    )
    assert keyed(rule, TRAIL, ours, apart=apart) == []
    assert keyed(rule, TRAIL, ENCRYPTS, apart=apart) == [problem]
    assert keyed(rule, TRAIL, any_trail, apart=apart) == [problem]
    assert keyed(rule, TRAIL, LOGS, apart=apart) == []


def test_the_policy_of_the_bucket_names_the_source() -> None:
    rule = trail_storage.trail_policies_name_the_source
    assert on_bucket(rule, policy=document({**DELIVERS, "Condition": OURS})) == []
    assert on_bucket(rule, policy=document(DELIVERS)) == [
        "shares its bucket 'bucket' with the trails of all accounts: "
        "statement Delivers asks for no aws:SourceArn"
    ]


@pytest.mark.parametrize("apart", [False, True])
def test_keys_admit_who_encrypts(apart: bool) -> None:
    rule = trail_storage.keys_admit_the_service
    problem = "is encrypted with the key 'key', whose policy does not let {} use it"
    for type_ in (TRAIL, EVENT_DATA_STORE):
        assert keyed(rule, type_, ENCRYPTS, apart=apart) == []
        assert keyed(rule, type_, apart=apart) == [problem.format("CloudTrail")]
        decrypt = {**ENCRYPTS, "Action": "kms:Decrypt"}
        assert keyed(rule, type_, decrypt, apart=apart) == [problem.format("CloudTrail")]
        assert keyed(rule, type_, {**ENCRYPTS, "Effect": "Deny"}, apart=apart) == [
            problem.format("CloudTrail")
        ]
    assert keyed(rule, LOG_GROUP, LOGS, apart=apart) == []
    assert keyed(rule, LOG_GROUP, ENCRYPTS, apart=apart) == [problem.format("CloudWatch Logs")]
    assert keyed(rule, TRAIL, {**ENCRYPTS, "Action": UNKNOWN}, apart=apart) == [UNDECIDED]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(
            {"terminationProtectionEnabled": False},
            ["may be deleted by anybody who may call DeleteEventDataStore"],
            id="not protected",
        ),
        pytest.param({"multiRegionEnabled": "false"}, ["records one region only"], id="one region"),
        pytest.param({"suspend": "true"}, ["is suspended"], id="suspended"),
        pytest.param({"retentionPeriod": 90}, ["keeps events for 90 days, less than 365"], id="too short"),
        pytest.param({"retentionPeriod": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param({"retentionPeriod": UNKNOWN, "suspend": True}, ["is suspended"], id="one unknown"),
    ],
)
def test_event_data_stores_are_strong(change: Any, expected: Any) -> None:
    good = STRONG_GOOD[1].resources[0].properties
    assert messages(event_data_stores.stores_are_strong, EVENT_DATA_STORE, good, change) == expected


def test_the_shortest_retention_is_a_setting() -> None:
    known = build((Given(EVENT_DATA_STORE, {"retentionPeriod": 90}),)).resources
    stack = Stack(known, settings=Settings(thresholds=Thresholds(event_store_retention_days=90)))
    assert said(judge(event_data_stores.stores_are_strong, stack.resources[0], stack)) == []
