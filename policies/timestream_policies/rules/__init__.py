"""All rules, one file for each subject. Importing this package registers them."""

from timestream_policies.rule import RULES
from timestream_policies.rules import (
    access,
    alarms,
    databases,
    documents,
    identities,
    key_use,
    keys,
    scheduled_queries,
    security_group_upkeep,
    security_groups,
    tables,
    topics,
    trail_selectors,
    trails,
    vpcs,
)

__all__ = [
    "RULES",
    "access",
    "alarms",
    "databases",
    "documents",
    "identities",
    "key_use",
    "keys",
    "scheduled_queries",
    "security_group_upkeep",
    "security_groups",
    "tables",
    "topics",
    "trail_selectors",
    "trails",
    "vpcs",
]
