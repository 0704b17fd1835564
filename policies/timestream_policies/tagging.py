"""The tags of a resource, with those that its provider gives to all."""

import json
from collections.abc import Mapping
from typing import Any

from timestream_policies.model import Part, Resource
from timestream_policies.stack import Stack
from timestream_policies.undecided import any_of

_NAME = "name"


def tag(resource: Resource, stack: Stack, name: str) -> str:
    """Return the value of a tag, empty if there is none; raises if it is not known."""
    return str(Part(resource, f"tags.{name}", _tags(resource, stack).get(name)).value or "")


def says_whose(resource: Resource, stack: Stack) -> bool:
    """Tell whether there is any tag but the name."""
    own = resource.part("tags").partly_known
    if isinstance(own, dict) and any(isinstance(own[name], str) for name in own if name.lower() != _NAME):
        return True
    tags = [value for name, value in _tags(resource, stack).items() if name.lower() != _NAME]
    return any_of(tags, lambda value: Part(resource, "tags", value).value is not None)


def _tags(resource: Resource, stack: Stack) -> Mapping[str, Any]:
    place = resource.part("tags")
    tags = place.partly_known
    if not isinstance(tags, dict):
        tags = place.value or resource.outputs.get("tagsAll")  # unknown: raises
    return {**_of_provider(resource, stack), **(tags if isinstance(tags, dict) else {})}


def _of_provider(resource: Resource, stack: Stack) -> Mapping[str, Any]:
    provider = stack.by_urn.get(resource.provider.rpartition("::")[0])
    if provider is None:
        return {}
    return stack.once(f"default tags of {provider.urn}", lambda: _default_tags(provider))


def _default_tags(provider: Resource) -> Mapping[str, Any]:
    found = provider.get("defaultTags")
    if isinstance(found, str):  # the configuration of a provider is JSON in JSON
        found = json.loads(found)
    tags = found.get("tags") if isinstance(found, dict) else None
    return tags if isinstance(tags, dict) else {}
