"""What topics and queues have in common: attributes that are text, FIFO names, and a policy as a resource."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services._calls import chosen_name

Create = Callable[[Aws, Properties], str]
Read = Callable[[Aws, str, Properties], Properties | None]
Update = Callable[[Aws, str, Properties, Properties], None]
Delete = Callable[[Aws, str, Properties], None]

_FIFO = ".fifo"


def text(value: Any) -> str:
    """Write an attribute as SNS and SQS take it: always text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def fifo_name(inputs: Properties, fifo: str) -> str:
    """Return the given or chosen name; a name with a prefix gets the ending that AWS asks for."""
    return chosen_name(inputs) + (_FIFO if inputs.get(fifo) and not inputs.get("name") else "")


def named_type(
    token: str,
    *,
    fifo: str,
    create: Create,
    read: Read,
    update: Update,
    delete: Delete,
    defaults: Mapping[str, Any],
    json_documents: frozenset[str],
    limit: SizeLimit,
) -> ResourceType:
    """Make the type of a topic or queue with a `policy`; the input `fifo` says that its order is kept."""
    return ResourceType(
        token=token,
        create=create,
        read=read,
        update=update,
        delete=delete,
        replaces=frozenset({"name", "namePrefix", fifo}),
        defaults=defaults,
        autoname="name",
        autoname_form=lambda name, inputs: f"{name}{_FIFO}" if inputs.get(fifo) is True else name,
        autoname_prefix="namePrefix",
        policy_documents=frozenset({"policy"}),
        json_documents=json_documents,
        limits=(limit,),
    )


def policy_type(
    token: str,
    *,
    of: str,
    put: Callable[[Aws, str, str], None],
    read: Read,
    delete: Delete,
    limit: SizeLimit,
) -> ResourceType:
    """Make the type of the policy of what the input `of` names; `put` gets that and the policy."""

    def create(aws: Aws, inputs: Properties) -> str:
        put(aws, inputs[of], inputs["policy"])
        return str(inputs[of])

    def update(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
        put(aws, resource_id, inputs["policy"])

    return ResourceType(
        token=token,
        create=create,
        read=read,
        update=update,
        delete=delete,
        replaces=frozenset({of}),
        policy_documents=frozenset({"policy"}),
        limits=(limit,),
    )
