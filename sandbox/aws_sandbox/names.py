"""Names that the provider chooses: the logical name and seven random hexadecimal digits."""

import hashlib
import secrets

from aws_sandbox.resource import Properties, ResourceType

DEFAULTS = "__defaults"
"""The input under which the real provider lists the inputs that it filled in itself."""

_SUFFIX = 7


def filled_in(inputs: Properties) -> frozenset[str]:
    """Return the inputs that the provider, not the program, has set."""
    return frozenset(inputs.get(DEFAULTS, ()))


def fill_in(
    resource_type: ResourceType,
    inputs: Properties,
    olds: Properties,
    *,
    name: str,
    seed: bytes,
    proposed: str,
) -> Properties:
    """Return the inputs with the type's defaults and, if absent, a name; a name once chosen stays."""
    added = {key: value for key, value in resource_type.defaults.items() if key not in inputs}
    key = resource_type.autoname
    prefix = resource_type.autoname_prefix
    if key and key not in inputs and not (prefix and prefix in inputs):
        chosen = olds.get(key) if key in filled_in(olds) else None
        added[key] = chosen or _written(resource_type, proposed or f"{name}-{_suffix(seed)}", inputs)
    return {**inputs, **added, DEFAULTS: sorted(added)}


def _written(resource_type: ResourceType, name: str, inputs: Properties) -> str:
    """Return a chosen name as AWS wants it for the type."""
    name = resource_type.autoname_format.format(name)
    return resource_type.autoname_form(name, inputs) if resource_type.autoname_form else name


def _suffix(seed: bytes) -> str:
    # Preview and update get the same seed, so that the previewed name is the real one.
    return hashlib.sha256(seed).hexdigest()[:_SUFFIX] if seed else secrets.token_hex(_SUFFIX)[:_SUFFIX]
