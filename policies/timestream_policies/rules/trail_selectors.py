"""Rules on the events that trails and event data stores record."""

from collections.abc import Iterator
from functools import partial

import timestream_policies.examples.trails as examples
from timestream_policies.model import Finding, Part, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.trails import (
    OBJECT_EVENTS,
    QUERY_EVENTS,
    RECORDERS,
    conditions,
    data_selectors,
    is_recording,
    records_data_of,
    records_management,
    selectors,
    takes,
)
from timestream_policies.types import DATABASE, TABLE, TRAIL
from timestream_policies.undecided import any_of

SELECTORS_PAGE = (
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html"
)
TIMESTREAM_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/logging-using-cloudtrail.html"


@rule(
    "TS-CT-012",
    title="Trails record who reads and writes objects in S3",
    severity=Severity.LOW,
    applies_to=[TRAIL],
    why="Without data events nobody knows who read a bucket, or took objects out of it.",
    fix="Add an advanced selector for eventCategory Data and resources.type AWS::S3::Object.",
    snippet=examples.SNIPPET,
    good=examples.OBJECTS_GOOD,
    bad=examples.OBJECTS_BAD,
    controls={
        "cis-aws-3.0.0": ["3.8", "3.9"],
        "cis-aws-5.0.0": ["3.8", "3.9"],
        "cis-aws-7.0.0": ["4.8", "4.9"],
        "nist-800-53-r5": ["AU-10", "AU-12"],
        "hipaa": ["164.312(b)"],
        "soc-2": ["CC7.2"],
        "iso-27001-2022": ["A.8.15"],
    },
    equivalents={
        "prowler": ["cloudtrail_s3_dataevents_read_enabled", "cloudtrail_s3_dataevents_write_enabled"],
        "kics": ["a8fc2180"],
        "trivy": ["AWS-0171", "AWS-0172"],
        "guard": ["CLOUDTRAIL_S3_DATAEVENTS_ENABLED"],
    },
    catalogue=["S3-24"],
    links=[SELECTORS_PAGE],
)
def object_events_are_recorded(trail: Resource) -> Iterator[Finding]:
    """Look for reads and writes; a trail that is made for Timestream need not record another service."""
    if any_of(QUERY_EVENTS, partial(records_data_of, trail)):
        return
    for kind, read_only, left_out in (("reads", "true", "WriteOnly"), ("writes", "false", "ReadOnly")):
        with trail:
            advanced = any_of(
                data_selectors(trail, [OBJECT_EVENTS]), partial(takes, field="readOnly", value=read_only)
            )
            if not advanced and not any_of(trail.each("eventSelectors"), partial(_basic, left_out=left_out)):
                yield trail.finding(f"does not record {kind} of objects in S3", key=kind)


def _basic(selector: Part, left_out: str) -> bool:
    if selector.get("readWriteType", "All") == left_out:
        return False
    return any_of(selector.each("dataResources"), lambda data: data.get("type") == OBJECT_EVENTS)


