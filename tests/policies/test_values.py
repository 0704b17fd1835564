"""Property values from the wire, from exports and from previews, decoded to one form."""

import json
from typing import Any

import pytest

from timestream_policies.model import Resource
from timestream_policies.scrubbing import Scrub
from timestream_policies.values import HIDDEN, SENTINELS, UNKNOWN, Properties, decode, secret_leaves

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270"}
OUTPUT = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("text", "text", id="text"),
        pytest.param(365.0, 365, id="a whole number arrives as a float"),
        pytest.param(0.5, 0.5, id="a fraction"),
        pytest.param(True, True, id="true"),
        pytest.param({"a": None, "b": 1.0}, {"b": 1}, id="null means absent"),
        pytest.param({"__defaults": ["a"], "b": {"__defaults": []}}, {"b": {}}, id="the engine's own notes"),
        pytest.param({**SECRET, "value": "x"}, "x", id="secret on the wire"),
        pytest.param({**SECRET, "value": {"a": [1.0]}}, {"a": [1]}, id="secret object on the wire"),
        pytest.param({**SECRET, "plaintext": '"x"'}, "x", id="secret in an export with --show-secrets"),
        pytest.param({**SECRET, "ciphertext": "v1:x"}, HIDDEN, id="secret in an export"),
        pytest.param({**SECRET, "value": "[secret]"}, HIDDEN, id="secret that could not be decrypted"),
        pytest.param({SIGNATURE: "[secret]"}, HIDDEN, id="secret without anything"),
        pytest.param("[secret]", HIDDEN, id="secret in preview JSON"),
        pytest.param({**SECRET, "plaintext": "{"}, HIDDEN, id="secret that is cut off"),
        pytest.param({**OUTPUT, "value": "x"}, "x", id="output"),
        pytest.param(OUTPUT, UNKNOWN, id="output without a value"),
        pytest.param({**SECRET, "value": OUTPUT}, UNKNOWN, id="secret output without a value"),
    ],
)
def test_decode(raw: Any, expected: Any) -> None:
    assert decode(raw) == expected


def test_all_seven_sentinels_are_unknown() -> None:
    assert len(SENTINELS) == 7
    assert [decode(sentinel) for sentinel in SENTINELS] == [UNKNOWN] * 7


def test_a_whole_number_is_an_int_and_true_stays_a_boolean() -> None:
    assert type(decode(3.0)) is int
    assert decode(True) is True


def test_properties_are_read_once_and_only_when_needed() -> None:
    loads = []

    def load() -> dict[str, Any]:
        loads.append(1)
        return {"a": 1.0, "b": None}

    properties = Properties(load)
    assert loads == []
    assert (dict(properties), len(properties), properties.get("b")) == ({"a": 1}, 1, None)
    assert loads == [1]


@pytest.mark.parametrize(
    ("raw", "leaves"),
    [
        pytest.param({"a": {**SECRET, "value": "hunter2"}}, {"hunter2"}, id="text"),
        pytest.param([{**SECRET, "value": [12.0, {"x": "y"}]}], {"12", "y"}, id="inside lists and objects"),
        pytest.param({"a": {**SECRET, "plaintext": '"p"'}}, {"p"}, id="plaintext"),
        pytest.param({"a": {**SECRET, "value": '{"b": "c"}'}}, {'{"b": "c"}', "c"}, id="inside a document"),
        pytest.param({"a": "open"}, set(), id="nothing secret"),
    ],
)
def test_secret_leaves(raw: Any, leaves: set[str]) -> None:
    assert set(secret_leaves(raw)) == leaves


def scrub(secret: Any, text: str) -> str:
    inputs = Properties.of({"password": {**SECRET, "value": secret}})
    return Scrub([Resource(urn="urn", type_="t", inputs=inputs)])(text)


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        pytest.param(
            "hunter2", "is hunter2, or hunter22", "is [secret], or [secret]2", id="wherever it stands"
        ),
        pytest.param("Hunter2", "is hunter2", "is [secret]", id="in other letters"),
        pytest.param("a", "a bad day", "[secret] bad day", id="a short one where it stands alone"),
        pytest.param("a.*", "ab a.* c", "ab [secret] c", id="not as a pattern"),
        pytest.param(42.0, "after 42 days, 420 hours", "after [secret] days, 420 hours", id="a number"),
        pytest.param(1234567.0, "after 1.23457e+06 days", "after [secret] days", id="a rounded number"),
        pytest.param("a\n\\b", r"is 'a\n\\b'", "is '[secret]'", id="with escapes"),
        pytest.param("", "stays", "stays", id="an empty one"),
        pytest.param({"hunter2": 1.0}, "by hunter2", "by [secret]", id="a name in a secret map"),
        pytest.param('{"hunter2": ""}', "by hunter2", "by [secret]", id="a name in a secret document"),
        pytest.param(
            {"s3Configuration": {"bucketName": ""}, "aws:SourceArn": ""},
            "s3Configuration.bucketName of aws:SourceArn",
            "s3Configuration.bucketName of aws:SourceArn",
            id="not the names of properties and conditions",
        ),
    ],
)
def test_scrub(secret: Any, text: str, expected: str) -> None:
    assert scrub(secret, text) == expected


@pytest.mark.parametrize(
    "secret", ["two\nlines", "it's", 'say "it"', 'it\'s "both"', "back\\slash", "naïve\x07"]
)
def test_a_secret_is_taken_out_however_a_message_quotes_it(secret: str) -> None:
    for quoted in (secret, repr(secret), json.dumps(secret), repr(f"{secret}'"), repr(f'{secret}"')):
        told = scrub(secret, f"is {quoted} here")
        assert "[secret]" in told
        assert secret not in told
        assert not any(word in told for word in ("lines", "both", "slash", "ve\\x07"))
