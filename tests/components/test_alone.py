"""Every class alone, and the baseline: computed values, providers, outputs, in Python and over the wire."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pytest

from tests.components.alone import ALONE, CLASSES, TOPIC
from tests.components.argument_shapes import (
    Leaf,
    Path,
    camel_path,
    containers,
    in_camel_case,
    leaves,
    owner_of,
    owners,
    replaced,
)
from tests.components.everything import EVERYTHING, NEIGHBOUR, changed
from tests.components.hosting import COMPONENTS, SIGNATURE, Package, secret, serving, unknown
from tests.components.recorder import Deployment, deploy
from timestream_baseline import TimestreamBaseline
from timestream_baseline.inputs import ArgumentsError
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.kinds import InputText
from timestream_baseline.inputs.mistakes import path_text
from timestream_baseline.inputs.records import InputListOf, Record

ALL: Final[dict[type[Any], Callable[..., Any]]] = {Baseline: TimestreamBaseline, **CLASSES}
ARGS: Final[dict[type[Any], Any]] = {
    Baseline: changed(EVERYTHING, {"influxdb.factory.password": "abcd1234EFGH"}),
    **ALONE,
}
SCHEMA: Final = json.loads((COMPONENTS / "schema.json").read_text(encoding="utf-8"))
REASON: Final = "is an Output, but this value must be known before anything is created; give a plain value"
# What cannot stand beside the rest of the arguments.
ELSEWHERE: Final[dict[type[Any], set[str]]] = {Baseline: {"Monitoring.topic_arn"}}

every_class = pytest.mark.parametrize("part", ALL, ids=lambda part: ALL[part].__name__)


@pytest.fixture(scope="module")
def running() -> Iterator[Package]:
    with serving() as package:
        yield package


@pytest.fixture
def package(running: Package) -> Package:
    running.monitor.registered.clear()
    return running


def computed(part: type[Any]) -> list[Leaf]:
    return [leaf for leaf in leaves(ARGS[part], Record(part)) if leaf.may_be_computed]


def never_computed(part: type[Any]) -> list[Leaf]:
    """Return the plain values, and the maps and lists around them, innermost first."""
    around = list(containers(ARGS[part], Record(part)))
    return [*(leaf for leaf in leaves(ARGS[part], Record(part)) if not leaf.may_be_computed), *around[::-1]]


def with_values(args: Any, places: list[Path], new: Callable[[Path], Any]) -> Any:
    for path in places:
        args = replaced(args, path, new(path))
    return args


def at(args: Any, path: Path) -> Any:
    for key in path:
        args = args[key]
    return args


def over_the_wire(part: type[Any], places: list[Leaf], new: Callable[[Any], Any]) -> Any:
    """Spell arguments as other languages do, with other values at some places."""
    args = in_camel_case(ARGS[part], Record(part))
    return with_values(
        args, [camel_path(leaf.path, Record(part)) for leaf in places], lambda path: new(at(args, path))
    )


def types_of(package: Package) -> Counter[str]:
    """Count what was made. The names of some rules of security groups follow values that are known."""
    return Counter(name.split()[0] for name in package.monitor.registered)


def arrived(value: Any) -> Any:
    """Take a value out of its wrapping. Where its ARN is known later, it may stand elsewhere in a list.

    Generated passwords are never the same.
    """
    if isinstance(value, dict):
        if SIGNATURE in value:
            return arrived(value["value"])
        return {key: arrived(item) for key, item in value.items() if key != "password"}
    if isinstance(value, list):
        return sorted((arrived(item) for item in value), key=str)
    # Documents begin like this; so do patterns of metric filters, which are no JSON.
    return arrived(json.loads(value)) if isinstance(value, str) and value.startswith('{"') else value


def plainly_made(part: type[Any], args: Any) -> list[str]:
    """Deploy a class, and return all that was registered, with computed values as plain ones."""

    def program() -> dict[str, pulumi.Output[Any]]:
        ALL[part]("tel", args)
        return {}

    made = deploy(program).registrations
    return sorted(json.dumps([it.type, arrived(it.inputs)], sort_keys=True) for it in made)


@cache
def with_a_provider(class_: str) -> Deployment:
    """Deploy a class with a provider of its own."""
    part = next(part for part in ALL if ALL[part].__name__ == class_)

    def program() -> dict[str, pulumi.Output[Any]]:
        provider = aws.Provider("other", region="us-east-1")
        ALL[part]("tel", ARGS[part], pulumi.ResourceOptions(providers=[provider]))
        return {}

    return deploy(program)


@every_class
def test_there_is_a_value_at_every_place_that_may_be_computed(part: type[Any]) -> None:
    places = {name for name, kind in owners(Record(part)) if isinstance(kind, (InputText, InputListOf))}
    given = {owner_of(leaf.path, Record(part)) for leaf in computed(part)}
    assert places - given == ELSEWHERE.get(part, set())


@every_class
def test_a_computed_value_in_python_where_a_plain_one_is_needed_is_a_mistake(part: type[Any]) -> None:
    for leaf in never_computed(part):
        with pytest.raises(ArgumentsError) as raised:
            ALL[part]("tel", replaced(ARGS[part], leaf.path, pulumi.Output.secret(leaf.value)))
        found = [(mistake.path, mistake.reason) for mistake in raised.value.mistakes]
        assert found == [(path_text(leaf.path), REASON)]


@every_class
def test_a_computed_value_over_the_wire_where_a_plain_one_is_needed_is_a_mistake(
    part: type[Any], package: Package
) -> None:
    for leaf in never_computed(part):
        # An unknown one and a secret one, in turn.
        new: Callable[[Any], Any] = secret if len(leaf.path) % 2 else lambda _: unknown()
        found = package.refused(over_the_wire(part, [leaf], new), ALL[part].__name__)
        assert found == [(path_text(camel_path(leaf.path, Record(part))), REASON)]
    assert package.monitor.registered == {}


@every_class
def test_unknown_values_are_taken_wherever_a_value_may_be_computed(part: type[Any], package: Package) -> None:
    package.construct(over_the_wire(part, [], secret), ALL[part].__name__)
    expected = types_of(package)
    package.monitor.registered.clear()
    package.construct(over_the_wire(part, computed(part), lambda _: unknown()), ALL[part].__name__)
    assert types_of(package) == expected


@every_class
def test_computed_values_arrive_as_plain_ones_do(part: type[Any]) -> None:
    places = [leaf.path for leaf in computed(part)]
    # A computed value and a secret one, in turn.
    wraps = {
        path: (pulumi.Output.from_input, pulumi.Output.secret)[index % 2] for index, path in enumerate(places)
    }
    args = with_values(ARGS[part], places, lambda path: wraps[path](at(ARGS[part], path)))
    assert plainly_made(part, args) == plainly_made(part, ARGS[part])


@pytest.mark.parametrize(
    ("class_", "args", "outputs"),
    [
        ("AuditTrail", {"trail": "none"}, {"keyArns"}),
        ("Backup", {"enabled": False}, set()),
        (
            "Monitoring",
            {"databases": {"metrics": ["cpu"]}, "dashboard": False, "topicArn": TOPIC},
            {"topicArn"},
        ),
        ("LiveAnalytics", {"databases": {"metrics": {}}}, {"databaseArns", "tableArns", "keyArns"}),
        (
            "PrivateEndpoints",
            {"databaseArns": [NEIGHBOUR], "ingestCell": "cell2", "queryCell": "cell3"},
            {"cells", "endpointUrls", "endpointIds"},
        ),
    ],
)
def test_what_is_not_made_has_no_output(
    class_: str, args: dict[str, Any], outputs: set[str], package: Package
) -> None:
    assert set(package.construct(args, class_)) == outputs


@every_class
def test_a_provider_given_to_a_class_makes_all_of_its_resources(part: type[Any]) -> None:
    made = [it for it in with_a_provider(ALL[part].__name__).registrations if it.type.startswith("aws:")]
    assert len(made) > 1
    assert [f"{it.type} {it.name}" for it in made if "::other::" not in it.provider] == []


@every_class
def test_outputs_are_those_of_the_schema_by_the_same_names(part: type[Any], package: Package) -> None:
    token = f"timestream-baseline:index:{ALL[part].__name__}"
    promised = SCHEMA["resources"][token]
    registered = set(with_a_provider(ALL[part].__name__).registered_outputs[f"{token}::tel"])
    assert registered == set(promised["properties"])
    state = package.construct(over_the_wire(part, [], secret), ALL[part].__name__)
    assert set(promised["required"]) <= set(state) <= set(promised["properties"])
