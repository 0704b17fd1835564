"""EventBridge rules that announce what happens to backups, and the queue for what got lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import pulumi
from pulumi_aws import cloudwatch, sqs

from timestream_baseline.alarms import Announcer, make_alarm
from timestream_baseline.dead_letters import dead_letter_queue
from timestream_baseline.documents.alarms import queue_alarm
from timestream_baseline.documents.backup_events import backup_events
from timestream_baseline.documents.limits import compact
from timestream_baseline.documents.queues import dead_letter_queue_policy
from timestream_baseline.naming import backup_name, queue_name
from timestream_baseline.resources import child_of

_ALARM_PERIOD_SECONDS: Final = 300


def announce_backups(announcer: Announcer, vault_arn: pulumi.Output[str]) -> None:
    """Announce failed backups and copies, restores, and changes to the vault."""
    owner, region = announcer.owner, announcer.location.region
    rules = {
        purpose: cloudwatch.EventRule(
            backup_name(owner, purpose),
            description=f"{owner}: {purpose.replace('-', ' ')}",
            event_pattern=vault_arn.apply(partial(_pattern, purpose)),
            tags=dict(announcer.tags),
            region=region,
            opts=child_of(announcer.parent),
        )
        for purpose in backup_events(vault_arn="")
    }
    queue, admission = _undelivered(announcer, [rule.arn for rule in rules.values()])
    for purpose, rule in rules.items():
        cloudwatch.EventTarget(
            f"{owner}-backup" if purpose == "failed-backups" else f"{owner}-backup/{purpose}",
            rule=rule.name,
            arn=announcer.topic_arn,
            dead_letter_config=cloudwatch.EventTargetDeadLetterConfigArgs(arn=queue.arn),
            region=region,
            opts=child_of(announcer.parent, delete_before_replace=True, depends_on=[admission]),
        )


def _undelivered(
    announcer: Announcer, rule_arns: Sequence[pulumi.Output[str]]
) -> tuple[sqs.Queue, sqs.QueuePolicy]:
    """Make a watched queue for what the rules cannot deliver."""
    location, name = announcer.location, queue_name(announcer.owner, "undelivered-backups")
    queue_arn = f"arn:{location.partition}:sqs:{location.region}:{location.account}:{name}"
    made = dead_letter_queue(
        announcer,
        logical_name=f"{announcer.owner}-undelivered-backups",
        name=name,
        policy=pulumi.Output.all(*rule_arns).apply(
            lambda arns: compact(dead_letter_queue_policy(queue_arn=queue_arn, rule_arns=sorted(arns)))
        ),
    )
    make_alarm(announcer, queue_alarm(name, of="backups", announced="a backup"), period=_ALARM_PERIOD_SECONDS)
    return made


def _pattern(purpose: str, vault_arn: str) -> str:
    return compact(backup_events(vault_arn=vault_arn)[purpose])
