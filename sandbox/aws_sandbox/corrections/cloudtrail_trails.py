"""CloudTrail: put selectors replace the old ones, trails are deleted by ARN too, and a name is given once."""

from typing import Any

from moto.cloudtrail.models import CloudTrailBackend, Trail
from moto.core.exceptions import JsonRESTError

from aws_sandbox.corrections.correction import Correction, replace

Selectors = list[dict[str, Any]]

_create_trail = CloudTrailBackend.create_trail


def _create_new_trail(backend: CloudTrailBackend, name: str, *args: Any, **more: Any) -> Trail:
    if name in backend.trails:
        reason = f"Trail {name} already exists for customer: {backend.account_id}"
        raise JsonRESTError("TrailAlreadyExistsException", reason)
    return _create_trail(backend, name, *args, **more)


def _put_event_selectors(trail: Trail, basic: Selectors | None, advanced: Selectors | None) -> None:
    trail.event_selectors = basic or []
    trail.advanced_event_selectors = advanced or []


def _put_insight_selectors(trail: Trail, selectors: list[dict[str, str]]) -> None:
    trail.insight_selectors = selectors


def _delete_trail(backend: CloudTrailBackend, name: str) -> None:
    del backend.trails[backend.get_trail(name).trail_name]


def _patch() -> None:
    replace(Trail, "put_event_selectors", _put_event_selectors)
    replace(Trail, "put_insight_selectors", _put_insight_selectors)
    replace(CloudTrailBackend, "create_trail", _create_new_trail)
    replace(CloudTrailBackend, "delete_trail", _delete_trail)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html",
    patch=_patch,
)
