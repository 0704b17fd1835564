"""Which queues hold what could not be delivered elsewhere, and the policies of queues."""

from functools import partial

from timestream_policies.documents import parse_document
from timestream_policies.model import Resource, top_of
from timestream_policies.references import names_something
from timestream_policies.stack import Stack
from timestream_policies.types import (
    BUCKET_NOTIFICATION,
    EVENT_TARGET,
    QUEUE,
    QUEUE_REDRIVE,
    TOPIC_SUBSCRIPTION,
)
from timestream_policies.undecided import Undecided

_REDRIVES = (
    (QUEUE, "redrivePolicy"),
    (QUEUE_REDRIVE, "redrivePolicy"),
    (TOPIC_SUBSCRIPTION, "redrivePolicy"),
)
_TARGETS = (EVENT_TARGET, "deadLetterConfig.arn")
_FROM_SERVICES = (_TARGETS, (TOPIC_SUBSCRIPTION, "redrivePolicy"))
_ANNOUNCES = (BUCKET_NOTIFICATION, "queues[].queueArn")


def is_dead_letter_queue(queue: Resource, stack: Stack) -> bool:
    """Tell whether another resource leaves here what it could not deliver."""
    return _receives(queue, stack, (*_REDRIVES, _TARGETS))


def is_told_by_buckets(queue: Resource, stack: Stack) -> bool:
    """Tell whether a bucket announces its objects here."""
    return _receives(queue, stack, (_ANNOUNCES,))


def is_of_services(queue: Resource, stack: Stack) -> bool:
    """Tell whether EventBridge or SNS leaves here what it could not deliver."""
    return _receives(queue, stack, _FROM_SERVICES)


def _receives(queue: Resource, stack: Stack, places: tuple[tuple[str, str], ...]) -> bool:
    unknown: Undecided | None = None
    for type_, path in places:
        names, open_question = stack.once(
            f"dead-letter queues of {type_}", partial(_dead_letters, stack, type_, path)
        )
        if names & _names_of(queue):
            return True
        if not queue.has_known_identity and any(not name.startswith("urn:") for name in names):
            unknown = unknown or queue.words("name").unknown
        unknown = unknown or open_question
    if unknown is not None:
        raise unknown.with_traceback(None)
    return False


def _names_of(queue: Resource) -> set[str]:
    name = queue.words("name")
    texts = {queue.urn, queue.output("arn"), queue.output("name"), *map(str, name.known)}
    return {text for text in texts if text}


def _dead_letters(stack: Stack, type_: str, path: str) -> tuple[frozenset[str], Undecided | None]:
    """Return the URNs, ARNs and names of the queues that resources of a type name."""
    found: set[str] = set()
    unknown: Undecided | None = None
    for source in stack.of_type(type_):
        found.update(_depended_on(source, path, stack))
        words = source.words(path)
        for value in words.known:
            arn = _target(value)
            found.update({arn, arn.rpartition(":")[2]} - {""})
        if words.unknown is not None and not _depended_on(source, path, stack):
            unknown = words.unknown
    return frozenset(found), unknown


def _depended_on(source: Resource, path: str, stack: Stack) -> list[str]:
    urns = source.property_dependencies.get(top_of(path), ())
    return [urn for urn in urns if urn in stack.by_urn and stack.by_urn[urn].type == QUEUE]


def names_a_dead_letter_queue(resource: Resource, path: str) -> bool:
    """Tell whether a redrive policy says where to; raises if it cannot be told. `{}` says nothing."""
    if not names_something(resource, path):
        return False
    known = resource.words(path).known
    return not known or any(_target(value) for value in known)


def _target(value: object) -> str:
    """Return the ARN in a redrive policy, or the ARN itself."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = parse_document(value)
        except ValueError:
            return ""
    if isinstance(value, dict):
        return str(value.get("deadLetterTargetArn", ""))
    return str(value)
