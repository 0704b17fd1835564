"""Measures every document that a baseline will have, before it makes anything.

AWS would refuse a document that is too large in the middle of an update. What grows with the arguments is
written here from the names that are known, and from texts that stand for what AWS will name. What does not
grow with them is measured by the tests.
"""

from __future__ import annotations

from timestream_baseline.backup_checks import check_size
from timestream_baseline.documents.parts import table_arn, topic_arn
from timestream_baseline.inputs.backup import BackupPart
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.location import Location
from timestream_baseline.monitoring_checks import check_watched
from timestream_baseline.naming import log_group_name, topic_name, trail_name
from timestream_baseline.part import values_of
from timestream_baseline.planned import planned_keys
from timestream_baseline.query_policies import check_queries
from timestream_baseline.role_checks import check_roles
from timestream_baseline.watched import watch_baseline

# As long as the suffix that Pulumi gives to names.
_SUFFIX = "-0000000"


def check_sizes(owner: str, settings: Baseline, location: Location, place: Place) -> None:
    """Note what is too large for AWS in the baseline named `owner`, whose arguments stand at `place`.

    Key policies are measured with the other checks of keys, endpoint policies with the plan of endpoints.
    """
    where = {"partition": location.partition, "region": location.region, "account": location.account}
    keys = planned_keys(settings, location)
    topic = topic_arn(**where, topic=topic_name(owner))
    if isinstance(settings.monitoring.topic_arn, str):
        topic = settings.monitoring.topic_arn
    check_roles(owner, settings, location, keys, place.field("access"))
    check_queries(
        settings.scheduled_queries,
        keys=keys,
        topic_arn=topic,
        location=location,
        place=place.field("scheduled_queries"),
    )
    backup = BackupPart(
        **values_of(settings.backup),
        encryption=settings.encryption,
        table_arns=tuple(
            table_arn(**where, database=database, table=table)
            for database, it in settings.databases.items()
            for table in it.tables
        ),
        database_key_arns=tuple(keys[f"databases/{database}"] for database in settings.databases),
    )
    check_size(backup, place.field("databases"), place.field("encryption"))
    audit, made = settings.audit, settings.audit.trail == "create"
    trail = (
        f"arn:{location.partition}:cloudtrail:{location.region}:{location.account}:trail/{trail_name(owner)}"
    )
    management_log_group = (
        log_group_name(owner, "trail") + _SUFFIX
        if audit.makes_log_group and audit.management_events
        else None
    )
    watched = watch_baseline(
        owner,
        settings,
        {},
        topic_arn=topic,
        key_arns=keys,
        endpoint_ids=[f"vpce-{number:017}" for number in range(3 + len(settings.network.also))],
        trail_arn=trail if made else None,
        log_group_name=audit.existing_log_group_name or management_log_group,
    )
    check_watched(owner, watched, location, roles=place.field("access"), keys=place.field("databases"))
