"""Which resources Timestream's actions know, and which condition keys a request to it carries."""

import re
from functools import lru_cache

from timestream_policies.iam import TIMESTREAM_READS, TIMESTREAM_WRITES, WITHOUT_RESOURCE, timestream_actions
from timestream_policies.wildcards import has_wildcard, matches

# Service Authorization Reference, "Actions, resources, and condition keys for Amazon Timestream". AWS asks
# for CreateTable on the database too.
_ON_DATABASES = frozenset(
    {"CreateDatabase", "CreateTable", "DeleteDatabase", "DescribeDatabase", "ListTables", "UpdateDatabase"}
)
_ON_QUERIES = frozenset(
    {"DeleteScheduledQuery", "DescribeScheduledQuery", "ExecuteScheduledQuery", "UpdateScheduledQuery"}
)
_ON_ALL = frozenset({"ListTagsForResource", "TagResource", "UntagResource"})
_TABLES_TOO = frozenset({"CreateTable"})
_PROBES = {
    "database": ("database/probe",),
    "table": ("database/probe/table/probe",),
    "scheduled-query": ("scheduled-query/probe",),
}
INFLUXDB_ACTIONS = (
    "CreateDbBackup",
    "CreateDbCluster",
    "CreateDbInstance",
    "CreateDbParameterGroup",
    "DeleteDbBackup",
    "DeleteDbCluster",
    "DeleteDbInstance",
    "GetDbBackup",
    "GetDbCluster",
    "GetDbInstance",
    "GetDbParameterGroup",
    "ListDbBackups",
    "ListDbClusters",
    "ListDbInstances",
    "ListDbInstancesForCluster",
    "ListDbParameterGroups",
    "ListTagsForResource",
    "RebootDbCluster",
    "RebootDbInstance",
    "RestoreFromDbBackup",
    "TagResource",
    "UntagResource",
    "UpdateDbCluster",
    "UpdateDbInstance",
)
_TIMESTREAM = tuple(name.lower() for name in (*TIMESTREAM_READS, *TIMESTREAM_WRITES))
_INFLUXDB = tuple(name.lower() for name in INFLUXDB_ACTIONS)
_NAMES = {"timestream": _TIMESTREAM, "timestream-influxdb": _INFLUXDB}
# Names that people mean when they write these: the prefixes of endpoints, SDKs and consoles, and slips.
_LIKE_TIMESTREAM = re.compile(
    r"(?:aws-?|amazon-?)?(?:time-?streams?|timesteam|timestrem|timestraem|timstream|timestrean)"
    r"(?:[-_.]?(?:write|query|ingest|influx|influxdb|influxb))?"
)
_KEYS = {
    "timestream": frozenset[str](),
    "timestream-influxdb": frozenset({"timestream-influxdb:restoremode"}),
}


@lru_cache(maxsize=4096)
def unknown_action(pattern: str) -> bool:
    """Tell whether a (lower-cased) action pattern speaks of Timestream, but of no action that there is."""
    service, colon, name = pattern.partition(":")
    if not colon or has_wildcard(service):
        return False
    if service in _NAMES:
        return not any(matches(name, known) for known in _NAMES[service])
    return _LIKE_TIMESTREAM.fullmatch(service) is not None


@lru_cache(maxsize=4096)
def unknown_key(key: str) -> bool:
    """Tell whether a (lower-cased) condition key is one that Timestream does not have."""
    service = key.partition(":")[0]
    if service in _KEYS:
        return key not in _KEYS[service]
    return _LIKE_TIMESTREAM.fullmatch(service) is not None


def kinds_of(action: str) -> frozenset[str]:
    """Return the kinds of resource that an action of Timestream knows."""
    if action in WITHOUT_RESOURCE:
        return frozenset()
    if action in _ON_ALL:
        return frozenset(_PROBES)
    if action in _ON_QUERIES:
        return frozenset({"scheduled-query"})
    if action in _ON_DATABASES:
        return frozenset({"database", "table"} if action in _TABLES_TOO else {"database"})
    return frozenset({"table"})


def can_be(resource: str, kind: str) -> bool:
    """Tell whether a resource pattern can name something of a kind."""
    fields = resource.split(":", 5)
    if len(fields) < 6:
        return has_wildcard(resource)
    if not matches(fields[2], "timestream"):
        return False
    name = fields[5]
    if kind == "scheduled-query":
        return _overlaps(name, "scheduled-query/")
    if not _overlaps(name, "database/"):
        return False
    if "*" in name:
        # A star takes in the slash: `database/*` is tables too, and `database/a*/table/b` no database.
        return kind == "table" or not re.search(r"/table/", name)
    return ("/table/" in name) == (kind == "table")


def _overlaps(pattern: str, head: str) -> bool:
    """Tell whether the pattern can begin like this."""
    fixed = re.split(r"[*?]", pattern, maxsplit=1)[0]
    return fixed.startswith(head) or (fixed != pattern and head.startswith(fixed))


def never_works(action: str, resource: str) -> bool:
    """Tell whether a (lower-cased) action pattern of Timestream has nothing to do with a resource pattern."""
    names = timestream_actions(action)
    if not names or not action.startswith("timestream:"):
        return False
    if "${" in resource:
        return False
    return not any(
        any(resource == "*" or can_be(resource, kind) for kind in kinds)
        if (kinds := kinds_of(name))
        else not resource.strip("*")
        for name in names
    )
