"""Queue policies."""

from __future__ import annotations

from collections.abc import Sequence

from timestream_baseline.documents.parts import Document, allow, deny, document


def dead_letter_queue_policy(*, queue_arn: str, rule_arns: Sequence[str]) -> Document:
    """Let exactly these rules put what they could not deliver, and nobody speak to the queue in clear.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    return document(
        allow(
            "RulesKeepWhatTheyCouldNotDeliver",
            ["sqs:SendMessage"],
            queue_arn,
            principal={"Service": "events.amazonaws.com"},
            condition={"ArnEquals": {"aws:SourceArn": list(rule_arns)}},
        ),
        deny(
            "NobodySpeaksToTheQueueWithoutTls",
            ["sqs:*"],
            queue_arn,
            principal={"AWS": "*"},
            condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )
