"""Reading what Pulumi writes: options, the state before, what was left out, and every kind of nonsense."""

import gzip
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timestream_policies.states import State, Unreadable, parse, read, read_each
from timestream_policies.types import DATABASE, KEY, STACK, TABLE

URN = "urn:pulumi:dev::shop::{}::{}"
ROOT = {"urn": URN.format(STACK, "shop-dev"), "type": STACK}
PROVIDER = "pulumi:providers:aws"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def resource(type_: str, name: str, inputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"urn": URN.format(type_, name), "custom": True, "type": type_, "inputs": inputs or {}, **more}


def step(op: str, new: dict[str, Any] | None = None, old: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"op": op, "newState": new, "oldState": old}


def export(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"manifest": {}, "resources": [ROOT, *resources]}}


def checkpoint(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "checkpoint": {"stack": "dev", "latest": {"resources": [ROOT, *resources]}}}


def preview(*steps: dict[str, Any], **counts: int) -> dict[str, Any]:
    shown = [step("same", ROOT, ROOT), *steps]
    summary: dict[str, int] = {}
    for each in shown:
        summary[each["op"]] = summary.get(each["op"], 0) + 1
    return {"config": {}, "steps": shown, "changeSummary": {**summary, **counts}}


def of(content: Any) -> State:
    return parse(json.dumps(content).encode(), "state.json")


Save = Callable[..., str]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(content: Any, name: str = "state.json") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return write


OPTIONS: dict[str, Any] = {
    "protect": True,
    "retainOnDelete": True,
    "ignoreChanges": ["policy"],
    "additionalSecretOutputs": ["arn"],
    "aliases": [URN.format(KEY, "old")],
    "provider": f"{URN.format(PROVIDER, 'eu')}::0f8f",
}


@pytest.mark.parametrize("form", ["export", "checkpoint", "preview"])
def test_options_are_read_from_every_kind_of_file(form: str) -> None:
    key = resource(KEY, "key", **OPTIONS)
    content = {
        "export": export(key), "checkpoint": checkpoint(key), "preview": preview(step("create", key))
    }[form]  # fmt: skip
    state = of(content)
    (found,) = state.stack.of_type(KEY)
    assert found.provider == OPTIONS["provider"]
    assert found.options.protect
    assert found.options.retain_on_delete
    assert found.options.ignore_changes == ("policy",)
    assert found.options.additional_secret_outputs == ("arn",)
    assert found.options.aliases == (URN.format(KEY, "old"),)
    assert {"options", "retain_on_delete"} <= state.stack.offers
    assert ("previous" in state.stack.offers) is (form == "preview")


def test_without_options_nothing_is_protected_or_ignored() -> None:
    (found,) = of(export(resource(KEY, "key"))).stack.of_type(KEY)
    assert not found.options.protect
    assert found.options.ignore_changes == ()
    assert found.source == ""


@pytest.mark.parametrize(
    ("position", "trace", "source"),
    [
        ("project:///__main__.py#7", None, "__main__.py#7"),
        (
            "project:///../lib/keys.py#7",
            ["project:///../lib/keys.py#7", "project:///app/m.py#3"],
            "app/m.py#3",
        ),
        ("project:///.venv/lib/x.py#7", ["project:///node_modules/a.js#1"], ""),
        ("project:///venv/lib/site-packages/x.py#7", ["project:///a.py#1", "project:///b.py#2"], "a.py#1"),
        ("", None, ""),
        ("file:///etc/passwd#1", None, ""),
    ],
)
def test_the_source_is_the_first_place_in_the_project(
    position: str, trace: list[str] | None, source: str
) -> None:
    more: dict[str, Any] = {"sourcePosition": position}
    if trace is not None:
        more["stackTrace"] = [{}, *({"sourcePosition": frame} for frame in trace)]
    (found,) = of(export(resource(KEY, "key", **more))).stack.of_type(KEY)
    assert found.source == source


# The state before, as a preview tells it.


def test_a_preview_tells_what_was_before() -> None:
    old, new = resource(TABLE, "t", {"a": 1}), resource(TABLE, "t", {"a": 2})
    gone = resource(DATABASE, "gone")
    state = of(preview(step("update", new, old), step("delete", None, gone)))
    (table,) = state.stack.of_type(TABLE)
    assert state.stack.previous[table.urn].get("a") == 1
    assert [resource.name for resource in state.stack.deleted] == ["gone"]
    assert state.stack.replaced == frozenset()
    assert state.is_preview


