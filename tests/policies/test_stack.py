"""Who refers to whom in a stack."""

from typing import Any

import pytest

from tests.policies.helpers import UNKNOWN
from timestream_policies.examples import Given, build
from timestream_policies.model import Resource
from timestream_policies.stack import Stack
from timestream_policies.types import DATABASE, KEY, KEY_ALIAS, KEY_POLICY, STACK
from timestream_policies.undecided import Undecided

ARN = "arn:aws:kms:eu-west-1:111122223333:key/k1"
OTHER = Given(KEY, {}, "other", outputs={"arn": "arn:other"})


def key(name: str = "key", **properties: Any) -> Given:
    return Given(KEY, properties, name, outputs={"arn": ARN, "keyId": "k1"})


def behind(database: Given, *others: Given) -> list[str]:
    stack = build((database, *others))
    return [found.name for found in stack.behind(stack.resources[0], "kmsKeyId", KEY)]


def database(value: Any, *depends: str) -> Given:
    return Given(DATABASE, {"kmsKeyId": value}, "db", {"kmsKeyId": depends} if depends else {})


@pytest.mark.parametrize(
    ("given", "others", "expected"),
    [
        pytest.param(database(ARN), [key(), OTHER], ["key"], id="by ARN"),
        pytest.param(database("k1"), [key(), OTHER], ["key"], id="by the type's name"),
        pytest.param(database("arn:elsewhere"), [key()], [], id="an outside reference"),
        pytest.param(database("arn:elsewhere", "key"), [key()], [], id="a value beats a dependency"),
        pytest.param(database("k9", "plan"), [Given(KEY, {}, "plan")], ["plan"], id="a plan shows no names"),
        pytest.param(database(UNKNOWN, "key"), [key(), OTHER], ["key"], id="by dependency"),
        pytest.param(
            database(UNKNOWN, "key", "other"), [key(), OTHER], ["key", "other"], id="several candidates"
        ),
        pytest.param(
            database("alias/a"),
            [key(), Given(KEY_ALIAS, {"name": "alias/a", "targetKeyId": "k1"}, "alias")],
            ["key"],
            id="an alias by name",
        ),
        pytest.param(
            database(UNKNOWN, "alias"),
            [key(), Given(KEY_ALIAS, {"targetKeyId": UNKNOWN}, "alias", {"targetKeyId": ("key",)})],
            ["key"],
            id="an alias by dependency",
        ),
        pytest.param(
            database("alias/a"),
            [Given(KEY_ALIAS, {"name": "alias/a", "targetKeyId": "alias/a"}, "alias")],
            [],
            id="an alias of itself ends",
        ),
        pytest.param(database(None), [key()], [], id="nothing given"),
    ],
)
def test_behind(given: Given, others: list[Given], expected: list[str]) -> None:
    assert behind(given, *others) == expected


@pytest.mark.parametrize(
    ("given", "others"),
    [
        pytest.param(database(UNKNOWN), [key()], id="from nowhere"),
        pytest.param(
            database(UNKNOWN, "queue"), [Given("aws:sqs/queue:Queue", {}, "queue")], id="from another type"
        ),
    ],
)
def test_behind_is_undecided(given: Given, others: list[Given]) -> None:
    with pytest.raises(Undecided):
        behind(given, *others)


def test_a_component_stands_for_what_is_inside_it() -> None:
    component = Resource(urn="urn:component", type_="pkg:index:Keys")
    inside = Resource(urn="urn:key", type_=KEY, parent="urn:component")
    outside = Resource(urn="urn:other", type_=KEY)
    from timestream_policies.values import Properties

    asking = Resource(
        urn="urn:db",
        type_=DATABASE,
        inputs=Properties.of({"kmsKeyId": UNKNOWN}),
        property_dependencies={"kmsKeyId": ("urn:component",)},
    )
    stack = Stack([component, inside, outside, asking])
    assert stack.behind(asking, "kmsKeyId", KEY) == [inside]


def referring(*policies: Given) -> list[str]:
    stack = build((key(), OTHER, *policies))
    return [found.name for found in stack.referring(stack.resources[0], KEY_POLICY, "keyId")]


def test_referring() -> None:
    mine = Given(KEY_POLICY, {"keyId": "k1"}, "mine")
    foreign = Given(KEY_POLICY, {"keyId": "arn:other"}, "foreign")
    unplaced = Given(KEY_POLICY, {"keyId": UNKNOWN}, "unplaced")
    assert referring(mine, foreign) == ["mine"]
    assert referring(foreign) == []
    assert referring(mine, unplaced) == ["mine"]
    with pytest.raises(Undecided):
        referring(foreign, unplaced)


def test_the_stack_knows_its_own_urn_and_name() -> None:
    root = Resource(urn="urn:pulumi:dev::project::pulumi:pulumi:Stack::project-dev", type_=STACK)
    stack = Stack([root])
    assert (stack.urn, stack.name) == (root.urn, "dev")
