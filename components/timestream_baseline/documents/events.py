"""The calls that are announced, and the event patterns that find them.

EventBridge gets these calls from CloudTrail, and only while a trail of the account records management events.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from timestream_baseline.documents.limits import EVENT_PATTERN, fits

Pattern = dict[str, Any]
# An event that does not say which resource it is about is announced too: better once too often than never.
_UNNAMED: Final = {"exists": False}


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Calls of one service that are announced."""

    kind: str
    meaning: str
    # An exact event source, or the beginning of one where AWS shows no event.
    event_source: str | dict[str, str]
    names: tuple[str, ...]
    # Where the event says which resource it is about. Several: each kind of call has its own place.
    places: tuple[tuple[str, ...], ...] = ()
    # Whether an event that names no resource at any of these places is announced too.
    unnamed: bool = True
    # Whether AWS's documentation shows such an event.
    verified: bool


# The one table of everything that depends on how events look. `verified=False`: no event of this kind was
# found in AWS's documentation; the pattern is then wide, so that another spelling is still found.
TABLES: Final = Calls(
    kind="tables",
    meaning="A database or a table is deleted, or its retention or key is changed",
    event_source={"prefix": "timestream"},
    names=("DeleteDatabase", "DeleteTable", "UpdateDatabase", "UpdateTable"),
    places=(("requestParameters", "databaseName"),),
    verified=False,
)
INFLUXDB: Final = Calls(
    kind="influxdb",
    meaning="An InfluxDB instance or cluster is deleted (any of the account: AWS chooses their ids)",
    event_source={"prefix": "timestream"},
    names=("DeleteDbCluster", "DeleteDbInstance"),
    verified=False,
)
# A policy that locks everybody out, and a grant taken from Timestream, do what disabling does.
# https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedule-key-deletion.html
KEYS: Final = Calls(
    kind="keys",
    meaning="A key is disabled or deleted, its policy is changed, or a grant on it is taken back",
    event_source="kms.amazonaws.com",
    names=("DisableKey", "PutKeyPolicy", "RevokeGrant", "ScheduleKeyDeletion"),
    places=(("resources", "ARN"),),
    unnamed=False,
    verified=True,
)
# The event has the trail's name or its ARN, whichever the caller gave.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
TRAIL: Final = Calls(
    kind="trail",
    meaning="The trail is stopped, deleted or changed",
    event_source="cloudtrail.amazonaws.com",
    names=("DeleteTrail", "PutEventSelectors", "PutInsightSelectors", "StopLogging", "UpdateTrail"),
    places=(("requestParameters", "name"), ("requestParameters", "trailName")),
    verified=True,
)
ENDPOINTS: Final = Calls(
    kind="endpoints",
    meaning="A private endpoint is deleted or changed",
    event_source="ec2.amazonaws.com",
    names=("DeleteVpcEndpoints", "ModifyVpcEndpoint"),
    places=(
        ("requestParameters", "DeleteVpcEndpointsRequest", "VpcEndpointId", "content"),
        ("requestParameters", "ModifyVpcEndpointRequest", "VpcEndpointId"),
    ),
    verified=False,
)
ALL_CALLS: Final = (TABLES, INFLUXDB, KEYS, TRAIL, ENDPOINTS)


def event_pattern(calls: Calls, resources: Sequence[str] = ()) -> Pattern:
    """Write the pattern that finds these calls on these resources; none named: on any."""
    detail: Pattern = {"eventSource": [calls.event_source], "eventName": list(calls.names)}
    for place in calls.places if resources else ():
        inner = detail
        for step in place[:-1]:
            inner = inner.setdefault(step, {})
        inner[place[-1]] = [*resources, *([_UNNAMED] if calls.unnamed else [])]
    return {"detail-type": ["AWS API Call via CloudTrail"], "detail": detail}


def shares(calls: Calls, longest: Sequence[str]) -> list[slice]:
    """Share resources out over as few patterns as the limit allows.

    The names of resources may not be known yet: `longest` holds stand-ins as long as any name may become.
    """
    found: list[slice] = []
    start = 0
    for end in range(1, len(longest) + 1):
        if not fits(EVENT_PATTERN, event_pattern(calls, longest[start:end])):
            found.append(slice(start, end - 1))
            start = end - 1
    return [*found, slice(start, len(longest))] if longest else []


# What people read. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
ANNOUNCED_PATHS: Final = {
    "account": "$.account",
    "call": "$.detail.eventName",
    "error": "$.detail.errorCode",
    "event": "$.detail.eventID",
    "region": "$.region",
    "service": "$.detail.eventSource",
    "time": "$.time",
    "who": "$.detail.userIdentity.arn",
}


def announcement(meaning: str, component: str) -> str:
    """Write the template of the message; EventBridge puts nothing in the place of what an event lacks.

    It is an object of JSON, since subscriptions filter by what is in the message: plain text would reach none
    of those. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
    """
    message = {
        "what": f"{meaning} ({component}).",
        "call": "<call> of <service> in <region>, account <account>, at <time>.",
        "who": "<who>",
        "errorIfRefused": "<error>",
        "lookFor": "event <event> in CloudTrail",
    }
    return json.dumps(message, indent=2)
