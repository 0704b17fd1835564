"""Two states of one stack: which resource is which, what was replaced, and what is gone."""

from collections.abc import Iterable, Mapping

import msgspec

from timestream_policies.model import Resource


class Before(msgspec.Struct):
    """What there was before a change, as `Stack` takes it."""

    previous: dict[str, Resource] = msgspec.field(default_factory=dict)
    """The resources before, by the URN that they have now."""
    replaced: set[str] = msgspec.field(default_factory=set)
    """The URNs of resources that are made anew."""
    deleted: list[Resource] = msgspec.field(default_factory=list)
    """The resources that are not there any more."""


def pair(
    old: Iterable[Resource],
    new: Iterable[Resource],
    created_before: Mapping[str, str],
    created_now: Mapping[str, str],
) -> Before:
    """Find each resource of the new state in the old one: by URN, by alias, then by type and id.

    The times at which each was created, by URN, tell a replacement that kept its id.
    """
    left = {resource.urn: resource for resource in old}
    open_: list[Resource] = []
    before = Before()
    for resource in new:
        found = left.pop(resource.urn, None)
        if found is None:
            open_.append(resource)
        else:
            _note(before, resource, found)
    open_ = [resource for resource in open_ if not _paired_by_alias(before, resource, left)]
    by_id = {(other.type, other.id): other for other in left.values() if other.id}
    for resource in open_:
        found = by_id.pop((resource.type, resource.id), None) if resource.id else None
        if found is not None:
            _note(before, resource, left.pop(found.urn))
    before.deleted = list(left.values())
    for urn, old_resource in before.previous.items():
        then, now = created_before.get(old_resource.urn), created_now.get(urn)
        if then and now and then != now:
            before.replaced.add(urn)
    return before


def _paired_by_alias(before: Before, resource: Resource, left: dict[str, Resource]) -> bool:
    for alias in resource.options.aliases:
        if alias in left:
            _note(before, resource, left.pop(alias))
            return True
    return False


def _note(before: Before, new: Resource, old: Resource) -> None:
    before.previous[new.urn] = old
    if new.id and old.id and new.id != old.id:
        before.replaced.add(new.urn)
