"""What each role of the baseline with everything on may do with Timestream and KMS. All else is denied.

Written from what the roles are for, not from their documents.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.components.world import QUERIES, database, table

Row = tuple[str, str]
"""An action and the resource that it is tried on."""
KeyRow = tuple[str, str, str]
"""An action, what the key encrypts, and the way on which KMS is called."""


@dataclass(frozen=True)
class May:
    """What a role may do: actions without resource, actions on resources, and the use of keys."""

    anywhere: frozenset[str]
    on: Mapping[str, frozenset[str]]
    """The resources of each action."""
    keys: frozenset[KeyRow] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the session."""

    def rows(self) -> set[Row]:
        return {(action, "*") for action in self.anywhere} | {
            (action, resource) for action, resources in self.on.items() for resource in resources
        }


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def each(actions: str, *resources: Iterable[str]) -> dict[str, frozenset[str]]:
    where = frozenset(arn for some in resources for arn in some)
    return dict.fromkeys(actions.split(), where)


def merged(*parts: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    result: dict[str, frozenset[str]] = {}
    for part in parts:
        for action, resources in part.items():
            result[action] = result.get(action, frozenset()) | resources
    return result


def uses(actions: str, keys: str, way: str) -> frozenset[KeyRow]:
    return frozenset((action, key, way) for action in actions.split() for key in keys.split())


METRICS: Final = [table(path) for path in ("metrics/cpu", "metrics/disk", "metrics/cpu2")]
FLEET: Final = [table(path) for path in ("fleet/trips", "fleet/stops")]
LEGACY: Final = [table("legacy/events")]
# Tables that exist carry the tags of their team: metrics is blue, fleet is red, legacy has none.
BLUE: Final = METRICS[:2]
OWN: Final = [database(name) for name in ("metrics", "fleet", "legacy")]

READ: Final = "Select DescribeTable ListMeasures"
QUERYING: Final = names("DescribeEndpoints SelectValues CancelQuery")
METRICS_KEY: Final = "databases/metrics"
FLEET_KEY: Final = "databases/fleet"
ALL_KEYS: Final = "databases/metrics databases/fleet databases/legacy"
TIMESTREAM_WAY: Final = "through Timestream"
S3_WAY: Final = "through S3"
OWN_WAY: Final = "directly"


def decrypts(keys: str) -> frozenset[KeyRow]:
    return uses("Decrypt", keys, TIMESTREAM_WAY)


# Values of their databases: writers make data keys, readers open them.
MAKES: Final = uses("GenerateDataKey", "clientSide", OWN_WAY)
OPENS: Final = uses("Decrypt", "clientSide", OWN_WAY)
# What AWS asks of whoever gives a database its key.
GIVES: Final = "CreateGrant Decrypt DescribeKey"
# How keys are set; looking is harmless on whatever way.
LOOKS: Final = (
    "DescribeKey GetKeyPolicy GetKeyRotationStatus ListGrants ListKeyPolicies ListKeyRotations "
    "ListResourceTags"
)


def on_any_way(actions: str, keys: str) -> frozenset[KeyRow]:
    return frozenset().union(*(uses(actions, keys, way) for way in (TIMESTREAM_WAY, S3_WAY, OWN_WAY)))


EXPECTED: Final[Mapping[str, May]] = {
    "writers/ingest": May(
        names("DescribeEndpoints"), each("WriteRecords", METRICS), decrypts(METRICS_KEY) | MAKES
    ),
    "writers/edge": May(
        names("DescribeEndpoints"), each("WriteRecords", METRICS[:1]), decrypts(METRICS_KEY) | MAKES
    ),
    "writers/everywhere": May(
        names("DescribeEndpoints"),
        each("WriteRecords", METRICS, FLEET, LEGACY),
        decrypts(ALL_KEYS) | MAKES,
    ),
    "writers/team": May(
        names("DescribeEndpoints"),
        each("WriteRecords", BLUE),
        decrypts(ALL_KEYS) | MAKES,
        {"team": "blue"},
    ),
    "readers/dashboards": May(QUERYING, each(READ, METRICS), decrypts(METRICS_KEY) | OPENS),
    "readers/pods": May(QUERYING, each(READ, FLEET[:1]), decrypts(FLEET_KEY)),
    "readers/team": May(QUERYING, each(READ, FLEET), decrypts(ALL_KEYS) | OPENS, {"team": "red"}),
    "admins/schema": May(
        names("DescribeEndpoints ListDatabases"),
        merged(
            each(
                "CreateDatabase UpdateDatabase DeleteDatabase DescribeDatabase ListTables",
                OWN[:1],
            ),
            each("CreateTable UpdateTable DeleteTable DescribeTable", METRICS),
            each("ListTagsForResource TagResource UntagResource", OWN[:1], METRICS),
        ),
        uses(GIVES, METRICS_KEY, TIMESTREAM_WAY),
    ),
    # Without tags in the request it creates nothing and tags only what is its team's.
    "admins/team": May(
        names("DescribeEndpoints ListDatabases"),
        merged(
            each("UpdateDatabase DeleteDatabase DescribeDatabase ListTables", OWN[:1]),
            each("UpdateTable DeleteTable DescribeTable", BLUE),
            each("ListTagsForResource TagResource UntagResource", OWN[:1], BLUE),
        ),
        uses(GIVES, ALL_KEYS, TIMESTREAM_WAY),
        {"team": "blue"},
    ),
    "auditors/compliance": May(
        names(
            "DescribeEndpoints DescribeAccountSettings DescribeBatchLoadTask ListBatchLoadTasks "
            "ListDatabases ListScheduledQueries"
        ),
        merged(
            each("DescribeDatabase ListTables", OWN),
            each("DescribeTable", METRICS, FLEET, LEGACY),
            each("DescribeScheduledQuery", QUERIES),
            each("ListTagsForResource", OWN, METRICS, FLEET, LEGACY, QUERIES),
        ),
        # A scheduled query is described by whoever may decrypt it; its error reports lie in S3.
        on_any_way(LOOKS, f"{ALL_KEYS} clientSide trail")
        | uses("Decrypt", "trail", S3_WAY)
        | uses("Decrypt", "scheduledQueries/hourly", TIMESTREAM_WAY),
    ),
    "unloaders/export": May(QUERYING, each(f"{READ} Unload", METRICS), decrypts(METRICS_KEY)),
    "batchLoaders/import": May(
        names("DescribeEndpoints DescribeBatchLoadTask ListBatchLoadTasks ResumeBatchLoadTask"),
        each("CreateBatchLoadTask WriteRecords", METRICS),
        decrypts(METRICS_KEY),
    ),
    "scheduledQueries/hourly": May(
        names("DescribeEndpoints SelectValues"),
        merged(each("Select", METRICS[:1], LEGACY), each("WriteRecords", FLEET[:1])),
        decrypts(ALL_KEYS) | on_any_way("Decrypt GenerateDataKey", "scheduledQueries/hourly"),
    ),
    # What CloudTrail writes into the log group with.
    "trail-delivery": May(frozenset(), {}),
    "backup": May(
        names("DescribeEndpoints GetAwsBackupStatus ListDatabases"),
        merged(
            each("DescribeDatabase ListTables", OWN),
            each("DescribeTable StartAwsBackupJob", METRICS, FLEET, LEGACY),
            each("ListTagsForResource", OWN, METRICS, FLEET, LEGACY),
        ),
        uses("CreateGrant", f"{ALL_KEYS} backup", TIMESTREAM_WAY)
        | on_any_way("DescribeKey", f"{ALL_KEYS} backup"),
    ),
}
