"""Finds every document that a deployment registers, and says what each one is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.components.recorder import Deployment, Registration
from tests.linter import Kind
from timestream_baseline.documents import limits
from timestream_baseline.documents.limits import Limit


@dataclass(frozen=True)
class Form:
    """What AWS takes in one property: how large, and what a linter calls it (None: it is no policy)."""

    limit: Limit
    kind: Kind | None = None
    for_people: bool = False
    """People read it in mails: its order is chosen for them."""


FORMS: Final[Mapping[tuple[str, str], Form]] = {
    ("Role", "assumeRolePolicy"): Form(limits.TRUST_POLICY, "TRUST_POLICY"),
    ("RolePolicy", "policy"): Form(limits.INLINE_POLICIES, "IDENTITY_POLICY"),
    ("Policy", "policy"): Form(limits.MANAGED_POLICY, "IDENTITY_POLICY"),
    ("Key", "policy"): Form(limits.KEY_POLICY, "RESOURCE_POLICY"),
    ("ReplicaKey", "policy"): Form(limits.KEY_POLICY, "RESOURCE_POLICY"),
    ("BucketPolicy", "policy"): Form(limits.BUCKET_POLICY, "RESOURCE_POLICY"),
    ("TopicPolicy", "policy"): Form(limits.TOPIC_POLICY, "RESOURCE_POLICY"),
    ("QueuePolicy", "policy"): Form(limits.QUEUE_POLICY, "RESOURCE_POLICY"),
    ("VpcEndpoint", "policy"): Form(limits.ENDPOINT_POLICY, "RESOURCE_POLICY"),
    ("VaultPolicy", "policy"): Form(limits.VAULT_POLICY, "RESOURCE_POLICY"),
    ("EventRule", "eventPattern"): Form(limits.EVENT_PATTERN),
    ("EventTarget", "inputTransformer.inputTemplate"): Form(limits.INPUT_TEMPLATE, for_people=True),
    ("TopicSubscription", "filterPolicy"): Form(limits.FILTER_POLICY),
    ("Dashboard", "dashboardBody"): Form(limits.DASHBOARD),
}


@dataclass(frozen=True)
class Found:
    """A document in a property of a resource."""

    resource: Registration
    path: str
    text: str

    @property
    def type(self) -> str:
        return self.resource.type.rpartition(":")[2]

    @property
    def name(self) -> str:
        """Name the document, and its golden file."""
        return f"{self.type}/{self.resource.name.replace('/', '.')}"

    @property
    def form(self) -> Form:
        return FORMS[self.type, self.path]

    @property
    def content(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.text)
        return parsed


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")


def _is_document(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except json.JSONDecodeError:
        return False


def documents_of(deployment: Deployment) -> list[Found]:
    """Return every text in every resource that is a JSON object."""
    found = [
        Found(resource, path, text)
        for resource in deployment.registrations
        for path, text in _texts(resource.inputs)
        if _is_document(text)
    ]
    return sorted(found, key=lambda document: (document.name, document.path))
