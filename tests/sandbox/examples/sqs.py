import json

from tests.sandbox.examples import Example, Need


def _policy(action: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": action,
                    "Resource": "${queue.arn}",
                }
            ],
        }
    )


EXAMPLES: dict[str, Example] = {
    "aws:sqs/queue:Queue": Example(
        inputs={
            "name": "rejected-records",
            "messageRetentionSeconds": 1_209_600,
            "kmsMasterKeyId": "alias/aws/sqs",
            "tags": {"team": "billing"},
        },
        change={"visibilityTimeoutSeconds": 120, "tags": {"team": "metering"}},
        replace={"name": "rejected"},
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Example(
        needs={
            "queue": Need(token="aws:sqs/queue:Queue", inputs={"name": "alerts"}),
            "other": Need(token="aws:sqs/queue:Queue", inputs={"name": "other"}),
        },
        inputs={"queueUrl": "${queue.url}", "policy": _policy("sqs:SendMessage")},
        change={"policy": _policy("sqs:ReceiveMessage")},
        replace={"queueUrl": "${other.url}"},
    ),
}
