"""What Pulumi records of a resource: its outputs, and its inputs as AWS has them after a refresh."""

from typing import Any

from aws_sandbox.meaning import is_empty, same
from aws_sandbox.names import DEFAULTS
from aws_sandbox.resource import Properties, ResourceType
from aws_sandbox.schema import Declaration, ObjectShape, Shape, members
from aws_sandbox.wire import UNKNOWN

MARK = "__sandbox"
"""The output that says in which account of the sandbox a resource was recorded."""

_NOTHING: dict[str, Any] = {
    "array": [],
    "boolean": False,
    "integer": 0,
    "number": 0,
    "object": {},
    "string": "",
}


def mark(account: str, *, adopted: bool = False) -> Properties:
    """Return the mark; `adopted` says that the resource was imported and not yet updated."""
    return {MARK: {"account": account, **({"adopted": True} if adopted else {})}}


def is_adopted(state: Properties) -> bool:
    """Say whether the recorded resource was imported and not yet updated."""
    return bool(state.get(MARK, {}).get("adopted"))


def planned(
    resource_type: ResourceType,
    declaration: Declaration,
    inputs: Properties,
    state: Properties,
    *,
    region: str | None,
) -> Properties:
    """Return the outputs that a preview can know; what AWS will decide is unknown."""
    outputs: Properties = {}
    for name in declaration.outputs:
        if name == "region":
            outputs[name] = inputs.get(name, region)
        elif name == "tagsAll":
            outputs[name] = inputs.get("tags", {})
        elif name in inputs:
            outputs[name] = inputs[name]
        elif name in state and (
            name not in declaration.inputs.properties or name in declaration.inputs.computed
        ):
            outputs[name] = state[name]
        elif name == resource_type.autoname_prefix:
            outputs[name] = ""
        elif not state and (name in declaration.always_there or name not in declaration.inputs.properties):
            outputs[name] = UNKNOWN
    return outputs


def recorded(
    resource_type: ResourceType, declaration: Declaration, inputs: Properties, answer: Properties
) -> Properties:
    """Return the outputs after AWS has answered: its answer, in the words of the inputs where they agree."""
    outputs: Properties = {}
    for name, shape in declaration.outputs.items():
        given, actual = inputs.get(name), answer.get(name)
        if actual is not None:
            outputs[name] = _in_words_of(given, actual, shape)
        elif given is not None and (name in resource_type.write_only or is_empty(given)):
            outputs[name] = given
        elif name in declaration.always_there and name != "arn" and shape.get("type") in _NOTHING:
            # A program never gets None where the provider declares a value: the real one has these too.
            outputs[name] = _NOTHING[shape["type"]]
    return outputs


def _in_words_of(given: Any, actual: Any, shape: Shape | None) -> Any:
    """Return AWS's value with the order and the spelling that the program gave where they mean the same."""
    if isinstance(given, dict) and isinstance(actual, dict):
        inner = members(shape)
        return {name: _in_words_of(given.get(name), item, inner.of(name)) for name, item in actual.items()}
    if given is None or not same(actual, given, shape):
        return actual
    if isinstance(given, list):
        items = (shape or {}).get("items")
        return [
            _in_words_of(item, next(other for other in actual if same(other, item, items)), items)
            for item in given
        ]
    return given


def refreshed_inputs(
    resource_type: ResourceType,
    declaration: Declaration,
    inputs: Properties,
    state: Properties,
    answer: Properties,
) -> Properties:
    """Return the inputs that a program would have to give for what AWS has now.

    What agrees with the recorded inputs keeps their words; what drifted takes AWS's; what AWS filled in
    and the program never gave stays out.
    """
    kept = {key: value for key, value in inputs.items() if key.startswith("__")}
    plain = {key: value for key, value in inputs.items() if not key.startswith("__")}
    write_only = {key: plain[key] for key in resource_type.write_only & plain.keys()}
    if "region" in plain:
        # Where a resource is cannot drift: it would be another resource.
        write_only["region"] = plain["region"]
    merged = _merge_object(declaration.inputs, plain, state, answer)
    merged.pop("region", None)
    return {**merged, **write_only, **kept}


def _merge_object(
    shape: ObjectShape, inputs: Properties, state: Properties, answer: Properties
) -> Properties:
    merged: Properties = {}
    names = [*shape.properties] if shape.free is None else [*answer]
    for name in names:
        actual = answer.get(name)
        if name in inputs:
            if actual is not None or is_empty(inputs[name]):
                merged[name] = _merge(shape.of(name), inputs[name], state.get(name), actual)
        elif shape.free is not None or _is_drift(name, shape, state, actual):
            merged[name] = actual
    return merged


def _is_drift(name: str, shape: ObjectShape, state: Properties, actual: Any) -> bool:
    """Say whether something that the program left out has been set behind its back."""
    if is_empty(actual) or name in shape.computed:
        return False
    return not same(state.get(name), actual, shape.of(name))


def _merge(shape: Shape | None, given: Any, state: Any, actual: Any) -> Any:
    if actual is None or same(actual, given, shape):
        return given
    if isinstance(given, dict) and isinstance(actual, dict):
        return _merge_object(members(shape), given, state if isinstance(state, dict) else {}, actual)
    return actual


def imported_inputs(
    resource_type: ResourceType, declaration: Declaration, answer: Properties, *, region: str | None
) -> Properties:
    """Return the inputs that describe an existing resource: all that AWS tells, without what is empty."""
    inputs = {
        name: answer[name]
        for name in declaration.inputs.properties
        if name in answer and not is_empty(answer[name]) and name != "tagsAll"
    }
    if inputs.get("region") == region:
        inputs.pop("region", None)
    # What AWS never tells stays out: the next `up` takes over what the program says of it.
    missing = {
        key: value
        for key, value in resource_type.defaults.items()
        if key not in inputs and key not in answer and key not in resource_type.write_only
    }
    return {**inputs, **missing, DEFAULTS: []}
