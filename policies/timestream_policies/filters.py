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


def filters_on(stack: Stack, group: Resource) -> Iterator[Resource]:
    """Yield the metric filters on a log group; then raise if some filter is on nobody knows which."""
    return stack.each_referring(group, LOG_METRIC_FILTER, "logGroupName")


def filter_catches(metric_filter: Resource, event: Event) -> bool:
    """Tell whether a metric filter catches what a trail records of a call."""
    return log_patterns.catches(str(metric_filter.get("pattern", "")), event)


def has_alarm(stack: Stack, metric_filter: Resource, *, telling: bool = True) -> bool:
    """Tell whether an alarm watches the metric of a filter, by default one that tells somebody."""
    transformation = metric_filter.part("metricTransformation")
    metric = (str(transformation.get("namespace", "")), str(transformation.get("name", "")))
    by_metric, others = stack.once("alarms by metric", partial(_alarms_by_metric, stack))
    return any_of(
        [*by_metric.get(metric, ()), *others],
        lambda alarm: _watches(alarm, metric) and (not telling or names_something(alarm, "alarmActions")),
    )


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
    return any_of(
        [alarm, *(query.part("metric") for query in alarm.each("metricQueries"))],
        lambda place: (place.get("namespace"), place.get("metricName")) == metric,
    )


def is_heard(stack: Stack, event: Event, filters: Iterable[Resource]) -> bool:
    """Tell whether one of these filters catches a call, and an alarm tells somebody."""
    return any_of(filters, lambda place: filter_catches(place, event) and has_alarm(stack, place))


def targets_of(stack: Stack, rule: Resource) -> list[Resource]:
    """Return the targets of an EventBridge rule."""
    return stack.referring(rule, EVENT_TARGET, "rule")


def is_enabled(rule: Resource) -> bool:
    """Tell whether an EventBridge rule is on."""
    return rule.flag("isEnabled", default=True) and rule.get("state", "ENABLED") != "DISABLED"


def rule_catches(rule: Resource, event: Event) -> bool:
    """Tell whether an EventBridge rule catches what a trail records of a call."""
    return event_patterns.catches(str(rule.get("eventPattern", "")), _announced(event))


def _announced(event: Event) -> Event:
    """Return what EventBridge makes of a call that a trail records."""
    source = str(event.get("eventSource", "")).partition(".")[0]
    return {
        "source": f"aws.{source}",
        "detail-type": event_patterns.CALL,
        "detail": event,
        "account": ANY,
        "region": ANY,
    }


def is_announced(stack: Stack, event: Event, place: tuple[str, ...], names: Iterable[str]) -> bool:
    """Tell whether a rule of EventBridge announces a call on one resource to somebody.

    The event has `ANY` where it says which resource it is about; `place` is where rules name theirs.
    """
    question = f"rules on {event['eventSource']} {event['eventName']}"
    by_name, general = stack.once(question, partial(_candidates, stack, event, place))
    candidates = [*(rule for name in names for rule in by_name.get(name, ())), *general]
    return any_of(
        candidates,
        lambda rule: rule_catches(rule, event) and is_enabled(rule) and bool(targets_of(stack, rule)),
    )


def _candidates(
    stack: Stack, event: Event, place: tuple[str, ...]
) -> tuple[dict[str, list[Resource]], list[Resource]]:
    """Return the rules that may catch a call: by the names of the resources that they list, and others."""
    by_name: defaultdict[str, list[Resource]] = defaultdict(list)
    general: list[Resource] = []
    for rule in stack.of_type(EVENT_RULE):
        pattern = rule.inputs.get("eventPattern")
        if not isinstance(pattern, str):
            general.append(rule)
        elif event_patterns.catches(pattern, _announced(event)):
            listed = event_patterns.names_at(pattern, ("detail", *place))
            if listed is None:
                general.append(rule)
            for name in listed or ():
                by_name[name].append(rule)
    return dict(by_name), general
