"""What a team decides for its own stacks: the only defaults, from which docs and schema are made."""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, get_args

import msgspec

Elsewhere = Literal["keys", "endpoints", "trail", "alarms", "topic", "subscriptions", "backup", "buckets"]
UndecidedAnswer = Literal["fail", "warn", "ignore"]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Suppression(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One accepted risk: which finding, why, who answers for it, and until when."""

    rule: str
    """Id of the rule."""
    resource: str
    """URN or name of the resource, `*` and `?` as wildcards; it must match from end to end."""
    reason: str
    """Why the risk is accepted, in 20 characters or more."""
    owner: str
    """Who answers for it."""
    expires: date
    """The last day on which it holds, at most a year away."""
    key: str | None = None
    """Key of one finding; without it all findings of the rule on the resource."""


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The numbers that rules compare with."""

    key_rotation_days: Count = 365
    """Longest rotation period of a key."""
    key_deletion_days: Count = 30
    """Shortest waiting period before a key is deleted."""
    magnetic_retention_days: Count = 3653
    """Longest magnetic retention of a table: ten years."""
    memory_retention_hours: Count = 168
    """Longest memory retention: the memory store is not under the customer key."""
    log_retention_days: Count = 365
    """Shortest retention of a log group."""
    event_store_retention_days: Count = 365
    """Shortest retention of an event data store."""
    backup_retention_days: Count = 35
    """Shortest retention of a backup."""
    secret_rotation_days: Count = 90
    """Longest rotation period of a secret."""
    password_length: Count = 16
    """Shortest password of an InfluxDB database."""
    widest_ipv4_prefix: Count = 16
    """Shortest IPv4 prefix from which InfluxDB may be reached."""
    widest_ipv6_prefix: Count = 48
    """Shortest IPv6 prefix from which InfluxDB may be reached."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The pack-wide settings: the schema of the listed policy `settings`, and of `check --settings`."""

    packs: tuple[str, ...] = ("baseline",)
    """The packs that run."""
    undecided: UndecidedAnswer = "warn"
    """What an undecided verdict does at preview."""
    scope: Literal["all", "timestream"] = "all"
    """`timestream` judges only what a Timestream resource depends on or is reached by."""
    managed_elsewhere: frozenset[Elsewhere] = frozenset()
    """Parts that another stack owns: not asked for here, and reported as assumptions."""
    suppressions: str | tuple[Suppression, ...] = ()
    """Accepted risks, or the path of the YAML file that lists them."""
    trusted_accounts: tuple[str, ...] = ()
    """Ids of accounts that may be named as principals."""
    approved_keys: tuple[str, ...] = ()
    """ARNs of keys of other stacks that databases may use; `*` and `?` are wildcards."""
    admin_roles: tuple[str, ...] = ("*admin*", "*Admin*")
    """Names of roles that may hold destructive actions; `*` and `?` are wildcards."""
    production: tuple[str, ...] = ("prod*", "*-prod", "*-production", "live")
    """Names of stacks whose data must be protected; `*` and `?` are wildcards."""
    required_tags: tuple[str, ...] = ()
    """Tags that every Timestream resource must have."""
    thresholds: Thresholds = Thresholds()
    """The numbers that rules compare with."""
    unsuppressible: tuple[str, ...] = ()
    """Rule ids or severities that nobody may suppress."""
    program_suppressions: Literal["allow", "deny"] = "allow"
    """Whether programs may accept risks with `accept_risk`."""

    def is_production(self, stack: str) -> bool:
        """Tell whether a stack of this name holds production data."""
        return any(fnmatchcase(stack, pattern) for pattern in self.production)

    def is_approved_key(self, arn: str) -> bool:
        """Tell whether a key of another stack may be used."""
        return any(fnmatchcase(arn, pattern) for pattern in self.approved_keys)

    def is_admin_role(self, name: str) -> bool:
        """Tell whether a role may hold destructive actions."""
        return any(fnmatchcase(name, pattern) for pattern in self.admin_roles)


DEFAULTS = Settings()


class WrongSettings(ValueError):
    """The settings are not what the schema allows; the text names the property, the value and the way out."""


def read_settings(content: Any) -> Settings:
    """Return the settings of plain data; names may be written in camelCase too."""
    content = _snake_case(content)
    try:
        settings = msgspec.convert(content, Settings, strict=False)
    except msgspec.ValidationError as problem:
        raise WrongSettings(_explained(str(problem), content)) from None
    _check_names(settings)
    return settings


def _check_names(settings: Settings) -> None:
    """Refuse names of packs and rules that do not exist."""
    from timestream_policies.packs import PACKS
    from timestream_policies.rule import RULES, Severity

    for number, pack in enumerate(settings.packs):
        if pack not in PACKS:
            raise WrongSettings(f"settings: packs[{number}] is {pack!r}; {closest(pack, PACKS)}")
    severities = [severity.value for severity in Severity]
    for number, name in enumerate(settings.unsuppressible):
        if name.upper() not in RULES and name.lower() not in severities:
            raise WrongSettings(
                f"settings: unsuppressible[{number}] is {name!r}, which is no rule and no severity; "
                f"{closest(name, [*severities, *RULES])}"
            )


_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?", re.DOTALL)
_RULE_ID = re.compile("[A-Z]+-[A-Z0-9]+-[0-9]+")
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.*)`")


def _explained(problem: str, content: Any) -> str:
    """Return a mistake with the property, its value and the way out."""
    found = _AT.fullmatch(problem)
    what, path = (found["what"], found["path"] or "") if found else (problem, "")
    if unknown := _UNKNOWN_FIELD.fullmatch(what):
        fields = {"": Settings, "thresholds": Thresholds}.get(path, Suppression).__struct_fields__
        return f"settings: {_no_setting(unknown[1], path, fields)}"
    value = _at(content, path)
    if what.startswith("Expected `str`, got `int`"):
        what += "; write it in quotes"
    allowed = _allowed(path) if what.startswith("Invalid enum value") else what.lower().replace("`", "")
    return f"settings: {path or 'they'} is {value!r}; {allowed}"