def test_a_renamed_resource_is_paired_as_the_engine_did() -> None:
    old, new = resource(TABLE, "old", {"a": 1}), resource(TABLE, "new", {"a": 1})
    state = of(preview(step("update", new, old)))
    assert state.stack.previous[new["urn"]].name == "old"
    assert state.stack.deleted == []


THREE = ["create-replacement", "replace", "delete-replaced"]


@pytest.mark.parametrize("steps", [["replace"], THREE, THREE[::-1]])
def test_a_replacement_is_no_deletion(steps: list[str]) -> None:
    old, new = resource(TABLE, "t", {"a": 1}), resource(TABLE, "t", {"a": 2})
    shown = [step(op, None if op == "delete-replaced" else new, old) for op in steps]
    stack = of(preview(*shown)).stack
    assert stack.replaced == {new["urn"]}
    assert stack.deleted == []
    assert stack.previous[new["urn"]].get("a") == 1
    assert [table.get("a") for table in stack.of_type(TABLE)] == [2]


def test_what_waited_for_deletion_is_no_deletion_of_this_change() -> None:
    waiting = resource(TABLE, "t", delete=True)
    assert of(preview(step("delete", None, waiting))).stack.deleted == []


def test_what_stays_keeps_its_outputs_and_what_changes_its_arn() -> None:
    outputs = {"arn": "arn:aws:x", "endpoint": "host"}
    old = resource(KEY, "key", id="k-1", outputs=outputs)
    for op, expected in (("same", "host"), ("update", None), ("replace", None)):
        (key,) = of(preview(step(op, resource(KEY, "key"), old))).stack.of_type(KEY)
        assert key.output("endpoint") == expected
        assert (key.id, key.output("arn")) == (("", None) if op == "replace" else ("k-1", "arn:aws:x"))


def test_outputs_of_a_preview_win_over_those_before() -> None:
    old = resource(KEY, "key", outputs={"arn": "arn:old"})
    new = resource(KEY, "key", outputs={"arn": UNKNOWN})
    (key,) = of(preview(step("update", new, old))).stack.of_type(KEY)
    assert key.output("arn") is None


# Two states: --previous.


def compared(save: Save, old: Any, new: Any) -> State:
    return read(save(new, "new.json"), previous=save(old, "old.json"))


def test_two_states_are_paired_by_urn_then_alias_then_id(save: Save) -> None:
    old = export(
        resource(TABLE, "same", {"n": 1}), resource(TABLE, "was", {"n": 2}),
        resource(TABLE, "moved", {"n": 3}, id="db|t"), resource(TABLE, "gone", {"n": 4}, id="db|gone"),
    )  # fmt: skip
    new = export(
        resource(TABLE, "same"), resource(TABLE, "is", aliases=[URN.format(TABLE, "was")]),
        resource(TABLE, "elsewhere", id="db|t"), resource(TABLE, "fresh", id="db|fresh"),
    )  # fmt: skip
    stack = compared(save, old, new).stack
    before = {
        urn.rpartition("::")[2]: was.get("n") for urn, was in stack.previous.items() if was.type == TABLE
    }
    assert before == {"same": 1, "is": 2, "elsewhere": 3}
    assert [resource.name for resource in stack.deleted] == ["gone"]
    assert "previous" in stack.offers


def test_an_id_pairs_within_a_type_only(save: Save) -> None:
    stack = compared(
        save, export(resource(TABLE, "a", id="metrics")), export(resource(DATABASE, "b", id="metrics"))
    ).stack
    assert [resource.name for resource in stack.deleted] == ["a"]


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        ({"id": "k-1"}, {"id": "k-2"}, True),
        ({"id": "k-1"}, {"id": "k-1"}, False),
        ({"id": "k-1", "created": "2026-01-01"}, {"id": "k-1", "created": "2026-02-01"}, True),
        ({"id": "k-1", "created": "2026-01-01"}, {"id": "k-1"}, False),
        ({}, {"id": "k-1"}, False),
    ],
)  # fmt: skip
def test_a_resource_made_anew_is_known_by_its_id_or_its_time(
    save: Save, old: dict[str, Any], new: dict[str, Any], replaced: bool
) -> None:
    stack = compared(save, export(resource(KEY, "key", **old)), export(resource(KEY, "key", **new))).stack
    assert bool(stack.replaced) is replaced


