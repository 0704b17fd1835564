"""The queue for announcements that could not be delivered."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_aws import sqs

from timestream_baseline.alarms import Announcer
from timestream_baseline.resources import child_of

_FOURTEEN_DAYS: Final = 14 * 24 * 3600  # the longest that SQS keeps a message


def dead_letter_queue(
    announcer: Announcer, *, logical_name: str, name: str, policy: pulumi.Input[str]
) -> tuple[sqs.Queue, sqs.QueuePolicy]:
    """Make the queue, and the policy that must stand before a rule puts something there."""
    # The key of SQS and not that of the topic: the likeliest reason for a lost announcement is that key.
    queue = sqs.Queue(
        logical_name,
        name=name,
        sqs_managed_sse_enabled=True,
        message_retention_seconds=_FOURTEEN_DAYS,
        tags=dict(announcer.tags),
        region=announcer.location.region,
        opts=child_of(announcer.parent),
    )
    admission = sqs.QueuePolicy(
        logical_name,
        queue_url=queue.url,
        policy=policy,
        region=announcer.location.region,
        opts=child_of(announcer.parent),
    )
    return queue, admission
