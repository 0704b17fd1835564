"""Encrypts single values before they are sent to Timestream, and decrypts them after a query.

Every value carries its own data key, encrypted by KMS, so that it can be opened on its own:

    version (1 byte) | length of the encrypted data key (2) | encrypted data key | nonce (12) | AES-256-GCM

KMS binds the data key to the database; AES-GCM binds the value to its record. A value that is copied into
another record cannot be opened there.
"""

import base64
import json
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
LONGEST_VALUE = 2_048
"""What Timestream takes as one value of a record, in bytes."""
NONCE_BYTES = 12


class NotOpened(Exception):
    """A value was changed, or belongs to another record, or was encrypted with another key."""


@dataclass(frozen=True)
class Record:
    """What a value is bound to: the record that it stands in, and its name there."""

    database: str
    table: str
    dimensions: Mapping[str, str]
    measure_name: str
    attribute: str
    time_ns: int

    def bytes(self) -> bytes:
        """Write all of it the same way every time."""
        return json.dumps(vars(self) | {"dimensions": dict(self.dimensions)}, sort_keys=True).encode()


def key_context(database: str) -> dict[str, str]:
    """Say what a data key is for. The roles of the baseline are bound to this."""
    return {"timestream:database": database}


class Sealer:
    """Encrypts values for one database. A data key serves some values for some time, then comes a new one."""

    def __init__(
        self,
        kms: Any,
        key_arn: str,
        database: str,
        *,
        most_values: int = 1_000_000,
        seconds: float = 300,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take a KMS client. A million random nonces for one key meet with a probability of 2^-57."""
        self._kms = kms
        self._key_arn = key_arn
        self._database = database
        self._most_values = most_values
        self._seconds = seconds
        self._clock = clock
        self._values_left = 0
        self._until = 0.0

    def seal(self, value: str, record: Record) -> str:
        """Encrypt a value for its record; the result is text for a VARCHAR."""
        if record.database != self._database:
            raise ValueError(f"this sealer works for {self._database}, not for {record.database}")
        cipher, encrypted_key = self._data_key()
        nonce = os.urandom(NONCE_BYTES)
        length = len(encrypted_key).to_bytes(2, "big")
        sealed = cipher.encrypt(nonce, value.encode(), record.bytes())
        text = base64.b64encode(VERSION + length + encrypted_key + nonce + sealed).decode()
        if len(text) > LONGEST_VALUE:
            raise ValueError(f"encrypted, the value has {len(text)} bytes; Timestream takes {LONGEST_VALUE}")
        return text

    def _data_key(self) -> tuple[AESGCM, bytes]:
        if self._values_left <= 0 or self._clock() >= self._until:
            answer = self._kms.generate_data_key(
                KeyId=self._key_arn, KeySpec="AES_256", EncryptionContext=key_context(self._database)
            )
            self._cipher, self._encrypted_key = AESGCM(answer["Plaintext"]), answer["CiphertextBlob"]
            self._values_left, self._until = self._most_values, self._clock() + self._seconds
        self._values_left -= 1
        return self._cipher, self._encrypted_key


class Opener:
    """Decrypts values of one database. Data keys are kept for some time, the longest unused go first."""

    def __init__(
        self,
        kms: Any,
        key_arn: str,
        database: str,
        *,
        most_keys: int = 100,
        seconds: float = 300,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take a KMS client. Only data keys of this key and this database are opened."""
        self._kms = kms
        self._key_arn = key_arn
        self._database = database
        self._most_keys = most_keys
        self._seconds = seconds
        self._clock = clock
        self._keys: OrderedDict[bytes, tuple[AESGCM, float]] = OrderedDict()

    def open(self, text: str, record: Record) -> str:
        """Decrypt the value of a record, or raise NotOpened."""
        try:
            sealed = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise NotOpened("this is no sealed value") from error
        end = 3 + int.from_bytes(sealed[1:3], "big")
        if sealed[:1] != VERSION or len(sealed) < end + NONCE_BYTES:
            raise NotOpened("this is no sealed value")
        nonce = sealed[end : end + NONCE_BYTES]
        try:
            return (
                self._cipher(sealed[3:end])
                .decrypt(nonce, sealed[end + NONCE_BYTES :], record.bytes())
                .decode()
            )
        except InvalidTag as error:
            raise NotOpened("the value was changed, or belongs to another record") from error
        except ClientError as error:
            if error.response["Error"]["Code"] in ("InvalidCiphertextException", "IncorrectKeyException"):
                raise NotOpened("the data key is of another key or another database") from error
            raise

    def _cipher(self, encrypted_key: bytes) -> AESGCM:
        cipher, until = self._keys.get(encrypted_key, (None, 0.0))
        if cipher is None or self._clock() >= until:
            answer = self._kms.decrypt(
                CiphertextBlob=encrypted_key,
                KeyId=self._key_arn,
                EncryptionContext=key_context(self._database),
            )
            cipher, until = AESGCM(answer["Plaintext"]), self._clock() + self._seconds
        self._keys[encrypted_key] = cipher, until
        self._keys.move_to_end(encrypted_key)
        while len(self._keys) > self._most_keys:
            self._keys.popitem(last=False)
        return cipher
