import json

from tests.sandbox.examples import Example, Need

_TOPIC = Need(token="aws:sns/topic:Topic", inputs={"name": "alerts"})
_QUEUE = Need(token="aws:sqs/queue:Queue", inputs={"name": "alerts"})


def _policy(action: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": action,
                    "Resource": "${topic.arn}",
                }
            ],
        }
    )


EXAMPLES: dict[str, Example] = {
    "aws:sns/topic:Topic": Example(
        inputs={
            "name": "billing-alerts",
            "displayName": "Billing alerts",
            "kmsMasterKeyId": "alias/aws/sns",
            "tags": {"team": "billing"},
        },
        change={"displayName": "Alerts of billing", "tags": {"team": "metering", "cost": "7"}},
        replace={"name": "metering-alerts"},
    ),
    "aws:sns/topicPolicy:TopicPolicy": Example(
        needs={"topic": _TOPIC, "other": Need(token="aws:sns/topic:Topic", inputs={"name": "other"})},
        inputs={"arn": "${topic.arn}", "policy": _policy("sns:Publish")},
        change={"policy": _policy("sns:GetTopicAttributes")},
        replace={"arn": "${other.arn}"},
        stays="a topic always has a policy: deletion puts AWS's default one back",
    ),
    "aws:sns/topicSubscription:TopicSubscription": Example(
        needs={"topic": _TOPIC, "queue": _QUEUE},
        inputs={
            "topic": "${topic.arn}",
            "protocol": "sqs",
            "endpoint": "${queue.arn}",
            "rawMessageDelivery": True,
        },
        change={"rawMessageDelivery": False, "filterPolicy": '{"severity": ["high"]}'},
        replace={"protocol": "email", "endpoint": "on-call@example.org"},
    ),
}
