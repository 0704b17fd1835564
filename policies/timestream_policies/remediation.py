"""Mending a resource before it is made: for rules with a certain remedy, where the user asks for it.

The engine applies whatever comes back, so a remedy copies the whole request and sets one field:
unknowns, secrets and the engine's own notes in it survive.
"""

from collections.abc import Iterable

from google.protobuf.struct_pb2 import Struct

from timestream_policies import __version__
from timestream_policies.evaluation import judge
from timestream_policies.listing import PACK
from timestream_policies.protocol import analyzer_pb2
from timestream_policies.rule import Remedy, Rule
from timestream_policies.settings import Settings
from timestream_policies.stack import Stack
from timestream_policies.suppressions import Suppressions
from timestream_policies.values import SECRET, SIGNATURE
from timestream_policies.wire import OFFERS, analyzed


def remedied(
    request: "analyzer_pb2.AnalyzeRequest",
    rules: Iterable[Rule],
    settings: Settings,
    suppressions: Suppressions,
) -> "analyzer_pb2.RemediateResponse":
    """Return what mends the resource, one remediation for each rule that finds what its remedy mends."""
    response = analyzer_pb2.RemediateResponse()
    properties = request.properties
    for rule in rules:
        if rule.remedy is None or not _needed(rule, rule.remedy, request, settings, suppressions):
            continue
        # The engine takes the last answer as the properties: each has what those before it mended.
        properties = mended(properties, rule.remedy)
        response.remediations.append(
            analyzer_pb2.Remediation(
                policyName=rule.id,
                policyPackName=PACK,
                policyPackVersion=__version__,
                description=rule.title,
                properties=properties,
            )
        )
    return response


def mended(properties: Struct, remedy: Remedy) -> Struct:
    """Return a copy of the properties with one field set; a field that was secret stays secret."""
    copy = Struct()
    copy.CopyFrom(properties)
    field = copy.fields[remedy.path]
    inner = field.struct_value.fields if field.HasField("struct_value") else {}
    if SIGNATURE in inner and inner[SIGNATURE].string_value == SECRET:
        field.struct_value.update({"value": remedy.value})
    else:
        copy.update({remedy.path: remedy.value})
    return copy


def _needed(
    rule: Rule,
    remedy: Remedy,
    request: "analyzer_pb2.AnalyzeRequest",
    settings: Settings,
    suppressions: Suppressions,
) -> bool:
    """Tell whether the rule finds what the remedy mends, and nobody has accepted it.

    A rule of the stack sees the resource alone: what a remedy mends must show there.
    """
    resource = analyzed(request)
    resource.settings = settings
    stack = Stack([resource], settings=settings, offers=OFFERS) if rule.on_stack else None
    return any(
        finding.at == remedy.path and suppressions.covering(rule, finding) is None
        for finding in judge(rule, resource, stack).findings
    )
