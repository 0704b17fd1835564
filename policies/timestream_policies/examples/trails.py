"""Examples for the rules on trails."""

from typing import Any

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import DATABASE, EVENT_DATA_STORE, KEY, LOG_GROUP, TABLE, TOPIC, TRAIL

GROUP_ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
ROLE_ARN = "arn:aws:iam::111122223333:role/trail"


def selector(**fields: str) -> dict[str, Any]:
    """Return an advanced selector that asks for one value of each field; `type` is that of resources."""
    return {
        "fieldSelectors": [
            {"field": "resources.type" if name == "type" else name, "equals": [value]}
            for name, value in fields.items()
        ]
    }


MANAGEMENT = selector(eventCategory="Management")
DATABASES = selector(eventCategory="Data", type="AWS::Timestream::Database")
TABLES = selector(eventCategory="Data", type="AWS::Timestream::Table")
OBJECTS = selector(eventCategory="Data", type="AWS::S3::Object")

SNIPPET = """\
import pulumi_aws as aws


def selector(**fields):
    names = {"category": "eventCategory", "type": "resources.type"}
    return {"field_selectors": [{"field": names[n], "equals": [v]} for n, v in fields.items()]}


key = aws.kms.Key("trail", enable_key_rotation=True)
topic = aws.sns.Topic("trail", name="trail", kms_master_key_id="alias/trail")
trail = aws.cloudtrail.Trail(
    "trail",
    s3_bucket_name="trail-of-metrics",
    kms_key_id=key.arn,
    enable_log_file_validation=True,
    is_multi_region_trail=True,
    sns_topic_name=topic.name,
    cloud_watch_logs_group_arn="arn:aws:logs:eu-west-1:111122223333:log-group:trail:*",
    cloud_watch_logs_role_arn="arn:aws:iam::111122223333:role/trail",
    insight_selectors=[{"insight_type": "ApiErrorRateInsight"}],
    advanced_event_selectors=[
        selector(category="Management"),
        selector(category="Data", type="AWS::Timestream::Database"),
        selector(category="Data", type="AWS::Timestream::Table"),
    ],
)
"""
QUERIES_SNIPPET = """\
import pulumi_aws as aws


def data(kind):
    fields = {"eventCategory": "Data", "resources.type": kind}
    return {"field_selectors": [{"field": name, "equals": [value]} for name, value in fields.items()]}


database = aws.timestreamwrite.Database("metrics", database_name="metrics")
trail = aws.cloudtrail.Trail(
    "queries",
    s3_bucket_name="trail-of-metrics",
    advanced_event_selectors=[data("AWS::Timestream::Database"), data("AWS::Timestream::Table")],
)
"""


def trail(**changes: Any) -> dict[str, Any]:
    """Return the properties of a good trail."""
    properties = {
        "name": "trail",
        "s3BucketName": "trail-of-metrics",
        "kmsKeyId": KEY_ARN,
        "enableLogFileValidation": True,
        "isMultiRegionTrail": True,
        "snsTopicName": "trail",
        "cloudWatchLogsGroupArn": GROUP_ARN,
        "cloudWatchLogsRoleArn": ROLE_ARN,
        "insightSelectors": [{"insightType": "ApiErrorRateInsight"}],
        "advancedEventSelectors": [MANAGEMENT, DATABASES, TABLES],
        **changes,
    }
    return {name: value for name, value in properties.items() if value is not None}


def _trail(title: str, **properties: Any) -> Example:
    return example(title, TRAIL, {"name": "trail", "s3BucketName": "trail-of-metrics", **properties})


