"""Refuses roles that AWS would refuse, before the baseline makes anything."""

from __future__ import annotations

from timestream_baseline.access import plan
from timestream_baseline.documents.limits import stand_in_key_arn
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.location import Location
from timestream_baseline.naming import bucket_name, log_group_name, trail_name
from timestream_baseline.part import values_of
from timestream_baseline.stand_ins import StandIns

_SUFFIX = "-0000000"
_ENDPOINTS = ("vpce-00000000000000001", "vpce-00000000000000002", "vpce-00000000000000003")


def check_roles(owner: str, settings: Baseline, location: Location, place: Place) -> None:
    """Note what is too large for AWS at `place`, that of the section `access`.

    Keys, endpoints and logs are not made yet: texts as long as theirs stand for them.
    """
    where = {"partition": location.partition, "region": location.region, "account": location.account}
    key = stand_in_key_arn(**where)
    keys = {
        database: it.key_arn or (key if settings.encryption.shared_key else f"{key[:-4]}{number:04}")
        for number, (database, it) in enumerate(settings.databases.items(), start=1)
    }
    trail = settings.audit.trail != "none"
    arn = (
        f"arn:{location.partition}:cloudtrail:{location.region}:{location.account}:trail/{trail_name(owner)}"
    )
    part = AccessRolesPart(
        **values_of(settings.access),
        databases={database: tuple(it.tables) for database, it in settings.databases.items()},
        key_arns=keys,
        client_side_key_arn=key if settings.encryption.client_side_key else None,
        endpoint_ids=_ENDPOINTS,
        trail_arn=arn if trail else None,
        log_group_name=log_group_name(owner, "trail") + _SUFFIX if trail else None,
        log_bucket=bucket_name(owner, "trail") + _SUFFIX if trail else None,
        log_key_arns=(key, f"{key[:-1]}1"),
        other_key_arns=tuple(it.key_arn for it in settings.databases.values() if it.key_arn),
        tags=settings.tags,
    )
    plan(owner, part, location, StandIns(), place)
