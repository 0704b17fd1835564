"""What the pack tells the engine of itself: every rule, and the settings with their schema."""

from collections.abc import Iterable
from typing import Any

import msgspec
from google.protobuf.struct_pb2 import Struct

from timestream_policies import __version__
from timestream_policies.configuration import SETTINGS, listed_level
from timestream_policies.packs import PACKS
from timestream_policies.protocol import analyzer_pb2
from timestream_policies.rule import RULES, Rule, Severity
from timestream_policies.settings import Settings

PACK = "timestream-policies"
SEVERITIES = {
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
}
_KEPT = frozenset({"type", "format"})


def listing() -> "analyzer_pb2.AnalyzerInfo":
    """Return every rule with its title, severity, level and schema, and the settings of the pack."""
    return analyzer_pb2.AnalyzerInfo(
        name=PACK,
        displayName="Timestream policies",
        description="Policies for every stack that touches Amazon Timestream",
        version=__version__,
        supportsConfig=True,
        policies=[*(_policy(rule) for rule in RULES.values()), _settings()],
    )


def _policy(rule: Rule) -> "analyzer_pb2.PolicyInfo":
    return analyzer_pb2.PolicyInfo(
        name=rule.id,
        displayName=rule.title,
        description=f"{rule.title}. {rule.why}",
        message=rule.fix,
        enforcementLevel=listed_level(rule.id),
        configSchema=analyzer_pb2.PolicyConfigSchema(properties=Struct()),
        policy_type=analyzer_pb2.POLICY_TYPE_STACK if rule.on_stack else analyzer_pb2.POLICY_TYPE_RESOURCE,
        severity=SEVERITIES[rule.severity],
        remediation_steps=rule.fix,
        url=rule.links[0],
    )


def _settings() -> "analyzer_pb2.PolicyInfo":
    """Return the policy that judges nothing and carries the settings. Nothing counts it as passed."""
    properties = Struct()
    properties.update(settings_schema())
    return analyzer_pb2.PolicyInfo(
        name=SETTINGS,
        displayName="Settings of the pack",
        description="Judges nothing; its configuration holds the settings of the whole pack.",
        enforcementLevel=analyzer_pb2.DISABLED,
        configSchema=analyzer_pb2.PolicyConfigSchema(properties=properties),
        policy_type=analyzer_pb2.POLICY_TYPE_STACK,
    )


def settings_schema() -> dict[str, Any]:
    """Return the JSON schema of each setting, by its name in camelCase.

    Without defaults: the engine would fill them in beside a name that is written in snake_case. Words
    are listed beside any text, and bounds left out: the engine's refusal does not show the wrong value.
    """
    _, parts = msgspec.json.schema_components([Settings], ref_template="{name}")
    properties: dict[str, Any] = _camel_cased(parts["Settings"], parts)["properties"]
    properties["packs"]["items"] = _one_of(PACKS)
    return properties


def _camel_cased(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its references filled in."""
    if "$ref" in schema:
        return _camel_cased(parts[schema["$ref"]], parts)
    if "enum" in schema:
        return _one_of(schema["enum"])
    kept = {key: value for key, value in schema.items() if key in _KEPT}
    if isinstance(schema.get("items"), dict):
        kept["items"] = _camel_cased(schema["items"], parts)
    if "anyOf" in schema:
        kept["anyOf"] = [_camel_cased(choice, parts) for choice in schema["anyOf"]]
    if "properties" in schema:
        kept["properties"] = {
            _camel(name): _camel_cased(below, parts) for name, below in schema["properties"].items()
        }
    if schema.get("required"):
        kept["required"] = [_camel(name) for name in schema["required"]]
    return kept


def _one_of(words: Iterable[str]) -> dict[str, Any]:
    return {"anyOf": [{"enum": list(words)}, {"type": "string"}]}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
