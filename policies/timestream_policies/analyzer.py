"""The analyzer service that the engine asks about each resource, and about the finished stack.

Resource rules judge each resource before it is made; what they cannot decide then is judged again
when the stack is known, together with the rules on the stack. The engine counts silence as a pass,
so every rule that said nothing of a resource is answered as not applicable, with its reason.
"""

# ruff: noqa: ARG002 - the protocol decides the arguments, also of those who need none

from collections.abc import Iterable

import grpc
from google.protobuf.empty_pb2 import Empty

from timestream_policies import __version__
from timestream_policies.answers import (
    GIVE_THE_VALUE,
    SUPPRESSIONS,
    UNDECIDED,
    accepted,
    diagnostic,
    remark,
    undecided,
    waiting,
)
from timestream_policies.configuration import (
    SETTINGS,
    Configuration,
    WrongConfiguration,
    configured,
    unconfigured,
)
from timestream_policies.evaluation import Judgement, Verdict, judge, judged, rules_by_type
from timestream_policies.listing import PACK, listing
from timestream_policies.model import Finding, Resource
from timestream_policies.protocol import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2
from timestream_policies.remediation import remedied
from timestream_policies.rule import NEEDS, RULES, Rule
from timestream_policies.stack import Stack
from timestream_policies.suppressions import Suppressions, WrongSuppressions, from_program, unmatched_note
from timestream_policies.types import ACCEPTED_RISK, SAME_AS
from timestream_policies.wire import OFFERS, analyzed, in_stack

