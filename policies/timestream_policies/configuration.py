"""What `--policy-pack-config` says: settings, levels of rules, and the risks that are accepted."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timestream_policies.packs import DEFAULT, PACKS
from timestream_policies.protocol import analyzer_pb2
from timestream_policies.rule import RULES
from timestream_policies.settings import DEFAULTS, Settings, WrongSettings, no_rule, read_settings
from timestream_policies.suppressions import Suppressions, WrongSuppressions, read_suppressions
from timestream_policies.values import decode
from timestream_policies.wire import plain

if TYPE_CHECKING:
    from timestream_policies.protocol import Level

SETTINGS = "settings"
"""The listed policy whose configuration is the settings of the pack."""
_ALL = "all"


class WrongConfiguration(ValueError):
    """Some of it is not what it must be; the text names property, value and way out of each mistake."""


class Configuration(msgspec.Struct, frozen=True):
    """Everything that the analyzer goes by."""

    settings: Settings
    levels: "Mapping[str, Level]"
    suppressions: Suppressions


def listed_level(rule: str) -> "Level":
    """Return the level at which a rule is listed, before anyone could say which packs run."""
    return analyzer_pb2.MANDATORY if rule in PACKS[DEFAULT] else analyzer_pb2.DISABLED


def unconfigured() -> Configuration:
    """Return what holds where nobody says anything."""
    return Configuration(DEFAULTS, {rule: listed_level(rule) for rule in RULES}, Suppressions())


def configured(given: "Mapping[str, analyzer_pb2.PolicyConfig]") -> Configuration:
    """Return the configuration that the engine hands over; raises `WrongConfiguration` with all mistakes.

    It has a level for every listed rule. One that is not the listed level is the user's, and wins.
    """
    mistakes: list[str] = []
    settings, suppressions = DEFAULTS, Suppressions()
    try:
        if SETTINGS in given:
            settings = read_settings(decode(plain(given[SETTINGS].properties)))
        suppressions = _suppressions(settings)
    except (WrongSettings, WrongSuppressions) as problem:
        mistakes.append(str(problem))
    running = {rule for pack in settings.packs for rule in PACKS[pack]}
    levels = {rule: analyzer_pb2.MANDATORY if rule in running else analyzer_pb2.DISABLED for rule in RULES}
    for name, config in given.items():
        if name in (SETTINGS, _ALL):
            continue
        if name not in RULES:
            mistakes.append(no_rule(name, RULES))
            continue
        mistakes.extend(
            f"{name}: {setting} is no setting of a rule; thresholds and all else stand under {SETTINGS!r}"
            for setting in config.properties.fields
        )
        if config.enforcementLevel != listed_level(name):
            levels[name] = config.enforcementLevel
    if not settings.packs and set(levels.values()) == {analyzer_pb2.DISABLED}:
        mistakes.append(f"settings: packs is empty, so no rule runs; name some of {', '.join(sorted(PACKS))}")
    if mistakes:
        raise WrongConfiguration("\n".join(mistakes))
    return Configuration(settings, levels, suppressions)


def _suppressions(settings: Settings) -> Suppressions:
    """Return the accepted risks. A path counts from where the user stands, not from the pack."""
    if isinstance(settings.suppressions, tuple):
        return Suppressions(settings.suppressions, settings)
    path = Path(os.environ.get("PWD", "."), settings.suppressions)
    return Suppressions(read_suppressions(path, settings), settings)
