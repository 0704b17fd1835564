"""Examples for the rules on event data stores."""

from typing import Any

from timestream_policies.examples import Example, Given, example
from timestream_policies.examples.databases import KEY_ARN, REFERENCE
from timestream_policies.types import EVENT_DATA_STORE, KEY

SNIPPET = """\
import pulumi_aws as aws

key = aws.kms.Key("events", enable_key_rotation=True)
store = aws.cloudtrail.EventDataStore(
    "events",
    name="events",
    kms_key_id=key.arn,
    multi_region_enabled=True,
    retention_period=2555,
    termination_protection_enabled=True,
)
"""


def _store(title: str, **properties: Any) -> Example:
    return example(title, EVENT_DATA_STORE, {"name": "events", **properties})


KMS_GOOD = (
    _store("a customer's key", kmsKeyId=KEY_ARN),
    example(
        "a key of this stack, not made yet",
        EVENT_DATA_STORE,
        {"kmsKeyId": REFERENCE},
        Given(KEY, {"enableKeyRotation": True}, "key"),
        depends={"kmsKeyId": ("key",)},
    ),
)
KMS_BAD = (_store("no key"), _store("an empty text", kmsKeyId=""))
STRONG_GOOD = (
    _store("AWS's defaults"),
    _store(
        "all said",
        terminationProtectionEnabled=True,
        suspend="false",
        multiRegionEnabled=True,
        retentionPeriod=2555,
    ),
)
STRONG_BAD = (
    _store("may be deleted", terminationProtectionEnabled=False),
    _store("suspended", suspend="true"),
    _store("one region, one week", multiRegionEnabled=False, retentionPeriod=7),
)
