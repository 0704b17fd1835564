"""Refuses more than can be watched, before anything is made."""

from __future__ import annotations

from timestream_baseline.documents.filters import most_roles
from timestream_baseline.documents.limits import FILTERS_PER_LOG_GROUP
from timestream_baseline.events import Watched, excess_of_rules
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.monitoring import MonitoringPart
from timestream_baseline.location import Location


def watched_by(settings: MonitoringPart) -> Watched:
    """Say whose changes are announced by rules."""
    return Watched(
        databases=tuple(settings.databases),
        influxdb=bool(settings.influxdb_instances or settings.influxdb_clusters),
        key_arns=settings.key_arns,
        trail_arn=settings.trail_arn,
        endpoint_ids=settings.endpoint_ids,
    )


def check_watched(
    owner: str, settings: MonitoringPart, location: Location, *, roles: Place, keys: Place
) -> None:
    """Note what is too much for AWS, where the roles come from or the keys and databases."""
    if settings.change_events is False:
        return
    most = most_roles(settings.cis_filters or "cis")
    if settings.log_group_name is not None and len(settings.role_names) > most:
        roles.mistake(
            f"names {len(settings.role_names)} roles, and the {FILTERS_PER_LOG_GROUP} metric filters "
            f"that AWS allows on a log group take {most}; name fewer"
        )
    if too_much := excess_of_rules(owner, watched_by(settings), location):
        keys.mistake(f"is so much to watch that it {too_much}; spread it over several components")
