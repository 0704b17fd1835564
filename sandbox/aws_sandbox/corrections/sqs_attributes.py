"""Amazon SQS changes only the attributes that are given; moto takes the policy away with any other one.

It also forgets which queues may use a queue for their dead letters.
"""

from typing import Any

from moto.sqs.models import Queue

from aws_sandbox.corrections.correction import Correction, replace

_REDRIVE_ALLOW = "RedriveAllowPolicy"


def _patch() -> None:
    change = Queue._set_attributes
    all_attributes = Queue.attributes

    def set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        policy = getattr(self, "policy", None)
        change(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy

    def answer(self: Queue) -> dict[str, Any]:
        found: dict[str, Any] = all_attributes.fget(self)  # type: ignore[attr-defined]
        allowed = getattr(self, "redrive_allow_policy", None)
        return {**found, _REDRIVE_ALLOW: allowed} if allowed else found

    replace(Queue, "_set_attributes", set_attributes)
    Queue.attributes = property(answer)  # type: ignore[method-assign,assignment]


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    patch=_patch,
)
