"""Two teams that tags separate: neither reaches, takes or gives away what is the other's."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.components.world import Role, database, roles, table
from tests.iam import allowed

BLUE: Final = {"team": "blue"}
RED: Final = {"team": "red"}
NOBODY: Final[Mapping[str, str]] = {}
METRICS, CPU = database("metrics"), table("metrics/cpu")  # blue
FLEET, TRIPS = database("fleet"), table("fleet/trips")  # red
LEGACY, EVENTS = database("legacy"), table("legacy/events")  # without a team
NEW: Final = table("metrics/brand-new")


def role(name: str, session: Mapping[str, str]) -> Role:
    return replace(roles()[name], tags=session)


def given(tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of a request that names tags."""
    keys = {"aws:TagKeys": list(tags)} if tags else {}
    return {**{f"aws:RequestTag/{key}": value for key, value in tags.items()}, **keys}


def decide(name: str, session: Mapping[str, str], action: str, resource: str, context: Any) -> bool:
    (decision,) = allowed([role(name, session).asks(f"timestream:{action}", resource, context)])
    return decision


@pytest.mark.parametrize(
    ("name", "action"),
    [("writers/team", "WriteRecords"), ("readers/team", "Select"), ("readers/team", "DescribeTable")],
)
def test_records_are_for_the_team_whose_tag_the_table_has(name: str, action: str) -> None:
    tables = (CPU, TRIPS, EVENTS)
    for session, expected in ((BLUE, [CPU]), (RED, [TRIPS]), (NOBODY, []), ({"team": ""}, [])):
        requests = [role(name, session).asks(f"timestream:{action}", arn, {}) for arn in tables]
        assert [arn for arn, yes in zip(tables, allowed(requests), strict=True) if yes] == expected


@pytest.mark.parametrize(
    ("action", "resource", "tags", "expected"),
    [
        pytest.param("DeleteDatabase", METRICS, {}, True, id="delete what is ours"),
        pytest.param("DeleteDatabase", FLEET, {}, False, id="delete what is theirs"),
        pytest.param("DeleteDatabase", LEGACY, {}, False, id="delete what is nobody's"),
        pytest.param("UpdateTable", CPU, {}, True, id="change a table of ours"),
        pytest.param("UpdateTable", TRIPS, {}, False, id="change a table of theirs"),
        pytest.param("CreateTable", NEW, BLUE, True, id="create for our team"),
        pytest.param(
            "CreateTable", NEW, {**BLUE, "owner": "x"}, True, id="create with a tag of the baseline"
        ),
        pytest.param("CreateTable", NEW, RED, False, id="create for the other team"),
        pytest.param("CreateTable", NEW, {}, False, id="create for nobody"),
        pytest.param("CreateTable", NEW, {**BLUE, "cost": "x"}, False, id="create with a strange tag"),
        pytest.param(
            "CreateTable", NEW, {**BLUE, "Team": "red"}, False, id="create with a tag spelled otherwise"
        ),
        pytest.param("CreateDatabase", METRICS, RED, False, id="create a database for the other team"),
        pytest.param("TagResource", METRICS, {"owner": "x"}, True, id="tag what is ours"),
        pytest.param("TagResource", METRICS, BLUE, True, id="tag what is ours as ours"),
        pytest.param("TagResource", METRICS, RED, False, id="give away what is ours"),
        pytest.param("TagResource", FLEET, BLUE, False, id="take what is theirs"),
        pytest.param("TagResource", TRIPS, BLUE, False, id="take a table of theirs"),
        pytest.param("TagResource", FLEET, {"owner": "x"}, False, id="tag what is theirs"),
        pytest.param("UntagResource", METRICS, {"owner": ""}, True, id="untag what is ours"),
        pytest.param("UntagResource", METRICS, {"team": ""}, False, id="make what is ours nobody's"),
        pytest.param("UntagResource", METRICS, {"TEAM": ""}, False, id="the same, spelled otherwise"),
        pytest.param("UntagResource", METRICS, {"team": "", "owner": ""}, False, id="the same, among others"),
        pytest.param("UntagResource", FLEET, {"owner": ""}, False, id="untag what is theirs"),
        pytest.param("Select", CPU, {}, False, id="read records of ours"),
        pytest.param("WriteRecords", CPU, {}, False, id="write records of ours"),
    ],
)
def test_an_admin_of_one_team(action: str, resource: str, tags: dict[str, str], expected: bool) -> None:
    # A request to untag names keys only.
    context = {"aws:TagKeys": list(tags)} if tags and action == "UntagResource" else given(tags)
    assert decide("admins/team", BLUE, action, resource, context) is expected


@pytest.mark.parametrize("session", [NOBODY, {"team": ""}], ids=["without a team", "with an empty team"])
@pytest.mark.parametrize(
    ("action", "resource", "tags"),
    [
        ("DeleteDatabase", METRICS, {}),
        ("DeleteDatabase", LEGACY, {}),
        ("UpdateTable", EVENTS, {}),
        ("CreateTable", NEW, BLUE),
        ("TagResource", METRICS, {"owner": "x"}),
        ("TagResource", LEGACY, BLUE),
    ],
)
def test_an_admin_of_no_team_changes_nothing(
    session: dict[str, str], action: str, resource: str, tags: dict[str, str]
) -> None:
    assert decide("admins/team", session, action, resource, given(tags)) is False
