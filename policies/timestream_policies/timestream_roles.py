"""What roles do with Timestream: they read, write, unload or administer."""

from collections.abc import Iterable
from functools import lru_cache

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
    if not statement.allows:
        return False
    actions = statement.actions
    if not _covered(actions.known).isdisjoint(names):
        return True
    if actions.unknown is not None:
        raise actions.unknown.with_traceback(None)
    return False


@lru_cache(maxsize=4096)
def _covered(patterns: tuple[str, ...]) -> frozenset[str]:
    """Return the Timestream actions that patterns cover; many statements have the same ones."""
    return frozenset(
        name for pattern in patterns if not is_every_action(pattern) for name in timestream_actions(pattern)
    )


def is_administrator(names: Words[str], settings: Settings) -> bool:
    """Tell whether the settings say that a role may destroy, by one of its names."""
    return any_of(names, settings.is_admin_role)
