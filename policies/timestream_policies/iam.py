"""What the rules know of IAM: Timestream's actions, who is public, which conditions narrow."""

from functools import lru_cache

from timestream_policies.documents import Condition, Principal, Statement
from timestream_policies.undecided import all_of, any_of
from timestream_policies.wildcards import covers_everything, has_wildcard, matches

# Service Authorization Reference, "Actions, resources, and condition keys for Amazon Timestream".
TIMESTREAM_READS = (
    "DescribeAccountSettings",
    "DescribeBatchLoadTask",
    "DescribeDatabase",
    "DescribeEndpoints",
    "DescribeScheduledQuery",
    "DescribeTable",
    "GetAwsBackupStatus",
    "GetAwsRestoreStatus",
    "ListBatchLoadTasks",
    "ListDatabases",
    "ListMeasures",
    "ListScheduledQueries",
    "ListTables",
    "ListTagsForResource",
    "PrepareQuery",
    "Select",
    "SelectValues",
)
TIMESTREAM_WRITES = (
    "CancelQuery",
    "CreateBatchLoadTask",
    "CreateDatabase",
    "CreateScheduledQuery",
    "CreateTable",
    "DeleteDatabase",
    "DeleteScheduledQuery",
    "DeleteTable",
    "ExecuteScheduledQuery",
    "ResumeBatchLoadTask",
    "StartAwsBackupJob",
    "StartAwsRestoreJob",
    "TagResource",
    "Unload",
    "UntagResource",
    "UpdateAccountSettings",
    "UpdateDatabase",
    "UpdateScheduledQuery",
    "UpdateTable",
    "WriteRecords",
)
WITHOUT_RESOURCE = frozenset(
    {
        "CancelQuery",
        "CreateScheduledQuery",
        "DescribeAccountSettings",
        "DescribeBatchLoadTask",
        "DescribeEndpoints",
        "GetAwsBackupStatus",
        "GetAwsRestoreStatus",
        "ListBatchLoadTasks",
        "ListDatabases",
        "ListScheduledQueries",
        "ResumeBatchLoadTask",
        "SelectValues",
        "UpdateAccountSettings",
    }
)
"""The 13 actions that know no resource: `*` is the only thing that works for them."""

_RESOURCE_VARIABLES = frozenset({"${aws:ResourceAccount}", "${aws:ResourceOrgID}"})
_NARROWING_OPERATORS = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}
)
_NARROWING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "kms:calleraccount",
    }
)
_RESOURCE_KEYS = frozenset({"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"})


@lru_cache(maxsize=4096)
def timestream_actions(pattern: str) -> tuple[str, ...]:
    """Return the Timestream actions that a (lower-cased) action pattern covers."""
    if not pattern.startswith("timestream:") and not has_wildcard(pattern.partition(":")[0]):
        return ()
    return tuple(
        name
        for name in (*TIMESTREAM_READS, *TIMESTREAM_WRITES)
        if matches(pattern, f"timestream:{name.lower()}")
    )


def is_every_action(pattern: str) -> bool:
    """Tell whether a (lower-cased) action pattern is all actions of all services."""
    return "*" in pattern and not pattern.replace(":", "", 1).strip("*?")


def is_every_resource(pattern: str, service: str, kinds: tuple[str, ...]) -> bool:
    """Tell whether a resource pattern covers resources of all these kinds, whatever they are called."""
    if covers_everything(pattern):
        return True
    if not has_wildcard(pattern):
        return False
    # A probe with the pattern's own partition, region and account: what remains to be covered is the name.
    fields = pattern.split(":", 5)
    own = [field if not has_wildcard(field) else "probe" for field in fields] + ["probe"] * (6 - len(fields))
    return all(matches(pattern, ":".join(["arn", own[1], service, own[3], own[4], kind])) for kind in kinds)


def is_anyone(principal: Principal) -> bool:
    """Tell whether the principal takes in strangers: `*`, any account, any service."""
    if covers_everything(principal.value) or principal.kind == "*":
        return True
    if principal.kind.lower() == "aws" and has_wildcard(principal.value):
        account = (principal.value.split(":") + [""] * 5)[4] if ":" in principal.value else principal.value
        return has_wildcard(account)
    return principal.kind.lower() in ("service", "federated") and has_wildcard(principal.value)


def is_open_to_anyone(statement: Statement) -> bool:
    """Tell whether an Allow speaks to strangers and no condition keeps them out."""
    if any_of(statement.principals, is_anyone) or bool(statement.not_principals):
        return not any_of(statement.conditions, narrows)
    return False


def narrows(condition: Condition) -> bool:
    """Tell whether the condition lets only named accounts, organisations, networks or sources in."""
    operator = condition.operator.removeprefix("foranyvalue:")
    if operator not in _NARROWING_OPERATORS or condition.key not in _NARROWING_KEYS:
        return False
    return bool(condition.values) and all_of(condition.values, is_specific)


def narrows_resources(condition: Condition) -> bool:
    """Tell whether the condition lets only resources of named accounts or organisations be reached.

    A request for no resource has no such key, so that `IfExists` lets nothing more be reached.
    """
    operator = condition.operator.removeprefix("foranyvalue:").removesuffix("ifexists")
    if operator not in _NARROWING_OPERATORS or condition.key not in _RESOURCE_KEYS:
        return False
    return bool(condition.values) and all_of(condition.values, is_specific)


def is_specific(value: str) -> bool:
    """Tell whether a value names one account, organisation, network or source, not a kind of them."""
    if "${" in value:
        # A variable of the request compares the caller with itself; one of the resource does not.
        return value in _RESOURCE_VARIABLES
    fields = value.split(":", 5)
    if fields[0] == "arn":
        if len(fields) < 6:
            return False
        account, resource = fields[4], fields[5]
        # Only the ARNs of buckets carry no account: there the bucket itself must be named.
        return not has_wildcard(account or resource.partition("/")[0])
    first, mark, _ = value.partition("/") if value.startswith("o-") else value.partition(":")
    named = first if mark else value
    return len(named) > 1 and not has_wildcard(named)