@rule(
    "TS-CT-013",
    title="A trail records the queries on Timestream",
    severity=Severity.HIGH,
    applies_to=[DATABASE, TABLE],
    why="Queries are data events: without a selector of their own nobody knows who read the data.",
    fix="Select Data events of both AWS::Timestream::Database and AWS::Timestream::Table in a trail.",
    snippet=examples.QUERIES_SNIPPET,
    good=examples.QUERIES_GOOD,
    bad=examples.QUERIES_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-2", "AU-12"],
        "hipaa": ["164.312(b)"],
        "soc-2": ["CC7.2"],
        "iso-27001-2022": ["A.8.15"],
        "aws-timestream-security": ["security-best-practices"],
    },
    equivalents={"starchitect": ["10.6"], "risk-sentinel": ["C-10.6"]},
    catalogue=["GAP-51", "TS-02", "TS-04"],
    links=[TIMESTREAM_PAGE, SELECTORS_PAGE],
)
def queries_are_recorded(store: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a selector of each kind. A table is judged only where no database is, which stands for it."""
    if store.type == TABLE and any(True for _ in stack.of_type(DATABASE)):
        return
    if stack.is_elsewhere("trail", store):
        return
    for kind in QUERY_EVENTS:
        with store:
            if not stack.once(f"records {kind}", partial(_is_recorded, stack, kind)):
                yield store.finding(f"has no trail that records queries on {kind}", key=kind)


def _is_recorded(stack: Stack, kind: str) -> bool:
    return any_of(
        stack.of_type(*RECORDERS),
        lambda recorder: records_data_of(recorder, kind) and is_recording(recorder),
    )


@rule(
    "TS-CT-014",
    title="The selector for queries on Timestream names no resource",
    severity=Severity.LOW,
    applies_to=RECORDERS,
    why="A query that fails, or reads no table, belongs to no ARN: a filter by ARN drops it.",
    fix="Take the field resources.ARN out of the selector for AWS::Timestream::Database.",
    snippet=examples.SNIPPET,
    good=examples.UNFILTERED_GOOD,
    bad=examples.UNFILTERED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-12"]},
    catalogue=["GAP-52"],
    links=[TIMESTREAM_PAGE],
)
def queries_are_not_filtered(recorder: Resource) -> Iterator[Finding]:
    """Look for a filter by ARN in each selector for databases."""
    for selector in _query_selectors(recorder, QUERY_EVENTS[:1]):
        with recorder:
            if any(True for _ in conditions(selector, "resources.ARN")):
                yield recorder.finding(
                    "records queries on some databases only: its selector filters by resources.ARN",
                    at=selector.path,
                )


@rule(
    "TS-CT-015",
    title="Trails record management events",
    severity=Severity.HIGH,
    applies_to=[TRAIL],
    why="Advanced selectors replace the default: who deletes a table or a key is then not recorded.",
    fix="Add an advanced selector whose eventCategory equals Management.",
    snippet=examples.SNIPPET,
    good=examples.MANAGEMENT_GOOD,
    bad=examples.MANAGEMENT_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-2", "AU-12"],
        "soc-2": ["CC7.2"],
        "iso-27001-2022": ["A.8.15"],
        "aws-timestream-security": ["security-best-practices"],
    },
    equivalents={"prowler": ["cloudtrail_multi_region_enabled_logging_management_events"]},
    catalogue=["GAP-53"],
    links=[SELECTORS_PAGE],
)
def management_events_are_recorded(trail: Resource) -> Iterator[Finding]:
    """Look for management events; they are recorded where nothing is said."""
    if not records_management(trail):
        yield trail.finding("records no management events", at="advancedEventSelectors")


@rule(
    "TS-CT-016",
    title="The selector for queries on Timestream leaves no query out",
    severity=Severity.MEDIUM,
    applies_to=RECORDERS,
    why="A query is a read: a selector for writes, or for other calls, records none.",
    fix="Take the fields readOnly and eventName out of the selector for AWS::Timestream.",
    snippet=examples.SNIPPET,
    good=examples.COMPLETE_GOOD,
    bad=examples.COMPLETE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-12"], "hipaa": ["164.312(b)"]},
    catalogue=["GAP-54"],
    links=[TIMESTREAM_PAGE],
)
def queries_are_not_left_out(recorder: Resource) -> Iterator[Finding]:
    """Ask each selector whether it takes a query."""
    for selector in _query_selectors(recorder, QUERY_EVENTS):
        for field, value in (("readOnly", "true"), ("eventName", "Query")):
            with recorder:
                if not takes(selector, field, value):
                    yield recorder.finding(
                        f"records no queries: the field {field} of its selector leaves {value} out",
                        at=selector.path,
                        key=f"{selector.path}/{field}",
                    )


def _query_selectors(recorder: Resource, kinds: tuple[str, ...]) -> Iterator[Part]:
    """Yield the selectors for queries; each is told apart alone, so that one unknown hides no other."""
    for selector in selectors(recorder):
        with recorder:
            if any(True for _ in _as_query_selector(selector, kinds)):
                yield selector


def _as_query_selector(selector: Part, kinds: tuple[str, ...]) -> Iterator[str]:
    for condition in conditions(selector, "resources.type"):
        wanted = condition.words("equals")
        yield from (kind for kind in kinds if kind in wanted)


@rule(
    "TS-CT-017",
    title="Timestream is selected by advanced selectors",
    severity=Severity.MEDIUM,
    applies_to=[TRAIL],
    why="CloudTrail refuses basic selectors for Timestream, so that the trail is never made.",
    fix="Use advanced_event_selectors with eventCategory Data and resources.type.",
    snippet=examples.SNIPPET,
    good=examples.ADVANCED_GOOD,
    bad=examples.ADVANCED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.6"], "nist-800-53-r5": ["AU-12"]},
    catalogue=["GAP-55"],
    links=[SELECTORS_PAGE],
)
def timestream_needs_advanced_selectors(trail: Resource) -> Iterator[Finding]:
    """Look for Timestream among the types of the basic selectors."""
    for selector in trail.each("eventSelectors"):
        with trail:
            for data in selector.each("dataResources"):
                kind = str(data.get("type", ""))
                if kind.startswith("AWS::Timestream"):
                    yield trail.finding(
                        f"selects {kind} by a basic selector, which CloudTrail refuses", at=data.path
                    )
