"""Key policies as keys get them, and how large they become."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from timestream_baseline.documents.backups import backup_key_policy
from timestream_baseline.documents.buckets import rejected_records_key_policy
from timestream_baseline.documents.client_side import client_side_key_policy
from timestream_baseline.documents.influxdb import log_key_policy
from timestream_baseline.documents.keys import database_key_policy, inspection, replication
from timestream_baseline.documents.limits import KEY_POLICY, excess, size
from timestream_baseline.documents.parts import Document
from timestream_baseline.documents.scheduled_queries import scheduled_query_key_policy
from timestream_baseline.documents.topics import topic_key_policy
from timestream_baseline.documents.trails import log_group_key_policy, trail_arn, trail_key_policy
from timestream_baseline.inputs.encryption import Key
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.location import Location
from timestream_baseline.naming import LOG_GROUP, TRAIL

Write = Callable[..., Document]
_BUCKETS: Final = "arn:aws-us-gov:s3:::" + "x" * 63


def key_policy(write: Write, keys: Key, location: Location) -> Document:
    """Write the policy of a key, or of a replica, of that place."""
    policy = write(
        partition=location.partition,
        region=location.region,
        account=location.account,
        dns_suffix=location.dns_suffix,
        administrators=keys.administrators,
    )
    if keys.administrators:
        policy["Statement"].append(inspection(partition=location.partition, account=location.account))
    return policy


def primary_key_policy(write: Write, keys: Key, location: Location) -> Document:
    """Write the policy of a key that may have replicas."""
    policy = key_policy(write, keys, location)
    if keys.replica_regions:
        policy["Statement"].append(
            replication(
                partition=location.partition,
                account=location.account,
                administrators=keys.administrators,
                regions=keys.replica_regions,
            )
        )
    return policy


def check_key_policies(keys: Key, location: Location, place: Place) -> None:
    """Note a mistake if administrators are too many for the largest of the key policies.

    All keys have the same administrators, so that no key is made before another one is refused.
    """
    policies = (primary_key_policy(write, keys, location) for write in _writers(location))
    if too_large := excess(KEY_POLICY, max(policies, key=size)):
        place.field("administrators").mistake(f"{too_large}; name fewer roles")


def _writers(location: Location) -> Iterator[Write]:
    """List what writes the policies of keys, names in them as long as they can become."""
    yield from (
        backup_key_policy,
        client_side_key_policy,
        database_key_policy,
        log_key_policy,
        rejected_records_key_policy,
        scheduled_query_key_policy,
        topic_key_policy,
    )
    trail = trail_arn(
        partition=location.partition,
        region=location.region,
        account=location.account,
        trail="x" * TRAIL.longest,
    )
    yield partial(trail_key_policy, trail_arn=trail, buckets=_BUCKETS)
    yield partial(log_group_key_policy, log_groups="x" * LOG_GROUP.longest)
