"""The permissions boundary of all roles, if the baseline makes one."""

from __future__ import annotations

from typing import Any

from timestream_baseline.documents.boundaries import boundary_policy
from timestream_baseline.documents.limits import MANAGED_POLICY, compact, excess, fits
from timestream_baseline.documents.parts import topic_arn
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.location import Location
from timestream_baseline.naming import bucket_name, key_alias, topic_name
from timestream_baseline.role_policies import RoleWriter
from timestream_baseline.stand_ins import StandIns

# A topic's name has at most 256 characters. https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_TOPIC_ARN = len("arn:aws-us-gov:sns:ap-southeast-1:000000000000:") + 256


def boundary_text(
    owner: str, settings: AccessRolesPart, location: Location, stand_ins: StandIns, place: Place
) -> tuple[str, bool]:
    """Write the boundary of the baseline named `owner`, and tell whether it names the databases."""
    writer = RoleWriter(settings, location, stand_ins)
    aliases = key_alias(owner, "keys").rpartition("/")[0]
    if aliases == "alias":
        place.mistake("cannot tell the keys of a component with so long a name; shorten the name")
    keys = settings.other_key_arns
    if keys is None:
        client_side = [] if settings.client_side_key_arn is None else [settings.client_side_key_arn]
        keys = (*settings.key_arns.values(), *settings.log_key_arns, *client_side)
    where = {"partition": location.partition, "region": location.region, "account": location.account}
    topic = settings.topic_arn
    if topic is None:
        topic = topic_arn(**where, topic=topic_name(owner))
    buckets = [found for _, _, role in settings.roles() if (found := writer.bucket(role))]
    values: dict[str, Any] = {
        **where,
        "key_alias_patterns": [f"{aliases}/*", *(alias for _, alias in buckets)],
        "other_key_arns": sorted(set(writer.key_texts(keys))),
        "bucket_arns": sorted(f"arn:{location.partition}:s3:::{bucket}" for bucket, _ in buckets),
        "report_bucket_arn": f"arn:{location.partition}:s3:::{bucket_name(owner, 'rejected-records')}-*",
        "topic_arn": stand_ins.text(topic, _TOPIC_ARN),
        "trail_arn": writer.trail_arn(),
        "log_group_arn": writer.log_group_arn(),
        "log_bucket_arn": writer.log_bucket_arn(),
    }
    named = boundary_policy(**values, databases=sorted(settings.databases))
    if fits(MANAGED_POLICY, named):
        return compact(named), True
    every = boundary_policy(**values, databases=None)
    if too_large := excess(MANAGED_POLICY, every):
        place.mistake(f"{too_large}; use fewer keys and buckets of your own, or name a policy of your own")
    return compact(every), False
