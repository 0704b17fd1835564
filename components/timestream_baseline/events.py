"""EventBridge rules that announce destructive calls, and the queue for announcements that got lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, sqs

from timestream_baseline.alarms import Announcer
from timestream_baseline.dead_letters import dead_letter_queue
from timestream_baseline.documents.events import (
    ANNOUNCED_PATHS,
    ENDPOINTS,
    INFLUXDB,
    KEYS,
    TABLES,
    TRAIL,
    Calls,
    announcement,
    event_pattern,
    shares,
)
from timestream_baseline.documents.limits import (
    QUEUE_POLICY,
    RULES_PER_BUS,
    compact,
    excess,
    stand_in_key_arn,
)
from timestream_baseline.documents.parts import Document
from timestream_baseline.documents.queues import dead_letter_queue_policy
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.location import Location
from timestream_baseline.naming import queue_name, rule_name
from timestream_baseline.resources import child_of


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What is ours."""

    databases: Sequence[str] = ()
    influxdb: bool = False
    key_arns: Mapping[str, TextInput]
    trail_arn: TextInput | None = None
    endpoint_ids: Sequence[TextInput] = ()


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """One rule: which calls, on which resources, under which name."""

    calls: Calls
    name: str
    resources: Sequence[TextInput]


def excess_of_rules(owner: str, watched: Watched, location: Location) -> str | None:
    """Say what AWS would refuse of the rules and of their queue; None: nothing."""
    rules = _rules(watched, location)
    if len(rules) > RULES_PER_BUS:
        return f"takes {len(rules)} rules of EventBridge, and AWS takes {RULES_PER_BUS}"
    return excess(QUEUE_POLICY, _queue_policy(owner, queue_name(owner, "undelivered"), rules, location))


def announce_changes(announcer: Announcer, watched: Watched) -> str:
    """Make the rules and return the physical name of the queue."""
    location, owner = announcer.location, announcer.owner
    rules = _rules(watched, location)
    name = queue_name(owner, "undelivered")
    queue, policy = dead_letter_queue(
        announcer,
        logical_name=f"{owner}-undelivered",
        name=name,
        policy=compact(_queue_policy(owner, name, rules, location)),
    )
    for rule in rules:
        _announce(announcer, rule, queue, policy)
    return name


def _queue_policy(owner: str, queue: str, rules: Sequence[_Rule], location: Location) -> Document:
    place = f"{location.region}:{location.account}"
    return dead_letter_queue_policy(
        queue_arn=f"arn:{location.partition}:sqs:{place}:{queue}",
        rule_arns=[
            f"arn:{location.partition}:events:{place}:rule/{rule_name(owner, rule.name)}" for rule in rules
        ],
    )


def _rules(watched: Watched, location: Location) -> list[_Rule]:
    key = stand_in_key_arn(partition=location.partition, region=location.region, account=location.account)
    # Several databases may share a key.
    keys = list({arn if isinstance(arn, str) else id(arn): arn for arn in watched.key_arns.values()}.values())
    rules = [
        *_shared(TABLES, watched.databases, watched.databases),
        *_shared(KEYS, keys, [key] * len(keys)),
        *_shared(ENDPOINTS, watched.endpoint_ids, ["vpce-" + "0" * 17] * len(watched.endpoint_ids)),
    ]
    if watched.influxdb:
        rules.append(_Rule(calls=INFLUXDB, name=INFLUXDB.kind, resources=()))
    if watched.trail_arn is not None:
        rules.append(_Rule(calls=TRAIL, name=TRAIL.kind, resources=_arn_and_name(watched.trail_arn)))
    return rules


def _arn_and_name(arn: TextInput) -> tuple[TextInput, TextInput]:
    if isinstance(arn, str):
        return arn, arn.rpartition("/")[2]
    return arn, arn.apply(lambda known: known.rpartition("/")[2])


def _shared(calls: Calls, resources: Sequence[TextInput], longest: Sequence[str]) -> list[_Rule]:
    """Spread resources over as few rules as their patterns allow, however long their names turn out to be."""
    return [
        _Rule(
            calls=calls,
            name=calls.kind if number == 1 else f"{calls.kind}-{number}",
            resources=resources[share],
        )
        for number, share in enumerate(shares(calls, longest), start=1)
    ]


def _announce(announcer: Announcer, rule: _Rule, queue: "sqs.Queue", policy: "sqs.QueuePolicy") -> None:
    owner = announcer.owner
    made = cloudwatch.EventRule(
        f"{owner}-changes/{rule.name}",
        name=rule_name(owner, rule.name),
        description=f"{rule.calls.meaning} ({owner})."[:512],
        event_pattern=_pattern(rule),
        tags=dict(announcer.tags),
        region=announcer.location.region,
        opts=child_of(announcer.parent),
    )
    cloudwatch.EventTarget(
        f"{owner}-changes/{rule.name}",
        rule=made.name,
        target_id="topic",
        arn=announcer.topic_arn,
        dead_letter_config=cloudwatch.EventTargetDeadLetterConfigArgs(arn=queue.arn),
        input_transformer=cloudwatch.EventTargetInputTransformerArgs(
            input_paths=dict(ANNOUNCED_PATHS), input_template=announcement(rule.calls.meaning, owner)
        ),
        region=announcer.location.region,
        opts=child_of(announcer.parent, depends_on=[policy]),
    )


def _pattern(rule: _Rule) -> pulumi.Input[str]:
    """Write the pattern of a rule now if everything is known, so that a preview shows it."""
    plain = [resource for resource in rule.resources if isinstance(resource, str)]
    if len(plain) == len(rule.resources):
        return compact(event_pattern(rule.calls, plain))
    return pulumi.Output.all(*rule.resources).apply(
        lambda known: compact(event_pattern(rule.calls, sorted(set(known))))
    )
