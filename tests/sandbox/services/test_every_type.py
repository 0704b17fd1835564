"""Every example resource can be made, read, imported, changed and deleted."""

import json

import pytest

from aws_sandbox.resource import Properties
from tests.sandbox.examples import Example, all_examples, resolve
from tests.sandbox.services.resources import Resource, Resources, types

EXAMPLES = {token: example for token, example in all_examples().items() if token in types()}


def make(resources: Resources, token: str, example: Example) -> tuple[Resource, dict[str, Properties]]:
    made: dict[str, Properties] = {}
    for name, need in example.needs.items():
        made[name] = resources.create(need.token, **resolve(need.inputs, made)).state
    return resources.create(token, **resolve(example.inputs, made)), made


def stated(token: str, properties: Properties, inputs: Properties) -> Properties:
    documents = types()[token].json_documents
    return {
        name: json.loads(properties[name]) if name in documents else properties.get(name)
        for name in inputs
        if name != "tags"
    }


@pytest.mark.parametrize("token", EXAMPLES)
def test_what_is_created_is_read_back(token: str, resources: Resources) -> None:
    resource, _ = make(resources, token, EXAMPLES[token])
    assert stated(token, resource.state, resource.inputs) == stated(token, resource.inputs, resource.inputs)


@pytest.mark.parametrize("token", EXAMPLES)
def test_the_id_alone_is_enough_to_import_it(token: str, resources: Resources) -> None:
    resource, _ = make(resources, token, EXAMPLES[token])
    recorded = types()[token].write_only | {"id", "skipDestroy", "forceDestroy"}
    imported = resource.read({})
    assert {k: v for k, v in imported.items() if k not in recorded} == {
        k: v for k, v in resource.state.items() if k not in recorded
    }


@pytest.mark.parametrize("token", [t for t, example in EXAMPLES.items() if example.change])
def test_a_change_in_place_is_read_back(token: str, resources: Resources) -> None:
    resource, made = make(resources, token, EXAMPLES[token])
    resource.update(resolve(EXAMPLES[token].change, made))
    assert stated(token, resource.state, resource.inputs) == stated(token, resource.inputs, resource.inputs)


@pytest.mark.parametrize("token", [t for t, example in EXAMPLES.items() if example.replace])
def test_the_replacing_change_is_a_replacement_in_the_real_provider(token: str) -> None:
    assert EXAMPLES[token].replace.keys() & types()[token].replaces


@pytest.mark.parametrize("token", EXAMPLES)
def test_what_is_deleted_is_gone(token: str, resources: Resources) -> None:
    resource, _ = make(resources, token, EXAMPLES[token])
    resource.delete()
    assert (resource.find(resource.state) is None) == (EXAMPLES[token].stays is None)


@pytest.mark.parametrize("token", EXAMPLES)
def test_deleting_what_is_already_gone_is_no_error(token: str, resources: Resources) -> None:
    resource, _ = make(resources, token, EXAMPLES[token])
    resource.delete()
    resource.delete()
