"""Refuses roles that AWS would refuse, before the baseline makes anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from timestream_baseline.access import plan
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.location import Location
from timestream_baseline.part import values_of
from timestream_baseline.planned import TRAIL_KEYS
from timestream_baseline.role_policies import LONGEST_BUCKET, LONGEST_LOG_GROUP, LONGEST_TRAIL_ARN
from timestream_baseline.stand_ins import StandIns

_ENDPOINTS: Final = ("vpce-00000000000000001", "vpce-00000000000000002")


def check_roles(
    owner: str, settings: Baseline, location: Location, keys: Mapping[str, str], place: Place
) -> None:
    """Note what is too large for AWS at `place`, that of the section `access`.

    Endpoints and logs are not made yet: texts stand for them that are as long as the roles leave room for.
    """
    audit = settings.audit
    made = audit.trail == "create"
    part = AccessRolesPart(
        **values_of(settings.access),
        databases={database: tuple(it.tables) for database, it in settings.databases.items()},
        key_arns={database: keys[f"databases/{database}"] for database in settings.databases},
        client_side_key_arn=keys.get("clientSide"),
        endpoint_ids=_ENDPOINTS,
        trail_arn=audit.trail_arn or ("x" * LONGEST_TRAIL_ARN if made else None),
        log_group_name=audit.existing_log_group_name
        or ("x" * LONGEST_LOG_GROUP if audit.makes_log_group else None),
        log_bucket="x" * LONGEST_BUCKET if made else None,
        log_key_arns=tuple(keys[purpose] for purpose in TRAIL_KEYS if purpose in keys),
        topic_arn=settings.monitoring.topic_arn,
        other_key_arns=tuple(it.key_arn for it in settings.databases.values() if it.key_arn),
        query_key_arns=tuple(keys[f"scheduledQueries/{query}"] for query in settings.scheduled_queries),
        tags=settings.tags,
    )
    plan(owner, part, location, StandIns(), place)
