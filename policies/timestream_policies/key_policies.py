"""What the statements of key policies allow, and to whom."""

import re
from functools import lru_cache

from timestream_policies.documents import Condition, Principal, Statement
from timestream_policies.model import Resource
from timestream_policies.undecided import all_of, any_of
from timestream_policies.wildcards import has_wildcard, matches

USES = ("kms:decrypt", "kms:encrypt", "kms:generatedatakey", "kms:reencryptfrom", "kms:reencryptto")
ADMINISTERS = ("kms:putkeypolicy", "kms:schedulekeydeletion", "kms:disablekey")
GRANTS = "kms:creategrant"

_ROOT = re.compile(r"\d{12}|arn:aws[a-z-]*:iam::\d{12}:root")
_ROLE = re.compile(r"arn:aws[a-z-]*:(?:iam::\d{12}:role|sts::\d{12}:assumed-role)/(?P<path>.+)")
_NAMING = ("stringequals", "stringlike", "stringequalsignorecase")


def covers(statement: Statement, *actions: str) -> bool:
    """Tell whether a statement is about one of these (lower-cased) actions."""
    if any_of(statement.actions, lambda pattern: _matches_any(pattern, actions)):
        return True
    if not statement.not_actions:
        return False
    return any_of(actions, lambda action: not _is_left_out(statement, action))


@lru_cache(maxsize=4096)
def _matches_any(pattern: str, actions: tuple[str, ...]) -> bool:
    return any(matches(pattern, action) for action in actions)


def _is_left_out(statement: Statement, action: str) -> bool:
    return any_of(statement.not_actions, lambda pattern: matches(pattern, action))


def is_account(principal: Principal) -> bool:
    """Tell whether the principal is an account, for which its IAM policies decide."""
    return principal.kind == "AWS" and _ROOT.fullmatch(principal.value) is not None


def is_person_or_role(principal: Principal) -> bool:
    """Tell whether the principal is neither an account nor a service of AWS."""
    return principal.kind.lower() != "service" and not is_account(principal)


def is_administrator(principal: Principal, resource: Resource) -> bool:
    """Tell whether the settings name the principal's role as one of administrators."""
    role = _ROLE.fullmatch(principal.value)
    return role is not None and resource.settings.is_admin_role(role["path"].rpartition("/")[2])


def is_through_services(statement: Statement) -> bool:
    """Tell whether the key may be used through named services only, or by callers of named accounts."""
    return any_of(statement.conditions, _names_way_in)


def is_for_resources(statement: Statement) -> bool:
    """Tell whether grants may be made for resources of AWS only."""
    return any_of(
        statement.conditions,
        lambda condition: (
            condition.operator == "bool"
            and condition.key == "kms:grantisforawsresource"
            and bool(condition.values)
            and all_of(condition.values, lambda value: value.lower() == "true")
        ),
    )


def _names_way_in(condition: Condition) -> bool:
    if condition.operator.removeprefix("foranyvalue:") not in _NAMING:
        return False
    if condition.key == "kms:viaservice":
        return bool(condition.values) and all_of(condition.values, _is_one_service)
    return (
        condition.key == "kms:calleraccount"
        and bool(condition.values)
        and all_of(condition.values, lambda account: bool(account) and not has_wildcard(account))
    )


def _is_one_service(value: str) -> bool:
    service, _, rest = value.partition(".")
    return bool(service) and bool(rest) and not has_wildcard(service)
