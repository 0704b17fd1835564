"""When two values mean the same to AWS, and what a new configuration of the provider changes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_sandbox import configuration, schema
from aws_sandbox.meaning import changed_keys, is_empty, same
from aws_sandbox.wire import from_struct, to_struct

SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
TABLE = schema.resource("aws:timestreamwrite/table:Table")


@given(VALUES)
def test_every_value_means_the_same_as_itself(value: Any) -> None:
    assert same(value, value)


@given(st.lists(VALUES, max_size=4), st.randoms())
def test_the_order_of_a_list_means_nothing(values: list[Any], random: Any) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    assert same(values, shuffled)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4))
def test_a_document_means_what_it_says_however_it_is_written(document: dict[str, Any]) -> None:
    assert same(json.dumps(document), json.dumps(document, indent=3, sort_keys=True))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(1, True, id="a number and a truth value"),
        pytest.param("1", 1, id="a text and a number"),
        pytest.param('{"a": 1}', '{"a": 2}', id="documents"),
        pytest.param('{"a": [1, 2]}', '{"a": [2, 1]}', id="a document with a list in another order"),
        pytest.param('{"a": [1]}', '{"a": 1}', id="a document with a list of one and its member"),
        pytest.param('{"a": 1}', "{a: 1}", id="a document and a text that is none"),
        pytest.param(["a"], ["a", "a"], id="a member more"),
        pytest.param(["a", "a", "b"], ["a", "b", "b"], id="the same members in other numbers"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, id="a property more"),
        pytest.param([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], id="an object in a list"),
    ],
)
def test_values_that_do_not_mean_the_same(old: Any, new: Any) -> None:
    assert not same(old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param('{"Action": ["a", "b"]}', '{"Action": ["b", "a"]}', True, id="lists have no order"),
        pytest.param('{"Action": ["a"]}', '{"Action": "a"}', True, id="a list of one is its member"),
        pytest.param('{"Action": ["a", "b"]}', '{"Action": ["b"]}', False, id="a member less is a change"),
    ],
)
def test_in_a_policy(old: str, new: str, expected: bool) -> None:
    role = schema.resource("aws:iam/role:Role")
    assert role is not None
    marked = schema.with_policies(role, {"assumeRolePolicy", "inlinePolicies.policy"})
    assert same(old, new, marked.inputs.of("assumeRolePolicy")) is expected
    inline = [{"name": "p", "policy": old}], [{"name": "p", "policy": new}]
    assert same(*inline, marked.inputs.of("inlinePolicies")) is expected
    assert not same(old, new, marked.inputs.of("description"))


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, {"a": {"b": []}}])
def test_what_is_empty_means_the_same_as_nothing(value: Any) -> None:
    assert is_empty(value)
    assert changed_keys({}, {"a": value}, schema.ObjectShape({})) == []
    assert changed_keys({"a": value}, {}, schema.ObjectShape({})) == []


def test_what_aws_fills_in_may_be_left_out() -> None:
    assert TABLE is not None
    old = {"databaseName": "meters", "schema": {"compositePartitionKey": {"type": "MEASURE"}}}
    assert changed_keys(old, {"databaseName": "meters"}, TABLE.inputs) == []


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=5))
def test_values_come_back_from_the_wire_as_they_went(value: dict[str, Any]) -> None:
    def without_none(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: without_none(member) for key, member in item.items() if member is not None}
        return [without_none(member) for member in item] if isinstance(item, list) else item

    assert from_struct(to_struct(value)) == without_none(value)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        pytest.param({"region": "eu-west-1"}, {"region": "us-east-1"}, ["region"], id="another region"),
        pytest.param(
            {"defaultTags": '{"tags": {"a": "1"}}'},
            {"defaultTags": '{ "tags": {"a": "1"} }'},
            [],
            id="the same tags, written differently",
        ),
        pytest.param({}, {"token": "t"}, ["token"], id="a token more"),
        pytest.param({"version": "7.51.0"}, {"version": "7.51.1"}, [], id="what the engine adds"),
    ],
)
def test_a_new_configuration(old: dict[str, Any], new: dict[str, Any], changed: list[str]) -> None:
    assert configuration.changed(old, new) == changed
