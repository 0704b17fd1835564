"""Rules on who is told when a trail or a key is changed."""

from collections.abc import Iterator
from functools import partial

import timestream_policies.examples.filters as examples
import timestream_policies.examples.told as told
from timestream_policies.filters import call, filters_on, is_announced, is_heard
from timestream_policies.log_patterns import ANY, Event
from timestream_policies.model import Finding, Resource
from timestream_policies.references import KeyName, key_name, value_or_customer_key
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.trails import log_groups
from timestream_policies.types import CUSTOMER_KEYS, DATABASE, LOG_METRIC_FILTER, TRAIL
from timestream_policies.undecided import any_of

EVENTS_PAGE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html"
TRAIL_CALLS = ("StopLogging", "DeleteTrail", "PutEventSelectors")
KEY_CALLS = ("DisableKey", "ScheduleKeyDeletion")


@rule(
    "TS-CT-021",
    title="Somebody is told when a trail is stopped, deleted or changed",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="The first thing that an intruder does is to switch the trail off.",
    fix="Add an EventBridge rule with a target for StopLogging, DeleteTrail and PutEventSelectors.",
    snippet=told.TRAIL_SNIPPET,
    good=examples.TRAIL_GOOD,
    bad=examples.TRAIL_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "cis-aws-5.0.0": ["4.5"],
        "cis-aws-7.0.0": ["5.5"],
        "nist-800-53-r5": ["AU-5", "SI-4"],
    },
    catalogue=["GAP-58"],
    links=[EVENTS_PAGE],
)
def changes_of_trails_are_announced(trail: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a rule on each call, or for a filter on the trail's own log group."""
    if stack.is_elsewhere("alarms", trail):
        return
    own = trail.get("name")
    names = [text for text in (own, trail.output("arn")) if text]
    for name in TRAIL_CALLS:
        with trail:
            event = call("cloudtrail", name, requestParameters=ANY)

            def told(by: str, event: Event = event) -> bool:
                if by == "rule":
                    return is_announced(stack, event, ("requestParameters", "name"), names)
                groups = log_groups(trail, stack)
                return any_of(groups, lambda group: is_heard(stack, event, filters_on(stack, group)))

            if not any_of(("filter", "rule"), told):
                yield trail.finding(f"can be changed unnoticed: nobody is told of {name}", key=name)


@rule(
    "TS-CW-014",
    title="Somebody is told when the key of a database is disabled or deleted",
    severity=Severity.HIGH,
    applies_to=[DATABASE],
    why="Without its key a database is lost; there are days to stop that, if somebody knows.",
    fix="Add an EventBridge rule with a target for DisableKey and ScheduleKeyDeletion of the key.",
    snippet=told.KEY_SNIPPET,
    good=examples.KEYS_GOOD,
    bad=examples.KEYS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.2", "10.8"],
        "cis-aws-5.0.0": ["4.7"],
        "cis-aws-7.0.0": ["5.7"],
        "nist-800-53-r5": ["SC-12", "SI-4"],
    },
    catalogue=["GAP-66"],
    links=[EVENTS_PAGE],
)
def changes_of_keys_are_announced(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a rule on each call that names the key or none, or for a filter."""
    value = value_or_customer_key(database, "kmsKeyId")
    if value == "" or (value is not None and key_name(value) is KeyName.AWS_ALIAS):
        return
    if stack.is_elsewhere("alarms", database) or stack.is_elsewhere("keys", database):
        return
    keys = stack.behind(database, "kmsKeyId", *CUSTOMER_KEYS)
    names = [text for text in (value, *(key.output("arn") for key in keys)) if text]
    for name in KEY_CALLS:
        with database:
            event = call("kms", name, resources=ANY, requestParameters=ANY)

            def told(by: str, name: str = name, event: Event = event) -> bool:
                if by == "rule":
                    return is_announced(stack, event, ("resources", "ARN"), names)
                filters = partial(stack.of_type, LOG_METRIC_FILTER)
                return stack.once(f"filters on {name}", lambda: is_heard(stack, event, filters()))

            if not any_of(("filter", "rule"), told):
                yield database.finding(f"can lose its key unnoticed: nobody is told of {name}", key=name)
