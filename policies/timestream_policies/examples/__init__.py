"""Examples that tests and docs share: small stacks that a rule must judge good or bad."""

from collections.abc import Mapping
from typing import Any

import msgspec

from timestream_policies.model import Options, Resource
from timestream_policies.stack import Stack
from timestream_policies.values import Properties

URN = "urn:pulumi:{stack}::project"
OFFERS = ("options", "retain_on_delete")
"""What rules may need, and examples have."""


class Given(msgspec.Struct, frozen=True):
    """One resource of an example. `depends` names others by property, as the engine would."""

    type: str
    properties: Mapping[str, Any]
    name: str = "main"
    depends: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    outputs: Mapping[str, Any] = msgspec.field(default_factory=dict)
    id: str = ""
    options: Options = msgspec.field(default_factory=Options)
    stack: str = "example"
    before: "Given | None" = None
    """The resource as it was before the change; None if it is new."""
    is_anew: bool = False
    """Whether the change replaces it."""
    is_gone: bool = False
    """Whether the change deletes it; such resources stand last."""


class Example(msgspec.Struct, frozen=True):
    """A stack in a few lines; the rule judges its first resource."""

    title: str
    resources: tuple[Given, ...]


def example(title: str, type_: str, properties: Mapping[str, Any], *others: Given, **more: Any) -> Example:
    """Return an example whose first resource, `main`, has these properties."""
    return Example(title, (Given(type_, properties, **more), *others))


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def build(resources: tuple[Given, ...]) -> Stack:
    """Return the stack that an example describes."""
    urns = {given.name: f"{URN.format(stack=given.stack)}::{given.type}::{given.name}" for given in resources}
    made = [_made(given, urns) for given in resources]
    before = {urns[given.name]: _made(given.before, urns) for given in resources if given.before is not None}
    return Stack(
        [resource for resource, given in zip(made, resources, strict=True) if not given.is_gone],
        offers=OFFERS,
        previous=before if before or any(given.is_gone for given in resources) else None,
        deleted=[resource for resource, given in zip(made, resources, strict=True) if given.is_gone],
        replaced=[urns[given.name] for given in resources if given.is_anew],
    )


def _made(given: Given, urns: Mapping[str, str]) -> Resource:
    return Resource(
        urn=urns[given.name],
        type_=given.type,
        name=given.name,
        inputs=Properties.of(given.properties),
        outputs=Properties.of(given.outputs),
        id_=given.id,
        options=given.options,
        property_dependencies={
            name: tuple(urns[target] for target in targets) for name, targets in given.depends.items()
        },
    )