_OTHER_TYPE = "the rule is for other types of resources"
_LATER = "the scope is Timestream: it is judged when the whole stack is known"
_NOTHING_THERE = "nothing that is judged in the stack is of its types"
_ONLY_SETTINGS = "it holds the settings of the pack, and judges nothing"


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """The service. One process serves one preview, update or analysis of a state."""

    def __init__(self) -> None:
        self._preview = False
        self._stack_name = ""
        self._analyzed: dict[str, Resource] = {}
        self._left_open: set[tuple[str, str]] = set()
        self._reported: list[tuple[Rule, Finding]] = []
        self._arrange(unconfigured())

    def _arrange(self, configuration: Configuration) -> None:
        """Work out once which rules run on which type, and what to say of the others."""
        self._settings = configuration.settings
        self._levels = configuration.levels
        self._suppressions = configuration.suppressions
        running = [rule for rule in RULES.values() if self._levels[rule.id] != analyzer_pb2.DISABLED]
        self._running = frozenset(rule.id for rule in running)
        on_resource = [rule for rule in running if not rule.on_stack]
        at_once = [] if self._settings.scope == "timestream" else on_resource
        self._at_once = rules_by_type(at_once)
        self._elsewhere = {type_: _silent(at_once, here) for type_, here in self._at_once.items()}
        self._nowhere = _silent(at_once, [])
        if not at_once:
            self._nowhere = _encoded({**{rule.id: _LATER for rule in on_resource}, **_settings_too()})
        lacking = {rule.id: [need for need in rule.needs if need not in OFFERS] for rule in running}
        self._impossible = {id_: NEEDS[needs[0]] for id_, needs in lacking.items() if needs}
        self._on_stack = [rule for rule in running if rule.on_stack and rule.id not in self._impossible]
        self._at_the_end = rules_by_type([*self._on_stack, *on_resource])
        self._mending = rules_by_type(
            rule
            for rule in running
            if rule.remedy is not None and self._levels[rule.id] == analyzer_pb2.REMEDIATE
        )

    @property
    def mends(self) -> bool:
        """Whether some rule is set to mend what it finds."""
        return bool(self._mending)

    def Handshake(
        self, request: "analyzer_pb2.AnalyzerHandshakeRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzerHandshakeResponse":
        """Agree on nothing: there is nothing to agree on yet."""
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> "plugin_pb2.PluginInfo":
        """Return the version of the pack."""
        return plugin_pb2.PluginInfo(version=__version__)

    def GetAnalyzerInfo(self, request: Empty, context: grpc.ServicerContext) -> "analyzer_pb2.AnalyzerInfo":
        """Return every rule with its title, severity and level, and the schema of the settings."""
        return listing()

    def Configure(
        self, request: "analyzer_pb2.ConfigureAnalyzerRequest", context: grpc.ServicerContext
    ) -> Empty:
        """Take the settings and levels that `--policy-pack-config` gives."""
        try:
            self._arrange(configured(request.policyConfig))
        except WrongConfiguration as problem:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{PACK}: {problem}")
        return Empty()

    def ConfigureStack(
        self, request: "analyzer_pb2.AnalyzerStackConfigureRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzerStackConfigureResponse":
        """Learn whether this is a preview. Analysing a state comes without a stack's name."""
        self._preview = request.dry_run and bool(request.stack)
        self._stack_name = request.stack
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Remediate(
        self, request: "analyzer_pb2.AnalyzeRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.RemediateResponse":
        """Mend a resource, where the user set a rule to do so. The engine applies what comes back."""
        if not self.mends:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "no rule is at the level remediate")
        rules = self._mending.get(SAME_AS.get(request.type, request.type), ())
        return remedied(request, rules, self._settings, self._suppressions)

    def Analyze(
        self, request: "analyzer_pb2.AnalyzeRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzeResponse":
        """Judge one resource before it is made."""
        resource = self._resource(request)
        self._analyzed[resource.urn] = resource
        response = analyzer_pb2.AnalyzeResponse.FromString(self._elsewhere.get(resource.type, self._nowhere))
        if resource.type == ACCEPTED_RISK:
            response.diagnostics.extend(self._accept(resource))
        silent: dict[str, str] = {}
        for rule in self._at_once.get(resource.type, ()):
            judgement = judge(rule, resource)
            found = self._unaccepted(rule, judgement.findings, response, silent)
            self._reported += [(rule, finding) for finding in found]
            if judgement.leaves_open and not found:
                self._left_open.add((rule.id, resource.urn))
            if judgement.verdict in (Verdict.UNDECIDED, Verdict.NOT_APPLICABLE):
                silent[rule.id] = judgement.reason
        response.not_applicable.extend(_not_applicable(silent))
        return response

    def AnalyzeStack(
        self, request: "analyzer_pb2.AnalyzeStackRequest", context: grpc.ServicerContext
    ) -> "analyzer_pb2.AnalyzeResponse":
        """Judge what needs the whole stack, and again what was not decided on the resource alone."""
        stack = Stack(
            (in_stack(resource, self._analyzed.get(resource.urn)) for resource in request.resources),
            name=self._stack_name,
            settings=self._settings,
            offers=OFFERS,
        )
        response = analyzer_pb2.AnalyzeResponse()
        silent = {**self._impossible, **_settings_too()}
        open_questions: list[Judgement] = []
        types: set[str] = set()
        waited = self._settings.scope == "timestream"
        for resource in judged(stack):
            types.add(resource.type)
            for rule in self._at_the_end.get(resource.type, ()):
                if not (rule.on_stack or waited or (rule.id, resource.urn) in self._left_open):
                    continue
                judgement = judge(rule, resource, stack)
                found = self._unaccepted(rule, judgement.findings, response, silent)
                if judgement.leaves_open and not found:
                    open_questions.append(judgement)
                elif judgement.verdict is Verdict.NOT_APPLICABLE:
                    silent[rule.id] = judgement.reason
        self._answer_open(open_questions, response, silent)
        silent |= {rule.id: _NOTHING_THERE for rule in self._on_stack if types.isdisjoint(rule.applies_to)}
        response.not_applicable.extend(_not_applicable(silent))
        response.diagnostics.extend(
            remark(SUPPRESSIONS, unmatched_note(entry))
            for entry in self._suppressions.unmatched(self._running)
        )
        return response

    def _resource(self, request: "analyzer_pb2.AnalyzeRequest") -> Resource:
        resource = analyzed(request)
        resource.settings = self._settings
        return resource

    def _unaccepted(
        self,
        rule: Rule,
        findings: Iterable[Finding],
        response: "analyzer_pb2.AnalyzeResponse",
        silent: dict[str, str],
        fix: str = "",
    ) -> list[Finding]:
        """Report the findings that nobody has accepted, and return them."""
        found: list[Finding] = []
        for finding in findings:
            if entry := self._suppressions.covering(rule, finding):
                silent[rule.id] = accepted(entry)
                continue
            expired = self._suppressions.expired(rule, finding)
            response.diagnostics.append(
                diagnostic(rule, self._levels[rule.id], finding, fix=fix or rule.fix, expired=expired)
            )
            found.append(finding)
        return found

    def _answer_open(
        self,
        judgements: list[Judgement],
        response: "analyzer_pb2.AnalyzeResponse",
        silent: dict[str, str],
    ) -> None:
        """Say what stayed undecided: one line at preview, else a violation each; unless it is accepted."""
        unaccepted: list[Judgement] = []
        for judgement in judgements:
            if entry := self._suppressions.covering(judgement.rule, undecided(judgement)):
                silent[judgement.rule.id] = accepted(entry)
            elif self._preview:
                silent[judgement.rule.id] = judgement.reason
                unaccepted.append(judgement)
            else:
                self._unaccepted(judgement.rule, [undecided(judgement)], response, silent, fix=GIVE_THE_VALUE)
        if unaccepted and self._settings.undecided != "ignore":
            stops = self._settings.undecided == "fail" and any(
                self._levels[judgement.rule.id] != analyzer_pb2.ADVISORY for judgement in unaccepted
            )
            level = analyzer_pb2.MANDATORY if stops else analyzer_pb2.ADVISORY
            response.diagnostics.append(remark(UNDECIDED, waiting(unaccepted), level=level))

    def _accept(self, risk: Resource) -> "list[analyzer_pb2.AnalyzeDiagnostic]":
        """Take a risk that the program accepts; return what is wrong with it."""
        if self._settings.program_suppressions == "deny":
            message = (
                f"accepted risk {risk.name!r} counts for nothing: the settings let no program accept risks "
                "(programSuppressions is deny)"
            )
            return [remark(SUPPRESSIONS, message, risk.urn)]
        try:
            entries = from_program([risk], self._settings)
            self._suppressions.add(entries)
        except WrongSuppressions as problem:
            message = f"accepted risk {risk.name!r} counts for nothing: {problem}"
            return [remark(SUPPRESSIONS, message, risk.urn, level=analyzer_pb2.MANDATORY)]
        late = Suppressions(entries, self._settings)
        return [
            remark(
                SUPPRESSIONS,
                f"{rule.id} on {finding.name!r} was accepted too late: create the risk first, "
                "and the resource with depends_on=[risk]",
                risk.urn,
            )
            for rule, finding in self._reported
            if late.covering(rule, finding) and self._suppressions.covering(rule, finding)
        ]

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Nothing runs longer than one judgement."""
        return Empty()


def _silent(rules: Iterable[Rule], at_home: Iterable[Rule]) -> bytes:
    """Return what is said for the rules for other types: the same for each resource of a type."""
    here = {rule.id for rule in at_home}
    return _encoded({**{rule.id: _OTHER_TYPE for rule in rules if rule.id not in here}, **_settings_too()})


def _encoded(reasons: dict[str, str]) -> bytes:
    return analyzer_pb2.AnalyzeResponse(not_applicable=_not_applicable(reasons)).SerializeToString()


def _settings_too() -> dict[str, str]:
    return {SETTINGS: _ONLY_SETTINGS}


def _not_applicable(reasons: dict[str, str]) -> "list[analyzer_pb2.PolicyNotApplicable]":
    return [
        analyzer_pb2.PolicyNotApplicable(policy_name=rule, reason=reason) for rule, reason in reasons.items()
    ]
