"""Keeps the AWS state of a sandbox: every change is on disk before the call is answered.

One SQLite file holds the pickled state of each of moto's backend objects (service, account,
region). A call writes those that it touched and changed, in one transaction, so that a server that
is killed leaves the state of a moment between two calls. Ids are part of the state.

A state file is trusted like a program: never open one from somebody else.
"""

import importlib
import io
import pickle
import sqlite3
import threading
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.s3.models import s3_backends

from aws_sandbox.corrections.correction import replace

FORMAT = "1"

Key = tuple[str, str, str, str]
"""Which backend object: module and class, account, region."""

_BUCKETS = "buckets"


class StateError(Exception):
    """The kept state cannot be used; the message says why and what to do."""


class Store:
    """The kept state of one sandbox."""

    def __init__(self, path: Path) -> None:
        """Open the state, or begin one. Raises StateError for one that cannot be read."""
        self._path = path
        self._written: dict[Key, bytes] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            # The sandbox has to survive its own end, not a power cut: no waiting for the disk.
            self._database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
            self._database.executescript(
                "CREATE TABLE IF NOT EXISTS origin (name TEXT PRIMARY KEY, value TEXT) STRICT;"
                "CREATE TABLE IF NOT EXISTS state (module TEXT, class TEXT, account TEXT, region TEXT,"
                " content BLOB, PRIMARY KEY (module, class, account, region)) STRICT;"
            )
            self._check_origin()
        except sqlite3.DatabaseError as error:
            raise StateError(f"{path} is no state of a sandbox ({error}); {_way_out(path)}") from error

    def load(self) -> None:
        """Put the kept state into moto's backend objects."""
        try:
            rows = self._database.execute("SELECT module, class, account, region, content FROM state")
            for module, name, account, region, content in rows.fetchall():
                key = (module, name, account, region)
                state = _Unpickler(io.BytesIO(content)).load()
                if module == _BUCKETS:
                    s3_backends.bucket_accounts.update(state)
                else:
                    _backend(key).__dict__.update(state)
                self._written[key] = content
        except Exception as error:
            raise StateError(f"{self._path} cannot be read ({error!r}); {_way_out(self._path)}") from error
        touched.clear()

    def save(self, *, reading: bool = False) -> None:
        """Keep what this call touched.

        A call that only reads changes nothing, but what it touches first begins with things that have
        ids, as the default network of a region has.
        """
        parts = [(key, state) for key, state in self._parts() if not (reading and key in self._written)]
        pickled = ((key, _pickle(state)) for key, state in parts)
        changed = {key: content for key, content in pickled if self._written.get(key) != content}
        if not changed:
            return
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)",
            [(*key, content) for key, content in changed.items()],
        )
        self._database.execute("COMMIT")
        self._written.update(changed)

    def clear(self) -> None:
        """Forget all state."""
        self._database.execute("DELETE FROM state")
        self._written.clear()
        touched.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _parts(self) -> list[tuple[Key, Mapping[str, Any]]]:
        backends = [(_key(backend), backend.__dict__) for backend in list(touched.values())]
        buckets: Mapping[str, Any] = s3_backends.bucket_accounts
        return [*backends, ((_BUCKETS, "", "", ""), buckets)]

    def _check_origin(self) -> None:
        here = {"format": FORMAT, "moto": version("moto")}
        kept = dict(self._database.execute("SELECT name, value FROM origin").fetchall())
        if not kept:
            self._database.executemany("INSERT INTO origin VALUES (?, ?)", here.items())
        elif kept != here:
            was = " and ".join(f"{name} {value}" for name, value in sorted(kept.items()))
            now = " and ".join(f"{name} {value}" for name, value in sorted(here.items()))
            raise StateError(f"{self._path} was written with {was}, here is {now}; {_way_out(self._path)}")


touched: dict[int, BaseBackend] = {}
"""The backend objects that were asked for since the last time the state was kept."""


def watch() -> None:
    """Note every backend object that a call asks for."""
    original = AccountSpecificBackend.__getitem__

    def noting(self: AccountSpecificBackend[BaseBackend], region: str) -> BaseBackend:
        backend = original(self, region)
        touched[id(backend)] = backend
        return backend

    replace(AccountSpecificBackend, "__getitem__", noting)


def _way_out(path: Path) -> str:
    return f"remove {path.parent} to begin with an empty AWS"


def _key(backend: BaseBackend) -> Key:
    kind = type(backend)
    return kind.__module__, kind.__name__, backend.account_id, backend.region_name


def _backend(key: Key) -> BaseBackend:
    """Return the backend object of a key."""
    module, name, account, region = key
    kind = getattr(importlib.import_module(module), name)
    for value in list(vars(importlib.import_module(module)).values()):
        if isinstance(value, BackendDict) and value.backend is kind:
            found: BaseBackend = value[account][region]
            return found
    raise LookupError(f"moto has no backends of {module}.{name}")


def _pickle(state: Any) -> bytes:
    target = io.BytesIO()
    _Pickler(target, protocol=5).dump(dict(state))
    return target.getvalue()


class _Pickler(pickle.Pickler):
    """Pickles what moto's models hold; another backend object becomes a reference to it."""

    def persistent_id(self, value: Any) -> Key | None:
        return _key(value) if isinstance(value, BaseBackend) else None

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            return _private_key, (_der(value),)
        for kind, make in _LOCKS:
            if isinstance(value, kind):
                return make, ()
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, key: Key) -> BaseBackend:
        return _backend(key)


_LOCKS: tuple[tuple[type, Callable[[], Any]], ...] = (
    (type(threading.Lock()), threading.Lock),
    (type(threading.RLock()), threading.RLock),
)


def _der(key: Any) -> bytes:
    der: bytes = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return der


def _private_key(der: bytes) -> Any:
    return serialization.load_der_private_key(der, password=None)
