"""Helpers that every service file uses: what is gone, what is absent, and AWS's names for properties."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from aws_sandbox.resource import Properties

T = TypeVar("T")


class NotInSandboxError(Exception):
    """A change that AWS on this machine cannot make; said aloud, because silence would be a lie."""


def found(call: Callable[[], T], *codes: str) -> T | None:
    """Return what the call returns, or None if AWS answers with one of the codes that mean "gone"."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in codes:
            return None
        raise


def chosen_name(inputs: Properties, name: str = "name", prefix: str = "namePrefix") -> str:
    """Return the given name, or one that begins with the given prefix, as long as the real provider's."""
    return str(inputs.get(name) or f"{inputs[prefix]}{secrets.token_hex(13)}")


def present(properties: Mapping[str, Any]) -> Properties:
    """Leave out what AWS does not know (None); empty values stay."""
    return {key: value for key, value in properties.items() if value is not None}


def to_aws(names: Mapping[str, str], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Rename the given inputs to AWS's parameters; inputs that are absent or None are not sent."""
    return {aws: inputs[name] for name, aws in names.items() if inputs.get(name) is not None}


def from_aws(names: Mapping[str, str], answer: Mapping[str, Any]) -> Properties:
    """Rename AWS's answer to Pulumi's properties; what AWS does not answer stays absent."""
    return {name: answer[aws] for name, aws in names.items() if answer.get(aws) is not None}


def changed(state: Mapping[str, Any], inputs: Mapping[str, Any], *names: str) -> bool:
    """Say whether any of the named inputs differs from the recorded state."""
    return any(state.get(name) != inputs.get(name) for name in names)


def in_order_of(recorded: Any, actual: Iterable[Any]) -> list[Any]:
    """Return a set that AWS answers in any order in the recorded order, so that order is no change."""
    values = sorted(actual, key=str)
    if not isinstance(recorded, list):
        return values
    known = [value for value in recorded if value in values]
    return known + [value for value in values if value not in known]


def as_stated(recorded: Any, actual: list[Properties], defaults: Mapping[str, Any]) -> list[Properties]:
    """Leave out of each object the defaults that the recorded one at its place does not state.

    The real provider writes such defaults into the inputs too, so they are no change there either.
    Without a record (an import) everything is told.
    """
    if not isinstance(recorded, list) or len(recorded) != len(actual):
        return actual
    return [
        {
            name: value
            for name, value in item.items()
            if stated.get(name) is not None or name not in defaults or defaults[name] != value
        }
        for stated, item in zip(recorded, actual, strict=True)
    ]


def refused(inputs: Mapping[str, Any], ways_out: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the given inputs that AWS on this machine cannot apply, each with the way out."""
    for name, way_out in ways_out.items():
        if inputs.get(name) not in (None, "", [], {}, False):
            yield name, f"the sandbox cannot apply it. {way_out}"


def refusing(ways_out: Mapping[str, str]) -> Callable[[Properties], Iterator[tuple[str, str]]]:
    """Return the check that refuses inputs which AWS on this machine cannot apply."""
    return lambda inputs: refused(inputs, ways_out)


def pascal(value: Any, names: Mapping[str, str], data: frozenset[str] = frozenset()) -> Any:
    """Write nested inputs as AWS spells them: `fieldSelectors` becomes `FieldSelectors`.

    `names` holds the spellings that do not follow the rule, `data` the inputs whose keys are the
    user's own words. Inputs that are None are not sent.
    """
    if isinstance(value, list):
        return [pascal(item, names, data) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        names.get(key, key[:1].upper() + key[1:]): item if key in data else pascal(item, names, data)
        for key, item in value.items()
        if item is not None
    }


def camel(value: Any, names: Mapping[str, str], data: frozenset[str] = frozenset()) -> Any:
    """Write AWS's nested answer as Pulumi spells it, with the same `names` and `data` as `pascal`."""
    back = {aws: name for name, aws in names.items()}

    def convert(item: Any) -> Any:
        if isinstance(item, list):
            return [convert(part) for part in item]
        if not isinstance(item, dict):
            return item
        spelled = {back.get(key, key[:1].lower() + key[1:]): part for key, part in item.items()}
        return {key: part if key in data else convert(part) for key, part in spelled.items()}

    return convert(value)
