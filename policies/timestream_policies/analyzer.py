"""The analyzer server that `pulumi` talks to when it runs this policy pack.

Resource rules judge each resource before it is made; what they cannot decide then is judged again
when the stack is known, together with the rules on the stack. The engine counts silence as a pass,
so every rule that said nothing of a resource is answered as not applicable, with its reason.
"""

# ruff: noqa: ARG001, ARG002 - the protocol decides the arguments, also of those who need none

import os
import signal
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc
from google.protobuf.empty_pb2 import Empty

from timestream_policies import __version__
from timestream_policies.evaluation import Judgement, Verdict, judge, rules_by_type, sentence
from timestream_policies.model import Resource
from timestream_policies.packs import DEFAULT, rules_of
from timestream_policies.protocol import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2
from timestream_policies.rule import RULES, Rule, Severity
from timestream_policies.stack import Stack
from timestream_policies.types import short
from timestream_policies.values import Properties
from timestream_policies.wire import analyzed, in_stack

PACK = "timestream-policies"
UNDECIDED = "undecided"
"""The name under which a preview says what it could not decide."""
_OTHER_TYPE = "the rule is for other types of resources"
_RULES_AT_MOST = 3
_RESOURCES_AT_MOST = 5
_SEVERITIES = {
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
}


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """The service. One process serves one preview, update or analysis of a state."""

    def __init__(self, rules: Iterable[Rule] | None = None) -> None:
        self._levels = dict.fromkeys(RULES, analyzer_pb2.DISABLED)
        for rule in rules_of(DEFAULT) if rules is None else rules:
            self._levels[rule.id] = analyzer_pb2.MANDATORY
        self._preview = False
        self._inputs: dict[str, Properties] = {}
        self._left_open: set[tuple[str, str]] = set()
        self._arrange()

    def _arrange(self) -> None:
        running = [rule for rule in RULES.values() if self._levels[rule.id] != analyzer_pb2.DISABLED]
        self._on_resource = rules_by_type(rule for rule in running if not rule.on_stack)
        self._on_any = rules_by_type(running)
        resource_rules = [rule for rule in running if not rule.on_stack]
        self._elsewhere = {
            type_: _other_types(resource_rules, at_home) for type_, at_home in self._on_resource.items()
        }
        self._nowhere = _other_types(resource_rules, [])

    def Handshake(
        self, request: "analyzer_pb2.AnalyzerHandshakeRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzerHandshakeResponse":
        """Agree on nothing: there is nothing to agree on yet."""
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> "plugin_pb2.PluginInfo":
        """Return the version of the pack."""
        return plugin_pb2.PluginInfo(version=__version__)

    def GetAnalyzerInfo(self, request: Empty, context: grpc.ServicerContext) -> "analyzer_pb2.AnalyzerInfo":
        """Return every rule with its title, severity and level."""
        return analyzer_pb2.AnalyzerInfo(
            name=PACK,
            displayName="Timestream policies",
            version=__version__,
            supportsConfig=True,
            policies=[self._policy(rule) for rule in RULES.values()],
        )

    def _policy(self, rule: Rule) -> "analyzer_pb2.PolicyInfo":
        return analyzer_pb2.PolicyInfo(
            name=rule.id,
            displayName=rule.title,
            description=f"{rule.title}. {rule.why}",
            message=rule.fix,
            enforcementLevel=self._levels[rule.id],
            policy_type=analyzer_pb2.POLICY_TYPE_STACK
            if rule.on_stack
            else analyzer_pb2.POLICY_TYPE_RESOURCE,
            severity=_SEVERITIES[rule.severity],
            remediation_steps=rule.fix,
            url=rule.links[0],
        )

    def Configure(
        self, request: "analyzer_pb2.ConfigureAnalyzerRequest", context: grpc.ServicerContext
    ) -> Empty:
        """Take the levels that `--policy-pack-config` gives."""
        for id_, config in request.policyConfig.items():
            if id_ in self._levels:
                self._levels[id_] = config.enforcementLevel
            elif id_ != "all":
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{PACK} has no rule {id_!r}")
        self._arrange()
        return Empty()

    def ConfigureStack(
        self, request: "analyzer_pb2.AnalyzerStackConfigureRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzerStackConfigureResponse":
        """Learn whether this is a preview. Analysing a state comes without a stack's name."""
        self._preview = request.dry_run and bool(request.stack)
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Analyze(
        self, request: "analyzer_pb2.AnalyzeRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzeResponse":
        """Judge one resource before it is made."""
        resource = analyzed(request)
        self._inputs[resource.urn] = resource.inputs
        response = analyzer_pb2.AnalyzeResponse(
            not_applicable=self._elsewhere.get(resource.type, self._nowhere)
        )
        for rule in self._on_resource.get(resource.type, ()):
            judgement = judge(rule, resource)
            if judgement.verdict is Verdict.UNDECIDED:
                self._left_open.add((rule.id, resource.urn))
            self._answer(response, judgement)
        return response

    def AnalyzeStack(
        self, request: "analyzer_pb2.AnalyzeStackRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzeResponse":
        """Judge what needs the whole stack, and again what was not decided on the resource alone."""
        stack = Stack(in_stack(resource, self._inputs) for resource in request.resources)
        response = analyzer_pb2.AnalyzeResponse()
        open_questions: list[Judgement] = []
        for resource in stack.resources:
            if resource.external:
                continue
            for rule in self._on_any.get(resource.type, ()):
                if not rule.on_stack and (rule.id, resource.urn) not in self._left_open:
                    continue
                judgement = judge(rule, resource, stack)
                if judgement.verdict is Verdict.UNDECIDED:
                    open_questions.append(judgement)
                self._answer(response, judgement)
        if self._preview:
            response.diagnostics.extend(_advice(open_questions))
        else:
            for judgement in open_questions:
                response.diagnostics.append(
                    self._diagnostic(judgement.rule, judgement.resource, undecided(judgement))
                )
        self._answer_unused(response, stack)
        return response

    def _answer(self, response: "analyzer_pb2.AnalyzeResponse", judgement: Judgement) -> None:
        """Say what a rule found, or why it said nothing."""
        rule = judgement.rule
        for finding in judgement.findings:
            message = f"{sentence(finding)}.\nFix: {rule.fix}"
            response.diagnostics.append(self._diagnostic(rule, judgement.resource, f"{rule.id}: {message}"))
        if judgement.verdict in (Verdict.UNDECIDED, Verdict.NOT_APPLICABLE):
            response.not_applicable.append(
                analyzer_pb2.PolicyNotApplicable(policy_name=rule.id, reason=judgement.reason)
            )

    def _diagnostic(self, rule: Rule, resource: Resource, message: str) -> "analyzer_pb2.AnalyzeDiagnostic":
        return analyzer_pb2.AnalyzeDiagnostic(
            policyName=rule.id,
            policyPackName=PACK,
            policyPackVersion=__version__,
            description=rule.title,
            message=message,
            enforcementLevel=self._levels[rule.id],
            urn=resource.urn,
            severity=_SEVERITIES[rule.severity],
        )

    def _answer_unused(self, response: "analyzer_pb2.AnalyzeResponse", stack: Stack) -> None:
        """Say of each rule on the stack that nothing here is of its types."""
        present = {resource.type for resource in stack.resources if not resource.external}
        response.not_applicable.extend(
            analyzer_pb2.PolicyNotApplicable(
                policy_name=rule.id, reason="the stack has no resource of its types"
            )
            for rule in RULES.values()
            if rule.on_stack and not present & set(rule.applies_to)
        )

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Nothing runs longer than one judgement."""
        return Empty()


def undecided(judgement: Judgement) -> str:
    """Return one sentence on what could not be decided, and what to do about it."""
    return (
        f"{judgement.rule.id}: {short(judgement.resource.type)} {judgement.resource.name!r} "
        f"cannot be judged: {judgement.reason}.\n"
        "Fix: give the value in the program, or refer to the resource that it comes from."
    )


def _advice(judgements: list[Judgement]) -> "list[analyzer_pb2.AnalyzeDiagnostic]":
    """Return the one line on the stack about what a preview could not decide."""
    if not judgements:
        return []
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for judgement in sorted(judgements, key=lambda j: (j.resource.name, j.rule.id)):
        waiting[judgement.resource.name].append(judgement.rule.id)
    named = [f"{name!r} ({_shortened(ids, _RULES_AT_MOST)})" for name, ids in waiting.items()]
    message = (
        f"{len(judgements)} undecided, because values are not known yet: "
        f"{_shortened(named, _RESOURCES_AT_MOST)}. They are judged again during `pulumi up`."
    )
    return [
        analyzer_pb2.AnalyzeDiagnostic(
            policyName=UNDECIDED,
            policyPackName=PACK,
            policyPackVersion=__version__,
            description="Verdicts that wait for values",
            message=message,
            enforcementLevel=analyzer_pb2.ADVISORY,
        )
    ]


def _shortened(names: list[str], at_most: int) -> str:
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + more


def _other_types(rules: Iterable[Rule], at_home: Iterable[Rule]) -> "list[analyzer_pb2.PolicyNotApplicable]":
    here = {rule.id for rule in at_home}
    return [
        analyzer_pb2.PolicyNotApplicable(policy_name=rule.id, reason=_OTHER_TYPE)
        for rule in rules
        if rule.id not in here
    ]


def serve() -> tuple[grpc.Server, int]:
    """Start the server on a free port of this machine."""
    # A stack of 5,000 resources takes 6 MB; grpc's default limit of 4 MB would end the update.
    server = grpc.server(
        ThreadPoolExecutor(max_workers=4),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve_until_the_engine_is_gone() -> None:
    """Serve this engine alone. The port is the first line on standard output."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    server, port = serve()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while server.wait_for_termination(timeout=1):
        if os.getppid() != parent:
            return


def _leave(signal_number: int, frame: FrameType | None) -> None:
    """End at once and quietly: nothing here needs to be put away."""
    os._exit(0)
