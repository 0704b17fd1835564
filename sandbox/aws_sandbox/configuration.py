"""The provider's own configuration (`aws:…` of a stack, or the arguments of an explicit provider)."""

import json
from collections.abc import Mapping
from typing import Any

from aws_sandbox import schema
from aws_sandbox.checks import Failure, check_inputs
from aws_sandbox.resource import Properties
from aws_sandbox.wire import is_unknown

_ENGINE_OWN = frozenset({"version", "pluginDownloadURL", "name", "parameterization"})
"""What the engine adds to the configuration of every provider."""

_OWN_PROXY = "every call goes through the sandbox's own proxy"
_OWN_FILES = (
    "it reads no configuration of the user; use `accessKey` and `secretKey`, `assumeRoles` or `region`"
)
_REFUSED = {
    "endpoints": "the sandbox answers for every AWS host by itself",
    "httpProxy": _OWN_PROXY,
    "httpsProxy": _OWN_PROXY,
    "noProxy": _OWN_PROXY,
    "customCaBundle": "the sandbox's hosts have certificates of its own authority",
    "sharedConfigFiles": _OWN_FILES,
    "sharedCredentialsFiles": _OWN_FILES,
    "assumeRoleWithWebIdentity": "use `assumeRoles`",
}


def decode(raw: Properties) -> tuple[dict[str, Any], list[Failure]]:
    """Return the configuration with its values as declared, and what cannot be read.

    Everything but text travels as JSON in a string.
    """
    decoded: dict[str, Any] = {}
    failures = []
    for name, value in raw.items():
        if name in _ENGINE_OWN or name.startswith("__"):
            continue
        declared = schema.configuration().properties.get(name, {})
        if isinstance(value, str) and declared.get("type") != "string" and declared and not is_unknown(value):
            try:
                decoded[name] = json.loads(value) if value else None
            except json.JSONDecodeError:
                kind = declared.get("type", "object")
                failures.append(
                    Failure(name, f"`aws:{name}` must be a JSON {kind}, not {json.dumps(value)}.")
                )
        else:
            decoded[name] = value
    return {name: value for name, value in decoded.items() if value is not None}, failures


def check(raw: Properties) -> list[Failure]:
    """Return every mistake in the configuration."""
    decoded, failures = decode(raw)
    refused = [
        Failure(name, f"`aws:{name}` cannot be used in the sandbox: {reason}.")
        for name, reason in _REFUSED.items()
        if decoded.get(name)
    ]
    return failures + check_inputs(schema.configuration(), decoded) + refused


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the settings that differ."""
    before, after = decode(dict(old))[0], decode(dict(new))[0]
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
