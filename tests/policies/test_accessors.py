"""Accessors: nothing unknown ever leaves one as a value."""

from typing import Any

import pytest

from tests.policies.helpers import UNKNOWN
from timestream_policies.model import Resource
from timestream_policies.undecided import Notes, Undecided, Words, all_of, any_of
from timestream_policies.values import Properties


def resource(inputs: dict[str, Any], outputs: dict[str, Any] | None = None, **more: Any) -> Resource:
    return Resource(
        urn="urn:x", type_="t", inputs=Properties.of(inputs), outputs=Properties.of(outputs or {}), **more
    )


def test_get_follows_dotted_paths_and_gives_the_default_for_what_is_absent() -> None:
    it = resource({"a": {"b": {"c": 1.0}}, "flat": "x"})
    assert it.get("a.b.c") == 1
    assert it.get("a.b.d") is None
    assert it.get("a.x.y", "default") == "default"


def test_a_block_may_be_written_as_a_list_of_one() -> None:
    assert resource({"a": [{"b": [{"c": 1.0}]}]}).get("a.b.c") == 1


@pytest.mark.parametrize("value", ["text", 1.0, False, [], [{"b": 1.0}, {"b": 2.0}]])
def test_an_odd_shape_is_an_error_and_never_as_good_as_absent(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^a is not an object$"):
        resource({"a": value}).get("a.b")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((word, True) for word in (True, "true", "TRUE", "1", "t", 1.0)),
        *((word, False) for word in (False, "false", "f", "0", "", 0.0)),
    ],
)
def test_flags_are_read_as_the_provider_reads_them(value: Any, expected: bool) -> None:
    assert resource({"a": value}).flag("a") is expected


@pytest.mark.parametrize("value", ["yes", "on", 2.0, [], {}, ["true"]])
def test_what_is_no_flag_is_an_error(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^a is neither true nor false$"):
        resource({"a": value}).flag("a")


@pytest.mark.parametrize("value", [float("nan"), "nan", "many", True])
def test_what_is_no_number_is_an_error(value: Any) -> None:
    with pytest.raises(ValueError, match=r"not a number|could not convert"):
        resource({"a": value}).number("a", 0)


@pytest.mark.parametrize(("value", "expected"), [(3.0, 3), ("3", 3), (0.5, 0.5), ("inf", float("inf"))])
def test_numbers_are_read_as_the_provider_reads_them(value: Any, expected: float) -> None:
    assert resource({"a": value}).number("a", 0) == expected


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("leaf", "leaf is not known yet"),
        ("leaf.below", "leaf is not known yet"),
        ("object", "object.a is not known yet"),
        ("list", "list[1] is not known yet"),
        ("secret", "secret is a secret that cannot be read here"),
    ],
)
def test_reading_something_unknown_raises_and_says_what(path: str, reason: str) -> None:
    it = resource({"leaf": UNKNOWN, "object": {"a": UNKNOWN}, "list": ["x", UNKNOWN], "secret": "[secret]"})
    with pytest.raises(Undecided, match=r".*") as raised:
        it.get(path)
    assert str(raised.value) == reason


def test_known_parts_beside_unknown_ones_can_be_read() -> None:
    it = resource({"object": {"a": UNKNOWN, "b": 1.0}})
    assert it.get("object.b") == 1


def test_what_was_unknown_is_read_from_the_outputs_once_they_know() -> None:
    assert resource({"a": UNKNOWN}, {"a": "x"}).get("a") == "x"
    assert resource({"a": {"b": UNKNOWN, "c": 1.0}}, {"a": {"b": 2.0, "c": 1.0}}).get("a.b") == 2


def test_a_default_that_aws_filled_in_does_not_count_as_given() -> None:
    assert resource({}, {"kmsKeyId": "arn"}).get("kmsKeyId") is None


def test_an_external_resource_has_its_outputs_only() -> None:
    assert resource({}, {"arn": "x"}, external=True).get("arn") == "x"


def test_each_judges_every_part_alone() -> None:
    it = resource({"rules": [{"port": 1.0}, UNKNOWN, {"port": UNKNOWN}, {"port": 4.0}]})
    seen = []
    with Notes() as notes:
        for rule in it.each("rules"):
            with rule:
                seen.append(rule.get("port"))
    assert seen == [1, 4]
    assert [str(note) for note in notes.undecided] == [
        "rules[1] is not known yet",
        "rules[2].port is not known yet",
    ]


def test_each_takes_a_single_value_for_a_list_of_one_and_nothing_for_none() -> None:
    assert [part.value for part in resource({"a": "x"}).each("a")] == ["x"]
    assert list(resource({}).each("a")) == []


def test_each_on_an_unknown_list_raises() -> None:
    with pytest.raises(Undecided):
        list(resource({"a": UNKNOWN}).each("a"))


def test_other_exceptions_leave_a_part() -> None:
    (part,) = resource({"a": [1.0]}).each("a")
    with pytest.raises(ZeroDivisionError), Notes(), part:
        raise ZeroDivisionError


def test_words_give_the_known_ones_first_and_then_raise() -> None:
    words = resource({"a": [UNKNOWN, "x", "y"]}).words("a")
    assert any(word == "y" for word in words)
    assert not all(word == "x" for word in words)
    assert "x" in words
    for question in (lambda: "z" in words, lambda: all(words), words.list):
        with pytest.raises(Undecided):
            question()


def test_no_words_are_nothing() -> None:
    assert not resource({}).words("a")
    assert resource({"a": ["x"]}).words("a")


OPEN = Undecided("urn", "a", "is not known yet")


def bigger(value: int) -> bool:
    if value < 0:
        raise OPEN
    return value > 10


@pytest.mark.parametrize(
    ("parts", "any_", "all_"),
    [
        pytest.param([], False, True, id="none"),
        pytest.param([1, 20], True, False, id="known"),
        pytest.param([-1, 20], True, None, id="one known to pass settles any_of"),
        pytest.param([-1, 1], None, False, id="one known to fail settles all_of"),
        pytest.param([-1], None, None, id="nothing settles it"),
    ],
)
def test_any_of_and_all_of_settle_on_known_evidence(
    parts: list[int], any_: bool | None, all_: bool | None
) -> None:
    for settle, expected in ((any_of, any_), (all_of, all_)):
        if expected is None:
            with pytest.raises(Undecided):
                settle(parts, bigger)
        else:
            assert settle(parts, bigger) is expected


def test_words_that_end_unknown_settle_like_parts() -> None:
    words = Words([20], OPEN)
    assert any_of(words, bigger)
    with pytest.raises(Undecided):
        all_of(words, bigger)


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), (False, False), ("true", True), ("True", True), ("false", False), (None, False)],
)
def test_flag(value: Any, flag: bool) -> None:
    assert resource({"a": value}).flag("a") is flag


def test_number() -> None:
    assert resource({"a": "7"}).number("a", 1) == 7
    assert resource({}).number("a", 1) == 1
    with pytest.raises(ValueError, match="seven"):
        resource({"a": "seven"}).number("a", 1)
