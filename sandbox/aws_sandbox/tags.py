"""The provider's `defaultTags` and `ignoreTags`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_sandbox.resource import Properties
from aws_sandbox.wire import is_unknown


@dataclass(frozen=True)
class TagSettings:
    """What the provider's configuration says about tags."""

    default: Mapping[str, str] = field(default_factory=dict)
    ignored_keys: frozenset[str] = frozenset()
    ignored_prefixes: tuple[str, ...] = ()

    def is_ignored(self, key: str) -> bool:
        """Say whether others manage this tag."""
        return key in self.ignored_keys or key.startswith(self.ignored_prefixes)


def settings(configuration: Mapping[str, Any]) -> TagSettings:
    """Read the settings from the provider's configuration."""
    ignored = configuration.get("ignoreTags", {})
    return TagSettings(
        default=configuration.get("defaultTags", {}).get("tags", {}),
        ignored_keys=frozenset(ignored.get("keys", ())),
        ignored_prefixes=tuple(ignored.get("keyPrefixes", ())),
    )


def with_defaults(inputs: Properties, tags: TagSettings) -> Properties:
    """Add the default tags below the resource's own, as the real provider does when it checks inputs."""
    own = inputs.get("tags", {})
    if is_unknown(own):
        return inputs
    merged = {key: value for key, value in {**tags.default, **own}.items() if not tags.is_ignored(key)}
    if not merged:
        return {key: value for key, value in inputs.items() if key != "tags"}
    return {**inputs, "tags": merged}


def without_ignored(properties: Properties, tags: TagSettings) -> Properties:
    """Leave out the tags that others manage from what AWS answered."""
    kept = dict(properties)
    for name in ("tags", "tagsAll"):
        if isinstance(kept.get(name), dict):
            kept[name] = {key: value for key, value in kept[name].items() if not tags.is_ignored(key)}
    return kept
