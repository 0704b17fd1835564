"""What roles do with Timestream: they read, write, unload or administer."""

from collections.abc import Iterable

from timestream_policies.documents import Statement
from timestream_policies.iam import is_every_action, timestream_actions
from timestream_policies.settings import Settings
from timestream_policies.undecided import Words, any_of

READS = frozenset({"PrepareQuery", "Select", "SelectValues", "Unload"})
WRITES = frozenset({"CreateBatchLoadTask", "WriteRecords"})
DATA = frozenset({"Select", "Unload", "WriteRecords"})
DESTRUCTIVE = (
    "DeleteDatabase",
    "DeleteTable",
    "UntagResource",
    "UpdateAccountSettings",
    "UpdateDatabase",
    "UpdateTable",
)
MANAGES = frozenset(
    {
        "CreateDatabase",
        "CreateTable",
        "WriteRecords",
        "CreateBatchLoadTask",
        "CreateScheduledQuery",
        *DESTRUCTIVE,
    }
)


def covers(pattern: str, names: Iterable[str]) -> str:
    """Return the first of these Timestream actions that a pattern covers; `*` is for other rules."""
    if is_every_action(pattern):
        return ""
    found = timestream_actions(pattern)
    return next((name for name in names if name in found), "")


def allows_any(statement: Statement, names: Iterable[str]) -> bool:
    """Tell whether a statement allows one of these Timestream actions."""
    return statement.allows and any_of(statement.actions, lambda pattern: bool(covers(pattern, names)))


def is_administrator(names: Words[str], settings: Settings) -> bool:
    """Tell whether the settings say that a role may destroy, by one of its names."""
    return any_of(names, settings.is_admin_role)
