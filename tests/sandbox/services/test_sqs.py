import json

from tests.sandbox.services.resources import Resources

QUEUE = "aws:sqs/queue:Queue"


def test_changing_a_queue_keeps_the_policy_that_another_resource_gave_it(resources: Resources) -> None:
    queue = resources.create(QUEUE, name="rejects")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = resources.create(
        "aws:sqs/queuePolicy:QueuePolicy",
        queueUrl=queue.id,
        policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    queue.update({"visibilityTimeoutSeconds": 120})
    found = resources.aws.client("sqs").get_queue_attributes(QueueUrl=queue.id, AttributeNames=["All"])
    assert found["Attributes"]["VisibilityTimeout"] == "120"
    assert json.loads(found["Attributes"]["Policy"]) == json.loads(policy.state["policy"])


def test_a_queue_says_which_queues_may_send_it_their_dead_letters(resources: Resources) -> None:
    allowed = json.dumps({"redrivePermission": "denyAll"})
    queue = resources.create(QUEUE, name="dead-letters", redriveAllowPolicy=allowed)
    assert json.loads(queue.state["redriveAllowPolicy"]) == {"redrivePermission": "denyAll"}


def test_dead_letters_go_to_the_queue_that_is_stated(resources: Resources) -> None:
    dead = resources.create(QUEUE, name="dead-letters")
    target = json.dumps({"deadLetterTargetArn": dead.state["arn"], "maxReceiveCount": 3})
    queue = resources.create(QUEUE, name="rejects", redrivePolicy=target)
    assert json.loads(queue.state["redrivePolicy"]) == json.loads(target)


def test_a_queue_is_gone_when_somebody_deletes_it(resources: Resources) -> None:
    queue = resources.create(QUEUE, name="rejects")
    resources.aws.client("sqs").delete_queue(QueueUrl=queue.id)
    assert queue.find(queue.state) is None