def test_previous_wins_over_what_the_preview_tells(save: Save) -> None:
    new = preview(step("update", resource(TABLE, "t"), resource(TABLE, "t", {"n": 2})))
    stack = compared(save, export(resource(TABLE, "t", {"n": 1})), new).stack
    assert stack.previous[URN.format(TABLE, "t")].get("n") == 1


def test_previous_and_state_go_with_one_file(save: Save) -> None:
    one = save(export(), "one.json")
    for option in ("previous", "state"):
        with pytest.raises(Unreadable, match=f"--{option} is about one stack; give one file, not 2"):
            list(read_each([one, one], **cast("Any", {option: one})))


def test_standard_input_is_read_once() -> None:
    with pytest.raises(Unreadable, match="standard input can be read once"):
        read("-", previous="-")


# Previews that leave something out.


def test_the_state_has_what_a_preview_left_out(save: Save) -> None:
    new = preview(step("create", resource(TABLE, "t", {"kms": UNKNOWN})), same=2)
    provider = resource(PROVIDER, "default_7_51_1")
    key = resource(KEY, "key", id="k-1", outputs={"arn": "arn:aws:kms:x"})
    waiting = resource(KEY, "waiting", delete=True)
    state = read(save(new), state=save(export(key, provider, waiting), "exported.json"))
    names = {resource.name for resource in state.stack.resources}
    assert names == {"shop-dev", "t", "key", "default_7_51_1"}
    assert [key.output("arn") for key in state.stack.of_type(KEY)] == ["arn:aws:kms:x"]
    assert URN.format(KEY, "key") in state.stack.previous
    assert state.is_preview


def test_a_deleted_resource_does_not_come_back_from_the_state(save: Save) -> None:
    gone, key = resource(TABLE, "gone"), resource(KEY, "key")
    new = preview(step("delete", None, gone), same=2)
    stack = read(save(new), state=save(export(gone, key), "exported.json")).stack
    assert list(stack.of_type(TABLE)) == []
    assert [resource.name for resource in stack.deleted] == ["gone"]


REPLACED = [step(op, resource(TABLE, "t"), resource(TABLE, "t")) for op in ("create-replacement", "replace")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (preview(same=3), "the preview shows 1 of 3 steps, the rest cannot be judged"),
        (preview(create=1), "the preview shows 1 of 2 steps"),
        # More steps of another kind do not stand for those that are left out.
        (preview(*REPLACED, same=2), "shows 3 of 4 steps"),
        ({"steps": [step("same", ROOT, ROOT)]}, "has no summary of its changes"),
        ({"steps": []}, "has no summary of its changes"),
    ],
)  # fmt: skip
def test_a_preview_that_is_not_whole_is_refused(content: Any, told: str) -> None:
    with pytest.raises(Unreadable) as raised:
        of(content)
    assert told in str(raised.value)
    assert "make it with 'pulumi preview --json --show-sames > preview.json'" in str(raised.value)


def test_only_unchanged_resources_come_from_the_state(save: Save) -> None:
    exported = save(export(resource(KEY, "key")), "exported.json")
    with pytest.raises(Unreadable, match="or give the exported state with --state"):
        of(preview(same=2))
    with pytest.raises(Unreadable, match="shows 1 of 2 steps, the rest cannot be judged"):
        read(save(preview(create=1)), state=exported)
    with pytest.raises(Unreadable, match="the state has 1 of the 2 that are unchanged"):
        read(save(preview(same=3)), state=exported)
    with pytest.raises(Unreadable, match="holds no deployment"):
        read(save(preview(same=2)), state=save({}, "nothing.json"))
    with pytest.raises(Unreadable, match="is no preview, so --state has nothing to add"):
        read(save(export()), state=exported)


# Directories and packed files.


def test_the_directory_of_a_file_backend_is_one_state_for_each_stack(save: Save, tmp_path: Path) -> None:
    save(checkpoint(resource(KEY, "a")), ".pulumi/stacks/shop/dev.json")
    save(checkpoint(), ".pulumi/stacks/shop/dev.json.bak")
    save(b"", ".pulumi/stacks/shop/dev.json.attrs")
    save(
        gzip.compress(json.dumps(checkpoint(resource(KEY, "b"))).encode()), ".pulumi/stacks/shop/prod.json.gz"
    )
    save({}, ".pulumi/history/shop/dev/dev-17.history.json")
    save(checkpoint(), ".pulumi/backups/shop/dev/dev.17.json")
    save(b"version: 1", ".pulumi/meta.yaml")
    for directory in (tmp_path, tmp_path / ".pulumi", tmp_path / ".pulumi" / "stacks" / "shop"):
        states = list(read_each([str(directory)]))
        assert [[key.name for key in state.stack.of_type(KEY)] for state in states] == [["a"], ["b"]]


