"""Examples for the rules that look at a stack as a whole: tags, deletion protection, regions."""

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.model import Options
from timestream_policies.types import DATABASE, KEY, TABLE, TOPIC

SNIPPET = """\
import pulumi
import pulumi_aws as aws

key = aws.kms.Key(
    "metrics",
    enable_key_rotation=True,
    region="eu-west-1",
    tags={"owner": "telemetry-platform"},
    opts=pulumi.ResourceOptions(protect=True),
)
database = aws.timestreamwrite.Database(
    "metrics",
    database_name="metrics",
    kms_key_id=key.arn,
    region="eu-west-1",
    tags={"owner": "telemetry-platform"},
    opts=pulumi.ResourceOptions(protect=True),
)
"""


def _database(title: str, *others: Given, **properties: object) -> Example:
    return example(title, DATABASE, {"databaseName": "metrics", **properties}, *others)


def _in_stack(title: str, stack: str, *, protect: bool) -> Example:
    return example(
        title, DATABASE, {"databaseName": "metrics"}, stack=stack, options=Options(protect=protect)
    )


TAGGED_GOOD = (_database("an owner", tags={"owner": "telemetry-platform"}),)
TAGGED_BAD = (_database("none"), _database("a name only", tags={"Name": "metrics"}))
OTHERS_GOOD = (example("an owner", KEY, {"tags": {"owner": "telemetry-platform"}}),)
OTHERS_BAD = (example("none", KEY, {"description": "metrics"}),)
PROTECTED_GOOD = (
    _in_stack("protected", "prod", protect=True),
    _in_stack("a sandbox", "sandbox", protect=False),
    example(
        "the key of a topic",
        KEY,
        {"description": "messages"},
        Given(TOPIC, {"kmsMasterKeyId": "k-1"}, "topic"),
        id="k-1",
        stack="prod",
    ),
)
PROTECTED_BAD = (_in_stack("in production", "prod", protect=False),)
REGION_GOOD = (
    _database(
        "one region", Given(KEY, {"region": "eu-west-1"}, "key", id="k-1"), kmsKeyId="k-1", region="eu-west-1"
    ),
    _database("a key from elsewhere, of the region", kmsKeyId=KEY_ARN, region="eu-west-1"),
)
REGION_BAD = (
    _database("a key from elsewhere, of another region", kmsKeyId=KEY_ARN, region="eu-central-1"),
    example(
        "rejected records in another region",
        TABLE,
        {
            "databaseName": "metrics",
            "region": "eu-west-1",
            "magneticStoreWriteProperties": {
                "magneticStoreRejectedDataLocation": {"s3Configuration": {"kmsKeyId": REFERENCE}}
            },
        },
        Given(KEY, {"region": "eu-central-1"}, "key"),
        depends={"magneticStoreWriteProperties": ("key",)},
    ),
)