def _no_setting(name: str, path: str, fields: tuple[str, ...]) -> str:
    """Return what is wrong with a name: it may be of the file that the policy pack takes."""
    as_written = _written(name)
    if not path and _RULE_ID.fullmatch(as_written):
        return (
            f"{as_written} is a rule, no setting; levels of rules stand in --policy-pack-config, beside "
            "'settings'; 'timestream-policies check' leaves rules out with --except"
        )
    if not path and name == "settings":
        return "'settings' is for --policy-pack-config; here what it holds stands at the top of the file"
    return f"{f'{path}.{name}' if path else name} is no setting; {closest(name, fields)}"


def _written(name: str) -> str:
    """Return a name that was taken for camelCase as it was written."""
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)


def _allowed(path: str) -> str:
    annotations = {"undecided": UndecidedAnswer, "managed_elsewhere": Elsewhere}
    name = path.partition("[")[0]
    words = get_args(annotations.get(name) or Settings.__annotations__[name])
    return "write " + ", ".join(words[:-1]) + f" or {words[-1]}"


def _at(content: Any, path: str) -> Any:
    """Return the value at a path as msgspec writes it, such as `thresholds.x` or `packs[0]`."""
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(content, list) and step.isdigit():
            content = content[int(step)]
        elif isinstance(content, dict):
            content = content.get(step)
    return content


def closest(name: str, names: Iterable[str]) -> str:
    """Return the way out for a name that does not exist: the one that was meant, or all of them."""
    names = list(names)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there are {', '.join(names)}"


def no_rule(name: str, names: Iterable[str]) -> str:
    """Return what is wrong with the id of a rule that does not exist, and the way out."""
    # Ids differ in few characters: anything but a slip would be somebody else's rule.
    close = get_close_matches(name.upper(), list(names), n=1, cutoff=0.85)
    way_out = f"did you mean {close[0]!r}?" if close else "'timestream-policies list' shows all"
    return f"there is no rule {name!r}; {way_out}"


def _snake_case(content: Any) -> Any:
    if isinstance(content, dict):
        return {_snake(str(name)): _snake_case(item) for name, item in content.items()}
    return [_snake_case(item) for item in content] if isinstance(content, list) else content


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
