import pytest
from botocore.exceptions import ClientError

from tests.sandbox.services.resources import Resource, Resources

STORE = "aws:cloudtrail/eventDataStore:EventDataStore"


def trail(resources: Resources, **inputs: object) -> Resource:
    resources.create("aws:s3/bucket:Bucket", bucket="audit")
    return resources.create("aws:cloudtrail/trail:Trail", name="timestream", s3BucketName="audit", **inputs)


def test_a_trail_logs_until_it_is_told_not_to(resources: Resources) -> None:
    made = trail(resources)
    client = resources.aws.client("cloudtrail")
    assert client.get_trail_status(Name=made.id)["IsLogging"] is True
    made.update({"enableLogging": False})
    assert client.get_trail_status(Name=made.id)["IsLogging"] is False


def test_a_trail_selects_data_events_in_the_words_of_cloudtrail(resources: Resources) -> None:
    selectors = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.ARN", "startsWiths": ["arn:aws:timestream"], "notEndsWiths": ["/test"]},
    ]
    made = trail(resources, advancedEventSelectors=[{"name": "data", "fieldSelectors": selectors}])
    found = resources.aws.client("cloudtrail").get_event_selectors(TrailName=made.id)
    assert found["AdvancedEventSelectors"] == [
        {
            "Name": "data",
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {
                    "Field": "resources.ARN",
                    "StartsWith": ["arn:aws:timestream"],
                    "NotEndsWith": ["/test"],
                },
            ],
        }
    ]


def test_basic_selectors_get_the_defaults_of_the_real_provider(resources: Resources) -> None:
    values = [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::audit/"]}]
    made = trail(resources, eventSelectors=[{"dataResources": values}])
    (found,) = resources.aws.client("cloudtrail").get_event_selectors(TrailName=made.id)["EventSelectors"]
    assert (found["ReadWriteType"], found["IncludeManagementEvents"]) == ("All", True)


def test_insights_that_are_no_longer_stated_are_switched_off(resources: Resources) -> None:
    made = trail(resources, insightSelectors=[{"insightType": "ApiErrorRateInsight"}])
    made.update({"insightSelectors": None})
    found = resources.aws.client("cloudtrail").get_insight_selectors(TrailName=made.id)
    assert found.get("InsightSelectors", []) == []


def test_a_topic_may_be_named_by_its_arn(resources: Resources) -> None:
    topic = resources.create("aws:sns/topic:Topic", name="audit")
    made = trail(resources, snsTopicName=topic.id)
    assert (made.state["snsTopicName"], made.state["snsTopicArn"]) == ("audit", topic.id)


def test_a_trail_whose_bucket_does_not_exist_is_an_error(resources: Resources) -> None:
    with pytest.raises(ClientError, match="S3BucketDoesNotExistException"):
        resources.create("aws:cloudtrail/trail:Trail", name="timestream", s3BucketName="nowhere")


def test_the_name_of_a_trail_is_given_once(resources: Resources) -> None:
    trail(resources)
    with pytest.raises(ClientError, match=r"TrailAlreadyExistsException.*timestream already exists"):
        resources.create("aws:cloudtrail/trail:Trail", name="timestream", s3BucketName="audit")


def test_a_store_is_protected_from_deletion_unless_it_says_otherwise(resources: Resources) -> None:
    store = resources.create(STORE, name="events")
    with pytest.raises(ClientError, match="EventDataStoreTerminationProtectedException"):
        store.delete()
    store.update({"terminationProtectionEnabled": False})
    store.delete()
    assert store.find(store.state) is None


def test_ingestion_into_a_store_can_be_suspended(resources: Resources) -> None:
    store = resources.create(STORE, name="events")
    store.update({"suspend": "true"})
    found = resources.aws.client("cloudtrail").get_event_data_store(EventDataStore=store.id)
    assert found["Status"] == "STOPPED_INGESTION"
