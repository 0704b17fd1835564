from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.model import Options, Resource
from timestream_policies.rules import tags
from timestream_policies.settings import Settings
from timestream_policies.stack import Stack
from timestream_policies.types import BUCKET, DATABASE, KEY, TABLE
from timestream_policies.values import Properties

NONE = ["has no tags"]
PROVIDER = "urn:pulumi:example::project::pulumi:providers:aws::default"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"owner": "platform"}, [], id="an owner"),
        pytest.param(None, NONE, id="none"),
        pytest.param({}, NONE, id="an empty map"),
        pytest.param({"Name": "metrics"}, NONE, id="a name only"),
        pytest.param({"owner": UNKNOWN}, [UNDECIDED], id="a value not known yet"),
        pytest.param(UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
@pytest.mark.parametrize(
    ("rule", "type_"), [(tags.timestream_is_tagged, DATABASE), (tags.others_are_tagged, KEY)]
)
def test_resources_are_tagged(rule: Any, type_: str, given: Any, expected: Any) -> None:
    assert messages(rule, type_, {}, {"tags": given} if given is not None else {}) == expected


def with_required(given: Any, *required: str) -> list[str]:
    stack = build((Given(DATABASE, {"tags": given}),))
    stack.resources[0].settings = Settings(required_tags=required)
    return said(judge(tags.timestream_is_tagged, stack.resources[0], stack))


def test_required_tags() -> None:
    assert with_required({"owner": "platform", "stage": "prod"}, "owner", "stage") == []
    assert with_required({"owner": "platform"}, "owner", "stage") == ["has no tag 'stage'"]
    assert with_required({"owner": ""}, "owner") == ["has no tag 'owner'"]
    assert with_required({"owner": UNKNOWN}, "owner") == [UNDECIDED]
    assert with_required({"owner": UNKNOWN}, "stage") == ["has no tag 'stage'"]


@pytest.mark.parametrize("default_tags", ['{"tags":{"owner":"platform"}}', {"tags": {"owner": "platform"}}])
def test_tags_of_the_provider_count(default_tags: Any) -> None:
    provider = Resource(
        urn=PROVIDER, type_="pulumi:providers:aws", inputs=Properties.of({"defaultTags": default_tags})
    )
    database = Resource(urn="urn::database", type_=DATABASE, provider=f"{PROVIDER}::1234")
    stack = Stack([database, provider])
    assert said(judge(tags.timestream_is_tagged, database, stack)) == []
    alone = Stack([Resource(urn="urn::database", type_=DATABASE, provider=f"{PROVIDER}::1234")])
    assert said(judge(tags.timestream_is_tagged, alone.resources[0], alone)) == NONE


@pytest.mark.parametrize(
    ("stack", "protect", "expected"),
    [
        ("prod", True, []),
        ("prod", False, ["is not protected from deletion, but 'prod' is production"]),
        ("eu-prod", False, ["is not protected from deletion, but 'eu-prod' is production"]),
        ("sandbox", False, []),
    ],
)
def test_stores_are_protected(stack: str, protect: bool, expected: Any) -> None:
    built = build((Given(DATABASE, {}, stack=stack, options=Options(protect=protect)),))
    assert said(judge(tags.stores_are_protected, built.resources[0], built)) == expected


def test_without_options_nothing_is_said_of_protection() -> None:
    built = build((Given(DATABASE, {}, stack="prod"),))
    lacking = Stack(built.resources)
    assert said(judge(tags.stores_are_protected, lacking.resources[0], lacking)) == [
        "not applicable: this file does not hold the options of resources"
    ]


HERE = {"databaseName": "metrics", "kmsKeyId": KEY_ARN, "region": "eu-west-1"}


def key(**properties: Any) -> Given:
    return Given(KEY, properties, "key", outputs={"arn": KEY_ARN.replace("eu-west-1", "eu-central-1")})


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        pytest.param({}, (), [], id="a key from elsewhere, of the region"),
        pytest.param(
            {"region": "eu-central-1"},
            (),
            [f"is in eu-central-1, but {KEY_ARN} is in eu-west-1"],
            id="of another region",
        ),
        pytest.param({"region": None}, (), [], id="nothing says a region"),
        pytest.param(
            {"kmsKeyId": KEY_ARN.replace("eu-west-1", "eu-central-1")},
            (key(),),
            ["is in eu-west-1, but 'key' is in eu-central-1"],
            id="a key of this stack, by its ARN",
        ),
        pytest.param({"kmsKeyId": UNKNOWN}, (), [UNDECIDED], id="not known yet"),
        pytest.param({"region": UNKNOWN}, (), [UNDECIDED], id="region not known yet"),
        pytest.param({"kmsKeyId": None}, (), [], id="no key"),
    ],
)
def test_regions_agree(change: Any, others: Any, expected: Any) -> None:
    assert messages(tags.regions_agree, DATABASE, HERE, change, *others) == expected


def test_buckets_stand_in_the_region_too() -> None:
    location = {"s3Configuration": {"bucketName": "rejected"}}
    table = {
        "region": "eu-west-1",
        "magneticStoreWriteProperties": {"magneticStoreRejectedDataLocation": location},
    }
    bucket = Given(BUCKET, {"bucket": "rejected", "region": "us-east-1"}, "rejected")
    assert messages(tags.regions_agree, TABLE, table, {}, bucket) == [
        "is in eu-west-1, but 'rejected' is in us-east-1"
    ]
