"""What a team decides for its own stacks: the only defaults, from which docs and schema are made."""

from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

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
    admin_roles: tuple[str, ...] = ()
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
    try:
        return msgspec.convert(_snake_case(content), Settings, strict=False)
    except msgspec.ValidationError as problem:
        raise WrongSettings(f"settings: {problem}") from None


def _snake_case(content: Any) -> Any:
    if isinstance(content, dict):
        return {_snake(str(name)): _snake_case(item) for name, item in content.items()}
    return [_snake_case(item) for item in content] if isinstance(content, list) else content


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
