"""Fifty databases with everything on: what is too large for AWS is split, or refused before it is made."""

from collections import Counter, defaultdict
from functools import cache
from typing import Any, Final

import pytest

from tests.components.documents import documents_of
from tests.components.everything import EVERYTHING, deployed
from tests.components.recorder import Deployment
from timestream_baseline.documents import limits
from timestream_baseline.documents.limits import excess, fits
from timestream_baseline.inputs import ArgumentsError


def databases(count: int, suffix: str = "") -> Any:
    more: Any = {
        f"database-{number:03}{suffix}": {"tables": {"one": {}, "two": {}}} for number in range(count)
    }
    return {**EVERYTHING["databases"], **more}


@cache
def large() -> Deployment:
    return deployed({"databases": databases(50)})


def test_every_document_is_within_the_limit_of_aws() -> None:
    found = {one.name: excess(one.form.limit, one.text) for one in documents_of(large())}
    assert {name: text for name, text in found.items() if text} == {}


def test_inline_policies_are_within_their_common_limit_and_the_others_can_be_attached() -> None:
    inline = defaultdict(list)
    for one in large().of("RolePolicy"):
        inline[one.inputs["role"]].append(one.inputs["policy"])
    assert [role for role, texts in inline.items() if not fits(limits.INLINE_POLICIES, *texts)] == []
    attached = Counter(one.inputs["role"] for one in large().of("RolePolicyAttachment"))
    assert max(attached.values()) > 1
    assert max(attached.values()) <= limits.MANAGED_POLICIES_PER_ROLE


def test_what_is_counted_stays_within_its_count() -> None:
    patterns = [one.inputs["pattern"] for one in large().of("LogMetricFilter")]
    assert [text for text in patterns if not fits(limits.FILTER_PATTERN, text)] == []
    assert len(patterns) <= limits.FILTERS_PER_LOG_GROUP
    assert len(large().of("EventRule")) <= limits.RULES_PER_BUS
    (dashboard,) = (one.content for one in documents_of(large()) if one.type == "Dashboard")
    assert len(dashboard["widgets"]) <= limits.DASHBOARD_WIDGETS
    selections = large().of("Selection")
    assert len(selections) <= limits.SELECTIONS_PER_BACKUP_PLAN
    assert max(len(one.inputs["resources"]) for one in selections) <= limits.RESOURCES_PER_BACKUP_SELECTION


REFUSED: Final = (
    "  - network: makes an endpoint policy 27,192 characters long, and AWS takes 20,480; ",
    "  - access.admins.team: reaches so much that it takes ",
    "  - databases: name so many databases that the role of backups needs ",
)


def test_what_cannot_be_split_is_refused_all_at_once() -> None:
    with pytest.raises(ArgumentsError) as raised:
        deployed({"databases": databases(150, suffix="-of-a-factory")})
    lines = str(raised.value).splitlines()[1:]
    assert len(lines) == len(REFUSED)
    assert [line for line, begin in zip(lines, REFUSED, strict=True) if not line.startswith(begin)] == []
