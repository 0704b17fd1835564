"""For the same facts the analyzer finds what the command finds: in every example of every rule."""

from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2

from tests.policies.asking import CONTEXT, struct
from timestream_policies.analyzer import Analyzer
from timestream_policies.evaluation import Verdict, evaluate
from timestream_policies.examples import Example, build
from timestream_policies.model import Resource
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES
from timestream_policies.stack import Stack
from timestream_policies.wire import OFFERS

JUDGED_HERE = [rule for rule in RULES.values() if set(rule.needs) <= set(OFFERS)]


@pytest.mark.parametrize("rule", JUDGED_HERE, ids=lambda rule: rule.id)
def test_the_analyzer_finds_what_the_command_finds(rule: Rule) -> None:
    for example in (*rule.good, *rule.bad):
        assert found_by_the_analyzer(rule, example) == found_by_the_command(rule, example)


def found_by_the_command(rule: Rule, example: Example) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for judgement in evaluate(build(example.resources), [rule]):
        found |= {(finding.urn, finding.message) for finding in judgement.findings}
        if judgement.verdict is Verdict.UNDECIDED:
            found.add((judgement.resource.urn, f"cannot be judged: {judgement.reason}"))
    return found


def found_by_the_analyzer(rule: Rule, example: Example) -> set[tuple[str, str]]:
    """Ask about each resource with its inputs, then about the stack, as an update does."""
    stack: Stack = build(example.resources)
    pack = Analyzer()
    levels = dict.fromkeys(RULES, analyzer_pb2.DISABLED) | {rule.id: analyzer_pb2.MANDATORY}
    config = {id_: analyzer_pb2.PolicyConfig(enforcementLevel=level) for id_, level in levels.items()}
    pack.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack=stack.name), CONTEXT)
    pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config), CONTEXT)
    diagnostics: list[Any] = []
    for resource in stack.resources:
        if not resource.external:
            diagnostics += pack.Analyze(asked(resource), CONTEXT).diagnostics
    request = analyzer_pb2.AnalyzeStackRequest(resources=[member(r) for r in stack.resources])
    diagnostics += pack.AnalyzeStack(request, CONTEXT).diagnostics
    assert {diagnostic.policyName for diagnostic in diagnostics} <= {rule.id}
    return {(d.urn, message(d.message, stack.by_urn[d.urn])) for d in diagnostics}


def message(text: str, resource: Resource) -> str:
    """Return what a diagnostic says after the resource's name and before the fix."""
    return text.split("\nFix: ")[0].partition(f"{resource.name!r} ")[2].removesuffix(".")


def asked(resource: Resource) -> analyzer_pb2.AnalyzeRequest:
    options = resource.options
    return analyzer_pb2.AnalyzeRequest(
        type=resource.token,
        urn=resource.urn,
        name=resource.name,
        properties=struct(dict(resource.inputs.raw)),
        options=analyzer_pb2.AnalyzerResourceOptions(
            protect=options.protect,
            ignoreChanges=options.ignore_changes,
            additionalSecretOutputs=options.additional_secret_outputs,
            parent=resource.parent,
        ),
        provider=analyzer_pb2.AnalyzerProviderResource(urn=resource.provider.rpartition("::")[0]),
    )


def member(resource: Resource) -> analyzer_pb2.AnalyzerResource:
    outputs = dict(resource.outputs.raw)
    if resource.id:
        outputs["id"] = resource.id
    return analyzer_pb2.AnalyzerResource(
        type=resource.token,
        urn=resource.urn,
        name=resource.name,
        properties=struct(outputs),
        parent=resource.parent,
        dependencies=resource.dependencies,
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
            for key, urns in resource.property_dependencies.items()
        },
    )