def test_a_directory_without_checkpoints_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dev-17.checkpoint.json").write_text("{}")
    with pytest.raises(Unreadable, match=r"holds no checkpoints; give the directory of a file backend"):
        list(read_each([str(tmp_path)]))


def test_a_stack_that_was_never_filled_is_empty() -> None:
    assert of({"version": 3, "checkpoint": {"stack": "dev"}}).stack.resources == []
    with pytest.raises(Unreadable, match="holds no deployment"):
        of({"version": 3, "checkpoint": {}})


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="UTF-8 with a mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="what PowerShell redirects"),
        pytest.param(lambda text: gzip.compress(text.encode()), id="gzip"),
    ],
)
def test_what_other_programs_make_of_a_state_is_read(packed: Callable[[str], bytes]) -> None:
    text = json.dumps(export(resource(KEY, "Schlüssel")), ensure_ascii=False)
    assert [key.name for key in parse(packed(text), "state.json").stack.of_type(KEY)] == ["Schlüssel"]


# Nonsense.

WHOLE = json.dumps(export(resource(KEY, "key", {"policy": "{}"}, **OPTIONS))).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"\x00" * 10_000_000, "not a state", id="zeroes"),
        pytest.param(b"[" * 10_000_000, "not a state", id="brackets"),
        pytest.param(b'{"a":' * 2_000_000, "not a state", id="objects"),
        pytest.param(b'"' + b"x" * 10_000_000, "not a state", id="one text"),
        pytest.param(b"1" * 10_000_000, "not a state", id="one number"),
        pytest.param(bytes(range(256)) * 40_000, "not UTF-8", id="bytes"),
        pytest.param(b"\x1f\x8b" + b"x" * 10_000_000, "gzip", id="gzip in name only"),
        pytest.param(gzip.compress(b"x" * 10_000_000)[:-20], "gzip", id="gzip cut short"),
        pytest.param(b"\x28\xb5\x2f\xfd" + b"x" * 100, "compressed with zstd", id="zstd"),
        pytest.param(b"\xff\xfe" + b"x" * 9_999_999, "UTF-16", id="half a character"),
        pytest.param(b" " * 10_000_000, "not a state", id="spaces"),
        pytest.param(WHOLE.replace(b"key", b"k\xfcy"), "not UTF-8", id="Latin-1"),
        pytest.param(WHOLE.replace(b'"protect": true', b'"protect": "yes"'), "Expected `bool`", id="a type"),
        pytest.param(WHOLE.replace(b'["policy"]', b'"policy"'), "Expected `array | null`", id="another type"),
        pytest.param(WHOLE.replace(b'"urn"', b'"name"'), "missing required field `urn`", id="no URN"),
        pytest.param(WHOLE[:-20], "truncated", id="cut short"),
    ],
)
def test_nonsense_is_refused_in_a_second_with_one_line(content: bytes, told: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Unreadable) as raised:
        parse(content, "state.json")
    assert time.perf_counter() - started < 1
    assert str(raised.value).startswith("state.json: ")
    assert told in str(raised.value)
    assert len(str(raised.value)) < 300
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("depth", [101, 400, 5_000])
def test_properties_that_are_too_deep_are_refused_when_they_are_read(depth: int) -> None:
    deep = '{"policy": ' + "[" * depth + "]" * depth + "}"
    content = json.dumps(export(resource(KEY, "key"))).replace('"inputs": {}', f'"inputs": {deep}')
    with pytest.raises(Unreadable, match=r"state\.json"):
        [key.get("policy") for key in parse(content.encode(), "state.json").stack.of_type(KEY)]


def test_wide_properties_are_read() -> None:
    wide = {"policy": [{"a": [n]} for n in range(500)]}
    (key,) = of(export(resource(KEY, "key", wide))).stack.of_type(KEY)
    assert len(key.get("policy")) == 500


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_state_that_was_damaged_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([WHOLE, json.dumps(preview(*REPLACED)).encode()])))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = min(len(content), start + data.draw(st.integers(0, 12)))
        content[start:end] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"null", b"[]", b"{}", b'"', b"-1"])
        )
        if not content:
            break
    with suppress(Unreadable):
        assert isinstance(parse(bytes(content), "state.json"), State)
