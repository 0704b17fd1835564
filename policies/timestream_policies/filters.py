"""Who is told of an AWS call: metric filters with an alarm, and EventBridge rules with a target."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import timestream_policies.event_patterns as event_patterns
import timestream_policies.log_patterns as log_patterns
from timestream_policies.log_patterns import ANY, Event
from timestream_policies.model import Resource
from timestream_policies.references import names_something
from timestream_policies.stack import Stack
from timestream_policies.types import EVENT_RULE, EVENT_TARGET, LOG_METRIC_FILTER, METRIC_ALARM
from timestream_policies.undecided import any_of


def call(service: str, name: str, **more: Any) -> dict[str, Any]:
    """Return what a trail records of one call, as far as filters ask for it."""
    return {"eventSource": f"{service}.amazonaws.com", "eventName": name, "eventType": "AwsApiCall", **more}


def filters_on(stack: Stack, group: Resource) -> list[Resource]:
    """Return the metric filters on a log group."""
    return stack.referring(group, LOG_METRIC_FILTER, "logGroupName")


def filter_catches(metric_filter: Resource, event: Event) -> bool:
    """Tell whether a metric filter catches what a trail records of a call."""
    return log_patterns.catches(str(metric_filter.get("pattern", "")), event)


def has_alarm(stack: Stack, metric_filter: Resource) -> bool:
    """Tell whether an alarm that tells somebody watches the metric of a filter."""
    transformation = metric_filter.part("metricTransformation")
    metric = (str(transformation.get("namespace", "")), str(transformation.get("name", "")))
    by_metric, others = stack.once("alarms by metric", partial(_alarms_by_metric, stack))
    return any_of([*by_metric.get(metric, ()), *others], lambda alarm: _watches(alarm, metric))


def _alarms_by_metric(stack: Stack) -> tuple[dict[tuple[str, str], list[Resource]], list[Resource]]:
    """Return the alarms on one known metric by that, and those that take a closer look."""
    by_metric: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
    others: list[Resource] = []
    for alarm in stack.of_type(METRIC_ALARM):
        namespace, name = alarm.inputs.get("namespace"), alarm.inputs.get("metricName")
        if isinstance(namespace, str) and isinstance(name, str):
            by_metric[namespace, name].append(alarm)
        else:
            others.append(alarm)
    return dict(by_metric), others


def _watches(alarm: Resource, metric: tuple[str, str]) -> bool:
    """Tell whether an alarm watches a metric and tells somebody."""
    own = any_of(
        [alarm, *(query.part("metric") for query in alarm.each("metricQueries"))],
        lambda place: (place.get("namespace"), place.get("metricName")) == metric,
    )
    return own and names_something(alarm, "alarmActions")


def targets_of(stack: Stack, rule: Resource) -> list[Resource]:
    """Return the targets of an EventBridge rule."""
    return stack.referring(rule, EVENT_TARGET, "rule")


def is_enabled(rule: Resource) -> bool:
    """Tell whether an EventBridge rule is on."""
    return rule.flag("isEnabled", default=True) and rule.get("state", "ENABLED") != "DISABLED"


def rule_catches(rule: Resource, event: Event) -> bool:
    """Tell whether an EventBridge rule catches what a trail records of a call."""
    source = str(event.get("eventSource", "")).partition(".")[0]
    announced = {
        "source": f"aws.{source}",
        "detail-type": event_patterns.CALL,
        "detail": event,
        "account": ANY,
        "region": ANY,
    }
    pattern = rule.get("eventPattern", "")
    return event_patterns.catches(str(pattern), announced)


def is_announced(stack: Stack, event: Event, groups: Iterable[Resource]) -> bool:
    """Tell whether somebody is told of a call, by a rule of EventBridge or a filter on these log groups."""

    def by_rule(rule: Resource) -> bool:
        return rule_catches(rule, event) and is_enabled(rule) and bool(targets_of(stack, rule))

    def by_filter(metric_filter: Resource) -> bool:
        return filter_catches(metric_filter, event) and has_alarm(stack, metric_filter)

    return any_of(
        [*stack.of_type(EVENT_RULE), *_filters(stack, groups)],
        lambda place: by_rule(place) if place.type == EVENT_RULE else by_filter(place),
    )


def _filters(stack: Stack, groups: Iterable[Resource]) -> Iterator[Resource]:
    for group in groups:
        yield from filters_on(stack, group)
