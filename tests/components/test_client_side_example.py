"""The example that encrypts values before they are sent: what it binds, keeps and refuses."""

import base64
import importlib.util
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

_PATH = Path(__file__).resolve().parents[2] / "examples" / "client_side_encryption" / "sealing.py"
_SPEC = importlib.util.spec_from_file_location("client_side_sealing", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
sealing: Any = importlib.util.module_from_spec(_SPEC)
sys.modules["client_side_sealing"] = sealing
_SPEC.loader.exec_module(sealing)

KEY = "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"
RECORD = sealing.Record("clinic", "visits", {"ward": "3", "patient": "0815"}, "visit", "diagnosis", 1)


class Kms:
    """Keeps data keys by the bytes that stand for them: 184, as AWS returns."""

    def __init__(self) -> None:
        self.keys: dict[bytes, tuple[bytes, str, dict[str, str]]] = {}
        self.calls: list[str] = []

    def generate_data_key(self, *, KeyId: str, KeySpec: str, EncryptionContext: Any) -> Any:  # noqa: N803
        self.calls.append("generate")
        assert KeySpec == "AES_256"
        plain, encrypted = os.urandom(32), os.urandom(184)
        self.keys[encrypted] = plain, KeyId, EncryptionContext
        return {"Plaintext": plain, "CiphertextBlob": encrypted}

    def decrypt(self, *, CiphertextBlob: bytes, KeyId: str, EncryptionContext: Any) -> Any:  # noqa: N803
        self.calls.append("decrypt")
        plain, key, context = self.keys.get(CiphertextBlob, (b"", "", {}))
        if not plain or context != EncryptionContext:
            raise ClientError({"Error": {"Code": "InvalidCiphertextException"}}, "Decrypt")
        if key != KeyId:
            raise ClientError({"Error": {"Code": "IncorrectKeyException"}}, "Decrypt")
        return {"Plaintext": plain}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def pair(kms: Kms, **limits: Any) -> tuple[Any, Any]:
    return sealing.Sealer(kms, KEY, "clinic", **limits), sealing.Opener(kms, KEY, "clinic")


def test_a_value_comes_back_and_cannot_be_read_on_the_way() -> None:
    sealer, opener = pair(Kms())
    sealed = sealer.seal("acute appendicitis", RECORD)
    assert b"append" not in base64.b64decode(sealed)
    assert opener.open(sealed, RECORD) == "acute appendicitis"
    assert sealer.seal("acute appendicitis", RECORD) != sealed


@pytest.mark.parametrize(
    "change",
    [
        {"database": "metrics"},
        {"table": "other"},
        {"dimensions": {"ward": "3", "patient": "4711"}},
        {"dimensions": {"ward": "3"}},
        {"measure_name": "other"},
        {"attribute": "other"},
        {"time_ns": 2},
    ],
    ids=lambda change: "another " + next(iter(change)),
)
def test_a_value_cannot_be_opened_in_another_record(change: Any) -> None:
    sealer, opener = pair(Kms())
    sealed = sealer.seal("acute appendicitis", RECORD)
    with pytest.raises(sealing.NotOpened, match="belongs to another record"):
        opener.open(sealed, replace(RECORD, **change))


def test_no_changed_byte_goes_unnoticed() -> None:
    sealer, opener = pair(Kms())
    sealed = bytearray(base64.b64decode(sealer.seal("x", RECORD)))
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(sealing.NotOpened):
            opener.open(base64.b64encode(changed).decode(), RECORD)


@pytest.mark.parametrize("text", ["", "plain text", "AQ==", "AQC4"])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(sealing.NotOpened, match="no sealed value"):
        pair(Kms())[1].open(text, RECORD)


def test_data_keys_of_other_databases_and_other_keys_are_refused() -> None:
    kms = Kms()
    sealed = pair(kms)[0].seal("x", RECORD)
    for opener in (sealing.Opener(kms, KEY, "metrics"), sealing.Opener(kms, KEY[:-1] + "6", "clinic")):
        with pytest.raises(sealing.NotOpened, match="another key or another database"):
            opener.open(sealed, RECORD)


def test_a_sealer_works_for_its_database_only() -> None:
    with pytest.raises(ValueError, match="works for clinic, not for metrics"):
        pair(Kms())[0].seal("x", replace(RECORD, database="metrics"))


def test_other_refusals_of_kms_are_not_hidden() -> None:
    kms = Kms()
    sealer, opener = pair(kms)
    sealed = sealer.seal("x", RECORD)

    def denied(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "Decrypt")

    kms.decrypt = denied  # type: ignore[method-assign]
    with pytest.raises(ClientError, match="AccessDenied"):
        opener.open(sealed, RECORD)


def test_a_data_key_serves_some_values() -> None:
    kms = Kms()
    sealer, _ = pair(kms, most_values=3)
    for _count in range(7):
        sealer.seal("x", RECORD)
    assert kms.calls == ["generate"] * 3


def test_a_data_key_serves_some_time() -> None:
    kms, clock = Kms(), Clock()
    sealer = sealing.Sealer(kms, KEY, "clinic", clock=clock)
    for clock.now in (0, 299, 300, 599, 600):
        sealer.seal("x", RECORD)
    assert kms.calls == ["generate"] * 3


def test_opened_data_keys_are_kept_for_some_time_and_in_limits() -> None:
    kms, clock = Kms(), Clock()
    sealer = sealing.Sealer(kms, KEY, "clinic", most_values=1)
    first, second, third = (sealer.seal(str(number), RECORD) for number in range(3))
    kms.calls.clear()
    opener = sealing.Opener(kms, KEY, "clinic", most_keys=2, clock=clock)
    for sealed in (first, first, second, first, third, first, second):
        opener.open(sealed, RECORD)
    # The third pushed out the second, which was not used for longest.
    assert kms.calls == ["decrypt"] * 4
    clock.now = 300
    opener.open(first, RECORD)
    assert kms.calls == ["decrypt"] * 5


def test_values_that_timestream_would_refuse_are_refused_here() -> None:
    """The numbers of the README."""
    sealer, opener = pair(Kms())
    assert len(sealer.seal("x" * 100, RECORD)) == 420
    longest = sealer.seal("x" * 1_321, RECORD)
    assert len(longest) == 2_048
    assert opener.open(longest, RECORD) == "x" * 1_321
    with pytest.raises(ValueError, match="has 2052 bytes; Timestream takes 2048"):
        sealer.seal("x" * 1_322, RECORD)
