import pytest

from aws_sandbox.names import fill_in
from tests.sandbox.services.resources import Resources, types


@pytest.mark.parametrize(
    ("token", "name", "inputs", "expected"),
    [
        ("aws:s3/bucket:Bucket", "bucket", {}, "meterrejects-2d71164"),
        ("aws:sns/topic:Topic", "name", {}, "MeterRejects-2d71164"),
        ("aws:sns/topic:Topic", "name", {"fifoTopic": True}, "MeterRejects-2d71164.fifo"),
        ("aws:sqs/queue:Queue", "name", {"fifoQueue": True}, "MeterRejects-2d71164.fifo"),
    ],
)
def test_a_chosen_name_has_the_form_that_aws_asks_for(
    token: str, name: str, inputs: dict[str, object], expected: str
) -> None:
    filled = fill_in(types()[token], inputs, {}, name="MeterRejects", seed=b"x", proposed="")
    assert filled[name] == expected


@pytest.mark.parametrize(
    ("token", "name", "inputs"),
    [
        ("aws:s3/bucket:Bucket", "bucket", {"bucketPrefix": "rejects-"}),
        ("aws:sns/topic:Topic", "name", {"namePrefix": "rejects-"}),
        ("aws:sqs/queue:Queue", "name", {"namePrefix": "rejects-"}),
        ("aws:cloudwatch/logGroup:LogGroup", "name", {"namePrefix": "rejects-", "retentionInDays": 7}),
        (
            "aws:cloudwatch/eventRule:EventRule",
            "name",
            {"namePrefix": "rejects-", "scheduleExpression": "rate(1 day)"},
        ),
        ("aws:secretsmanager/secret:Secret", "name", {"namePrefix": "rejects-"}),
        ("aws:ec2/securityGroup:SecurityGroup", "name", {"namePrefix": "rejects-"}),
    ],
)
def test_a_name_is_made_of_a_prefix(
    resources: Resources, token: str, name: str, inputs: dict[str, object]
) -> None:
    made = resources.create(token, **inputs)
    assert made.state[name].startswith("rejects-")
    assert len(made.state[name]) == len("rejects-") + 26


def test_a_fifo_topic_made_of_a_prefix_ends_in_fifo(resources: Resources) -> None:
    topic = resources.create("aws:sns/topic:Topic", namePrefix="rejects-", fifoTopic=True)
    assert topic.state["name"].endswith(".fifo")


def test_a_rule_made_of_a_prefix_keeps_its_name_when_it_changes(resources: Resources) -> None:
    rule = resources.create(
        "aws:cloudwatch/eventRule:EventRule", namePrefix="rejects-", scheduleExpression="rate(1 day)"
    )
    name = rule.state["name"]
    rule.update({"scheduleExpression": "rate(2 days)"})
    assert rule.state["name"] == name
    assert len(resources.aws.client("events").list_rules()["Rules"]) == 1
