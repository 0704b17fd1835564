"""The promises that hold for every type, tried on one realistic example each through the protocol."""

import subprocess
import sys

import pytest

from aws_sandbox import registry, schema
from aws_sandbox.operations import Known, known
from tests.sandbox.examples import all_examples, resolve
from tests.sandbox.provider_client import Properties, ProviderClient, Recorded

TOKENS = sorted(schema.package()["resources"])
EXAMPLES = all_examples()


def make(provider: ProviderClient, token: str) -> tuple[Recorded, dict[str, Properties]]:
    made: dict[str, Properties] = {}
    example = EXAMPLES[token]
    for name, need in example.needs.items():
        made[name] = provider.create(need.token, resolve(need.inputs, made), name).outputs
    return provider.create(token, resolve(example.inputs, made)), made


def test_the_schema_is_what_pulumi_aws_declares() -> None:
    # In a process of its own, because importing pulumi_aws takes long and warns a lot.
    command = [sys.executable, "-m", "aws_sandbox.schema_extract", "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.stdout, result.returncode) == ("", 0), result.stderr


@pytest.mark.parametrize("token", TOKENS)
def test_the_type_has_an_example(token: str) -> None:
    assert token in EXAMPLES


def names(what: Known) -> set[str]:
    kind = what.type
    paths = {*kind.replaces, *kind.defaults, *kind.write_only, *kind.json_documents, *kind.policy_documents}
    paths |= {limit.property for limit in kind.limits}
    paths |= {name for name in (kind.autoname, kind.autoname_prefix) if name}
    return {path.split(".")[0] for path in paths}


@pytest.mark.parametrize("token", TOKENS)
def test_the_type_speaks_only_of_inputs_that_pulumi_aws_declares(token: str) -> None:
    what = known(token)
    assert names(what) - what.declaration.inputs.properties.keys() == set()


@pytest.mark.parametrize("token", TOKENS)
def test_what_is_created_has_only_declared_outputs_and_those_that_are_always_there(
    token: str, provider: ProviderClient
) -> None:
    resource, _ = make(provider, token)
    declared = known(token).declaration
    assert resource.outputs.keys() - declared.outputs.keys() == {"id", "__sandbox"}
    blocks = {name for name, shape in declared.outputs.items() if "$ref" in shape}
    assert declared.always_there - blocks - resource.outputs.keys() == set()


@pytest.mark.parametrize("token", TOKENS)
def test_a_preview_knows_the_inputs_and_no_more_than_the_creation_shows(
    token: str, provider: ProviderClient
) -> None:
    resource, made = make(provider, token)
    planned = provider.plan(token, resolve(EXAMPLES[token].inputs, made))
    unknown = {name for name, value in planned.items() if value == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}
    known_values = {name: value for name, value in planned.items() if name not in unknown}
    assert "id" in unknown
    assert {name: resource.outputs.get(name) for name in known_values} == known_values


@pytest.mark.parametrize("token", TOKENS)
def test_the_same_inputs_again_change_nothing(token: str, provider: ProviderClient) -> None:
    resource, made = make(provider, token)
    assert provider.diff(resource, resolve(EXAMPLES[token].inputs, made)).kinds == {}


@pytest.mark.parametrize("token", TOKENS)
def test_a_refresh_of_what_nobody_changed_changes_nothing(token: str, provider: ProviderClient) -> None:
    resource, _ = make(provider, token)
    assert provider.refresh(resource) == resource


@pytest.mark.parametrize("token", TOKENS)
def test_importing_what_the_program_describes_changes_nothing(token: str, provider: ProviderClient) -> None:
    resource, made = make(provider, token)
    imported = provider.find(token, resource.id)
    assert imported is not None
    assert provider.diff(imported, resolve(EXAMPLES[token].inputs, made)).kinds == {}


@pytest.mark.parametrize("token", [token for token in TOKENS if token in EXAMPLES and EXAMPLES[token].change])
def test_a_change_in_place_is_seen_made_and_then_none(token: str, provider: ProviderClient) -> None:
    resource, made = make(provider, token)
    inputs = resolve({**EXAMPLES[token].inputs, **EXAMPLES[token].change}, made)
    change = provider.diff(resource, inputs)
    assert change.kinds
    assert change.replaces == ()
    updated = provider.update(resource, inputs)
    assert provider.refresh(updated) == updated
    assert provider.diff(updated, inputs).kinds == {}


@pytest.mark.parametrize(
    "token", [token for token in TOKENS if token in EXAMPLES and EXAMPLES[token].replace]
)
def test_a_replacement_is_announced_as_one(token: str, provider: ProviderClient) -> None:
    resource, made = make(provider, token)
    example = EXAMPLES[token]
    change = provider.diff(resource, resolve({**example.inputs, **example.replace}, made))
    assert set(change.replaces) & example.replace.keys()


@pytest.mark.parametrize("token", TOKENS)
def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(
    token: str, provider: ProviderClient
) -> None:
    resource, _ = make(provider, token)
    provider.delete(resource)
    assert (provider.refresh(resource) is None) == (EXAMPLES[token].stays is None)
    provider.delete(resource)


def test_every_example_is_of_a_type_that_the_sandbox_has() -> None:
    assert sorted(EXAMPLES) == TOKENS
    assert [registry.resource_type(token).token for token in TOKENS] == TOKENS
