"""What the provider does for every type: around the plain functions of the service files.

No message of the protocol here, so that each operation can be read and tested with plain dicts.
"""

import re
from dataclasses import dataclass
from typing import Any

from aws_sandbox import checks, diffs, functions, names, registry, schema, states, tags
from aws_sandbox.checks import Failure
from aws_sandbox.client import RegionalAws, explain
from aws_sandbox.guard import require_own
from aws_sandbox.resource import PartlyCreatedError, Properties, ResourceType
from aws_sandbox.schema import Declaration
from aws_sandbox.tags import TagSettings
from aws_sandbox.wire import UNKNOWN, has_unknown

_ID_WITH_REGION = re.compile(r"^(?P<id>.+)@(?P<region>[a-z]{2}(-[a-z]+)+-\d)$")


@dataclass(frozen=True)
class Known:
    """A type: what the sandbox does for it and what pulumi_aws declares."""

    type: ResourceType
    declaration: Declaration

    @property
    def is_regional(self) -> bool:
        """Say whether the type has a region of its own."""
        return "region" in self.declaration.inputs.properties

    @property
    def has_tags(self) -> bool:
        """Say whether the type takes tags."""
        return "tags" in self.declaration.inputs.properties


class InitFailedError(Exception):
    """The resource exists, but not as asked for; what there is of it is recorded."""

    def __init__(self, resource_id: str, state: Properties, reason: str) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.state = state
        self.reason = reason


def known(token: str) -> Known:
    """Return a type that the sandbox has."""
    found = registry.resource_type(token)
    declaration = schema.resource(token)
    if declaration is None:
        raise registry.UnsupportedTypeError(
            f"{token} is not in aws_schema.json; run aws_sandbox.schema_extract."
        )
    return Known(found, schema.with_policies(declaration, found.policy_documents))