KMS_GOOD = (
    _trail("a customer's key", kmsKeyId=KEY_ARN),
    example(
        "a key of this stack, not made yet",
        TRAIL,
        {"kmsKeyId": REFERENCE},
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"kmsKeyId": ("key",)},
    ),
)
KMS_BAD = (_trail("no key"), _trail("nothing that is a key", kmsKeyId="foo"))
VALIDATION_GOOD = (_trail("on", enableLogFileValidation=True),)
VALIDATION_BAD = (_trail("off", enableLogFileValidation=False), _trail("nothing said"))
REGIONS_GOOD = (_trail("all regions", isMultiRegionTrail=True),)
REGIONS_BAD = (
    _trail("one region"),
    _trail("without global services", isMultiRegionTrail=True, includeGlobalServiceEvents=False),
)
DELIVERED_GOOD = (
    _trail("delivered", cloudWatchLogsGroupArn=GROUP_ARN, cloudWatchLogsRoleArn=ROLE_ARN),
    example(
        "a log group of this stack, not made yet",
        TRAIL,
        {"cloudWatchLogsGroupArn": REFERENCE, "cloudWatchLogsRoleArn": ROLE_ARN},
        Given(LOG_GROUP, {"retentionInDays": 365}, "group"),
        depends={"cloudWatchLogsGroupArn": ("group",)},
    ),
)
DELIVERED_BAD = (_trail("to the bucket only"), _trail("an empty text", cloudWatchLogsGroupArn=""))
LOGGING_GOOD = (_trail("on by default"), _trail("on", enableLogging=True))
LOGGING_BAD = (_trail("off", enableLogging=False),)
TOPIC_GOOD = (
    _trail("a topic", snsTopicName="trail"),
    example(
        "a topic of this stack, not made yet",
        TRAIL,
        {"snsTopicName": REFERENCE},
        Given(TOPIC, {"name": "trail"}, "topic"),
        depends={"snsTopicName": ("topic",)},
    ),
)
TOPIC_BAD = (_trail("none"), _trail("an empty name", snsTopicName=""))
INSIGHTS_GOOD = (_trail("errors", insightSelectors=[{"insightType": "ApiErrorRateInsight"}]),)
INSIGHTS_BAD = (_trail("none"), _trail("an empty list", insightSelectors=[]))

OBJECTS_GOOD = (
    _trail("objects", advancedEventSelectors=[MANAGEMENT, OBJECTS]),
    _trail(
        "objects, by a basic selector",
        eventSelectors=[{"dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}],
    ),
    _trail("a trail of Timestream", advancedEventSelectors=[MANAGEMENT, TABLES]),
)
OBJECTS_BAD = (
    _trail("management events only"),
    _trail(
        "writes only",
        eventSelectors=[
            {
                "readWriteType": "WriteOnly",
                "dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
            }
        ],
    ),
    _trail(
        "reads only",
        advancedEventSelectors=[selector(eventCategory="Data", type="AWS::S3::Object", readOnly="true")],
    ),
)


def _recorded(title: str, type_: str, *others: Given) -> Example:
    return example(title, type_, {"databaseName": "metrics"}, *others)


QUERIES_GOOD = (
    _recorded("a trail", DATABASE, Given(TRAIL, {"advancedEventSelectors": [DATABASES, TABLES]}, "trail")),
    _recorded(
        "a trail and an event data store",
        TABLE,
        Given(TRAIL, {"advancedEventSelectors": [DATABASES]}, "trail"),
        Given(EVENT_DATA_STORE, {"advancedEventSelectors": [TABLES]}, "store"),
    ),
)
QUERIES_BAD = (
    _recorded("no trail", DATABASE),
    _recorded("a table alone", TABLE, Given(TRAIL, {"advancedEventSelectors": [TABLES]}, "trail")),
    _recorded(
        "a trail that is off",
        DATABASE,
        Given(TRAIL, {"enableLogging": False, "advancedEventSelectors": [DATABASES, TABLES]}, "trail"),
    ),
)
_ONE_TABLE = {
    "field": "resources.ARN",
    "startsWith": ["arn:aws:timestream:eu-west-1:111122223333:database/m"],
}
UNFILTERED_GOOD = (_trail("all queries", advancedEventSelectors=[DATABASES]),)
UNFILTERED_BAD = (
    _trail(
        "one database",
        advancedEventSelectors=[{"fieldSelectors": [*DATABASES["fieldSelectors"], _ONE_TABLE]}],
    ),
)
MANAGEMENT_GOOD = (
    _trail("beside data events", advancedEventSelectors=[MANAGEMENT, TABLES]),
    _trail("by default"),
)
MANAGEMENT_BAD = (
    _trail("data events only", advancedEventSelectors=[TABLES]),
    _trail("switched off", eventSelectors=[{"includeManagementEvents": False}]),
)
COMPLETE_GOOD = (_trail("all calls", advancedEventSelectors=[TABLES]),)
COMPLETE_BAD = (
    _trail(
        "writes only",
        advancedEventSelectors=[
            selector(eventCategory="Data", type="AWS::Timestream::Table", readOnly="false")
        ],
    ),
    _trail(
        "one other call",
        advancedEventSelectors=[
            selector(eventCategory="Data", type="AWS::Timestream::Table", eventName="WriteRecords")
        ],
    ),
)
ADVANCED_GOOD = (_trail("advanced", advancedEventSelectors=[TABLES]),)
ADVANCED_BAD = (
    _trail(
        "basic",
        eventSelectors=[{"dataResources": [{"type": "AWS::Timestream::Table", "values": ["arn:aws:t"]}]}],
    ),
)
