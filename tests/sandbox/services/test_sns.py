import json

from tests.sandbox.services.resources import Resources

TOPIC = "aws:sns/topic:Topic"


def attributes(resources: Resources, topic: str) -> dict[str, str]:
    answer: dict[str, str] = resources.aws.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    return answer


def test_the_key_and_the_name_reach_aws(resources: Resources) -> None:
    topic = resources.create(TOPIC, name="alerts", kmsMasterKeyId="alias/alerts", displayName="Alerts")
    found = attributes(resources, topic.id)
    assert (found["KmsMasterKeyId"], found["DisplayName"]) == ("alias/alerts", "Alerts")


def test_every_attribute_that_is_set_is_answered(resources: Resources) -> None:
    topic = resources.create(TOPIC, name="alerts", signatureVersion=2, tracingConfig="Active")
    topic.update({"sqsSuccessFeedbackSampleRate": 50})
    stated = ("signatureVersion", "tracingConfig", "sqsSuccessFeedbackSampleRate")
    assert {name: topic.state[name] for name in stated} == {
        "signatureVersion": 2,
        "tracingConfig": "Active",
        "sqsSuccessFeedbackSampleRate": 50,
    }


def test_a_fifo_topic_is_one(resources: Resources) -> None:
    topic = resources.create(TOPIC, name="alerts.fifo", fifoTopic=True, contentBasedDeduplication=True)
    assert topic.state["fifoTopic"] is True
    assert attributes(resources, topic.id)["ContentBasedDeduplication"] == "true"


def test_a_key_that_is_no_longer_stated_is_taken_away(resources: Resources) -> None:
    topic = resources.create(TOPIC, name="alerts", kmsMasterKeyId="alias/alerts")
    topic.update({"kmsMasterKeyId": None})
    assert "KmsMasterKeyId" not in attributes(resources, topic.id)


def test_deleting_the_policy_puts_the_default_one_back(resources: Resources) -> None:
    topic = resources.create(TOPIC, name="alerts")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic.id}
    policy = resources.create(
        "aws:sns/topicPolicy:TopicPolicy",
        arn=topic.id,
        policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    policy.delete()
    left = json.loads(attributes(resources, topic.id)["Policy"])
    assert left["Statement"][0]["Condition"] == {"StringEquals": {"AWS:SourceOwner": "000000000000"}}


def test_a_subscription_filters_by_the_policy_that_is_stated(resources: Resources) -> None:
    topic = resources.create(TOPIC, name="alerts")
    subscription = resources.create(
        "aws:sns/topicSubscription:TopicSubscription",
        topic=topic.id,
        protocol="email",
        endpoint="on-call@example.org",
        filterPolicy=json.dumps({"severity": ["high"]}),
    )
    found = resources.aws.client("sns").get_subscription_attributes(SubscriptionArn=subscription.id)
    assert json.loads(found["Attributes"]["FilterPolicy"]) == {"severity": ["high"]}