@dataclass(frozen=True)
class Provider:
    """The configured provider."""

    aws: RegionalAws
    tags: TagSettings

    def check(
        self,
        token: str,
        inputs: Properties,
        olds: Properties,
        *,
        name: str,
        seed: bytes = b"",
        proposed: str = "",
    ) -> tuple[Properties, list[Failure]]:
        """Return the inputs with names, defaults and default tags, and every mistake in them."""
        what = known(token)
        plain = {key: value for key, value in inputs.items() if not key.startswith("__")}
        filled = names.fill_in(what.type, plain, olds, name=name, seed=seed, proposed=proposed)
        if what.has_tags and isinstance(filled.get("tags", {}), dict | str):
            filled = tags.with_defaults(filled, self.tags)
        failures = checks.check_inputs(what.declaration.inputs, filled, what.declaration.secret)
        failures += checks.check_documents(what.type, filled)
        # A type's own check relies on the declared kinds.
        if what.type.check is not None and not failures:
            failures += [Failure(*found) for found in what.type.check(filled)]
        return filled, sorted(failures)

    def diff(
        self,
        token: str,
        urn: str,
        resource_id: str,
        *,
        state: Properties,
        olds: Properties,
        news: Properties,
        ignored: tuple[str, ...] = (),
    ) -> diffs.Difference:
        """Compare the recorded inputs with the new ones."""
        what = known(token)
        require_own(urn, resource_id, state, self.aws.account)
        if what.is_regional:
            olds = {**olds, "region": state.get("region", self.aws.region)}
            news = {**news, "region": news.get("region", self.aws.region)}
        # What AWS filled in is what a newly given input is compared with.
        filled = {
            key: state[key]
            for key in what.declaration.inputs.computed
            if key in state and key in news and key not in olds
        }
        olds = {**filled, **olds}
        return diffs.difference(
            what.type, what.declaration.inputs, olds, news, ignored=ignored, adopted=states.is_adopted(state)
        )

    def plan(self, token: str, inputs: Properties, state: Properties) -> Properties:
        """Return the outputs that a preview knows."""
        region = state.get("region", self.aws.region)
        what = known(token)
        outputs = states.planned(what.type, what.declaration, inputs, state, region=region)
        return {**outputs, "id": state.get("id", UNKNOWN)}

    def create(self, token: str, inputs: Properties) -> tuple[str, Properties]:
        """Create the resource and return its id and its outputs."""
        what = known(token)
        aws = self._regional(inputs)
        given = self._given(what, inputs)
        try:
            resource_id = what.type.create(aws, given)
        except PartlyCreatedError as error:
            reason = f"creating {token}: {explain(error.cause)}"
            raise self._init_failed(what, aws, error.resource_id, reason) from error
        return resource_id, self._read_back(what, aws, resource_id, inputs, given, f"creating {token}")

    def update(
        self, token: str, urn: str, resource_id: str, *, state: Properties, olds: Properties, news: Properties
    ) -> Properties:
        """Change the resource in place and return its outputs."""
        what = known(token)
        require_own(urn, resource_id, state, self.aws.account)
        aws = self._regional(state)
        given = self._given(what, news)
        if what.type.update is not None:
            what.type.update(aws, resource_id, _with_write_only(what, state, olds), given)
        return self._read_back(what, aws, resource_id, news, given, f"updating {token}")

    def delete(self, token: str, urn: str, resource_id: str, *, state: Properties, olds: Properties) -> None:
        """Delete the resource; one that is already gone is no error."""
        what = known(token)
        require_own(urn, resource_id, state, self.aws.account)
        what.type.delete(self._regional(state), resource_id, _with_write_only(what, state, olds))

    def read(
        self, token: str, urn: str, resource_id: str, *, state: Properties, inputs: Properties
    ) -> tuple[str, Properties, Properties] | None:
        """Return id, outputs and inputs as AWS has them now, or None if the resource is gone.

        Without recorded inputs or outputs it is an import (or a `get` in a program), for which the id is
        all there is; it may end in `@REGION`, as the real provider's. What a `get` states beside the id, such
        as the region, arrives as both.
        """
        what = known(token)
        recorded = states.MARK in state or "id" in state or inputs not in ({}, state)
        if recorded:
            require_own(urn, resource_id, state, self.aws.account)
        elif what.is_regional and (found := _ID_WITH_REGION.match(resource_id)):
            resource_id, state = found["id"], {**state, "region": found["region"]}
        aws = self._regional(state)
        answer = what.type.read(aws, resource_id, _with_write_only(what, state, inputs) if recorded else {})
        if answer is None:
            return None
        answer = self._completed(what, aws, answer)
        if recorded:
            found_inputs = states.refreshed_inputs(what.type, what.declaration, inputs, state, answer)
        else:
            found_inputs = states.imported_inputs(what.type, what.declaration, answer, region=self.aws.region)
        given = {**state, **found_inputs} if recorded else found_inputs
        outputs = states.recorded(what.type, what.declaration, given, answer)
        adopted = not recorded or states.is_adopted(state)
        marks = states.mark(self.aws.account, adopted=adopted)
        return resource_id, {**outputs, "id": resource_id, **marks}, found_inputs

    def invoke(self, token: str, arguments: Properties) -> tuple[Properties, list[Failure]]:
        """Call a function of the provider."""
        declaration = registry.require_function(token)
        failures = checks.check_inputs(declaration.inputs, arguments)
        if failures or has_unknown(arguments):
            return {}, failures or [Failure("", f"{token} needs arguments that are not known yet.")]
        return functions.FUNCTIONS[token](self._regional(arguments), arguments), []

    def _regional(self, properties: Properties) -> RegionalAws:
        region = properties.get("region") or self.aws.region
        return RegionalAws(self.aws.account, region, self.aws.partition, self.aws.session)

    def _given(self, what: Known, inputs: Properties) -> Properties:
        given = {key: value for key, value in inputs.items() if not key.startswith("__")}
        return {**given, "tagsAll": given.get("tags", {})} if what.has_tags else given

    def _completed(self, what: Known, aws: RegionalAws, answer: Properties) -> Properties:
        completed = dict(answer)
        if what.is_regional:
            completed["region"] = aws.region
        if what.has_tags:
            every = answer.get("tagsAll", answer.get("tags")) or {}
            completed = tags.without_ignored({**completed, "tags": every, "tagsAll": every}, self.tags)
        return completed

    def _read_back(
        self,
        what: Known,
        aws: RegionalAws,
        resource_id: str,
        inputs: Properties,
        given: Properties,
        doing: str,
    ) -> Properties:
        try:
            answer = what.type.read(aws, resource_id, given)
        except Exception as error:
            raise self._half_known(
                resource_id, inputs, f"{doing}: reading it back: {explain(error)}"
            ) from error
        if answer is None:
            raise self._half_known(
                resource_id, inputs, f"{doing}: AWS does not find {resource_id} afterwards"
            )
        outputs = states.recorded(what.type, what.declaration, given, self._completed(what, aws, answer))
        return {**outputs, "id": resource_id, **states.mark(self.aws.account)}

    def _half_known(self, resource_id: str, inputs: Properties, reason: str) -> InitFailedError:
        plain = {key: value for key, value in inputs.items() if not key.startswith("__")}
        return InitFailedError(
            resource_id, {**plain, "id": resource_id, **states.mark(self.aws.account)}, reason
        )

    def _init_failed(self, what: Known, aws: RegionalAws, resource_id: str, reason: str) -> InitFailedError:
        """Record what AWS really has, so that the update of the next run knows what is missing."""
        try:
            answer = what.type.read(aws, resource_id, {}) or {}
        except Exception as error:
            answer, reason = {}, f"{reason}; reading what there is: {explain(error)}"
        outputs: Properties = states.recorded(
            what.type, what.declaration, {}, self._completed(what, aws, answer)
        )
        marks: dict[str, Any] = states.mark(self.aws.account)
        region = {"region": aws.region} if what.is_regional else {}
        return InitFailedError(resource_id, {**region, **outputs, "id": resource_id, **marks}, reason)


def _with_write_only(what: Known, state: Properties, inputs: Properties) -> Properties:
    """Add what AWS never tells and the program has given, which an imported resource's state lacks."""
    told = {key: inputs[key] for key in what.type.write_only if key in inputs}
    return {**{key: value for key, value in state.items() if not key.startswith("__")}, **told}
