"""Whatever arguments hold: no exception but ours, every mistake at once, and no computed value lost."""

from collections.abc import Callable
from typing import Any, Final

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.components.alone import ALONE
from tests.components.argument_shapes import (
    Leaf,
    camel_path,
    in_camel_case,
    kinds_of,
    leaves,
    replaced,
)
from tests.components.everything import EVERYTHING
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs, baseline_settings
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.audit import AuditTrailPart
from timestream_baseline.inputs.backup import BackupPart
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.databases import LiveAnalyticsPart
from timestream_baseline.inputs.encryption import EncryptionKeyPart
from timestream_baseline.inputs.influxdb import InfluxDbPart
from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Integer, Text
from timestream_baseline.inputs.mistakes import camel_case, path_text
from timestream_baseline.inputs.monitoring import MonitoringPart
from timestream_baseline.inputs.network import PrivateEndpointsPart
from timestream_baseline.inputs.records import InputListOf, ListOf, MapOf, Record
from timestream_baseline.part import Part

WHOLE: Final = Record(Baseline)
PARTS: Final = (
    AccessRolesPart,
    AuditTrailPart,
    BackupPart,
    EncryptionKeyPart,
    InfluxDbPart,
    LiveAnalyticsPart,
    MonitoringPart,
    PrivateEndpointsPart,
)
FAST: Final = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["metrics", "metrics/cpu", "arn:aws:iam::000000000000:role/x", "*", "${aws:username}", "a/b/c"]
    )
)
ANYTHING: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def near(kind: Any) -> st.SearchStrategy[Any]:
    """Make values that have the right shape down to some depth, and anything below."""
    if isinstance(kind, Record):
        return st.deferred(lambda: ANYTHING | _record(kind.settings))
    if isinstance(kind, MapOf):
        names = st.sampled_from(["metrics", "fleet", "a b", ""]) | st.text(max_size=6)
        return st.deferred(lambda: ANYTHING | st.dictionaries(names, near(kind.item), max_size=2))
    if isinstance(kind, (ListOf, InputListOf)):
        return st.deferred(lambda: ANYTHING | st.lists(near(kind.item), max_size=3))
    if isinstance(kind, Integer):
        return ANYTHING | st.integers(kind.minimum, kind.maximum)
    if isinstance(kind, Boolean):
        return ANYTHING | st.booleans()
    if isinstance(kind, Choice):
        return ANYTHING | st.sampled_from(kind.words)
    if isinstance(kind, Text):
        return ANYTHING | st.from_regex(kind.pattern, fullmatch=True)
    if isinstance(kind, InputText):
        return near(kind.text)
    return ANYTHING


def _record(of: type[Any]) -> st.SearchStrategy[Any]:
    kinds = kinds_of(of)
    known = {name: near(kind) for name, kind in kinds.items()}
    spelled = {camel_case(name): strategy for name, strategy in known.items()}
    return st.fixed_dictionaries({}, optional=known) | st.fixed_dictionaries(
        {}, optional={**known, **spelled}
    )


def read_or_refused(read: Callable[[], Any], settings_class: type[Any]) -> bool:
    """Tell whether arguments became settings, or one error with mistakes; any other exception goes on."""
    try:
        return isinstance(read(), settings_class)
    except ArgumentsError as error:
        return len(error.mistakes) > 0


@FAST
@given(args=near(WHOLE), camel=st.booleans())
def test_the_baseline_takes_or_refuses_whatever_it_is_given(args: Any, camel: bool) -> None:
    given_args = CamelCaseArgs(args) if camel and isinstance(args, dict) else args
    assert read_or_refused(lambda: baseline_settings("baseline", given_args), Baseline)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
@FAST
@given(data=st.data())
def test_a_part_takes_or_refuses_whatever_it_is_given(part: type[Any], data: st.DataObject) -> None:
    args = data.draw(near(Record(part)))
    assert read_or_refused(lambda: Part("Part", part, "alone", args, {}).settings, part)


# What is wrong wherever it stands: a thing that no argument is.
THING: Final = object()
LEAVES: Final = tuple(leaves(EVERYTHING, WHOLE))


def mistaken(args: Any) -> list[str]:
    with pytest.raises(ArgumentsError) as raised:
        baseline_settings("baseline", args)
    return sorted(mistake.path for mistake in raised.value.mistakes)


def changed(places: list[Leaf], new: Callable[[Leaf], Any], args: Any = EVERYTHING) -> Any:
    for leaf in places:
        args = replaced(args, leaf.path, new(leaf))
    return args


def some(of: tuple[Leaf, ...]) -> st.SearchStrategy[list[Leaf]]:
    return st.lists(st.sampled_from(of), min_size=1, max_size=12, unique_by=lambda leaf: leaf.path)


def test_there_are_many_places_for_mistakes() -> None:
    assert len(LEAVES) > 80
    assert len([leaf for leaf in LEAVES if leaf.may_be_computed]) > 15


@FAST
@given(places=some(LEAVES))
def test_every_mistake_is_reported_at_once_with_its_path(places: list[Leaf]) -> None:
    assert mistaken(changed(places, lambda _: THING)) == sorted(path_text(leaf.path) for leaf in places)


@FAST
@given(places=some(LEAVES))
def test_so_it_is_in_other_languages(places: list[Leaf]) -> None:
    wrong = {camel_path(leaf.path, WHOLE) for leaf in places}
    args: Any = in_camel_case(EVERYTHING, WHOLE)
    for path in wrong:
        args = replaced(args, path, THING)
    assert mistaken(CamelCaseArgs(args)) == sorted(path_text(path) for path in wrong)


def test_every_part_is_tried_alone() -> None:
    assert set(ALONE) == set(PARTS)
    for part, args in ALONE.items():
        assert isinstance(Part("Part", part, "alone", args, {}).settings, part)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
@pytest.mark.parametrize("camel", [False, True], ids=["in Python", "in other languages"])
@settings(FAST, max_examples=20)
@given(data=st.data())
def test_a_part_alone_reports_every_mistake_at_once(
    part: type[Any], camel: bool, data: st.DataObject
) -> None:
    kind = Record(part)
    places = [leaf.path for leaf in data.draw(some(tuple(leaves(ALONE[part], kind))))]
    args: Any = in_camel_case(ALONE[part], kind) if camel else ALONE[part]
    wrong = [camel_path(path, kind) if camel else path for path in places]
    for path in wrong:
        args = replaced(args, path, THING)
    with pytest.raises(ArgumentsError) as raised:
        Part("Part", part, "alone", CamelCaseArgs(args) if camel else args, {})
    found = sorted(mistake.path for mistake in raised.value.mistakes)
    assert found == sorted(path_text(path) for path in wrong)


PLAIN: Final = tuple(leaf for leaf in LEAVES if not leaf.may_be_computed)
COMPUTED: Final = tuple(leaf for leaf in LEAVES if leaf.may_be_computed)


@FAST
@given(places=some(PLAIN))
def test_a_computed_value_where_a_plain_one_is_needed_is_reported_and_never_lost(places: list[Leaf]) -> None:
    args = changed(places, lambda leaf: pulumi.Output.from_input(leaf.value))
    assert mistaken(args) == sorted(path_text(leaf.path) for leaf in places)


def test_the_settings_of_every_argument_are_the_same_in_both_spellings() -> None:
    camel: Any = CamelCaseArgs(in_camel_case(EVERYTHING, WHOLE))
    assert baseline_settings("baseline", camel) == baseline_settings("baseline", EVERYTHING)
