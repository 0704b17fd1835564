"""Metric filters on the log group of a trail, each with its alarm."""

from collections.abc import Sequence

import pulumi
from pulumi_aws import cloudwatch

from timestream_baseline.alarms import Announcer, make_alarm
from timestream_baseline.documents.alarms import filter_alarm
from timestream_baseline.documents.filters import (
    FILTER_SETS,
    POLICY_CHANGES,
    ROLE_CHANGES,
    ROLE_CHANGES_NAMESPACE,
    policy_changes_pattern,
    role_changes_pattern,
    roles_per_filter,
)
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.naming import alarm_name, metric_filter_name, policy_prefix
from timestream_baseline.resources import child_of

# What CIS and Security Hub recommend.
_PERIOD = 300


def make_cis_filters(announcer: Announcer, text: str, log_group_name: TextInput) -> list[str]:
    """Make the filters of one text, and return the names of their alarms."""
    chosen = FILTER_SETS[text]
    names = []
    for found in chosen.filters:
        cloudwatch.LogMetricFilter(
            f"{announcer.owner}-{found.name}",
            name=metric_filter_name(announcer.owner, found.name),
            log_group_name=log_group_name,
            pattern=found.pattern,
            metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
                name=found.name,
                namespace=chosen.namespace,
                value="1",
                default_value=chosen.default_value,
            ),
            region=announcer.location.region,
            opts=child_of(announcer.parent),
        )
        alarm = filter_alarm(
            kind="cis",
            of=found.name,
            meaning=f"{found.control}: {found.meaning}",
            namespace=chosen.namespace,
            metric=found.name,
        )
        names.append(make_alarm(announcer, alarm, period=_PERIOD, tell_when_over=False))
    return names


def watch_roles(announcer: Announcer, roles: Sequence[TextInput], log_group_name: TextInput) -> str:
    """Announce changes to roles and to our managed policies, and return the name of the alarm."""
    metric = alarm_name(announcer.owner, ROLE_CHANGES, "roles")
    most = roles_per_filter()
    patterns: dict[str, pulumi.Input[str]] = {}
    for number, start in enumerate(range(0, len(roles), most), start=1):
        name = ROLE_CHANGES if number == 1 else f"{ROLE_CHANGES}-{number}"
        patterns[name] = _pattern(roles[start : start + most])
    patterns[POLICY_CHANGES] = policy_changes_pattern(_policies(announcer))
    for name, pattern in patterns.items():
        cloudwatch.LogMetricFilter(
            f"{announcer.owner}-{name}",
            name=metric_filter_name(announcer.owner, name),
            log_group_name=log_group_name,
            pattern=pattern,
            metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
                name=metric, namespace=ROLE_CHANGES_NAMESPACE, value="1"
            ),
            region=announcer.location.region,
            opts=child_of(announcer.parent),
        )
    alarm = filter_alarm(
        kind=ROLE_CHANGES,
        of="roles",
        meaning="One of our roles, or a managed policy of theirs, was changed or deleted",
        namespace=ROLE_CHANGES_NAMESPACE,
        metric=metric,
    )
    return make_alarm(announcer, alarm, period=_PERIOD, tell_when_over=False)


def _policies(announcer: Announcer) -> str:
    """Write the pattern of the ARNs of our managed policies, those of the boundary and of roles."""
    account = f"arn:{announcer.location.partition}:iam::{announcer.location.account}"
    return f"{account}:policy/{policy_prefix(announcer.owner)}*"


def _pattern(roles: Sequence[TextInput]) -> pulumi.Input[str]:
    plain = [role for role in roles if isinstance(role, str)]
    if len(plain) == len(roles):
        return role_changes_pattern(plain)
    return pulumi.Output.all(*roles).apply(role_changes_pattern)
